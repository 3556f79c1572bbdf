//! The OAuth pair of a shop at rest, and the lock under which it is refreshed once.

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

#[derive(Serialize, Deserialize)]
struct Pair {
    access: String,
    refresh: String,
}

/// When a shop was connected and how long its tokens last, without opening them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenState {
    /// When the access token ends.
    pub access_expires_at: DateTime<Utc>,
    /// When the pair was got; the refresh token lives 90 days from then.
    pub refreshed_at: DateTime<Utc>,
}

fn failed(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> ShopError {
    move |error| ShopError::Database(DatabaseError::query(attempted, error))
}

/// Whether the shop has tokens, and of when.
pub async fn token_state(
    warehouse: &Warehouse,
    shop: ShopId,
) -> Result<Option<TokenState>, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    let row = client
        .query_opt(sql!("shop/token_state.sql"), &[&shop.0])
        .await
        .map_err(failed("read the state of a shop's tokens"))?;
    Ok(row.map(|row| TokenState {
        access_expires_at: row.get("access_expires_at"),
        refreshed_at: row.get("refreshed_at"),
    }))
}

/// Seals and stores a pair.
pub async fn store_tokens(
    warehouse: &Warehouse,
    key: &TokenKey,
    shop: ShopId,
    tokens: &Tokens,
    now: DateTime<Utc>,
) -> Result<(), ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    store(&client, key, shop, tokens, now).await
}

async fn store(
    client: &PooledClient,
    key: &TokenKey,
    shop: ShopId,
    tokens: &Tokens,
    now: DateTime<Utc>,
) -> Result<(), ShopError> {
    let pair = Pair {
        access: tokens.access.expose_secret().to_owned(),
        refresh: tokens.refresh.expose_secret().to_owned(),
    };
    let plain = serde_json::to_vec(&pair).map_err(|_unserializable| ShopError::BadKey)?;
    let sealed = key.seal(shop, &plain)?;
    client
        .execute(
            sql!("shop/store_tokens.sql"),
            &[&shop.0, &sealed, &tokens.access_expires_at, &now],
        )
        .await
        .map_err(failed("store the tokens of a shop"))?;
    Ok(())
}

/// Forgets a shop's tokens.
pub async fn forget_tokens(warehouse: &Warehouse, shop: ShopId) -> Result<(), ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    client
        .execute(sql!("shop/forget_tokens.sql"), &[&shop.0])
        .await
        .map_err(failed("forget the tokens of a shop"))?;
    Ok(())
}

/// A shop's tokens, held under a lock that every process honours: of two that find the access token at its end, the
/// second waits and then finds the fresh pair.
#[derive(Debug)]
pub struct Session {
    client: PooledClient,
    shop: ShopId,
    key: TokenKey,
    /// The pair as it is stored now.
    pub tokens: Tokens,
}

/// Takes the lock of a shop's tokens and opens them.
pub async fn lock_session(
    warehouse: &Warehouse,
    key: &TokenKey,
    shop: &Shop,
) -> Result<Session, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    client
        .execute(sql!("shop/lock_tokens.sql"), &[&shop.id.0])
        .await
        .map_err(failed("lock the tokens of a shop"))?;
    match opened(&client, key, shop).await {
        Ok(tokens) => Ok(Session { client, shop: shop.id, key: key.clone(), tokens }),
        Err(error) => {
            unlock(&client, shop.id).await?;
            Err(error)
        }
    }
}

async fn opened(client: &PooledClient, key: &TokenKey, shop: &Shop) -> Result<Tokens, ShopError> {
    let row = client
        .query_opt(sql!("shop/tokens.sql"), &[&shop.id.0])
        .await
        .map_err(failed("read the tokens of a shop"))?
        .ok_or_else(|| ShopError::NotConnected { name: shop.name.clone() })?;
    let plain = key.open(shop.id, &shop.name, row.get("sealed"))?;
    let pair: Pair = serde_json::from_slice(plain.expose_secret())
        .map_err(|_unreadable| ShopError::Sealed { name: shop.name.clone() })?;
    Ok(Tokens {
        access: SecretString::from(pair.access),
        refresh: SecretString::from(pair.refresh),
        access_expires_at: row.get("access_expires_at"),
    })
}

async fn unlock(client: &PooledClient, shop: ShopId) -> Result<(), ShopError> {
    client
        .execute(sql!("shop/unlock_tokens.sql"), &[&shop.0])
        .await
        .map_err(failed("unlock the tokens of a shop"))?;
    Ok(())
}

impl Session {
    /// Stores the pair that a refresh has brought, durably, before anything uses it.
    pub async fn replace(&mut self, tokens: Tokens, now: DateTime<Utc>) -> Result<(), ShopError> {
        store(&self.client, &self.key, self.shop, &tokens, now).await?;
        self.tokens = tokens;
        Ok(())
    }

    /// Gives the lock back.
    pub async fn release(self) -> Result<Tokens, ShopError> {
        unlock(&self.client, self.shop).await?;
        Ok(self.tokens)
    }
}
