-- Lays side by side what each place knows of a receipt's money: Etsy's receipt, the order in Odoo, its invoices and credit
-- notes, the payment account, the payouts.
--
-- grain:  one row per receipt
-- params: $1 run_id bigint, $2 shop_ids bigint[]
-- reads:  staging.etsy_receipt, staging.etsy_order, staging.odoo_order, snapshot.odoo_invoice, staging.money_entry,
--         staging.settlement, snapshot.odoo_sale_order, snapshot.odoo_read, journal.decision_state, journal.run
-- writes: staging.receipt_money
with settled_up_to as (
    select settlement.shop_id, settlement.currency, max(settlement.until_sequence) as sequence_number
    from staging.settlement
    where settlement.shop_id = any($2)
    group by settlement.shop_id, settlement.currency
),
ledger as (
    select
        entry.shop_id,
        entry.receipt_id,
        coalesce(min(entry.currency) filter (where entry.class = 'sale'), min(entry.currency)) as currency,
        sum(entry.amount) filter (where entry.class = 'sale') as sale,
        sum(-entry.amount) filter (where entry.class = 'refund') as refund,
        sum(-entry.amount) filter (where entry.class = 'etsy_tax' and entry.amount < 0) as tax,
        sum(entry.amount) filter (where entry.class = 'etsy_tax' and entry.amount > 0) as tax_back,
        sum(-entry.amount) filter (where entry.class in ('fee_transaction', 'fee_processing', 'fee_listing',
            'fee_regulatory', 'fee_other', 'vat_on_fees', 'ads', 'labels')) as fees,
        sum(entry.amount) filter (where entry.class in ('credit', 'deposit', 'adjustment', 'suspense')) as other,
        sum(entry.amount) filter (where entry.sequence_number <= settled_up_to.sequence_number) as settled,
        sum(entry.amount) filter (
            where entry.sequence_number > coalesce(settled_up_to.sequence_number, -1)
        ) as unsettled
    from staging.money_entry as entry
    left join settled_up_to on settled_up_to.shop_id = entry.shop_id and settled_up_to.currency = entry.currency
    where entry.shop_id = any($2) and entry.receipt_id is not null
    group by entry.shop_id, entry.receipt_id
),
invoice as (
    select
        invoice.order_id,
        sum(invoice.amount) filter (where invoice.move_type = 'out_invoice') as invoiced,
        sum(-invoice.amount) filter (where invoice.move_type = 'out_refund') as credited
    from snapshot.odoo_invoice as invoice
    where invoice.run_id = $1 and invoice.state = 'posted'
    group by invoice.order_id
),
-- the last time that we booked it, or saw it to be right, before Odoo was read: what was booked since cannot be there
booked as (
    select distinct on (done.shop_id, done.key)
        done.shop_id, done.key::bigint as receipt_id, done.odoo_total as total
    from journal.decision_state as done
    where done.shop_id = any($2)
        and done.subject = 'orders'
        and done.action = 'book_order'
        and done.state = 'applied'
        and done.key ~ '^[0-9]{1,18}$'
        and done.attempted_at < (select max(odoo_read.taken_at) from snapshot.odoo_read where odoo_read.run_id = $1)
    order by done.shop_id, done.key, done.attempt_id desc
)
insert into staging.receipt_money
    (run_id, shop_id, receipt_id, received_at, changed_at, currency, standing, is_paid, country_iso, line_count, receipt_total,
     receipt_tax, receipt_refunded, order_expected, order_id, order_name, order_state, order_copies, order_currency,
     order_total, order_tax_added, is_ours, booked_total, invoiced, credited, ledger_sale, ledger_refund, ledger_tax,
     ledger_tax_back, ledger_fees, ledger_other, settled, unsettled, ledger_currency, order_tax)
select
    $1,
    receipt.shop_id,
    receipt.receipt_id,
    receipt.created_at,
    coalesce(run.started_at, receipt.created_at),
    receipt.currency,
    asked.standing,
    receipt.is_paid,
    receipt.country_iso,
    asked.line_count,
    receipt.grandtotal,
    receipt.sales_tax + receipt.vat,
    receipt.refunded,
    asked.total,
    there.order_id,
    there.order_name,
    there.state,
    coalesce(there.copies, 0),
    there.currency,
    there.total,
    there.odoo_tax_added,
    coalesce(there.has_external_id, false),
    booked.total,
    coalesce(invoice.invoiced, 0),
    coalesce(invoice.credited, 0),
    ledger.sale,
    coalesce(ledger.refund, 0),
    coalesce(ledger.tax, 0),
    coalesce(ledger.tax_back, 0),
    coalesce(ledger.fees, 0),
    coalesce(ledger.other, 0),
    coalesce(ledger.settled, 0),
    coalesce(ledger.unsettled, 0),
    ledger.currency,
    in_odoo.amount_tax
from staging.etsy_receipt as receipt
join staging.etsy_order as asked on asked.shop_id = receipt.shop_id and asked.receipt_id = receipt.receipt_id
left join staging.odoo_order as there
    on there.run_id = $1 and there.shop_id = receipt.shop_id and there.receipt_id = receipt.receipt_id
left join snapshot.odoo_sale_order as in_odoo on in_odoo.run_id = $1 and in_odoo.id = there.order_id
left join invoice on invoice.order_id = there.order_id
left join booked on booked.shop_id = receipt.shop_id and booked.receipt_id = receipt.receipt_id
left join ledger on ledger.shop_id = receipt.shop_id and ledger.receipt_id = receipt.receipt_id
left join journal.run on run.run_id = receipt.changed_in_run
where receipt.shop_id = any($2)
