//! Does what a named plan says, within limits. Decides nothing.
//!
//! Everything written has its attempt in the journal before the call, and its verdict after it: *applied* is what was
//! read back and is as predicted. Records are created under external ids that Odoo's database keeps unique, so that
//! what a lost answer leaves in doubt is looked up, and can be sent again without being made twice.
//!
//! Products come first, then counts of stock, buyers, their addresses, orders, changes of address, cancellations, then
//! quantities on Etsy, those that go down before those that go up, then entries for the books. Memory is flat: the plan is read in
//! chunks, and references are looked up in Odoo per batch.

mod addresses;
mod application;
mod booking;
mod cancellations;
mod counts;
mod customers;
mod dates;
mod entries;
mod etsy_access;
mod inventory;
mod lanes;
#[cfg(test)]
mod live;
mod load;
mod orders;
mod outcomes;
mod pace;
mod patience;
mod product_states;
mod product_updates;
mod products;
mod quants;
mod queue;
mod records;
mod sift;
mod stock;
mod transition;
mod verdict;

use std::time::Duration;

pub use etsy_access::{AccessError, EtsyAccess, OpenShop, OpenShops};
pub use outcomes::{Applied, Tally, applied};

use crate::db::{DatabaseError, OdooReader, Warehouse};
use crate::domain::{Advice, Clock, RunId, UnknownWord};
use crate::etsy::EtsyError;
use crate::journal::JournalError;
use crate::odoo::{OdooError, OdooWriter};
use application::Application;

/// Limits within which a plan is applied.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// How long a batch should take; its size follows.
    pub target: Duration,
    /// The most products in one call.
    pub largest_products: usize,
    /// The most counts of stock in one call.
    pub largest_counts: usize,
    /// The most buyers or addresses in one call.
    pub largest_customers: usize,
    /// The most orders in one call. Past 100 nothing is gained, and the risk of Odoo's time limit grows.
    pub largest_orders: usize,
    /// The most entries for the books in one call.
    pub largest_entries: usize,
    /// The most listings whose quantities are looked at, written and read back together. The more, the longer lies
    /// between the look and the write: 20 are two seconds at ten calls a second.
    pub largest_inventories: usize,
    /// How many writes to Etsy are under way at once.
    pub writes_in_flight: usize,
    /// How often a call without an answer is sent again, after a look whether it had its effect.
    pub resends: u32,
    /// How often a call that conflicts with other changes is repeated.
    pub conflicts: u32,
    /// How long is waited before the first repetition; then twice as long each time, give or take a half.
    pub pause: Duration,
    /// After how many batches in a row without an answer Odoo is taken for dead.
    pub streak: u32,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            target: Duration::from_secs(5),
            largest_products: 100,
            largest_counts: 200,
            largest_customers: 500,
            largest_orders: 100,
            largest_entries: 50,
            largest_inventories: 20,
            writes_in_flight: 10,
            resends: 2,
            conflicts: 6,
            pause: Duration::from_millis(500),
            streak: 3,
        }
    }
}

/// Why the application of a plan stopped. Rows that were not reached stay planned.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The journal.
    #[error("the application of plan {plan} stopped")]
    Journal {
        /// Which plan.
        plan: RunId,
        /// What failed.
        #[source]
        source: JournalError,
    },
    /// A database, ours or Odoo's.
    #[error("the application of plan {plan} stopped")]
    Database {
        /// Which plan.
        plan: RunId,
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// Odoo, for a reason that holds for every call.
    #[error("the application of plan {plan} stopped: Odoo would refuse every call")]
    Odoo {
        /// Which plan.
        plan: RunId,
        /// What failed.
        #[source]
        source: OdooError,
    },
    /// No answer, several times in a row.
    #[error("the application of plan {plan} stopped: {batches} batches in a row got no answer")]
    Silent {
        /// Which plan.
        plan: RunId,
        /// How many.
        batches: u32,
        /// The last of them.
        #[source]
        source: OdooError,
    },
    /// Etsy, for a reason that holds for every call to a shop.
    #[error("the application of plan {plan} stopped: no more calls are made to Etsy")]
    Etsy {
        /// Which plan.
        plan: RunId,
        /// The shop, by its name.
        shop: String,
        /// What failed.
        #[source]
        source: Box<EtsyError>,
    },
    /// A shop that is not open to us.
    #[error("the application of plan {plan} stopped")]
    Access {
        /// Which plan.
        plan: RunId,
        /// What failed.
        #[source]
        source: AccessError,
    },
    /// A plan that sets quantities, applied by somebody who brought no way to Etsy.
    #[error("plan {plan} sets quantities on Etsy, and there is no way to Etsy")]
    NoEtsy {
        /// Which plan.
        plan: RunId,
    },
    /// A decision whose action is another than its column says.
    #[error("decision {decision_no} of plan {plan} holds another action than it should")]
    Mismatch {
        /// Which plan.
        plan: RunId,
        /// Which decision.
        decision_no: i32,
    },
    /// A word in the journal that this version does not know.
    #[error("the outcomes of plan {plan} cannot be counted")]
    Word {
        /// Which plan.
        plan: RunId,
        /// Which word.
        #[source]
        source: UnknownWord,
    },
}

impl ApplyError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Journal { source, .. } => source.advice(),
            Self::Database { source, .. } => source.advice(),
            Self::Odoo { source, .. } | Self::Silent { source, .. } => source.advice(),
            Self::Etsy { shop, source, .. } => source.advice_for(shop),
            Self::Access { source, .. } => source.advice.clone(),
            Self::NoEtsy { .. } => Advice::failed(),
            Self::Mismatch { .. } | Self::Word { .. } => Advice::needs_person(
                "the plan was made by another version of etsy-odoo: make a new one with `etsy-odoo plan`",
            ),
        }
    }
}

/// Both sides, as far as a plan is applied there.
#[derive(Debug)]
pub struct Sides<'a> {
    /// Writes to Odoo.
    pub odoo: &'a OdooWriter,
    /// Reads Odoo's database.
    pub odoo_reader: &'a mut OdooReader,
    /// The way to Etsy; a plan that sets no quantities needs none.
    pub etsy: Option<EtsyAccess<'a>>,
}

/// Applies what is outstanding in `plan`, in the name of the run `applied_by`. Rows that Odoo refuses do not stop it;
/// what did happen is counted in the journal, also after an error ([`applied`]).
pub async fn apply<'a>(
    warehouse: &'a Warehouse,
    sides: Sides<'a>,
    plan: RunId,
    applied_by: RunId,
    clock: &'a dyn Clock,
    options: &'a ApplyOptions,
) -> Result<Applied, ApplyError> {
    let application = Application::new(warehouse, sides, plan, applied_by, clock, options);
    products::create(&application).await?;
    product_updates::update(&application).await?;
    counts::count(&application).await?;
    customers::create(&application).await?;
    booking::book(&application).await?;
    addresses::change(&application).await?;
    cancellations::cancel(&application).await?;
    inventory::push(&application).await?;
    entries::create(&application).await?;
    applied(warehouse, plan, applied_by).await
}
