-- Reads the product variants out of Odoo's database.
--
-- grain:  one row per variant, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  product_product
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        product_tmpl_id,
        default_code::text,
        barcode::text,
        active,
        x_etsy_variant_key::text
    from product_product
) to stdout (format binary)
