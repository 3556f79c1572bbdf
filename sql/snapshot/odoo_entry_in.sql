-- Stores the journal entries of Odoo's database that bear an external id of ours, as its COPY sends them.
--
-- grain:  one row per entry
-- params: none
-- reads:  stdin
-- writes: snapshot.odoo_entry
copy snapshot.odoo_entry (
    run_id,
    shop_id,
    external_id,
    move_id,
    name,
    state,
    dated_on,
    currency_id,
    debit,
    company_debit
) from stdin (format binary)
