//! `report`: what a run found and did.

use super::arguments::{ReportArguments, ReportFormat};
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::RunId;
use crate::journal::{self, Command};
use crate::report::{self, Format};

/// How far back the last plan is looked for.
const HISTORY: i64 = 200;

/// `etsy-odoo report`.
pub(super) async fn report(
    session: &Session,
    arguments: &ReportArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = written(session, &ours.warehouse, arguments).await;
    ours.close().await?;
    ended.map(|()| ExitStatus::Done)
}

async fn written(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ReportArguments,
) -> Result<(), CommandError> {
    let run = match arguments.run {
        Some(run) => journal::run(warehouse, RunId(run)).await?.run,
        None => last_plan(warehouse).await?,
    };
    let report = report::load_report(warehouse, run).await?;
    if let Some(directory) = &arguments.out {
        let formats: Vec<Format> = arguments.format.iter().map(|format| form(*format)).collect();
        for path in report::write_report(&report, directory, &formats)? {
            session.printer.line(&path.display().to_string())?;
        }
        return Ok(());
    }
    if session.printer.json {
        return session.printer.line(&report.to_json()?);
    }
    for format in &arguments.format {
        session.printer.text(&match format {
            ReportFormat::Text => report.to_text(),
            ReportFormat::Json => report.to_json()?,
            ReportFormat::Html => report.to_html()?,
        })?;
    }
    Ok(())
}

fn form(format: ReportFormat) -> Format {
    match format {
        ReportFormat::Text => Format::Text,
        ReportFormat::Json => Format::Json,
        ReportFormat::Html => Format::Html,
    }
}

async fn last_plan(warehouse: &Warehouse) -> Result<RunId, CommandError> {
    journal::runs(warehouse, HISTORY)
        .await?
        .into_iter()
        .find(|run| matches!(run.command, Command::Plan | Command::Run | Command::Adopt))
        .map(|run| run.run)
        .ok_or(CommandError::NoRuns)
}
