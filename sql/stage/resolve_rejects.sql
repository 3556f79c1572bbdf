-- Resolves the rejects of what has been read well since: on the same page or a later one.
--
-- grain:  one row per reject
-- params: $1 run_id bigint
-- reads:  pg_temp.incoming_receipt, pg_temp.incoming_listing, pg_temp.incoming_inventory,
--         pg_temp.incoming_ledger_entry, pg_temp.incoming_payment, pg_temp.incoming_reference
-- writes: staging.reject
with good as (
    select 'receipt' as entity, receipt.shop_id, receipt.receipt_id::text as entity_id, receipt.page_id
    from incoming_receipt as receipt
    union all
    select 'listing' as entity, listing.shop_id, listing.listing_id::text as entity_id, listing.page_id
    from incoming_listing as listing
    union all
    select 'inventory' as entity, inventory.shop_id, inventory.listing_id::text as entity_id, inventory.page_id
    from incoming_inventory as inventory
    union all
    select 'ledger_entry' as entity, ledger_entry.shop_id, ledger_entry.entry_id::text as entity_id, ledger_entry.page_id
    from incoming_ledger_entry as ledger_entry
    union all
    select 'payment' as entity, payment.shop_id, payment.payment_id::text as entity_id, payment.page_id
    from incoming_payment as payment
    union all
    select reference.kind as entity, reference.shop_id, reference.reference_id::text as entity_id, reference.page_id
    from incoming_reference as reference
)
update staging.reject
set resolved_in_run = $1
from good
where reject.resolved_in_run is null
    and reject.entity = good.entity
    and reject.shop_id = good.shop_id
    and reject.entity_id = good.entity_id
    and reject.page_id <= good.page_id
