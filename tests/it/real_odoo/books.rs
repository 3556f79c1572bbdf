//! The books in a real Odoo: drafts to the cent in three currencies, made once, and what bookkeepers do to them and to orders.

use std::collections::BTreeSet;

use etsy_odoo::sandbox::world::WorldSize;
use serde_json::{Value, json};

use super::{BOT, RealOffice, seed};

const ACCOUNTS: &str = "accounts=sale:121000,fees:620000,vat_on_fees:131000,payout:101701,adjustment:642000,\
     suspense:101402,carried_forward:101000";

/// What has to come to nothing in every entry: in its own currency, and in the company's.
const UNBALANCED: &str = "select count(*) from (
     select line.move_id from account_move_line as line
     join account_move as move on move.id = line.move_id and move.move_type = 'entry'
     group by line.move_id having sum(line.balance) <> 0 or sum(line.amount_currency) <> 0) as wrong";

impl RealOffice {
    /// Invoices every order that can be, and posts the invoices, as under Orders to Invoice.
    async fn invoice_all(&self) {
        let orders = self
            .execute("sale.order", "search", json!([[["invoice_status", "=", "to invoice"]]]))
            .await;
        let wizard = json!([{
            "advance_payment_method": "delivered", "consolidated_billing": false, "sale_order_ids": [[6, 0, orders]],
        }]);
        let wizard = self.execute("sale.advance.payment.inv", "create", wizard).await;
        self.execute("sale.advance.payment.inv", "create_invoices", json!([wizard])).await;
        let drafts = json!([[["move_type", "=", "out_invoice"], ["state", "=", "draft"]]]);
        let drafts = self.execute("account.move", "search", drafts).await;
        assert!(drafts.as_array().unwrap().len() > 20, "{drafts}");
        self.execute("account.move", "action_post", json!([drafts])).await;
    }

    /// Keys of breaks that the last search found, by kind.
    async fn breaks(&self) -> BTreeSet<(String, String)> {
        let query = "select kind, key from diff.break where run_id = (select max(run_id) from diff.break_search)";
        let rows = self.ours.client().await.query(query, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// The moves of our entries, oldest first, with their keys.
    async fn entries(&self) -> Vec<(i32, String)> {
        let query = "select res_id, name from ir_model_data where module = 'etsy' and model = 'account.move' order by 1";
        let rows = self.odoo.query(query, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    async fn lines(&self, entry: i32) -> Vec<Value> {
        let fields = json!([[["move_id", "=", entry]], ["amount_currency", "balance"]]);
        let lines = self.execute("account.move.line", "search_read", fields).await;
        lines.as_array().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn the_books_are_drafted_once_and_tie_to_real_invoices() {
    let seed = seed("books");
    let office = RealOffice::new(WorldSize { receipts: 120, listings: 40, shops: 3, seed }).await;
    for (name, ..) in office.shops().await {
        let policy = format!(
            "ledger_from=2023-01-01 books=draft books_from=2023-01-01 books_journal=MISC {ACCOUNTS}"
        );
        office.program.run(&format!("shop set {name} {policy}")).await.expect(0);
    }
    let checked = office.program.run("check").await.expect(78);
    assert!(
        checked.stdout.contains("may not create records of account.move"),
        "{}",
        checked.stdout
    );
    assert!(checked.stdout.contains("Invoicing/Invoicing"), "{}", checked.stdout);
    let user = office.execute("res.users", "search", json!([[["login", "=", BOT]]])).await;
    let group = office.record("account.group_account_invoice").await;
    office.execute("res.users", "write", json!([user, {"groups_id": [[4, group]]}])).await;

    office.program.run("run --full --allow-large-plan").await.expect(0);
    let (entries, moves) = (office.entries().await, "select count(*) from account_move");
    println!("{} entries", entries.len());
    assert!(entries.len() > 20);
    let posted = format!("{moves} where state <> 'draft'");
    assert_eq!((office.count(&posted).await, office.count(UNBALANCED).await), (0, 0));
    let there = office.count(moves).await;
    office.program.run("run --only ledger").await.expect(0);
    assert_eq!(office.count(moves).await, there, "made once");

    office.invoice_all().await;
    office.program.run("plan --only ledger").await.expect(0);
    assert_eq!(office.breaks().await, BTreeSet::new(), "invoices are as the orders are");

    let [first, second, third, ..] = entries.as_slice() else { panic!("three entries") };
    office.execute("account.move", "unlink", json!([first.0])).await;
    office.execute("account.move", "action_post", json!([second.0])).await;
    let lines = office.lines(third.0).await;
    let raised = |line: &Value| {
        let figure = |field: &str| line[field].as_f64().unwrap();
        let (amount, balance) = (figure("amount_currency"), figure("balance"));
        json!([1, line["id"], {
            "amount_currency": amount + amount.signum(), "balance": balance + balance.signum(),
        }])
    };
    let side = |is_debit: bool| {
        let of = |line: &&Value| (line["amount_currency"].as_f64().unwrap() > 0.0) == is_debit;
        lines.iter().find(of).map(raised).unwrap()
    };
    let change = json!([third.0, {"line_ids": [side(true), side(false)]}]);
    office.execute("account.move", "write", change).await;
    office.program.run("plan --only ledger").await.expect(0);
    let expected = BTreeSet::from([("entry_differs".to_owned(), third.1.clone())]);
    assert_eq!(office.breaks().await, expected);
    let listed = office.program.run("report entries").await.expect(0).stdout;
    assert!(listed.contains("made once, and deleted in Odoo"), "{listed}");
    assert!(listed.contains("posted in Odoo as MISC/"), "{listed}");
}
