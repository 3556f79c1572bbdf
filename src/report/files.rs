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
    let mut part = PartFile::begin(folder, name)?;
    part.fill(|file| file.write_all(content.as_bytes()))?;
    part.finish()
}

/// A file that is written beside its place: it is there whole, or not at all.
#[derive(Debug)]
pub(super) struct PartFile {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    is_whole: bool,
}

impl PartFile {
    /// Begins a file in a folder, which is made if it is not there.
    pub(super) fn begin(folder: &Path, name: &str) -> Result<Self, ReportError> {
        let path = folder.join(name);
        let beside = folder.join(format!(".{name}.{}.part", std::process::id()));
        let made = fs::create_dir_all(folder).and_then(|()| make(&beside));
        match made {
            Ok(file) => Ok(Self { path, beside, file, is_whole: false }),
            Err(source) => Err(ReportError::File { path, source }),
        }
    }

    /// Another way to write to the same file.
    pub(super) fn handle(&self) -> Result<File, ReportError> {
        self.file.try_clone().map_err(|source| self.failed(source))
    }

    /// Writes to it.
    pub(super) fn fill(
        &mut self,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<(), ReportError> {
        fill(&mut self.file).map_err(|source| self.failed(source))
    }

    /// What went wrong with it.
    pub(super) fn failed(&self, source: io::Error) -> ReportError {
        ReportError::File { path: self.path.clone(), source }
    }

    /// Moves it to its place.
    pub(super) fn finish(mut self) -> Result<PathBuf, ReportError> {
        let moved = self.file.sync_all().and_then(|()| fs::rename(&self.beside, &self.path));
        moved.map_err(|source| self.failed(source))?;
        self.is_whole = true;
        Ok(self.path.clone())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.is_whole
            && let Err(error) = fs::remove_file(&self.beside)
        {
            tracing::debug!(%error, "nothing of an unwritten report had to be removed");
        }
    }
}

/// A link that waits under this name is not followed: what is there is removed, and the file made anew.
fn make(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            File::create_new(path)
        }
        made => made,
    }
}
