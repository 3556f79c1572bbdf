//! Runs: how they begin and how they end.

use chrono::{DateTime, Utc};

use super::JournalError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{RunId, ShopId, Subject};

crate::domain::vocabulary! {
    /// The commands that leave a run in the journal.
    Command {
        /// Evidence only.
        Snapshot = "snapshot",
        /// Evidence, findings, decisions.
        Plan = "plan",
        /// A plan and its application.
        Run = "run",
        /// The application of an earlier plan.
        Apply = "apply",
        /// Evidence, and a plan by which Odoo counts what Etsy offers.
        Adopt = "adopt",
    }
}

/// A run that begins.
#[derive(Debug, Clone)]
pub struct NewRun<'a> {
    /// Which command began it.
    pub command: Command,
    /// The plan that an `apply` applies.
    pub plan: Option<RunId>,
    /// The shops that take part.
    pub shops: &'a [ShopId],
    /// What is reconciled.
    pub subjects: &'a [Subject],
    /// Whether what may have changed without a trace is read again.
    pub full: bool,
    /// Whether the guard was told to let a large plan pass.
    pub large_plan_allowed: bool,
    /// When.
    pub started_at: DateTime<Utc>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEnd {
    /// The exit code of the program.
    pub exit_code: i16,
    /// One line for the history.
    pub message: String,
    /// When.
    pub ended_at: DateTime<Utc>,
}

/// A run as the history shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// Its number.
    pub run: RunId,
    /// Which command began it.
    pub command: Command,
    /// The plan that an `apply` applied.
    pub plan: Option<RunId>,
    /// The shops that took part.
    pub shops: Vec<ShopId>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How it ended; nothing if it was cut off or is under way.
    pub end: Option<RunEnd>,
}

/// Writes the first row of a run, and gives its number.
pub async fn begin_run(warehouse: &Warehouse, new: NewRun<'_>) -> Result<RunId, JournalError> {
    let shops: Vec<i64> = new.shops.iter().map(|shop| shop.0).collect();
    let subjects: Vec<&str> = new.subjects.iter().map(|subject| subject.as_str()).collect();
    let plan = new.plan.map(|run| run.0);
    let client = warehouse.client().await.map_err(|source| JournalError::Unreadable { source })?;
    let row = client
        .query_one(
            sql!("journal/begin_run.sql"),
            &[
                &new.command.as_str(),
                &plan,
                &shops,
                &subjects,
                &new.full,
                &new.large_plan_allowed,
                &new.started_at,
                &env!("CARGO_PKG_VERSION"),
            ],
        )
        .await
        .map_err(|error| JournalError::Unreadable {
            source: DatabaseError::query("begin a run", error),
        })?;
    Ok(RunId(row.get("run_id")))
}

/// Writes the last row of a run.
pub async fn end_run(warehouse: &Warehouse, run: RunId, end: &RunEnd) -> Result<(), JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run, source })?;
    client
        .execute(
            sql!("journal/end_run.sql"),
            &[&run.0, &end.exit_code, &end.message, &end.ended_at],
        )
        .await
        .map_err(JournalError::of(run, "end a run"))?;
    Ok(())
}

/// The last `limit` runs, newest first.
pub async fn runs(warehouse: &Warehouse, limit: i64) -> Result<Vec<RunSummary>, JournalError> {
    summaries(warehouse, None, limit).await
}

/// One run.
pub async fn run(warehouse: &Warehouse, run: RunId) -> Result<RunSummary, JournalError> {
    summaries(warehouse, Some(run.0), 1).await?.pop().ok_or(JournalError::NoSuchRun(run))
}

async fn summaries(
    warehouse: &Warehouse,
    run: Option<i64>,
    limit: i64,
) -> Result<Vec<RunSummary>, JournalError> {
    let client = warehouse.client().await.map_err(|source| JournalError::Unreadable { source })?;
    let rows = client.query(sql!("journal/runs.sql"), &[&run, &limit]).await.map_err(|error| {
        JournalError::Unreadable { source: DatabaseError::query("read the runs", error) }
    })?;
    rows.iter()
        .map(|row| {
            let command = row
                .get::<_, &str>("command")
                .parse()
                .map_err(|source| JournalError::Word { source })?;
            let end = row.get::<_, Option<i16>>("exit_code").map(|exit_code| RunEnd {
                exit_code,
                message: row.get("message"),
                ended_at: row.get("ended_at"),
            });
            Ok(RunSummary {
                run: RunId(row.get("run_id")),
                command,
                plan: row.get::<_, Option<i64>>("plan_run_id").map(RunId),
                shops: row.get::<_, Vec<i64>>("shop_ids").into_iter().map(ShopId).collect(),
                started_at: row.get("started_at"),
                end,
            })
        })
        .collect()
}
