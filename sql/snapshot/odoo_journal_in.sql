-- Stores the journals of Odoo's database, as its COPY sends them.
--
-- grain:  one row per journal
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_journal
copy snapshot.odoo_journal (
    run_id,
    id,
    company_id,
    code,
    type,
    currency_id,
    active
) from stdin (format binary)
