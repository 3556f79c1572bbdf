-- Lists the receipts of a period with every figure that is known of each; nothing in it tells who the buyer is.
--
-- grain:  one row per receipt
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from timestamptz, $4 until timestamptz
-- reads:  staging.receipt_money, staging.money_entry, diff.break
-- writes: nothing
with broken as (
    select break.shop_id, break.receipt_id, string_agg(distinct break.kind, ' ' order by break.kind) as kinds
    from diff.break
    where break.run_id = $1 and break.shop_id = any($2) and break.receipt_id is not null
    group by break.shop_id, break.receipt_id
)
select
    money.shop_id,
    money.currency,
    money.received_at,
    money.receipt_id,
    money.standing,
    money.is_paid,
    coalesce(money.country_iso, '') as country_iso,
    money.receipt_total,
    money.receipt_tax,
    money.receipt_refunded,
    money.order_expected,
    coalesce(money.order_name, '') as order_name,
    coalesce(money.order_state, '') as order_state,
    coalesce(money.order_currency, '') as order_currency,
    money.order_total,
    money.invoiced,
    money.credited,
    money.ledger_sale,
    money.ledger_refund,
    money.ledger_tax,
    money.ledger_tax_back,
    money.ledger_fees,
    money.ledger_other,
    money.settled,
    money.unsettled,
    sale.sequence_number as sale_sequence,
    coalesce(broken.kinds, '') as breaks
from staging.receipt_money as money
left join lateral (
    select max(entry.sequence_number) as sequence_number
    from staging.money_entry as entry
    where entry.shop_id = money.shop_id and entry.receipt_id = money.receipt_id and entry.class = 'sale'
) as sale on true
left join broken on broken.shop_id = money.shop_id and broken.receipt_id = money.receipt_id
where money.run_id = $1 and money.shop_id = any($2) and money.received_at >= $3 and money.received_at < $4
order by money.shop_id, money.currency, money.received_at, money.receipt_id
