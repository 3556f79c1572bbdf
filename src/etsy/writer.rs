//! Writes to Etsy: the inventory of a listing as a whole, and whether a listing is on sale. It cannot read.

use std::sync::Arc;

use secrecy::SecretString;
use serde::de::IgnoredAny;

use crate::domain::{Clock, ShopId};
use crate::etsy::caller::Errand;
use crate::etsy::connection::{Connection, name_expiry};
use crate::etsy::document::InventoryDocument;
use crate::etsy::error::EtsyError;
use crate::etsy::settings::EtsySettings;
use crate::etsy::wire;
use crate::http::{Call, HttpError, Limiter, Once, Purpose};

/// What a write can make of a listing's state; all others come about by themselves
/// (<https://developers.etsy.com/documentation/reference/#operation/updateListing>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SaleState {
    /// On sale. One that had sold out is renewed for a fee and has one piece; one that was inactive has what it had.
    Active,
    /// Taken off sale, with all that it has.
    Inactive,
}

impl SaleState {
    /// Etsy's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

/// Writes to Etsy with one app's key, for any number of shops.
///
/// No write has a condition, and none says which of two came first. So a write is sent once: again only where Etsy has
/// surely not carried it out, which is when it said that calls came too fast, or when it could not be reached. After any
/// other trouble ([`EtsyError::may_have_had_effect`]) look before you write again.
#[derive(Debug)]
pub struct EtsyWriter {
    connection: Connection,
}

impl EtsyWriter {
    /// A writer that calls nobody yet. `limiter` is to be shared by all who call with the same key.
    pub fn new(
        settings: &EtsySettings,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EtsyError> {
        Ok(Self { connection: Connection::new(settings, limiter, clock)? })
    }

    /// Puts an inventory in the place of the one that a listing has. All ids of its products and offerings change
    /// (<https://github.com/etsy/open-api/issues/523>).
    pub async fn put_inventory(
        &self,
        token: &SecretString,
        listing_id: i64,
        inventory: &InventoryDocument,
    ) -> Result<(), EtsyError> {
        let asked = format!("write the inventory of listing {listing_id}");
        let body = inventory
            .to_put_body()
            .map_err(|source| EtsyError::Unwritable { asked: asked.clone(), source })?;
        let path = ["listings", &listing_id.to_string(), "inventory"];
        let parameters = if inventory.properties() > 2 {
            vec![("max_variations_supported", inventory.properties().to_string())]
        } else {
            Vec::new()
        };
        let call = self.connection.url(&path, &parameters).map(|url| Call::put_json(url, body));
        self.write(asked, call, token).await
    }

    /// Puts a listing on sale, or takes it off.
    pub async fn set_listing_state(
        &self,
        token: &SecretString,
        shop: ShopId,
        listing_id: i64,
        state: SaleState,
    ) -> Result<(), EtsyError> {
        let asked = format!("set listing {listing_id} {}", state.as_str());
        let path = ["shops", &shop.to_string(), "listings", &listing_id.to_string()];
        let form = vec![("state", state.as_str().into())];
        let call = self.connection.url(&path, &[]).map(|url| Call::patch_form(url, form));
        self.write(asked, call, token).await
    }

    async fn write(
        &self,
        asked: String,
        call: Result<Call<Once>, HttpError>,
        token: &SecretString,
    ) -> Result<(), EtsyError> {
        let Connection { caller, limiter, .. } = &self.connection;
        let signed = call.and_then(|call| self.connection.signed(call, Some(token)));
        let call =
            signed.map_err(|source| EtsyError::Unsendable { asked: asked.clone(), source })?;
        let errand = Errand { asked, call, purpose: Purpose::Other };
        let read = |answer: &crate::http::Answer, _| {
            wire::read::<IgnoredAny>(&answer.body).map(|_: IgnoredAny| ())
        };
        caller.ask_once(&errand, Some(limiter), read).await.map_err(name_expiry)
    }
}

#[cfg(test)]
mod tests;
