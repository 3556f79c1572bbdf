-- Sums up the payment accounts between two settlements, split where a month ends, by class.
--
-- grain:  one row per settlement or rest of a month, and class
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.money_entry
-- writes: staging.book_part
with counted as (
    select
        entry.shop_id,
        entry.entry_id,
        entry.currency,
        entry.class,
        entry.sequence_number,
        entry.entered_at,
        entry.amount,
        entry.balance,
        date_trunc('month', entry.entered_at at time zone 'UTC')::date as month,
        entry.class in ('payout', 'recoupment') and entry.amount is not null as settles,
        -- counted from the end: how many settlements are yet to come, this one in it; 0: not settled yet
        count(*) filter (where entry.class in ('payout', 'recoupment') and entry.amount is not null) over (
            partition by entry.shop_id, entry.currency
            order by entry.sequence_number desc, entry.entry_id desc
        ) as to_come
    from staging.money_entry as entry
    where entry.shop_id = any($2)
),
settlement as (
    select counted.shop_id, counted.currency, counted.to_come, counted.entry_id, counted.class, counted.month,
        (counted.entered_at at time zone 'UTC')::date as settled_on
    from counted
    where counted.settles
),
parted as (
    select
        counted.*,
        settlement.entry_id as settlement_id,
        settlement.class as settled_by,
        settlement.settled_on
    from counted
    -- what is settled in a later month is of the rest of its own
    left join settlement
        on settlement.shop_id = counted.shop_id
        and settlement.currency = counted.currency
        and settlement.to_come = counted.to_come
        and settlement.month = counted.month
)
insert into staging.book_part
    (run_id, shop_id, entry_key, currency, class, settlement_id, settled_by, dated_on, entries, amount, first_sequence,
     last_sequence, first_at, last_at, balance_before, balance_after)
select
    $1,
    parted.shop_id,
    case
        when parted.settlement_id is not null then 'payout_' || parted.shop_id || '_' || parted.settlement_id
        else 'month_' || parted.shop_id || '_' || parted.currency || '_' || to_char(parted.month, 'YYYY-MM')
    end as entry_key,
    parted.currency,
    parted.class,
    parted.settlement_id,
    parted.settled_by,
    coalesce(parted.settled_on, (parted.month + interval '1 month')::date - 1),
    count(*),
    case when bool_and(parted.amount is not null) then sum(parted.amount) end,
    min(parted.sequence_number),
    max(parted.sequence_number),
    min(parted.entered_at),
    max(parted.entered_at),
    (array_agg(parted.balance - parted.amount order by parted.sequence_number, parted.entry_id))[1],
    (array_agg(parted.balance order by parted.sequence_number desc, parted.entry_id desc))[1]
from parted
group by parted.shop_id, entry_key, parted.currency, parted.class, parted.settlement_id, parted.settled_by,
    parted.settled_on, parted.month
