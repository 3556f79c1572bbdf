//! Etsy's JSON, as lean as staging needs it. Fields that are not read are skipped, unknown ones too.
//!
//! A page whose rows all read is read in one pass; one with a bad row is split into raw rows first ([`Page`]), so that
//! the bad one is rejected alone. Text is left as Etsy wrote it, HTML entities included, and borrowed where it can be.

mod account;
mod inventory;
mod ledger;
mod lenient;
mod listing;
mod mark;
mod money;
mod object;
mod page;
mod payment;
mod receipt;
mod reference;
mod round_trip;
mod unreadable;

pub use account::{Me, Shop};
pub use inventory::{Inventory, InventoryProperty, Offering, Product};
pub use ledger::LedgerEntry;
pub use listing::{Listing, ListingInventory, PropertyValue};
pub use mark::{EntryMark, Mark};
pub use money::WireMoney;
pub use page::Page;
pub use payment::{Payment, PaymentAdjustment};
pub use receipt::{Receipt, ReceiptStatus, Refund, Transaction, Variation};
pub use reference::{ProductionPartner, ReadinessState, ReturnPolicy, ShippingProfile, ShopFacts};
pub use unreadable::Unreadable;

use serde::Deserialize;

/// Reads a whole JSON text; the error names the field and never repeats its value.
///
/// Text that does not read is read twice: keeping track of the path costs time that good rows need not pay.
pub(super) fn read<'text, T: Deserialize<'text>>(text: &'text [u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(text).map_err(|error| complaint::<T>(text, &error))
}

/// Which field of a text does not read, and why.
fn complaint<'text, T: Deserialize<'text>>(
    text: &'text [u8],
    error: &serde_json::Error,
) -> Unreadable {
    let mut json = serde_json::Deserializer::from_slice(text);
    match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Ok(_) => Unreadable::at(".", error),
        Err(tracked) => Unreadable::at(&tracked.path().to_string(), tracked.inner()),
    }
}
