//! Journal entries: what a real Odoo 18 said to the same calls.

use serde_json::{Value, json};

use super::client::{BOT, Sandbox, execute, only};

const ENTRIES: &str = "select count(*) from account_move where move_type = 'entry'";
const EXTERNAL_IDS: &str = "select count(*) from ir_model_data where module = 'etsy'";
const BANK: i64 = 45;
const SALES: i64 = 27;
const FEES: i64 = 36;
const MISC: i64 = 3;

/// An entry to load: its lines are account, amount and balance.
struct Draft<'a> {
    name: &'a str,
    date: &'a str,
    journal: i64,
    currency: &'a Value,
    lines: &'a [(i64, &'a str, &'a str)],
}

fn columns(with_balance: bool) -> Value {
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
    fn rows(&self, with_balance: bool) -> Vec<Value> {
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

    async fn load(&self, sandbox: &Sandbox) -> Value {
        sandbox.load("account.move", columns(true), json!(self.rows(true))).await
    }

    async fn load_without_balance(&self, sandbox: &Sandbox) -> Value {
        sandbox.load("account.move", columns(false), json!(self.rows(false))).await
    }
}

async fn currency(sandbox: &Sandbox, code: &str) -> Value {
    let found = sandbox
        .result("res.currency", "search_read", json!([[["name", "=", code]], ["name"]]))
        .await;
    found[0]["id"].clone()
}

/// A balanced draft in dollars in the journal for miscellaneous operations.
async fn ten_dollars(sandbox: &Sandbox, name: &str, date: &str, journal: i64) -> Value {
    let usd = currency(sandbox, "USD").await;
    let lines = [(BANK, "-10.00", "-10.00"), (SALES, "10.00", "10.00")];
    let draft = Draft { name, date, journal, currency: &usd, lines: &lines };
    let loaded = draft.load(sandbox).await;
    assert_eq!(loaded["messages"], json!([]));
    loaded["ids"][0].clone()
}

async fn lines_of(sandbox: &Sandbox, entry: &Value, fields: &[&str]) -> Value {
    let args = json!([[["move_id", "=", entry]], fields]);
    let found =
        sandbox.answer("account.move.line", "search_read", args, json!({"order": "id"})).await;
    let kept: Vec<Value> =
        found["result"].as_array().unwrap().iter().map(|line| only(line, fields)).collect();
    json!(kept)
}

async fn as_bot(sandbox: &Sandbox, method: &str, args: Value) -> Value {
    let call = json!(["odoo18", BOT, "secret", "account.move", method, args, {}]);
    sandbox.post(&execute(&call)).await.unwrap()
}

async fn run(sandbox: &Sandbox, statement: &str) {
    let (client, _connection) = sandbox.database().await;
    client.batch_execute(statement).await.unwrap();
}

fn refused(message: &str, last_row: u64) -> Value {
    json!({"ids": false, "nextrow": 0, "messages": [
        {"rows": {"from": 0, "to": last_row}, "record": 0, "type": "error", "message": message}]})
}

fn imbalance(name: &str, debits: &str, credits: &str, journal: &str) -> String {
    format!(
        "The move (Draft Entry (Payout {name})) is not balanced.\nThe total of debits equals $\u{a0}{debits} and the total \
         of credits equals $\u{a0}{credits}.\nYou might want to specify a default account on journal \"{journal}\" to \
         automatically balance each move."
    )
}

#[tokio::test]
async fn a_loaded_entry_is_a_draft_and_a_repeated_load_touches_nothing() {
    let sandbox = Sandbox::start().await;
    let usd = currency(&sandbox, "USD").await;
    let lines = [(BANK, "-10.00", "-10.00"), (SALES, "12.50", "12.50"), (FEES, "-2.50", "-2.50")];
    let draft =
        Draft { name: "a", date: "2026-10-31", journal: MISC, currency: &usd, lines: &lines };
    let loaded = draft.load(&sandbox).await;
    assert_eq!((&loaded["messages"], &loaded["nextrow"]), (&json!([]), &json!(0)));
    let id = loaded["ids"][0].clone();
    let fields = [
        "name",
        "state",
        "move_type",
        "date",
        "ref",
        "display_name",
        "currency_id",
        "company_id",
        "company_currency_id",
        "journal_id",
        "auto_post",
        "payment_state",
        "amount_total",
        "amount_total_signed",
        "amount_total_in_currency_signed",
        "amount_untaxed",
        "partner_id",
        "invoice_date",
    ];
    let read = sandbox.result("account.move", "read", json!([[id], fields])).await;
    assert_eq!(
        only(&read[0], &fields),
        json!({"name": false, "state": "draft", "move_type": "entry", "date": "2026-10-31", "ref": "Payout a",
            "display_name": "Draft Entry (Payout a)", "currency_id": [usd, "USD"], "company_id": [1, "My Company"],
            "company_currency_id": [usd, "USD"], "journal_id": [3, "Miscellaneous Operations"], "auto_post": "no",
            "payment_state": "not_paid", "amount_total": 12.5, "amount_total_signed": 12.5,
            "amount_total_in_currency_signed": 12.5, "amount_untaxed": 0.0, "partner_id": false, "invoice_date": false})
    );
    let fields = [
        "name",
        "account_id",
        "amount_currency",
        "balance",
        "debit",
        "credit",
        "currency_id",
        "parent_state",
        "date",
        "ref",
        "sequence",
        "display_type",
        "quantity",
        "price_total",
        "display_name",
        "move_type",
    ];
    assert_eq!(
        lines_of(&sandbox, &id, &fields).await[0],
        json!({"name": "line 0", "account_id": [45, "101401 Bank"], "amount_currency": -10.0, "balance": -10.0,
            "debit": 0.0, "credit": 10.0, "currency_id": [usd, "USD"], "parent_state": "draft", "date": "2026-10-31",
            "ref": "Payout a", "sequence": 100, "display_type": "product", "quantity": 1.0, "price_total": -10.0,
            "display_name": "(Payout a) line 0", "move_type": "entry"})
    );
    assert_eq!(sandbox.count(EXTERNAL_IDS).await, 4);
    let written = "select extract(epoch from max(write_date))::bigint from account_move";
    let before = sandbox.count(written).await;
    sandbox.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(draft.load(&sandbox).await, loaded);
    assert_eq!((sandbox.count(written).await, sandbox.count(ENTRIES).await), (before, 1));
    assert_eq!(sandbox.count("select count(*) from account_move_line").await, 3);
}

#[tokio::test]
async fn a_balance_that_is_given_stays_and_one_that_is_not_is_converted_line_by_line() {
    let sandbox = Sandbox::start().await;
    let (eur, jpy) = (currency(&sandbox, "EUR").await, currency(&sandbox, "JPY").await);
    let fields = ["amount_currency", "balance", "debit", "credit"];
    let lines =
        [(BANK, "-100.00", "-111.12"), (SALES, "50.00", "55.56"), (SALES, "50.00", "55.56")];
    let draft =
        Draft { name: "b", date: "2026-10-31", journal: MISC, currency: &eur, lines: &lines };
    let id = draft.load(&sandbox).await["ids"][0].clone();
    assert_eq!(
        lines_of(&sandbox, &id, &fields).await[0],
        json!({"amount_currency": -100.0, "balance": -111.12, "debit": 0.0, "credit": 111.12})
    );
    let totals = json!([[id], ["amount_total", "amount_total_signed"]]);
    let read = sandbox.result("account.move", "read", totals).await;
    assert_eq!(read[0], json!({"id": id, "amount_total": 100.0, "amount_total_signed": 111.12}));
    // digits beyond those of the currencies are rounded away
    let lines = [(BANK, "-1000.4", "-6.672"), (SALES, "333.4", "2.222"), (SALES, "667", "4.45")];
    let draft =
        Draft { name: "j", date: "2026-10-31", journal: MISC, currency: &jpy, lines: &lines };
    let id = draft.load(&sandbox).await["ids"][0].clone();
    let kept = "select string_agg(concat_ws('|', amount_currency, balance), ' ' order by id) = \
        '-1000|-6.67 333|2.22 667|4.45' from account_move_line where move_id = $1";
    let (client, _connection) = sandbox.database().await;
    let entry = i32::try_from(id.as_i64().unwrap()).unwrap();
    assert!(client.query_one(kept, &[&entry]).await.unwrap().get::<_, bool>(0));
    // 111.11 on one side, 11.17 twice and 88.78 on the other
    let lines =
        [(BANK, "-100.00", ""), (SALES, "10.05", ""), (SALES, "10.05", ""), (SALES, "79.90", "")];
    let draft =
        Draft { name: "e", date: "2026-10-31", journal: MISC, currency: &eur, lines: &lines };
    let said = format!(
        "An error has occurred.\n\n{}",
        imbalance("e", "111.12", "111.11", "Miscellaneous Operations")
    );
    assert_eq!(draft.load_without_balance(&sandbox).await, refused(&said, 3));
    let lines = [(BANK, "-9.00", ""), (SALES, "9.00", "")];
    let draft =
        Draft { name: "e2", date: "2026-10-31", journal: MISC, currency: &eur, lines: &lines };
    let id = draft.load_without_balance(&sandbox).await["ids"][0].clone();
    assert_eq!(
        lines_of(&sandbox, &id, &["balance"]).await,
        json!([{"balance": -10.0}, {"balance": 10.0}])
    );
}

#[tokio::test]
async fn of_amount_and_balance_the_amount_decides_in_the_currency_of_the_company() {
    let sandbox = Sandbox::start().await;
    let (usd, eur) = (currency(&sandbox, "USD").await, currency(&sandbox, "EUR").await);
    let load = async |name: &str, currency: &Value, lines: &[(i64, &str, &str)]| {
        Draft { name, date: "2026-10-31", journal: MISC, currency, lines }.load(&sandbox).await
    };
    let fields = ["amount_currency", "balance"];
    let line = |amount: f64, balance: f64| json!({"amount_currency": amount, "balance": balance});
    let made = load("o", &usd, &[(BANK, "-10.00", "-9.00"), (SALES, "10.00", "9.00")]).await;
    let kept = lines_of(&sandbox, &made["ids"][0], &fields).await;
    assert_eq!(kept, json!([line(-10.0, -10.0), line(10.0, 10.0)]));
    let made = load("o1", &usd, &[(BANK, "", "-10.00"), (SALES, "", "10.00")]).await;
    let kept = lines_of(&sandbox, &made["ids"][0], &fields).await;
    assert_eq!(kept, json!([line(0.0, 0.0), line(0.0, 0.0)]));
    // an empty cell is a balance of nothing
    let made = load("o2", &eur, &[(BANK, "-10.00", ""), (SALES, "10.00", "")]).await;
    let kept = lines_of(&sandbox, &made["ids"][0], &fields).await;
    assert_eq!(kept, json!([line(-10.0, 0.0), line(10.0, 0.0)]));
    let said = format!(
        "An error has occurred.\n\n{}",
        imbalance("o3", "10.00", "0.00", "Miscellaneous Operations")
    );
    let half = load("o3", &eur, &[(BANK, "-10.00", ""), (SALES, "10.00", "10.00")]).await;
    assert_eq!(half, refused(&said, 1));
    let crossed = load("o4", &eur, &[(BANK, "-10.00", "10.00"), (SALES, "10.00", "-10.00")]).await;
    let said = "new row for relation \"account_move_line\" violates check constraint \
        \"account_move_line_check_amount_currency_balance_sign\"\nDETAIL:  Failing row contains (";
    assert!(crossed["messages"][0]["message"].as_str().unwrap().starts_with(said), "{crossed}");
}

#[tokio::test]
async fn entries_that_are_not_balanced_are_refused_one_by_one_and_together() {
    let sandbox = Sandbox::start().await;
    let usd = currency(&sandbox, "USD").await;
    let draft =
        |name, lines| Draft { name, date: "2026-10-31", journal: MISC, currency: &usd, lines };
    let good = draft("x4", &[(BANK, "-10.00", "-10.00"), (SALES, "10.00", "10.00")]);
    let large = draft("x5", &[(BANK, "-1234567.00", "-1234567.00"), (SALES, "9.50", "9.50")]);
    let second = imbalance("x5", "9.50", "1,234,567.00", "Miscellaneous Operations");
    let about = |from: u64, record: u64, text: &str| {
        json!({"rows": {"from": from, "to": from + 1}, "record": record, "type": "error",
            "message": format!("An error has occurred.\n\n{text}")})
    };
    let rows: Vec<Value> = good.rows(true).into_iter().chain(large.rows(true)).collect();
    let answer = sandbox.load("account.move", columns(true), json!(rows)).await;
    assert_eq!(
        answer,
        json!({"ids": false, "nextrow": 0, "messages": [about(0, 0, &second), about(2, 1, &second)]})
    );
    let bad = draft("x4", &[(BANK, "-11.00", "-11.00"), (SALES, "10.00", "10.00")]);
    let first = imbalance("x4", "10.00", "11.00", "Miscellaneous Operations");
    let rows: Vec<Value> = bad.rows(true).into_iter().chain(large.rows(true)).collect();
    let answer = sandbox.load("account.move", columns(true), json!(rows)).await;
    let both = format!("{first}\n\n{second}");
    assert_eq!(
        answer["messages"],
        json!([about(0, 0, &both), about(0, 0, &first), about(2, 1, &second)])
    );
    // a default account of the journal changes nothing, whatever the message says
    let lines = [(BANK, "-10.00", "-10.00"), (FEES, "9.50", "9.50")];
    let bank = Draft { name: "u6", date: "2026-10-31", journal: 6, currency: &usd, lines: &lines };
    let said = format!("An error has occurred.\n\n{}", imbalance("u6", "9.50", "10.00", "Bank"));
    assert_eq!(bank.load(&sandbox).await, refused(&said, 1));
    assert_eq!((sandbox.count(ENTRIES).await, sandbox.count(EXTERNAL_IDS).await), (0, 0));
}

#[tokio::test]
async fn what_an_entry_names_has_to_exist_and_to_be_given() {
    let sandbox = Sandbox::start().await;
    let usd = currency(&sandbox, "USD").await;
    let lines = [(BANK, "-10.00", "-10.00"), (99999, "10.00", "10.00")];
    let draft =
        Draft { name: "x6", date: "2026-10-31", journal: MISC, currency: &usd, lines: &lines };
    assert_eq!(
        draft.load(&sandbox).await,
        json!({"ids": false, "nextrow": 0, "messages": [{
            "rows": {"from": 0, "to": 1}, "type": "error", "record": 0, "field": "line_ids",
            "message": "No matching record found for database id '99999' in field 'Journal Items/Account'",
            "moreinfo": {"name": "Possible Values", "type": "ir.actions.act_window", "target": "new",
                "view_mode": "list,form", "views": [[false, "list"], [false, "form"]], "context": {"create": false},
                "help": "See all possible values", "res_model": "ir.model.data",
                "domain": [["model", "=", "account.account"]]},
            "field_name": "Journal Items"}]})
    );
    let lines = [(BANK, "-10.00", "-10.00"), (SALES, "10.00", "10.00")];
    let elsewhere =
        Draft { name: "x7", date: "2026-10-31", journal: 99, currency: &usd, lines: &lines };
    let said = "No matching record found for database id '99' in field 'Journal'";
    assert_eq!(elsewhere.load(&sandbox).await["messages"][0]["message"], said);
    for (place, field, label) in
        [(2, "journal_id", "Journal"), (3, "date", "Date"), (5, "currency_id", "Currency")]
    {
        let draft =
            Draft { name: "x10", date: "2026-10-31", journal: MISC, currency: &usd, lines: &lines };
        let mut rows = draft.rows(true);
        rows[0][place] = json!("");
        let answer = sandbox.load("account.move", columns(true), json!(rows)).await;
        assert_eq!(
            answer["messages"],
            json!([{"rows": {"from": 0, "to": 1}, "record": 0, "type": "error", "field": field,
                "message": format!("Missing required value for the field '{label}' ({field})")}])
        );
    }
    let mut rows = draft.rows(true);
    rows[1][7] = json!("");
    let answer = sandbox.load("account.move", columns(true), json!(rows)).await;
    let said = "new row for relation \"account_move_line\" violates check constraint \
        \"account_move_line_check_accountable_required_fields\"\nDETAIL:  Failing row contains (";
    assert!(answer["messages"][0]["message"].as_str().unwrap().starts_with(said), "{answer}");
    let nonsense = json!([["etsy.x27", "nonsense", "r", "45", "-10"]]);
    let answer = sandbox
        .load(
            "account.move",
            json!([
                "id",
                "move_type",
                "ref",
                "line_ids/account_id/.id",
                "line_ids/amount_currency"
            ]),
            nonsense,
        )
        .await;
    assert_eq!(
        answer["messages"][0],
        json!({"rows": {"from": 0, "to": 0}, "type": "error", "record": 0, "field": "move_type",
            "message": "Value 'nonsense' not found in selection field 'Type'", "field_name": "Type",
            "moreinfo": ["Journal Entry", "Customer Invoice", "Customer Credit Note", "Vendor Bill",
                "Vendor Credit Note", "Sales Receipt", "Purchase Receipt"]})
    );
    assert_eq!(answer["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_account_may_be_closed_or_kept_in_one_currency() {
    let sandbox = Sandbox::start().await;
    let (usd, eur) = (currency(&sandbox, "USD").await, currency(&sandbox, "EUR").await);
    run(&sandbox, "update account_account set deprecated = true where id = 42").await;
    let lines = [(42, "-10.00", "-10.00"), (SALES, "9.00", "9.00")];
    let draft =
        Draft { name: "d", date: "2026-10-31", journal: MISC, currency: &usd, lines: &lines };
    let said = "The account Sales Expenses (962000) is deprecated.";
    assert_eq!(draft.load(&sandbox).await, refused(said, 1));
    run(
        &sandbox,
        "update account_account set deprecated = false, \
         currency_id = (select id from res_currency where name = 'EUR') where id = 42",
    )
    .await;
    let said = "The account selected on your journal entry forces to provide a secondary currency. You should remove the \
        secondary currency on the account.";
    let lines = [(42, "-10.00", "-10.00"), (SALES, "10.00", "10.00")];
    let draft =
        Draft { name: "d", date: "2026-10-31", journal: MISC, currency: &usd, lines: &lines };
    assert_eq!(draft.load(&sandbox).await, refused(said, 1));
    let lines = [(42, "-10.00", "-11.11"), (SALES, "10.00", "11.11")];
    let draft =
        Draft { name: "d", date: "2026-10-31", journal: MISC, currency: &eur, lines: &lines };
    assert_eq!(draft.load(&sandbox).await["messages"], json!([]));
}

#[tokio::test]
async fn what_is_not_given_is_the_currency_of_the_company_and_the_first_general_journal_today() {
    let sandbox = Sandbox::start().await;
    let (usd, eur) = (currency(&sandbox, "USD").await, currency(&sandbox, "EUR").await);
    let columns =
        json!(["id", "ref", "line_ids/id", "line_ids/account_id/.id", "line_ids/amount_currency"]);
    let rows = json!([
        ["etsy.dflt", "r", "etsy.dflt_0", "45", "-10"],
        ["", "", "etsy.dflt_1", "27", "10"]
    ]);
    let id = sandbox.load("account.move", columns, rows).await["ids"][0].clone();
    let fields = ["journal_id", "date", "move_type", "currency_id"];
    let read = sandbox.result("account.move", "read", json!([[id], fields])).await;
    assert_eq!(
        only(&read[0], &fields),
        json!({"journal_id": [3, "Miscellaneous Operations"], "date": "2026-11-23", "move_type": "entry",
            "currency_id": [usd, "USD"]})
    );
    assert_eq!(lines_of(&sandbox, &id, &["name"]).await[0]["name"], false);
    // a line does not take the entry's currency over, and either side may be given alone
    let entry = json!([{"ref": "by create", "currency_id": eur, "line_ids": [
        [0, 0, {"account_id": 45, "amount_currency": -5, "name": "a"}], [0, 0, {"account_id": 27, "debit": 5}]]}]);
    let id = sandbox.result("account.move", "create", entry).await;
    let fields = ["currency_id", "amount_currency", "balance"];
    let line = |amount: f64| json!({"currency_id": [usd, "USD"], "amount_currency": amount, "balance": amount});
    assert_eq!(lines_of(&sandbox, &id, &fields).await, json!([line(-5.0), line(5.0)]));
    // accounts and journals are found by code and by name
    let columns = json!([
        "id",
        "journal_id",
        "line_ids/id",
        "line_ids/account_id",
        "line_ids/amount_currency"
    ]);
    let rows = json!([
        ["etsy.n", "MISC", "etsy.n_0", "101401", "-10"],
        ["", "", "etsy.n_1", "400000 Product Sales", "10"]
    ]);
    let id = sandbox.load("account.move", columns, rows).await["ids"][0].clone();
    assert_eq!(
        lines_of(&sandbox, &id, &["account_id"]).await,
        json!([{"account_id": [45, "101401 Bank"]}, {"account_id": [27, "400000 Product Sales"]}])
    );
}

#[tokio::test]
async fn a_draft_is_deleted_with_its_lines_and_external_ids_and_a_posted_entry_is_not() {
    let sandbox = Sandbox::start().await;
    let posted = ten_dollars(&sandbox, "p1", "2026-10-31", MISC).await;
    let draft = ten_dollars(&sandbox, "p2", "2026-10-31", MISC).await;
    assert_eq!(as_bot(&sandbox, "action_post", json!([[posted]])).await["result"], false);
    let said = "You can't delete a posted journal item. Don\u{2019}t play games with your accounting records; reset the \
        journal entry to draft before deleting it.";
    let both = as_bot(&sandbox, "unlink", json!([[draft, posted]])).await;
    assert_eq!(Sandbox::refusal(&both), ("odoo.exceptions.UserError", said));
    assert_eq!((sandbox.count(ENTRIES).await, sandbox.count(EXTERNAL_IDS).await), (2, 6));
    assert_eq!(as_bot(&sandbox, "unlink", json!([[draft]])).await["result"], true);
    assert_eq!((sandbox.count(ENTRIES).await, sandbox.count(EXTERNAL_IDS).await), (1, 3));
    assert_eq!(sandbox.count("select count(*) from account_move_line").await, 2);
    let again = as_bot(&sandbox, "unlink", json!([[draft]])).await;
    let text = format!(
        "Record does not exist or has been deleted.\n(Record: account.move({draft},), User: {BOT})"
    );
    assert_eq!(Sandbox::refusal(&again), ("odoo.exceptions.MissingError", text.as_str()));
    // what is posted is still found by its external id
    assert_eq!(ten_dollars(&sandbox, "p1", "2026-10-31", MISC).await, posted);
    let line =
        sandbox.result("account.move.line", "search", json!([[["move_id", "=", posted]]])).await;
    let line = sandbox.answer("account.move.line", "unlink", json!([[line[0]]]), json!({})).await;
    assert_eq!(Sandbox::refusal(&line).1, said);
    as_bot(&sandbox, "button_draft", json!([[posted]])).await;
    assert_eq!(as_bot(&sandbox, "unlink", json!([[posted]])).await["result"], true);
    assert_eq!((sandbox.count(ENTRIES).await, sandbox.count(EXTERNAL_IDS).await), (0, 0));
}

#[tokio::test]
async fn posting_numbers_entries_by_month_or_by_year_of_their_journal() {
    let sandbox = Sandbox::start().await;
    let mut ids = Vec::new();
    for (name, date, journal) in [
        ("n1", "2026-10-31", MISC),
        ("n2", "2026-10-31", MISC),
        ("n3", "2026-11-02", MISC),
        ("n4", "2026-10-31", 1),
        ("n5", "2026-10-31", 6),
        ("n6", "2025-10-05", MISC),
        ("n7", "2026-10-31", 2),
        ("n8", "2026-10-31", 7),
        ("n9", "2027-01-15", MISC),
    ] {
        ids.push(ten_dollars(&sandbox, name, date, journal).await);
    }
    as_bot(&sandbox, "action_post", json!([[ids[0]]])).await;
    let fields = ["name", "state", "display_name", "posted_before", "amount_total"];
    let read = sandbox.result("account.move", "read", json!([[ids[0]], fields])).await;
    assert_eq!(
        only(&read[0], &fields),
        json!({"name": "MISC/2026/10/0001", "state": "posted", "display_name": "MISC/2026/10/0001 (Payout n1)",
            "posted_before": true, "amount_total": 10.0})
    );
    let line = json!({"move_name": "MISC/2026/10/0001", "parent_state": "posted", "display_name": "MISC/2026/10/0001 \
        (Payout n1) line 0"});
    let fields = ["move_name", "parent_state", "display_name"];
    assert_eq!(lines_of(&sandbox, &ids[0], &fields).await[0], line);
    let said = format!("The entry MISC/2026/10/0001 (id {}) must be in draft.", ids[0]);
    let again = as_bot(&sandbox, "action_post", json!([[ids[0], ids[1]]])).await;
    assert_eq!(Sandbox::refusal(&again), ("odoo.exceptions.UserError", said.as_str()));
    let rest = as_bot(&sandbox, "action_post", json!([&ids[1..]])).await;
    assert_eq!(rest["result"], false);
    let read = sandbox.result("account.move", "read", json!([ids, ["name"]])).await;
    let names: Vec<&Value> = read.as_array().unwrap().iter().map(|entry| &entry["name"]).collect();
    assert_eq!(
        json!(names),
        json!([
            "MISC/2026/10/0001",
            "MISC/2026/10/0002",
            "MISC/2026/11/0001",
            "INV/2026/00001",
            "BNK1/2026/00001",
            "MISC/2025/10/0001",
            "BILL/2026/10/0001",
            "CSH1/2026/00001",
            "MISC/2027/01/0001"
        ])
    );
    let head = json!([["etsy.ho", "r"]]);
    let empty = sandbox.load("account.move", json!(["id", "ref"]), head).await["ids"].clone();
    let refused = as_bot(&sandbox, "action_post", json!([empty])).await;
    assert_eq!(Sandbox::refusal(&refused).1, "You need to add a line before posting.");
}

#[tokio::test]
async fn an_entry_goes_back_to_draft_and_is_cancelled() {
    let sandbox = Sandbox::start().await;
    let id = ten_dollars(&sandbox, "c", "2026-10-31", MISC).await;
    let shown = async || {
        let read = sandbox.result("account.move", "read", json!([[id], ["display_name"]])).await;
        let state = lines_of(&sandbox, &id, &["parent_state"]).await;
        (read[0]["display_name"].clone(), state[0]["parent_state"].clone())
    };
    let said = async |method: &str| {
        let answer = as_bot(&sandbox, method, json!([[id]])).await;
        answer.get("error").map(|_| Sandbox::refusal(&answer).1.to_owned())
    };
    let sentence = |text: &str| Some(text.to_owned());
    assert_eq!(
        said("button_draft").await,
        sentence("Only posted/cancelled journal entries can be reset to draft.")
    );
    assert_eq!(said("button_cancel").await, None);
    assert_eq!(shown().await, (json!(" (Payout c)"), json!("cancel")));
    let cancelled = sentence("Only draft journal entries can be cancelled.");
    assert_eq!(said("button_cancel").await, cancelled);
    let unnamed = format!("The entry False (id {id}) must be in draft.");
    assert_eq!(said("action_post").await, sentence(&unnamed));
    assert_eq!(said("button_draft").await, None);
    assert_eq!(said("action_post").await, None);
    assert_eq!(said("button_draft").await, None);
    let numbered = json!("Draft Entry MISC/2026/10/0001 (Payout c)");
    assert_eq!(shown().await, (numbered, json!("draft")));
    assert_eq!(said("action_post").await, None);
    assert_eq!(shown().await, (json!("MISC/2026/10/0001 (Payout c)"), json!("posted")));
    assert_eq!(said("button_cancel").await, None);
    assert_eq!(shown().await, (json!("MISC/2026/10/0001 (Payout c)"), json!("cancel")));
    assert_eq!(said("unlink").await, None);
    assert_eq!(sandbox.count(EXTERNAL_IDS).await, 0);
}

#[tokio::test]
async fn a_lock_date_refuses_no_draft_and_moves_what_is_posted() {
    let sandbox = Sandbox::start().await;
    run(&sandbox, "update res_company set fiscalyear_lock_date = date '2026-09-30'").await;
    let id = ten_dollars(&sandbox, "lk", "2026-09-15", MISC).await;
    let read = sandbox.result("account.move", "read", json!([[id], ["date"]])).await;
    assert_eq!(read[0]["date"], "2026-09-15");
    as_bot(&sandbox, "action_post", json!([[id]])).await;
    let read = sandbox.result("account.move", "read", json!([[id], ["date", "name"]])).await;
    assert_eq!(read[0], json!({"id": id, "date": "2026-10-31", "name": "MISC/2026/10/0001"}));
    assert_eq!(lines_of(&sandbox, &id, &["date"]).await[0]["date"], "2026-10-31");
}

#[tokio::test]
async fn writing_carries_over_to_the_lines_and_keeps_entries_balanced() {
    let sandbox = Sandbox::start().await;
    let id = ten_dollars(&sandbox, "w", "2026-10-31", MISC).await;
    let write = async |values: Value| {
        sandbox.answer("account.move", "write", json!([[id], values]), json!({})).await
    };
    assert_eq!(write(json!({"ref": "r2", "date": "2026-09-09"})).await["result"], true);
    let line = json!({"ref": "r2", "date": "2026-09-09"});
    assert_eq!(lines_of(&sandbox, &id, &["ref", "date"]).await, json!([line, line]));
    let lines = sandbox
        .answer(
            "account.move.line",
            "search",
            json!([[["move_id", "=", id]]]),
            json!({"order": "id"}),
        )
        .await["result"]
        .clone();
    let alone = json!([[lines[0]], {"balance": -9}]);
    let refused = sandbox.answer("account.move.line", "write", alone, json!({})).await;
    let said = "An error has occurred.\n\nThe move (Draft Entry (r2)) is not balanced.\nThe total of debits equals \
        $\u{a0}10.00 and the total of credits equals $\u{a0}9.00.\nYou might want to specify a default account on journal \
        \"Miscellaneous Operations\" to automatically balance each move.";
    assert_eq!(Sandbox::refusal(&refused), ("odoo.exceptions.UserError", said));
    let both = json!({"line_ids": [[1, lines[0], {"amount_currency": -7, "account_id": FEES}],
        [1, lines[1], {"amount_currency": 6}], [0, 0, {"account_id": FEES, "balance": 1, "name": "n"}]]});
    assert_eq!(write(both).await["result"], true);
    let fields = ["amount_currency", "balance", "debit", "credit"];
    assert_eq!(
        lines_of(&sandbox, &id, &fields).await,
        json!([{"amount_currency": -7.0, "balance": -7.0, "debit": 0.0, "credit": 7.0},
            {"amount_currency": 6.0, "balance": 6.0, "debit": 6.0, "credit": 0.0},
            {"amount_currency": 1.0, "balance": 1.0, "debit": 1.0, "credit": 0.0}])
    );
    let read = sandbox.result("account.move", "read", json!([[id], ["amount_total"]])).await;
    assert_eq!(read[0]["amount_total"], 7.0);
    sandbox.result("account.move", "action_post", json!([[id]])).await;
    let posted = "You cannot modify the following readonly fields on a posted move: date";
    assert_eq!(Sandbox::refusal(&write(json!({"date": "2026-10-30"})).await).1, posted);
    let journal = "You cannot edit the journal of an account move if it has been posted once, unless the name is removed \
        or set to \"/\". This might create a gap in the sequence.";
    assert_eq!(Sandbox::refusal(&write(json!({"journal_id": 8})).await).1, journal);
    assert_eq!(write(json!({"ref": "new ref"})).await["result"], true);
}

#[tokio::test]
async fn accounts_and_journals_are_those_of_the_generic_chart() {
    let sandbox = Sandbox::start().await;
    let bank = json!([
        [["code", "=", "101401"]],
        [
            "code",
            "name",
            "display_name",
            "account_type",
            "currency_id",
            "deprecated",
            "company_ids",
            "reconcile"
        ]
    ]);
    assert_eq!(
        sandbox.result("account.account", "search_read", bank).await,
        json!([{"id": 45, "code": "101401", "name": "Bank", "display_name": "101401 Bank",
            "account_type": "asset_cash", "currency_id": false, "deprecated": false, "company_ids": [1],
            "reconcile": false}])
    );
    let search = async |domain: Value| sandbox.result("account.account", "search", domain).await;
    assert_eq!(search(json!([[["code", "in", ["101401", "400000"]]]])).await, json!([45, 27]));
    assert_eq!(search(json!([[["code", "=like", "1014%"]]])).await, json!([45, 47, 49, 50]));
    assert_eq!(search(json!([[], 0, 5])).await, json!([1, 43, 45, 47, 49]));
    assert_eq!(sandbox.result("account.account", "search_count", json!([[]])).await, 51);
    let fields = json!([[], ["code", "type", "name", "company_id", "currency_id", "active"]]);
    let journals = sandbox.result("account.journal", "search_read", fields).await;
    let journal = |id: i64, code: &str, kind: &str, name: &str| {
        json!({"id": id, "code": code, "type": kind, "name": name, "company_id": [1, "My Company"],
            "currency_id": false, "active": true})
    };
    assert_eq!(
        journals,
        json!([
            journal(1, "INV", "sale", "Customer Invoices"),
            journal(2, "BILL", "purchase", "Vendor Bills"),
            journal(6, "BNK1", "bank", "Bank"),
            journal(3, "MISC", "general", "Miscellaneous Operations"),
            journal(7, "CSH1", "cash", "Cash"),
            journal(5, "CABA", "general", "Cash Basis Taxes"),
            journal(4, "EXCH", "general", "Exchange Difference"),
            journal(8, "STJ", "general", "Inventory Valuation"),
        ])
    );
}

#[tokio::test]
async fn billing_is_the_group_that_may_load_entries() {
    let sandbox = Sandbox::start().await;
    run(
        &sandbox,
        "delete from res_groups_users_rel where gid = (select res_id from ir_model_data \
         where model = 'res.groups' and module = 'account' and name = 'group_account_invoice')",
    )
    .await;
    let usd = currency(&sandbox, "USD").await;
    let lines = [(BANK, "-10.00", "-10.00"), (SALES, "10.00", "10.00")];
    let draft =
        Draft { name: "l", date: "2026-10-31", journal: MISC, currency: &usd, lines: &lines };
    let said = |verb: &str| {
        format!(
            "You are not allowed to {verb} 'Journal Entry' (account.move) records.\n\nThis operation is allowed for the \
             following groups:\n\t- Invoicing/Invoicing\n\nContact your administrator to request access if necessary."
        )
    };
    assert_eq!(draft.load(&sandbox).await, refused(&said("create"), 1));
    let check = as_bot(&sandbox, "check_access", json!([[], "unlink"])).await;
    assert_eq!(Sandbox::refusal(&check), ("odoo.exceptions.AccessError", said("delete").as_str()));
}
