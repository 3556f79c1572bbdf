-- Stores what is invoiced and credited for the sale orders that claim an Etsy receipt, as the COPY of Odoo's database sends
-- it.
--
-- grain:  one row per order and invoice or credit note
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_invoice
copy snapshot.odoo_invoice (
    run_id,
    order_id,
    move_id,
    name,
    move_type,
    state,
    currency_id,
    invoiced_on,
    amount
) from stdin (format binary)
