-- Stores the lines of the sale orders that claim an Etsy receipt of Odoo's database, as its COPY sends them.
--
-- grain:  one row per line
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_sale_order_line
copy snapshot.odoo_sale_order_line (
    run_id,
    id,
    order_id,
    product_id,
    display_type,
    product_uom_qty,
    price_unit,
    price_subtotal,
    price_total,
    is_delivery,
    x_etsy_transaction_id,
    discount
) from stdin (format binary)
