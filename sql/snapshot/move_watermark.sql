-- Moves the watermark of a stream over ground that is proven; it never moves back.
--
-- grain:  one row per stream
-- params: $1 shop_id bigint, $2 stream text, $3 proven_until timestamptz, $4 run_id bigint
-- reads:  nothing
-- writes: snapshot.watermark
insert into snapshot.watermark (shop_id, stream, proven_until, run_id)
values ($1, $2, $3, $4)
on conflict (shop_id, stream) do update
set proven_until = excluded.proven_until, run_id = excluded.run_id
where watermark.proven_until < excluded.proven_until
