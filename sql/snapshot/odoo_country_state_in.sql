-- Stores the states of countries of Odoo's database, as its COPY sends them.
--
-- grain:  one row per state of a country
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_country_state
copy snapshot.odoo_country_state (
    run_id,
    id,
    country_id,
    code,
    name
) from stdin (format binary)
