//! `runs`: the history.

use serde_json::json;

use super::arguments::RunsCommand;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::RunId;
use crate::journal::{self, RunSummary};
use crate::report;

/// How many runs the list shows.
const SHOWN: i64 = 30;

/// `etsy-odoo runs`.
pub(super) async fn runs(
    session: &Session,
    command: Option<RunsCommand>,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = match command {
        None => list(session, &ours.warehouse).await,
        Some(RunsCommand::Show { run }) => show(session, &ours.warehouse, RunId(run)).await,
    };
    ours.close().await?;
    ended.map(|()| ExitStatus::Done)
}

async fn list(session: &Session, warehouse: &Warehouse) -> Result<(), CommandError> {
    let runs = journal::runs(warehouse, SHOWN).await?;
    if session.printer.json {
        let rows: Vec<_> = runs.iter().map(document).collect();
        return session.printer.document(&json!({ "schema": "etsy-odoo/runs/1", "runs": rows }));
    }
    let mut text = String::new();
    for run in &runs {
        let end = match &run.end {
            Some(end) => format!("{:>3}  {}", end.exit_code, end.message),
            None => "  -  cut off, or under way".to_owned(),
        };
        text.push_str(&format!(
            "{:>6}  {}  {:<8}  {end}\n",
            run.run,
            run.started_at.format("%Y-%m-%d %H:%M"),
            run.command.as_str(),
        ));
    }
    session.printer.text(&text)
}

fn document(run: &RunSummary) -> serde_json::Value {
    json!({
        "run": run.run,
        "command": run.command,
        "plan": run.plan,
        "shops": run.shops,
        "started_at": run.started_at,
        "ended_at": run.end.as_ref().map(|end| end.ended_at),
        "exit_code": run.end.as_ref().map(|end| end.exit_code),
        "message": run.end.as_ref().map(|end| end.message.clone()),
    })
}

/// A run that made or applied a plan is shown as its report; any other as its line in the history.
async fn show(session: &Session, warehouse: &Warehouse, run: RunId) -> Result<(), CommandError> {
    let summary = journal::run(warehouse, run).await?;
    if summary.command == journal::Command::Snapshot {
        return session.printer.document(&document(&summary));
    }
    let report = report::load_report(warehouse, run).await?;
    if session.printer.json {
        session.printer.line(&report.to_json()?)
    } else {
        session.printer.text(&report.to_text())
    }
}
