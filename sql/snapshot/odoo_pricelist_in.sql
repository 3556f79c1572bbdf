-- Stores the pricelists of Odoo's database, as its COPY sends them.
--
-- grain:  one row per pricelist, archived ones too
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_pricelist
copy snapshot.odoo_pricelist (
    run_id,
    id,
    currency_id,
    company_id,
    sequence,
    active
) from stdin (format binary)
