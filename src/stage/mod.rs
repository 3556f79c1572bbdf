//! Makes the two sides congruent: the same columns, units and keys on both. All mapping lives here, none later.
//!
//! Etsy's pages are decoded in Rust, checked field by field, and merged into the kept rows; a row that cannot be read is
//! set aside with its reason, and its neighbours go on. What the kept rows ask of Odoo, and what Odoo has, is then put in
//! the same terms in SQL.

mod batch;
mod binary;
mod border;
mod congruent;
mod decode;
mod drift;
mod entity;
mod identity;
mod ledger;
mod load;
mod quantities;
mod rejects;
mod retry;
mod sheet;

pub use drift::{Drift, DriftKind, drift};
pub use entity::Entity;
pub use ledger::{LedgerBreak, ledger_breaks};
pub use load::{Count, rehearse, stage_pages};
pub use quantities::{StockDirection, stage_quantities};
pub use rejects::{Reject, open_rejects, open_rejects_of, rejects};
pub use retry::{Retried, retry_rejects};

use crate::db::{DatabaseError, Warehouse};
use crate::domain::{Advice, RunId, ShopId, Trouble};

/// Stages the pages that are not staged yet, and makes both sides congruent. What it comes to is counted per shop:
/// fetched = staged + rejected + repeated.
pub async fn stage(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<Vec<Count>, StageError> {
    let counts = stage_pages(warehouse, run, shops).await?;
    congruent::make_congruent(warehouse, run, shops).await?;
    Ok(counts)
}

/// What can go wrong while rows are staged.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The database.
    #[error("the rows could not be staged")]
    Database {
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// A page of evidence that is not what was stored.
    #[error("page {page} of the evidence does not read")]
    Page {
        /// Which page.
        page: i64,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StageError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Database { source } => source.advice(),
            Self::Page { .. } => Advice {
                trouble: Trouble::Failed,
                hint: Some(
                    "the stored page is damaged: restore our database from a backup, or read its receipts again with `etsy-odoo run --from DATE`"
                        .to_owned(),
                ),
            },
        }
    }

    fn of(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |error| Self::Database { source: DatabaseError::query(attempted, error) }
    }
}
