-- Stores the stock locations of Odoo's database, as its COPY sends them.
--
-- grain:  one row per location, archived ones too
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_location
copy snapshot.odoo_location (
    run_id,
    id,
    complete_name,
    usage,
    parent_path,
    scrap_location,
    active,
    company_id
) from stdin (format binary)
