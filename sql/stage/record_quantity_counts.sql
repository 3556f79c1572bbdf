-- Records how many keys of the quantities are compared, for the reports of this run: the staged rows move on. The kind is
-- called `quantities`, since `inventory` counts what came from Etsy.
--
-- grain:  one row per shop
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.compared_listing, staging.offering_target
-- writes: staging.count
with held as (
    select comparison.shop_id, count(*) as keys
    from staging.stock_comparison as comparison
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = comparison.shop_id
    where comparison.run_id = $1 and comparison.direction = 'push'
    group by comparison.shop_id
    union all
    select comparison.shop_id, count(distinct target.product_key)
    from staging.stock_comparison as comparison
    join staging.compared_listing as compared
        on compared.run_id = $1 and compared.shop_id = comparison.shop_id and compared.state = 'active'
    join staging.offering_target as target
        on target.shop_id = compared.shop_id and target.listing_id = compared.listing_id
    where comparison.run_id = $1 and comparison.direction = 'count'
    group by comparison.shop_id
)
insert into staging.count (run_id, shop_id, entity, fetched, staged, rejected, repeated)
select $1, held.shop_id, 'quantities', held.keys, held.keys, 0, 0
from held
on conflict (run_id, shop_id, entity) do update
set fetched = excluded.fetched, staged = excluded.staged
