//! The report of a closed month: the files that were kept when it was closed, as they were.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::files::PeriodFormat;
use super::model::PeriodReport;
use super::words;
use crate::db::Warehouse;
use crate::journal::{self, ClosedMonth};
use crate::report::ReportError;
use crate::report::files::PartFile;

impl PeriodFormat {
    /// The end of the names of its files.
    fn extension(self) -> &'static str {
        match self {
            Self::Html => ".html",
            Self::Xlsx => ".xlsx",
            Self::Csv => ".csv",
            Self::Json => ".json",
            Self::Text => ".txt",
        }
    }
}

impl PeriodReport {
    /// What stands against closing it: nothing, when it is a whole month whose evidence is complete and whose sums foot.
    pub fn against_closing(&self) -> Vec<String> {
        let lacks = self.evidence.lacks.iter().map(words::lack);
        let sums = self.broken_sums.iter().map(|sum| format!("a sum does not foot: {sum}"));
        lacks.chain(sums).collect()
    }
}

/// Writes the kept files of these formats into a folder, and gives their paths.
pub async fn write_closed(
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    folder: &Path,
    formats: &[PeriodFormat],
) -> Result<Vec<PathBuf>, ReportError> {
    let failed = |source| ReportError::Closed { source };
    let mut paths = Vec::new();
    for name in journal::period_files(warehouse, closed.id).await.map_err(failed)? {
        if formats.iter().any(|format| name.ends_with(format.extension())) {
            let file = PartFile::begin(folder, &name)?;
            let mut output = BufWriter::new(file.handle()?);
            journal::copy_period_file(warehouse, closed.id, &name, &mut output)
                .await
                .map_err(failed)?;
            output.into_inner().map_err(|error| file.failed(error.into_error()))?;
            paths.push(file.finish()?);
        }
    }
    Ok(paths)
}

/// The kept report of a format that is one text; nothing: none was kept.
pub async fn closed_text(
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    format: PeriodFormat,
) -> Result<Option<String>, ReportError> {
    let failed = |source| ReportError::Closed { source };
    for name in journal::period_files(warehouse, closed.id).await.map_err(failed)? {
        if name.ends_with(format.extension()) {
            let mut text = Vec::new();
            journal::copy_period_file(warehouse, closed.id, &name, &mut text)
                .await
                .map_err(failed)?;
            return Ok(Some(String::from_utf8_lossy(&text).into_owned()));
        }
    }
    Ok(None)
}
