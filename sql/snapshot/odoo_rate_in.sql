-- Stores the rates of Odoo's currencies, as its COPY sends them.
--
-- grain:  one row per currency, company and day
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_rate
copy snapshot.odoo_rate (
    run_id,
    currency_id,
    company_id,
    rated_on,
    rate
) from stdin (format binary)
