-- Stores the accounts of Odoo's database, as its COPY sends them.
--
-- grain:  one row per account and company
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_account
copy snapshot.odoo_account (
    run_id,
    company_id,
    account_id,
    code,
    account_type,
    currency_id,
    deprecated
) from stdin (format binary)
