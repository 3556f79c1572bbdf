-- Stores the external ids of the module `etsy` of Odoo's database, as its COPY sends them.
--
-- grain:  one row per external id
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_external_id
copy snapshot.odoo_external_id (
    run_id,
    name,
    model,
    res_id
) from stdin (format binary)
