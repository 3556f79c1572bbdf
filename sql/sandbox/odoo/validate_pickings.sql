-- Ships what is reserved for transfers: the goods leave their quants and arrive where they go.
--
-- grain:  one row per order of a transfer
-- params: $1 ids integer[], $2 now timestamp, $3 uid integer
-- reads:  stock_picking
-- writes: stock_quant, stock_move_line, stock_move, stock_picking, sale_order_line, sale_order
with line as materialized (
    select line.id, line.move_id, line.product_id, line.location_id, line.location_dest_id, line.company_id,
           line.quantity_product_uom as quantity, move.sale_line_id
    from stock_move as move
    join stock_move_line as line on line.move_id = move.id
    where move.picking_id = any ($1) and move.state = 'assigned'
), wanted as (
    select product_id, location_id, sum(quantity) as quantity from line group by product_id, location_id
), source as materialized (
    select quant.id, quant.reserved_quantity, wanted.quantity,
           sum(quant.reserved_quantity) over (partition by quant.product_id, quant.location_id order by quant.in_date, quant.id)
               - quant.reserved_quantity as before
    from stock_quant as quant
    join wanted on wanted.product_id = quant.product_id and wanted.location_id = quant.location_id
), left_stock as (
    update stock_quant as kept
    set quantity = kept.quantity - least(source.reserved_quantity, source.quantity - source.before),
        reserved_quantity = kept.reserved_quantity - least(source.reserved_quantity, source.quantity - source.before),
        write_uid = $3, write_date = $2
    from source
    where source.id = kept.id and source.quantity > source.before
), arrival as materialized (
    select line.product_id, line.location_dest_id, line.company_id, sum(line.quantity) as quantity, (
        select min(quant.id)
        from stock_quant as quant
        where quant.product_id = line.product_id and quant.location_id = line.location_dest_id
    ) as quant_id
    from line
    group by line.product_id, line.location_dest_id, line.company_id
), arrived as (
    update stock_quant as kept
    set quantity = kept.quantity + arrival.quantity, write_uid = $3, write_date = $2
    from arrival
    where arrival.quant_id = kept.id
), opened as (
    insert into stock_quant (product_id, company_id, location_id, quantity, reserved_quantity, inventory_quantity_set, in_date,
        create_uid, create_date, write_uid, write_date)
    select product_id, company_id, location_dest_id, quantity, 0, false, $2, $3, $2, $3, $2
    from arrival
    where quant_id is null
), noted as (
    update stock_move_line as kept set state = 'done', picked = true, date = $2, write_uid = $3, write_date = $2
    from line where line.id = kept.id
), moved as (
    update stock_move as kept set state = 'done', picked = true, date = $2, write_uid = $3, write_date = $2
    where kept.picking_id = any ($1) and kept.state = 'assigned'
), closed as (
    update stock_picking as kept set state = 'done', date_done = $2, write_uid = $3, write_date = $2
    where kept.id = any ($1)
), delivered as (
    update sale_order_line as kept set qty_delivered = coalesce(kept.qty_delivered, 0) + sold.quantity
    from (select sale_line_id, sum(quantity) as quantity from line group by sale_line_id) as sold
    where sold.sale_line_id = kept.id
)
update sale_order as kept
set delivery_status = case
        when exists (
            select from stock_picking as other
            where other.sale_id = kept.id and other.id <> all ($1) and other.state not in ('done', 'cancel')
        ) then 'partial' else 'full' end,
    write_uid = $3, write_date = $2
where kept.id in (select picking.sale_id from stock_picking as picking where picking.id = any ($1))
