//! What an application did: a query over the outcomes in the journal, not a counter.

use super::ApplyError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{ActionKind, OutcomeKind, RunId, UnknownWord};

/// How many actions of one kind had one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The kind of action.
    pub action: ActionKind,
    /// The outcome.
    pub outcome: OutcomeKind,
    /// How many.
    pub count: i64,
}

/// What an application did, by kind of action and outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// In the order of the vocabularies; what did not happen is left out.
    pub tallies: Vec<Tally>,
}

impl Applied {
    /// How many actions had this outcome.
    pub fn count(&self, outcome: OutcomeKind) -> i64 {
        self.tallies
            .iter()
            .filter(|tally| tally.outcome == outcome)
            .map(|tally| tally.count)
            .fold(0, i64::saturating_add)
    }

    /// How many actions of this kind had this outcome.
    pub fn count_of(&self, action: ActionKind, outcome: OutcomeKind) -> i64 {
        self.tallies
            .iter()
            .filter(|tally| tally.action == action && tally.outcome == outcome)
            .map(|tally| tally.count)
            .fold(0, i64::saturating_add)
    }

    /// Whether everything that was attempted is as planned.
    pub fn is_clean(&self) -> bool {
        self.tallies.iter().all(|tally| tally.outcome == OutcomeKind::Applied)
    }
}

/// Counts what the run `applied_by` has done of `plan`.
pub async fn applied(
    warehouse: &Warehouse,
    plan: RunId,
    applied_by: RunId,
) -> Result<Applied, ApplyError> {
    let refuse = |source| ApplyError::Database { plan, source };
    let client = warehouse.client().await.map_err(refuse)?;
    let rows = client
        .query(sql!("apply/outcomes.sql"), &[&plan.0, &applied_by.0])
        .await
        .map_err(|error| refuse(DatabaseError::query("count the outcomes of a plan", error)))?;
    let mut tallies = rows
        .iter()
        .map(|row| {
            Ok(Tally {
                action: row.get::<_, &str>("action").parse()?,
                outcome: row.get::<_, &str>("outcome").parse()?,
                count: row.get("count"),
            })
        })
        .collect::<Result<Vec<Tally>, UnknownWord>>()
        .map_err(|source| ApplyError::Word { plan, source })?;
    tallies.sort_by_key(|tally| (tally.action, tally.outcome));
    Ok(Applied { tallies })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_outcome_and_action() {
        let tally = |action, outcome, count| Tally { action, outcome, count };
        let applied = Applied {
            tallies: vec![
                tally(ActionKind::CreateProduct, OutcomeKind::Applied, 2),
                tally(ActionKind::BookOrder, OutcomeKind::Applied, 5),
                tally(ActionKind::BookOrder, OutcomeKind::Refused, 1),
            ],
        };
        assert_eq!(applied.count(OutcomeKind::Applied), 7);
        assert_eq!(applied.count_of(ActionKind::BookOrder, OutcomeKind::Applied), 5);
        assert!(!applied.is_clean());
        assert!(Applied::default().is_clean());
    }
}
