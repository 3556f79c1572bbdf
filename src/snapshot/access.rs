//! The way to Etsy for many shops: one reader, one limiter, and for each shop a token that is fresh.

use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::SnapshotError;
use crate::db::Warehouse;
use crate::domain::Clock;
use crate::etsy::{EtsyError, EtsyReader, EtsySettings, Limiter, TokenEndpoint};

use crate::shop::{self, Shop, TokenKey, Tokens};

/// An access token that ends sooner than this is replaced before it is used.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Etsy, with what opens it.
#[derive(Debug)]
pub struct EtsySide {
    pub(super) reader: EtsyReader,
    endpoint: TokenEndpoint,
    key: TokenKey,
    clock: Arc<dyn Clock>,
}

impl EtsySide {
    /// Calls nobody yet. `limiter` is the one of the settings' keystring, shared by all who call with it.
    pub fn new(
        settings: &EtsySettings,
        key: TokenKey,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EtsyError> {
        Ok(Self {
            reader: EtsyReader::new(settings, limiter, Arc::clone(&clock))?,
            endpoint: TokenEndpoint::new(settings, Arc::clone(&clock))?,
            key,
            clock,
        })
    }

    /// Whether Etsy is there and accepts the app's key.
    pub async fn ping(&self) -> Result<(), EtsyError> {
        self.reader.ping().await
    }

    /// What Etsy calls the shop; it opens with this token, or not at all.
    pub async fn shop_name(
        &self,
        token: &SecretString,
        shop: &Shop,
    ) -> Result<String, SnapshotError> {
        let answered = self.reader.shop(token, shop.id).await;
        answered.map(|found| found.shop_name).map_err(|source| SnapshotError::Etsy {
            shop: shop.name.clone(),
            source: Box::new(source),
        })
    }

    /// A token that lasts a while. `refused` is one that Etsy has just called expired: it is replaced unless another
    /// process has replaced it already.
    pub async fn token(
        &self,
        warehouse: &Warehouse,
        shop: &Shop,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, SnapshotError> {
        use secrecy::ExposeSecret as _;
        let failed =
            |source| SnapshotError::Tokens { shop: shop.name.clone(), source: Box::new(source) };
        let mut session = shop::lock_session(warehouse, &self.key, shop).await.map_err(failed)?;
        let now = self.clock.now();
        let is_refused = refused.is_some_and(|refused| {
            refused.expose_secret() == session.tokens.access.expose_secret()
        });
        if is_refused || session.tokens.access_expires_at - now < AHEAD {
            let renewed = self.endpoint.refresh(&session.tokens.refresh).await;
            match renewed {
                Ok(pair) => {
                    let lifetime =
                        TimeDelta::from_std(pair.expires_in).unwrap_or(TimeDelta::hours(1));
                    let tokens = Tokens {
                        access: pair.access,
                        refresh: pair.refresh,
                        access_expires_at: now + lifetime,
                    };
                    session.replace(tokens, now).await.map_err(failed)?;
                }
                Err(source) => {
                    session.release().await.map_err(failed)?;
                    return Err(SnapshotError::Etsy {
                        shop: shop.name.clone(),
                        source: Box::new(source),
                    });
                }
            }
        }
        Ok(session.release().await.map_err(failed)?.access)
    }
}
