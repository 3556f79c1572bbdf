//! The figures of a report: what was read, compared, decided and done, and what it comes to in money.

use rust_decimal::Decimal;
use serde::Serialize;

use super::model::Shop;
use crate::domain::{ActionKind, Currency, DecisionKind, OutcomeKind, Standing, Subject, Verdict};

crate::domain::vocabulary! {
    /// Where an action of a plan stands.
    Progress {
        /// No attempt was made yet.
        Planned = "planned",
        /// Done, read back and seen.
        Applied = "applied",
        /// The other side said no.
        Refused = "refused",
        /// No answer that can be trusted.
        Unknown = "unknown",
        /// The world had moved on; nothing was done.
        Stale = "stale",
    }
}

impl From<OutcomeKind> for Progress {
    fn from(outcome: OutcomeKind) -> Self {
        match outcome {
            OutcomeKind::Applied => Self::Applied,
            OutcomeKind::Refused => Self::Refused,
            OutcomeKind::Unknown => Self::Unknown,
            OutcomeKind::Stale => Self::Stale,
        }
    }
}

/// The money of all shops in one currency: the sum of their [`Bridge`]s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CurrencyTotal {
    /// Which currency.
    pub currency: Currency,
    /// How many orders Etsy asks for, or only Odoo has.
    pub orders: i64,
    /// What Etsy asks for.
    pub asked: Decimal,
    /// What Odoo had when it was read.
    pub had: Decimal,
    /// How many orders this plan booked.
    pub booked_orders: i64,
    /// What those were to come to, by Etsy.
    pub booked_asked: Decimal,
    /// By how much booking them changed Odoo, as read back.
    pub booked: Decimal,
    /// What Odoo has now.
    pub now: Decimal,
    /// `now - asked`.
    pub off: Decimal,
    /// What Odoo's own taxes add to `now`, in shops that leave taxes to Odoo.
    pub odoo_tax: Decimal,
    /// `now + odoo_tax`: the sum of Odoo's totals.
    pub with_odoo_tax: Decimal,
}

/// What a run came to for one shop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShopReport {
    /// Which shop.
    pub shop: Shop,
    /// What staging came to, per kind of thing.
    pub intake: Vec<Intake>,
    /// What was compared, decided and done, in the order of application.
    pub subjects: Vec<SubjectReport>,
    /// From what Etsy asks for to what Odoo has, per currency.
    pub bridges: Vec<Bridge>,
}

/// What staging came to: `fetched = staged + rejected + repeated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Intake {
    /// Receipts, listings, …
    pub entity: String,
    /// How many came.
    pub fetched: i64,
    /// How many were staged.
    pub staged: i64,
    /// How many could not be read.
    pub rejected: i64,
    /// How many came twice.
    pub repeated: i64,
}

/// One subject of one shop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectReport {
    /// Which.
    pub subject: Subject,
    /// How many keys were compared.
    pub compared: i64,
    /// How they stand, by currency and standing.
    pub verdicts: Vec<VerdictLine>,
    /// What the plan decided.
    pub decisions: Vec<DecisionLine>,
    /// What became of its actions.
    pub outcomes: Vec<OutcomeLine>,
}

impl SubjectReport {
    /// Whether there is money in it.
    pub(super) fn has_money(&self) -> bool {
        self.verdicts.iter().any(|line| line.currency.is_some())
    }
}

/// Keys that stand alike. `difference` is what Odoo has less what Etsy asks of it; receipts that are unpaid or cancelled
/// ask for nothing, and nothing is asked outside the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictLine {
    /// Nothing for subjects without money.
    pub currency: Option<Currency>,
    /// Whether a record must exist.
    pub standing: Standing,
    /// How the sides stand.
    pub verdict: Verdict,
    /// How many keys.
    pub keys: i64,
    /// The sum of the receipts.
    pub etsy_amount: Decimal,
    /// The sum of the sale orders.
    pub odoo_amount: Decimal,
    /// By how much Odoo is off; nothing where the money does not count.
    pub difference: Option<Decimal>,
}

/// What was decided for some findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionLine {
    /// Act, hold or ignore.
    pub decision: DecisionKind,
    /// The kind of action of an act.
    pub action: Option<ActionKind>,
    /// How the sides stood.
    pub verdict: Verdict,
    /// Nothing for decisions without money.
    pub currency: Option<Currency>,
    /// How many.
    pub count: i64,
    /// The money at stake, as the plan states it.
    pub at_stake: Decimal,
}

/// What became of some actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeLine {
    /// The kind of action.
    pub action: ActionKind,
    /// Where it stands.
    pub progress: Progress,
    /// Nothing for actions without money.
    pub currency: Option<Currency>,
    /// How many.
    pub count: i64,
    /// The money at stake, as the plan states it.
    pub at_stake: Decimal,
    /// What Etsy asks for.
    pub etsy_amount: Decimal,
    /// What Odoo holds for these keys now: read back where an order was booked, the snapshot's elsewhere.
    pub odoo_amount: Decimal,
}

/// From what Etsy asks for to what Odoo has, in one currency, with every cent of the difference explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bridge {
    /// Which currency.
    pub currency: Currency,
    /// How many orders Etsy asks for, or only Odoo has.
    pub orders: i64,
    /// What Etsy asks for.
    pub asked: Decimal,
    /// What Odoo had when it was read.
    pub had: Decimal,
    /// How many orders this plan booked.
    pub booked_orders: i64,
    /// What those were to come to, by Etsy.
    pub booked_asked: Decimal,
    /// By how much booking them changed Odoo, as read back.
    pub booked: Decimal,
    /// How many orders this plan cancelled.
    pub cancelled_orders: i64,
    /// By how much that changed Odoo (negative).
    pub cancelled: Decimal,
    /// `had + booked + cancelled`.
    pub now: Decimal,
    /// `now - asked`.
    pub off: Decimal,
    /// What Odoo's own taxes add to `now`, in shops that leave taxes to Odoo.
    pub odoo_tax: Decimal,
    /// `now + odoo_tax`: the sum of Odoo's totals.
    pub with_odoo_tax: Decimal,
    /// What makes up `off`.
    pub because: Vec<Cause>,
    /// Orders whose two amounts are in different currencies: their amounts in Odoo are counted as they stand.
    pub in_another_currency: i64,
}

/// A part of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Whether an order must exist.
    pub standing: Standing,
    /// How the sides stood.
    pub verdict: Verdict,
    /// What was decided; nothing if no plan was stored.
    pub decision: Option<DecisionKind>,
    /// Where the action stands.
    pub progress: Option<Progress>,
    /// How many orders have another amount in Odoo than Etsy asks for.
    pub orders: i64,
    /// Their part of the difference.
    pub amount: Decimal,
}
