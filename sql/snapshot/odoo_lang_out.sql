-- Reads the languages out of Odoo's database, those that are not active among them.
--
-- grain:  one row per language
-- params: none (the setting etsy_odoo.run_id, since COPY takes no parameters)
-- reads:  res_lang
-- writes: nothing
copy (
    select
        current_setting('etsy_odoo.run_id')::bigint as run_id,
        id,
        code::text,
        active
    from res_lang
) to stdout (format binary)
