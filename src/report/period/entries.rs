//! Entries for the books, as a file: one for each payout, and one for what is left when a month ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::csv::CsvSection;
use super::files::PeriodFormat;
use super::rows;
use super::table::{CURRENCY, SHOP, Spec, Value, amount, day, text, word};
use super::xlsx::Book;
use crate::db::Warehouse;
use crate::domain::{Currency, EntryObstacle, EntryStanding, LineUse, MoneyClass, RunId, ShopId};
use crate::plan::{entry_reference, line_text, obstacle_words};
use crate::report::files::{PartFile, write_file};
use crate::report::layout::{Page, Table};
use crate::report::model::Shop;
use crate::report::read::{Fields, Reader};
use crate::report::words;
use crate::report::{ReportError, json};

/// The version of the JSON of entries.
pub const ENTRIES_SCHEMA: &str = "etsy-odoo/entries/1";

/// Entries for the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entries {
    /// [`ENTRIES_SCHEMA`].
    pub schema: &'static str,
    /// The run whose evidence they are made from.
    pub run: RunId,
    /// When that run began.
    pub made_at: DateTime<Utc>,
    /// By shop, currency and day.
    pub entries: Vec<BookEntry>,
}

/// An entry for the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookEntry {
    /// Whose.
    pub shop: Shop,
    /// The currency of the payment account.
    pub currency: Currency,
    /// The external id that its draft has in Odoo.
    pub external_id: String,
    /// The ledger entry of the payout or recoupment; nothing: it is the rest of a month.
    pub settlement_id: Option<i64>,
    /// Its date.
    pub dated_on: NaiveDate,
    /// What it is called.
    pub reference: String,
    /// What its debits come to, and its credits; nothing: nobody knows.
    pub total: Option<Decimal>,
    /// Whether it is due.
    pub standing: EntryStanding,
    /// Why it cannot be made.
    pub obstacle: Option<EntryObstacle>,
    /// The same in words, or where it is in Odoo.
    pub state: String,
    /// Odoo's `draft`, `posted` or `cancel`; nothing: Odoo does not have it.
    pub odoo_state: Option<String>,
    /// What its debits come to there.
    pub odoo_total: Option<Decimal>,
    /// Its lines.
    pub lines: Vec<BookLine>,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookLine {
    /// What it is.
    #[serde(rename = "use")]
    pub used_for: LineUse,
    /// The code of its account; nothing: the policy names none.
    pub account: Option<String>,
    /// Its text.
    pub label: String,
    /// How many movements of the payment account it sums up.
    pub movements: i64,
    /// Debit; nothing: it is a credit.
    pub debit: Option<Decimal>,
    /// Credit; nothing: it is a debit.
    pub credit: Option<Decimal>,
}

const ENTRIES: Spec = Spec {
    name: "entries",
    title: "Entries",
    is_rare: false,
    by_account: true,
    columns: &[
        SHOP,
        CURRENCY,
        text("external_id", "Entry"),
        day("date", "Date"),
        text("reference", "Reference"),
        word("account", "Account"),
        text("label", "Label"),
        amount("debit", "Debit"),
        amount("credit", "Credit"),
        word("use", "What"),
        text("state", "State"),
    ],
};

/// Which entries.
#[derive(Debug, Clone)]
pub struct EntriesRequest {
    /// The run for which `stage::make_books` made them.
    pub run: RunId,
    /// When that run began.
    pub made_at: DateTime<Utc>,
    /// Whose.
    pub shops: Vec<ShopId>,
    /// Dated from this day on.
    pub from: Option<NaiveDate>,
    /// Dated up to this day.
    pub to: Option<NaiveDate>,
}

/// Reads entries that were made for a run.
pub async fn load_entries(
    warehouse: &Warehouse,
    request: &EntriesRequest,
) -> Result<Entries, ReportError> {
    let run = request.run;
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let reader = Reader::begin(&mut client, run).await?;
    let shop_ids: Vec<i64> = request.shops.iter().map(|shop| shop.0).collect();
    let names = reader.shop_names(&shop_ids).await?;
    let listed = reader
        .query(
            "list the entries for the books",
            sql!("report/book_entries.sql"),
            &[&run.0, &shop_ids, &request.from, &request.to],
        )
        .await?;
    let mut entries: Vec<BookEntry> = Vec::new();
    for row in &listed {
        let external_id = format!("etsy.{}", row.get::<&str>("entry_key"));
        if entries.last().is_none_or(|last| last.external_id != external_id) {
            entries.push(entry(row, &names, external_id)?);
        }
        if let (Some(entry), Some(line)) = (entries.last_mut(), line(row)?) {
            entry.lines.push(line);
        }
    }
    Ok(Entries { schema: ENTRIES_SCHEMA, run, made_at: request.made_at, entries })
}

fn entry(
    row: &Fields,
    names: &BTreeMap<ShopId, Shop>,
    external_id: String,
) -> Result<BookEntry, ReportError> {
    let shop = row.shop(names);
    let settlement_id: Option<i64> = row.get("settlement_id");
    let settled_by: Option<MoneyClass> = row.optional_word("settled_by")?;
    let settlement = settled_by.zip(settlement_id);
    let dated_on: NaiveDate = row.get("dated_on");
    Ok(BookEntry {
        currency: rows::currency(row)?,
        external_id,
        settlement_id,
        dated_on,
        reference: entry_reference(&shop.name, settlement, dated_on),
        total: row.get("total"),
        standing: row.word("standing")?,
        obstacle: row.optional_word("obstacle")?,
        state: state(row)?,
        odoo_state: row.get("odoo_state"),
        odoo_total: row.get("odoo_total"),
        lines: Vec::new(),
        shop,
    })
}

/// Where an entry stands, in words.
fn state(row: &Fields) -> Result<String, ReportError> {
    let obstacle: Option<EntryObstacle> = row.optional_word("obstacle")?;
    let standing: EntryStanding = row.word("standing")?;
    let wants_draft: bool = row.get("wants_draft");
    let there: Option<&str> = row.get("odoo_state");
    let name: Option<&str> = row.get("odoo_name");
    Ok(match (there, standing, obstacle, wants_draft) {
        (Some("posted"), _, _, _) => format!("posted in Odoo as {}", name.unwrap_or_default()),
        (Some("cancel"), _, _, _) => "cancelled in Odoo".to_owned(),
        (Some(_), _, _, _) => "a draft in Odoo".to_owned(),
        (None, _, _, _) if row.get("is_made_since") => "a draft in Odoo".to_owned(),
        (None, _, _, _) if row.get("was_made") => "made once, and deleted in Odoo".to_owned(),
        (None, EntryStanding::BeforeStart, _, _) => "before books_from".to_owned(),
        (None, EntryStanding::Open, _, _) => "not over: its figures may change".to_owned(),
        (None, EntryStanding::Due, Some(obstacle), _) => {
            obstacle_words(obstacle, row.get("detail"))
        }
        (None, EntryStanding::Due, None, false) => "complete".to_owned(),
        (None, EntryStanding::Due, None, true) => "to be made in Odoo".to_owned(),
    })
}

fn line(row: &Fields) -> Result<Option<BookLine>, ReportError> {
    let Some(used_for) = row.optional_word::<LineUse>("use")? else { return Ok(None) };
    let amount: Decimal = row.get("amount");
    let movements: i64 = row.get("entries");
    let day = |column| row.get::<DateTime<Utc>>(column).date_naive();
    let is_debit = amount.is_sign_positive();
    Ok(Some(BookLine {
        used_for,
        account: row.get("account_code"),
        label: line_text(used_for, movements, day("first_at"), day("last_at")),
        movements,
        debit: is_debit.then_some(amount),
        credit: (!is_debit).then_some(amount.abs()),
    }))
}

impl Entries {
    /// As JSON, with a line end.
    pub fn to_json(&self) -> Result<String, ReportError> {
        json::document(self.run, self)
    }

    /// As CSV, a row for each line.
    pub fn to_csv(&self) -> Result<String, ReportError> {
        let failed = |source| ReportError::Worksheet { source };
        let mut section = CsvSection::begin(Vec::new(), &ENTRIES).map_err(failed)?;
        for entry in &self.entries {
            for line in &entry.lines {
                section.row(&cells(entry, line)).map_err(failed)?;
            }
        }
        let bytes = section.end().map_err(|source| failed(source.into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Writes `<stem>.<extension>` into `folder` for each form but HTML, which there is none of; gives the paths.
    pub fn write(
        &self,
        folder: &Path,
        stem: &str,
        formats: &[PeriodFormat],
    ) -> Result<Vec<PathBuf>, ReportError> {
        let mut paths = Vec::new();
        for format in formats {
            let path = match format {
                PeriodFormat::Text => write_file(folder, &format!("{stem}.txt"), &self.to_text())?,
                PeriodFormat::Csv => write_file(folder, &format!("{stem}.csv"), &self.to_csv()?)?,
                PeriodFormat::Json => {
                    write_file(folder, &format!("{stem}.json"), &self.to_json()?)?
                }
                PeriodFormat::Xlsx => self.write_xlsx(folder, &format!("{stem}.xlsx"))?,
                PeriodFormat::Html => continue,
            };
            paths.push(path);
        }
        Ok(paths)
    }

    /// A sheet with a row for each line, typed, with the sums of debits and credits of each account.
    fn write_xlsx(&self, folder: &Path, name: &str) -> Result<PathBuf, ReportError> {
        let file = PartFile::begin(folder, name)?;
        let failed = |source| ReportError::Workbook { path: folder.join(name), source };
        let decimals = self.entries.iter().filter_map(|entry| Some(entry.total?.scale())).min();
        let title = "Entries for the books".to_owned();
        let mut book = Book::called(title, self.made_at, decimals.unwrap_or(2)).map_err(failed)?;
        let mut sheet = book.sheet(&ENTRIES).map_err(failed)?;
        for entry in &self.entries {
            for line in &entry.lines {
                book.row(&mut sheet, &cells(entry, line)).map_err(failed)?;
            }
        }
        book.end(sheet).map_err(failed)?;
        book.save_sheets(file.handle()?).map_err(failed)?;
        file.finish()
    }

    /// For a terminal of 80 columns.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        page.title("Entries for the books", '=');
        page.field("Made from", &format!("the evidence of run {}", self.run));
        if self.entries.is_empty() {
            page.gap();
            page.words("There are none.", "", "");
        }
        for entry in &self.entries {
            page.gap();
            page.heading(&format!("{}, {}", entry.dated_on, entry.reference));
            page.words(
                &format!("{} in {}: {}", entry.external_id, entry.currency, entry.state),
                "",
                "",
            );
            let mut table = Table::new(["Account", "debit", "credit"]);
            for line in &entry.lines {
                let account = line.account.as_deref().unwrap_or("(no account)");
                let shown = |figure: Option<Decimal>| figure.map(words::amount).unwrap_or_default();
                table.row([
                    format!("{account} {}", line.label),
                    shown(line.debit),
                    shown(line.credit),
                ]);
            }
            if let Some(total) = entry.total {
                table.rule();
                table.row([String::new(), words::amount(total), words::amount(total)]);
            }
            page.table(&table);
        }
        page.into_text()
    }
}

fn cells(entry: &BookEntry, line: &BookLine) -> [Value; 11] {
    [
        (&entry.shop).into(),
        entry.currency.into(),
        entry.external_id.as_str().into(),
        entry.dated_on.into(),
        entry.reference.as_str().into(),
        line.account.as_deref().unwrap_or_default().into(),
        line.label.as_str().into(),
        line.debit.into(),
        line.credit.into(),
        line.used_for.as_str().into(),
        entry.state.as_str().into(),
    ]
}
