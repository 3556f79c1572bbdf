-- Adds up what Odoo has of each product in each warehouse, as Odoo's own qty_available, free_qty and virtual_available do
-- with a warehouse in the context, and beside them what a delivery can take. Runs in Odoo's database.
--
-- grain:  one row per product and active warehouse, of those that have quants or open moves
-- params: none (the setting etsy_odoo.run_id stands in the first column; without it that is null)
-- reads:  stock_warehouse, stock_location, stock_quant, stock_move, stock_move_line
-- writes: nothing
with warehouse as (
    select stock_warehouse.id, whole.parent_path, stock.parent_path as stock_path
    from stock_warehouse
    join stock_location as whole on whole.id = stock_warehouse.view_location_id
    join stock_location as stock on stock.id = stock_warehouse.lot_stock_id
    where stock_warehouse.active
),
-- a location is below one warehouse at most
place as (
    select
        location.id as location_id,
        warehouse.id as warehouse_id,
        location.parent_path like warehouse.stock_path || '%' as is_below_stock,
        -- where a delivery takes goods from
        location.usage = 'internal'
            and not coalesce(location.scrap_location, false)
            and coalesce(location.active, true)
            and location.parent_path like warehouse.stock_path || '%' as is_sellable
    from stock_location as location
    join warehouse on location.parent_path like warehouse.parent_path || '%'
),
-- goods that go in steps count by where they go in the end
open_move as not materialized (
    select
        move.id,
        move.product_id,
        coalesce(move.product_qty, 0) as product_qty,
        source.warehouse_id as source_id,
        target.warehouse_id as target_id,
        source.warehouse_id is distinct from target.warehouse_id as passes_border,
        coalesce(source.is_below_stock, false)
            and not (source.warehouse_id is not distinct from target.warehouse_id and target.is_below_stock)
            as leaves_stock
    from stock_move as move
    left join place as source on source.location_id = move.location_id
    left join place as target on target.location_id = coalesce(move.location_final_id, move.location_dest_id)
    where move.state in ('waiting', 'confirmed', 'assigned', 'partially_available')
),
share as (
    select
        quant.product_id,
        place.warehouse_id,
        coalesce(quant.quantity, 0) as on_hand,
        coalesce(quant.reserved_quantity, 0) as reserved,
        0::numeric as incoming,
        0::numeric as outgoing,
        case
            when place.is_sellable then coalesce(quant.quantity, 0) - coalesce(quant.reserved_quantity, 0)
            else 0
        end as free_stock,
        0::numeric as unreserved_out,
        case when quant.owner_id is null then 0 else coalesce(quant.quantity, 0) end as consigned
    from stock_quant as quant
    join place on place.location_id = quant.location_id
    union all
    select open_move.product_id, side.warehouse_id, 0, 0, side.incoming, side.outgoing, 0, side.unreserved_out, 0
    from open_move
    cross join lateral (
        values
            (
                open_move.target_id,
                case when open_move.passes_border then open_move.product_qty else 0 end,
                0::numeric,
                0::numeric
            ),
            (
                open_move.source_id,
                0::numeric,
                case when open_move.passes_border then open_move.product_qty else 0 end,
                case when open_move.leaves_stock then open_move.product_qty else 0 end
            )
    ) as side (warehouse_id, incoming, outgoing, unreserved_out)
    where side.warehouse_id is not null and (open_move.passes_border or open_move.leaves_stock)
    union all
    -- what of it is reserved
    select open_move.product_id, open_move.source_id, 0, 0, 0, 0, 0, -coalesce(line.quantity_product_uom, 0), 0
    from open_move
    join stock_move_line as line on line.move_id = open_move.id
    where open_move.leaves_stock
)
select
    current_setting('etsy_odoo.run_id', true)::bigint as run_id,
    share.product_id,
    share.warehouse_id,
    sum(share.on_hand) as on_hand,
    sum(share.on_hand - share.reserved) as free,
    sum(share.incoming) as incoming,
    sum(share.outgoing) as outgoing,
    sum(share.free_stock) as free_stock,
    sum(share.unreserved_out) as unreserved_out,
    sum(share.consigned) as consigned
from share
group by share.product_id, share.warehouse_id
