//! The way to Etsy for many shops: one reader, one limiter, and for each shop a token that is fresh.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use super::SnapshotError;
use crate::db::Warehouse;
use crate::domain::{Clock, ShopId};
use crate::etsy::{
    EtsyError, EtsyReader, EtsySettings, Granted, Limiter, TokenEndpoint, TokenPair,
};
use crate::shop::{self, Session, Shop, TokenKey, Tokens};

/// An access token that ends sooner than this is replaced before it is used.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Before a refusal to renew is believed.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Etsy, with what opens it.
#[derive(Debug)]
pub struct EtsySide {
    pub(super) reader: EtsyReader,
    endpoint: TokenEndpoint,
    key: TokenKey,
    clock: Arc<dyn Clock>,
    clock_tolerance: Option<TimeDelta>,
}

impl EtsySide {
    /// Calls nobody yet. `limiter` is the one of the settings' keystring, shared by all who call with it.
    pub fn new(
        settings: &EtsySettings,
        key: TokenKey,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EtsyError> {
        Self::reading_by(settings, settings, key, limiter, clock)
    }

    /// The same for a person who waits: reads end within `deadline`. Renewals do not, for an answer to them that nobody
    /// waits for is a login that is lost.
    pub fn hurried(
        settings: &EtsySettings,
        key: TokenKey,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
        deadline: Duration,
    ) -> Result<Self, EtsyError> {
        Self::reading_by(&settings.hurried(deadline), settings, key, limiter, clock)
    }

    fn reading_by(
        reads: &EtsySettings,
        settings: &EtsySettings,
        key: TokenKey,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EtsyError> {
        Ok(Self {
            reader: EtsyReader::new(reads, limiter, Arc::clone(&clock))?,
            endpoint: TokenEndpoint::new(settings, Arc::clone(&clock))?,
            key,
            clock,
            clock_tolerance: settings.clock_tolerance,
        })
    }

    /// Where logins begin and tokens come from.
    pub fn endpoint(&self) -> &TokenEndpoint {
        &self.endpoint
    }

    /// Whether Etsy is there and accepts the app's key; answers how far this machine's clock is ahead of Etsy's, if
    /// Etsy tells the time.
    pub async fn ping(&self) -> Result<Option<TimeDelta>, EtsyError> {
        Ok(self.reader.ping().await?.map(|etsys| self.clock.now() - etsys))
    }

    /// How far this machine's clock is ahead of Etsy's, if that is too far to take evidence by it. Where it is ahead, a
    /// watermark would move over ground that nothing has happened on yet; where it is behind, what is new would be missed.
    pub(super) fn clock_fault(&self, answered_at: Option<DateTime<Utc>>) -> Option<TimeDelta> {
        let ahead = self.clock.now() - answered_at?;
        (ahead.abs() > self.clock_tolerance?).then_some(ahead)
    }

    /// What Etsy calls the shop; it opens with this token, or not at all.
    pub async fn shop_name(&self, token: &SecretString, shop: &Shop) -> Result<String, EtsyError> {
        Ok(self.reader.shop(token, shop.id).await?.shop_name)
    }

    /// Whose shop it is that the seller of this token has: the one that was asked for, another, or none.
    pub async fn owned_shop(
        &self,
        token: &SecretString,
        shop: &Shop,
    ) -> Result<Option<ShopId>, EtsyError> {
        let me = self.reader.me(token).await?;
        if let Some(own) = me.shop_id {
            return Ok(Some(ShopId(own)));
        }
        // Etsy does not say which shop the seller has, but it says who has the shop
        let asked = self.reader.shop(token, shop.id).await?;
        Ok((asked.user_id == me.user_id).then_some(asked.shop_id))
    }

    /// What the seller granted with this token, as far as Etsy's answer can be understood.
    pub async fn granted(&self, token: &SecretString) -> Result<Option<Granted>, EtsyError> {
        self.reader.scopes(token).await
    }

    /// The tokens of a grant as they are stored.
    pub fn tokens(&self, pair: TokenPair) -> Tokens {
        let lifetime = TimeDelta::from_std(pair.expires_in).unwrap_or(TimeDelta::hours(1));
        Tokens {
            access: pair.access,
            refresh: pair.refresh,
            access_expires_at: self.clock.now() + lifetime,
        }
    }

    /// A token that lasts a while. `refused` is one that Etsy has just not accepted: it is replaced unless another
    /// process has replaced it already.
    pub async fn token(
        &self,
        warehouse: &Warehouse,
        shop: &Shop,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, SnapshotError> {
        let failed =
            |source| SnapshotError::Tokens { shop: shop.name.clone(), source: Box::new(source) };
        let mut session = shop::lock_session(warehouse, &self.key, shop).await.map_err(failed)?;
        let renewed = if self.is_good(&session.tokens, refused) {
            Ok(())
        } else {
            self.renew(&mut session, shop, refused).await
        };
        let tokens = session.release().await;
        renewed.map(|()| tokens.access)
    }

    fn is_good(&self, tokens: &Tokens, refused: Option<&SecretString>) -> bool {
        let is_refused =
            refused.is_some_and(|refused| refused.expose_secret() == tokens.access.expose_secret());
        !is_refused && tokens.access_expires_at - self.clock.now() >= AHEAD
    }

    /// Asks Etsy for another pair and stores it. "Revoked" is at times said of tokens that are not, and is said of a
    /// token that another machine has used: so the stored pair is looked at again, and asked about once more
    /// (<https://github.com/etsy/open-api/issues/549>).
    async fn renew(
        &self,
        session: &mut Session,
        shop: &Shop,
        refused: Option<&SecretString>,
    ) -> Result<(), SnapshotError> {
        let failed =
            |source| SnapshotError::Tokens { shop: shop.name.clone(), source: Box::new(source) };
        let begun_at = self.clock.now();
        let mut lost_since = session.cut_off_since;
        session.begin_renewal(begun_at).await.map_err(failed)?;
        let mut answered = self.endpoint.refresh(&session.tokens.refresh).await;
        if let Err(EtsyError::RefreshRefused { attempts, .. }) = answered {
            if attempts > 1 {
                lost_since = lost_since.or(Some(begun_at));
            }
            tracing::info!(shop = shop.name, "Etsy refuses a renewal; it is asked once more");
            tokio::time::sleep(SECOND_LOOK).await;
            session.reread().await.map_err(failed)?;
            if self.is_good(&session.tokens, refused) {
                return Ok(());
            }
            answered = self.endpoint.refresh(&session.tokens.refresh).await;
        }
        let source = match answered {
            Ok(pair) => {
                let tokens = self.tokens(pair);
                return session.replace(tokens, self.clock.now()).await.map_err(failed);
            }
            Err(source) => Box::new(source),
        };
        let shop = shop.name.clone();
        match (lost_since, &*source) {
            (Some(since), EtsyError::RefreshRefused { .. }) => {
                Err(SnapshotError::RenewalLost { shop, since, source })
            }
            (None, EtsyError::RefreshRefused { .. } | EtsyError::ClientRefused { .. }) => {
                session.end_renewal().await.map_err(failed)?;
                Err(SnapshotError::Etsy { shop, source })
            }
            // whether Etsy has made a pair is not known, so the note of it stays
            (Some(_) | None, _) => Err(SnapshotError::Etsy { shop, source }),
        }
    }
}
