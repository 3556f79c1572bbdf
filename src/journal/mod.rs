//! What was meant and what was done. Append-only: decisions, attempts and outcomes are inserted, state is a view.
//!
//! The attempt is committed before the call that it announces, the outcome after it. An attempt without an outcome is
//! `unknown`: whoever made it died in between, and the next snapshot settles what became of it.

mod attempts;
mod breaks;
mod decisions;
mod links;
mod periods;
mod runs;
mod written;

pub use attempts::{AttemptId, PlannedAction, Settlement, announce, outstanding, settle};
pub use breaks::{BreakId, Remark, follow_breaks, remark_on_break};
pub use decisions::{DecisionCount, PlanBook, decision_counts, record_decisions};
pub use links::{Link, LinkSource, NewLink, link_products, product_links};
pub use periods::{
    CloseId, ClosedMonth, FrozenMonth, MonthToClose, close_month, closed_months, copy_period_file,
    freeze_month, period_files,
};
pub use runs::{Command, NewRun, RunEnd, RunSummary, begin_run, end_run, run, runs};
pub use written::{
    InventoryWritten, booked_receipts, last_left_inactive, record_inventory_written, tried,
};

use crate::db::DatabaseError;
use crate::domain::{Advice, RunId, UnknownWord};

/// What can go wrong while the journal is written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The database.
    #[error("the journal of run {run} could not be kept")]
    Database {
        /// Which run.
        run: RunId,
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// The database, where no run is concerned.
    #[error("the journal could not be read")]
    Unreadable {
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// The database, where what people said of products is concerned.
    #[error("the links of products could not be kept")]
    Links {
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// A stored action that this version cannot read.
    #[error("decision {decision_no} of run {run} holds an action that does not read")]
    Action {
        /// Which run.
        run: RunId,
        /// Which decision.
        decision_no: i32,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A stored word that this version does not know.
    #[error("the journal holds a word that this version does not know")]
    Word {
        /// Which word.
        #[source]
        source: UnknownWord,
    },
    /// No such run.
    #[error("there is no run {0}")]
    NoSuchRun(RunId),
    /// No such break.
    #[error("there is no break {0}")]
    NoSuchBreak(BreakId),
    /// The month is closed for one of the shops.
    #[error("{} is closed already for one of these shops", month.format("%B %Y"))]
    AlreadyClosed {
        /// The month's first day.
        month: chrono::NaiveDate,
    },
    /// A file of a closed month could not be read or written.
    #[error("{} of a closed month could not be read or written", path.display())]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

impl JournalError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Database { source, .. }
            | Self::Unreadable { source }
            | Self::Links { source } => source.advice(),
            Self::Action { .. } | Self::Word { .. } => Advice::needs_person(
                "the plan was made by another version of etsy-odoo: make a new one with `etsy-odoo plan`",
            ),
            Self::NoSuchBreak(_) => {
                Advice::needs_person("`etsy-odoo breaks` lists those that are open")
            }
            Self::NoSuchRun(_) => Advice::needs_person("`etsy-odoo runs` lists the runs there are"),
            Self::AlreadyClosed { .. } => Advice::needs_person(
                "what came later is in `etsy-odoo report corrections`; a closed month never changes",
            ),
            Self::File { .. } => Advice::needs_person(
                "see that the directory is there, that there is room, and that this user may write to it",
            ),
        }
    }

    fn of(run: RunId, attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |error| Self::Database { run, source: DatabaseError::query(attempted, error) }
    }
}
