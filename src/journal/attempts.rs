//! Attempts and their outcomes.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::JournalError;
use crate::db::Warehouse;
use crate::domain::{ActionKind, OutcomeKind, RunId, ShopId};
use crate::plan::Action;

/// The number of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttemptId(pub i64);

/// An action of a plan that is still to be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedAction {
    /// Its number in the plan.
    pub decision_no: i32,
    /// Whose it is.
    pub shop: ShopId,
    /// The key of the finding.
    pub key: String,
    /// What to do.
    pub action: Action,
}

/// The verdict on an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// Which attempt.
    pub attempt: AttemptId,
    /// The verdict.
    pub outcome: OutcomeKind,
    /// The other side's words, scrubbed of personal data; empty when there is nothing to say.
    pub said: String,
    /// The record in Odoo, where it is known.
    pub odoo_id: Option<i32>,
    /// The order's `amount_total` as read back; where taxes are left to Odoo, what its lines come to as they are priced.
    pub odoo_total: Option<Decimal>,
    /// What Odoo's own taxes add to it, where they are left to Odoo.
    pub odoo_tax_added: Option<Decimal>,
}

/// Up to `limit` actions of `kind` in the plan of `run` that are not settled as applied or stale, in the order of the
/// plan, after `after` (0 to begin with).
pub async fn outstanding(
    warehouse: &Warehouse,
    run: RunId,
    kind: ActionKind,
    after: i32,
    limit: i64,
) -> Result<Vec<PlannedAction>, JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run, source })?;
    let rows = client
        .query(sql!("journal/outstanding.sql"), &[&run.0, &kind.as_str(), &after, &limit])
        .await
        .map_err(JournalError::of(run, "read the actions of a plan"))?;
    rows.iter()
        .map(|row| {
            let decision_no = row.get("decision_no");
            let action = serde_json::from_value(row.get("payload"))
                .map_err(|source| JournalError::Action { run, decision_no, source })?;
            Ok(PlannedAction {
                decision_no,
                shop: ShopId(row.get("shop_id")),
                key: row.get("key"),
                action,
            })
        })
        .collect()
}

/// Announces the attempts of one call, and commits. The ids come back in the order of `decision_nos`.
pub async fn announce(
    warehouse: &Warehouse,
    plan: RunId,
    applied_by: RunId,
    decision_nos: &[i32],
    now: DateTime<Utc>,
) -> Result<Vec<AttemptId>, JournalError> {
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run: plan, source })?;
    let rows = client
        .query(sql!("journal/announce.sql"), &[&plan.0, &applied_by.0, &decision_nos, &now])
        .await
        .map_err(JournalError::of(plan, "announce a call"))?;
    Ok(rows.iter().map(|row| AttemptId(row.get("attempt_id"))).collect())
}

/// Records the verdicts of one call, and commits.
pub async fn settle(
    warehouse: &Warehouse,
    plan: RunId,
    settlements: &[Settlement],
    now: DateTime<Utc>,
) -> Result<(), JournalError> {
    let attempts: Vec<i64> = settlements.iter().map(|settlement| settlement.attempt.0).collect();
    let outcomes: Vec<&str> =
        settlements.iter().map(|settlement| settlement.outcome.as_str()).collect();
    let said: Vec<&str> = settlements.iter().map(|settlement| settlement.said.as_str()).collect();
    let ids: Vec<Option<i32>> = settlements.iter().map(|settlement| settlement.odoo_id).collect();
    let totals: Vec<Option<Decimal>> =
        settlements.iter().map(|settlement| settlement.odoo_total).collect();
    let taxes: Vec<Option<Decimal>> =
        settlements.iter().map(|settlement| settlement.odoo_tax_added).collect();
    let client =
        warehouse.client().await.map_err(|source| JournalError::Database { run: plan, source })?;
    client
        .execute(
            sql!("journal/settle.sql"),
            &[&attempts, &outcomes, &said, &ids, &totals, &taxes, &now],
        )
        .await
        .map_err(JournalError::of(plan, "record the outcome of a call"))?;
    Ok(())
}
