-- Records that shops were searched for breaks.
--
-- grain:  one row per shop
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 now timestamptz
-- reads:  nothing
-- writes: diff.break_search
insert into diff.break_search (run_id, shop_id, searched_at)
select $1, shop.shop_id, $3
from unnest($2::bigint[]) as shop (shop_id)
