//! What an order takes over from its shop, and what stands against it.

use rust_decimal::Decimal;

use super::{differing, kind, one, order, wanted};
use crate::diff::{OrderFinding, OrderInOdoo, OrderLine, OrderNote, PricelistFault, TaxFault};
use crate::domain::{DecisionKind, Verdict};
use crate::plan::{Action, BookOrder, Choice};
use crate::shop::{OrderState, Policy, Taxes};

fn booked(policy: Policy, finding: OrderFinding) -> BookOrder {
    let decision = one(policy, finding);
    let Choice::Act(action) = decision.choice else { panic!("{}", decision.reason) };
    let Action::BookOrder(book) = *action else { panic!("another action") };
    book
}

fn with_charges() -> OrderFinding {
    let mut wanted = wanted();
    let sold = wanted.lines[0].clone();
    for (line_key, product_key) in [
        ("discount_1", "service_discount"),
        ("shipping_1", "service_shipping"),
        ("etsy_tax_1", "service_etsy_tax"),
    ] {
        wanted.lines.push(OrderLine {
            line_key: line_key.to_owned(),
            product_key: product_key.to_owned(),
            transaction_id: None,
            ..sold.clone()
        });
    }
    wanted.notes = vec![OrderNote {
        line_key: "note_gift_1".to_owned(),
        text: "This order is a gift from Bob".to_owned(),
    }];
    OrderFinding { wanted: Some(wanted), ..order(Verdict::MissingInOdoo) }
}

#[test]
fn an_included_tax_stands_on_every_price_and_not_on_tax() {
    let taxes = |policy: Policy| -> Vec<Option<i32>> {
        booked(policy, with_charges()).lines.iter().map(|line| line.tax_id).collect()
    };
    let included = Policy { taxes: Taxes::Included, tax_id: Some(6), ..Policy::default() };
    assert_eq!(taxes(included), [Some(6), Some(6), Some(6), None]);
    // a tax that is named for later is not used
    assert_eq!(taxes(Policy { tax_id: Some(6), ..Policy::default() }), [None; 4]);
    let by_odoo = Policy { taxes: Taxes::ByOdoo, ..Policy::default() };
    assert!(booked(by_odoo.clone(), with_charges()).taxed_by_odoo);
    assert_eq!(taxes(by_odoo), [None; 4]);
}

#[test]
fn terms_and_notes_travel_with_the_order() {
    let policy = Policy {
        payment_term_id: Some(1),
        fiscal_position_id: Some(2),
        tag_ids: vec![3, 7],
        ..Policy::default()
    };
    let book = booked(policy, with_charges());
    assert_eq!((book.payment_term_id, book.fiscal_position_id), (Some(1), Some(2)));
    assert_eq!(book.tag_ids, [3, 7]);
    assert_eq!(book.notes[0].external_id, "etsy.note_gift_1");
    assert_eq!(book.notes[0].text, "This order is a gift from Bob");
    let shown = format!("{book:?}");
    assert!(!shown.contains("Bob"), "{shown}");
}

#[test]
fn what_stands_against_a_tax_holds_every_order_with_the_way_out() {
    let policy = Policy { taxes: Taxes::Included, tax_id: Some(6), ..Policy::default() };
    let mut told = Vec::new();
    for fault in TaxFault::ALL {
        let mut finding = order(Verdict::MissingInOdoo);
        finding.wanted = finding.wanted.map(|mut wanted| {
            wanted.tax_fault = Some(*fault);
            wanted
        });
        let decision = one(policy.clone(), finding);
        assert_eq!(kind(&decision), DecisionKind::Hold, "{fault}");
        assert!(decision.reason.contains(';') && decision.reason.contains("set "), "{fault}");
        told.push(decision.reason);
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), TaxFault::ALL.len());
}

#[test]
fn a_missing_pricelist_is_told_as_what_it_is() {
    let reason = |fault, pricelist_id| {
        let mut finding = order(Verdict::MissingInOdoo);
        finding.wanted = finding.wanted.map(|mut wanted| {
            (wanted.pricelist_id, wanted.pricelist_fault) = (None, Some(fault));
            wanted
        });
        one(Policy { pricelist_id, ..Policy::default() }, finding).reason
    };
    for (fault, named, words) in [
        (PricelistFault::Missing, Some(9), "the shop's pricelist 9 is not in Odoo"),
        (PricelistFault::Archived, Some(9), "the shop's pricelist 9 is archived"),
        (PricelistFault::Archived, None, "every pricelist in USD is archived"),
        (PricelistFault::OtherCompany, Some(9), "pricelist 9 is of another company"),
        (PricelistFault::OtherCompany, None, "every pricelist in USD is of another company"),
        (PricelistFault::OtherCurrency, Some(9), "pricelist 9 is not in USD"),
        (PricelistFault::CurrencyArchived, None, "USD is not active in Odoo"),
        (PricelistFault::NoPricelist, None, "Odoo has no pricelist in USD; make one"),
    ] {
        let reason = reason(fault, named);
        assert!(reason.contains(words), "{words}: {reason}");
    }
}

#[test]
fn an_order_made_by_hand_is_never_made_again() {
    let by_hand = |differences: &[&str], state: &str| {
        let mut finding = differing(differences, state);
        finding.there = finding.there.map(|there| OrderInOdoo { has_external_id: false, ..there });
        finding
    };
    let decision = one(Policy::default(), by_hand(&["state"], "draft"));
    assert_eq!(kind(&decision), DecisionKind::Hold);
    assert_eq!(decision.reason, "S00070 was made by hand for this receipt; confirm it in Odoo");
    let decision = one(Policy::default(), by_hand(&["date"], "sale"));
    assert!(
        decision.reason.contains("set its date to 2026-09-01 12:00:00 UTC"),
        "{}",
        decision.reason
    );
    let drafts = Policy { order_state: OrderState::Draft, ..Policy::default() };
    let decision = one(drafts, by_hand(&["date"], "draft"));
    assert!(decision.reason.contains("set its date"), "{}", decision.reason);
    let mut dearer = by_hand(&["total"], "sale");
    dearer.there = dearer.there.map(|there| OrderInOdoo { total: Decimal::new(1300, 2), ..there });
    let decision = one(Policy::default(), dearer);
    assert_eq!(decision.reason, "S00070: total 12.00 on Etsy, 13.00 in Odoo; correct it in Odoo");
}
