-- Reads the stock locations out of Odoo's database.
--
-- grain:  one row per location, archived ones too
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  stock_location
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        complete_name::text,
        usage::text,
        parent_path::text,
        scrap_location,
        active,
        company_id
    from stock_location
) to stdout (format binary)
