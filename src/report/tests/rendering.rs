//! What a person, a machine and a hostile text make of a report.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rust_decimal::Decimal;

use super::fixture::{acme, assert_fits, evidence, hostile_report, plan, report, rows, start};
use crate::domain::{ShopId, Trouble};
use crate::report::model::{Bounded, BrokenSum, Evidence, Shop, UnprovenWindow};
use crate::report::{Format, write_report};

#[test]
fn incomplete_evidence_comes_before_all_else() {
    let mut report = report(&rows());
    report.foots = false;
    report.broken_sums = vec![BrokenSum {
        place: "shop acme, orders".to_owned(),
        first_name: "staged".to_owned(),
        first: "500".to_owned(),
        second_name: "sum of verdicts".to_owned(),
        second: "499".to_owned(),
    }];
    report.evidence = evidence(Bounded {
        total: 1,
        rows: vec![UnprovenWindow {
            shop: acme(),
            stream: "receipts".to_owned(),
            from: start(),
            until: start() + TimeDelta::days(1),
            said: 120,
            landed: 118,
        }],
    });
    assert!(!report.evidence.complete);
    let text = report.to_text();
    assert_eq!(text.lines().nth(2).unwrap().get(..35), Some("  !!  The evidence is not complete:"));
    assert!(text.contains("shop acme, orders: staged 500, sum of verdicts 499"), "{text}");
    assert!(text.contains("Etsy said 120, landed 118"), "{text}");
    let html = report.to_html().unwrap();
    let first = html.split("<li").nth(1).unwrap();
    assert!(first.contains("class=\"bad\"") && first.contains("not complete"), "{first}");
    assert!(html.find("<h2><bdi>Evidence").unwrap() < html.find("<h2><bdi>Shop acme").unwrap());
}

#[test]
fn a_run_that_was_cut_off_says_so() {
    let mut report = report(&rows());
    report.run.end = None;
    assert!(report.to_text().contains("!!  The run has no end: it was cut off"));
}

#[test]
fn a_shop_of_which_nothing_was_read_is_named() {
    let birch = Shop { id: ShopId(2), name: "birch".to_owned() };
    let shops = BTreeMap::from([(acme().id, acme()), (birch.id, birch.clone())]);
    let whole = evidence(Bounded::default());
    let evidence = Evidence::of(&shops, whole.streams, Bounded::default(), whole.odoo);
    assert_eq!((evidence.complete, evidence.shops_not_read), (false, vec![birch]));
}

#[test]
fn the_same_report_is_the_same_bytes() {
    for format in Format::ALL {
        let once = hostile_report().render(*format).unwrap();
        assert_eq!(once, hostile_report().render(*format).unwrap());
    }
    assert_eq!(plan().to_html().unwrap(), plan().to_html().unwrap());
}

#[test]
fn no_line_is_wider_than_a_terminal() {
    assert_fits(&hostile_report().to_text());
    assert_fits(&plan().to_text());
    let mut rows = rows();
    for line in &mut rows.tally {
        line.etsy *= Decimal::from(1_000_000_000_000_000_i64);
        line.odoo *= Decimal::from(1_000_000_000_000_000_i64);
    }
    let text = report(&rows).to_text();
    assert_fits(&text);
    assert!(text.contains("500,000,000,000,000,000.00"), "no figure is cut off: {text}");
}

#[test]
fn foreign_text_does_nothing_in_a_terminal() {
    for text in [hostile_report().to_text(), plan().to_text()] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
}

#[test]
fn foreign_text_does_nothing_in_a_browser_or_a_spreadsheet() {
    for html in [hostile_report().to_html().unwrap(), plan().to_html().unwrap()] {
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&#60;script&#62;"), "{html}");
        assert!(!html.contains("<bdi>="), "a cell begins like a formula");
        assert!(html.contains("<bdi>&#39;=cmd|"), "{html}");
        assert!(!html.contains('\u{1b}') && !html.contains('\u{202e}'));
        for outside in ["src=", "href=", "url(", "@import", "http:", "https:"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}

#[test]
fn the_json_is_versioned_and_exact() {
    let json: serde_json::Value =
        serde_json::from_str(&report(&rows()).to_json().unwrap()).unwrap();
    assert_eq!(json["schema"], "etsy-odoo/report/1");
    assert_eq!(json["foots"], true);
    assert_eq!(json["totals"][0]["off"], "-4.12");
    assert_eq!(json["shops"][0]["bridges"][0]["because"][0]["verdict"], "differs");
}

#[test]
fn long_lists_say_how_many_are_left_out() {
    let text = hostile_report().to_text();
    assert!(text.contains("… and 200 more"), "{text}");
    assert!(plan().to_text().contains("… and 2 more"));
    assert!(plan().to_html().unwrap().contains("… and 2 more"));
}

#[test]
fn files_appear_whole_and_replace_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("reports");
    let report = report(&rows());
    for _ in 0..2 {
        let paths = write_report(&report, &below, Format::ALL).unwrap();
        let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap()).collect();
        assert_eq!(names, ["report-7.html", "report-7.json", "report-7.txt"]);
    }
    assert_eq!(std::fs::read_to_string(below.join("report-7.txt")).unwrap(), report.to_text());
    assert_eq!(std::fs::read_dir(&below).unwrap().count(), 3, "nothing is left beside them");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken");
    std::fs::write(&file, "").unwrap();
    let error = write_report(&report(&rows()), &file, &[Format::Text]).unwrap_err();
    assert!(error.to_string().contains("report-7.txt"), "{error}");
    let advice = error.advice();
    assert_eq!(advice.trouble, Trouble::NeedsPerson);
    assert!(advice.hint.unwrap().contains("the run itself is stored"));
}
