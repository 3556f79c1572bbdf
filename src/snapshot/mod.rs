//! Takes evidence: Etsy's pages as received, with the proof that they are all of them, and Odoo's rows, undecoded.
//!
//! Nothing is interpreted here. A watermark moves only over ground that is proven; an unreadable or empty side is never
//! read as "deleted".

mod access;
mod door;
mod etsy;
mod evidence;
mod ledger;
mod listings;
mod odoo;
mod receipts;
mod stream;
mod turns;
mod walk;

pub use access::EtsySide;
pub use etsy::{Extent, Taken, take_etsy, take_receipts};
pub use odoo::{take_odoo, unreadable_columns};
pub use stream::Stream;
pub use turns::Turn;

use chrono::{DateTime, Utc};

use crate::db::DatabaseError;
use crate::domain::{Advice, ShopId};
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
            Self::Etsy { shop, source } | Self::RenewalLost { shop, source, .. } => {
                source.advice_for(shop)
            }
            Self::Tokens { source, .. } => source.advice(),
            Self::Compress { .. } | Self::Page { .. } => Advice::failed(),
            Self::Unproven { .. } => Advice::try_again(
                "rows moved while they were read; nothing was planned from it, and the next run reads it again",
            ),
        }
    }
}
