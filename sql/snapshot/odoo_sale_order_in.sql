-- Stores the sale orders that claim an Etsy receipt of Odoo's database, as its COPY sends them.
--
-- grain:  one row per order
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_sale_order
copy snapshot.odoo_sale_order (
    run_id,
    id,
    name,
    state,
    company_id,
    partner_id,
    partner_shipping_id,
    pricelist_id,
    currency_id,
    warehouse_id,
    client_order_ref,
    date_order,
    amount_untaxed,
    amount_tax,
    amount_total,
    invoice_status,
    delivery_status,
    x_etsy_receipt_id,
    x_etsy_shop
) from stdin (format binary)
