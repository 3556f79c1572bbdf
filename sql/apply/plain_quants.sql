-- Reads how much lies of some products at some locations without lot, package and owner, and whether a count of it has been
-- entered and not applied. Runs in Odoo's database.
--
-- grain:  one row per product and location asked for
-- params: $1 product_ids integer[], $2 location_ids integer[] (beside one another)
-- reads:  public.stock_quant
-- writes: nothing
select
    asked.product_id,
    asked.location_id,
    count(quant.id) as quants,
    min(quant.id) as quant_id,
    round(coalesce(sum(quant.quantity), 0), 6) as quantity,
    coalesce(bool_or(quant.inventory_quantity_set), false) as is_entered,
    round(coalesce(sum(quant.inventory_quantity) filter (where quant.inventory_quantity_set), 0), 6) as entered,
    round(coalesce(sum(quant.inventory_diff_quantity) filter (where quant.inventory_quantity_set), 0), 6) as difference
from (
    select distinct pair.product_id, pair.location_id
    from unnest($1::integer[], $2::integer[]) as pair (product_id, location_id)
) as asked
left join stock_quant as quant
    on quant.product_id = asked.product_id
    and quant.location_id = asked.location_id
    and quant.lot_id is null
    and quant.package_id is null
    and quant.owner_id is null
group by asked.product_id, asked.location_id
