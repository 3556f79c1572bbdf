//! Etsy's JSON, as lean as staging needs it. Fields that are not read are skipped, unknown ones too.
//!
//! A page is split into raw rows first ([`Page`]), so that each can be hashed as received and a bad one rejected
//! alone. Text is left as Etsy wrote it, HTML entities included.

mod account;
mod lenient;
mod listing;
mod mark;
mod money;
mod page;
mod receipt;
mod unreadable;

pub use account::{Me, Shop};
pub use listing::{Inventory, Listing, Offering, Product, PropertyValue};
pub use mark::{EntryMark, Mark};
pub use money::WireMoney;
pub use page::Page;
pub use receipt::{Receipt, ReceiptStatus, Refund, Transaction, Variation};
pub use unreadable::Unreadable;

use serde::Deserialize;

/// Reads a whole JSON text; the error names the field and never repeats its value.
///
/// Text that does not read is read twice: keeping track of the path costs time that good rows need not pay.
pub(super) fn read<'text, T: Deserialize<'text>>(text: &'text [u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(text).map_err(|error| {
        let mut json = serde_json::Deserializer::from_slice(text);
        match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Ok(_) => Unreadable::at(".", &error),
            Err(tracked) => Unreadable::at(&tracked.path().to_string(), tracked.inner()),
        }
    })
}
