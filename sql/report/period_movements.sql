-- Adds up the movements of the payment accounts in a period, day by day and type by type.
--
-- grain:  one row per shop, currency, day (UTC), class, class of the fee that tax is on, and type of Etsy's
-- params: $1 shop_ids bigint[], $2 from timestamptz, $3 until timestamptz
-- reads:  staging.money_entry
-- writes: nothing
select
    entry.shop_id,
    entry.currency,
    (entry.entered_at at time zone 'UTC')::date as day,
    entry.class,
    entry.parent_class,
    entry.ledger_type,
    count(*) as entries,
    coalesce(sum(entry.amount), 0) as amount,
    coalesce(sum(entry.amount) filter (where entry.amount < 0), 0) as taken,
    -- their unit is not known, so no sum holds them
    count(*) filter (where entry.amount is null) as without_amount
from staging.money_entry as entry
where entry.shop_id = any($1) and entry.entered_at >= $2 and entry.entered_at < $3
group by entry.shop_id, entry.currency, day, entry.class, entry.parent_class, entry.ledger_type
order by entry.shop_id, entry.currency, day, entry.class, entry.parent_class nulls first, entry.ledger_type
