-- Stores the stock quants of Odoo's database, as its COPY sends them.
--
-- grain:  one row per quant
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_quant
copy snapshot.odoo_quant (
    run_id,
    id,
    product_id,
    location_id,
    quantity,
    reserved_quantity
) from stdin (format binary)
