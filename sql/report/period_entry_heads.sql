-- Lists the first movements of each class in a period: of its first days with movements, those that stand first in the
-- account. Up to which day each class has to be looked at is known from the sums of the days: most movements are on later ones.
--
-- grain:  one row per ledger entry
-- params: $1 from timestamptz, $2 shop_ids bigint[], $3 currencies text[], $4 classes text[], $5 until timestamptz[], all of
--         one length; $6 limit bigint, of each class
-- reads:  staging.money_entry
-- writes: nothing
with listed as (
    select asked.shop_id, asked.currency, asked.class, asked.until
    from unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[]) as asked (shop_id, currency, class, until)
),
placed as (
    select
        entry.shop_id, entry.entry_id,
        row_number() over (
            partition by entry.shop_id, entry.currency, entry.class
            order by entry.sequence_number, entry.entry_id
        ) as place
    from listed
    join staging.money_entry as entry
        on entry.shop_id = listed.shop_id and entry.currency = listed.currency and entry.class = listed.class
    where entry.shop_id = any($2) and entry.entered_at >= $1 and entry.entered_at < listed.until
        and entry.entered_at < (select max(listed.until) from listed)
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
    coalesce(entry.trouble, '') as trouble
from placed
join staging.money_entry as entry on entry.shop_id = placed.shop_id and entry.entry_id = placed.entry_id
where placed.place <= $6::bigint
order by entry.shop_id, entry.currency, entry.class, entry.sequence_number, entry.entry_id
