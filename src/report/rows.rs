//! What the queries give, before it is put together.

use rust_decimal::Decimal;

use super::figures::Progress;
use crate::domain::{ActionKind, Currency, DecisionKind, ShopId, Standing, Subject, Verdict};

/// A row of `sql/report/intake.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IntakeRow {
    pub(super) shop: ShopId,
    pub(super) entity: String,
    pub(super) fetched: i64,
    pub(super) staged: i64,
    pub(super) rejected: i64,
    pub(super) repeated: i64,
    pub(super) listed_rejects: i64,
}

/// A row of `sql/report/tally.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TallyRow {
    pub(super) shop: ShopId,
    pub(super) subject: Subject,
    pub(super) currency: Option<Currency>,
    pub(super) standing: Standing,
    pub(super) verdict: Verdict,
    pub(super) keys: i64,
    pub(super) etsy: Decimal,
    pub(super) odoo: Decimal,
    /// What Odoo's own taxes add to `odoo`, where they are left to Odoo.
    pub(super) odoo_tax: Decimal,
}

/// A row of `sql/report/matters.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MatterRow {
    pub(super) shop: ShopId,
    pub(super) subject: Subject,
    pub(super) currency: Option<Currency>,
    pub(super) standing: Standing,
    pub(super) verdict: Verdict,
    pub(super) decision: Option<DecisionKind>,
    pub(super) action: Option<ActionKind>,
    pub(super) progress: Option<Progress>,
    pub(super) findings: i64,
    pub(super) decisions: i64,
    pub(super) in_another_currency: i64,
    /// Of how many Odoo now has another amount than Etsy asks for.
    pub(super) off: i64,
    pub(super) etsy: Decimal,
    pub(super) odoo: Decimal,
    pub(super) at_stake: Decimal,
    pub(super) odoo_now: Decimal,
    /// What Odoo's own taxes add to `odoo`, where they are left to Odoo.
    pub(super) odoo_tax: Decimal,
    /// What they add to `odoo_now`.
    pub(super) odoo_tax_now: Decimal,
}

/// Whether the money of such keys counts: what lies outside the window was not compared, and what is rightly not in Odoo
/// has nothing to compare.
pub(super) fn counts(standing: Standing, verdict: Verdict) -> bool {
    verdict != Verdict::OutsideWindow && (standing == Standing::Due || verdict != Verdict::Agrees)
}

/// What such keys ask of Odoo, of the sum of their receipts.
pub(super) fn asked(standing: Standing, etsy: Decimal) -> Decimal {
    match standing {
        Standing::Due => etsy,
        Standing::Unpaid | Standing::Cancelled => Decimal::ZERO,
    }
}

/// Which subject a count of staging is of; nothing for the kinds of row that came from Etsy, among which are inventories.
pub(super) fn subject_of(entity: &str) -> Option<Subject> {
    match entity {
        "quantities" => Some(Subject::Inventory),
        "inventory" => None,
        other => other.parse().ok(),
    }
}
