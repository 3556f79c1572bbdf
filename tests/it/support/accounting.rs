//! What accountants and others do in Odoo, done in SQL: orders entered by the thousand, invoices, credit notes, and mistakes.

use etsy_odoo::domain::RunId;
use futures_util::{SinkExt as _, TryStreamExt as _};
use rust_decimal::Decimal;
use tokio_postgres::Client;

use super::House;

/// The databases of a house, opened by somebody who may do anything.
pub(crate) struct Accounting {
    pub(crate) ours: Client,
    pub(crate) odoo: Client,
}

impl Accounting {
    pub(crate) async fn of(house: &House) -> Self {
        Self { ours: house.ours.client().await, odoo: house.odoo_database.client().await }
    }

    /// Enters every order that a plan would book, in a moment and as it would be booked, and writes down that it was.
    pub(crate) async fn book(&self, plan: RunId) -> u64 {
        self.carry(
            &format!(
                "select asked.shop_id, asked.receipt_id, asked.ordered_at at time zone 'UTC', asked.currency, asked.total
                 from staging.etsy_order as asked
                 join journal.decision on decision.run_id = {plan} and decision.shop_id = asked.shop_id
                     and decision.key = asked.receipt_id::text and decision.action = 'book_order'"
            ),
            "to_book",
            "shop_id bigint, receipt_id bigint, ordered_at timestamp, currency text, total numeric",
        )
        .await;
        self.carry(
            "select line.receipt_id, line.line_key, line.quantity, line.price_unit, line.is_delivery,
                 line.transaction_id
             from staging.etsy_order_line as line where line.display_type is null",
            "to_book_line",
            "receipt_id bigint, line_key text, quantity numeric, price_unit numeric, is_delivery boolean,
                 transaction_id bigint",
        )
        .await;
        let booked = self.odoo.execute(BOOK, &[]).await.unwrap();
        self.odoo.batch_execute(BOOK_LINES).await.unwrap();
        let said = format!(
            "with announced as (
                 insert into journal.attempt (run_id, decision_no, applied_by, batch, attempted_at)
                 select decision.run_id, decision.decision_no, decision.run_id, 1, run.started_at
                 from journal.decision join journal.run on run.run_id = decision.run_id
                 where decision.run_id = {plan} and decision.action = 'book_order'
                 returning attempt_id, decision_no
             )
             insert into journal.outcome (attempt_id, outcome, odoo_total, recorded_at)
             select announced.attempt_id, 'applied', asked.total, now()
             from announced
             join journal.decision on decision.run_id = {plan} and decision.decision_no = announced.decision_no
             join staging.etsy_order as asked
                 on asked.shop_id = decision.shop_id and asked.receipt_id::text = decision.key"
        );
        self.ours.batch_execute(&said).await.unwrap();
        booked
    }

    /// Rows of ours, into a table that lasts as long as the connection to Odoo's database.
    async fn carry(&self, query: &str, table: &str, columns: &str) {
        let made =
            format!("drop table if exists {table}; create temporary table {table} ({columns})");
        self.odoo.batch_execute(&made).await.unwrap();
        let rows: Vec<bytes::Bytes> = self
            .ours
            .copy_out(&format!("copy ({query}) to stdout (format binary)"))
            .await
            .unwrap()
            .try_collect()
            .await
            .unwrap();
        let sink =
            self.odoo.copy_in(&format!("copy {table} from stdin (format binary)")).await.unwrap();
        let mut sink = std::pin::pin!(sink);
        for chunk in rows.chunks(200) {
            sink.send(bytes::Bytes::from(chunk.concat())).await.unwrap();
        }
        sink.finish().await.unwrap();
    }

    /// Invoices every order whole that is not invoiced, and posts it.
    pub(crate) async fn invoice_all(&self) -> u64 {
        self.odoo.execute(INVOICE, &[]).await.unwrap()
    }

    /// Makes a credit note for a part of an invoiced order, and posts it.
    pub(crate) async fn credit(&self, receipt: i64, amount: Decimal) {
        self.document(receipt, "out_refund", "posted", amount).await;
    }

    /// Makes an invoice or credit note over an amount, on the first line of a receipt's order.
    pub(crate) async fn document(&self, receipt: i64, kind: &str, state: &str, amount: Decimal) {
        let made = self
            .odoo
            .execute(DOCUMENT, &[&receipt.to_string(), &kind, &state, &amount])
            .await
            .unwrap();
        assert_eq!(made, 1, "an order of receipt {receipt}");
    }

    /// Changes the order of a receipt behind everybody's back; `$1` is its number, as text.
    pub(crate) async fn tamper(&self, receipt: i64, statement: &str) {
        let changed = self.odoo.execute(statement, &[&receipt.to_string()]).await.unwrap();
        assert!(changed > 0, "{statement} of {receipt}");
    }

    /// What a receipt's credit notes have to come to, for all that are refunded and have an order.
    pub(crate) async fn refunded(&self, run: RunId) -> Vec<(i64, Decimal)> {
        self.ours
            .query(
                "select receipt_id, receipt_refunded - ledger_tax_back as amount
                 from staging.receipt_money
                 where run_id = $1 and receipt_refunded > 0 and ledger_refund > 0 and standing = 'due'
                 order by receipt_id",
                &[&run.0],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get("receipt_id"), row.get("amount")))
            .collect()
    }
}

const BOOK: &str = "
with booked as (
    insert into sale_order (company_id, partner_id, partner_invoice_id, partner_shipping_id, currency_id, name, state,
        client_order_ref, date_order, picking_policy, amount_untaxed, amount_tax, amount_total, invoice_status,
        x_etsy_receipt_id, x_etsy_shop)
    select 1, 1, 1, 1, currency.id, 'E' || to_book.receipt_id, 'sale', to_book.receipt_id::text, to_book.ordered_at,
        'direct', to_book.total, 0, to_book.total, 'to invoice', to_book.receipt_id::text, to_book.shop_id::text
    from to_book
    join res_currency as currency on currency.name = to_book.currency
    returning id, x_etsy_receipt_id
)
insert into ir_model_data (res_id, noupdate, name, module, model)
select booked.id, true, 'receipt_' || booked.x_etsy_receipt_id, 'etsy', 'sale.order' from booked";

const BOOK_LINES: &str = "
insert into sale_order_line (order_id, sequence, product_id, product_uom, name, product_uom_qty, price_unit, discount,
    price_subtotal, price_tax, price_total, customer_lead, is_delivery, x_etsy_transaction_id)
select booked.id, 10, (select min(id) from product_product), (select min(id) from uom_uom), line.line_key, line.quantity,
    line.price_unit, 0, line.quantity * line.price_unit, 0, line.quantity * line.price_unit, 0, line.is_delivery,
    line.transaction_id::text
from to_book_line as line
join sale_order as booked on booked.x_etsy_receipt_id = line.receipt_id::text
where not exists (select from sale_order_line where sale_order_line.order_id = booked.id)";

const INVOICE: &str = "
with invoiced as (
    insert into account_move (company_id, partner_id, currency_id, name, state, move_type, payment_state, invoice_origin,
        date, invoice_date, amount_total)
    select 1, 1, booked.currency_id, 'INV/' || booked.id, 'posted', 'out_invoice', 'not_paid', booked.name,
        booked.date_order::date, booked.date_order::date, booked.amount_total
    from sale_order as booked
    where booked.x_etsy_receipt_id is not null and booked.invoice_status = 'to invoice' and booked.state = 'sale'
    returning id, invoice_origin, currency_id
),
line as (
    select nextval('account_move_line_id_seq')::integer as id, invoiced.id as move_id, invoiced.currency_id,
        order_line.id as order_line_id, order_line.name, order_line.product_uom_qty, order_line.price_total
    from invoiced
    join sale_order as booked on booked.name = invoiced.invoice_origin
    join sale_order_line as order_line on order_line.order_id = booked.id
),
written as (
    insert into account_move_line (id, move_id, currency_id, name, display_type, quantity, price_total)
    select id, move_id, currency_id, name, 'product', product_uom_qty, price_total from line
),
linked as (
    insert into sale_order_line_invoice_rel (invoice_line_id, order_line_id) select id, order_line_id from line
)
update sale_order as booked set invoice_status = 'invoiced' from invoiced where invoiced.invoice_origin = booked.name";

const DOCUMENT: &str = "
with line as (
    select order_line.id, booked.currency_id, booked.name
    from sale_order as booked
    join sale_order_line as order_line on order_line.order_id = booked.id
    where booked.x_etsy_receipt_id = $1::text
    order by booked.id, order_line.id
    limit 1
),
made as (
    insert into account_move (company_id, partner_id, currency_id, name, state, move_type, invoice_origin, date,
        invoice_date, amount_total)
    select 1, 1, line.currency_id, 'DOC/' || $1::text, $3::text, $2::text, line.name, current_date, current_date, $4::numeric
    from line
    returning id, currency_id
),
written as (
    insert into account_move_line (move_id, currency_id, name, display_type, quantity, price_total)
    select made.id, made.currency_id, 'by hand', 'product', 1, $4::numeric from made
    returning id
)
insert into sale_order_line_invoice_rel (invoice_line_id, order_line_id)
select written.id, line.id from written, line";
