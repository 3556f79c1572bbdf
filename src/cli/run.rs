//! `run` and `snapshot`, and the frame that every run stands in.

use chrono::{DateTime, Utc};

use super::apply::etsy_for;
use super::arguments::{OnlySubject, RunAndApplyArguments, RunArguments};
use super::connections::chosen_shops;
use super::login::warn_of_endings;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::{DecisionKind, OutcomeKind, RunId, Subject};
use crate::journal::{self, Command, NewRun, RunEnd};
use crate::pipeline::{self, Planned, Run};
use crate::report;
use crate::shop::{Books, Shop, StockMaster};
use crate::snapshot::Extent;
use crate::stage;

/// The subjects that were asked for, in the order of application. Quantities are among them in a run of shops of which
/// anybody is the master of the quantities: see [`begin`].
pub(super) fn subjects(only: &[OnlySubject]) -> Vec<Subject> {
    let wants = |subject| only.is_empty() || only.contains(&subject);
    let mut subjects = Vec::new();
    if wants(OnlySubject::Products) {
        subjects.push(Subject::Products);
    }
    if wants(OnlySubject::Orders) {
        subjects.extend([Subject::Customers, Subject::Orders]);
    }
    if wants(OnlySubject::Inventory) {
        subjects.push(Subject::Inventory);
    }
    // laid out in each full run, and whenever it is asked for
    if only.contains(&OnlySubject::Ledger) {
        subjects.push(Subject::Ledger);
    }
    subjects
}

/// Begins a run in the journal.
pub(super) async fn begin(
    session: &Session,
    warehouse: &Warehouse,
    command: Command,
    arguments: &RunArguments,
    mut subjects: Vec<Subject>,
    large_plan_allowed: bool,
) -> Result<Run, CommandError> {
    if arguments.full && subjects.contains(&Subject::Orders) && !subjects.contains(&Subject::Ledger)
    {
        subjects.push(Subject::Ledger);
    }
    let shops = chosen_shops(warehouse, &arguments.shop).await?;
    let drafts = shops.iter().any(|shop| shop.policy.books.books == Books::Draft);
    if subjects.contains(&Subject::Ledger) && drafts {
        subjects.push(Subject::Books);
    }
    if command != Command::Adopt && !has_stock_master(&shops) && subjects.len() > 1 {
        subjects.retain(|subject| *subject != Subject::Inventory);
    }
    let ids: Vec<_> = shops.iter().map(|shop| shop.id).collect();
    let id = journal::begin_run(
        warehouse,
        NewRun {
            command,
            plan: None,
            shops: &ids,
            subjects: &subjects,
            full: arguments.full,
            large_plan_allowed,
            started_at: session.clock.now(),
        },
    )
    .await?;
    let extent = Extent { full: arguments.full, from: arguments.from };
    Ok(Run { id, shops, subjects, extent })
}

/// Whether the quantities of any of these shops are anybody's.
fn has_stock_master(shops: &[Shop]) -> bool {
    shops.iter().any(|shop| shop.policy.stock.master != StockMaster::None)
}

/// Ends a run in the journal, whatever became of it.
pub(super) async fn finish(
    session: &Session,
    warehouse: &Warehouse,
    run: RunId,
    ended: Result<(ExitStatus, String), CommandError>,
) -> Result<ExitStatus, CommandError> {
    let ended = match ended {
        Err(error) => Err(session.away_if_known(warehouse, error).await),
        Ok(ended) => Ok(ended),
    };
    let (exit_code, message) = match &ended {
        Ok((status, message)) => (status.code(), message.clone()),
        Err(error) => (error.status().code(), error.to_string()),
    };
    let end = RunEnd { exit_code: exit_code.into(), message, ended_at: session.clock.now() };
    journal::end_run(warehouse, run, &end).await?;
    let warned = warn_of_endings(session, warehouse).await;
    let (status, _) = ended?;
    warned.map(|()| status)
}

/// Evidence and a stored plan.
pub(super) async fn make_plan(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
) -> Result<Planned, CommandError> {
    let etsy = session.etsy(warehouse)?;
    let mut reader = session.odoo_reader().await?;
    let clock = session.clock.as_ref();
    let observed = pipeline::observe(warehouse, &etsy, &mut reader, run, clock).await?;
    let planned = pipeline::decide(warehouse, run).await?;
    Ok(Planned { rest_waits_until: observed.rest_waits_until, ..planned })
}

/// What a plan means for the exit code before anything is applied.
pub(super) fn planned_status(planned: &Planned, rejects: i64) -> ExitStatus {
    if !planned.refusals.is_empty() {
        ExitStatus::Guarded
    } else if planned.acts > 0 {
        ExitStatus::Changes
    } else if planned.holds > 0 || rejects > 0 {
        ExitStatus::Partial
    } else if planned.rest_waits_until.is_some() {
        ExitStatus::TryAgain
    } else {
        ExitStatus::Done
    }
}

/// What became of an applied plan, for the exit code: the outcomes are asked of the journal, not remembered.
pub(super) async fn applied_status(
    warehouse: &Warehouse,
    plan: RunId,
    rejects: i64,
) -> Result<ExitStatus, CommandError> {
    let counts = journal::decision_counts(warehouse, plan).await?;
    let is_whole = counts.iter().all(|count| match count.decision {
        DecisionKind::Act => count.outcome == Some(OutcomeKind::Applied),
        DecisionKind::Hold => false,
        DecisionKind::Ignore => true,
    });
    Ok(if is_whole && rejects == 0 { ExitStatus::Done } else { ExitStatus::Partial })
}

/// `etsy-odoo run`.
pub(super) async fn run(
    session: &Session,
    arguments: &RunAndApplyArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = run_locked(session, &ours.warehouse, arguments).await;
    ours.close().await?;
    ended
}

async fn run_locked(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &RunAndApplyArguments,
) -> Result<ExitStatus, CommandError> {
    let lock = warehouse.lock_run().await?;
    let command = if arguments.dry_run { Command::Plan } else { Command::Run };
    let run = begin(
        session,
        warehouse,
        command,
        &arguments.run,
        subjects(&arguments.only),
        arguments.allow_large_plan,
    )
    .await?;
    let ended = plan_and_apply(session, warehouse, &run, arguments).await;
    let status = finish(session, warehouse, run.id, ended).await?;
    lock.release().await;
    if session.printer.json {
        let report = report::load_report(warehouse, run.id).await?;
        session.printer.line(&report.to_json()?)?;
    } else if status != ExitStatus::Done {
        // silence is health, and one line when it is not: cron mails whatever is printed
        let end = journal::run(warehouse, run.id).await?.end;
        let message = end.map(|end| end.message).unwrap_or_default();
        session.printer.line(&format!(
            "run {}: {message}; read it with `etsy-odoo report --run {}`",
            run.id, run.id
        ))?;
    }
    Ok(status)
}

/// A plan, what the guard says of it, and its application: how it ended, and the line for the history.
pub(super) async fn plan_and_apply(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
    arguments: &RunAndApplyArguments,
) -> Result<(ExitStatus, String), CommandError> {
    let planned = make_plan(session, warehouse, run).await?;
    see_that_it_foots(warehouse, run.id).await?;
    let rejects = stage::open_rejects(warehouse, &run.shops).await?;
    if arguments.dry_run {
        let status = planned_status(&planned, rejects);
        return Ok((status, summary(&planned)));
    }
    if !planned.refusals.is_empty() && !arguments.allow_large_plan {
        return Ok((ExitStatus::Guarded, summary(&planned)));
    }
    if planned.acts > 0 {
        let odoo = session.odoo().await?;
        let mut reader = session.odoo_reader().await?;
        tracing::info!(plan = run.id.0, acts = planned.acts, "applying");
        let (etsy, clock) = (etsy_for(session, warehouse, run.id).await?, session.clock.as_ref());
        pipeline::apply(warehouse, etsy.as_ref(), &odoo, &mut reader, run.id, run.id, clock)
            .await?;
        see_that_it_foots(warehouse, run.id).await?;
    }
    let mut status = applied_status(warehouse, run.id, rejects).await?;
    let mut done = applied_summary(warehouse, run.id).await?;
    if let Some(until) = planned.rest_waits_until {
        done.push_str(&waiting(until));
        if status == ExitStatus::Done {
            status = ExitStatus::TryAgain;
        }
    }
    if rejects > 0 {
        done.push_str(&format!(", {rejects} rejects are open (`etsy-odoo rejects`)"));
    }
    Ok((status, done))
}

/// The accountant's test, before a run is called a success: what does not foot fails it.
pub(super) async fn see_that_it_foots(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<(), CommandError> {
    let report = report::load_report(warehouse, run).await?;
    match report.broken_sums.first() {
        None => Ok(()),
        Some(sum) => Err(CommandError::DoesNotFoot { run, sum: sum.to_string() }),
    }
}

/// One line for the history, of what was done: asked of the journal.
pub(super) async fn applied_summary(
    warehouse: &Warehouse,
    plan: RunId,
) -> Result<String, CommandError> {
    let (mut applied, mut not_applied, mut held) = (0, 0, 0);
    for count in journal::decision_counts(warehouse, plan).await? {
        match count.decision {
            DecisionKind::Act if count.outcome == Some(OutcomeKind::Applied) => {
                applied += count.count;
            }
            DecisionKind::Act => not_applied += count.count,
            DecisionKind::Hold => held += count.count,
            DecisionKind::Ignore => {}
        }
    }
    Ok(format!("{applied} applied, {not_applied} not applied, {held} held"))
}

/// One line for the history, of what is planned.
pub(super) fn summary(planned: &Planned) -> String {
    let mut line = format!("{} to do, {} held", planned.acts, planned.holds);
    for refusal in &planned.refusals {
        line.push_str("; refused: ");
        line.push_str(&refusal.reason);
    }
    if let Some(until) = planned.rest_waits_until {
        line.push_str(&waiting(until));
    }
    line
}

/// What was left out for the sake of orders.
fn waiting(until: DateTime<Utc>) -> String {
    format!(
        "; listings were not read: the calls that are left today are kept for orders until {}",
        until.format("%Y-%m-%d %H:%M UTC")
    )
}

/// `etsy-odoo snapshot`.
pub(super) async fn snapshot(
    session: &Session,
    arguments: &RunArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = snapshot_locked(session, &ours.warehouse, arguments).await;
    ours.close().await?;
    ended
}

async fn snapshot_locked(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &RunArguments,
) -> Result<ExitStatus, CommandError> {
    let lock = warehouse.lock_run().await?;
    let run = begin(session, warehouse, Command::Snapshot, arguments, subjects(&[]), false).await?;
    let ended = observe_only(session, warehouse, &run).await;
    let status = finish(session, warehouse, run.id, ended).await?;
    lock.release().await;
    session.printer.line(&format!("run {}: snapshot taken", run.id))?;
    Ok(status)
}

async fn observe_only(
    session: &Session,
    warehouse: &Warehouse,
    run: &Run,
) -> Result<(ExitStatus, String), CommandError> {
    let etsy = session.etsy(warehouse)?;
    let mut reader = session.odoo_reader().await?;
    let observed =
        pipeline::observe(warehouse, &etsy, &mut reader, run, session.clock.as_ref()).await?;
    Ok(match observed.rest_waits_until {
        None => (ExitStatus::Done, "snapshot taken".to_owned()),
        Some(until) => (ExitStatus::TryAgain, format!("snapshot taken{}", waiting(until))),
    })
}
