//! Reports as files. A file is there whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::ReportError;
use super::model::RunReport;

crate::domain::vocabulary! {
    /// In which form a report is written.
    Format {
        /// One page with everything in it, to read and to print.
        Html = "html",
        /// The model, for machines.
        Json = "json",
        /// 80 columns, for terminals and mails.
        Text = "text",
    }
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Text => "txt",
        }
    }
}

impl RunReport {
    /// The report in a form.
    pub fn render(&self, format: Format) -> Result<String, ReportError> {
        match format {
            Format::Html => self.to_html(),
            Format::Json => self.to_json(),
            Format::Text => Ok(self.to_text()),
        }
    }
}

/// Writes `report-<run>.<extension>` into `folder` for each format, and gives the paths in that order. The folder is
/// made if it is not there; a file of the same name is replaced in one step.
pub fn write_report(
    report: &RunReport,
    folder: &Path,
    formats: &[Format],
) -> Result<Vec<PathBuf>, ReportError> {
    formats
        .iter()
        .map(|format| {
            let content = report.render(*format)?;
            let name = format!("report-{}.{}", report.run.number, format.extension());
            write_file(folder, &name, &content)
        })
        .collect()
}

/// Writes a file beside its place, then moves it there.
pub(super) fn write_file(folder: &Path, name: &str, content: &str) -> Result<PathBuf, ReportError> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fill(&beside, content))
        .and_then(|()| fs::rename(&beside, &path));
    match written {
        Ok(()) => Ok(path),
        Err(source) => {
            if let Err(error) = fs::remove_file(&beside) {
                tracing::debug!(%error, "nothing of an unwritten report had to be removed");
            }
            Err(ReportError::File { path, source })
        }
    }
}

/// A link that waits under this name is not followed: what is there is removed, and the file made anew.
fn fill(path: &Path, content: &str) -> io::Result<()> {
    let mut file = match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            File::create_new(path)?
        }
        made => made?,
    };
    file.write_all(content.as_bytes())?;
    file.sync_all()
}
