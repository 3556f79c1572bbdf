//! Loading journal entries: what a real Odoo 18 said to the same calls.

use serde_json::{Value, json};

use super::client::{Sandbox, only};
use super::drafts::{
    BANK, Draft, ENTRIES, EXTERNAL_IDS, FEES, MISC, SALES, columns, currency, imbalance, lines_of,
    refused, run,
};

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
