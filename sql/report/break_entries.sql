-- Gives the entries of the payment account that a break is about: those of its receipt, or the entry itself and the one
-- before it.
--
-- grain:  one row per ledger entry
-- params: $1 shop_id bigint, $2 receipt_id bigint, $3 entry_id bigint (each of the two may be null)
-- reads:  staging.money_entry
-- writes: nothing
with named as (
    select entry.*
    from staging.money_entry as entry
    where entry.shop_id = $1 and entry.entry_id = $3
),
before as (
    select entry.*
    from named
    cross join lateral (
        select earlier.*
        from staging.money_entry as earlier
        where earlier.shop_id = named.shop_id
            and earlier.currency = named.currency
            and (earlier.sequence_number, earlier.entry_id) < (named.sequence_number, named.entry_id)
        order by earlier.sequence_number desc, earlier.entry_id desc
        limit 1
    ) as entry
),
of_receipt as (
    select entry.*
    from staging.money_entry as entry
    where entry.shop_id = $1 and entry.receipt_id = $2
)
select entry.entry_id, entry.entered_at, entry.currency, entry.amount, entry.balance, entry.class, entry.ledger_type,
    entry.trouble
from (
    select * from named
    union
    select * from before
    union
    select * from of_receipt
) as entry
order by entry.sequence_number, entry.entry_id
