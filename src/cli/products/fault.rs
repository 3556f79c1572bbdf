//! What is wrong with what a person asked for.

use std::path::PathBuf;

use crate::domain::{Advice, RunId};
use crate::report::BadCell;

/// Why a command on products could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum ProductFault {
    /// A file that is to be imported.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file that holds no table, or one without the columns that are needed.
    #[error("{} is no table of products: line {}, column `{}`: {}", path.display(), cell.line, cell.column, cell.reason)]
    NoTable {
        /// Which file.
        path: PathBuf,
        /// What is missing.
        cell: BadCell,
    },
    /// A product that nobody asks for.
    #[error("run {run} knows no product by the key or SKU `{}`", asked.escape_debug())]
    Unknown {
        /// What was typed.
        asked: String,
        /// The run that was looked at.
        run: RunId,
    },
    /// A product that Odoo did not have.
    #[error("Odoo had no product {product_id} in run {run}")]
    NotInOdoo {
        /// The id that was typed.
        product_id: i32,
        /// The run that was looked at.
        run: RunId,
    },
}

impl ProductFault {
    /// What to do next.
    pub(in crate::cli) fn advice(&self) -> Advice {
        Advice::needs_person(match self {
            Self::Unreadable { .. } => "see that the file is there and that this user may read it",
            Self::NoTable { .. } => {
                "`etsy-odoo products export --out FILE.csv` writes such a table; fill in its column link_to, and save it as CSV"
            }
            Self::Unknown { .. } => {
                "`etsy-odoo products list --status all --limit 0` shows all; a SKU is compared letter by letter"
            }
            Self::NotInOdoo { .. } => {
                "the id is that of a variant (product.product), as `etsy-odoo products suggest` prints it; one that is newer than the run is known after `etsy-odoo plan`"
            }
        })
    }
}
