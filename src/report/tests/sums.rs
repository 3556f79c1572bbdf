//! Sums that foot, and sums that do not.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::fixture::{Rows, acme, assert_fits, cents, matter, plan, report, rows, tallied};
use crate::domain::{ActionKind, DecisionKind, Standing, Verdict};
use crate::report::figures::Progress;
use crate::report::foot::Sums;
use crate::report::rows::{MatterRow, TallyRow};

fn broken(rows: &Rows) -> Vec<String> {
    let shops = BTreeMap::from([(acme().id, acme())]);
    let sums = Sums {
        shops: &shops,
        intake: &rows.intake,
        tally: &rows.tally,
        matters: &rows.matters,
        planned: true,
    };
    sums.broken().iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_run_foots() {
    assert_eq!(broken(&rows()), [""; 0]);
}

#[test]
fn a_receipt_without_a_verdict_does_not_foot() {
    let mut rows = rows();
    rows.tally[0].keys = 9;
    assert_eq!(broken(&rows), ["shop acme, orders: staged 17, sum of verdicts 16"]);
}

#[test]
fn each_kind_of_leak_is_named() {
    let check = |spoil: fn(&mut Rows), expected: &str| {
        let mut rows = rows();
        spoil(&mut rows);
        let said = broken(&rows);
        assert!(said.iter().any(|line| line == expected), "{expected}: {said:?}");
        let text = report(&rows).to_text();
        assert!(text.contains("do not foot") || text.contains("does not foot"), "{text}");
        assert!(text.replace("\n      ", " ").contains(expected), "{text}");
    };
    check(
        |rows| rows.intake[0].fetched = 20,
        "shop acme, receipts: fetched 20, staged, rejected and repeated 18",
    );
    check(
        |rows| rows.intake[0].listed_rejects = 0,
        "shop acme, receipts: rejected 1, rejects listed 0",
    );
    check(
        |rows| rows.tally[0].odoo = cents(49_588),
        "shop acme, orders, agreeing: Etsy 500.00 USD, Odoo 495.88 USD",
    );
    check(
        |rows| rows.matters[0].findings = 2,
        "shop acme, orders, differs (due): tallied 1, findings 2",
    );
    check(
        |rows| rows.matters[0].odoo = cents(4_587),
        "shop acme, orders, differs (due): tallied in Odoo 45.88 USD, findings 45.87 USD",
    );
    check(
        |rows| rows.matters[0].decisions = 0,
        "shop acme, orders, differs: findings 1, decisions 0",
    );
    check(
        |rows| rows.matters[1].at_stake = cents(15_900),
        "shop acme, orders, to book: planned 159.00 USD, asked by Etsy 160.00 USD",
    );
}

#[test]
fn the_difference_is_explained_to_the_cent() {
    let report = report(&rows());
    let bridge = &report.shops[0].bridges[0];
    assert_eq!(bridge.asked, cents(71_000));
    assert_eq!(bridge.had, cents(54_588));
    assert_eq!((bridge.booked_orders, bridge.booked), (2, cents(16_000)));
    assert_eq!((bridge.now, bridge.off), (cents(70_588), cents(-412)));
    assert_eq!(bridge.because.len(), 1);
    assert_eq!(bridge.because[0].verdict, Verdict::Differs);
    assert_eq!(bridge.because[0].amount, cents(-412));
    let text = report.to_text();
    assert!(text.contains("Etsy asks for 710.00 USD, Odoo has 705.88: off by -4.12."), "{text}");
    assert!(text.contains("2 orders booked for 160.00 USD; Etsy asked for 160.00 USD."), "{text}");
}

#[test]
fn a_plan_whose_decisions_do_not_add_up_says_so() {
    let mut total = plan().totals.remove(0);
    assert_eq!(total.broken(), None);
    total.act = 2;
    assert_eq!(
        total.broken().unwrap().to_string(),
        "shop acme, orders: compared 16, agreeing, acted on, held and left alone 15"
    );
}

fn any_matter() -> impl Strategy<Value = MatterRow> {
    let verdicts = [
        Verdict::Differs,
        Verdict::MissingInOdoo,
        Verdict::MissingInEtsy,
        Verdict::DuplicatedInOdoo,
        Verdict::OutsideWindow,
    ];
    (
        prop::sample::select(Standing::ALL.to_vec()),
        prop::sample::select(verdicts.to_vec()),
        prop::option::of(prop::sample::select(Progress::ALL.to_vec())),
        1_i64..50,
        0_i64..1_000_000,
        0_i64..1_000_000,
        0_i64..1_000_000,
        prop::array::uniform2(0_i64..99_999),
    )
        .prop_map(|(standing, verdict, progress, count, etsy, odoo, now, tax)| MatterRow {
            standing,
            decision: Some(progress.map_or(DecisionKind::Hold, |_| DecisionKind::Act)),
            action: progress.map(|_| ActionKind::BookOrder),
            progress,
            odoo_now: cents(if progress == Some(Progress::Applied) { now } else { odoo }),
            odoo_tax: cents(tax[0]),
            odoo_tax_now: cents(tax[usize::from(progress == Some(Progress::Applied))]),
            ..matter(verdict, count, etsy, odoo)
        })
}

proptest! {
    /// Whatever was found, decided and done: the parts of the difference add up to the difference.
    #[test]
    fn causes_add_up(matters in prop::collection::vec(any_matter(), 0..12), agree in 0_i64..9_999) {
        let mut tally = vec![tallied(Standing::Due, Verdict::Agrees, 1, agree, agree)];
        tally.extend(matters.iter().map(|matter| TallyRow {
            keys: matter.findings,
            etsy: matter.etsy,
            odoo: matter.odoo,
            odoo_tax: matter.odoo_tax,
            ..tallied(matter.standing, matter.verdict, 0, 0, 0)
        }));
        let rows = Rows { intake: Vec::new(), tally, matters };
        let report = report(&rows);
        let bridge = &report.shops[0].bridges[0];
        let explained: Decimal = bridge.because.iter().map(|cause| cause.amount).sum();
        prop_assert_eq!(explained, bridge.off);
        prop_assert_eq!(bridge.with_odoo_tax, bridge.asked + bridge.off + bridge.odoo_tax);
        prop_assert!(report.foots, "{:?}", report.broken_sums);
        let kinds: BTreeSet<_> = bridge.because.iter().map(|c| (c.standing, c.verdict, c.decision, c.progress)).collect();
        prop_assert_eq!(kinds.len(), bridge.because.len());
        assert_fits(&report.to_text());
    }
}
