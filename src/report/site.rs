//! A folder of pages: one for each past run and each month, and an index of them.

use std::path::{Path, PathBuf};

use askama::Template as _;
use chrono::Months;

use super::ReportError;
use super::files::{Format, write_file, write_report};
use super::html_page::{Block, Cell, HtmlPage, HtmlTable, Link, Section};
use super::load::load_report;
use super::model::RunReport;
use super::period::{
    Account, Period, PeriodFormat, PeriodReport, PeriodRequest, money_span, month_of, write_period,
};
use super::summary::{Grade, Notice, notices};
use super::words::{self, amount, clean, count_of, moment};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};

/// How many months have a page.
const MONTHS: usize = 24;

/// The money of which shops, by the evidence of which run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteMoney {
    /// The run.
    pub run: RunId,
    /// The shops.
    pub shops: Vec<ShopId>,
}

/// Writes a page for each of these runs, a page and a workbook for each of the last two years' months with money, and
/// `index.html`, which lists them, the newest first. Gives the path of the index.
pub async fn write_site(
    warehouse: &Warehouse,
    folder: &Path,
    runs: &[RunId],
    money: Option<&SiteMoney>,
) -> Result<PathBuf, ReportError> {
    let columns = ["Month", "In short", ">sales, gross", ">paid out", ">unexplained"];
    let mut months = HtmlTable::wide("Months, the newest first", &columns);
    if let Some(money) = money {
        for request in month_requests(warehouse, money).await? {
            let formats = [PeriodFormat::Html, PeriodFormat::Xlsx];
            let stem = request.period.file_stem();
            let (report, _) = write_period(warehouse, &request, folder, &stem, &formats).await?;
            add_month(&mut months, &report, &stem);
        }
    }
    let mut pages = HtmlTable::wide("Runs, the newest first", &["Run", "What", "In short"]);
    let mut newest: Vec<RunId> = runs.to_vec();
    newest.sort_by_key(|run| std::cmp::Reverse(*run));
    for run in &newest {
        let report = load_report(warehouse, *run).await?;
        write_report(&report, folder, &[Format::Html])?;
        add_run(&mut pages, &report);
    }
    write_file(folder, "index.html", &index(months, pages, runs)?)
}

/// One request per month, the newest first.
async fn month_requests(
    warehouse: &Warehouse,
    money: &SiteMoney,
) -> Result<Vec<PeriodRequest>, ReportError> {
    let Some((first, last)) = money_span(warehouse, money.run, &money.shops).await? else {
        return Ok(Vec::new());
    };
    let mut requests = Vec::new();
    let mut month = month_of(last);
    while month >= month_of(first) && requests.len() < MONTHS {
        if let Some(period) = Period::month_of(month) {
            requests.push(PeriodRequest { run: money.run, shops: money.shops.clone(), period, close: None });
        }
        let Some(before) = month.checked_sub_months(Months::new(1)) else { break };
        month = before;
    }
    Ok(requests)
}

/// The sentence that says most.
fn in_short(notices: Vec<Notice>) -> Cell {
    let Some(worst) = notices.into_iter().next() else { return Cell::default() };
    let text = format!("{}: {}", worst.grade.word(), worst.text);
    let class = if worst.grade == Grade::Good { "" } else { "off" };
    Cell::from(text).of_class(class)
}

fn add_month(table: &mut HtmlTable, report: &PeriodReport, stem: &str) {
    let each = |figure: fn(&Account) -> String| {
        let mut lines = report
            .accounts
            .iter()
            .map(|account| format!("{} {}", figure(account), account.currency));
        let first = lines.next().unwrap_or_default();
        Cell::from(first).with_below(lines.collect())
    };
    let name = report.period.from.format("%B %Y").to_string();
    table.cells(
        "",
        vec![
            Cell::from(name).linked(Link::file(format!("{stem}.html"))),
            in_short(report.notices()),
            each(|account| amount(account.sales())),
            each(|account| amount(account.paid())),
            each(|account| words::count(account.unexplained().count)),
        ],
    );
    let book = Cell::from("the same as a workbook".to_owned());
    let empty = || Cell::default();
    table.cells(
        "part",
        vec![book.linked(Link::file(format!("{stem}.xlsx"))), empty(), empty(), empty(), empty()],
    );
}

fn add_run(table: &mut HtmlTable, report: &RunReport) {
    let run = &report.run;
    let what = words::command(run.command, !report.applications.is_empty());
    let file = format!("report-{}.{}", run.number, Format::Html.extension());
    let end = run.end.as_ref().map_or_else(String::new, |end| clean(&end.message));
    table.cells(
        "",
        vec![
            Cell::from(run.number.to_string())
                .with_below(vec![moment(run.started_at)])
                .linked(Link::file(file)),
            Cell::from(what.to_owned()).with_below(vec![end]),
            in_short(notices(report)),
        ],
    );
}

fn index(months: HtmlTable, runs: HtmlTable, numbers: &[RunId]) -> Result<String, ReportError> {
    let last = numbers.iter().copied().max().unwrap_or(RunId(0));
    let said = if numbers.is_empty() {
        "No run has made a plan yet.".to_owned()
    } else {
        let runs = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        format!("{}, up to run {last}.", count_of(runs, "run"))
    };
    let section = |id: &str, title: &str, table: HtmlTable| {
        (!table.rows.is_empty()).then(|| Section {
            id: id.to_owned(),
            title: title.to_owned(),
            blocks: vec![Block::Table(table)],
            ..Section::default()
        })
    };
    let sections =
        [section("months", "Months", months), section("runs", "Runs", runs)].into_iter().flatten();
    let page = HtmlPage {
        title: "Etsy and Odoo: reports".to_owned(),
        kicker: "etsy-odoo".to_owned(),
        heading: "Reports".to_owned(),
        notices: vec![Notice { grade: Grade::Good, text: said }],
        tiles: Vec::new(),
        facts: Vec::new(),
        sections: sections.collect(),
        glossary: Vec::new(),
        footer: "Made from stored rows; no clock was read, so the same rows give the same pages. All times are UTC."
            .to_owned(),
        script: None,
    };
    page.render().map_err(|source| ReportError::Html { run: last, source })
}
