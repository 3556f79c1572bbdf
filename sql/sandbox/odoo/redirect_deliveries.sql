-- Sends the deliveries of orders, whatever their state, and their moves where the orders go.
--
-- grain:  one row per move
-- params: $1 order_ids integer[], $2 now timestamp, $3 uid integer
-- reads:  sale_order
-- writes: stock_picking, stock_move
with redirected as (
    update stock_picking as kept
    set partner_id = booked.partner_shipping_id, write_date = $2, write_uid = $3
    from sale_order as booked
    where booked.id = any($1) and kept.sale_id = booked.id
    returning kept.id, kept.partner_id
)
update stock_move as kept
set partner_id = redirected.partner_id, write_date = $2, write_uid = $3
from redirected
where kept.picking_id = redirected.id and not kept.scrapped
