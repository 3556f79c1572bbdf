-- Holds a closed month against what is known of the same days now: what has come, gone or changed since.
--
-- grain:  one row per receipt or movement and figure that is not what it was
-- params: $1 close_id bigint, $2 run_id bigint, $3 from timestamptz, $4 until timestamptz
-- reads:  journal.closed_month, journal.period_receipt, journal.period_entry, staging.receipt_money, staging.money_entry
-- writes: nothing
with closed as (
    select closed_month.shop_id
    from journal.closed_month
    where closed_month.close_id = $1
),
frozen as (
    select receipt.shop_id, receipt.currency, 'receipt' as place, receipt.receipt_id as number, figure.name, figure.amount
    from journal.period_receipt as receipt
    cross join lateral (
        values
            ('total', receipt.total), ('tax', receipt.tax), ('refunded', receipt.refunded),
            ('order_total', receipt.order_total), ('invoiced', receipt.invoiced), ('credited', receipt.credited),
            ('sale', receipt.sale), ('sale_refunded', receipt.sale_refunded), ('sale_tax', receipt.sale_tax),
            ('fees', receipt.fees)
    ) as figure (name, amount)
    where receipt.close_id = $1 and figure.amount is not null
    union all
    select entry.shop_id, entry.currency, 'entry', entry.entry_id, entry.class, entry.amount
    from journal.period_entry as entry
    where entry.close_id = $1
),
now_known as (
    select money.shop_id, money.currency, 'receipt' as place, money.receipt_id as number, figure.name, figure.amount
    from closed
    join staging.receipt_money as money
        on money.run_id = $2 and money.shop_id = closed.shop_id and money.received_at >= $3 and money.received_at < $4
    cross join lateral (
        values
            ('total', money.receipt_total), ('tax', money.receipt_tax), ('refunded', money.receipt_refunded),
            ('order_total', money.order_total), ('invoiced', money.invoiced), ('credited', money.credited),
            ('sale', money.ledger_sale), ('sale_refunded', money.ledger_refund),
            ('sale_tax', money.ledger_tax - money.ledger_tax_back), ('fees', money.ledger_fees)
    ) as figure (name, amount)
    where figure.amount is not null
    union all
    select entry.shop_id, entry.currency, 'entry', entry.entry_id, entry.class, entry.amount
    from closed
    join staging.money_entry as entry
        on entry.shop_id = closed.shop_id and entry.entered_at >= $3 and entry.entered_at < $4
)
select
    coalesce(frozen.shop_id, now_known.shop_id) as shop_id,
    coalesce(frozen.currency, now_known.currency) as currency,
    coalesce(frozen.place, now_known.place) as place,
    coalesce(frozen.number, now_known.number) as number,
    coalesce(frozen.name, now_known.name) as figure,
    frozen.amount as before,
    now_known.amount as after,
    coalesce(now_known.amount, 0) - coalesce(frozen.amount, 0) as change
from frozen
full join now_known
    on now_known.shop_id = frozen.shop_id
    and now_known.currency = frozen.currency
    and now_known.place = frozen.place
    and now_known.number = frozen.number
    and now_known.name = frozen.name
where coalesce(now_known.amount, 0) <> coalesce(frozen.amount, 0)
order by shop_id, currency, place, number, figure
