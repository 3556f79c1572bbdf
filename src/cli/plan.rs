//! `plan`: looking is the default.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

use super::arguments::{PlanArguments, PlanFormat};
use super::run::{begin, finish, make_plan, planned_status, see_that_it_foots, subjects, summary};
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::journal::Command;
use crate::pipeline::Run;
use crate::report::{self, Payloads, PlanView, ReportError, Rows};
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
    show(session, warehouse, &run, arguments).await?;
    Ok(status)
}

pub(super) async fn planned(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
) -> Result<(ExitStatus, String), CommandError> {
    let planned = make_plan(session, warehouse, run).await?;
    see_that_it_foots(warehouse, run.id).await?;
    let rejects = stage::open_rejects(warehouse, &run.shops).await?;
    Ok((planned_status(&planned, rejects), summary(&planned)))
}

async fn show(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
    arguments: &PlanArguments,
) -> Result<(), CommandError> {
    let rows = if arguments.all { Rows::All } else { Rows::default() };
    let plan = report::load_plan(warehouse, run.id, rows).await?;
    let format = if session.printer.json { PlanFormat::Json } else { arguments.format };
    let text = match format {
        PlanFormat::Text => plan.to_text(),
        PlanFormat::Html => plan.to_html()?,
        PlanFormat::Json => return write_json(warehouse, &plan, arguments).await,
    };
    match &arguments.out {
        None => session.printer.text(&text),
        Some(path) => std::fs::write(path, text).map_err(|source| unwritten(path, source)),
    }
}

/// Decision by decision, so that a large plan does not have to fit into memory.
async fn write_json(
    warehouse: &Warehouse,
    plan: &PlanView,
    arguments: &PlanArguments,
) -> Result<(), CommandError> {
    let mut output: Box<dyn Write + Send> = match &arguments.out {
        None => Box::new(BufWriter::new(std::io::stdout())),
        Some(path) => {
            Box::new(BufWriter::new(File::create(path).map_err(|source| unwritten(path, source))?))
        }
    };
    let payloads = if arguments.with_payloads { Payloads::Whole } else { Payloads::WithoutPeople };
    match report::write_plan_json(warehouse, plan, payloads, &mut *output).await {
        // a reader that has gone away (`| head`) is no fault
        Err(ReportError::Output { source, .. }) if source.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn unwritten(path: &Path, source: std::io::Error) -> CommandError {
    CommandError::File { path: path.to_path_buf(), source }
}
