//! From findings to decisions.

mod addresses;
mod books;
mod counts;
mod customers;
mod inventory;
mod inventory_words;
mod order_terms;
mod orders;
mod product_updates;
mod products;

pub use books::{entry_reference, line_text, obstacle_words};
pub(super) use inventory::shown;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::guard::Guard;
use super::stock_guard::StockGuard;
use super::{Choice, Decision, Refusal, ShopStanding, StockStanding};
use crate::diff::{
    BookFinding, CountFinding, CustomerFinding, InventoryFinding, OrderFinding, ProductFinding,
};
use crate::domain::ShopId;
use crate::shop::Policy;

/// A shop's name and policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopPolicy {
    /// Our name for it.
    pub name: String,
    /// What the merchant decided.
    pub policy: Policy,
}

/// What became of a product that an order may need.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Prospect {
    /// This plan creates it, under this external id.
    Created(String),
    /// It waits for a person.
    Held(String),
    /// The policy books the line on the placeholder product instead.
    Placeholder,
}

/// What this plan makes of the products and customers that orders refer to, by key. There are as many new customers as
/// new orders, so of those only the exceptions are kept: a customer that is not held is created.
#[derive(Debug, Default)]
struct Prospects {
    products: BTreeMap<(ShopId, String), Prospect>,
    held_customers: BTreeMap<(ShopId, String), String>,
    /// Which shop a record is created for; the same record is created once.
    created_for: BTreeMap<String, String>,
}

/// What is done about a product or a customer, why, and what that means for the orders that need it.
type Chosen = (Choice, String, Option<Prospect>);

/// Leaves it, and the orders that need it, to a person.
fn hold(reason: String) -> Chosen {
    (Choice::Hold, reason.clone(), Some(Prospect::Held(reason)))
}

/// The full external id of a key.
fn external_id(key: &str) -> String {
    format!("etsy.{key}")
}

/// Decides finding by finding: all products, then all customers with buyers before addresses, then all orders, then all
/// quantities. What it remembers does not grow with the orders.
#[derive(Debug)]
pub struct Planner<'a> {
    shops: &'a BTreeMap<ShopId, ShopPolicy>,
    placeholder: Option<i32>,
    prospects: Prospects,
    guard: Guard,
    stock_guard: StockGuard,
    acts: usize,
    holds: usize,
}

impl<'a> Planner<'a> {
    /// Begins a plan for these shops. `placeholder` is the product that stands in where a shop's policy says so, if Odoo
    /// has it.
    pub fn new(shops: &'a BTreeMap<ShopId, ShopPolicy>, placeholder: Option<i32>) -> Self {
        Self {
            shops,
            placeholder,
            prospects: Prospects::default(),
            guard: Guard::default(),
            stock_guard: StockGuard::default(),
            acts: 0,
            holds: 0,
        }
    }

    /// Decides on a product. A finding of a shop without a policy is left out: there is none, since the comparison joins
    /// the policy.
    pub fn product(&mut self, finding: &ProductFinding) -> Option<Decision> {
        let shop = self.shops.get(&finding.shop)?;
        let decision = products::decide(shop, finding, &mut self.prospects);
        Some(self.counted(decision))
    }

    /// Decides on a buyer or an address.
    pub fn customer(&mut self, finding: &CustomerFinding) -> Option<Decision> {
        let shop = self.shops.get(&finding.shop)?;
        let decision = customers::decide(shop, finding, &mut self.prospects);
        Some(self.counted(decision))
    }

    /// Decides on an order.
    pub fn order(&mut self, finding: &OrderFinding) -> Option<Decision> {
        let shop = self.shops.get(&finding.shop)?;
        let decision = orders::decide(shop, finding, self.placeholder, &self.prospects);
        Some(self.counted(decision))
    }

    /// Decides on the quantities of a listing. `now` is when the run began.
    pub fn inventory(
        &mut self,
        finding: &InventoryFinding,
        now: DateTime<Utc>,
    ) -> Option<Decision> {
        let shop = self.shops.get(&finding.shop)?;
        let decision = inventory::decide(shop, finding, now, &self.prospects);
        self.stock_guard.see(finding, &decision);
        Some(self.counted(decision))
    }

    /// Decides on a product that is counted in Odoo as Etsy has it.
    pub fn count(&mut self, finding: &CountFinding) -> Option<Decision> {
        let shop = self.shops.get(&finding.shop)?;
        let decision = counts::decide(shop, finding, &self.prospects);
        Some(self.counted(decision))
    }

    /// Decides on an entry for the books.
    pub fn book(&mut self, finding: &BookFinding) -> Option<Decision> {
        let shop = self.shops.get(&finding.shop)?;
        Some(self.counted(books::decide(shop, finding)))
    }

    fn counted(&mut self, decision: Decision) -> Decision {
        match decision.choice {
            Choice::Act(_) => self.acts = self.acts.saturating_add(1),
            Choice::Hold => self.holds = self.holds.saturating_add(1),
            Choice::Ignore => {}
        }
        self.guard.see(&decision);
        decision
    }

    /// How many decisions act, and how many wait for a person.
    pub fn counts(&self) -> (usize, usize) {
        (self.acts, self.holds)
    }

    /// Looks at the plan of each shop as a whole. No refusal: the plan may be applied.
    pub fn refusals(
        &self,
        standings: &BTreeMap<ShopId, ShopStanding>,
        stock: &BTreeMap<ShopId, StockStanding>,
    ) -> Vec<Refusal> {
        let mut refusals = self.guard.refusals(self.shops, standings);
        refusals.extend(self.stock_guard.refusals(self.shops, stock));
        refusals
    }
}

impl Prospects {
    /// Claims the right to create a record; the name of the shop that has it already, otherwise.
    fn claim(&mut self, external_id: &str, shop: &ShopPolicy) -> Option<String> {
        if let Some(owner) = self.created_for.get(external_id) {
            return Some(owner.clone());
        }
        self.created_for.insert(external_id.to_owned(), shop.name.clone());
        None
    }
}
