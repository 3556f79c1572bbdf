//! The report on days as files: four forms of the same figures, the same bytes each time, and inert.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use etsy_odoo::journal::{self, BreakId, Remark};
use etsy_odoo::report::period::{
    Period, PeriodFormat, PeriodReport, PeriodRequest, last_money_run, write_period,
};
use rust_decimal::Decimal;
use serde_json::Value;
use tempfile::TempDir;

use super::period::{all_shops, spans};
use super::{full_plan, house, now, settled};
use crate::support::{Accounting, House};

const STEM: &str = "period";

/// A world with something wrong in it: a refund without a credit note, an order that was changed, a type never heard of.
pub(super) async fn troubled(receipts: usize, seed: u64) -> (House, Accounting) {
    let house = house(receipts, 40, 3, seed).await;
    let (accounting, run) = settled(&house).await;
    super::breaks::plant_forty(&house, &accounting, run).await;
    house.clock.advance(TimeDelta::hours(1));
    full_plan(&house).await;
    (house, accounting)
}

/// Writes every form into a new directory.
pub(super) async fn written(
    house: &House,
    period: Period,
) -> (TempDir, PeriodReport, Vec<PathBuf>) {
    let shops = all_shops(house).await;
    let run = last_money_run(&house.warehouse, &shops).await.unwrap().unwrap();
    let request = PeriodRequest { run, shops, period, close: None };
    let folder = tempfile::tempdir().unwrap();
    let (report, paths) =
        write_period(&house.warehouse, &request, folder.path(), STEM, PeriodFormat::ALL)
            .await
            .unwrap();
    (folder, report, paths)
}

/// The rows of a section's CSV, each by the names of its columns.
fn section(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let path = folder.join(format!("{STEM}-{name}.csv"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Sums of one column by shop and currency.
fn sums(rows: &[BTreeMap<String, String>], column: &str) -> BTreeMap<(String, String), Decimal> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let key = (row["shop"].clone(), row["currency"].clone());
        let amount: Decimal = row[column].parse().unwrap_or_default();
        *sums.entry(key).or_insert(Decimal::ZERO) += amount;
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

/// A figure of each account in the JSON.
fn figures(json: &Value, pick: impl Fn(&Value) -> Decimal) -> BTreeMap<(String, String), Decimal> {
    let mut figures = BTreeMap::new();
    for account in json["accounts"].as_array().unwrap() {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let key = (word(&account["shop"]["name"]), word(&account["currency"]));
        figures.insert(key, pick(account));
    }
    figures.retain(|_, figure| !figure.is_zero());
    figures
}

pub(super) fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// The first total of a tie, or the second.
fn tie(account: &Value, name: &str, end: &str) -> Decimal {
    let ties = account["ties"].as_array().unwrap();
    decimal(&ties.iter().find(|tie| tie["tie"] == name).unwrap()[end]["amount"])
}

/// The parts of a workbook by their names.
fn parts(path: &Path) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut parts = BTreeMap::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        parts.insert(part.name().to_owned(), text);
    }
    parts
}

#[tokio::test]
async fn four_forms_say_the_same_and_say_it_again_byte_for_byte() {
    let (house, _accounting) = troubled(500, 41).await;
    let (whole, month) = spans(&house).await;
    for period in [whole, month] {
        let (one, _, paths) = written(&house, period).await;
        house.clock.advance(TimeDelta::days(3));
        let (two, _, again) = written(&house, period).await;
        assert_eq!(paths.len(), 4 + 12, "{paths:?}");
        assert_eq!(fs::read_dir(one.path()).unwrap().count(), paths.len(), "nothing is left over");
        for (first, second) in paths.iter().zip(&again) {
            assert_eq!(first.file_name(), second.file_name());
            assert!(fs::read(first).unwrap() == fs::read(second).unwrap(), "{}", first.display());
        }
        let text = fs::read_to_string(two.path().join(format!("{STEM}.json"))).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        csv_is_json(two.path(), &json);
        workbook_is_csv(two.path(), &json);
        yen_have_no_decimals(two.path(), &json);
    }
}

/// A currency without decimals is written without them, in every section and in the model.
fn yen_have_no_decimals(folder: &Path, json: &Value) {
    let of_yen: Vec<&Value> = json["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["currency"] == "JPY")
        .collect();
    assert_eq!(of_yen.len(), 1);
    assert_ne!(decimal(&of_yen[0]["closing"]) + decimal(&of_yen[0]["tax_in_sales"]), Decimal::ZERO);
    no_decimals(of_yen[0]);
    let mut amounts = 0;
    for name in
        ["waterfall", "tie-out", "months", "days", "payouts", "movements", "receipts", "entries"]
    {
        for row in section(folder, name).iter().filter(|row| row["currency"] == "JPY") {
            // an order in another currency has that one's decimals
            let is_its_own = row.get("order_currency").is_none_or(|currency| currency == "JPY");
            for (column, value) in
                row.iter().filter(|(column, _)| is_its_own || *column != "order_total")
            {
                let Ok(amount) = value.parse::<Decimal>() else { continue };
                assert_eq!(amount.scale(), 0, "{name}: {column} {value}");
                amounts += 1;
            }
        }
    }
    assert!(amounts > 500, "{amounts}");
}

fn no_decimals(value: &Value) {
    match value {
        Value::Array(values) => values.iter().for_each(no_decimals),
        Value::Object(fields) => fields.values().for_each(no_decimals),
        Value::String(text) => {
            let scale = text.parse::<Decimal>().map_or(0, |amount| amount.scale());
            assert_eq!(scale, 0, "{text}");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn csv_is_json(folder: &Path, json: &Value) {
    let by_movement = figures(json, |account| {
        account["movements"].as_array().unwrap().iter().map(|row| decimal(&row["amount"])).sum()
    });
    assert!(json["accounts"].as_array().unwrap().len() >= 3 && !by_movement.is_empty());
    assert_eq!(sums(&section(folder, "entries"), "amount"), by_movement);
    assert_eq!(sums(&section(folder, "waterfall"), "total"), by_movement);
    let receipts = section(folder, "receipts");
    let of_tie = |name, end| figures(json, |account| tie(account, name, end));
    assert_eq!(sums(&receipts, "total"), of_tie("order", "first"));
    assert_eq!(sums(&receipts, "refunded"), of_tie("refund", "first"));
    assert_eq!(sums(&receipts, "sale"), of_tie("payment", "second"));
    assert_eq!(sums(&receipts, "credited"), of_tie("credit", "second"));
    let days = section(folder, "days");
    assert_eq!(sums(&days, "orders_amount"), of_tie("order", "second"));
    let paid = figures(json, |account| {
        account["payouts"].as_array().unwrap().iter().map(|row| decimal(&row["paid"])).sum()
    });
    assert_eq!(sums(&section(folder, "payouts"), "paid"), paid);
    let breaks = section(folder, "breaks").len();
    assert_eq!(Some(breaks), json["breaks"]["rows"].as_array().map(Vec::len));
    let names: BTreeSet<String> = section(folder, "tie-out")
        .iter()
        .filter(|row| row["answer"] == "unexplained")
        .map(|row| row["break"].clone())
        .collect();
    assert!(!names.contains(""), "what is unexplained is a break: {names:?}");
}

fn workbook_is_csv(folder: &Path, json: &Value) {
    let parts = parts(&folder.join(format!("{STEM}.xlsx")));
    let sheets = parts["xl/workbook.xml"].matches("<sheet ").count();
    assert_eq!(sheets, 2 + 11, "{}", parts["xl/workbook.xml"]);
    for (place, name) in (3..).zip([
        "waterfall",
        "tie-out",
        "months",
        "days",
        "payouts",
        "breaks",
        "segments",
        "movements",
        "stock",
        "receipts",
        "entries",
    ]) {
        let sheet = &parts[&format!("xl/worksheets/sheet{place}.xml")];
        let rows = section(folder, name).len();
        // the last sums stand below the rows, after an empty one
        let last_data = format!("<row r=\"{}\"", rows + 1);
        assert!(rows == 0 || sheet.contains(&last_data), "{name}: {rows} rows");
        assert!(sheet.contains("<autoFilter") && sheet.contains("state=\"frozen\""), "{name}");
    }
    let foot = &parts["xl/worksheets/sheet2.xml"];
    let foots = json["foots"].as_bool().unwrap();
    assert_eq!(foot.contains("Every sum foots.</v>"), foots, "the verdict of the foot sheet");
    assert!(foot.matches("SUMIFS(").count() >= 12, "live sums");
}

#[tokio::test]
async fn every_link_of_the_page_leads_somewhere_and_none_leads_out() {
    let (house, _accounting) = troubled(200, 42).await;
    let (whole, _) = spans(&house).await;
    let (_, report, _) = written(&house, whole).await;
    let page = report.to_html().unwrap();
    let values = |name: &str| -> BTreeSet<String> {
        let pattern = format!(" {name}=\"");
        page.split(pattern.as_str())
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let (ids, links) = (values("id"), values("href"));
    assert!(links.len() > 20, "{links:?}");
    for link in &links {
        let place = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads out"));
        assert!(ids.contains(place), "{link} leads nowhere");
    }
    for word in ["src=", "@import", "url(", "http-equiv=\"refresh\"", "<link", "<iframe"] {
        assert!(!page.contains(word), "{word}");
    }
}

const HOSTILE: [&str; 4] = [
    "=cmd|' /C calc'!A1",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "@SUM(1+1)*cmd",
];

#[tokio::test]
async fn text_from_outside_is_inert_in_every_form() {
    let (house, accounting) = troubled(200, 43).await;
    let (whole, _) = spans(&house).await;
    let [formula, script, image, sum] = HOSTILE;
    for (statement, text) in [
        ("update staging.money_entry set ledger_type = $1 where class = 'suspense'", formula),
        ("update diff.break set order_name = $1", script),
        ("update diff.break set detail = $1", image),
        ("update staging.receipt_money set order_name = $1", sum),
    ] {
        assert!(accounting.ours.execute(statement, &[&text]).await.unwrap() > 0, "{statement}");
    }
    let first: i64 = accounting
        .ours
        .query_one("select min(break_id) from journal.break_state where is_open", &[])
        .await
        .unwrap()
        .get(0);
    let remark = Remark::Note(formula);
    journal::remark_on_break(&house.warehouse, BreakId(first), remark, now(&house)).await.unwrap();

    let (folder, report, _) = written(&house, whole).await;
    let page = report.to_html().unwrap();
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"));
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "the page holds an element");
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    let mut seen = BTreeSet::new();
    for name in ["breaks", "entries", "receipts", "movements"] {
        for row in section(folder.path(), name) {
            for (column, value) in &row {
                let begins = value.starts_with(['=', '@', '\t', '\r']);
                assert!(!begins, "{name}.{column}: {value}");
                seen.extend(HOSTILE.iter().filter(|text| value.contains(**text)).copied());
            }
        }
    }
    assert_eq!(seen.len(), HOSTILE.len(), "{seen:?}");
    for (name, part) in parts(&folder.path().join(format!("{STEM}.xlsx"))) {
        for formula in part.split("<f>").skip(1) {
            let formula = formula.split("</f>").next().unwrap();
            assert!(!formula.contains("cmd"), "{name}: {formula}");
        }
    }
}

/// A buyer's name, street or mail address is in no form.
#[tokio::test]
async fn no_form_names_a_buyer() {
    let (house, _accounting) = troubled(120, 44).await;
    let (whole, _) = spans(&house).await;
    let (_folder, _, paths) = written(&house, whole).await;
    let mut said = String::new();
    for path in &paths {
        if path.extension().is_some_and(|end| end == "xlsx") {
            said.extend(parts(path).into_values());
        } else {
            said.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    let world = house.pair.world.lock().await;
    assert!(world.receipts().len() > 100);
    for receipt in world.receipts() {
        let address = receipt.address.as_ref().map(|address| address.first_line.as_str());
        for secret in std::iter::once(receipt.name.as_str()).chain(address) {
            assert!(secret.len() < 5 || !said.contains(secret), "`{secret}` is said");
        }
    }
}
