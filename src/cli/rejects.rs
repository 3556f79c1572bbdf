//! `rejects`: what was set aside, and why.

use serde_json::json;

use super::arguments::RejectsCommand;
use super::retry;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::stage::{self, Reject};

/// `etsy-odoo rejects`.
pub(super) async fn rejects(
    session: &Session,
    command: Option<RejectsCommand>,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let done = |()| ExitStatus::Done;
    let ended = match command {
        None | Some(RejectsCommand::List) => list(session, &ours.warehouse).await.map(done),
        Some(RejectsCommand::Show { reject }) => {
            show(session, &ours.warehouse, reject).await.map(done)
        }
        Some(RejectsCommand::Retry { rejects }) => {
            retry::retry(session, &ours.warehouse, &rejects).await
        }
    };
    ours.close().await?;
    ended
}

fn document(reject: &Reject) -> serde_json::Value {
    json!({
        "reject": reject.id,
        "run": reject.run,
        "shop": reject.shop,
        "entity": reject.entity,
        "entity_id": reject.entity_id,
        "field": reject.field,
        "reason": reject.reason,
        "page": reject.page,
        "resolved_in_run": reject.resolved_in_run,
    })
}

async fn list(session: &Session, warehouse: &Warehouse) -> Result<(), CommandError> {
    let rejects = stage::rejects(warehouse, None).await?;
    if session.printer.json {
        let rows: Vec<_> = rejects.iter().map(document).collect();
        return session
            .printer
            .document(&json!({ "schema": "etsy-odoo/rejects/1", "rejects": rows }));
    }
    let mut text = String::new();
    for reject in &rejects {
        text.push_str(&format!(
            "{:>6}  {} {} of shop {}: `{}` {}\n",
            reject.id, reject.entity, reject.entity_id, reject.shop, reject.field, reject.reason
        ));
    }
    session.printer.text(&text)
}

async fn show(session: &Session, warehouse: &Warehouse, id: i64) -> Result<(), CommandError> {
    let reject =
        stage::rejects(warehouse, Some(id)).await?.pop().ok_or(CommandError::NoReject(id))?;
    if session.printer.json {
        return session.printer.document(&document(&reject));
    }
    let state = match reject.resolved_in_run {
        Some(run) => format!("read well since, in run {run}"),
        None => {
            format!(
                "open: `etsy-odoo rejects retry {id}` reads it again; what was read of it earlier still stands, so look in Odoo for an order of it before you book anything by hand"
            )
        }
    };
    session.printer.text(&format!(
        "reject {} of run {}\n{} {} of shop {}, on page {}\nfield   {}\nreason  {}\nstate   {state}\n",
        reject.id,
        reject.run,
        reject.entity,
        reject.entity_id,
        reject.shop,
        reject.page,
        reject.field,
        reject.reason,
    ))
}
