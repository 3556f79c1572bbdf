-- Adds up how many of some products the orders of some receipts take out of stock, or have taken: their first moves from
-- a warehouse's stock, which for a kit are those of its parts. Runs in Odoo's database.
--
-- grain:  one row per product of which such orders take any
-- params: $1 receipt_ids text[], $2 product_ids integer[]
-- reads:  public.sale_order, public.sale_order_line, public.stock_move, public.stock_warehouse, public.stock_location
-- writes: nothing
select move.product_id, round(sum(move.product_qty), 6) as units
from sale_order as booked
join sale_order_line as line on line.order_id = booked.id
join stock_move as move on move.sale_line_id = line.id
join stock_location as source on source.id = move.location_id
left join stock_location as target on target.id = coalesce(move.location_final_id, move.location_dest_id)
where booked.x_etsy_receipt_id = any ($1)
    and move.product_id = any ($2)
    and move.state <> 'cancel'
    and move.state <> 'draft'
    and exists (
        select
        from stock_warehouse as warehouse
        join stock_location as stock on stock.id = warehouse.lot_stock_id
        where source.parent_path like stock.parent_path || '%'
            and (target.parent_path like stock.parent_path || '%') is not true
    )
group by move.product_id
