-- Reads the taxes out of Odoo's database.
--
-- grain:  one row per tax
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  account_tax
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        company_id,
        type_tax_use::text,
        amount_type::text,
        price_include_override::text,
        active
    from account_tax
) to stdout (format binary)
