-- Reads the warehouses out of Odoo's database.
--
-- grain:  one row per warehouse, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  stock_warehouse
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        name::text,
        code::text,
        view_location_id,
        lot_stock_id,
        company_id,
        active
    from stock_warehouse
) to stdout (format binary)
