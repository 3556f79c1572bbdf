-- Finds the transfers of which not everything is reserved, and those that are no longer open.
--
-- grain:  one row per such transfer
-- params: $1 ids integer[]
-- reads:  stock_picking, stock_move
-- writes: nothing
select picking.id, picking.state in ('done', 'cancel') as is_closed
from stock_picking as picking
where picking.id = any ($1)
    and (
        picking.state in ('done', 'cancel')
        or exists (
            select
            from stock_move as move
            where move.picking_id = picking.id and move.state not in ('assigned', 'done', 'cancel')
        )
    )
order by is_closed desc, picking.id
