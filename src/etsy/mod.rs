//! Etsy as it is: its wire types, its tokens, its words of refusal, and the reader.
//!
//! The reader answers pages as they came, so that they can be kept as evidence; [`wire`] takes them apart. The
//! facts are from Etsy's reference (<https://developers.etsy.com/documentation/reference/>) and from what developers
//! met beside it (<https://github.com/etsy/open-api/issues>).

mod advice;
mod allowance;
mod caller;
mod error;
mod oauth;
mod reader;
mod scope;
mod settings;
pub mod wire;

pub use crate::http::Limiter;
pub use error::{EtsyError, Said};
pub use oauth::{Authorization, Loopback, RedirectUri, Redirected, TokenEndpoint, TokenPair};
pub use reader::{
    EtsyReader, ListingQuery, ListingState, OFFSET_CEILING, PAGE_CEILING, RawPage, ReceiptQuery,
    ReceiptTime,
};
pub use scope::{Granted, Scope};
pub use settings::EtsySettings;
