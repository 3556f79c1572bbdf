-- Applies the counts that are entered at quants: a done move to or from the inventory adjustments for each difference.
--
-- grain:  one move per quant whose quantity changes
-- params: $1 ids integer[], $2 now timestamp, $3 uid integer
-- reads:  stock_location, product_product, product_template
-- writes: stock_quant, stock_move, stock_move_line
with counted as materialized (
    select quant.id, quant.product_id, quant.location_id, quant.lot_id, quant.package_id, quant.owner_id,
           coalesce(quant.company_id, 1) as company_id, coalesce(quant.inventory_diff_quantity, 0) as difference,
           template.uom_id, adjustment.id as adjustment_id
    from stock_quant as quant
    join product_product as variant on variant.id = quant.product_id
    join product_template as template on template.id = variant.product_tmpl_id
    cross join lateral (
        select location.id
        from stock_location as location
        where location.usage = 'inventory' and location.scrap_location is not true
        order by location.id
        limit 1
    ) as adjustment
    where quant.id = any ($1)
), adjusted as (
    update stock_quant as kept
    set quantity = coalesce(kept.quantity, 0) + counted.difference, inventory_quantity = 0, inventory_diff_quantity = 0,
        inventory_quantity_set = false, user_id = null, write_uid = $3, write_date = $2
    from counted
    where counted.id = kept.id
), against as materialized (
    -- what came from nowhere is missing there
    select counted.product_id, counted.adjustment_id, counted.company_id, sum(counted.difference) as difference, (
        select min(quant.id)
        from stock_quant as quant
        where quant.product_id = counted.product_id and quant.location_id = counted.adjustment_id
    ) as quant_id
    from counted
    group by counted.product_id, counted.adjustment_id, counted.company_id
    having sum(counted.difference) <> 0
), lessened as (
    update stock_quant as kept
    set quantity = coalesce(kept.quantity, 0) - against.difference, write_uid = $3, write_date = $2
    from against
    where against.quant_id = kept.id
), opened as (
    insert into stock_quant (product_id, company_id, location_id, quantity, reserved_quantity, inventory_quantity_set, in_date,
        create_uid, create_date, write_uid, write_date)
    select product_id, company_id, adjustment_id, -difference, 0, false, $2, $3, $2, $3, $2
    from against
    where quant_id is null
), moved as (
    insert into stock_move (company_id, product_id, product_uom, location_id, location_dest_id, name, priority, state,
        procure_method, reference, product_qty, product_uom_qty, quantity, picked, scrapped, propagate_cancel, is_inventory,
        additional, date, create_uid, create_date, write_uid, write_date)
    select company_id, product_id, uom_id,
           case when difference > 0 then adjustment_id else location_id end,
           case when difference > 0 then location_id else adjustment_id end,
           'Product Quantity Updated', '0', 'done', 'make_to_stock', 'Product Quantity Updated', abs(difference),
           abs(difference), abs(difference), true, false, true, true, false, $2, $3, $2, $3, $2
    from counted
    where difference <> 0
    returning id, company_id, product_id, product_uom, location_id, location_dest_id, product_qty
)
insert into stock_move_line (move_id, company_id, product_id, product_uom_id, location_id, location_dest_id, state, reference,
    quantity, quantity_product_uom, picked, date, create_uid, create_date, write_uid, write_date)
select id, company_id, product_id, product_uom, location_id, location_dest_id, 'done', 'Product Quantity Updated', product_qty,
       product_qty, true, $2, $3, $2, $3, $2
from moved
