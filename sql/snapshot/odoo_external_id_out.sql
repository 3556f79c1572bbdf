-- Reads the external ids of the module `etsy` out of Odoo's database.
--
-- grain:  one row per external id
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  ir_model_data
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        name::text,
        model::text,
        res_id
    from ir_model_data
    where module = 'etsy'
) to stdout (format binary)
