-- Records what was proven of a window; a second read of the same window in a run replaces the first.
--
-- grain:  one row per window
-- params: $1 run_id bigint, $2 shop_id bigint, $3 stream text, $4 window_from timestamptz, $5 window_until timestamptz,
--         $6 said_count integer, $7 landed_count integer, $8 proven boolean, $9 moved integer, $10 broken_links integer
-- reads:  nothing
-- writes: snapshot.etsy_window
insert into snapshot.etsy_window
    (run_id, shop_id, stream, window_from, window_until, said_count, landed_count, proven, moved, broken_links)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (run_id, shop_id, stream, window_from) do update
set
    window_until = excluded.window_until,
    said_count = excluded.said_count,
    landed_count = excluded.landed_count,
    proven = excluded.proven,
    moved = excluded.moved,
    broken_links = excluded.broken_links
