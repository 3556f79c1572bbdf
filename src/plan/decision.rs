//! Decisions: one for every finding that does not agree.

use rust_decimal::Decimal;

use super::Action;
use crate::domain::{Currency, DecisionKind, ShopId, Subject, Verdict};

/// What a plan does about a finding, and why.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// Do this.
    Act(Box<Action>),
    /// A person has to decide.
    Hold,
    /// Nothing needs doing.
    Ignore,
}

impl Choice {
    /// The word for it.
    pub fn kind(&self) -> DecisionKind {
        match self {
            Self::Act(_) => DecisionKind::Act,
            Self::Hold => DecisionKind::Hold,
            Self::Ignore => DecisionKind::Ignore,
        }
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Whose finding it is.
    pub shop: ShopId,
    /// What it is about.
    pub subject: Subject,
    /// The key of the finding.
    pub key: String,
    /// How the two sides stand.
    pub verdict: Verdict,
    /// What to do.
    pub choice: Choice,
    /// Why, in words a merchant understands.
    pub reason: String,
    /// The state that the decision was made on.
    pub before: Option<serde_json::Value>,
    /// The money at stake.
    pub amount: Option<Decimal>,
    /// Its currency.
    pub currency: Option<Currency>,
}
