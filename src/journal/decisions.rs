//! Decisions: written once, in the order of application.

use tokio_postgres::Transaction;

use super::JournalError;
use crate::db::{DatabaseError, PooledTransaction, Warehouse};
use crate::domain::{ActionKind, DecisionKind, OutcomeKind, RunId, ShopId, Subject};
use crate::plan::{Choice, Decision};

/// A plan being written, decision by decision, numbered from 1 in the order given.
pub struct PlanBook<'t> {
    transaction: PooledTransaction<'t>,
    run: RunId,
    written: usize,
}

impl std::fmt::Debug for PlanBook<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PlanBook")
            .field("run", &self.run)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

impl PlanBook<'_> {
    /// Writes the next decisions, in one statement.
    pub async fn add(&mut self, decisions: &[Decision]) -> Result<(), JournalError> {
        if decisions.is_empty() {
            return Ok(());
        }
        let run = self.run;
        let columns = Columns::of(self.written, decisions)
            .map_err(|source| JournalError::Action { run, decision_no: 0, source })?;
        columns.insert(run, &self.transaction).await.map_err(failed(run))?;
        self.written = self.written.saturating_add(decisions.len());
        Ok(())
    }
}

/// Stores the decisions that `decide` adds to the plan of a run, in one transaction: a plan is whole or it is not there.
/// `refuse` makes an error of the journal one of the caller's.
pub async fn record_decisions<T, E>(
    warehouse: &Warehouse,
    run: RunId,
    refuse: impl Fn(JournalError) -> E,
    decide: impl AsyncFnOnce(&mut PlanBook<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut client = warehouse
        .client()
        .await
        .map_err(|source| refuse(JournalError::Database { run, source }))?;
    let decided = {
        let transaction = client.transaction().await.map_err(|error| refuse(failed(run)(error)))?;
        let mut book = PlanBook { transaction, run, written: 0 };
        let decided = decide(&mut book).await?;
        book.transaction.commit().await.map_err(|error| refuse(failed(run)(error)))?;
        decided
    };
    let analyzed = client.batch_execute(sql!("journal/analyze_decisions.sql")).await;
    analyzed.map_err(|error| refuse(failed(run)(error)))?;
    Ok(decided)
}

fn failed(run: RunId) -> impl FnOnce(tokio_postgres::Error) -> JournalError {
    JournalError::of(run, "store the decisions of a plan")
}

/// One array per column, as `unnest` takes them.
#[derive(Default)]
struct Columns {
    numbers: Vec<i32>,
    shops: Vec<i64>,
    subjects: Vec<&'static str>,
    keys: Vec<String>,
    verdicts: Vec<&'static str>,
    choices: Vec<&'static str>,
    actions: Vec<Option<&'static str>>,
    reasons: Vec<String>,
    payloads: Vec<Option<serde_json::Value>>,
    befores: Vec<Option<serde_json::Value>>,
    amounts: Vec<Option<rust_decimal::Decimal>>,
    currencies: Vec<Option<String>>,
}

impl Columns {
    fn of(before: usize, decisions: &[Decision]) -> Result<Self, serde_json::Error> {
        let mut columns = Self::default();
        for (number, decision) in (before.saturating_add(1)..).zip(decisions) {
            let (action, payload) = match &decision.choice {
                Choice::Act(action) => {
                    (Some(action.kind().as_str()), Some(serde_json::to_value(action)?))
                }
                Choice::Hold | Choice::Ignore => (None, None),
            };
            columns.numbers.push(i32::try_from(number).unwrap_or(i32::MAX));
            columns.shops.push(decision.shop.0);
            columns.subjects.push(decision.subject.as_str());
            columns.keys.push(decision.key.clone());
            columns.verdicts.push(decision.verdict.as_str());
            columns.choices.push(decision.choice.kind().as_str());
            columns.actions.push(action);
            columns.reasons.push(decision.reason.clone());
            columns.payloads.push(payload);
            columns.befores.push(decision.before.clone());
            columns.amounts.push(decision.amount);
            columns.currencies.push(decision.currency.map(String::from));
        }
        Ok(columns)
    }

    async fn insert(
        &self,
        run: RunId,
        transaction: &Transaction<'_>,
    ) -> Result<(), tokio_postgres::Error> {
        transaction
            .execute(
                sql!("journal/record_decisions.sql"),
                &[
                    &run.0,
                    &self.numbers,
                    &self.shops,
                    &self.subjects,
                    &self.keys,
                    &self.verdicts,
                    &self.choices,
                    &self.actions,
                    &self.reasons,
                    &self.payloads,
                    &self.befores,
                    &self.amounts,
                    &self.currencies,
                ],
            )
            .await?;
        Ok(())
    }
}

/// How many decisions of one kind stand in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionCount {
    /// Whose they are.
    pub shop: ShopId,
    /// What they are about.
    pub subject: Subject,
    /// Act, hold or ignore.
    pub decision: DecisionKind,
    /// The kind of action of an act.
    pub action: Option<ActionKind>,
    /// The outcome of an act; nothing while it is only planned.
    pub outcome: Option<OutcomeKind>,
    /// How many.
    pub count: i64,
}

/// Counts the decisions of a run by subject, decision, action and outcome.
pub async fn decision_counts(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<Vec<DecisionCount>, JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run, source })?;
    let rows =
        client.query(sql!("journal/decision_counts.sql"), &[&run.0]).await.map_err(|error| {
            JournalError::Database {
                run,
                source: DatabaseError::query("count the decisions", error),
            }
        })?;
    rows.iter().map(|row| count(row).map_err(|source| JournalError::Word { source })).collect()
}

fn count(row: &tokio_postgres::Row) -> Result<DecisionCount, crate::domain::UnknownWord> {
    let state: Option<&str> = row.get("state");
    Ok(DecisionCount {
        shop: ShopId(row.get("shop_id")),
        subject: row.get::<_, &str>("subject").parse()?,
        decision: row.get::<_, &str>("decision").parse()?,
        action: row.get::<_, Option<&str>>("action").map(str::parse).transpose()?,
        outcome: state.filter(|state| *state != "planned").map(str::parse).transpose()?,
        count: row.get("count"),
    })
}
