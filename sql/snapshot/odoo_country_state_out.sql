-- Reads the states of countries out of Odoo's database.
--
-- grain:  one row per state of a country
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_country_state
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        country_id,
        code::text,
        name::text
    from res_country_state
) to stdout (format binary)
