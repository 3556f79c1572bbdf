-- Forms the payouts and recoupments of the payment accounts: each settles the entries since the one before it.
--
-- grain:  one row per payout or recoupment
-- params: $1 shop_ids bigint[]
-- reads:  staging.money_entry
-- writes: staging.settlement
with ending as (
    select
        entry.shop_id,
        entry.entry_id,
        entry.currency,
        entry.class,
        entry.entered_at,
        entry.sequence_number,
        entry.amount,
        entry.balance,
        lag(entry.sequence_number) over account as sequence_before,
        lag(entry.balance) over account as balance_before
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.class in ('payout', 'recoupment') and entry.amount is not null
    window account as (partition by entry.shop_id, entry.currency order by entry.sequence_number, entry.entry_id)
),
-- the account as it was before the first entry that was read
account as (
    select distinct ending.shop_id, ending.currency
    from ending
),
beginning as (
    select account.shop_id, account.currency, first_entry.sequence_number, first_entry.balance
    from account
    cross join lateral (
        select entry.sequence_number, entry.balance - entry.amount as balance
        from staging.money_entry as entry
        where entry.shop_id = account.shop_id and entry.currency = account.currency and entry.amount is not null
        order by entry.sequence_number, entry.entry_id
        limit 1
    ) as first_entry
),
settled as (
    select
        ending.shop_id,
        ending.entry_id as settlement_id,
        ending.currency,
        ending.class,
        ending.entered_at as settled_at,
        coalesce(ending.sequence_before + 1, beginning.sequence_number) as from_sequence,
        ending.sequence_number as until_sequence,
        coalesce(ending.balance_before, beginning.balance) as opening_balance,
        -ending.amount as paid,
        ending.balance as closing_balance
    from ending
    join beginning on beginning.shop_id = ending.shop_id and beginning.currency = ending.currency
),
gone as (
    delete from staging.settlement as old
    where old.shop_id = any($1)
        and not exists (
            select
            from settled
            where settled.shop_id = old.shop_id and settled.settlement_id = old.settlement_id
        )
)
insert into staging.settlement
    (shop_id, settlement_id, currency, class, settled_at, from_sequence, until_sequence, opening_balance, paid,
     closing_balance)
select settled.shop_id, settled.settlement_id, settled.currency, settled.class, settled.settled_at, settled.from_sequence,
    settled.until_sequence, settled.opening_balance, settled.paid, settled.closing_balance
from settled
on conflict (shop_id, settlement_id) do update
set
    currency = excluded.currency,
    class = excluded.class,
    settled_at = excluded.settled_at,
    from_sequence = excluded.from_sequence,
    until_sequence = excluded.until_sequence,
    opening_balance = excluded.opening_balance,
    paid = excluded.paid,
    closing_balance = excluded.closing_balance
where (settlement.currency, settlement.class, settlement.settled_at, settlement.from_sequence, settlement.until_sequence,
        settlement.opening_balance, settlement.paid, settlement.closing_balance)
    is distinct from (excluded.currency, excluded.class, excluded.settled_at, excluded.from_sequence,
        excluded.until_sequence, excluded.opening_balance, excluded.paid, excluded.closing_balance)
