-- Stores the product variants of Odoo's database, as its COPY sends them.
--
-- grain:  one row per variant, archived ones too
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_product
copy snapshot.odoo_product (
    run_id,
    id,
    product_tmpl_id,
    default_code,
    barcode,
    active,
    x_etsy_variant_key
) from stdin (format binary)
