//! Sections as sheets of a workbook: typed cells, frozen headers, filters, and sums that are formulas. Rows go to disk as they
//! are written, so that a workbook of a hundred thousand rows takes no more memory than one of ten.
//!
//! A cell's number is the nearest double to the exact amount, as everywhere in spreadsheets; the exact one is in the JSON and
//! the CSV.

use std::collections::BTreeMap;
use std::io::{Seek, Write};

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};

use super::foot_sheet::{Checked, foot_sheet};
use super::model::PeriodReport;
use super::table::{Column, Kind, Spec, Value};
use super::title_sheet::title_sheet;
use crate::report::words::clipped;

/// The longest text of a cell; spreadsheets refuse more than 32,767.
const LONGEST: usize = 2_000;

/// A workbook that grows sheet by sheet.
pub(super) struct Book {
    workbook: Workbook,
    formats: Formats,
    sheets: Vec<Worksheet>,
    checked: Vec<Checked>,
}

/// The sums of a section's columns, per account, and where its rows are.
#[derive(Debug, Default, Clone)]
pub(super) struct Written {
    pub(super) rows: u32,
    pub(super) sums: BTreeMap<(String, String), BTreeMap<usize, Decimal>>,
}

/// A sheet that is being written.
pub(super) struct Sheet {
    spec: &'static Spec,
    cells: Worksheet,
    written: Written,
}

/// How cells look.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) header: Format,
    pub(super) header_right: Format,
    pub(super) text: Format,
    pub(super) wrapped: Format,
    whole: Format,
    plain_number: Format,
    percent: Format,
    day: Format,
    moment: Format,
    /// How many decimals most currencies of the report have.
    usual_decimals: u32,
    amounts: [Format; 5],
    sums: [Format; 5],
    pub(super) sum_label: Format,
    sum_count: Format,
}

const AMOUNTS: [&str; 5] = ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"];

impl Formats {
    fn new(usual_decimals: u32) -> Self {
        let bold = || Format::new().set_bold();
        let sum = |pattern: &str| bold().set_num_format(pattern).set_border_top(FormatBorder::Thin);
        Self {
            title: bold().set_font_size(14),
            header: bold().set_border_bottom(FormatBorder::Thin).set_text_wrap(),
            header_right: bold()
                .set_border_bottom(FormatBorder::Thin)
                .set_text_wrap()
                .set_align(FormatAlign::Right),
            text: Format::new(),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            whole: Format::new().set_num_format("#,##0"),
            plain_number: Format::new().set_num_format("0"),
            percent: Format::new().set_num_format("0.0\"%\""),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            usual_decimals,
            amounts: AMOUNTS.map(|pattern| Format::new().set_num_format(pattern)),
            sums: AMOUNTS.map(sum),
            sum_label: bold().set_border_top(FormatBorder::Thin),
            sum_count: sum("#,##0"),
        }
    }

    /// What all cells of a column have in common: to look up the format of each costs more than to write it.
    fn of_column(&self, kind: Kind) -> Option<&Format> {
        match kind {
            Kind::Word | Kind::Text => None,
            Kind::Amount => Some(self.of_scale(self.usual_decimals)),
            Kind::Number => Some(&self.plain_number),
            Kind::Count => Some(&self.whole),
            Kind::Percent => Some(&self.percent),
            Kind::Day => Some(&self.day),
            Kind::Moment => Some(&self.moment),
        }
    }

    /// The format of an amount with so many decimals.
    pub(super) fn amount(&self, amount: Decimal) -> &Format {
        self.of_scale(amount.scale())
    }

    fn of_scale(&self, scale: u32) -> &Format {
        let [.., most] = &self.amounts;
        usize::try_from(scale).ok().and_then(|scale| self.amounts.get(scale)).unwrap_or(most)
    }

    /// The same for a sum.
    pub(super) fn sum(&self, amount: Decimal) -> &Format {
        let [.., most] = &self.sums;
        usize::try_from(amount.scale()).ok().and_then(|scale| self.sums.get(scale)).unwrap_or(most)
    }
}

impl Book {
    /// A workbook without sheets. Its time of making is that of the evidence: no clock is read.
    pub(super) fn begin(report: &PeriodReport) -> Result<Self, XlsxError> {
        let title = format!("Etsy and Odoo, {} to {}", report.period.from, report.period.to);
        Self::called(title, report.source.started_at, usual_decimals(report))
    }

    /// A workbook without sheets, of this title and time of making. `decimals` are those that most of its currencies have.
    pub(super) fn called(
        title: String,
        made_at: DateTime<Utc>,
        decimals: u32,
    ) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new()
            .set_title(title)
            .set_author("etsy-odoo")
            .set_creation_datetime(&excel_moment(made_at)?);
        workbook.set_properties(&properties);
        let formats = Formats::new(decimals);
        Ok(Self { workbook, formats, sheets: Vec::new(), checked: Vec::new() })
    }

    /// Begins the sheet of a section.
    pub(super) fn sheet(&mut self, spec: &'static Spec) -> Result<Sheet, XlsxError> {
        let mut sheet = self.workbook.new_worksheet_with_constant_memory();
        sheet.set_name(spec.title)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_freeze_panes(1, if spec.by_account { 2 } else { 0 })?;
        sheet.set_repeat_rows(0, 0)?;
        for (position, column) in (0_u16..).zip(spec.columns) {
            sheet.set_column_width(position, width(column))?;
            if let Some(format) = self.formats.of_column(column.kind) {
                sheet.set_column_format(position, format)?;
            }
        }
        for (position, column) in (0_u16..).zip(spec.columns) {
            let format = if is_figure(column.kind) {
                &self.formats.header_right
            } else {
                &self.formats.header
            };
            sheet.write_string_with_format(0, position, column.title, format)?;
        }
        Ok(Sheet { spec, cells: sheet, written: Written::default() })
    }

    /// Writes a row.
    pub(super) fn row(&self, sheet: &mut Sheet, values: &[Value]) -> Result<(), XlsxError> {
        sheet.written.rows += 1;
        let row = sheet.written.rows;
        for ((position, column), value) in (0_u16..).zip(sheet.spec.columns).zip(values) {
            cell(&mut sheet.cells, &self.formats, (row, position), column.kind, value)?;
        }
        if sheet.spec.by_account {
            sheet.add_up(values);
        }
        Ok(())
    }

    /// Ends the sheet with the sums of its columns, account by account.
    pub(super) fn end(&mut self, sheet: Sheet) -> Result<(), XlsxError> {
        let Sheet { spec, cells: mut sheet, written } = sheet;
        let last_column = u16::try_from(spec.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, written.rows.max(1), last_column)?;
        let mut row = written.rows + 2;
        for ((shop, currency), sums) in &written.sums {
            sheet.write_string_with_format(row, 0, shop, &self.formats.sum_label)?;
            sheet.write_string_with_format(row, 1, currency, &self.formats.sum_label)?;
            for (position, column) in (0_u16..).zip(spec.columns) {
                let Some(sum) = sums.get(&usize::from(position)) else { continue };
                let formula = sum_of_account(&ColumnRange::of(position, written.rows), row);
                let is_count = column.kind == Kind::Count;
                let format =
                    if is_count { &self.formats.sum_count } else { self.formats.sum(*sum) };
                let formula = Formula::new(formula).set_result(sum.to_string());
                sheet.write_formula_with_format(row, position, formula, format)?;
            }
            row += 1;
        }
        self.checked.push(Checked { spec, written });
        self.sheets.push(sheet);
        Ok(())
    }

    /// Writes the workbook: first what it says and whether it foots, then the sections.
    pub(super) fn save<W: Write + Seek + Send>(
        mut self,
        report: &PeriodReport,
        left_out: &[&'static str],
        output: W,
    ) -> Result<(), XlsxError> {
        let mut title = self.workbook.new_worksheet_with_constant_memory();
        title_sheet(&mut title, &self.formats, report, left_out)?;
        let mut foot = self.workbook.new_worksheet_with_constant_memory();
        foot_sheet(&mut foot, &self.formats, report, &self.checked)?;
        self.workbook.push_worksheet(title);
        self.workbook.push_worksheet(foot);
        self.save_sheets(output)
    }

    /// Writes the workbook with its sections alone.
    pub(super) fn save_sheets<W: Write + Seek + Send>(
        mut self,
        output: W,
    ) -> Result<(), XlsxError> {
        for sheet in self.sheets {
            self.workbook.push_worksheet(sheet);
        }
        self.workbook.save_to_writer(output)
    }
}

impl Sheet {
    fn add_up(&mut self, values: &[Value]) {
        let [Value::Text(shop), Value::Text(currency), ..] = values else { return };
        let key = (shop.clone(), currency.clone());
        let sums = self.written.sums.entry(key).or_default();
        for (position, (column, value)) in self.spec.columns.iter().zip(values).enumerate() {
            if !column.is_summed {
                continue;
            }
            let sum = sums.entry(position).or_default();
            match value {
                Value::Amount(amount) => *sum += amount,
                Value::Whole(whole) => *sum += Decimal::from(*whole),
                Value::Text(_) | Value::Day(_) | Value::Moment(_) | Value::Empty => {}
            }
        }
    }
}

/// The rows of a column below its header.
#[derive(Debug)]
pub(super) struct ColumnRange {
    pub(super) column: String,
    pub(super) last_row: u32,
}

impl ColumnRange {
    pub(super) fn of(position: u16, rows: u32) -> Self {
        Self { column: letters(position), last_row: rows + 1 }
    }
}

/// Adds up a column for the account that is named in the same row.
fn sum_of_account(range: &ColumnRange, row: u32) -> String {
    let ColumnRange { column, last_row } = range;
    let row = row + 1;
    format!(
        "=SUMIFS({column}$2:{column}${last_row},$A$2:$A${last_row},$A{row},$B$2:$B${last_row},$B{row})"
    )
}

/// `A` to `ZZ`.
fn letters(position: u16) -> String {
    let letter = |place: u16| {
        u32::from(b'A').checked_add(u32::from(place)).and_then(char::from_u32).unwrap_or('A')
    };
    match position.checked_div(26) {
        Some(0) | None => letter(position).to_string(),
        Some(tens) => [letter(tens - 1), letter(position % 26)].iter().collect(),
    }
}

fn width(column: &Column) -> u16 {
    match column.kind {
        // words of Etsy's, of products and of breaks are long, and a cell that is not empty beside them hides their end
        Kind::Word
            if matches!(
                column.name,
                "ledger_type" | "kind" | "product_key" | "breaks" | "trouble" | "figure"
            ) =>
        {
            26
        }
        Kind::Word | Kind::Amount => 14,
        Kind::Text => 40,
        Kind::Number => 13,
        Kind::Count | Kind::Percent => 10,
        Kind::Day => 11,
        Kind::Moment => 19,
    }
}

fn is_figure(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Count | Kind::Amount | Kind::Percent)
}

/// Writes a value; text is always text, whatever it begins with.
fn cell(
    sheet: &mut Worksheet,
    formats: &Formats,
    (row, column): (u32, u16),
    kind: Kind,
    value: &Value,
) -> Result<(), XlsxError> {
    match value {
        Value::Text(text) => {
            sheet.write_string(row, column, clipped(text, LONGEST))?;
        }
        Value::Whole(whole) => {
            sheet.write_number(row, column, double(Decimal::from(*whole)))?;
        }
        Value::Amount(amount)
            if kind == Kind::Percent || amount.scale() == formats.usual_decimals =>
        {
            sheet.write_number(row, column, double(*amount))?;
        }
        // a currency with other decimals than the column has
        Value::Amount(amount) => {
            let format = formats.amount(*amount);
            sheet.write_number_with_format(row, column, double(*amount), format)?;
        }
        Value::Day(day) => {
            sheet.write_number(row, column, double(serial(*day)))?;
        }
        Value::Moment(moment) => {
            sheet.write_number(row, column, double(serial_moment(*moment)))?;
        }
        Value::Empty => {}
    }
    Ok(())
}

/// How many decimals most currencies of a report have; of as many, the fewest.
fn usual_decimals(report: &PeriodReport) -> u32 {
    let mut currencies: BTreeMap<u32, usize> = BTreeMap::new();
    for decimals in report.decimals.values() {
        *currencies.entry(*decimals).or_default() += 1;
    }
    currencies
        .into_iter()
        .max_by_key(|(decimals, many)| (*many, std::cmp::Reverse(*decimals)))
        .map_or(2, |(decimals, _)| decimals)
}

/// The double that is nearest to an exact number.
pub(super) fn double(exact: Decimal) -> f64 {
    exact.to_string().parse().unwrap_or(f64::NAN)
}

/// Days since the day before 1900, as spreadsheets count them.
fn serial(day: NaiveDate) -> Decimal {
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or(day);
    Decimal::from(day.signed_duration_since(origin).num_days())
}

fn serial_moment(moment: DateTime<Utc>) -> Decimal {
    let seconds = Decimal::from(moment.time().num_seconds_from_midnight());
    serial(moment.date_naive()) + seconds.checked_div(Decimal::from(86_400)).unwrap_or_default()
}

fn excel_moment(moment: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(moment.year()).unwrap_or(1900);
    let part = |part: u32| u8::try_from(part).unwrap_or(0);
    let hour = u16::try_from(moment.hour()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, part(moment.month()), part(moment.day()))?.and_hms(
        hour,
        part(moment.minute()),
        u16::try_from(moment.second()).unwrap_or(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        assert_eq!([0, 25, 26, 51, 52].map(letters), ["A", "Z", "AA", "AZ", "BA"]);
    }

    #[test]
    fn days_are_counted_as_spreadsheets_count() {
        let day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        assert_eq!(serial(day), Decimal::from(46_326));
        let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
        assert_eq!(serial_moment(noon), Decimal::new(463_265, 1));
    }
}
