-- Stores the warehouses of Odoo's database, as its COPY sends them.
--
-- grain:  one row per warehouse, archived ones too
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_warehouse
copy snapshot.odoo_warehouse (
    run_id,
    id,
    name,
    code,
    view_location_id,
    lot_stock_id,
    company_id,
    active
) from stdin (format binary)
