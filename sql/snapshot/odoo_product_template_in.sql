-- Stores the product templates of Odoo's database, as its COPY sends them.
--
-- grain:  one row per template, archived ones too
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_product_template
copy snapshot.odoo_product_template (
    run_id,
    id,
    name,
    type,
    is_storable,
    active,
    list_price,
    company_id,
    x_etsy_listing_id,
    description_hash
) from stdin (format binary)
