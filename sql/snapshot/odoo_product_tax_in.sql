-- Stores which taxes products are sold with of Odoo's database, as its COPY sends them.
--
-- grain:  one row per product template and tax
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_product_tax
copy snapshot.odoo_product_tax (
    run_id,
    product_tmpl_id,
    tax_id
) from stdin (format binary)
