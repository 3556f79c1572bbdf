-- Reads the pricelists out of Odoo's database.
--
-- grain:  one row per pricelist, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  product_pricelist
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        currency_id,
        company_id,
        sequence,
        active
    from product_pricelist
) to stdout (format binary)
