//! A plan as a person reads it before it happens.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

use super::model::{Application, BrokenSum, Evidence, RunHeader, Shop};
use super::quantities::{QuantityTotal, SellersEdits};
use super::words::{count, count_of, span};
use crate::domain::{ActionKind, Currency, DecisionKind, Subject, Verdict};

/// The version of the plan's JSON. It moves when a field changes its meaning or goes away.
pub const PLAN_SCHEMA: &str = "etsy-odoo/plan/1";

/// A plan: what would be written, what is left to a person, what is left alone. It shows keys, products and countries,
/// never the names and addresses of buyers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanView {
    /// [`PLAN_SCHEMA`].
    pub schema: &'static str,
    /// The run that made the plan.
    pub run: RunHeader,
    /// The runs that applied it.
    pub applications: Vec<Application>,
    /// What it was made from, and whether that was all there was.
    pub evidence: Evidence,
    /// Whether every sum that was checked foots.
    pub foots: bool,
    /// The sums that do not.
    pub broken_sums: Vec<BrokenSum>,
    /// What carrying it out takes.
    pub cost: Cost,
    /// Per shop and subject: `compared = agrees + act + hold + ignore`.
    pub totals: Vec<PlanTotal>,
    /// What is taken off sale and put on sale, per shop, currency and state.
    pub quantities: Vec<QuantityTotal>,
    /// How many listings of each shop their sellers have changed on Etsy since both sides agreed.
    pub sellers_edits: Vec<SellersEdits>,
    /// The decisions that are alike, by shop, subject, decision and action. The JSON streams the decisions instead.
    #[serde(skip)]
    pub groups: Vec<PlanGroup>,
}

/// How many keys of a subject were decided in which way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanTotal {
    /// Whose.
    pub shop: Shop,
    /// What they are about.
    pub subject: Subject,
    /// How many keys were compared.
    pub compared: i64,
    /// How many agree.
    pub agrees: i64,
    /// For how many something would be written.
    pub act: i64,
    /// How many are left to a person.
    pub hold: i64,
    /// How many are left alone.
    pub ignore: i64,
    /// The money at stake, per decision and currency.
    pub money: Vec<PlanMoney>,
    /// What Odoo's own taxes add to the orders that are there, in shops that leave taxes to Odoo.
    pub odoo_tax: BTreeMap<Currency, Decimal>,
}

/// Money at stake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanMoney {
    /// What was decided.
    pub decision: DecisionKind,
    /// The kind of action of an act.
    pub action: Option<ActionKind>,
    /// The currency.
    pub currency: Currency,
    /// Their sum.
    pub amount: Decimal,
}

/// Decisions that are alike, and the first of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanGroup {
    /// Whose.
    pub shop: Shop,
    /// What they are about.
    pub subject: Subject,
    /// Act, hold or ignore.
    pub decision: DecisionKind,
    /// The kind of action of an act.
    pub action: Option<ActionKind>,
    /// How many.
    pub count: i64,
    /// Their money, per currency; empty where there is none.
    pub money: Vec<(Currency, Decimal)>,
    /// The first of them, in the order of application.
    pub rows: Vec<PlanRow>,
}

impl PlanGroup {
    /// How many are not in `rows`.
    pub fn more(&self) -> i64 {
        self.count.saturating_sub(i64::try_from(self.rows.len()).unwrap_or(i64::MAX)).max(0)
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRow {
    /// Its number.
    pub decision_no: i32,
    /// The key; of an order, the receipt.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// What a person may see of the action: a product's name, a buyer's country, the number of lines.
    pub detail: String,
    /// The money at stake.
    pub amount: Option<Decimal>,
    /// Its currency.
    pub currency: Option<Currency>,
}

/// What carrying out a plan takes. An estimate: what was measured on one Odoo 18 with one worker, confirmation included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Cost {
    /// Calls to Odoo.
    pub odoo_calls: i64,
    /// Calls to Etsy: to read fresh, to write, to read back, and to see what was sold meanwhile.
    pub etsy_calls: i64,
    /// How long Odoo works on them.
    pub seconds: i64,
    /// How long Etsy's calls take at the rate that it allows an app.
    pub etsy_seconds: i64,
}

/// How many records travel in one call; Odoo gains nothing from more than 50 to 100.
const RECORDS_PER_CALL: i64 = 50;

/// Load, read the state, confirm, put the date back.
const CALLS_PER_BATCH_OF_ORDERS: i64 = 4;

/// Read the orders and their deliveries, write, read both again.
const CALLS_PER_BATCH_OF_ADDRESSES: i64 = 5;

/// The order, its delivery and the moves of it.
const MILLISECONDS_PER_ADDRESS: i64 = 30;

/// Load and confirm take Odoo 16 and 50 to 80 milliseconds an order, whatever the size of the batch.
const MILLISECONDS_PER_ORDER: i64 = 85;

/// How many listings are read and written in one go.
const LISTINGS_PER_GROUP: i64 = 20;

/// Read fresh, read back, and the receipts since.
const ETSY_CALLS_PER_GROUP: i64 = 3;

/// Etsy's limit for an app (<https://developers.etsy.com/documentation/essentials/rate-limits>).
const ETSY_CALLS_PER_SECOND: i64 = 10;

/// A partner takes Odoo 3 milliseconds, a product with its template several times that.
const MILLISECONDS_PER_RECORD: i64 = 15;

impl Cost {
    /// The cost of so many actions of each kind.
    pub(super) fn of(actions: impl Iterator<Item = (ActionKind, i64)>) -> Self {
        let mut cost = Self::default();
        let mut milliseconds: i64 = 0;
        let mut listings: i64 = 0;
        for (kind, count) in actions {
            let batches = count.saturating_add(RECORDS_PER_CALL - 1) / RECORDS_PER_CALL;
            let (calls, each) = match kind {
                ActionKind::CreateProduct
                | ActionKind::UpdateProduct
                | ActionKind::CreateCustomer
                | ActionKind::CreateEntry => (1, MILLISECONDS_PER_RECORD),
                ActionKind::BookOrder => (CALLS_PER_BATCH_OF_ORDERS, MILLISECONDS_PER_ORDER),
                ActionKind::ChangeAddress => {
                    (CALLS_PER_BATCH_OF_ADDRESSES, MILLISECONDS_PER_ADDRESS)
                }
                ActionKind::CancelOrder => (1, MILLISECONDS_PER_ORDER),
                ActionKind::CountStock => (2, MILLISECONDS_PER_RECORD),
                ActionKind::DeactivateListing
                | ActionKind::LowerInventory
                | ActionKind::RaiseInventory => {
                    listings = listings.saturating_add(count);
                    cost.etsy_calls = cost.etsy_calls.saturating_add(count);
                    (0, 0)
                }
                // the state, beside the quantities
                ActionKind::ReactivateListing => {
                    listings = listings.saturating_add(count);
                    cost.etsy_calls = cost.etsy_calls.saturating_add(count.saturating_mul(2));
                    (0, 0)
                }
            };
            cost.odoo_calls = cost.odoo_calls.saturating_add(batches.saturating_mul(calls));
            milliseconds = milliseconds.saturating_add(count.saturating_mul(each));
        }
        let groups = listings.saturating_add(LISTINGS_PER_GROUP - 1) / LISTINGS_PER_GROUP;
        cost.etsy_calls =
            cost.etsy_calls.saturating_add(groups.saturating_mul(ETSY_CALLS_PER_GROUP));
        cost.etsy_seconds =
            cost.etsy_calls.saturating_add(ETSY_CALLS_PER_SECOND - 1) / ETSY_CALLS_PER_SECOND;
        cost.seconds = milliseconds.saturating_add(999) / 1000;
        cost
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let etsy = match self.etsy_calls {
            0 => "none to Etsy".to_owned(),
            calls => format!("{} to Etsy", count(calls)),
        };
        write!(
            formatter,
            "About {} to Odoo, {etsy}, and {} of Odoo's time{}.",
            count_of(self.odoo_calls, "call"),
            span(chrono::TimeDelta::seconds(self.seconds)),
            match self.etsy_seconds {
                0 => String::new(),
                seconds => format!(" and {} of Etsy's", span(chrono::TimeDelta::seconds(seconds))),
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_counts_batches_and_not_rows() {
        let cost =
            Cost::of([(ActionKind::BookOrder, 51), (ActionKind::CreateCustomer, 50)].into_iter());
        assert_eq!(cost, Cost { odoo_calls: 9, seconds: 6, ..Cost::default() });
        assert_eq!(
            cost.to_string(),
            "About 9 calls to Odoo, none to Etsy, and 6 s of Odoo's time."
        );
        assert_eq!(Cost::of(std::iter::empty()), Cost::default());
        let quantities =
            [(ActionKind::LowerInventory, 300), (ActionKind::ReactivateListing, 1)].into_iter();
        let cost = Cost::of(quantities);
        // 300 and 2 writes, and three reads for each 20 listings
        assert_eq!(cost, Cost { etsy_calls: 350, etsy_seconds: 35, ..Cost::default() });
        assert_eq!(
            cost.to_string(),
            "About 0 calls to Odoo, 350 to Etsy, and 0 s of Odoo's time and 35 s of Etsy's."
        );
    }
}
