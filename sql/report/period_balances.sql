-- Finds what each payment account held when a period began and when it ended, and after each of its days. The balances are
-- Etsy's own; an account without a movement in the period holds what its last movement before left.
--
-- grain:  one row per shop, currency and day (UTC) with movements, and one with a null day for what the account held before
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz
-- reads:  staging.money_entry
-- writes: nothing
with entry as (
    select
        entry.shop_id, entry.currency, entry.sequence_number, entry.entry_id, entry.amount, entry.balance,
        (entry.entered_at at time zone 'UTC')::date as day
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.entered_at >= $2 and entry.entered_at < $3 and entry.amount is not null
),
last_of_day as (
    select distinct on (entry.shop_id, entry.currency, entry.day)
        entry.shop_id, entry.currency, entry.day, entry.balance
    from entry
    order by entry.shop_id, entry.currency, entry.day, entry.sequence_number desc, entry.entry_id desc
),
first_of_all as (
    select distinct on (entry.shop_id, entry.currency)
        entry.shop_id, entry.currency, entry.balance - entry.amount as balance
    from entry
    order by entry.shop_id, entry.currency, entry.sequence_number, entry.entry_id
),
account as (
    select distinct entry.shop_id, entry.currency
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.entered_at < $3
),
before as (
    select account.shop_id, account.currency, coalesce(first_of_all.balance, earlier.balance, 0) as balance
    from account
    left join first_of_all on first_of_all.shop_id = account.shop_id and first_of_all.currency = account.currency
    left join lateral (
        select entry.balance
        from staging.money_entry as entry
        where entry.shop_id = account.shop_id and entry.currency = account.currency
            and entry.entered_at < $2 and entry.amount is not null and first_of_all.balance is null
        order by entry.sequence_number desc, entry.entry_id desc
        limit 1
    ) as earlier on true
)
select before.shop_id, before.currency, null::date as day, before.balance
from before
union all
select last_of_day.shop_id, last_of_day.currency, last_of_day.day, last_of_day.balance
from last_of_day
order by shop_id, currency, day nulls first
