-- Says how many of each kit its scarcest part allows, before and after what is promised of its parts.
--
-- grain:  one row per compared shop and kit of Odoo's
-- params: $1 run_id bigint
-- reads:  pg_temp.promised_part, staging.stock_comparison, staging.odoo_part, staging.odoo_stock
-- writes: pg_temp.kit_stock
with kit as (
    select distinct part.product_id
    from staging.odoo_part as part
    where part.run_id = $1 and part.part_id <> part.product_id
),
part as (
    select comparison.shop_id, part.product_id, part.part_id, part.per_unit
    from staging.stock_comparison as comparison
    join staging.odoo_part as part on part.run_id = $1
    join kit on kit.product_id = part.product_id
    where comparison.run_id = $1
),
stock as (
    select
        comparison.shop_id,
        there.product_id as part_id,
        sum(case comparison.basis
            when 'sellable' then there.sellable
            when 'free' then there.free
            when 'on_hand' then there.on_hand
            else there.forecast
        end) as available
    from staging.stock_comparison as comparison
    join staging.odoo_stock as there
        on there.run_id = $1 and there.warehouse_id = any(comparison.warehouse_ids) and not there.is_kit
    where comparison.run_id = $1 and there.product_id in (select part.part_id from part)
    group by comparison.shop_id, there.product_id
)
insert into kit_stock (shop_id, product_id, available, not_elsewhere, not_here, not_odd)
select
    part.shop_id,
    part.product_id,
    min(floor(coalesce(stock.available, 0) / part.per_unit)),
    min(floor((coalesce(stock.available, 0) - coalesce(promised.elsewhere, 0)) / part.per_unit)),
    min(floor(
        (coalesce(stock.available, 0) - coalesce(promised.elsewhere, 0) - coalesce(promised.here, 0)) / part.per_unit
    )),
    min(floor(
        (coalesce(stock.available, 0) - coalesce(promised.elsewhere, 0) - coalesce(promised.here, 0)
            - coalesce(promised.odd, 0)) / part.per_unit
    ))
from part
left join stock on stock.shop_id = part.shop_id and stock.part_id = part.part_id
left join promised_part as promised on promised.shop_id = part.shop_id and promised.part_id = part.part_id
group by part.shop_id, part.product_id
