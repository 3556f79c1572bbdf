-- Sums up the payment accounts between two settlements, split where a month ends, by class.
--
-- grain:  one row per settlement or rest of a month, and class
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.money_entry, staging.settlement
-- writes: staging.book_part
with settled_up_to as (
    select account.shop_id, account.currency, max(settlement.until_sequence) as sequence_number
    from (
        select distinct entry.shop_id, entry.currency
        from staging.money_entry as entry
        where entry.shop_id = any($2)
    ) as account
    left join staging.settlement
        on settlement.shop_id = account.shop_id and settlement.currency = account.currency
    group by account.shop_id, account.currency
),
part as (
    select settlement.shop_id, settlement.currency, settlement.settlement_id, settlement.class as settled_by,
        (settlement.settled_at at time zone 'UTC')::date as settled_on, settlement.from_sequence, settlement.until_sequence
    from staging.settlement
    where settlement.shop_id = any($2)
    union all
    -- not settled yet
    select settled_up_to.shop_id, settled_up_to.currency, null, null, null, coalesce(settled_up_to.sequence_number + 1, 0),
        9223372036854775807
    from settled_up_to
),
dated as (
    select
        part.shop_id,
        part.currency,
        part.settlement_id,
        part.settled_by,
        part.settled_on,
        entry.class,
        entry.amount,
        entry.sequence_number,
        entry.entered_at,
        date_trunc('month', entry.entered_at at time zone 'UTC')::date as month
    from part
    join staging.money_entry as entry
        on entry.shop_id = part.shop_id
        and entry.currency = part.currency
        and entry.sequence_number between part.from_sequence and part.until_sequence
),
-- what is settled in a later month is of the rest of its own
parted as (
    select
        dated.shop_id,
        dated.currency,
        dated.class,
        dated.amount,
        dated.sequence_number,
        dated.entered_at,
        dated.month,
        case when date_trunc('month', dated.settled_on) = dated.month then dated.settlement_id end as settlement_id,
        case when date_trunc('month', dated.settled_on) = dated.month then dated.settled_by end as settled_by,
        case when date_trunc('month', dated.settled_on) = dated.month then dated.settled_on end as settled_on
    from dated
),
summed as (
    select
        parted.shop_id,
        case
            when parted.settlement_id is not null then 'payout_' || parted.shop_id || '_' || parted.settlement_id
            else 'month_' || parted.shop_id || '_' || parted.currency || '_' || to_char(parted.month, 'YYYY-MM')
        end as entry_key,
        parted.currency,
        parted.class,
        parted.settlement_id,
        parted.settled_by,
        coalesce(parted.settled_on, (parted.month + interval '1 month')::date - 1) as dated_on,
        count(*) as entries,
        case when bool_and(parted.amount is not null) then sum(parted.amount) end as amount,
        min(parted.sequence_number) as first_sequence,
        max(parted.sequence_number) as last_sequence,
        min(parted.entered_at) as first_at,
        max(parted.entered_at) as last_at
    from parted
    group by parted.shop_id, parted.currency, parted.class, parted.settlement_id, parted.settled_by, parted.settled_on,
        parted.month
)
insert into staging.book_part
    (run_id, shop_id, entry_key, currency, class, settlement_id, settled_by, dated_on, entries, amount, first_sequence,
     last_sequence, first_at, last_at, balance_before, balance_after)
select
    $1,
    summed.shop_id,
    summed.entry_key,
    summed.currency,
    summed.class,
    summed.settlement_id,
    summed.settled_by,
    summed.dated_on,
    summed.entries,
    summed.amount,
    summed.first_sequence,
    summed.last_sequence,
    summed.first_at,
    summed.last_at,
    first_entry.balance - first_entry.amount,
    last_entry.balance
from summed
cross join lateral (
    select entry.balance, entry.amount
    from staging.money_entry as entry
    where entry.shop_id = summed.shop_id
        and entry.currency = summed.currency
        and entry.sequence_number = summed.first_sequence
    order by entry.entry_id
    limit 1
) as first_entry
cross join lateral (
    select entry.balance
    from staging.money_entry as entry
    where entry.shop_id = summed.shop_id
        and entry.currency = summed.currency
        and entry.sequence_number = summed.last_sequence
    order by entry.entry_id desc
    limit 1
) as last_entry
