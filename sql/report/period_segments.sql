-- Finds what the differences of a period have in common: countries, tax rates, shops and products that have more of them than
-- their share of the receipts would give.
--
-- grain:  one row per segment, the one that explains most first
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from timestamptz, $4 until timestamptz, $5 limit bigint
-- reads:  diff.break, staging.receipt_money, staging.etsy_transaction
-- writes: nothing
with found as (
    select distinct
        break.shop_id,
        break.receipt_id,
        coalesce(break.country_iso, money.country_iso, '') as country_iso,
        coalesce(break.tax_rate, 0) as tax_rate,
        coalesce(break.product_key, '') as product_key
    from diff.break
    join staging.receipt_money as money
        on money.run_id = $1 and money.shop_id = break.shop_id and money.receipt_id = break.receipt_id
    where break.run_id = $1 and break.shop_id = any($2) and break.dated_at >= $3 and break.dated_at < $4
),
receipt as (
    select
        money.shop_id,
        money.receipt_id,
        coalesce(money.country_iso, '') as country_iso,
        coalesce(round(100 * money.receipt_tax / nullif(money.receipt_total - money.receipt_tax, 0), 1), 0) as tax_rate
    from staging.receipt_money as money
    where money.run_id = $1 and money.shop_id = any($2) and money.received_at >= $3 and money.received_at < $4
),
product as (
    select line.product_key, count(distinct receipt.receipt_id) as receipts
    from staging.etsy_transaction as line
    join receipt on receipt.shop_id = line.shop_id and receipt.receipt_id = line.receipt_id
    where line.product_key in (select found.product_key from found)
    group by line.product_key
),
whole as (
    select (select count(*) from found) as breaks, (select count(*) from receipt) as receipts
),
broken as (
    select 'country' as dimension, found.country_iso as value, count(*) as breaks
    from found
    where found.country_iso <> ''
    group by found.country_iso
    union all
    select 'tax_rate', round(found.tax_rate, 1)::text, count(*)
    from found
    group by round(found.tax_rate, 1)
    union all
    select 'shop', found.shop_id::text, count(*)
    from found
    group by found.shop_id
    union all
    select 'product', found.product_key, count(*)
    from found
    group by found.product_key
),
alike as (
    select 'country' as dimension, receipt.country_iso as value, count(*) as receipts
    from receipt
    group by receipt.country_iso
    union all
    select 'tax_rate', round(receipt.tax_rate, 1)::text, count(*)
    from receipt
    group by round(receipt.tax_rate, 1)
    union all
    select 'shop', receipt.shop_id::text, count(*)
    from receipt
    group by receipt.shop_id
    union all
    select 'product', product.product_key, product.receipts
    from product
),
segment as (
    select broken.dimension, broken.value, broken.breaks, alike.receipts
    from broken
    join alike on alike.dimension = broken.dimension and alike.value = broken.value
)
select
    segment.dimension,
    segment.value,
    segment.breaks,
    segment.receipts,
    whole.breaks as all_breaks,
    whole.receipts as all_receipts
from segment
cross join whole
-- more than one, and more than its share
where segment.breaks > 1 and segment.receipts > 0
    and segment.breaks * whole.receipts > 2 * whole.breaks * segment.receipts
order by segment.breaks - 1.0 * whole.breaks * segment.receipts / whole.receipts desc, segment.dimension, segment.value
limit $5
