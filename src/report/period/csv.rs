//! Sections as CSV: UTF-8, commas, CRLF, a row of names; amounts plain and exact, days and moments as ISO 8601 has them. Text
//! that a spreadsheet would take for a formula has an apostrophe before it.

use std::io::Write;

use chrono::SecondsFormat;

use super::table::{Spec, Value};
use crate::report::words::{inert, is_inert};

/// Writes one section.
pub(super) struct CsvSection<W: Write> {
    writer: ::csv::Writer<W>,
}

impl<W: Write> CsvSection<W> {
    /// Begins with the names of the columns.
    pub(super) fn begin(output: W, spec: &Spec) -> Result<Self, ::csv::Error> {
        let terminator = ::csv::Terminator::CRLF;
        let mut writer = ::csv::WriterBuilder::new().terminator(terminator).from_writer(output);
        writer.write_record(spec.columns.iter().map(|column| column.name))?;
        Ok(Self { writer })
    }

    /// Writes a row.
    pub(super) fn row(&mut self, values: &[Value]) -> Result<(), ::csv::Error> {
        for value in values {
            match value {
                // most words are a type or a class, and need nothing
                Value::Text(text) if is_inert(text) => self.writer.write_field(text)?,
                Value::Text(text) => self.writer.write_field(inert(text))?,
                Value::Whole(whole) => self.writer.write_field(whole.to_string())?,
                Value::Amount(amount) => self.writer.write_field(amount.to_string())?,
                Value::Day(day) => self.writer.write_field(day.to_string())?,
                Value::Moment(moment) => {
                    self.writer.write_field(moment.to_rfc3339_opts(SecondsFormat::Secs, true))?;
                }
                Value::Empty => self.writer.write_field("")?,
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }

    /// Ends the section, and gives the output back.
    pub(super) fn end(mut self) -> Result<W, std::io::Error> {
        self.writer.flush()?;
        self.writer.into_inner().map_err(::csv::IntoInnerError::into_error)
    }
}
