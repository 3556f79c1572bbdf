//! The report on days in the programs that people open it with: a browser and a spreadsheet.
//!
//! `cargo test --test it -- --ignored money::viewers` needs `chromium`, `soffice` and `pdftotext`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use rust_decimal::Decimal;
use serde_json::Value;

use super::forms::{decimal, troubled, written};
use super::period::spans;

fn json_of(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("period.json")).unwrap()).unwrap()
}

/// What stands in a page between two marks, from the first place of `start` on.
fn between<'p>(page: &'p str, start: &str, end: &str) -> Option<&'p str> {
    let from = page.find(start)? + start.len();
    page.get(from..)?.split(end).next()
}

/// Text without its tags.
fn bare(html: &str) -> String {
    let mut text = String::new();
    let mut is_inside = false;
    for letter in html.chars() {
        match letter {
            '<' => is_inside = true,
            '>' => is_inside = false,
            _ if !is_inside => text.push(letter),
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[tokio::test]
#[ignore = "needs Chromium"]
async fn a_browser_opens_the_page_without_a_word_and_shows_the_totals() {
    let (house, _accounting) = troubled(400, 61).await;
    let (whole, _) = spans(&house).await;
    let (folder, _, _) = written(&house, whole).await;
    let json = json_of(folder.path());
    let page = folder.path().join("period.html");
    let (profile, log) = (folder.path().join("profile"), folder.path().join("net.json"));
    let opened = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"])
        .args(["--disable-background-networking", "--disable-component-update", "--no-first-run"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--log-net-log={}", log.display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let (dom, said) =
        (String::from_utf8_lossy(&opened.stdout), String::from_utf8_lossy(&opened.stderr));
    assert!(!said.contains("CONSOLE"), "{said}");
    let requests = fs::read_to_string(&log).unwrap();
    // the browser asks its makers for updates; what a page asks for has the page as its initiator
    let initiators: BTreeSet<&str> = requests
        .split("\"initiator\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|initiator| *initiator != "not an origin")
        .collect();
    assert!(initiators.is_empty(), "{initiators:?}");
    // the one script ran, by its hash
    assert!(dom.contains("class=\"filter\""), "no table can be filtered");
    for account in json["accounts"].as_array().unwrap() {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let name = format!("{} in {}", word(&account["shop"]["name"]), word(&account["currency"]));
        let tile = between(&dom, &format!("<dt>{name}</dt>"), "</dl>").unwrap();
        let shown: Vec<Decimal> = tile
            .split("<dd")
            .skip(1)
            .take(3)
            .map(|rest| bare(&format!("<dd{rest}")))
            .map(|text| text.split_whitespace().next().unwrap().replace(',', "").parse().unwrap())
            .collect();
        let sales = account["waterfall"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["class"] == "sale")
            .map(|line| decimal(&line["total"]))
            .sum();
        let paid =
            account["payouts"].as_array().unwrap().iter().map(|row| decimal(&row["paid"])).sum();
        assert_eq!(shown, [sales, paid, decimal(&account["closing"])], "{name}");
    }
}

/// Copies a workbook with every stored result replaced: what is shown afterwards was added up by whoever opened it.
fn spoil(from: &Path, into: &Path) {
    let mut archive = zip::ZipArchive::new(File::open(from).unwrap()).unwrap();
    let mut spoiled = zip::ZipWriter::new(File::create(into).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let (name, mut text) = (part.name().to_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        let mut pieces = text.split("</f><v>");
        let mut whole = pieces.next().unwrap().to_owned();
        for piece in pieces {
            whole.push_str("</f><v>12345</v>");
            whole.push_str(piece.split_once("</v>").unwrap().1);
        }
        spoiled.start_file(name, options).unwrap();
        spoiled.write_all(whole.as_bytes()).unwrap();
    }
    spoiled.finish().unwrap();
}

const ALWAYS_ADD_UP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;

#[tokio::test]
#[ignore = "needs LibreOffice"]
async fn a_spreadsheet_adds_up_what_the_report_says() {
    let house = super::house(400, 40, 3, 62).await;
    super::settled(&house).await;
    let (whole, _) = spans(&house).await;
    let (folder, _, _) = written(&house, whole).await;
    let json = json_of(folder.path());
    let profile = folder.path().join("office");
    fs::create_dir_all(profile.join("user")).unwrap();
    fs::write(profile.join("user/registrymodifications.xcu"), ALWAYS_ADD_UP).unwrap();
    spoil(&folder.path().join("period.xlsx"), &folder.path().join("spoiled.xlsx"));
    let converted = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to"])
        .arg("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
        .args(["--outdir".as_ref(), folder.path().as_os_str()])
        .arg(folder.path().join("spoiled.xlsx"))
        .output()
        .unwrap();
    assert!(converted.status.success(), "{converted:?}");

    let foot = fs::read_to_string(folder.path().join("spoiled-Foot.csv")).unwrap();
    assert!(foot.starts_with("Every sum foots."), "{foot}");
    let mut sums: BTreeMap<(String, String, String), Vec<Decimal>> = BTreeMap::new();
    for row in csv::ReaderBuilder::new().flexible(true).from_reader(foot.as_bytes()).records() {
        let row = row.unwrap();
        let (Some(Ok(sum)), Some(off)) = (row.get(5).map(str::parse::<f64>), row.get(6)) else {
            continue;
        };
        assert_eq!(off, "0", "{row:?}");
        let key = (row[0].to_owned(), row[1].to_owned(), row[2].to_owned());
        let sum = Decimal::from_f64_retain(sum).unwrap().round_dp(2).normalize();
        sums.entry(key).or_default().push(sum);
    }
    for account in json["accounts"].as_array().unwrap() {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let of = |figure: &str| {
            let key =
                (word(&account["shop"]["name"]), word(&account["currency"]), figure.to_owned());
            sums.get(&key).unwrap_or_else(|| panic!("{key:?}")).clone()
        };
        let moved = (decimal(&account["closing"]) - decimal(&account["opening"])).normalize();
        assert_eq!(of("Closing less opening balance"), vec![moved; 3]);
        let ties = account["ties"].as_array().unwrap();
        let tie = |name: &str, end: &str| {
            let tie = ties.iter().find(|tie| tie["tie"] == name).unwrap();
            decimal(&tie[end]["amount"]).normalize()
        };
        assert_eq!(of("Receipts on Etsy"), vec![tie("order", "first"); 2]);
        assert_eq!(of("Orders in Odoo"), [tie("order", "second")]);
        assert_eq!(of("Sales in the account"), [tie("payment", "second")]);
        assert_eq!(of("Refunds in the account"), [tie("refund", "second")]);
    }
}

/// On paper every page of a long table has its head, also where scripts made the head sort.
#[tokio::test]
#[ignore = "needs Chromium and pdftotext"]
async fn heads_of_tables_are_printed_on_every_page() {
    let (house, _accounting) = troubled(400, 62).await;
    let (whole, _) = spans(&house).await;
    let (folder, _, _) = written(&house, whole).await;
    let printed = folder.path().join("period.pdf");
    let status = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg("--no-pdf-header-footer")
        .arg(format!("--print-to-pdf={}", printed.display()))
        .arg(format!("file://{}", folder.path().join("period.html").display()))
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    let text = Command::new("pdftotext").arg("-layout").arg(&printed).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    let breaks: Vec<&str> = text.split('\u{c}').filter(|page| page.contains(" days old")).collect();
    assert!(breaks.len() > 1, "the list of breaks goes over pages");
    assert!(breaks.iter().all(|page| page.contains("What to do")), "{breaks:?}");
}
