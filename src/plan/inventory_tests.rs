//! Decisions about quantities, value by value.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{Action, Choice, Decision, Planner, ReactivateListing, ShopPolicy, StockStanding};
use crate::diff::{InventoryFinding, Mover, Obstacle, ProductFinding, StockOffering, StockPart};
use crate::domain::{DecisionKind, ShopId, StockBasis, Verdict};
use crate::shop::{Freeze, Policy, UnknownProduct};

const SHOP: ShopId = ShopId(7);

fn now() -> DateTime<Utc> {
    "2026-12-25T12:00:00Z".parse().unwrap()
}

fn shops(policy: Policy) -> BTreeMap<ShopId, ShopPolicy> {
    BTreeMap::from([(SHOP, ShopPolicy { name: "acme".to_owned(), policy })])
}

/// An offering with a quantity of its own, and a product that has nothing else.
fn offering(variant: &str, known: i32, target: i32) -> StockOffering {
    StockOffering {
        variant_key: variant.to_owned(),
        quantity_group: variant.to_owned(),
        variations: None,
        sku: Some(format!("SKU-{variant}")),
        price: Decimal::TWO,
        observed: known,
        known,
        target,
        unexplained: 0,
        base_quantity: Some(known),
        base_target: Some(known),
        agreed_at: Some(now()),
        sold_since_base: 0,
        moved: Mover::Odoo,
        obstacle: None,
        is_read: true,
        frozen: None,
        product_key: format!("sku_{variant}"),
        product_id: Some(10),
        copies: 1,
        parts: vec![StockPart { product_id: 10, available: target.into() }],
    }
}

fn finding(differences: &[&str], offerings: Vec<StockOffering>) -> InventoryFinding {
    InventoryFinding {
        shop: SHOP,
        key: "5".to_owned(),
        listing_id: 5,
        verdict: Verdict::Differs,
        differences: differences.iter().map(|what| (*what).to_owned()).collect(),
        title: "A cup".to_owned(),
        state: "active".to_owned(),
        updated_at: now(),
        currency: "EUR".to_owned(),
        fault: None,
        basis: StockBasis::Sellable,
        warehouse_ids: vec![1],
        offerings,
    }
}

fn decide(policy: Policy, finding: &InventoryFinding) -> Decision {
    Planner::new(&shops(policy), None).inventory(finding, now()).unwrap()
}

fn set(decision: &Decision) -> Vec<(&str, i32, i32)> {
    let Choice::Act(action) = &decision.choice else { panic!("{decision:?}") };
    let (Action::DeactivateListing(set)
    | Action::LowerInventory(set)
    | Action::RaiseInventory(set)
    | Action::ReactivateListing(ReactivateListing { inventory: set, .. })) = &**action
    else {
        panic!("{action:?}")
    };
    set.offerings
        .iter()
        .map(|offering| (offering.variant_key.as_str(), offering.seen, offering.wanted))
        .collect()
}

#[test]
fn an_action_is_complete() {
    let finding = finding(&["lower"], vec![offering("a", 5, 3), offering("b", 2, 4)]);
    let decision = decide(Policy::default(), &finding);
    let Choice::Act(action) = &decision.choice else { panic!("{decision:?}") };
    let Action::LowerInventory(set) = &**action else { panic!("{action:?}") };
    assert_eq!(
        (set.listing_id, set.title.as_str(), set.seen_state.as_str()),
        (5, "A cup", "active")
    );
    assert_eq!((set.units(), set.revenue()), ((2, 2), (4.into(), 4.into())));
    assert_eq!((set.warehouse_ids.as_slice(), set.stock.len()), ([1].as_slice(), 1));
    assert_eq!((decision.amount, decision.currency), (Some(4.into()), "EUR".parse().ok()));
    assert_eq!(
        decision.reason,
        "SKU SKU-a: Etsy offers 5, Odoo allows 3, SKU SKU-b: Etsy offers 2, Odoo allows 4; \
         Odoo's stock has moved since both sides agreed"
    );
    let before = decision.before.unwrap();
    assert_eq!(before["offerings"][0]["on_etsy"], 5);
    assert_eq!(before["offerings"][0]["allowed"], 3);
}

#[test]
fn what_shares_a_quantity_waits_together() {
    let mut policy = Policy::default();
    policy.stock.freeze = Freeze::read("stock_freeze", "2026-12-24..2026-12-26").unwrap();
    let mut finding = finding(&["raise"], vec![offering("a", 5, 6), offering("b", 5, 6)]);
    for offering in &mut finding.offerings {
        offering.quantity_group = "all".to_owned();
    }
    // one of them has hours of its own, in which the run does not fall
    finding.offerings[1].frozen = Some("22:00-06:00".to_owned());
    let decision = decide(policy.clone(), &finding);
    assert_eq!(decision.choice.kind(), DecisionKind::Ignore);
    assert!(
        decision.reason.contains("nothing is raised in 2026-12-24..2026-12-26"),
        "{}",
        decision.reason
    );
    finding.offerings[0].frozen = Some("22:00-06:00".to_owned());
    assert_eq!(set(&decide(policy, &finding)), [("a", 5, 6), ("b", 5, 6)]);
}

#[test]
fn a_listing_whose_products_this_plan_creates_waits_for_the_next_one() {
    let mut missing = offering("a", 5, 5);
    missing.obstacle = Some(Obstacle::Unlinked);
    missing.product_id = None;
    let finding = InventoryFinding {
        verdict: Verdict::MissingInOdoo,
        ..finding(&["unlinked"], vec![missing])
    };
    let product = ProductFinding {
        shop: SHOP,
        key: "sku_a".to_owned(),
        verdict: Verdict::MissingInOdoo,
        differences: Vec::new(),
        sku: Some("SKU-a".to_owned()),
        listing_id: Some(5),
        variant_key: "a".to_owned(),
        name: "A cup".to_owned(),
        is_digital: false,
        price: Decimal::TWO,
        description: None,
        review_tag_id: None,
        taken_by: None,
        product_id: None,
        copies: 0,
        matched_by: None,
        contrast: None,
    };
    let shops = shops(Policy::default());
    let mut planner = Planner::new(&shops, None);
    planner.product(&product).unwrap();
    let decision = planner.inventory(&finding, now()).unwrap();
    assert_eq!(decision.choice.kind(), DecisionKind::Ignore);
    assert!(
        decision.reason.starts_with("this plan creates the products for it"),
        "{}",
        decision.reason
    );
    let held = self::shops(Policy { unknown_product: UnknownProduct::Hold, ..Policy::default() });
    let mut planner = Planner::new(&held, None);
    planner.product(&product).unwrap();
    let decision = planner.inventory(&finding, now()).unwrap();
    assert_eq!(decision.choice.kind(), DecisionKind::Hold);
}

#[test]
fn a_currency_that_is_none_is_held() {
    let finding = InventoryFinding {
        currency: "euro".to_owned(),
        ..finding(&["lower"], vec![offering("a", 5, 3)])
    };
    let decision = decide(Policy::default(), &finding);
    assert_eq!(decision.choice.kind(), DecisionKind::Hold);
    assert!(decision.reason.ends_with("its currency `euro` is none"), "{}", decision.reason);
}

fn refusals(zeroed: usize, lowered: usize, standing: &StockStanding) -> Vec<String> {
    let shops = shops(Policy::default());
    let mut planner = Planner::new(&shops, None);
    for _ in 0..zeroed {
        planner.inventory(&finding(&["lower", "zero"], vec![offering("a", 5, 0)]), now());
    }
    for _ in 0..lowered {
        planner.inventory(&finding(&["lower"], vec![offering("a", 5, 3)]), now());
    }
    let standings = BTreeMap::from([(SHOP, standing.clone())]);
    planner
        .refusals(&BTreeMap::new(), &standings)
        .into_iter()
        .map(|refusal| refusal.reason)
        .collect()
}

#[test]
fn the_guard_has_figures_and_limits() {
    let standing = |on_sale| StockStanding {
        on_sale,
        compared: on_sale,
        warehouse_ids: vec![1],
        ..StockStanding::default()
    };
    assert_eq!(refusals(2, 0, &standing(10)), Vec::<String>::new());
    assert_eq!(
        refusals(3, 0, &standing(10)),
        [
            "shop acme: 3 of 10 listings on sale would go to nothing, a share of 0.30, and the limit is 0.2 (guard_zeroed_share)"
        ]
    );
    assert_eq!(refusals(0, 5, &standing(10)), Vec::<String>::new());
    assert_eq!(
        refusals(0, 6, &standing(10)),
        [
            "shop acme: the quantities of 6 of 10 listings would change, a share of 0.60, and the limit is 0.5 (guard_quantity_share)"
        ]
    );
    // of a few, a share says nothing
    assert_eq!(refusals(1, 0, &standing(1)), Vec::<String>::new());
    assert_eq!(refusals(8, 0, &standing(9)), Vec::<String>::new());
    assert_eq!(
        refusals(9, 0, &standing(9)),
        ["shop acme: all 9 listings on sale would go to nothing (guard_zeroed_share)"]
    );
    // what stands nowhere is not believed, unless nothing is taken from it
    let nowhere = StockStanding { warehouse_ids: Vec::new(), ..standing(100) };
    assert_eq!(refusals(0, 0, &nowhere), Vec::<String>::new());
    assert_eq!(
        refusals(0, 1, &nowhere),
        [
            "shop acme: Odoo has no warehouse for it; name some: `etsy-odoo shop set acme stock_warehouse_ids=1`"
        ]
    );
    let empty = StockStanding { is_empty: true, allowed_before: 4, ..standing(100) };
    assert_eq!(refusals(0, 1, &empty).len(), 1);
    assert_eq!(refusals(0, 1, &StockStanding { allowed_before: 0, ..empty }), Vec::<String>::new());
}
