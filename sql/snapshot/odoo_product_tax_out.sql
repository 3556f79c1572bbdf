-- Reads which taxes products are sold with out of Odoo's database.
--
-- grain:  one row per product template and tax
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  product_taxes_rel
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        prod_id,
        tax_id
    from product_taxes_rel
) to stdout (format binary)
