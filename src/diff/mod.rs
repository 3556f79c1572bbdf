//! Compares the two sides, in SQL: one join per subject, one `case`, one verdict per key. Rows that agree are counted,
//! not stored; the counts foot with what is staged, or the run fails.

mod books;
mod breaks;
mod compare;
mod faults;
mod findings;
mod inventory;
mod order_findings;
mod products;
mod standings;
mod stock_standings;

pub use books::{BookFinding, DueEntry, DueLine, EntryInOdoo, book_findings};
pub use breaks::find_breaks;
pub use compare::compare;
pub use faults::{PricelistFault, TaxFault};
pub use findings::{CustomerFinding, FindingStream, customer_findings};
pub use inventory::{
    CountFinding, CountedOffering, InventoryFinding, Mover, Obstacle, StockOffering, StockPart,
    count_findings, inventory_findings,
};
pub use order_findings::{
    OrderFinding, OrderInOdoo, OrderLine, OrderNote, OrderWanted, order_findings,
};
pub use products::{ProductContrast, ProductFinding, ProductValues, product_findings};
pub use standings::{Standing, placeholder_product, standings};
pub use stock_standings::{StockStanding, stock_standings};

use rust_decimal::Decimal;

use crate::db::DatabaseError;
use crate::domain::{Advice, RunId, ShopId, Subject, UnknownWord};

/// What can go wrong in a comparison.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The database.
    #[error("the {subject} of run {run} could not be compared")]
    Database {
        /// Which run.
        run: RunId,
        /// What was compared.
        subject: Subject,
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// The verdicts do not add up to what was staged.
    #[error(
        "the {subject} of shop {shop} do not foot in run {run}: staged {staged_keys} worth {staged_amount}, judged {tallied_keys} worth {tallied_amount}"
    )]
    DoesNotFoot {
        /// Which run.
        run: RunId,
        /// Which shop.
        shop: ShopId,
        /// What was compared.
        subject: Subject,
        /// Keys on the way in.
        staged_keys: i64,
        /// Keys with a verdict.
        tallied_keys: i64,
        /// Money on the way in.
        staged_amount: Decimal,
        /// Money with a verdict.
        tallied_amount: Decimal,
    },
    /// A stored word that this version does not know.
    #[error("a finding of run {run} holds a word that this version does not know")]
    Word {
        /// Which run.
        run: RunId,
        /// Which word.
        #[source]
        source: UnknownWord,
    },
    /// Offerings that do not read.
    #[error("the offerings of {key} do not read")]
    Offerings {
        /// Which listing or product.
        key: String,
        /// What is wrong with them.
        #[source]
        source: serde_json::Error,
    },
    /// Lines of an entry for the books that do not read.
    #[error("the lines of the entry {key} do not read")]
    BookLines {
        /// Which entry.
        key: String,
        /// What is wrong with them.
        #[source]
        source: serde_json::Error,
    },
    /// Order lines that do not read.
    #[error("the lines of receipt {key} do not read")]
    Lines {
        /// Which receipt.
        key: String,
        /// What is wrong with them.
        #[source]
        source: serde_json::Error,
    },
}

impl DiffError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Database { source, .. } => source.advice(),
            Self::DoesNotFoot { .. }
            | Self::Word { .. }
            | Self::Offerings { .. }
            | Self::BookLines { .. }
            | Self::Lines { .. } => Advice {
                trouble: crate::domain::Trouble::Failed,
                hint: Some(
                    "nothing was written to Odoo; this is a fault of etsy-odoo: please report it with `etsy-odoo runs show`"
                        .to_owned(),
                ),
            },
        }
    }

    fn of(
        run: RunId,
        subject: Subject,
        attempted: &str,
    ) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |error| Self::Database { run, subject, source: DatabaseError::query(attempted, error) }
    }
}
