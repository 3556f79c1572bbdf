-- Finds what each payment account held when a period began and when it ended, and after each of its days. The balances are
-- Etsy's own; an account without a movement in the period holds what its last movement before left.
--
-- grain:  one row per shop, currency and day (UTC) with movements, and one with a null day for what the account held before
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz
-- reads:  staging.money_entry
-- writes: nothing
-- which accounts there are, read off the index: not every movement of all times is looked at
with recursive account as (
    select
        asked.shop_id,
        (select min(entry.currency) from staging.money_entry as entry where entry.shop_id = asked.shop_id) as currency
    from unnest($1::bigint[]) as asked (shop_id)
    union all
    select
        account.shop_id,
        (
            select min(entry.currency)
            from staging.money_entry as entry
            where entry.shop_id = account.shop_id and entry.currency > account.currency
        )
    from account
    where account.currency is not null
),
per_day as (
    select
        entry.shop_id,
        entry.currency,
        (entry.entered_at at time zone 'UTC')::date as day,
        min(entry.sequence_number) as first_sequence,
        max(entry.sequence_number) as last_sequence
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.entered_at >= $2 and entry.entered_at < $3 and entry.amount is not null
    group by entry.shop_id, entry.currency, day
),
last_of_day as (
    select per_day.shop_id, per_day.currency, per_day.day, last.balance
    from per_day
    cross join lateral (
        select entry.balance
        from staging.money_entry as entry
        where entry.shop_id = per_day.shop_id and entry.currency = per_day.currency
            and entry.sequence_number = per_day.last_sequence and entry.amount is not null
            and (entry.entered_at at time zone 'UTC')::date = per_day.day
        order by entry.entry_id desc
        limit 1
    ) as last
),
first_of_all as (
    select per_day.shop_id, per_day.currency, min(per_day.first_sequence) as sequence_number
    from per_day
    group by per_day.shop_id, per_day.currency
),
before as (
    select account.shop_id, account.currency, coalesce(first_one.balance, earlier.balance, 0) as balance
    from account
    left join first_of_all on first_of_all.shop_id = account.shop_id and first_of_all.currency = account.currency
    left join lateral (
        select entry.balance - entry.amount as balance
        from staging.money_entry as entry
        where entry.shop_id = account.shop_id and entry.currency = account.currency
            and entry.sequence_number = first_of_all.sequence_number and entry.amount is not null
            and entry.entered_at >= $2 and entry.entered_at < $3
        order by entry.entry_id
        limit 1
    ) as first_one on true
    left join lateral (
        select entry.balance
        from staging.money_entry as entry
        where entry.shop_id = account.shop_id and entry.currency = account.currency
            and entry.entered_at < $2 and entry.amount is not null and first_of_all.sequence_number is null
        order by entry.sequence_number desc, entry.entry_id desc
        limit 1
    ) as earlier on true
    where account.currency is not null
        and exists (
            select
            from staging.money_entry as entry
            where entry.shop_id = account.shop_id and entry.currency = account.currency and entry.entered_at < $3
        )
)
select before.shop_id, before.currency, null::date as day, before.balance
from before
union all
select last_of_day.shop_id, last_of_day.currency, last_of_day.day, last_of_day.balance
from last_of_day
order by shop_id, currency, day nulls first
