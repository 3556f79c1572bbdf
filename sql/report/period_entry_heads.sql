-- Lists the first movements of each class in a period: of its first days with movements, those that stand first in the
-- account. `total` counts them all.
--
-- grain:  one row per ledger entry
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz, $4 limit bigint, of each class
-- reads:  staging.money_entry
-- writes: nothing
-- days are counted before movements are sorted: most of them are on later days than those that are listed
with counted as (
    select
        entry.shop_id, entry.currency, entry.class,
        (entry.entered_at at time zone 'UTC')::date as day,
        count(*) as entries
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.entered_at >= $2 and entry.entered_at < $3
    group by entry.shop_id, entry.currency, entry.class, day
),
reached as (
    select
        counted.*,
        sum(counted.entries) over (
            partition by counted.shop_id, counted.currency, counted.class
            order by counted.day
        ) - counted.entries as before,
        sum(counted.entries) over () as total
    from counted
),
listed as (
    select
        reached.shop_id, reached.currency, reached.class,
        (max(reached.day) + interval '1 day') at time zone 'UTC' as until,
        max(reached.total)::bigint as total
    from reached
    where reached.before < $4::bigint
    group by reached.shop_id, reached.currency, reached.class
),
placed as (
    select
        entry.shop_id, entry.entry_id, listed.total,
        row_number() over (
            partition by entry.shop_id, entry.currency, entry.class
            order by entry.sequence_number, entry.entry_id
        ) as place
    from listed
    join staging.money_entry as entry
        on entry.shop_id = listed.shop_id and entry.currency = listed.currency and entry.class = listed.class
        and entry.entered_at >= $2 and entry.entered_at < listed.until
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
where placed.place <= $4::bigint
order by entry.shop_id, entry.currency, entry.class, entry.sequence_number, entry.entry_id
