-- Stores the companies of Odoo's database, as its COPY sends them.
--
-- grain:  one row per company
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_company
copy snapshot.odoo_company (
    run_id,
    id,
    name,
    currency_id,
    active,
    account_price_include,
    tax_calculation_rounding_method,
    parent_path,
    locked_until
) from stdin (format binary)
