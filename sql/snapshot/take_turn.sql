-- Notes that something had its turn, and where it goes on.
--
-- grain:  one row per turn
-- params: $1 shop_id bigint, $2 turn text, $3 taken_at timestamptz, $4 next_from timestamptz, $5 next_offset integer
-- reads:  nothing
-- writes: snapshot.turn
insert into snapshot.turn (shop_id, turn, taken_at, next_from, next_offset)
values ($1, $2, $3, $4, $5)
on conflict (shop_id, turn) do update
set taken_at = excluded.taken_at, next_from = excluded.next_from, next_offset = excluded.next_offset
