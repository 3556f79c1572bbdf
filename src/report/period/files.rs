//! A report on a period as files. Rows of receipts and of movements go through once, into every file that has them.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use rust_xlsxwriter::XlsxError;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use super::csv::CsvSection;
use super::load::{PeriodReader, PeriodRequest};
use super::model::PeriodReport;
use super::sections;
use super::specs::{ENTRIES, RECEIPTS};
use super::table::{Spec, Value};
use super::xlsx::{Book, Sheet};
use crate::db::Warehouse;
use crate::report::ReportError;
use crate::report::files::{PartFile, write_file};
use crate::report::read::{Fields, Reader, failed};

crate::domain::vocabulary! {
    /// In which form a report on a period is written.
    PeriodFormat {
        /// One page, to read and to print.
        Html = "html",
        /// A workbook, a sheet per section.
        Xlsx = "xlsx",
        /// A file per section.
        Csv = "csv",
        /// The model, for machines.
        Json = "json",
        /// 80 columns, for terminals and mails.
        Text = "text",
    }
}

/// With more rows than this a section is no sheet: spreadsheets become slow long before their limit of 1,048,576 rows.
pub(super) const MOST_ROWS_OF_A_SHEET: i64 = 200_000;

/// Writes `<stem>.<extension>` into `folder` for each format, and for CSV `<stem>-<section>.csv` for each section; gives the
/// report and the paths. The folder is made if it is not there; a file of the same name is replaced in one step.
pub async fn write_period(
    warehouse: &Warehouse,
    request: &PeriodRequest,
    folder: &Path,
    stem: &str,
    formats: &[PeriodFormat],
) -> Result<(PeriodReport, Vec<PathBuf>), ReportError> {
    let run = request.run;
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let reader = PeriodReader::begin(Reader::begin(&mut client, run).await?, request).await?;
    let report = reader.report().await?;
    let mut paths = Vec::new();
    for (format, extension) in
        [(PeriodFormat::Html, "html"), (PeriodFormat::Json, "json"), (PeriodFormat::Text, "txt")]
    {
        if formats.contains(&format) {
            let content = match format {
                PeriodFormat::Html => report.to_html()?,
                PeriodFormat::Json => report.to_json()?,
                PeriodFormat::Text | PeriodFormat::Xlsx | PeriodFormat::Csv => report.to_text(),
            };
            paths.push(write_file(folder, &format!("{stem}.{extension}"), &content)?);
        }
    }
    let mut rows = RowFiles::begin(&report, folder, stem, formats)?;
    if rows.wants_any() {
        for table in sections::tables(&report) {
            let mut section = if table.is_left_out_when_empty() {
                rows.without_sheet(table.spec)?
            } else {
                rows.section(table.spec)?
            };
            for values in &table.rows {
                rows.row(&mut section, values)?;
            }
            rows.end(section)?;
        }
        reader.receipts_into(&report, &mut rows).await?;
        let aside = rows.save_aside(&report);
        reader.entries_into(&report, &mut rows).await?;
        paths.extend(rows.finish(&report, aside).await?);
    }
    Ok((report, paths))
}

/// The files that have rows: CSV, a workbook, or both.
struct RowFiles<'f> {
    folder: &'f Path,
    stem: &'f str,
    is_csv: bool,
    book: Option<(PartFile, Box<Book>)>,
    left_out: Vec<&'static str>,
    paths: Vec<PathBuf>,
}

/// A section that is being written.
struct Section {
    csv: Option<(PartFile, CsvSection<BufWriter<File>>)>,
    sheet: Option<Box<Sheet>>,
}

impl<'f> RowFiles<'f> {
    fn begin(
        report: &PeriodReport,
        folder: &'f Path,
        stem: &'f str,
        formats: &[PeriodFormat],
    ) -> Result<Self, ReportError> {
        let book = if formats.contains(&PeriodFormat::Xlsx) {
            let file = PartFile::begin(folder, &format!("{stem}.xlsx"))?;
            let book = Book::begin(report).map_err(|source| workbook(folder, stem, source))?;
            Some((file, Box::new(book)))
        } else {
            None
        };
        Ok(Self {
            folder,
            stem,
            is_csv: formats.contains(&PeriodFormat::Csv),
            book,
            left_out: [(&RECEIPTS, report.receipts.total), (&ENTRIES, report.entries.total)]
                .into_iter()
                .filter(|(_, rows)| *rows > MOST_ROWS_OF_A_SHEET)
                .map(|(spec, _)| spec.title)
                .collect(),
            paths: Vec::new(),
        })
    }

    fn wants_any(&self) -> bool {
        self.is_csv || self.book.is_some()
    }

    fn section(&mut self, spec: &'static Spec) -> Result<Section, ReportError> {
        let csv = if self.is_csv {
            let file = PartFile::begin(self.folder, &format!("{}-{}.csv", self.stem, spec.name))?;
            let section = CsvSection::begin(BufWriter::new(file.handle()?), spec)
                .map_err(|source| file.failed(source.into()))?;
            Some((file, section))
        } else {
            None
        };
        let sheet = match &mut self.book {
            Some((_, book)) => {
                let sheet = book.sheet(spec);
                let sheet = sheet.map_err(|source| workbook(self.folder, self.stem, source))?;
                Some(Box::new(sheet))
            }
            None => None,
        };
        Ok(Section { csv, sheet })
    }

    /// The same, for a section of so many rows: too many for a sheet are in no sheet.
    fn long_section(&mut self, spec: &'static Spec, rows: i64) -> Result<Section, ReportError> {
        if rows <= MOST_ROWS_OF_A_SHEET {
            return self.section(spec);
        }
        self.without_sheet(spec)
    }

    /// The same, for a section that is in no workbook. Its CSV is written all the same, in place of an older one.
    fn without_sheet(&mut self, spec: &'static Spec) -> Result<Section, ReportError> {
        let book = self.book.take();
        let section = self.section(spec);
        self.book = book;
        section
    }

    fn row(&self, section: &mut Section, values: &[Value]) -> Result<(), ReportError> {
        if let Some((file, csv)) = &mut section.csv {
            csv.row(values).map_err(|source| file.failed(source.into()))?;
        }
        if let (Some((_, book)), Some(sheet)) = (&self.book, &mut section.sheet) {
            book.row(sheet, values).map_err(|source| workbook(self.folder, self.stem, source))?;
        }
        Ok(())
    }

    fn end(&mut self, section: Section) -> Result<(), ReportError> {
        if let Some((file, csv)) = section.csv {
            csv.end().map_err(|source| file.failed(source))?;
            self.paths.push(file.finish()?);
        }
        if let (Some((_, book)), Some(sheet)) = (&mut self.book, section.sheet) {
            book.end(*sheet).map_err(|source| workbook(self.folder, self.stem, source))?;
        }
        Ok(())
    }

    /// Compresses the workbook on a thread of its own while the movements are written, when it has none of them.
    fn save_aside(&mut self, report: &PeriodReport) -> Option<JoinHandle<Saved>> {
        if report.entries.total <= MOST_ROWS_OF_A_SHEET {
            return None;
        }
        let (file, book) = self.book.take()?;
        let (report, left_out) = (report.clone(), self.left_out.clone());
        let (folder, stem) = (self.folder.to_path_buf(), self.stem.to_owned());
        Some(spawn_blocking(move || saved(file, book, &report, &left_out, (&folder, &stem))))
    }

    async fn finish(
        self,
        report: &PeriodReport,
        aside: Option<JoinHandle<Saved>>,
    ) -> Result<Vec<PathBuf>, ReportError> {
        let mut paths = self.paths;
        let place = (self.folder, self.stem);
        if let Some(aside) = aside {
            let source = |error: JoinError| {
                workbook(place.0, place.1, XlsxError::IoError(std::io::Error::other(error)))
            };
            paths.insert(0, aside.await.map_err(source)??);
        } else if let Some((file, book)) = self.book {
            paths.insert(0, saved(file, book, report, &self.left_out, place)?);
        }
        Ok(paths)
    }
}

/// Where a workbook is, once it is saved.
type Saved = Result<PathBuf, ReportError>;

fn saved(
    file: PartFile,
    book: Box<Book>,
    report: &PeriodReport,
    left_out: &[&'static str],
    (folder, stem): (&Path, &str),
) -> Saved {
    book.save(report, left_out, BufWriter::new(file.handle()?))
        .map_err(|source| workbook(folder, stem, source))?;
    file.finish()
}

fn workbook(folder: &Path, stem: &str, source: XlsxError) -> ReportError {
    ReportError::Workbook { path: folder.join(format!("{stem}.xlsx")), source }
}

impl PeriodReader<'_> {
    async fn receipts_into(
        &self,
        report: &PeriodReport,
        files: &mut RowFiles<'_>,
    ) -> Result<(), ReportError> {
        let mut section = files.long_section(&RECEIPTS, report.receipts.total)?;
        let run = self.reader.run.0;
        self.each(
            "read the receipts of a period",
            sql!("report/period_receipts.sql"),
            &[&run, &self.shop_ids, &self.from, &self.until],
            &mut |row| {
                let mut receipt = self.receipt(row)?;
                let currency = receipt.currency;
                receipt.each_amount(&mut |amount| report.settle(currency, amount));
                files.row(&mut section, &sections::receipt_values(&receipt))
            },
        )
        .await?;
        files.end(section)
    }

    async fn entries_into(
        &self,
        report: &PeriodReport,
        files: &mut RowFiles<'_>,
    ) -> Result<(), ReportError> {
        let mut section = files.long_section(&ENTRIES, report.entries.total)?;
        self.each(
            "read the movements of a period",
            sql!("report/period_entries.sql"),
            &[&self.shop_ids, &self.from, &self.until],
            &mut |row| {
                let mut entry = self.entry(row)?;
                let currency = entry.currency;
                entry.each_amount(&mut |amount| report.settle(currency, amount));
                files.row(&mut section, &sections::entry_values(&entry))
            },
        )
        .await?;
        files.end(section)
    }

    /// Hands over the rows of a query as they come: they need not fit into memory.
    pub(super) async fn each(
        &self,
        attempted: &str,
        statement: &str,
        parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
        take: &mut (dyn FnMut(&Fields) -> Result<(), ReportError> + Send),
    ) -> Result<(), ReportError> {
        let rows = self.reader.stream(attempted, statement, parameters).await?;
        let mut rows = std::pin::pin!(rows);
        while let Some(row) =
            rows.try_next().await.map_err(|error| failed(self.reader.run, attempted, error))?
        {
            take(&self.reader.fields(row))?;
        }
        Ok(())
    }
}
