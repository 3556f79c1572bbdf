-- Reads the currencies out of Odoo's database.
--
-- grain:  one row per currency, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_currency
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        name::text,
        decimal_places,
        rounding,
        active
    from res_currency
) to stdout (format binary)
