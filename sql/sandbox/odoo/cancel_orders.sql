-- Cancels orders with their open deliveries and gives back what was reserved for them.
--
-- grain:  one row per order
-- params: $1 ids integer[], $2 now timestamp, $3 uid integer
-- reads:  stock_picking, stock_move, stock_move_line
-- writes: stock_quant, stock_move_line, stock_move, stock_picking, sale_order_line, sale_order
with open_move as materialized (
    select move.id, move.picking_id
    from stock_picking as picking
    join stock_move as move on move.picking_id = picking.id and move.state not in ('done', 'cancel')
    where picking.sale_id = any($1)
), freed as (
    delete from stock_move_line as line using open_move where open_move.id = line.move_id
    returning line.product_id, line.location_id, line.quantity_product_uom
), wanted as (
    select product_id, location_id, sum(quantity_product_uom) as quantity from freed group by product_id, location_id
), quant as (
    -- Several quants may hold one product in one place: give back in their order until nothing is left to give.
    select quant.id, quant.reserved_quantity, wanted.quantity,
           sum(quant.reserved_quantity) over (partition by quant.product_id, quant.location_id order by quant.in_date, quant.id)
               - quant.reserved_quantity as before
    from stock_quant as quant
    join wanted on wanted.product_id = quant.product_id and wanted.location_id = quant.location_id
), released as (
    update stock_quant as kept
    set reserved_quantity = kept.reserved_quantity - least(quant.reserved_quantity, greatest(quant.quantity - quant.before, 0)),
        write_date = $2, write_uid = $3
    from quant
    where quant.id = kept.id and quant.quantity > quant.before
), moved as (
    update stock_move as kept set state = 'cancel', quantity = 0, write_date = $2, write_uid = $3
    from open_move where open_move.id = kept.id
), picked as (
    update stock_picking as kept set state = 'cancel', write_date = $2, write_uid = $3
    where kept.sale_id = any($1) and kept.state <> 'done'
), line as (
    update sale_order_line as kept set state = 'cancel', invoice_status = 'no' where kept.order_id = any($1)
)
update sale_order as kept
set state = 'cancel', invoice_status = 'no', write_date = $2, write_uid = $3,
    delivery_status = case
        when exists (select from stock_picking where sale_id = kept.id and state = 'done') then kept.delivery_status end
where kept.id = any($1)
