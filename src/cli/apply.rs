//! `apply`: acting names the plan it applies.

use super::arguments::ApplyArguments;
use super::run::{applied_status, applied_summary, finish, see_that_it_foots};
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::{RunId, Subject};
use crate::journal::{self, Command, NewRun, RunSummary};
use crate::pipeline;
use crate::report;
use crate::stage;

/// `etsy-odoo apply --plan N`.
pub(super) async fn apply(
    session: &Session,
    arguments: &ApplyArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = apply_locked(session, &ours.warehouse, arguments).await;
    ours.close().await?;
    ended
}

async fn apply_locked(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ApplyArguments,
) -> Result<ExitStatus, CommandError> {
    let lock = warehouse.lock_run().await?;
    let plan = journal::run(warehouse, RunId(arguments.plan)).await?;
    let is_refused =
        plan.end.as_ref().is_some_and(|end| end.exit_code == i16::from(ExitStatus::Guarded.code()));
    if !has_plan(warehouse, &plan).await? {
        return Err(CommandError::NoPlan(plan.run));
    }
    if is_refused && !arguments.allow_large_plan {
        return Err(CommandError::Guarded { run: plan.run });
    }
    let run = journal::begin_run(
        warehouse,
        NewRun {
            command: Command::Apply,
            plan: Some(plan.run),
            shops: &plan.shops,
            subjects: Subject::ALL,
            full: false,
            large_plan_allowed: arguments.allow_large_plan,
            started_at: session.clock.now(),
        },
    )
    .await?;
    let ended = applied(session, warehouse, &plan, run).await;
    let status = finish(session, warehouse, run, ended).await?;
    drop(lock);
    let report = report::load_report(warehouse, plan.run).await?;
    if session.printer.json {
        session.printer.line(&report.to_json()?)?;
    } else {
        session.printer.text(&report.to_text())?;
    }
    Ok(status)
}

/// The exit codes of runs that may have ended before there was a plan.
const FAILED: &[i16] = &[1, 75, 78];

/// Whether the run made a plan that the guard has looked at. A run that was cut off has no end to tell it; but if it had
/// begun to apply its plan, the guard had let it.
async fn has_plan(warehouse: &Warehouse, plan: &RunSummary) -> Result<bool, CommandError> {
    match plan.command {
        Command::Snapshot | Command::Apply => Ok(false),
        Command::Plan | Command::Run | Command::Adopt => {
            let counts = journal::decision_counts(warehouse, plan.run).await?;
            Ok(match &plan.end {
                None => counts.iter().any(|count| count.outcome.is_some()),
                // one that failed may have done so before there was a plan, or in the middle of applying it
                Some(end) if FAILED.contains(&end.exit_code) => !counts.is_empty(),
                Some(_) => true,
            })
        }
    }
}

async fn applied(
    session: &Session,
    warehouse: &Warehouse,
    plan: &RunSummary,
    run: RunId,
) -> Result<(ExitStatus, String), CommandError> {
    let odoo = session.odoo().await?;
    let mut reader = session.odoo_reader().await?;
    pipeline::apply(warehouse, &odoo, &mut reader, plan.run, run, session.clock.as_ref()).await?;
    let rejects = stage::open_rejects_of(warehouse, &plan.shops).await?;
    see_that_it_foots(warehouse, plan.run).await?;
    let status = applied_status(warehouse, plan.run, rejects).await?;
    let done = applied_summary(warehouse, plan.run).await?;
    Ok((status, format!("the plan of run {}: {done}", plan.run)))
}
