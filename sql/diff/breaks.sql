-- Finds the differences in money, and says of which kind each is. What is a matter of time is none: a receipt that this run
-- books, a payment of the last days, an invoice that is not made yet.
--
-- grain:  one row per shop, kind and receipt, ledger entry or entry for the books
-- params: $1 run_id bigint, $2 shop_ids bigint[], $3 now timestamptz
-- reads:  staging.receipt_money, staging.odoo_order, staging.money_entry, staging.etsy_ledger_entry,
--         staging.etsy_payment_adjustment,
--         staging.etsy_transaction, staging.etsy_order, staging.etsy_receipt, snapshot.watermark, snapshot.ledger_start,
--         snapshot.ledger_gap, snapshot.payment_wanted, journal.run, journal.run_end, journal.decision, shop.policy,
--         staging.book_entry, snapshot.odoo_entry, snapshot.odoo_currency
-- writes: diff.break
with money as (
    select
        money.*,
        10::numeric ^ -scale(money.receipt_total) * greatest(money.line_count, 1) as tolerance,
        -- what its invoices have to come to
        money.order_total + coalesce(money.order_tax_added, 0) as to_invoice,
        -- what its credit notes have to come to: without the tax that Etsy gives back itself, where the order leaves that out
        money.receipt_refunded - case
            when policy.etsy_tax <> 'left_out' then 0
            when coalesce(money.ledger_currency, money.currency) = money.currency then money.ledger_tax_back
            -- an account in another currency does not say how much of the tax went back
            when money.receipt_refunded >= money.receipt_total then money.receipt_tax
            else 0
        end as to_credit,
        -- a receipt that changed in the last days, or that is new, is still on its way
        money.changed_at < $3::timestamptz - interval '3 days' as has_had_time,
        policy.orders_from
    from staging.receipt_money as money
    join shop.policy on policy.shop_id = money.shop_id
    where money.run_id = $1 and money.shop_id = any($2)
),
-- a run that leaves orders out has no say on them: the last one that had
deciding as (
    select shop.shop_id, max(run.run_id) as run_id
    from unnest($2::bigint[]) as shop (shop_id)
    join journal.run on shop.shop_id = any(run.shop_ids) and 'orders' = any(run.subjects) and run.run_id <= $1
    left join journal.run_end on run_end.run_id = run.run_id
    where run.command in ('plan', 'run') and (run.run_id = $1 or run_end.exit_code in (0, 2, 3, 4))
    group by shop.shop_id
),
planned as (
    select decision.shop_id, decision.key, decision.decision, decision.reason
    from deciding
    join journal.decision
        on decision.run_id = deciding.run_id and decision.shop_id = deciding.shop_id and decision.subject = 'orders'
    where decision.decision <> 'act'
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
                -- it was there, a person has to decide, or it should long be there
                and (money.booked_total is not null or planned.key is not null or money.has_had_time)
                then 'missing_in_odoo'
            when money.order_id is null then null
            when money.order_currency <> money.currency then 'currency'
            when money.standing = 'cancelled' and money.order_state <> 'cancel'
                and (planned.key is not null or money.has_had_time) then 'cancelled_on_one_side'
            when money.standing = 'due' and money.order_state = 'cancel' then 'cancelled_on_one_side'
            when money.standing <> 'due' or money.order_total = money.order_expected then null
            -- an order with the tax in it, where the policy leaves it out, or the other way round
            when money.receipt_tax <> 0
                and abs(money.order_total - money.order_expected) = money.receipt_tax then 'tax'
            -- a tax of Odoo's on top
            when money.order_tax <> 0 and money.order_total - money.order_expected = money.order_tax then 'tax'
            when abs(money.order_total - money.order_expected) <= money.tolerance then 'rounding'
            when money.booked_total = money.order_expected then 'edited_by_hand'
            else 'total_differs'
        end as kind,
        money.receipt_id,
        money.received_at,
        money.currency,
        money.order_expected,
        money.order_total,
        case when money.order_state = 'cancel' then 0 else coalesce(money.order_total, 0) end
            - case when money.standing = 'cancelled' then 0 else money.order_expected end as off,
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
            when money.to_credit > 0 and money.ledger_refund <> 0
                and money.credited < money.to_credit - money.tolerance
                -- what was never invoiced need not be credited
                and money.invoiced - money.credited > money.to_invoice - money.to_credit + money.tolerance
                and money.received_at < $3::timestamptz - interval '14 days'
                and money.has_had_time
                then 'refund_not_credited'
            when money.invoiced - money.credited > money.to_invoice + money.tolerance then 'invoice_differs'
            when money.credited > money.to_credit + coalesce(money.order_tax_added, 0) + money.tolerance
                and money.invoiced - money.credited < money.to_invoice - money.to_credit - money.tolerance
                and money.invoiced >= money.to_invoice - money.tolerance then 'invoice_differs'
            when money.credited = 0 and money.invoiced <> money.to_invoice
                and abs(money.invoiced - money.to_invoice) <= money.tolerance then 'rounding'
        end as kind,
        money.receipt_id,
        money.received_at,
        money.currency,
        money.to_invoice,
        money.to_credit,
        money.invoiced,
        money.credited,
        money.order_id,
        money.order_name,
        money.country_iso
    from money
    where money.invoiced <> 0
),
-- an account in another currency than the receipts cannot be held against them
comparable as (
    select money.*, account.begins_at, account.proven_until
    from money
    join account on account.shop_id = money.shop_id
    where money.received_at >= account.begins_at
        and (money.ledger_currency is null or money.ledger_currency = money.currency)
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
    from comparable as money
    -- the entry follows the payment, which may take days
    where money.ledger_sale is not null or money.received_at < money.proven_until - interval '7 days'
),
refund_break as (
    select money.shop_id, money.receipt_id, money.received_at, money.currency, money.receipt_refunded, money.ledger_refund,
        money.country_iso
    from comparable as money
    where money.receipt_refunded <> money.ledger_refund
        -- one side shows it before the other
        and money.changed_at < money.proven_until - interval '2 days'
),
tax_break as (
    select money.shop_id, money.receipt_id, money.received_at, money.currency, money.receipt_tax, money.ledger_tax,
        money.country_iso
    from comparable as money
    where money.ledger_sale is not null and money.ledger_tax <> money.receipt_tax
),
first_known as (
    select receipt.shop_id, min(receipt.receipt_id) as receipt_id
    from staging.etsy_receipt as receipt
    where receipt.shop_id = any($2)
    group by receipt.shop_id
),
entry_break as (
    select
        entry.shop_id,
        case
            when entry.trouble = 'unknown_type' then 'unknown_ledger_type'
            when entry.trouble = 'unknown_unit' then 'unknown_unit'
            -- a payment that is not read yet is asked for by the next run, unless it was and cannot be read
            when entry.trouble <> 'unread_payment' or wanted.payment_id is null then 'unknown_reference'
        end as kind,
        entry.entry_id,
        entry.entered_at,
        entry.currency,
        coalesce(entry.amount, 0) as amount,
        entry.ledger_type as detail
    from staging.money_entry as entry
    join staging.etsy_ledger_entry as sent on sent.shop_id = entry.shop_id and sent.entry_id = entry.entry_id
    join shop.policy on policy.shop_id = entry.shop_id
    left join first_known on first_known.shop_id = entry.shop_id
    -- a tax on a fee names the fee, a correction names the payment that it corrects
    left join staging.etsy_ledger_entry as fee
        on fee.shop_id = entry.shop_id and fee.entry_id = nullif(sent.parent_entry_id, 0)
    left join staging.etsy_payment_adjustment as adjustment
        on adjustment.shop_id = entry.shop_id
        and coalesce(fee.reference_type, sent.reference_type) = 'payment_adjustment'
        and adjustment.payment_adjustment_id::text = coalesce(fee.reference_id, sent.reference_id)
    left join snapshot.payment_wanted as wanted
        on wanted.shop_id = entry.shop_id
        and wanted.payment_id::text
            = coalesce(adjustment.payment_id::text, fee.reference_id, sent.reference_id)
    where entry.shop_id = any($2)
        and entry.trouble is not null
        -- receipts from before the first that is booked are not there, and need not be
        and not (
            policy.orders_from is not null
            and (
                entry.trouble in ('unknown_transaction', 'unknown_adjustment')
                or entry.trouble = 'unknown_receipt' and sent.reference_id ~ '^[0-9]{1,18}$'
                    and sent.reference_id::bigint < first_known.receipt_id
            )
        )
),
chained as (
    select
        entry.shop_id, entry.entry_id, entry.entered_at, entry.currency, entry.balance,
        lag(entry.balance) over account + entry.amount as expected,
        lag(entry.entered_at) over account as entered_before
    from staging.money_entry as entry
    where entry.shop_id = any($2) and entry.amount is not null
    window account as (partition by entry.shop_id, entry.currency order by entry.sequence_number, entry.entry_id)
),
chain_break as (
    select chained.*
    from chained
    where chained.balance <> chained.expected
        -- what lies between is not read yet
        and not exists (
            select
            from snapshot.ledger_gap as gap
            where gap.shop_id = chained.shop_id
                and gap.gap_from <= chained.entered_at
                and gap.gap_until >= chained.entered_before
        )
),
-- what may be charged once for a thing
charge as (
    select
        entry.shop_id, entry.entry_id, entry.entered_at, entry.currency, entry.amount, entry.ledger_type, entry.class,
        entry.receipt_id, entry.transaction_id, entry.payment_id, entry.sequence_number
    from staging.money_entry as entry
    where entry.shop_id = any($2)
        and entry.class in ('sale', 'fee_transaction', 'fee_processing', 'fee_regulatory', 'etsy_tax')
        and entry.amount <> 0
        and entry.receipt_id is not null
),
-- few things are charged more than once, or given back
charged_again as (
    select charge.shop_id, charge.class, charge.receipt_id, charge.transaction_id, charge.payment_id,
        replace(lower(charge.ledger_type), '_refund', '') as type, abs(charge.amount) as amount,
        count(*) filter (where charge.ledger_type !~* 'refund') as charges,
        count(*) filter (where charge.ledger_type ~* 'refund') as given_back
    from charge
    group by 1, 2, 3, 4, 5, 6, 7
    having count(*) filter (where charge.ledger_type !~* 'refund') > 1
),
numbered as (
    select
        charge.*,
        -- a refund of the whole receipt gives a fee back without saying that it was one too many
        greatest(again.given_back - case when money.ledger_refund >= money.receipt_total then 1 else 0 end, 0) as given_back,
        row_number() over (
            partition by charge.shop_id, charge.class, charge.receipt_id, charge.transaction_id, charge.payment_id,
                lower(charge.ledger_type), charge.amount
            order by charge.sequence_number, charge.entry_id
        ) as place
    from charged_again as again
    join charge
        on charge.shop_id = again.shop_id
        and charge.class = again.class
        and charge.receipt_id = again.receipt_id
        and charge.transaction_id is not distinct from again.transaction_id
        and charge.payment_id is not distinct from again.payment_id
        and replace(lower(charge.ledger_type), '_refund', '') = again.type
        and abs(charge.amount) = again.amount
        and charge.ledger_type !~* 'refund'
    left join money on money.shop_id = charge.shop_id and money.receipt_id = charge.receipt_id
),
twice as (
    select numbered.*
    from numbered
    where numbered.place > 1 + numbered.given_back
),
-- entries for the books that are in Odoo, and do not come to what the payment account says of their days
booked_entry as (
    select
        policy.shop_id,
        there.external_id as entry_key,
        there.dated_on,
        coalesce(there.name, there.state) as called,
        there.debit,
        currency.name as currency
    from snapshot.odoo_entry as there
    join shop.policy
        on there.shop_id = policy.shop_id
        and policy.shop_id = any($2)
        and policy.books = 'draft'
    left join snapshot.odoo_currency as currency on currency.run_id = $1 and currency.id = there.currency_id
    where there.run_id = $1 and there.state <> 'cancel'
),
entry_differs as (
    select
        booked.shop_id,
        booked.entry_key,
        coalesce(due.dated_on, booked.dated_on)::timestamp at time zone 'UTC' as dated_at,
        coalesce(due.currency, booked.currency) as currency,
        due.total,
        booked.debit,
        booked.called
    from booked_entry as booked
    left join staging.book_entry as due
        on due.run_id = $1 and due.shop_id = booked.shop_id and due.entry_key = booked.entry_key
    where due.entry_key is null or booked.debit <> due.total or booked.currency <> due.currency
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
        case when invoice_break.kind = 'refund_not_credited' then invoice_break.to_credit
            else invoice_break.to_invoice - invoice_break.to_credit end,
        case when invoice_break.kind = 'refund_not_credited' then invoice_break.credited
            else invoice_break.invoiced - invoice_break.credited end,
        case when invoice_break.kind = 'refund_not_credited' then invoice_break.credited - invoice_break.to_credit
            else invoice_break.invoiced - invoice_break.credited - invoice_break.to_invoice + invoice_break.to_credit end,
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
    where entry_break.kind is not null
    union all
    select chain_break.shop_id, 'broken_chain', chain_break.entry_id::text, chain_break.entered_at, chain_break.currency,
        chain_break.balance, chain_break.expected, chain_break.balance - chain_break.expected, null, null, null, '', null
    from chain_break
    union all
    select twice.shop_id, 'charged_twice', twice.entry_id::text, twice.entered_at, twice.currency, twice.amount, null,
        twice.amount, twice.receipt_id, null, null, twice.ledger_type, null
    from twice
    union all
    select entry_differs.shop_id, 'entry_differs', entry_differs.entry_key, entry_differs.dated_at, entry_differs.currency,
        entry_differs.total, entry_differs.debit, entry_differs.debit - coalesce(entry_differs.total, 0), null, null, null,
        entry_differs.called, null
    from entry_differs
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
