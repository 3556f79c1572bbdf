-- Finds the differences in money, and says of which kind each is. What is a matter of time is none: a receipt that this run
-- books, a payment of the last days, an invoice that is not made yet.
--
-- grain:  one row per shop, kind and receipt or ledger entry
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 now timestamptz
-- reads:  staging.receipt_money, staging.odoo_order, staging.money_entry, staging.etsy_transaction, staging.etsy_order,
--         snapshot.watermark, snapshot.ledger_start, snapshot.ledger_gap, journal.decision, shop.policy
-- writes: diff.break
with money as (
    select
        money.*,
        10::numeric ^ -scale(money.receipt_total) as cent,
        policy.orders_from,
        policy.etsy_tax as tax_policy
    from staging.receipt_money as money
    join shop.policy on policy.shop_id = money.shop_id
    where money.run_id = $1 and money.shop_id = any($2)
),
-- what a person or this run will do about a receipt without an order
planned as (
    select decision.shop_id, decision.key, decision.decision, decision.reason
    from journal.decision
    where decision.run_id = $1 and decision.subject = 'orders' and decision.shop_id = any($2)
),
-- from when on, and up to when, the payment account is known without a gap
account as (
    select start.shop_id, start.begins_at, mark.proven_until
    from snapshot.ledger_start as start
    join snapshot.watermark as mark on mark.shop_id = start.shop_id and mark.stream = 'ledger'
    where start.shop_id = any($2)
        and not exists (select from snapshot.ledger_gap as gap where gap.shop_id = start.shop_id)
),
-- the first that fits is what it is
order_break as (
    select
        money.shop_id,
        case
            when money.order_copies > 1 then 'duplicate_order'
            when money.standing = 'due' and money.order_id is null
                and (money.orders_from is null or money.received_at >= money.orders_from)
                and planned.decision is distinct from 'act'
                then 'missing_in_odoo'
            when money.order_id is null then null
            when money.order_currency <> money.currency then 'currency'
            when money.standing = 'cancelled' and money.order_state <> 'cancel' and planned.decision is distinct from 'act'
                then 'cancelled_on_one_side'
            when money.standing = 'due' and money.order_state = 'cancel' then 'cancelled_on_one_side'
            when money.standing <> 'due' or money.order_total = money.order_expected then null
            -- an order with the tax in it, where the policy leaves it out, or the other way round
            when money.receipt_tax <> 0
                and abs(money.order_total - money.order_expected) = money.receipt_tax then 'tax'
            when money.order_tax_added <> 0
                and money.order_total - money.order_expected = money.order_tax_added then 'tax'
            when abs(money.order_total - money.order_expected) <= money.cent * money.line_count then 'rounding'
            when money.booked_total = money.order_expected then 'edited_by_hand'
            else 'total_differs'
        end as kind,
        money.receipt_id,
        money.received_at,
        money.currency,
        money.order_expected,
        money.order_total,
        coalesce(money.order_total, 0) - case when money.standing = 'cancelled' then 0 else money.order_expected end as off,
        money.order_id,
        money.order_name,
        coalesce(planned.reason, '') as detail,
        money.country_iso
    from money
    left join planned on planned.shop_id = money.shop_id and planned.key = money.receipt_id::text
),
invoice_break as (
    select
        money.shop_id,
        case
            when money.receipt_refunded <> 0 and money.ledger_refund <> 0 and money.credited = 0
                and money.received_at < $3::timestamptz - interval '14 days'
                then 'refund_not_credited'
            when money.invoiced <> money.order_total and money.invoiced > money.order_total - money.cent * money.line_count
                and money.invoiced < money.order_total + money.cent * money.line_count then 'rounding'
            when money.invoiced > money.order_total then 'invoice_differs'
        end as kind,
        money.receipt_id,
        money.received_at,
        money.currency,
        money.order_total as etsy_amount,
        money.invoiced as odoo_amount,
        money.receipt_refunded,
        money.credited,
        money.order_id,
        money.order_name,
        money.country_iso
    from money
    where money.invoiced <> 0
),
payment_break as (
    select
        money.shop_id,
        case
            when money.is_paid and money.ledger_sale is null then 'payment_missing'
            when money.ledger_sale <> money.receipt_total then 'payment_differs'
        end as kind,
        money.receipt_id,
        money.received_at,
        money.currency,
        money.receipt_total,
        coalesce(money.ledger_sale, 0) as ledger_sale,
        money.country_iso
    from money
    join account on account.shop_id = money.shop_id
    where money.received_at >= account.begins_at
        -- the entry follows the payment, which may take days
        and (money.ledger_sale is not null or money.received_at < account.proven_until - interval '7 days')
),
refund_break as (
    select money.shop_id, money.receipt_id, money.received_at, money.currency, money.receipt_refunded, money.ledger_refund,
        money.country_iso
    from money
    join account on account.shop_id = money.shop_id
    where money.received_at >= account.begins_at
        and money.receipt_refunded <> money.ledger_refund
        -- one side shows it before the other
        and money.changed_at < account.proven_until - interval '2 days'
),
tax_break as (
    select money.shop_id, money.receipt_id, money.received_at, money.currency, money.receipt_tax, money.ledger_tax,
        money.country_iso
    from money
    where money.ledger_sale is not null and money.ledger_tax <> money.receipt_tax
),
entry as (
    select entry.*
    from staging.money_entry as entry
    where entry.shop_id = any($2)
),
entry_break as (
    select
        entry.shop_id,
        case
            when entry.trouble = 'unknown_type' then 'unknown_ledger_type'
            when entry.trouble = 'unknown_unit' then 'unknown_unit'
            else 'unknown_reference'
        end as kind,
        entry.entry_id,
        entry.entered_at,
        entry.currency,
        coalesce(entry.amount, 0) as amount,
        entry.ledger_type as detail
    from entry
    -- a payment that is not read yet is asked for by the next run
    where entry.trouble is not null and entry.trouble <> 'unread_payment'
),
chained as (
    select
        entry.shop_id, entry.entry_id, entry.entered_at, entry.currency, entry.balance,
        lag(entry.balance) over account + entry.amount as expected
    from entry
    where entry.amount is not null
    window account as (partition by entry.shop_id, entry.currency order by entry.sequence_number, entry.entry_id)
),
-- the same fee on the same thing, once more
twice as (
    select
        entry.shop_id, entry.entry_id, entry.entered_at, entry.currency, entry.amount, entry.ledger_type, entry.receipt_id,
        row_number() over (
            partition by entry.shop_id, entry.ledger_type, entry.amount,
                entry.transaction_id, entry.receipt_id, entry.payment_id
            order by entry.sequence_number, entry.entry_id
        ) as place
    from entry
    where entry.class in ('sale', 'fee_transaction', 'fee_processing', 'fee_regulatory', 'etsy_tax')
        and entry.amount <> 0
        and entry.ledger_type !~* 'refund'
        and entry.receipt_id is not null
),
found as (
    select order_break.shop_id, order_break.kind, order_break.receipt_id::text as key, order_break.received_at as dated_at,
        order_break.currency, order_break.order_expected as etsy_amount, order_break.order_total as odoo_amount,
        order_break.off as amount, order_break.receipt_id, order_break.order_id, order_break.order_name,
        order_break.detail, order_break.country_iso
    from order_break
    where order_break.kind is not null
    union all
    select there.shop_id, 'missing_in_etsy', there.receipt_id::text, there.ordered_at, there.currency, null, there.total,
        there.total, there.receipt_id, there.order_id, there.order_name, coalesce(planned.reason, ''), null
    from staging.odoo_order as there
    join planned
        on planned.shop_id = there.shop_id and planned.key = there.receipt_id::text and planned.decision = 'hold'
    where there.run_id = $1 and there.shop_id = any($2) and there.copies = 1 and there.state <> 'cancel'
        and not exists (
            select
            from staging.etsy_order as asked
            where asked.shop_id = there.shop_id and asked.receipt_id = there.receipt_id
        )
    union all
    select invoice_break.shop_id, invoice_break.kind, invoice_break.receipt_id::text, invoice_break.received_at,
        invoice_break.currency,
        case when invoice_break.kind = 'refund_not_credited' then invoice_break.receipt_refunded
            else invoice_break.etsy_amount end,
        case when invoice_break.kind = 'refund_not_credited' then invoice_break.credited else invoice_break.odoo_amount end,
        case when invoice_break.kind = 'refund_not_credited' then invoice_break.credited - invoice_break.receipt_refunded
            else invoice_break.odoo_amount - invoice_break.etsy_amount end,
        invoice_break.receipt_id, invoice_break.order_id, invoice_break.order_name, '', invoice_break.country_iso
    from invoice_break
    where invoice_break.kind is not null
        -- one receipt has one break of a kind, and that of its order is the first
        and not exists (
            select
            from order_break
            where order_break.shop_id = invoice_break.shop_id
                and order_break.receipt_id = invoice_break.receipt_id
                and order_break.kind = invoice_break.kind
        )
    union all
    select payment_break.shop_id, payment_break.kind, payment_break.receipt_id::text, payment_break.received_at,
        payment_break.currency, payment_break.receipt_total, payment_break.ledger_sale,
        payment_break.ledger_sale - payment_break.receipt_total, payment_break.receipt_id, null, null, '',
        payment_break.country_iso
    from payment_break
    where payment_break.kind is not null
    union all
    select refund_break.shop_id, 'refund_differs', refund_break.receipt_id::text, refund_break.received_at,
        refund_break.currency, refund_break.receipt_refunded, refund_break.ledger_refund,
        refund_break.ledger_refund - refund_break.receipt_refunded, refund_break.receipt_id, null, null, '',
        refund_break.country_iso
    from refund_break
    union all
    select tax_break.shop_id, 'tax_differs', tax_break.receipt_id::text, tax_break.received_at, tax_break.currency,
        tax_break.receipt_tax, tax_break.ledger_tax, tax_break.ledger_tax - tax_break.receipt_tax, tax_break.receipt_id,
        null, null, '', tax_break.country_iso
    from tax_break
    union all
    select entry_break.shop_id, entry_break.kind, entry_break.entry_id::text, entry_break.entered_at, entry_break.currency,
        entry_break.amount, null, entry_break.amount, null, null, null, entry_break.detail, null
    from entry_break
    union all
    select chained.shop_id, 'broken_chain', chained.entry_id::text, chained.entered_at, chained.currency, chained.balance,
        null, chained.balance - chained.expected, null, null, null, '', null
    from chained
    where chained.balance <> chained.expected
    union all
    select twice.shop_id, 'charged_twice', twice.entry_id::text, twice.entered_at, twice.currency, twice.amount, null,
        twice.amount, twice.receipt_id, null, null, twice.ledger_type, null
    from twice
    where twice.place > 1
),
-- the first product of a receipt stands for it
product as (
    select distinct on (line.shop_id, line.receipt_id) line.shop_id, line.receipt_id, line.product_key
    from staging.etsy_transaction as line
    where line.shop_id = any($2) and line.receipt_id in (select found.receipt_id from found)
    order by line.shop_id, line.receipt_id, line.position
)
insert into diff.break
    (run_id, shop_id, kind, key, dated_at, currency, etsy_amount, odoo_amount, amount, receipt_id, order_id, order_name,
     detail, country_iso, tax_rate, product_key)
select
    $1,
    found.shop_id,
    found.kind,
    found.key,
    found.dated_at,
    found.currency,
    found.etsy_amount,
    found.odoo_amount,
    found.amount,
    found.receipt_id,
    found.order_id,
    found.order_name,
    found.detail,
    found.country_iso,
    round(100 * money.receipt_tax / nullif(money.receipt_total - money.receipt_tax, 0), 1),
    product.product_key
from found
left join money on money.shop_id = found.shop_id and money.receipt_id = found.receipt_id
left join product on product.shop_id = found.shop_id and product.receipt_id = found.receipt_id
