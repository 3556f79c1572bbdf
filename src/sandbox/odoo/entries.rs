//! `account.move` and its lines: journal entries, which somebody loads as drafts and posts later.

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::call::{Call, CallError};
use super::external_ids;
use super::refusal::Refusal;
use super::registry::Model;
use super::values::{Prepared, stamp_created};
use super::write::{
    SortedCommands, Values, insert, prepare_all, sort_commands, write_links, write_records,
};

/// The columns of a line that depend on one another.
pub(super) const AMOUNTS: [&str; 4] = ["amount_currency", "balance", "debit", "credit"];
/// What nobody may change in an entry that is posted.
const FIXED_WHEN_POSTED: [&str; 5] =
    ["line_ids", "currency_id", "partner_id", "invoice_date", "date"];

/// Creates entries as drafts, with their lines.
pub(super) async fn create(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let prepared = prepare_all(model, values)?;
    let is_invoice = |record: &Prepared| {
        record.columns.get("move_type").is_some_and(|given| !given.is_null() && given != "entry")
    };
    if prepared.iter().any(is_invoice) {
        return Err(Refusal::not_simulated("creating invoices").into());
    }
    let rows: Vec<Value> = prepared.iter().map(|record| stamped(call, record)).collect();
    let completed = call
        .documents(
            sql!("sandbox/odoo/entry_defaults.sql"),
            &[&Value::Array(rows), &call.session.now],
        )
        .await?;
    let ids = insert(call, &model.table, completed).await?;
    write_links(call, &ids, &prepared).await?;
    write_lines(call, &ids, &prepared).await?;
    settle(call, &ids).await?;
    Ok(ids)
}

/// Creates lines of entries, with the external ids that `load` gives them. Whether the entries are balanced is asked
/// when all of their lines are written.
async fn add_lines(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let prepared = prepare_all(model, values)?;
    let rows: Vec<Value> = prepared.iter().map(|record| stamped(call, record)).collect();
    let completed = call
        .documents(sql!("sandbox/odoo/entry_line_defaults.sql"), &[&Value::Array(rows)])
        .await?;
    let ids = insert(call, &model.table, completed).await?;
    write_links(call, &ids, &prepared).await?;
    let named: Vec<(String, i32)> = prepared
        .iter()
        .zip(&ids)
        .filter_map(|(record, id)| record.external_id.clone().map(|name| (name, *id)))
        .collect();
    external_ids::assign(call, &model.name, &named).await?;
    check_accounts(call, &ids).await?;
    Ok(ids)
}

/// Creates lines of entries that exist.
pub(super) async fn create_lines(
    call: Call<'_>,
    model: &Model,
    values: &[Values],
) -> Result<Vec<i32>, CallError> {
    let ids = add_lines(call, model, values).await?;
    settle(call, &entries_of(call, &ids).await?).await?;
    Ok(ids)
}

fn stamped(call: Call<'_>, record: &Prepared) -> Value {
    let mut row = record.columns.clone();
    stamp_created(&mut row, call.session);
    Value::Object(row)
}

/// Carries out the commands that the `line_ids` of entries holds.
async fn write_lines(call: Call<'_>, ids: &[i32], prepared: &[Prepared]) -> Result<(), CallError> {
    let mut sorted = SortedCommands::default();
    for (id, record) in ids.iter().zip(prepared) {
        if let Some(commands) = record.children.get("line_ids") {
            sort_commands(&mut sorted, commands, "move_id", *id);
        }
    }
    let SortedCommands { create, update, delete } = sorted;
    if create.is_empty() && update.is_empty() && delete.is_empty() {
        return Ok(());
    }
    let lines = call.model("account.move.line").await?;
    if !delete.is_empty() {
        call.rows(sql!("sandbox/odoo/delete_rows.sql"), &[&lines.table, &delete]).await?;
    }
    if !create.is_empty() {
        add_lines(call, &lines, &create).await?;
    }
    // Last, because a write asks whether the entries are balanced.
    if !update.is_empty() {
        let (line_ids, each): (Vec<i32>, Vec<Values>) = update.into_iter().unzip();
        Box::pin(write_records(call, &lines, &line_ids, &each)).await?;
    }
    Ok(())
}

async fn entries_of(call: Call<'_>, lines: &[i32]) -> Result<Vec<i32>, CallError> {
    call.column(sql!("sandbox/odoo/entries_of_lines.sql"), &[&lines]).await
}

/// Renews what depends on the lines of entries, and refuses entries that are not balanced in the company's currency.
async fn settle(call: Call<'_>, ids: &[i32]) -> Result<(), CallError> {
    call.rows(sql!("sandbox/odoo/entry_totals.sql"), &[&ids]).await?;
    let mut faults = Vec::new();
    for row in call.rows(sql!("sandbox/odoo/entry_imbalances.sql"), &[&ids]).await? {
        let word = |column: &str| row.try_get::<_, String>(column);
        faults.push(format!(
            "The move ({}) is not balanced.\nThe total of debits equals {} and the total of credits equals {}.\nYou \
             might want to specify a default account on journal \"{}\" to automatically balance each move.",
            word("entry")?,
            word("debit")?,
            word("credit")?,
            word("journal")?
        ));
    }
    if faults.is_empty() {
        return Ok(());
    }
    faults.insert(0, "An error has occurred.".to_owned());
    Err(Refusal::user(faults.join("\n\n")).into())
}

/// Refuses accounts that lines must not name.
async fn check_accounts(call: Call<'_>, lines: &[i32]) -> Result<(), CallError> {
    let found = call.rows(sql!("sandbox/odoo/entry_accounts.sql"), &[&lines]).await?;
    let Some(row) = found.first() else { return Ok(()) };
    if !row.try_get::<_, bool>("is_deprecated")? {
        return Err(Refusal::user(
            "The account selected on your journal entry forces to provide a secondary currency. You should remove the \
             secondary currency on the account.",
        )
        .into());
    }
    let (name, code): (String, String) = (row.try_get("name")?, row.try_get("code")?);
    Err(Refusal::user(format!("The account {name} ({code}) is deprecated.")).into())
}

/// Where an entry stands.
struct Standing {
    id: i32,
    name: Option<String>,
    state: String,
    posted_before: bool,
    has_lines: bool,
}

impl Standing {
    fn is_posted(&self) -> bool {
        self.state == "posted"
    }

    fn is_draft(&self) -> bool {
        self.state == "draft"
    }
}

async fn standings(call: Call<'_>, ids: &[i32]) -> Result<Vec<Standing>, CallError> {
    call.require("account.move", ids).await?;
    let mut found = Vec::new();
    for row in call.rows(sql!("sandbox/odoo/entry_standings.sql"), &[&ids]).await? {
        found.push(Standing {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            state: row.try_get("state")?,
            posted_before: row.try_get("posted_before")?,
            has_lines: row.try_get("has_lines")?,
        });
    }
    Ok(found)
}

/// What may not be written on an entry that is posted, or once was.
pub(super) async fn check_write(
    call: Call<'_>,
    ids: &[i32],
    values: &[Values],
) -> Result<(), CallError> {
    for (entry, given) in standings(call, ids).await?.iter().zip(values) {
        if entry.posted_before && given.contains_key("journal_id") {
            return Err(Refusal::user(
                "You cannot edit the journal of an account move if it has been posted once, unless the name is removed \
                 or set to \"/\". This might create a gap in the sequence.",
            )
            .into());
        }
        let fixed: Vec<&str> =
            FIXED_WHEN_POSTED.into_iter().filter(|field| given.contains_key(*field)).collect();
        if entry.is_posted() && !fixed.is_empty() {
            return Err(Refusal::user(format!(
                "You cannot modify the following readonly fields on a posted move: {}",
                fixed.join(", ")
            ))
            .into());
        }
    }
    Ok(())
}

/// Renews what depends on what was written on entries.
pub(super) async fn written(
    call: Call<'_>,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    write_lines(call, ids, prepared).await?;
    settle(call, ids).await
}

/// Writes the amounts of lines and renews what depends on them.
pub(super) async fn lines_written(
    call: Call<'_>,
    ids: &[i32],
    prepared: &[Prepared],
) -> Result<(), CallError> {
    let mut amounts = Vec::new();
    let mut placed = Vec::new();
    for (id, record) in ids.iter().zip(prepared) {
        let mut given = record.columns.clone();
        if given.contains_key("account_id") || given.contains_key("currency_id") {
            placed.push(*id);
        }
        given.retain(|column, _| AMOUNTS.contains(&column.as_str()));
        if !given.is_empty() {
            given.insert("id".to_owned(), json!(id));
            amounts.push(Value::Object(given));
        }
    }
    if !amounts.is_empty() {
        let statement = sql!("sandbox/odoo/entry_lines_written.sql");
        call.rows(statement, &[&Value::Array(amounts)]).await?;
    }
    check_accounts(call, &placed).await?;
    settle(call, &entries_of(call, ids).await?).await
}

/// Deletes the lines of entries that are to be deleted, with their external ids; what is posted stays.
pub(super) async fn unlink_lines_of(call: Call<'_>, ids: &[i32]) -> Result<(), CallError> {
    check_unlink(call, ids).await?;
    let lines: Vec<i32> = call.column(sql!("sandbox/odoo/entry_lines.sql"), &[&ids]).await?;
    call.rows(sql!("sandbox/odoo/delete_rows.sql"), &[&"account_move_line", &lines]).await?;
    Ok(())
}

/// Deletes lines of entries, which have to be balanced without them.
pub(super) async fn unlink_lines(call: Call<'_>, lines: &[i32]) -> Result<(), CallError> {
    let entries = entries_of(call, lines).await?;
    check_unlink(call, &entries).await?;
    call.rows(sql!("sandbox/odoo/delete_rows.sql"), &[&"account_move_line", &lines]).await?;
    settle(call, &entries).await
}

async fn check_unlink(call: Call<'_>, ids: &[i32]) -> Result<(), CallError> {
    if standings(call, ids).await?.iter().any(Standing::is_posted) {
        return Err(Refusal::user(
            "You can't delete a posted journal item. Don’t play games with your accounting records; reset the journal \
             entry to draft before deleting it.",
        )
        .into());
    }
    Ok(())
}

/// Posts drafts, all or none.
pub(super) async fn action_post(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    for entry in standings(call, &ids).await? {
        if !entry.is_draft() {
            let name = entry.name.unwrap_or_else(|| "False".to_owned());
            return Err(Refusal::user(format!(
                "The entry {name} (id {}) must be in draft.",
                entry.id
            ))
            .into());
        }
        if !entry.has_lines {
            return Err(Refusal::user("You need to add a line before posting.").into());
        }
    }
    let session = call.session;
    call.rows(sql!("sandbox/odoo/post_entries.sql"), &[&ids, &session.now, &session.uid]).await?;
    settle(call, &ids).await?;
    Ok(Some(Value::Bool(false)))
}

/// Makes drafts of what is posted or cancelled; each keeps its number.
pub(super) async fn button_draft(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    if standings(call, &ids).await?.iter().any(Standing::is_draft) {
        return Err(
            Refusal::user("Only posted/cancelled journal entries can be reset to draft.").into()
        );
    }
    put(call, &ids, "draft").await
}

/// Cancels drafts and what is posted.
pub(super) async fn button_cancel(
    call: Call<'_>,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let ids = arguments.ids()?;
    if standings(call, &ids).await?.iter().any(|entry| entry.state == "cancel") {
        return Err(Refusal::user("Only draft journal entries can be cancelled.").into());
    }
    put(call, &ids, "cancel").await
}

async fn put(call: Call<'_>, ids: &[i32], state: &str) -> Result<Option<Value>, CallError> {
    let session = call.session;
    let statement = sql!("sandbox/odoo/entry_states.sql");
    call.rows(statement, &[&ids, &state, &session.now, &session.uid]).await?;
    settle(call, ids).await?;
    Ok(None)
}
