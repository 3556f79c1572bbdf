//! Journal entries to load, for the tests of them.

use serde_json::{Value, json};

use super::client::{BOT, Sandbox, execute, only};

pub(crate) const ENTRIES: &str = "select count(*) from account_move where move_type = 'entry'";
pub(crate) const EXTERNAL_IDS: &str = "select count(*) from ir_model_data where module = 'etsy'";
pub(crate) const BANK: i64 = 45;
pub(crate) const SALES: i64 = 27;
pub(crate) const FEES: i64 = 36;
pub(crate) const MISC: i64 = 3;

/// An entry to load: its lines are account, amount and balance.
pub(crate) struct Draft<'a> {
    pub(crate) name: &'a str,
    pub(crate) date: &'a str,
    pub(crate) journal: i64,
    pub(crate) currency: &'a Value,
    pub(crate) lines: &'a [(i64, &'a str, &'a str)],
}

pub(crate) fn columns(with_balance: bool) -> Value {
    let mut columns = vec![
        "id",
        "move_type",
        "journal_id/.id",
        "date",
        "ref",
        "currency_id/.id",
        "line_ids/id",
        "line_ids/account_id/.id",
        "line_ids/name",
        "line_ids/currency_id/.id",
        "line_ids/amount_currency",
    ];
    if with_balance {
        columns.push("line_ids/balance");
    }
    json!(columns)
}

impl Draft<'_> {
    pub(crate) fn rows(&self, with_balance: bool) -> Vec<Value> {
        let mut rows = Vec::new();
        for (place, (account, amount, balance)) in self.lines.iter().enumerate() {
            let mut row = vec![json!(""); 6];
            if place == 0 {
                row = vec![
                    json!(format!("etsy.{}", self.name)),
                    json!("entry"),
                    json!(self.journal.to_string()),
                    json!(self.date),
                    json!(format!("Payout {}", self.name)),
                    json!(self.currency.to_string()),
                ];
            }
            row.extend([
                json!(format!("etsy.{}_{place}", self.name)),
                json!(account.to_string()),
                json!(format!("line {place}")),
                json!(self.currency.to_string()),
                json!(amount),
            ]);
            if with_balance {
                row.push(json!(balance));
            }
            rows.push(json!(row));
        }
        rows
    }

    pub(crate) async fn load(&self, sandbox: &Sandbox) -> Value {
        sandbox.load("account.move", columns(true), json!(self.rows(true))).await
    }

    pub(crate) async fn load_without_balance(&self, sandbox: &Sandbox) -> Value {
        sandbox.load("account.move", columns(false), json!(self.rows(false))).await
    }
}

pub(crate) async fn currency(sandbox: &Sandbox, code: &str) -> Value {
    let found = sandbox
        .result("res.currency", "search_read", json!([[["name", "=", code]], ["name"]]))
        .await;
    found[0]["id"].clone()
}

/// A balanced draft in dollars in the journal for miscellaneous operations.
pub(crate) async fn ten_dollars(sandbox: &Sandbox, name: &str, date: &str, journal: i64) -> Value {
    let usd = currency(sandbox, "USD").await;
    let lines = [(BANK, "-10.00", "-10.00"), (SALES, "10.00", "10.00")];
    let draft = Draft { name, date, journal, currency: &usd, lines: &lines };
    let loaded = draft.load(sandbox).await;
    assert_eq!(loaded["messages"], json!([]));
    loaded["ids"][0].clone()
}

pub(crate) async fn lines_of(sandbox: &Sandbox, entry: &Value, fields: &[&str]) -> Value {
    let args = json!([[["move_id", "=", entry]], fields]);
    let found =
        sandbox.answer("account.move.line", "search_read", args, json!({"order": "id"})).await;
    let kept: Vec<Value> =
        found["result"].as_array().unwrap().iter().map(|line| only(line, fields)).collect();
    json!(kept)
}

pub(crate) async fn as_bot(sandbox: &Sandbox, method: &str, args: Value) -> Value {
    let call = json!(["odoo18", BOT, "secret", "account.move", method, args, {}]);
    sandbox.post(&execute(&call)).await.unwrap()
}

pub(crate) async fn run(sandbox: &Sandbox, statement: &str) {
    let (client, _connection) = sandbox.database().await;
    client.batch_execute(statement).await.unwrap();
}

pub(crate) fn refused(message: &str, last_row: u64) -> Value {
    json!({"ids": false, "nextrow": 0, "messages": [
        {"rows": {"from": 0, "to": last_row}, "record": 0, "type": "error", "message": message}]})
}

pub(crate) fn imbalance(name: &str, debits: &str, credits: &str, journal: &str) -> String {
    format!(
        "The move (Draft Entry (Payout {name})) is not balanced.\nThe total of debits equals $\u{a0}{debits} and the total \
         of credits equals $\u{a0}{credits}.\nYou might want to specify a default account on journal \"{journal}\" to \
         automatically balance each move."
    )
}
