-- Finds the first account whose classed entries are not, one for one and to the cent, those that Etsy sent. No row is right.
--
-- grain:  one row, or none: a shop and a currency that do not foot; amounts as Etsy sends them, without divisor
-- params: $1 shop_ids bigint[]
-- reads:  staging.etsy_ledger_entry, staging.money_entry
-- writes: nothing
with sent as (
    select entry.shop_id, entry.currency, count(*) as entries, sum(entry.amount) as amount, sum(entry.balance) as balance
    from staging.etsy_ledger_entry as entry
    where entry.shop_id = any($1)
    group by entry.shop_id, entry.currency
),
-- amounts have as many decimals as their currency, so that this is exact
by_scale as (
    select entry.shop_id, entry.currency, scale(entry.amount) as decimals, count(*) as entries,
        sum(entry.amount) as amount, sum(entry.balance) as balance
    from staging.money_entry as entry
    where entry.shop_id = any($1) and entry.amount is not null
    group by entry.shop_id, entry.currency, scale(entry.amount)
),
-- those whose unit nobody knows have no amount, and are in trouble for it
without_amount as (
    select entry.shop_id, entry.currency, count(*) as entries, sum(sent.amount) as amount, sum(sent.balance) as balance
    from staging.money_entry as entry
    join staging.etsy_ledger_entry as sent on sent.shop_id = entry.shop_id and sent.entry_id = entry.entry_id
    where entry.shop_id = any($1) and entry.trouble = 'unknown_unit' and entry.amount is null
    group by entry.shop_id, entry.currency
),
classed as (
    select part.shop_id, part.currency, sum(part.entries) as entries, sum(part.amount) as amount,
        sum(part.balance) as balance
    from (
        select by_scale.shop_id, by_scale.currency, by_scale.entries,
            by_scale.amount * 10::numeric ^ by_scale.decimals as amount,
            by_scale.balance * 10::numeric ^ by_scale.decimals as balance
        from by_scale
        union all
        select without_amount.shop_id, without_amount.currency, without_amount.entries, without_amount.amount,
            without_amount.balance
        from without_amount
    ) as part
    group by part.shop_id, part.currency
)
select
    coalesce(sent.shop_id, classed.shop_id) as shop_id,
    coalesce(sent.currency, classed.currency) as currency,
    coalesce(sent.entries, 0)::bigint as entries,
    coalesce(classed.entries, 0)::bigint as classed_entries,
    coalesce(sent.amount, 0) as amount,
    coalesce(classed.amount, 0) as classed_amount
from sent
full join classed on classed.shop_id = sent.shop_id and classed.currency = sent.currency
where (sent.entries, sent.amount, sent.balance) is distinct from (classed.entries, classed.amount, classed.balance)
order by 1, 2
limit 1
