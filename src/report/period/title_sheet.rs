//! The first sheet of a workbook: what the report says.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::model::PeriodReport;
use super::words;
use super::xlsx::Formats;
use crate::report::words::{moment, shop};

/// Writes it.
pub(super) fn title_sheet(
    sheet: &mut Worksheet,
    formats: &Formats,
    report: &PeriodReport,
    left_out: &[&'static str],
) -> Result<(), XlsxError> {
    sheet.set_name("Report")?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 14)?.set_column_width(1, 90)?;
    let heading = format!("Etsy and Odoo, {}", words::period(report.period));
    sheet.write_string_with_format(0, 0, heading, &formats.title)?;
    let mut row = 2;
    let mut line = |name: &str, text: &str| -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, name, &formats.header)?;
        sheet.write_string_with_format(row, 1, text, &formats.wrapped)?;
        row += 1;
        Ok(())
    };
    for notice in report.notices() {
        line(notice.grade.word(), &notice.text)?;
    }
    line("Period", &format!("{} to {}, both included, UTC", report.period.from, report.period.to))?;
    line("State", &report.state_in_words())?;
    for of in &report.shops {
        line("Shop", &shop(of))?;
    }
    let source = &report.source;
    line("Made from", &format!("run {} of {}", source.run, moment(source.started_at)))?;
    for name in left_out {
        line(
            "Left out",
            &format!("sheet {name}: more rows than a sheet takes; they are in the CSV"),
        )?;
    }
    line("Amounts", "in the currency of their row; never added up across currencies")?;
    line("Schema", report.schema)
}
