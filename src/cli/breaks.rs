//! `breaks`: differences in money, with age, amount and likely cause.

use serde_json::{Value, json};

use super::breaks_arguments::{BreaksArguments, BreaksCommand, WhichBreaks};
use super::{CommandError, ExitStatus, Session};
use crate::db::{DatabaseError, Warehouse};
use crate::domain::ShopId;
use crate::journal::{self, BreakId, JournalError, Remark};
use crate::pipeline;
use crate::report::{self, BREAKS_SCHEMA};
use crate::shop;

/// `etsy-odoo breaks`.
pub(super) async fn breaks(
    session: &Session,
    arguments: BreaksArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let warehouse = &ours.warehouse;
    let ended = match arguments.command {
        None => list(session, warehouse, &arguments.which).await,
        Some(BreaksCommand::List(which)) => list(session, warehouse, &which).await,
        Some(BreaksCommand::Show { id }) => show(session, warehouse, BreakId(id)).await,
        Some(BreaksCommand::Note { id, words }) => {
            remark(session, warehouse, BreakId(id), Remark::Note(&words.join(" "))).await
        }
        Some(BreaksCommand::Assign { id, owner }) => {
            remark(session, warehouse, BreakId(id), Remark::Owner(&owner.join(" "))).await
        }
    };
    ours.close().await?;
    ended.map(|()| ExitStatus::Done)
}

async fn list(
    session: &Session,
    warehouse: &Warehouse,
    which: &WhichBreaks,
) -> Result<(), CommandError> {
    let shops = named(warehouse, &which.shop).await?;
    search(session, warehouse).await?;
    let breaks = report::load_breaks(warehouse, &shops, !which.all).await?;
    let now = session.clock.now();
    if !session.printer.json {
        return session.printer.text(&report::breaks_text(&breaks, now));
    }
    let rows = breaks
        .iter()
        .map(|each| {
            let mut row = serde_json::to_value(each)?;
            if let Value::Object(fields) = &mut row {
                fields.insert("age_days".to_owned(), json!(each.age_days(now)));
            }
            Ok(row)
        })
        .collect::<Result<Vec<Value>, serde_json::Error>>()
        .map_err(|source| unwritten(&source))?;
    session.printer.document(&json!({ "schema": BREAKS_SCHEMA, "breaks": rows }))
}

async fn show(session: &Session, warehouse: &Warehouse, id: BreakId) -> Result<(), CommandError> {
    let file = report::load_break(warehouse, id).await?.ok_or(JournalError::NoSuchBreak(id))?;
    if session.printer.json {
        let document = serde_json::to_value(&file).map_err(|source| unwritten(&source))?;
        return session.printer.document(&document);
    }
    session.printer.text(&report::break_text(&file, session.clock.now()))
}

async fn remark(
    session: &Session,
    warehouse: &Warehouse,
    id: BreakId,
    remark: Remark<'_>,
) -> Result<(), CommandError> {
    Ok(journal::remark_on_break(warehouse, id, remark, session.clock.now()).await?)
}

/// Searches what the last plan staged, unless that was done: a quick run does not. While another run is under way, what was
/// found before is shown.
pub(super) async fn search(session: &Session, warehouse: &Warehouse) -> Result<(), CommandError> {
    let lock = match warehouse.lock_run().await {
        Ok(lock) => lock,
        Err(DatabaseError::Locked) => {
            return session
                .printer
                .talk("another run is under way: these are the breaks that were found before it");
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(last) = report::last_search(warehouse).await?
        && !last.is_searched
    {
        pipeline::find_breaks(warehouse, last.run, &last.shops).await?;
    }
    lock.release().await;
    Ok(())
}

async fn named(warehouse: &Warehouse, names: &[String]) -> Result<Vec<ShopId>, CommandError> {
    let mut shops = Vec::new();
    for name in names {
        shops.push(shop::find(warehouse, name).await?.id);
    }
    Ok(shops)
}

fn unwritten(source: &serde_json::Error) -> CommandError {
    CommandError::Output(std::io::Error::other(source.to_string()))
}
