-- Ties the places that know a receipt's money to one another, for the receipts of a period: order, invoice, credit note,
-- payment, refund, tax, payout. Each tie leads from one total to another by steps that say why they are not the same; what
-- no rule explains is `unexplained`, under the kind of its break where there is one.
--
-- grain:  one row per tie, shop, currency, day (UTC), step and kind of break; `first` and `second` are the two totals
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 from timestamptz, $4 until timestamptz
-- reads:  staging.receipt_money, diff.break, snapshot.ledger_start, shop.policy
-- writes: nothing
with broken as (
    select
        break.shop_id,
        break.receipt_id,
        min(break.kind) filter (where break.kind not in ('rounding', 'invoice_differs', 'refund_not_credited',
            'payment_missing', 'payment_differs', 'refund_differs', 'tax_differs', 'charged_twice')) as order_kind,
        min(break.kind) filter (where break.kind = 'invoice_differs') as invoice_kind,
        min(break.kind) filter (where break.kind = 'refund_not_credited') as credit_kind,
        min(break.kind) filter (where break.kind in ('payment_missing', 'payment_differs')) as payment_kind,
        min(break.kind) filter (where break.kind = 'refund_differs') as refund_kind,
        min(break.kind) filter (where break.kind = 'tax_differs') as tax_kind
    from diff.break
    where break.run_id = $1 and break.shop_id = any($2) and break.receipt_id is not null
    group by break.shop_id, break.receipt_id
),
money as (
    select
        money.shop_id, money.currency, money.standing, money.is_paid, money.order_id,
        money.receipt_total, money.receipt_tax, money.receipt_refunded, money.order_expected,
        money.invoiced, money.credited,
        account.in_other_currency,
        case when not account.in_other_currency then money.ledger_sale end as ledger_sale,
        case when account.in_other_currency then 0 else money.ledger_refund end as ledger_refund,
        case when account.in_other_currency then 0 else money.ledger_tax end as ledger_tax,
        case when account.in_other_currency then 0 else money.ledger_tax_back end as ledger_tax_back,
        money.ledger_fees, money.ledger_other, money.settled, money.unsettled,
        -- what Etsy gave back of the tax itself need not be credited where orders leave the tax out
        case
            when policy.etsy_tax <> 'left_out' then 0
            when not account.in_other_currency then money.ledger_tax_back
            when money.receipt_refunded >= money.receipt_total then money.receipt_tax
            else 0
        end as tax_back_left_out,
        (money.received_at at time zone 'UTC')::date as day,
        10::numeric ^ -scale(money.receipt_total) * money.line_count as allowance,
        coalesce(money.received_at < policy.orders_from, false) as is_before_start,
        coalesce(money.received_at < start.begins_at, true) as is_before_account,
        -- an order that counts, in the same currency
        case when money.order_state <> 'cancel' and money.order_currency = money.currency then money.order_total end
            as order_total,
        case when money.invoiced = 0 then 0 else coalesce(money.order_tax_added, 0) end as odoo_tax,
        case when money.standing = 'due' then money.order_expected else 0 end as due,
        broken.order_kind, broken.invoice_kind, broken.credit_kind, broken.payment_kind, broken.refund_kind, broken.tax_kind
    from staging.receipt_money as money
    join shop.policy on policy.shop_id = money.shop_id
    -- an account in another currency than the receipt cannot be held against it: nobody says at which rate
    cross join lateral (
        select coalesce(money.ledger_currency <> money.currency, false) as in_other_currency
    ) as account
    left join snapshot.ledger_start as start on start.shop_id = money.shop_id
    left join broken on broken.shop_id = money.shop_id and broken.receipt_id = money.receipt_id
    where money.run_id = $1 and money.shop_id = any($2) and money.received_at >= $3 and money.received_at < $4
),
-- an invoice that was credited whole and made again stands on both sides
taken_back as (
    select
        money.*,
        greatest(
            least(
                coalesce(money.invoiced - money.order_total - money.odoo_tax, 0),
                money.credited - money.receipt_refunded + money.tax_back_left_out
            ),
            0
        ) as taken_back
    from money
),
-- what is left over in each tie when all that is known is taken into account
measured as (
    select
        money.*,
        coalesce(money.order_total, 0) - money.due as order_rest,
        coalesce(money.invoiced - money.order_total - money.odoo_tax, 0) - money.taken_back as invoice_rest,
        money.credited - money.receipt_refunded + money.tax_back_left_out - money.taken_back as credit_rest,
        coalesce(money.ledger_sale, 0) - money.receipt_total as payment_rest,
        money.ledger_refund - money.receipt_refunded as refund_rest,
        money.ledger_tax - money.receipt_tax as tax_rest,
        money.settled + money.unsettled - money.ledger_sale + money.ledger_refund + money.ledger_tax
            - money.ledger_tax_back + money.ledger_fees - money.ledger_other as payout_rest,
        case
            when money.ledger_sale is not null then null
            when money.in_other_currency then 'other_currency'
            when not money.is_paid then 'not_paid'
            when money.is_before_account then 'before_account'
            else 'not_in_account'
        end as absent
    from taken_back as money
),
-- by which rule it is explained
judged as (
    select
        measured.*,
        case
            when measured.order_rest = 0 then null
            when measured.order_kind is not null then 'unexplained'
            when measured.order_id is null and measured.is_before_start then 'before_start'
            -- the plan acts on it, else it were a break
            when measured.order_id is null or measured.standing = 'cancelled' then 'planned'
            when abs(measured.order_rest) <= measured.allowance then 'rounding'
            else 'unexplained'
        end as order_step,
        case
            when measured.invoice_rest = 0 then null
            when measured.invoice_kind is not null then 'unexplained'
            when abs(measured.invoice_rest) <= measured.allowance then 'rounding'
            when measured.invoice_rest < 0 then 'not_invoiced'
            else 'unexplained'
        end as invoice_step,
        case
            when measured.credit_rest = 0 then null
            when measured.credit_kind is not null or measured.credit_rest > 0 and measured.invoice_kind is not null
                then 'unexplained'
            when abs(measured.credit_rest) <= measured.allowance then 'rounding'
            when measured.credit_rest > 0 and measured.credit_rest <= measured.odoo_tax then 'odoo_tax'
            -- what was invoiced only in part was credited, and is not invoiced yet
            when measured.credit_rest > 0 and measured.credited <= measured.invoiced then 'taken_back'
            when measured.credit_rest > 0 then 'unexplained'
            when measured.invoiced = 0 then 'not_invoiced'
            else 'not_credited'
        end as credit_step,
        case
            when measured.payment_rest = 0 then null
            when measured.payment_kind is not null then 'unexplained'
            else coalesce(measured.absent, 'unexplained')
        end as payment_step,
        case
            when measured.refund_rest = 0 then null
            when measured.refund_kind is not null then 'unexplained'
            when measured.in_other_currency then 'other_currency'
            when measured.is_before_account then 'before_account'
            else 'refund_pending'
        end as refund_step,
        case
            when measured.tax_rest = 0 then null
            when measured.tax_kind is not null or measured.payment_kind is not null then 'unexplained'
            when measured.absent is not null then measured.absent
            else 'unexplained'
        end as tax_step
    from measured
),
-- alike receipts are added up before they are taken apart
summed as (
    select
        judged.shop_id, judged.currency, judged.day, judged.standing,
        judged.order_step, judged.order_kind, judged.invoice_step, judged.invoice_kind, judged.credit_step,
        judged.credit_kind, judged.payment_step, judged.payment_kind, judged.refund_step, judged.refund_kind,
        judged.tax_step, judged.tax_kind,
        count(*) as receipts,
        sum(judged.receipt_total) as receipt_total,
        count(judged.order_total) as orders,
        coalesce(sum(judged.order_total), 0) as order_total,
        count(*) filter (where judged.order_expected <> judged.receipt_total) as taxed,
        sum(judged.order_expected - judged.receipt_total) as etsy_tax,
        sum(judged.order_rest) as order_rest,
        count(*) filter (where judged.order_total is not null and judged.invoiced <> 0) as invoices,
        coalesce(sum(judged.invoiced) filter (where judged.order_total is not null), 0) as invoiced,
        count(*) filter (where judged.order_total is not null and judged.odoo_tax <> 0) as odoo_taxed,
        coalesce(sum(judged.odoo_tax) filter (where judged.order_total is not null), 0) as odoo_tax,
        count(*) filter (where judged.taken_back <> 0) as taken_back,
        sum(judged.taken_back) as amount_taken_back,
        sum(judged.invoice_rest) as invoice_rest,
        count(*) filter (where judged.tax_back_left_out <> 0) as taxed_back,
        sum(judged.tax_back_left_out) as tax_back,
        count(*) filter (where judged.receipt_refunded <> 0) as refunds,
        sum(judged.receipt_refunded) as receipt_refunded,
        count(*) filter (where judged.credited <> 0) as credits,
        sum(judged.credited) as credited,
        sum(judged.credit_rest) as credit_rest,
        count(judged.ledger_sale) as sales,
        coalesce(sum(judged.ledger_sale), 0) as ledger_sale,
        sum(judged.payment_rest) as payment_rest,
        count(*) filter (where judged.ledger_refund <> 0) as ledger_refunds,
        sum(judged.ledger_refund) as ledger_refund,
        sum(judged.refund_rest) as refund_rest,
        count(*) filter (where judged.receipt_tax <> 0) as receipt_taxed,
        sum(judged.receipt_tax) as receipt_tax,
        count(*) filter (where judged.ledger_tax <> 0) as ledger_taxed,
        sum(judged.ledger_tax) as ledger_tax,
        sum(judged.tax_rest) as tax_rest,
        count(*) filter (where judged.ledger_sale is not null and judged.ledger_refund <> 0) as sales_refunded,
        coalesce(sum(-judged.ledger_refund) filter (where judged.ledger_sale is not null), 0) as sale_refunds,
        count(*) filter (where judged.ledger_sale is not null and judged.ledger_tax <> judged.ledger_tax_back) as sales_taxed,
        coalesce(sum(judged.ledger_tax_back - judged.ledger_tax) filter (where judged.ledger_sale is not null), 0) as sale_tax,
        count(*) filter (where judged.ledger_sale is not null and judged.ledger_fees <> 0) as sales_with_fees,
        coalesce(sum(-judged.ledger_fees) filter (where judged.ledger_sale is not null), 0) as sale_fees,
        count(*) filter (where judged.ledger_sale is not null and judged.ledger_other <> 0) as sales_with_other,
        coalesce(sum(judged.ledger_other) filter (where judged.ledger_sale is not null), 0) as sale_other,
        count(*) filter (where judged.ledger_sale is not null and judged.unsettled <> 0) as sales_unsettled,
        coalesce(sum(-judged.unsettled) filter (where judged.ledger_sale is not null), 0) as sale_unsettled,
        count(*) filter (where judged.ledger_sale is not null and judged.settled <> 0) as sales_settled,
        coalesce(sum(judged.settled) filter (where judged.ledger_sale is not null), 0) as sale_settled,
        count(*) filter (where judged.payout_rest <> 0) as payouts_off,
        coalesce(sum(judged.payout_rest), 0) as payout_rest
    from judged
    group by judged.shop_id, judged.currency, judged.day, judged.standing,
        judged.order_step, judged.order_kind, judged.invoice_step, judged.invoice_kind, judged.credit_step,
        judged.credit_kind, judged.payment_step, judged.payment_kind, judged.refund_step, judged.refund_kind,
        judged.tax_step, judged.tax_kind
),
told as (
    select
        summed.shop_id, summed.currency, summed.day, step.tie, step.name as step,
        case when step.name = 'unexplained' then step.kind end as kind,
        step.receipts, step.amount
    from summed
    cross join lateral (
        values
            ('order', 'first', null, summed.receipts, summed.receipt_total),
            ('order', case summed.standing when 'unpaid' then 'not_paid' when 'cancelled' then 'cancelled' end, null,
                summed.receipts, -summed.receipt_total),
            ('order', case summed.standing when 'due' then 'etsy_tax' end, null, summed.taxed, summed.etsy_tax),
            ('order', summed.order_step, summed.order_kind, summed.receipts, summed.order_rest),
            ('order', 'second', null, summed.orders, summed.order_total),
            ('invoice', 'first', null, summed.orders, summed.order_total),
            ('invoice', 'odoo_tax', null, summed.odoo_taxed, summed.odoo_tax),
            ('invoice', 'taken_back', null, summed.taken_back, summed.amount_taken_back),
            ('invoice', summed.invoice_step, summed.invoice_kind, summed.receipts, summed.invoice_rest),
            ('invoice', 'second', null, summed.invoices, summed.invoiced),
            ('credit', 'first', null, summed.refunds, summed.receipt_refunded),
            ('credit', 'etsy_tax', null, summed.taxed_back, -summed.tax_back),
            ('credit', 'taken_back', null, summed.taken_back, summed.amount_taken_back),
            ('credit', summed.credit_step, coalesce(summed.credit_kind, summed.invoice_kind), summed.receipts,
                summed.credit_rest),
            ('credit', 'second', null, summed.credits, summed.credited),
            ('payment', 'first', null, summed.receipts, summed.receipt_total),
            ('payment', summed.payment_step, summed.payment_kind, summed.receipts, summed.payment_rest),
            ('payment', 'second', null, summed.sales, summed.ledger_sale),
            ('refund', 'first', null, summed.refunds, summed.receipt_refunded),
            ('refund', summed.refund_step, summed.refund_kind, summed.receipts, summed.refund_rest),
            ('refund', 'second', null, summed.ledger_refunds, summed.ledger_refund),
            ('tax', 'first', null, summed.receipt_taxed, summed.receipt_tax),
            ('tax', summed.tax_step, coalesce(summed.tax_kind, summed.payment_kind), summed.receipts,
                summed.tax_rest),
            ('tax', 'second', null, summed.ledger_taxed, summed.ledger_tax),
            ('payout', 'first', null, summed.sales, summed.ledger_sale),
            ('payout', 'refunds', null, summed.sales_refunded, summed.sale_refunds),
            ('payout', 'etsy_tax', null, summed.sales_taxed, summed.sale_tax),
            ('payout', 'fees', null, summed.sales_with_fees, summed.sale_fees),
            ('payout', 'other', null, summed.sales_with_other, summed.sale_other),
            ('payout', 'not_paid_out', null, summed.sales_unsettled, summed.sale_unsettled),
            ('payout', 'unexplained', null, summed.payouts_off, summed.payout_rest),
            ('payout', 'second', null, summed.sales_settled, summed.sale_settled)
    ) as step (tie, name, kind, receipts, amount)
    where step.name is not null and step.receipts <> 0
)
select
    told.shop_id,
    told.currency,
    told.day,
    told.tie,
    told.step,
    told.kind,
    sum(told.receipts)::bigint as receipts,
    sum(told.amount) as amount
from told
group by told.shop_id, told.currency, told.day, told.tie, told.step, told.kind
order by told.shop_id, told.currency, told.day, told.tie, told.step, told.kind nulls first
