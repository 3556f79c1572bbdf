//! From findings to decisions.

mod addresses;
mod customers;
mod orders;
mod products;

use std::collections::BTreeMap;

use super::{Choice, Decision};
use crate::diff::{CustomerFinding, OrderFinding, ProductFinding};
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

/// Everything that is decided on.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// By shop and key.
    pub products: Vec<ProductFinding>,
    /// By shop, buyers before addresses.
    pub customers: Vec<CustomerFinding>,
    /// By shop and receipt.
    pub orders: Vec<OrderFinding>,
    /// The product that stands in where a shop's policy says `placeholder`, if Odoo has it.
    pub placeholder_product: Option<i32>,
}

/// What became of a key that an order may need.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Prospect {
    /// This plan creates it, under this external id.
    Created(String),
    /// It waits for a person.
    Held(String),
    /// The policy books the line on the placeholder product instead.
    Placeholder,
}

/// What this plan makes of the products and customers that orders refer to, by key.
#[derive(Debug, Default)]
struct Prospects {
    products: BTreeMap<(ShopId, String), Prospect>,
    customers: BTreeMap<(ShopId, String), Prospect>,
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

/// One decision for every finding, in the order of application: products, customers, orders. A finding of a shop without
/// a policy is left out: there is none, since the comparison joins the policy.
pub fn decide(shops: &BTreeMap<ShopId, ShopPolicy>, findings: &Findings) -> Vec<Decision> {
    let mut prospects = Prospects::default();
    let mut decisions = Vec::new();
    for finding in &findings.products {
        if let Some(shop) = shops.get(&finding.shop) {
            decisions.push(products::decide(shop, finding, &mut prospects));
        }
    }
    for finding in &findings.customers {
        if let Some(shop) = shops.get(&finding.shop) {
            decisions.push(customers::decide(shop, finding, &mut prospects));
        }
    }
    for finding in &findings.orders {
        if let Some(shop) = shops.get(&finding.shop) {
            decisions.push(orders::decide(shop, finding, findings.placeholder_product, &prospects));
        }
    }
    decisions
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
