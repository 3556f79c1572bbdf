-- Takes decoded ledger entries in.
--
-- grain:  one row per ledger entry, as often as the pages hold it
-- params: none
-- reads:  stdin
-- writes: pg_temp.incoming_ledger_entry
copy incoming_ledger_entry (
    shop_id,
    entry_id,
    sequence_number,
    amount,
    balance,
    currency,
    ledger_type,
    reference_type,
    reference_id,
    parent_entry_id,
    description,
    created_at,
    content_hash,
    page_id,
    changed_in_run
) from stdin (format binary)
