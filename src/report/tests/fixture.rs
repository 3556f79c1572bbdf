//! A small world whose sums foot, and everything that can be long, wide or hostile.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr as _;

use crate::domain::{
    ActionKind, Currency, DecisionKind, RunId, ShopId, Standing, Subject, Verdict,
};
use crate::journal::Command;
use crate::report::bridge::totals;
use crate::report::build::shop_reports;
use crate::report::figures::Progress;
use crate::report::foot::Sums;
use crate::report::model::{
    Bounded, End, Evidence, OdooRead, OffRow, PersonRow, REPORT_SCHEMA, RejectRow, RunHeader,
    RunReport, Shop, StreamProof, UnprovenWindow,
};
use crate::report::plan_view::{
    Cost, PLAN_SCHEMA, PlanGroup, PlanMoney, PlanRow, PlanTotal, PlanView,
};
use crate::report::quantities::{QuantityTotal, SellersEdits};
use crate::report::rows::{IntakeRow, MatterRow, TallyRow};
use crate::report::scale;

pub(super) const HOSTILE: &str = "</td><script>alert(1)</script> \u{1b}[2J\u{202e}=cmd()";
pub(super) const FORMULA: &str = "=cmd|'/C calc'!A0";
pub(super) const WIDE: &str =
    "手作りの陶器のマグカップ手作りの陶器のマグカップ手作りの陶器のマグカップ手作りの陶器";

pub(super) fn usd() -> Currency {
    "USD".parse().unwrap()
}

pub(super) fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

pub(super) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_399_200, 0).unwrap()
}

pub(super) fn acme() -> Shop {
    Shop { id: ShopId(12_345_678), name: "acme".to_owned() }
}

pub(super) fn tallied(
    standing: Standing,
    verdict: Verdict,
    keys: i64,
    etsy: i64,
    odoo: i64,
) -> TallyRow {
    TallyRow {
        shop: acme().id,
        subject: Subject::Orders,
        currency: Some(usd()),
        standing,
        verdict,
        keys,
        etsy: cents(etsy),
        odoo: cents(odoo),
        odoo_tax: Decimal::ZERO,
    }
}

/// Findings of one kind that were decided alike.
pub(super) fn matter(verdict: Verdict, count: i64, etsy: i64, odoo: i64) -> MatterRow {
    MatterRow {
        shop: acme().id,
        subject: Subject::Orders,
        currency: Some(usd()),
        standing: Standing::Due,
        verdict,
        decision: Some(DecisionKind::Hold),
        action: None,
        progress: None,
        findings: count,
        decisions: count,
        in_another_currency: 0,
        off: count,
        etsy: cents(etsy),
        odoo: cents(odoo),
        at_stake: cents(etsy),
        odoo_now: cents(odoo),
        odoo_tax: Decimal::ZERO,
        odoo_tax_now: Decimal::ZERO,
    }
}

pub(super) fn booked(count: i64, etsy: i64, read_back: i64) -> MatterRow {
    MatterRow {
        decision: Some(DecisionKind::Act),
        action: Some(ActionKind::BookOrder),
        progress: Some(Progress::Applied),
        odoo_now: cents(read_back),
        off: i64::from(etsy != read_back),
        ..matter(Verdict::MissingInOdoo, count, etsy, 0)
    }
}

#[derive(Clone)]
pub(super) struct Rows {
    pub(super) intake: Vec<IntakeRow>,
    pub(super) tally: Vec<TallyRow>,
    pub(super) matters: Vec<MatterRow>,
}

/// A small world whose sums foot, and that is off by 4.12.
pub(super) fn rows() -> Rows {
    let counted = |entity: &str, staged| IntakeRow {
        shop: acme().id,
        entity: entity.to_owned(),
        fetched: staged + 1,
        staged,
        rejected: 1,
        repeated: 0,
        listed_rejects: 1,
    };
    Rows {
        intake: vec![
            counted("receipt", 17),
            IntakeRow { fetched: 17, rejected: 0, ..counted("orders", 17) },
        ],
        tally: vec![
            tallied(Standing::Due, Verdict::Agrees, 10, 50_000, 50_000),
            tallied(Standing::Due, Verdict::Differs, 1, 5_000, 4_588),
            tallied(Standing::Due, Verdict::MissingInOdoo, 2, 16_000, 0),
            tallied(Standing::Unpaid, Verdict::Agrees, 3, 7_710, 0),
            tallied(Standing::Due, Verdict::OutsideWindow, 1, 90_000, 0),
        ],
        matters: vec![
            matter(Verdict::Differs, 1, 5_000, 4_588),
            booked(2, 16_000, 16_000),
            MatterRow {
                decision: Some(DecisionKind::Ignore),
                ..matter(Verdict::OutsideWindow, 1, 90_000, 0)
            },
        ],
    }
}

pub(super) fn header() -> RunHeader {
    RunHeader {
        number: RunId(7),
        command: Command::Run,
        shops: vec![acme()],
        subjects: Subject::ALL.to_vec(),
        full: false,
        large_plan_allowed: false,
        started_at: start(),
        version: "0.1.0".to_owned(),
        end: Some(End {
            exit_code: 3,
            message: "2 orders booked, 1 held".to_owned(),
            ended_at: start() + TimeDelta::seconds(192),
        }),
    }
}

pub(super) fn evidence(unproven: Bounded<UnprovenWindow>) -> Evidence {
    let stream = StreamProof {
        shop: acme(),
        stream: "receipts".to_owned(),
        windows: 2,
        proven: 2,
        said: 18,
        landed: 18,
        broken_links: 0,
    };
    let odoo = OdooRead { taken_at: start(), database: "prod".to_owned(), rows: 481 };
    Evidence::of(&BTreeMap::from([(acme().id, acme())]), vec![stream], unproven, Some(odoo))
}

pub(super) fn report(rows: &Rows) -> RunReport {
    let shops = BTreeMap::from([(acme().id, acme())]);
    let sums = Sums {
        shops: &shops,
        intake: &rows.intake,
        tally: &rows.tally,
        matters: &rows.matters,
        planned: true,
    };
    let broken_sums = sums.broken();
    let shop_reports = shop_reports(&shops, &rows.intake, &rows.tally, &rows.matters);
    let mut report = RunReport {
        schema: REPORT_SCHEMA,
        run: header(),
        applications: Vec::new(),
        evidence: evidence(Bounded::default()),
        foots: broken_sums.is_empty(),
        broken_sums,
        totals: totals(&shop_reports),
        shops: shop_reports,
        held: Bounded::default(),
        refused: Bounded::default(),
        unknown: Bounded::default(),
        stale: Bounded::default(),
        off: Bounded::default(),
        rejects: Bounded::default(),
        quantities: quantities(),
        sellers_edits: vec![SellersEdits { shop: acme(), listings: 1 }],
    };
    scale::settle(&mut report);
    report
}

/// Of a shop with large figures.
fn quantities() -> Vec<QuantityTotal> {
    vec![QuantityTotal {
        shop: acme(),
        currency: Some(usd()),
        progress: Progress::Planned,
        listings: 12_345,
        units_off: 1_234_567,
        units_on: 7_654_321,
        revenue_off: cents(123_456_789),
        revenue_on: cents(987_654_321),
    }]
}

pub(super) fn hostile_person() -> PersonRow {
    PersonRow {
        decision_no: 1,
        shop: acme(),
        subject: Subject::Products,
        key: WIDE.to_owned(),
        verdict: Verdict::MissingInOdoo,
        action: Some(ActionKind::CreateProduct),
        reason: WIDE.to_owned(),
        said: HOSTILE.to_owned(),
        differences: vec!["total".to_owned()],
        odoo_id: Some(5),
        currency: Some(usd()),
        etsy_amount: Some(cents(5_000)),
        odoo_amount: None,
    }
}

/// Everything that can be long, wide or hostile, in every list.
pub(super) fn hostile_report() -> RunReport {
    let mut report = report(&rows());
    let people = Bounded { total: 201, rows: vec![hostile_person()] };
    report.run.end =
        Some(End { exit_code: 1, message: format!("{HOSTILE} {WIDE}"), ended_at: start() });
    report.refused = people.clone();
    report.held = people;
    report.off = Bounded {
        total: 1,
        rows: vec![OffRow {
            shop: acme(),
            key: FORMULA.to_owned(),
            verdict: Verdict::Differs,
            differences: vec!["total".to_owned(), "units".to_owned()],
            decision: Some(DecisionKind::Hold),
            progress: None,
            reason: HOSTILE.to_owned(),
            odoo_id: Some(77),
            currency: Some(usd()),
            etsy_amount: cents(5_000),
            odoo_amount: cents(4_588),
            difference: cents(-412),
        }],
    };
    report.rejects = Bounded {
        total: 1,
        rows: vec![RejectRow {
            reject_id: 318,
            since_run: RunId(5),
            shop: acme(),
            entity: "receipt".to_owned(),
            entity_id: FORMULA.to_owned(),
            field: "x".repeat(200),
            reason: HOSTILE.to_owned(),
        }],
    };
    report
}

pub(super) fn plan() -> PlanView {
    let row = PlanRow {
        decision_no: 1,
        key: FORMULA.to_owned(),
        verdict: Verdict::MissingInOdoo,
        reason: HOSTILE.to_owned(),
        detail: format!("{HOSTILE} {WIDE}"),
        amount: Some(cents(8_000)),
        currency: Some(usd()),
    };
    let group = |decision, action| PlanGroup {
        shop: acme(),
        subject: Subject::Orders,
        decision,
        action,
        count: 3,
        money: vec![(usd(), cents(24_000))],
        rows: vec![row.clone()],
    };
    PlanView {
        schema: PLAN_SCHEMA,
        run: RunHeader { command: Command::Plan, ..header() },
        applications: Vec::new(),
        evidence: evidence(Bounded::default()),
        foots: true,
        broken_sums: Vec::new(),
        cost: Cost { odoo_calls: 4, seconds: 1, ..Cost::default() },
        quantities: quantities(),
        sellers_edits: vec![SellersEdits { shop: acme(), listings: 2 }],
        totals: vec![PlanTotal {
            shop: acme(),
            subject: Subject::Orders,
            compared: 16,
            agrees: 10,
            act: 3,
            hold: 3,
            ignore: 0,
            odoo_tax: BTreeMap::new(),
            money: vec![PlanMoney {
                decision: DecisionKind::Act,
                action: Some(ActionKind::BookOrder),
                currency: usd(),
                amount: cents(24_000),
            }],
        }],
        groups: vec![
            group(DecisionKind::Act, Some(ActionKind::BookOrder)),
            group(DecisionKind::Hold, None),
        ],
    }
}

pub(super) fn assert_fits(text: &str) {
    for line in text.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
}
