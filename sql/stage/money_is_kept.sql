-- Notes that the entries of these shops are classed up to a run.
--
-- grain:  one row per shop
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  nothing
-- writes: staging.money_kept
insert into staging.money_kept (shop_id, until_run)
select shop.shop_id, $1
from unnest($2::bigint[]) as shop (shop_id)
on conflict (shop_id) do update
set until_run = greatest(money_kept.until_run, excluded.until_run)
