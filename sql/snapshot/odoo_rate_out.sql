-- Reads the rates of the currencies out of Odoo's database.
--
-- grain:  one row per currency, company and day
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_currency_rate
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        currency_id,
        company_id,
        name as rated_on,
        rate
    from res_currency_rate
    where rate > 0
) to stdout (format binary)
