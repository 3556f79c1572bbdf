-- Counts the entries of the payment accounts, with their money as Etsy sent it and as it is classed: it has to be the same.
--
-- grain:  one row per shop and currency
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_ledger_entry, staging.money_entry
-- writes: diff.tally
with unit as (
    select entry.shop_id, entry.currency, max(scale(entry.amount)) as decimals, sum(entry.amount) as amount
    from staging.money_entry as entry
    where entry.shop_id = any($2)
    group by entry.shop_id, entry.currency
),
sent as (
    select entry.shop_id, entry.currency, count(*) as entries, sum(entry.amount) as amount
    from staging.etsy_ledger_entry as entry
    where entry.shop_id = any($2)
    group by entry.shop_id, entry.currency
)
insert into diff.tally (run_id, subject, shop_id, verdict, standing, currency, keys, etsy_amount, odoo_amount)
select
    $1,
    'ledger',
    sent.shop_id,
    'agrees',
    'due',
    sent.currency,
    sent.entries,
    -- nobody can say what money is worth whose unit is not known: it is counted, and a break says so
    coalesce(sent.amount * 10::numeric ^ -unit.decimals, 0),
    coalesce(unit.amount, 0)
from sent
left join unit on unit.shop_id = sent.shop_id and unit.currency = sent.currency
