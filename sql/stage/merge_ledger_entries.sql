-- Brings the kept ledger entries up to date with what came in.
--
-- grain:  one row per ledger entry
-- params: none
-- reads:  pg_temp.incoming_ledger_entry, staging.etsy_ledger_entry
-- writes: staging.etsy_ledger_entry
with changed as (
    select incoming.*
    from incoming_ledger_entry as incoming
    left join staging.etsy_ledger_entry as kept on kept.shop_id = incoming.shop_id and kept.entry_id = incoming.entry_id
    -- an older page that is read again does not undo a newer one
    where kept.page_id is null
        or (kept.content_hash <> incoming.content_hash and kept.page_id <= incoming.page_id)
)
insert into staging.etsy_ledger_entry
select changed.*
from changed
on conflict (shop_id, entry_id) do update
set
    sequence_number = excluded.sequence_number,
    amount = excluded.amount,
    balance = excluded.balance,
    currency = excluded.currency,
    ledger_type = excluded.ledger_type,
    reference_type = excluded.reference_type,
    reference_id = excluded.reference_id,
    parent_entry_id = excluded.parent_entry_id,
    description = excluded.description,
    created_at = excluded.created_at,
    content_hash = excluded.content_hash,
    page_id = excluded.page_id,
    changed_in_run = excluded.changed_in_run
