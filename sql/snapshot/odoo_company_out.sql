-- Reads the companies out of Odoo's database.
--
-- grain:  one row per company
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_company
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        name::text,
        currency_id,
        active,
        account_price_include::text,
        tax_calculation_rounding_method::text,
        parent_path::text,
        greatest(fiscalyear_lock_date, hard_lock_date) as locked_until
    from res_company
) to stdout (format binary)
