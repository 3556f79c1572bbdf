-- Holds closed months against what is known of the same days now: what has come, gone or changed since.
--
-- grain:  one row per closed month, receipt or movement, and figure that is not what it was
-- params: $1 close_ids bigint[], $2 run_id bigint, $3 shop_ids bigint[]
-- reads:  journal.closed_month, journal.period_receipt, journal.period_entry, staging.receipt_money, staging.money_entry
-- writes: nothing
with closed as (
    select
        closed_month.close_id,
        closed_month.shop_id,
        closed_month.month::timestamp at time zone 'UTC' as begins_at,
        (closed_month.month + interval '1 month') at time zone 'UTC' as ends_at
    from journal.closed_month
    where closed_month.close_id = any($1) and closed_month.shop_id = any($3)
),
frozen_receipt as (
    select receipt.*
    from closed
    join journal.period_receipt as receipt
        on receipt.close_id = closed.close_id and receipt.shop_id = closed.shop_id
),
known_receipt as (
    select
        closed.close_id, money.shop_id, money.receipt_id, money.currency, money.receipt_total as total,
        money.receipt_tax as tax, money.receipt_refunded as refunded, money.order_total, money.invoiced, money.credited,
        money.ledger_sale as sale, money.ledger_refund as sale_refunded,
        money.ledger_tax - money.ledger_tax_back as sale_tax, money.ledger_fees as fees
    from closed
    join staging.receipt_money as money
        on money.run_id = $2 and money.shop_id = closed.shop_id
        and money.received_at >= closed.begins_at and money.received_at < closed.ends_at
),
-- nearly all are what they were: only the others are taken apart
moved_receipt as (
    select
        coalesce(frozen.close_id, known.close_id) as close_id,
        coalesce(frozen.shop_id, known.shop_id) as shop_id,
        coalesce(frozen.currency, known.currency) as currency,
        coalesce(frozen.receipt_id, known.receipt_id) as number,
        figure.name,
        figure.before,
        figure.after
    from frozen_receipt as frozen
    full join known_receipt as known
        on known.close_id = frozen.close_id and known.shop_id = frozen.shop_id and known.receipt_id = frozen.receipt_id
        and known.currency = frozen.currency
    cross join lateral (
        values
            ('total', frozen.total, known.total),
            ('tax', frozen.tax, known.tax),
            ('refunded', frozen.refunded, known.refunded),
            ('order_total', frozen.order_total, known.order_total),
            ('invoiced', frozen.invoiced, known.invoiced),
            ('credited', frozen.credited, known.credited),
            ('sale', frozen.sale, known.sale),
            ('sale_refunded', frozen.sale_refunded, known.sale_refunded),
            ('sale_tax', frozen.sale_tax, known.sale_tax),
            ('fees', frozen.fees, known.fees)
    ) as figure (name, before, after)
    where (frozen.total, frozen.tax, frozen.refunded, frozen.order_total, frozen.invoiced, frozen.credited, frozen.sale,
            frozen.sale_refunded, frozen.sale_tax, frozen.fees)
        is distinct from (known.total, known.tax, known.refunded, known.order_total, known.invoiced, known.credited,
            known.sale, known.sale_refunded, known.sale_tax, known.fees)
),
frozen_entry as (
    select entry.*
    from closed
    join journal.period_entry as entry on entry.close_id = closed.close_id and entry.shop_id = closed.shop_id
),
known_entry as (
    select closed.close_id, entry.shop_id, entry.entry_id, entry.currency, entry.class, entry.amount
    from closed
    join staging.money_entry as entry
        on entry.shop_id = closed.shop_id
        and entry.entered_at >= closed.begins_at and entry.entered_at < closed.ends_at
),
moved as (
    select 'receipt' as place, moved_receipt.*
    from moved_receipt
    union all
    select
        'entry',
        coalesce(frozen.close_id, known.close_id),
        coalesce(frozen.shop_id, known.shop_id),
        coalesce(frozen.currency, known.currency),
        coalesce(frozen.entry_id, known.entry_id),
        coalesce(frozen.class, known.class),
        frozen.amount,
        known.amount
    from frozen_entry as frozen
    full join known_entry as known
        on known.close_id = frozen.close_id and known.shop_id = frozen.shop_id and known.entry_id = frozen.entry_id
        and known.currency = frozen.currency and known.class = frozen.class
)
select
    moved.close_id,
    moved.shop_id,
    moved.currency,
    moved.place,
    moved.number,
    moved.name as figure,
    moved.before,
    moved.after,
    coalesce(moved.after, 0) - coalesce(moved.before, 0) as change
from moved
where coalesce(moved.after, 0) <> coalesce(moved.before, 0)
order by moved.close_id, moved.shop_id, moved.currency, moved.place, moved.number, moved.name
