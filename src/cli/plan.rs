//! `plan`: looking is the default.

use super::arguments::{PlanArguments, PlanFormat};
use super::run::{begin, finish, make_plan, planned_status, subjects, summary};
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::journal::Command;
use crate::pipeline::Run;
use crate::report;
use crate::stage;

/// `etsy-odoo plan`.
pub(super) async fn plan(
    session: &Session,
    arguments: &PlanArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = plan_locked(session, &ours.warehouse, arguments).await;
    ours.close().await?;
    ended
}

async fn plan_locked(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &PlanArguments,
) -> Result<ExitStatus, CommandError> {
    let lock = warehouse.lock_run().await?;
    let run =
        begin(session, warehouse, Command::Plan, &arguments.run, subjects(&arguments.only), false)
            .await?;
    let ended = planned(session, warehouse, &run).await;
    let status = finish(session, warehouse, run.id, ended).await?;
    drop(lock);
    let text = shown(session, warehouse, &run, arguments.format).await?;
    match &arguments.out {
        None => session.printer.text(&text)?,
        Some(path) => std::fs::write(path, text)
            .map_err(|source| CommandError::File { path: path.clone(), source })?,
    }
    Ok(status)
}

async fn planned(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
) -> Result<(ExitStatus, String), CommandError> {
    let planned = make_plan(session, warehouse, run).await?;
    let rejects = stage::open_rejects(warehouse, &run.shops).await?;
    Ok((planned_status(&planned, rejects), summary(&planned)))
}

async fn shown(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
    format: PlanFormat,
) -> Result<String, CommandError> {
    let plan = report::load_plan(warehouse, run.id).await?;
    let format = if session.printer.json { PlanFormat::Json } else { format };
    Ok(match format {
        PlanFormat::Text => plan.to_text(),
        PlanFormat::Json => plan.to_json()?,
        PlanFormat::Html => plan.to_html()?,
    })
}
