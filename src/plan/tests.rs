//! What is decided, finding by finding, and when the guard says no.

mod order_terms;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::guard::Guard;
use super::{Action, Choice, Decision, Planner, Reference, ShopPolicy, ShopStanding};
use crate::diff::{
    CustomerFinding, OrderFinding, OrderInOdoo, OrderLine, OrderWanted, ProductFinding,
};
use crate::domain::{DecisionKind, ReceiptId, ShopId, Standing, Verdict};
use crate::shop::{CancelledReceipt, OrderState, Policy, UnknownProduct};

/// Everything that is decided on.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) products: Vec<ProductFinding>,
    pub(super) customers: Vec<CustomerFinding>,
    pub(super) orders: Vec<OrderFinding>,
    pub(super) placeholder_product: Option<i32>,
}

pub(super) fn decide(shops: &BTreeMap<ShopId, ShopPolicy>, findings: &Findings) -> Vec<Decision> {
    let mut planner = Planner::new(shops, findings.placeholder_product);
    let mut decisions = Vec::new();
    decisions.extend(findings.products.iter().filter_map(|finding| planner.product(finding)));
    decisions.extend(findings.customers.iter().filter_map(|finding| planner.customer(finding)));
    decisions.extend(findings.orders.iter().filter_map(|finding| planner.order(finding)));
    decisions
}

pub(super) const SHOP: ShopId = ShopId(7);
const SISTER: ShopId = ShopId(8);

pub(super) fn shops(policy: &Policy) -> BTreeMap<ShopId, ShopPolicy> {
    let shop = |name: &str| ShopPolicy { name: name.to_owned(), policy: policy.clone() };
    [(SHOP, shop("acme")), (SISTER, shop("sister"))].into()
}

fn product(shop: ShopId, verdict: Verdict) -> ProductFinding {
    ProductFinding {
        shop,
        key: "sku_1".to_owned(),
        verdict,
        differences: Vec::new(),
        sku: Some("MUG".to_owned()),
        listing_id: Some(5_000_000_001),
        variant_key: String::new(),
        name: "Mug".to_owned(),
        is_digital: false,
        price: Decimal::new(1200, 2),
        description: None,
        review_tag_id: Some(9),
        taken_by: None,
        product_id: None,
        copies: 2,
        matched_by: None,
        contrast: None,
    }
}

pub(super) fn buyer(shop: ShopId, verdict: Verdict) -> CustomerFinding {
    CustomerFinding {
        shop,
        key: "buyer_9".to_owned(),
        verdict,
        parent_key: None,
        parent_id: None,
        parent_copies: 0,
        parent_is_decided: false,
        claimants: 2,
        buyer_user_id: 9,
        name: "Dana".to_owned(),
        street: None,
        street2: None,
        city: None,
        zip: None,
        country_id: None,
        state_id: None,
        country_iso: None,
        unknown_country: None,
        unknown_state: None,
        company_id: None,
        other_languages: None,
        partner_id: None,
        copies: 2,
    }
}

fn day() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

pub(super) fn wanted() -> OrderWanted {
    OrderWanted {
        ordered_at: day(),
        total: Decimal::new(1200, 2),
        customer_key: "buyer_9".to_owned(),
        partner_id: Some(3),
        partner_copies: 1,
        partner_is_decided: false,
        address_key: None,
        address_id: None,
        address_copies: 0,
        address_is_decided: false,
        residue: Decimal::ZERO,
        pricelist_id: Some(2),
        pricelist_fault: None,
        tax_fault: None,
        notes: Vec::new(),
        lines: vec![OrderLine {
            line_key: "tx_1".to_owned(),
            product_key: "sku_1".to_owned(),
            product_id: Some(4),
            name: "Mug".to_owned(),
            quantity: Decimal::ONE,
            price_unit: Decimal::new(1200, 2),
            is_delivery: false,
            transaction_id: Some(1),
        }],
    }
}

pub(super) fn there(state: &str) -> OrderInOdoo {
    OrderInOdoo {
        order_id: 70,
        name: "S00070".to_owned(),
        state: state.to_owned(),
        copies: 1,
        ordered_at: day(),
        total: Decimal::new(1200, 2),
        odoo_tax_added: None,
        has_external_id: true,
        line_count: 1,
        invoice_status: "no".to_owned(),
        delivery_status: "pending".to_owned(),
        shipping_id: Some(8),
        shipping_was_asked: true,
    }
}

fn order(verdict: Verdict) -> OrderFinding {
    OrderFinding {
        shop: SHOP,
        receipt: ReceiptId(4_000_000_001),
        verdict,
        standing: Standing::Due,
        differences: Vec::new(),
        currency: "USD".to_owned(),
        wanted: Some(wanted()),
        there: None,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "each test makes its own policy in place")]
pub(super) fn one(policy: Policy, finding: OrderFinding) -> Decision {
    let findings = Findings { orders: vec![finding], ..Findings::default() };
    let mut decisions = decide(&shops(&policy), &findings);
    assert_eq!(decisions.len(), 1);
    decisions.remove(0)
}

pub(super) fn kind(decision: &Decision) -> DecisionKind {
    decision.choice.kind()
}

pub(super) fn differing(differences: &[&str], state: &str) -> OrderFinding {
    OrderFinding {
        differences: differences.iter().map(|name| (*name).to_owned()).collect(),
        there: Some(there(state)),
        ..order(Verdict::Differs)
    }
}

#[test]
fn a_paid_receipt_without_an_order_is_booked_whole() {
    let decision = one(Policy::default(), order(Verdict::MissingInOdoo));
    let Choice::Act(action) = decision.choice else { panic!("{}", decision.reason) };
    let Action::BookOrder(book) = *action else { panic!("another action") };
    assert_eq!(book.external_id, "etsy.receipt_4000000001");
    assert_eq!(
        (book.partner, book.lines[0].product.clone()),
        (Reference::OdooId(3), Reference::OdooId(4))
    );
    assert_eq!(book.shipping, Reference::OdooId(3), "a withheld address ships to the buyer");
    assert!(book.confirm && book.total == Decimal::new(1200, 2));
}

/// Takes something away from an order.
type Spoil = fn(&mut OrderWanted);

#[test]
fn what_an_order_lacks_holds_it_with_the_way_out() {
    let cases: [(&str, Spoil); 6] = [
        ("do not add up", |_| {}),
        ("no lines", |wanted| wanted.lines.clear()),
        ("no pricelist in USD", |wanted| wanted.pricelist_id = None),
        ("several partners", |wanted| wanted.partner_copies = 2),
        ("customer is not in Odoo", |wanted| wanted.partner_id = None),
        ("is not in Odoo", |wanted| wanted.lines[0].product_id = None),
    ];
    for (words, spoil) in cases {
        let mut finding = order(Verdict::MissingInOdoo);
        let mut wanted = wanted();
        if words == "do not add up" {
            wanted.residue = Decimal::new(50, 2);
        }
        spoil(&mut wanted);
        finding.wanted = Some(wanted);
        let decision = one(Policy::default(), finding);
        assert_eq!(kind(&decision), DecisionKind::Hold, "{words}");
        let reason = decision.reason.replace("are 0.5 USD apart", "do not add up");
        assert!(reason.contains(words), "{words}: {reason}");
    }
}

#[test]
fn a_half_made_order_is_finished_and_any_other_difference_is_held() {
    let policy = Policy::default;
    assert_eq!(kind(&one(policy(), differing(&["state"], "draft"))), DecisionKind::Act);
    assert_eq!(kind(&one(policy(), differing(&["state", "date"], "sent"))), DecisionKind::Act);
    assert_eq!(kind(&one(policy(), differing(&["date"], "sale"))), DecisionKind::Act);
    assert_eq!(kind(&one(policy(), differing(&["state", "total"], "draft"))), DecisionKind::Hold);
    assert_eq!(kind(&one(policy(), differing(&["currency"], "sale"))), DecisionKind::Hold);
    let cancelled = one(policy(), differing(&["state"], "cancel"));
    assert!(cancelled.reason.contains("cancelled in Odoo"), "{}", cancelled.reason);
    assert_eq!(kind(&cancelled), DecisionKind::Hold);
}

#[test]
fn a_cancelled_receipt_cancels_only_what_nobody_has_touched() {
    let cancelled = |change: fn(&mut OrderInOdoo)| {
        let mut there = there("sale");
        change(&mut there);
        OrderFinding {
            standing: Standing::Cancelled,
            there: Some(there),
            ..order(Verdict::Differs)
        }
    };
    let act = one(Policy::default(), cancelled(|_| {}));
    assert!(
        matches!(&act.choice, Choice::Act(action) if matches!(**action, Action::CancelOrder(_)))
    );
    let delivered = cancelled(|there| there.delivery_status = "partial".to_owned());
    assert_eq!(kind(&one(Policy::default(), delivered)), DecisionKind::Hold);
    let invoiced = cancelled(|there| there.invoice_status = "invoiced".to_owned());
    assert_eq!(kind(&one(Policy::default(), invoiced)), DecisionKind::Hold);
    let policy = Policy { cancelled_receipt: CancelledReceipt::Hold, ..Policy::default() };
    assert_eq!(kind(&one(policy, cancelled(|_| {}))), DecisionKind::Hold);
    let unpaid = OrderFinding { standing: Standing::Unpaid, ..cancelled(|_| {}) };
    assert_eq!(kind(&one(Policy::default(), unpaid)), DecisionKind::Hold);
}

#[test]
fn duplicates_and_strangers_wait_for_a_person_and_old_ones_are_left() {
    let mut twice = order(Verdict::DuplicatedInOdoo);
    twice.there = Some(OrderInOdoo { copies: 2, ..there("sale") });
    let decision = one(Policy::default(), twice);
    assert!(kind(&decision) == DecisionKind::Hold && decision.reason.starts_with("2 orders"));
    let stranger =
        OrderFinding { wanted: None, there: Some(there("sale")), ..order(Verdict::MissingInEtsy) };
    assert_eq!(kind(&one(Policy::default(), stranger)), DecisionKind::Hold);
    assert_eq!(kind(&one(Policy::default(), order(Verdict::OutsideWindow))), DecisionKind::Ignore);
}

#[test]
fn an_order_follows_its_products_and_customers() {
    let mut missing = order(Verdict::MissingInOdoo);
    if let Some(wanted) = &mut missing.wanted {
        wanted.partner_id = None;
        wanted.partner_is_decided = true;
        wanted.lines[0].product_id = None;
    }
    let findings = |unknown: Verdict| Findings {
        products: vec![product(SHOP, unknown)],
        customers: vec![buyer(SHOP, Verdict::MissingInOdoo)],
        orders: vec![missing.clone()],
        placeholder_product: Some(99),
    };
    let decisions = decide(&shops(&Policy::default()), &findings(Verdict::MissingInOdoo));
    assert!(decisions.iter().all(|decision| kind(decision) == DecisionKind::Act));
    let Choice::Act(action) = &decisions[2].choice else { panic!() };
    let Action::BookOrder(book) = &**action else { panic!() };
    assert_eq!(book.partner, Reference::ExternalId("etsy.buyer_9".to_owned()));
    assert_eq!(book.lines[0].product, Reference::ExternalId("etsy.sku_1".to_owned()));

    let held = decide(&shops(&Policy::default()), &findings(Verdict::DuplicatedInOdoo));
    assert_eq!(kind(&held[2]), DecisionKind::Hold);
    assert!(held[2].reason.contains("2 products in Odoo answer to SKU MUG"));

    let policy = Policy { unknown_product: UnknownProduct::Placeholder, ..Policy::default() };
    let placed = decide(&shops(&policy), &findings(Verdict::MissingInOdoo));
    let Choice::Act(action) = &placed[2].choice else { panic!("{}", placed[2].reason) };
    let Action::BookOrder(book) = &**action else { panic!() };
    assert_eq!(book.lines[0].product, Reference::OdooId(99));

    let policy = Policy { unknown_product: UnknownProduct::Hold, ..Policy::default() };
    let waiting = decide(&shops(&policy), &findings(Verdict::MissingInOdoo));
    assert_eq!(kind(&waiting[2]), DecisionKind::Hold);
}

#[test]
fn two_shops_create_the_same_record_once() {
    let findings = Findings {
        products: vec![
            product(SHOP, Verdict::MissingInOdoo),
            product(SISTER, Verdict::MissingInOdoo),
        ],
        customers: vec![buyer(SHOP, Verdict::MissingInOdoo), buyer(SISTER, Verdict::MissingInOdoo)],
        ..Findings::default()
    };
    let decisions = decide(&shops(&Policy::default()), &findings);
    let kinds: Vec<&str> = decisions.iter().map(|decision| kind(decision).as_str()).collect();
    assert_eq!(kinds, ["act", "ignore", "act", "ignore"]);
    assert!(decisions[1].reason.contains("for shop acme"));
}

fn many(number: i64, verdict: Verdict) -> Vec<Decision> {
    (0..number)
        .map(|index| {
            let finding = if verdict == Verdict::Differs {
                differing(&["date"], "sale")
            } else {
                order(verdict)
            };
            one(Policy::default(), OrderFinding { receipt: ReceiptId(index + 1), ..finding })
        })
        .collect()
}

#[test]
fn the_guard_names_the_share_the_limit_and_the_counts() {
    let policy = Policy { guard_new_orders: 5, order_state: OrderState::Sale, ..Policy::default() };
    let standing = |orders_in_odoo, vanished_orders| {
        BTreeMap::from([(SHOP, ShopStanding { orders_in_odoo, vanished_orders })])
    };
    let refusals = |decisions: &[Decision], standing: BTreeMap<ShopId, ShopStanding>| {
        let mut guard = Guard::default();
        for decision in decisions {
            guard.see(decision);
        }
        guard.refusals(&shops(&policy), &standing)
    };
    assert_eq!(refusals(&many(5, Verdict::MissingInOdoo), standing(0, 0)), []);
    let new = refusals(&many(6, Verdict::MissingInOdoo), standing(0, 0));
    assert_eq!(new[0].reason, "shop acme: 6 new orders, and the limit is 5 (guard_new_orders)");

    assert_eq!(refusals(&many(6, Verdict::Differs), standing(20, 0)), []);
    let changed = refusals(&many(7, Verdict::Differs), standing(20, 0));
    assert!(
        changed[0].reason.contains("7 of 20 orders would change, a share of 0.35"),
        "{changed:?}"
    );
    assert_eq!(
        refusals(&many(7, Verdict::Differs), standing(9, 0)),
        [],
        "a share of few says nothing"
    );

    let gone = refusals(&[], standing(100, 40));
    assert!(gone[0].reason.contains("40 orders that were booked before are gone"));
}
