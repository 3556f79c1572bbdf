-- Lists the movements of the payment accounts in a period, in the order in which they happened.
--
-- grain:  one row per ledger entry
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz
-- reads:  staging.money_entry
-- writes: nothing
select
    entry.shop_id,
    entry.currency,
    entry.sequence_number,
    entry.entry_id,
    entry.entered_at,
    entry.class,
    entry.parent_class,
    entry.ledger_type,
    entry.amount,
    entry.balance,
    entry.receipt_id,
    entry.transaction_id,
    entry.listing_id,
    entry.payment_id,
    coalesce(entry.trouble, '') as trouble
from staging.money_entry as entry
where entry.shop_id = any($1) and entry.entered_at >= $2 and entry.entered_at < $3
order by entry.shop_id, entry.currency, entry.sequence_number, entry.entry_id
