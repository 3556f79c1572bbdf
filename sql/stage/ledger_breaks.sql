-- Finds the ledger entries whose balance is not the balance before plus their amount.
--
-- grain:  one row per break of a shop's payment account
-- params: $1 shop_ids bigint[]
-- reads:  staging.etsy_ledger_entry
-- writes: nothing
with chained as (
    select
        entry.shop_id,
        entry.entry_id,
        entry.sequence_number,
        entry.currency,
        entry.amount,
        entry.balance,
        entry.created_at,
        -- the first entry that was read has nothing before it to be compared with
        lag(entry.balance) over account as balance_before
    from staging.etsy_ledger_entry as entry
    where entry.shop_id = any($1)
    window account as (
        partition by entry.shop_id, entry.currency
        order by entry.sequence_number, entry.entry_id
    )
)
select
    chained.shop_id,
    chained.entry_id,
    chained.sequence_number,
    chained.currency,
    chained.balance_before + chained.amount as expected_balance,
    chained.balance,
    chained.created_at
from chained
where chained.balance <> chained.balance_before + chained.amount
order by chained.shop_id, chained.currency, chained.sequence_number, chained.entry_id
