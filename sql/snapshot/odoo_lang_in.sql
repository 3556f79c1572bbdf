-- Stores the languages of Odoo's database, as its COPY sends them.
--
-- grain:  one row per language
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_lang
copy snapshot.odoo_lang (
    run_id,
    id,
    code,
    active
) from stdin (format binary)
