-- Gives what Odoo has of some products, and of the parts of those that are kits, warehouse by warehouse.
--
-- grain:  one row per product, part and warehouse
-- params: $1 run_id bigint, $2 product_ids integer[], $3 warehouse_ids integer[]
-- reads:  staging.odoo_part, staging.odoo_stock, staging.odoo_product, snapshot.odoo_warehouse
-- writes: nothing
select
    part.product_id,
    part.part_id,
    part.per_unit,
    named.name as part_name,
    warehouse.id as warehouse_id,
    coalesce(there.name, '') as warehouse_name,
    coalesce(stock.on_hand, 0) as on_hand,
    coalesce(stock.free, 0) as free,
    coalesce(stock.forecast, 0) as forecast,
    coalesce(stock.sellable, 0) as sellable,
    coalesce(stock.reserved, 0) as reserved,
    coalesce(stock.incoming, 0) as incoming,
    coalesce(stock.outgoing, 0) as outgoing,
    coalesce(stock.unreserved_out, 0) as unreserved_out
from staging.odoo_part as part
cross join unnest($3::integer[]) with ordinality as warehouse (id, position)
left join snapshot.odoo_warehouse as there on there.run_id = $1 and there.id = warehouse.id
left join staging.odoo_stock as stock
    on stock.run_id = $1
    and stock.product_id = part.part_id
    and stock.warehouse_id = warehouse.id
    and not stock.is_kit
left join lateral (
    select min(product.name) as name
    from staging.odoo_product as product
    where product.run_id = $1 and product.product_id = part.part_id
) as named on true
where part.run_id = $1 and part.product_id = any($2)
order by part.product_id, part.part_id, warehouse.position
