-- Reads the countries out of Odoo's database.
--
-- grain:  one row per country
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_country
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        code::text
    from res_country
) to stdout (format binary)
