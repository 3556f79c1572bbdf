-- Lists the first movements of each class in a period. `total` counts them all.
--
-- grain:  one row per ledger entry
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz, $4 limit bigint, of each class
-- reads:  staging.money_entry
-- writes: nothing
with placed as (
    select
        entry.shop_id, entry.currency, entry.class, entry.sequence_number, entry.entry_id,
        row_number() over (
            partition by entry.shop_id, entry.currency, entry.class
            order by entry.sequence_number, entry.entry_id
        ) as place,
        count(*) over () as total
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.entered_at >= $2 and entry.entered_at < $3
)
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
    coalesce(entry.trouble, '') as trouble,
    placed.total
from placed
join staging.money_entry as entry on entry.shop_id = placed.shop_id and entry.entry_id = placed.entry_id
where placed.place <= $4
order by entry.shop_id, entry.currency, entry.class, entry.sequence_number, entry.entry_id
