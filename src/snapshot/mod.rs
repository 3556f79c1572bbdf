//! Takes evidence: Etsy's pages as received, with the proof that they are all of them, and Odoo's rows, undecoded.
//!
//! Nothing is interpreted here. A watermark moves only over ground that is proven; an unreadable or empty side is never
//! read as "deleted".

mod access;
mod bookkeeping;
mod countable;
mod door;
mod etsy;
mod evidence;
mod ledger;
mod listings;
mod odoo;
mod odoo_schema;
mod receipts;
mod stream;
mod turns;
mod walk;

pub use access::EtsySide;
pub use bookkeeping::{BooksFault, books_faults};
pub use countable::take_countable;
pub use etsy::{Extent, Taken, take_etsy, take_receipts};
pub use odoo::take_odoo;
pub use odoo_schema::{Surplus, odoo_was_read, see_that_odoo_fits, surplus_columns};
pub use stream::Stream;
pub use turns::Turn;

use chrono::{DateTime, Utc};

use crate::db::DatabaseError;
use crate::domain::{Advice, Ahead, ShopId};
use crate::etsy::EtsyError;
use crate::shop::ShopError;

/// What can go wrong while evidence is taken.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Odoo's database, or ours while it is stored.
    #[error("Odoo's database could not be read into the snapshot")]
    Odoo {
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// A database without an Odoo.
    #[error("there is no Odoo in {place}")]
    NoOdoo {
        /// Which database.
        place: String,
    },
    /// An Odoo of another version.
    #[error("Odoo's database is of version {found}")]
    OdooVersion {
        /// The version of its module `base`.
        found: String,
    },
    /// An Odoo without a module that we read.
    #[error("Odoo lacks the module{} `{}`", plural(missing), missing.join("`, `"))]
    OdooModules {
        /// Their technical names.
        missing: Vec<String>,
    },
    /// Columns that have moved, or changed their type.
    #[error("{place} is not as Odoo 18 makes it: {}", some(faults))]
    OdooSchema {
        /// Which database.
        place: String,
        /// What is wrong, column by column.
        faults: Vec<String>,
    },
    /// Fields that `init` makes, missing or changed.
    #[error("our fields in {place} are not as `init` makes them: {}", some(faults))]
    OdooFields {
        /// Which database.
        place: String,
        /// What is wrong, column by column.
        faults: Vec<String>,
    },
    /// Columns that our role may not read.
    #[error("the role may not read {} of {place}", some(faults))]
    OdooRights {
        /// Which database.
        place: String,
        /// The columns.
        faults: Vec<String>,
    },
    /// Our database.
    #[error("the evidence of shop `{shop}` could not be stored")]
    Store {
        /// Which shop.
        shop: String,
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// Etsy.
    #[error("shop `{shop}` could not be read from Etsy")]
    Etsy {
        /// Which shop.
        shop: String,
        /// What failed.
        #[source]
        source: Box<EtsyError>,
    },
    /// This machine's clock is far from Etsy's.
    #[error("shop `{shop}` was not read: this machine's clock is {ahead} Etsy's")]
    Clock {
        /// Which shop.
        shop: String,
        /// How far.
        ahead: Ahead,
    },
    /// The shop's tokens.
    #[error("shop `{shop}` cannot be opened")]
    Tokens {
        /// Which shop.
        shop: String,
        /// What failed.
        #[source]
        source: Box<ShopError>,
    },
    /// A renewal whose pair was never stored, and the refresh token that is dead since.
    #[error(
        "the tokens of shop `{shop}` are lost: a renewal that began at {} was cut off before they were stored",
        since.format("%Y-%m-%d %H:%M:%S UTC")
    )]
    RenewalLost {
        /// Which shop.
        shop: String,
        /// When that renewal began.
        since: DateTime<Utc>,
        /// What Etsy says of the token that is stored.
        #[source]
        source: Box<EtsyError>,
    },
    /// A page that could not be compressed.
    #[error("a page of shop `{shop}` could not be compressed")]
    Compress {
        /// Which shop.
        shop: String,
        /// What failed.
        #[source]
        source: std::io::Error,
    },
    /// A page that cannot be counted.
    #[error("a page of shop `{shop}` does not read")]
    Page {
        /// Which shop.
        shop: String,
        /// What is wrong with it.
        #[source]
        source: Box<crate::etsy::wire::Unreadable>,
    },
    /// A window whose rows kept moving.
    #[error(
        "the {stream} of shop `{shop}` could not be read whole: Etsy says {said}, and {landed} arrived"
    )]
    Unproven {
        /// Which shop.
        shop: String,
        /// Whose id.
        shop_id: ShopId,
        /// Which stream.
        stream: &'static str,
        /// What Etsy said.
        said: i32,
        /// What arrived.
        landed: i32,
    },
}

impl SnapshotError {
    /// Whether Etsy does not know what was asked about.
    fn is_not_found(&self) -> bool {
        matches!(self, Self::Etsy { source, .. }
            if matches!(**source, EtsyError::Refused { status: 404, .. }))
    }

    /// Until when the calls that are left are kept for orders, if that is all that is wrong.
    fn waits_for_orders(&self) -> Option<DateTime<Utc>> {
        if let Self::Etsy { source, .. } = self
            && let EtsyError::Reserved { until, .. } = **source
        {
            return Some(until);
        }
        None
    }

    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Odoo { source } | Self::Store { source, .. } => source.advice(),
            Self::NoOdoo { .. } => Advice::needs_person(
                "correct odoo.read_url: it ends with the name of Odoo's database, which is also odoo.database",
            ),
            Self::OdooVersion { .. } => Advice::needs_person(
                "this version of etsy-odoo knows Odoo 18: see whether there is one for your Odoo",
            ),
            Self::OdooModules { .. } => {
                Advice::needs_person("install them in Odoo (Apps), then run `etsy-odoo init`")
            }
            Self::OdooSchema { .. } => Advice::needs_person(
                "Odoo or one of its modules has been changed: see whether there is a newer version of etsy-odoo; nothing was read or written",
            ),
            Self::OdooFields { .. } => Advice::needs_person(
                "run `etsy-odoo init --admin-login LOGIN`, which makes them or says what is wrong with one, then give the role what `etsy-odoo init --print-grants` prints",
            ),
            Self::OdooRights { .. } => Advice::needs_person(
                "give the role what `etsy-odoo init --print-grants` prints: the rights grow with the fields and with the version",
            ),
            Self::Etsy { shop, source } | Self::RenewalLost { shop, source, .. } => {
                source.advice_for(shop)
            }
            Self::Clock { ahead, .. } => ahead.advice(),
            Self::Tokens { source, .. } => source.advice(),
            Self::Compress { .. } | Self::Page { .. } => Advice::failed(),
            Self::Unproven { .. } => Advice::try_again(
                "rows moved while they were read; nothing was planned from it, and the next run reads it again",
            ),
        }
    }
}

/// The first few, and how many more there are.
fn some(faults: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown = faults.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match faults.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn plural<T>(listed: &[T]) -> &'static str {
    if listed.len() == 1 { "" } else { "s" }
}
