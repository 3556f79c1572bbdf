//! Makes the two sides congruent: the same columns, units and keys on both. All mapping lives here, none later.
//!
//! Etsy's pages are decoded in Rust, checked field by field, and merged into the kept rows; a row that cannot be read is
//! set aside with its reason, and its neighbours go on. What the kept rows ask of Odoo, and what Odoo has, is then put in
//! the same terms in SQL.

mod batch;
mod binary;
mod books;
mod border;
mod congruent;
mod decode;
mod drift;
mod entity;
mod identity;
mod ledger;
mod load;
mod money;
mod quantities;
mod rejects;
mod retry;
mod sheet;

pub use books::make_books;
pub use drift::{Drift, DriftKind, drift};
pub use entity::Entity;
pub use ledger::{LedgerBreak, ledger_breaks};
pub use load::{Count, rehearse, stage_pages};
pub use money::{Entries, keep_money, lay_out_money};
pub use quantities::{StockDirection, stage_quantities};
pub use rejects::{Reject, open_rejects, open_rejects_of, rejects};
pub use retry::{Retried, retry_rejects};

use rust_decimal::Decimal;

use crate::db::{DatabaseError, Warehouse};
use crate::domain::{Advice, RunId, ShopId, Trouble};

/// Stages the pages that are not staged yet, makes both sides congruent, and keeps the money up to date. What it comes to is
/// counted per shop: fetched = staged + rejected + repeated.
pub async fn stage(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
    entries: Entries,
) -> Result<Vec<Count>, StageError> {
    let counts = stage_pages(warehouse, run, shops).await?;
    congruent::make_congruent(warehouse, run, shops).await?;
    keep_money(warehouse, run, shops, entries).await?;
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
    /// Classed entries that are not those that Etsy sent.
    #[error(
        "the payment account of shop {shop} does not foot in {currency}: Etsy sent {sent}, classed are {classed} (in the currency's smallest unit)"
    )]
    MoneyDoesNotFoot {
        /// Whose account.
        shop: ShopId,
        /// In which currency, ISO 4217.
        currency: String,
        /// What Etsy sent.
        sent: LedgerSum,
        /// What is classed.
        classed: LedgerSum,
    },
}

/// How many entries of a payment account, and what they come to, as Etsy sends them: without divisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerSum {
    /// How many.
    pub entries: i64,
    /// Their sum, in the currency's smallest unit.
    pub amount: Decimal,
}

impl std::fmt::Display for LedgerSum {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { entries, amount } = self;
        write!(formatter, "{entries} entries of {}", amount.normalize())
    }
}

impl StageError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Database { source } => source.advice(),
            Self::MoneyDoesNotFoot { .. } => Advice {
                trouble: Trouble::Failed,
                hint: Some(
                    "nothing was planned; this is a fault of etsy-odoo: please report it with this message"
                        .to_owned(),
                ),
            },
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
