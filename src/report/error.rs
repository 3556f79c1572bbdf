//! What can go wrong between the stored rows and a report that a person holds.

use std::io;
use std::path::{Path, PathBuf};

use crate::db::DatabaseError;
use crate::domain::{Advice, RunId};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The database.
    #[error("the report of run {run} could not be read")]
    Database {
        /// Which run.
        run: RunId,
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// The database, where no run is concerned.
    #[error("the breaks could not be read")]
    Breaks {
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// The journal, where a closed month is concerned.
    #[error("the report of a closed month could not be given")]
    Closed {
        /// What failed.
        #[source]
        source: crate::journal::JournalError,
    },
    /// No such run.
    #[error("there is no run {0}")]
    NoSuchRun(RunId),
    /// The database, where what the last run staged is concerned.
    #[error("what the last run staged could not be read")]
    Staging {
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// No run has staged both sides, or its rows were lost with a crash of the database.
    #[error("no run has staged both sides yet")]
    NothingStaged,
    /// The rows of a table of products could not be written.
    #[error("the table of products could not be written")]
    Worksheet {
        /// What failed.
        #[source]
        source: csv::Error,
    },
    /// A stored word that this version does not know.
    #[error("the rows of run {run} hold a word in `{column}` that this version does not know")]
    Word {
        /// Which run.
        run: RunId,
        /// In which column.
        column: &'static str,
        /// Which word, and which are known.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The JSON could not be made.
    #[error("run {run} could not be written as JSON")]
    Json {
        /// Which run.
        run: RunId,
        /// What the serialiser said.
        #[source]
        source: serde_json::Error,
    },
    /// The HTML could not be made.
    #[error("run {run} could not be written as HTML")]
    Html {
        /// Which run.
        run: RunId,
        /// What the template said.
        #[source]
        source: askama::Error,
    },
    /// A file could not be written.
    #[error("could not write {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A workbook could not be made.
    #[error("could not make the workbook {}", path.display())]
    Workbook {
        /// Which file.
        path: PathBuf,
        /// What the writer of workbooks said.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    /// The output that a plan streams to is gone or full.
    #[error("could not write the plan of run {run}")]
    Output {
        /// Which run.
        run: RunId,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl ReportError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Database { source, .. } | Self::Staging { source } | Self::Breaks { source } => {
                source.advice()
            }
            Self::Closed { source } => source.advice(),
            Self::NothingStaged => Advice::needs_person(
                "`etsy-odoo plan` takes evidence of both sides and stages it; it writes nothing to them",
            ),
            Self::NoSuchRun(_) => Advice::needs_person("`etsy-odoo runs` lists the runs there are"),
            Self::Word { .. } => Advice::needs_person(
                "the run was made by another version of etsy-odoo: read it with the newest version",
            ),
            Self::File { path, source }
            | Self::Workbook { path, source: rust_xlsxwriter::XlsxError::IoError(source) } => {
                file_advice(path, source.kind())
            }
            Self::Output { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Advice::try_again("make room on the disk that the output goes to")
            }
            Self::Json { .. }
            | Self::Html { .. }
            | Self::Worksheet { .. }
            | Self::Output { .. }
            | Self::Workbook { .. } => Advice::failed(),
        }
    }
}

/// The run is safe in the journal whatever becomes of its file, so each hint ends in the same way out.
fn file_advice(path: &Path, kind: io::ErrorKind) -> Advice {
    let folder = path.parent().unwrap_or(path).display();
    let again = "the run itself is stored, so `etsy-odoo report` can write it again";
    let is_one_of = |kinds: &[io::ErrorKind]| kinds.contains(&kind);
    if is_one_of(&[io::ErrorKind::NotFound, io::ErrorKind::NotADirectory]) {
        Advice::needs_person(format!("give `--out` a folder that can be made; {again}"))
    } else if is_one_of(&[io::ErrorKind::AlreadyExists, io::ErrorKind::IsADirectory]) {
        Advice::needs_person(format!("move what stands in the way in {folder}; {again}"))
    } else if is_one_of(&[io::ErrorKind::PermissionDenied]) {
        Advice::needs_person(format!(
            "let this user write to {folder}, or give `--out` another folder; {again}"
        ))
    } else if is_one_of(&[io::ErrorKind::ReadOnlyFilesystem]) {
        Advice::needs_person(format!(
            "{folder} is on a disk that is mounted read-only: give `--out` another folder; {again}"
        ))
    } else if is_one_of(&[io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded]) {
        Advice::try_again(format!("make room on the disk of {folder}; {again}"))
    } else {
        Advice::failed()
    }
}
