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
    Account, ClosedAccount, Period, PeriodFormat, PeriodRequest, closed_accounts, money_span,
    month_of, write_closed, write_period,
};
use super::summary::{Grade, Notice, notices};
use super::words::{self, amount, clean, count_of, moment};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};
use crate::journal;

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
            add_month(&mut months, month_page(warehouse, folder, &request).await?);
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
            requests.push(PeriodRequest {
                run: money.run,
                shops: money.shops.clone(),
                period,
                close: None,
            });
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

/// A month that has a page.
struct MonthPage {
    period: Period,
    page: String,
    book: String,
    in_short: Cell,
    accounts: Vec<ClosedAccount>,
}

/// Writes the page and the workbook of a month: those that were kept, if it is closed for these shops.
async fn month_page(
    warehouse: &Warehouse,
    folder: &Path,
    request: &PeriodRequest,
) -> Result<MonthPage, ReportError> {
    let formats = [PeriodFormat::Html, PeriodFormat::Xlsx];
    let period = request.period;
    let months =
        journal::closed_months(warehouse).await.map_err(|source| ReportError::Closed { source })?;
    let closed = months
        .into_iter()
        .find(|closed| closed.month == period.from && closed.shops == request.shops);
    let name = |paths: &[PathBuf], end: &str| {
        let path = paths.iter().find(|path| path.extension().is_some_and(|has| has == end));
        path.and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy().into_owned()
    };
    if let Some(closed) = closed {
        let paths = write_closed(warehouse, &closed, folder, &formats).await?;
        let in_short = format!("closed at {}: it never changes", moment(closed.closed_at));
        let accounts = closed_accounts(warehouse, &closed).await?;
        let (page, book) = (name(&paths, "html"), name(&paths, "xlsx"));
        return Ok(MonthPage { period, page, book, in_short: Cell::from(in_short), accounts });
    }
    let stem = period.file_stem();
    let (report, paths) = write_period(warehouse, request, folder, &stem, &formats).await?;
    let short = |account: &Account| ClosedAccount {
        currency: account.currency.to_string(),
        sales: account.sales(),
        paid: account.paid(),
        unexplained: account.unexplained().count,
    };
    Ok(MonthPage {
        period,
        page: name(&paths, "html"),
        book: name(&paths, "xlsx"),
        in_short: in_short(report.notices()),
        accounts: report.accounts.iter().map(short).collect(),
    })
}

fn add_month(table: &mut HtmlTable, month: MonthPage) {
    let accounts = &month.accounts;
    let each = |figure: fn(&ClosedAccount) -> String| {
        let mut lines =
            accounts.iter().map(|account| format!("{} {}", figure(account), account.currency));
        let first = lines.next().unwrap_or_default();
        Cell::from(first).with_below(lines.collect())
    };
    let name = month.period.from.format("%B %Y").to_string();
    let sales = each(|account| amount(account.sales));
    let paid = each(|account| amount(account.paid));
    let unexplained = each(|account| words::count(account.unexplained));
    let name = Cell::from(name).linked(Link::file(month.page));
    table.cells("", vec![name, month.in_short, sales, paid, unexplained]);
    let book = Cell::from("the same as a workbook".to_owned());
    let empty = || Cell::default();
    table.cells(
        "part",
        vec![book.linked(Link::file(month.book)), empty(), empty(), empty(), empty()],
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
