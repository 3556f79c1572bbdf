-- Tells when what is read a little at a time had its turn, and where it goes on.
--
-- grain:  one row per turn that was ever taken
-- params: $1 shop_id bigint
-- reads:  snapshot.turn
-- writes: nothing
select turn, taken_at, next_from, next_offset
from snapshot.turn
where shop_id = $1
