//! The way to Etsy, as far as a plan is applied there.

use std::error::Error;

use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;

use crate::domain::{Advice, ShopId};
use crate::etsy::{EtsyError, EtsyReader, EtsyWriter};

/// A shop that is open to us.
#[derive(Debug, Clone)]
pub struct OpenShop {
    /// What people call it.
    pub name: String,
    /// An access token that lasts a while.
    pub token: SecretString,
}

/// Why a shop is not open to us.
#[derive(Debug, thiserror::Error)]
#[error("Etsy does not let us into the shop")]
pub struct AccessError {
    /// What to do about it.
    pub advice: Advice,
    /// What happened.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// Opens a shop. The token that is given is one that Etsy has just not accepted.
pub type OpenShops<'a> = Box<
    dyn Fn(ShopId, Option<SecretString>) -> LocalBoxFuture<'a, Result<OpenShop, AccessError>> + 'a,
>;

/// Etsy, with what opens its shops.
pub struct EtsyAccess<'a> {
    /// Reads.
    pub reader: &'a EtsyReader,
    /// Writes.
    pub writer: &'a EtsyWriter,
    /// Where tokens come from.
    pub open: OpenShops<'a>,
}

impl std::fmt::Debug for EtsyAccess<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("EtsyAccess").finish_non_exhaustive()
    }
}

/// Why no further call is made to a shop.
#[derive(Debug)]
pub(super) enum Halt {
    /// There is no token.
    Access(AccessError),
    /// Etsy refuses every call, cannot be reached, or the calls are spent.
    Etsy { shop: String, source: EtsyError },
}

impl Halt {
    /// What it means for the rows that were not reached, in words for the journal.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Access(error) => error.to_string(),
            Self::Etsy { source, .. } => source.to_string(),
        }
    }
}

/// One shop, with a token that is replaced when Etsy does not accept it.
pub(super) struct Counter<'c, 'a> {
    access: &'c EtsyAccess<'a>,
    pub(super) shop: ShopId,
    open: tokio::sync::Mutex<OpenShop>,
}

impl<'c, 'a> Counter<'c, 'a> {
    pub(super) async fn at(access: &'c EtsyAccess<'a>, shop: ShopId) -> Result<Self, Halt> {
        let open = (access.open)(shop, None).await.map_err(Halt::Access)?;
        Ok(Self { access, shop, open: tokio::sync::Mutex::new(open) })
    }

    /// Makes a call; once more with another token if this one is not accepted.
    pub(super) async fn call<T>(
        &self,
        call: impl AsyncFn(&EtsyAccess<'_>, &SecretString) -> Result<T, EtsyError>,
    ) -> Result<Result<T, EtsyError>, Halt> {
        let token = self.open.lock().await.token.clone();
        match call(self.access, &token).await {
            Err(error) if error.is_of_token() => {
                let open =
                    (self.access.open)(self.shop, Some(token)).await.map_err(Halt::Access)?;
                *self.open.lock().await = open.clone();
                Ok(call(self.access, &open.token).await)
            }
            answered => Ok(answered),
        }
    }

    /// What holds for every call to the shop.
    pub(super) async fn halt(&self, source: EtsyError) -> Halt {
        Halt::Etsy { shop: self.open.lock().await.name.clone(), source }
    }
}
