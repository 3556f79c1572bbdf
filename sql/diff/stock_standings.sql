-- Says, for the guard, how the quantities of each shop stand as a whole.
--
-- grain:  one row per shop whose quantities Odoo sets
-- params: $1 run_id bigint
-- reads:  staging.stock_comparison, staging.compared_listing, staging.offering_base, staging.odoo_stock
-- writes: nothing
select
    comparison.shop_id,
    comparison.warehouse_ids,
    comparison.absent_warehouse_ids,
    listings.on_sale,
    listings.compared,
    not exists (
        select
        from staging.odoo_stock as there
        where there.run_id = $1
            and there.warehouse_id = any(comparison.warehouse_ids)
            and (there.on_hand > 0 or there.sellable > 0 or there.forecast > 0)
    ) as is_empty,
    (
        select count(*)
        from staging.offering_base as base
        where base.shop_id = comparison.shop_id and base.target > 0
    ) as allowed_before
from staging.stock_comparison as comparison
cross join lateral (
    select count(*) as compared, count(*) filter (where compared.state = 'active') as on_sale
    from staging.compared_listing as compared
    where compared.run_id = $1 and compared.shop_id = comparison.shop_id
) as listings
where comparison.run_id = $1 and comparison.direction = 'push'
