//! Etsy as it is: its wire types, its tokens, its words of refusal, the reader and the writer.
//!
//! The reader answers pages as they came, so that they can be kept as evidence; [`wire`] takes them apart. The
//! facts are from Etsy's reference (<https://developers.etsy.com/documentation/reference/>) and from what developers
//! met beside it (<https://github.com/etsy/open-api/issues>).

mod advice;
mod allowance;
mod caller;
mod connection;
mod document;
mod error;
mod oauth;
mod query;
mod reader;
mod scope;
mod settings;
pub mod wire;
mod writer;

pub use crate::http::Limiter;
pub use document::{InventoryDocument, Unwritable};
pub use error::{EtsyError, Said};
pub use oauth::{Authorization, Loopback, RedirectUri, Redirected, TokenEndpoint, TokenPair};
pub use query::{
    LEDGER_WINDOW_SECONDS, ListingQuery, ListingState, OFFSET_CEILING, Order, PAGE_CEILING, Query,
    ReceiptQuery, ReceiptTime, Reference,
};
pub use reader::{EtsyReader, RawPage};
pub use scope::{Granted, Scope};
pub use settings::EtsySettings;
pub use writer::{EtsyWriter, SaleState};
