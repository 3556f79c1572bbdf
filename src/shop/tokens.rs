//! The OAuth pair of a shop at rest, and the lock under which it is refreshed once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::{Shop, ShopError, TokenKey};
use crate::db::{DatabaseError, PooledClient, Warehouse};
use crate::domain::ShopId;

/// An access token and the refresh token that came with it.
#[derive(Clone)]
pub struct Tokens {
    /// Opens Etsy's doors for an hour.
    pub access: SecretString,
    /// Gets the next pair, once, within 90 days.
    pub refresh: SecretString,
    /// When the access token ends.
    pub access_expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Tokens")
            .field("access_expires_at", &self.access_expires_at)
            .finish_non_exhaustive()
    }
}

/// How often a renewed pair is tried to be stored, and how long after each failure.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Serialize, Deserialize)]
struct Pair {
    access: String,
    refresh: String,
}

pub(super) fn failed(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> ShopError {
    move |error| ShopError::Database(DatabaseError::query(attempted, error))
}

/// Seals and stores the pair of a login, when no renewal of the one before is under way. What Etsy says of its scopes
/// is to be stored after it.
pub async fn store_tokens(
    warehouse: &Warehouse,
    key: &TokenKey,
    shop: ShopId,
    tokens: &Tokens,
    now: DateTime<Utc>,
) -> Result<(), ShopError> {
    let sealed = sealed(key, shop, tokens)?;
    let lock = Lock::take(warehouse, shop).await?;
    lock.client()?
        .execute(
            sql!("shop/store_tokens.sql"),
            &[&shop.0, &sealed, &tokens.access_expires_at, &now],
        )
        .await
        .map_err(failed("store the tokens of a shop"))?;
    lock.release().await;
    Ok(())
}

fn sealed(key: &TokenKey, shop: ShopId, tokens: &Tokens) -> Result<Vec<u8>, ShopError> {
    let pair = Pair {
        access: tokens.access.expose_secret().to_owned(),
        refresh: tokens.refresh.expose_secret().to_owned(),
    };
    let plain = serde_json::to_vec(&pair).map_err(|_unserializable| ShopError::BadKey)?;
    key.seal(shop, &plain)
}

/// Forgets a shop's tokens, when no renewal of them is under way. Answers whether there were any.
pub async fn forget_tokens(warehouse: &Warehouse, shop: ShopId) -> Result<bool, ShopError> {
    let lock = Lock::take(warehouse, shop).await?;
    let forgotten = lock
        .client()?
        .execute(sql!("shop/forget_tokens.sql"), &[&shop.0])
        .await
        .map_err(failed("forget the tokens of a shop"))?;
    lock.release().await;
    Ok(forgotten > 0)
}

/// The lock of a shop's tokens, which every process honours. It belongs to a connection: when the value is dropped
/// without being released, after a failure, that connection is closed and does not go back to the pool with the lock.
#[derive(Debug)]
struct Lock {
    client: Option<PooledClient>,
    shop: ShopId,
}

impl Lock {
    async fn take(warehouse: &Warehouse, shop: ShopId) -> Result<Self, ShopError> {
        let client = warehouse.client().await.map_err(ShopError::Database)?;
        let lock = Self { client: Some(client), shop };
        lock.client()?
            .execute(sql!("shop/lock_tokens.sql"), &[&shop.0])
            .await
            .map_err(failed("lock the tokens of a shop"))?;
        Ok(lock)
    }

    fn client(&self) -> Result<&PooledClient, ShopError> {
        self.client.as_ref().ok_or(ShopError::Unlocked)
    }

    async fn release(mut self) {
        let Some(client) = self.client.take() else { return };
        if let Err(error) = client.execute(sql!("shop/unlock_tokens.sql"), &[&self.shop.0]).await {
            tracing::debug!(%error, "the lock of a shop's tokens goes with its connection");
            self.client = Some(client);
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(PooledClient::take(client));
        }
    }
}

/// A shop's tokens, held under their lock: of two processes that find the access token at its end, the second waits and
/// then finds the fresh pair.
#[derive(Debug)]
pub struct Session {
    lock: Lock,
    warehouse: Warehouse,
    shop: Shop,
    key: TokenKey,
    opener: TokenKey,
    /// The pair as it is stored now.
    pub tokens: Tokens,
    /// When a renewal began whose pair was never stored.
    pub cut_off_since: Option<DateTime<Utc>>,
}

/// Takes the lock of a shop's tokens and opens them.
pub async fn lock_session(
    warehouse: &Warehouse,
    key: &TokenKey,
    shop: &Shop,
) -> Result<Session, ShopError> {
    let lock = Lock::take(warehouse, shop.id).await?;
    match opened(lock.client()?, key, shop).await {
        Ok(Opened { tokens, opener, cut_off_since }) => Ok(Session {
            lock,
            warehouse: warehouse.clone(),
            shop: shop.clone(),
            key: key.clone(),
            opener,
            tokens,
            cut_off_since,
        }),
        Err(error) => {
            lock.release().await;
            Err(error)
        }
    }
}

struct Opened {
    tokens: Tokens,
    opener: TokenKey,
    cut_off_since: Option<DateTime<Utc>>,
}

async fn opened(client: &PooledClient, key: &TokenKey, shop: &Shop) -> Result<Opened, ShopError> {
    let row = client
        .query_opt(sql!("shop/tokens.sql"), &[&shop.id.0])
        .await
        .map_err(failed("read the tokens of a shop"))?
        .ok_or_else(|| ShopError::NotConnected { name: shop.name.clone() })?;
    let (plain, opener) = key.open_by_either(shop.id, &shop.name, row.get("sealed"))?;
    let pair: Pair = serde_json::from_slice(plain.expose_secret())
        .map_err(|_unreadable| ShopError::Sealed { name: shop.name.clone() })?;
    let tokens = Tokens {
        access: SecretString::from(pair.access),
        refresh: SecretString::from(pair.refresh),
        access_expires_at: row.get("access_expires_at"),
    };
    Ok(Opened { tokens, opener, cut_off_since: row.get("renewing_since") })
}

impl Session {
    /// Reads the pair again: another machine, whose lock was lost, may have renewed it.
    pub async fn reread(&mut self) -> Result<(), ShopError> {
        let Opened { tokens, opener, cut_off_since } =
            opened(self.lock.client()?, &self.key, &self.shop).await?;
        (self.tokens, self.opener, self.cut_off_since) = (tokens, opener, cut_off_since);
        Ok(())
    }

    /// Notes durably that Etsy is about to be asked for another pair. If this process dies before it has stored the
    /// answer, the note stays, and the next one knows why the refresh token is dead.
    pub async fn begin_renewal(&self, now: DateTime<Utc>) -> Result<(), ShopError> {
        self.lock
            .client()?
            .execute(sql!("shop/begin_renewal.sql"), &[&self.shop.id.0, &now])
            .await
            .map_err(failed("note the renewal of a shop's tokens"))?;
        Ok(())
    }

    /// Takes the note back: Etsy has refused, and so no pair can be lost.
    pub async fn end_renewal(&self) -> Result<(), ShopError> {
        self.lock
            .client()?
            .execute(sql!("shop/end_renewal.sql"), &[&self.shop.id.0])
            .await
            .map_err(failed("end the renewal of a shop's tokens"))?;
        Ok(())
    }

    /// Stores the pair that a renewal has brought, durably, before anything uses it. It exists nowhere else and the one
    /// before may be dead, so a failure is tried again on other connections.
    pub async fn replace(&mut self, tokens: Tokens, now: DateTime<Utc>) -> Result<(), ShopError> {
        let sealed = sealed(&self.opener, self.shop.id, &tokens)?;
        let mut outcome = self.write(self.lock.client()?, &sealed, &tokens, now).await;
        for _ in 1..TRIES {
            let Err(error) = &outcome else { break };
            tracing::warn!(shop = self.shop.name, %error, "the renewed tokens are not stored yet");
            tokio::time::sleep(PAUSE).await;
            outcome = match self.warehouse.client().await {
                Ok(client) => self.write(&client, &sealed, &tokens, now).await,
                Err(error) => Err(error),
            };
        }
        outcome.map_err(|source| ShopError::Unstored { name: self.shop.name.clone(), source })?;
        self.tokens = tokens;
        self.cut_off_since = None;
        Ok(())
    }

    async fn write(
        &self,
        client: &PooledClient,
        sealed: &[u8],
        tokens: &Tokens,
        now: DateTime<Utc>,
    ) -> Result<(), DatabaseError> {
        client
            .execute(
                sql!("shop/replace_tokens.sql"),
                &[&self.shop.id.0, &sealed, &tokens.access_expires_at, &now],
            )
            .await
            .map(drop)
            .map_err(|error| DatabaseError::query("store the tokens of a shop", error))
    }

    /// Gives the lock back.
    pub async fn release(self) -> Tokens {
        self.lock.release().await;
        self.tokens
    }
}
