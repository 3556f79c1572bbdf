-- Stores the countries of Odoo's database, as its COPY sends them.
--
-- grain:  one row per country
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_country
copy snapshot.odoo_country (
    run_id,
    id,
    code
) from stdin (format binary)
