-- Reads the journals out of Odoo's database.
--
-- grain:  one row per journal, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  account_journal
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        company_id,
        code::text,
        type::text,
        currency_id,
        active
    from account_journal
) to stdout (format binary)
