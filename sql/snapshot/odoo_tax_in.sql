-- Stores the taxes of Odoo's database, as its COPY sends them.
--
-- grain:  one row per tax
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_tax
copy snapshot.odoo_tax (
    run_id,
    id,
    company_id,
    type_tax_use,
    amount_type,
    price_include_override,
    active
) from stdin (format binary)
