//! What is decided about customers, and about orders whose address changed.

use super::tests::{Findings, SHOP, buyer, decide, differing, kind, one, shops, there, wanted};
use super::{Action, Choice, Decision, Reference};
use crate::diff::{CustomerFinding, OrderFinding, OrderInOdoo, OrderWanted};
use crate::domain::{DecisionKind, Verdict};
use crate::shop::{Partners, Policy};

#[expect(clippy::needless_pass_by_value, reason = "each test makes its own policy in place")]
fn decided(policy: Policy, finding: CustomerFinding) -> Decision {
    let findings = Findings { customers: vec![finding], ..Findings::default() };
    decide(&shops(&policy), &findings).remove(0)
}

fn missing() -> CustomerFinding {
    CustomerFinding { copies: 0, ..buyer(SHOP, Verdict::MissingInOdoo) }
}

#[test]
fn a_place_that_odoo_lacks_holds_nobody_and_is_told() {
    let unknown_state = CustomerFinding {
        country_iso: Some("GR".to_owned()),
        unknown_state: Some("Attica".to_owned()),
        ..missing()
    };
    let decision = decided(Policy::default(), unknown_state);
    assert_eq!(kind(&decision), DecisionKind::Act);
    assert!(decision.reason.contains("no state `Attica` of GR"), "{}", decision.reason);
    let unknown_country = CustomerFinding { unknown_country: Some("ZZ".to_owned()), ..missing() };
    let decision = decided(Policy::default(), unknown_country);
    assert_eq!(kind(&decision), DecisionKind::Act);
    assert!(decision.reason.contains("no country `ZZ`"), "{}", decision.reason);
}

#[test]
fn a_language_and_a_company_travel_with_the_partner() {
    let policy = Policy {
        language: Some("de_DE".to_owned()),
        partners: Partners::Own,
        company_id: Some(2),
        ..Policy::default()
    };
    let decision = decided(policy, CustomerFinding { company_id: Some(2), ..missing() });
    let Choice::Act(action) = decision.choice else { panic!("{}", decision.reason) };
    let Action::CreateCustomer(customer) = *action else { panic!("another action") };
    assert_eq!(customer.language.as_deref(), Some("de_DE"));
    assert_eq!(customer.company_id, Some(2));
}

#[test]
fn a_language_that_is_not_active_and_a_company_that_is_not_named_hold() {
    let policy = Policy { language: Some("de_DE".to_owned()), ..Policy::default() };
    let inactive = CustomerFinding { other_languages: Some("en_US".to_owned()), ..missing() };
    let decision = decided(policy, inactive);
    assert_eq!(kind(&decision), DecisionKind::Hold);
    assert!(decision.reason.ends_with("set language to one that is: en_US"), "{}", decision.reason);
    let decision = decided(Policy { partners: Partners::Own, ..Policy::default() }, missing());
    assert_eq!(kind(&decision), DecisionKind::Hold);
    assert!(decision.reason.contains("set company_id for shop acme"), "{}", decision.reason);
}

fn moved(change: fn(&mut OrderInOdoo)) -> OrderFinding {
    let mut there = there("sale");
    change(&mut there);
    let wanted = OrderWanted {
        address_key: Some("address_9_new".to_owned()),
        address_id: Some(12),
        address_copies: 1,
        ..wanted()
    };
    OrderFinding {
        wanted: Some(wanted),
        there: Some(there),
        ..differing(&["address", "total"], "sale")
    }
}

#[test]
fn an_order_follows_its_receipt_until_goods_leave_or_a_person_chooses() {
    let decision = one(Policy::default(), moved(|_| {}));
    let Choice::Act(action) = decision.choice else { panic!("{}", decision.reason) };
    let Action::ChangeAddress(change) = *action else { panic!("another action") };
    assert_eq!(change.shipping, Reference::OdooId(12));
    assert_eq!((change.order_id, change.seen_shipping_id), (70, 8));
    assert_eq!(change.seen_state, "sale");

    let delivered =
        one(Policy::default(), moved(|there| "full".clone_into(&mut there.delivery_status)));
    assert_eq!(kind(&delivered), DecisionKind::Ignore);
    let partly =
        one(Policy::default(), moved(|there| "partial".clone_into(&mut there.delivery_status)));
    assert_eq!(kind(&partly), DecisionKind::Hold);
    let chosen = one(Policy::default(), moved(|there| there.shipping_was_asked = false));
    assert_eq!(kind(&chosen), DecisionKind::Ignore);
    assert!(chosen.reason.contains("a person chose it"), "{}", chosen.reason);
}

#[test]
fn an_order_waits_for_an_address_that_waits() {
    let mut finding = moved(|_| {});
    let wanted = finding.wanted.as_mut().unwrap();
    wanted.address_id = None;
    wanted.address_is_decided = true;
    let customer = CustomerFinding {
        key: "address_9_new".to_owned(),
        parent_key: Some("buyer_9".to_owned()),
        parent_copies: 2,
        ..missing()
    };
    let findings =
        Findings { customers: vec![customer], orders: vec![finding], ..Findings::default() };
    let decisions = decide(&shops(&Policy::default()), &findings);
    assert!(decisions.iter().all(|decision| kind(decision) == DecisionKind::Hold));
}
