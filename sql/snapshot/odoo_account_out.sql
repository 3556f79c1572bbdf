-- Reads the accounts out of Odoo's database, with the code that each company has for them. Branches have those of their root.
--
-- grain:  one row per account and company
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  account_account, account_account_res_company_rel, res_company
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        company.id as company_id,
        account.id as account_id,
        account.code_store ->> company.id::text as code,
        account.account_type::text,
        account.currency_id,
        coalesce(account.deprecated, false) as deprecated
    from account_account as account
    join account_account_res_company_rel as belongs on belongs.account_account_id = account.id
    join res_company as company on company.id = belongs.res_company_id
) to stdout (format binary)
