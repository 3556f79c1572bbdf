-- Reads how many of some products may be promised now. Runs in Odoo's database, after sql/odoo/stock.sql as the common
-- table `stock`.
--
-- grain:  one row per product and warehouse that has any of it
-- params: $1 product_ids integer[]
-- reads:  stock
-- writes: nothing
select
    stock.product_id,
    stock.warehouse_id,
    round(stock.on_hand, 6) as on_hand,
    round(stock.free, 6) as free,
    round(stock.on_hand + stock.incoming - stock.outgoing, 6) as forecast,
    round(stock.free_stock - stock.unreserved_out, 6) as sellable
from stock
where stock.product_id = any ($1)
