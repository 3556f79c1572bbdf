//! Journal entries after they are loaded: what a real Odoo 18 said to the same calls.

use serde_json::{Value, json};

use super::client::{BOT, Sandbox, only};
use super::drafts::{
    BANK, Draft, ENTRIES, EXTERNAL_IDS, FEES, MISC, SALES, as_bot, currency, lines_of, refused,
    run, ten_dollars,
};

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
