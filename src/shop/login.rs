//! How long a shop's login lasts, and who is told before it ends.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::tokens::failed;
use super::{Shop, ShopError};
use crate::db::Warehouse;
use crate::domain::ShopId;

/// Etsy's refresh tokens live this long (<https://developers.etsy.com/documentation/essentials/authentication>).
const REFRESH_LIFE: TimeDelta = TimeDelta::days(90);

/// A warning begins this long before they end.
const WARNING: TimeDelta = TimeDelta::days(14);

/// Nobody is told of the same login more often: a run may start every five minutes.
const QUIET: TimeDelta = TimeDelta::days(1);

/// When a shop was connected and how long its login lasts, without opening its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenState {
    /// When the access token ends.
    pub access_expires_at: DateTime<Utc>,
    /// When the pair was got.
    pub refreshed_at: DateTime<Utc>,
    /// The scopes that came with the login, in Etsy's words; nothing: Etsy has not said.
    pub granted_scopes: Option<Vec<String>>,
}

impl TokenState {
    /// When the refresh token ends, unless a run renews it before.
    pub fn login_ends_at(&self) -> DateTime<Utc> {
        self.refreshed_at + REFRESH_LIFE
    }

    /// Whole days until then, begun ones counted; none when it has ended.
    pub fn days_left(&self, now: DateTime<Utc>) -> Option<i64> {
        let left = (self.login_ends_at() - now).num_seconds();
        (left > 0).then(|| left.saturating_add(86_399) / 86_400)
    }

    /// Whether it is time to connect the shop again.
    pub fn ends_soon(&self, now: DateTime<Utc>) -> bool {
        self.login_ends_at() - now <= WARNING
    }
}

/// The state of every connected shop.
pub async fn token_states(
    warehouse: &Warehouse,
) -> Result<BTreeMap<ShopId, TokenState>, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    let rows = client
        .query(sql!("shop/token_states.sql"), &[])
        .await
        .map_err(failed("read the state of the shops' tokens"))?;
    let state = |row: &tokio_postgres::Row| {
        let state = TokenState {
            access_expires_at: row.get("access_expires_at"),
            refreshed_at: row.get("refreshed_at"),
            granted_scopes: row.get("granted_scopes"),
        };
        (ShopId(row.get("shop_id")), state)
    };
    Ok(rows.iter().map(state).collect())
}

/// Stores what Etsy says that a shop's login may do.
pub async fn store_scopes(
    warehouse: &Warehouse,
    shop: &Shop,
    granted: &[&str],
) -> Result<(), ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    client
        .execute(sql!("shop/store_scopes.sql"), &[&shop.id.0, &granted])
        .await
        .map_err(failed("store the scopes of a shop"))?;
    Ok(())
}

/// A login that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingLogin {
    /// Which shop.
    pub shop: String,
    /// When.
    pub ends_at: DateTime<Utc>,
}

/// The logins that end soon, paused shops included: a pause does not stop the time. Each is answered once a day, so
/// that who prints them says no more than a person reads.
pub async fn logins_to_warn_of(
    warehouse: &Warehouse,
    now: DateTime<Utc>,
) -> Result<Vec<EndingLogin>, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    let (after, until) = (now - REFRESH_LIFE, now - (REFRESH_LIFE - WARNING));
    let rows = client
        .query(sql!("shop/note_warnings.sql"), &[&now, &after, &until, &(now - QUIET)])
        .await
        .map_err(failed("look for logins that end soon"))?;
    let ending = |row: &tokio_postgres::Row| EndingLogin {
        shop: row.get("name"),
        ends_at: row.get::<_, DateTime<Utc>>("refreshed_at") + REFRESH_LIFE,
    };
    Ok(rows.iter().map(ending).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_begins_14_days_before_the_90_are_over() {
        let begun = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let state =
            TokenState { access_expires_at: begun, refreshed_at: begun, granted_scopes: None };
        let after = |days: i64, seconds: i64| {
            let now = begun + TimeDelta::days(days) + TimeDelta::seconds(seconds);
            (state.days_left(now), state.ends_soon(now))
        };
        assert_eq!(after(0, 0), (Some(90), false));
        assert_eq!(after(0, 1), (Some(90), false));
        assert_eq!(after(75, 86_399), (Some(15), false));
        assert_eq!(after(76, 0), (Some(14), true));
        assert_eq!(after(89, 86_399), (Some(1), true));
        assert_eq!(after(90, 0), (None, true));
    }
}
