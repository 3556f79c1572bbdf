-- Stores the currencies of Odoo's database, as its COPY sends them.
--
-- grain:  one row per currency, archived ones too
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_currency
copy snapshot.odoo_currency (
    run_id,
    id,
    name,
    decimal_places,
    rounding,
    active
) from stdin (format binary)
