//! Who we are to Etsy.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::ShopId;
use crate::etsy::wire::{Unreadable, lenient, read};

/// The seller who granted the access
/// (<https://developers.etsy.com/documentation/reference/#operation/getMe>).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// The user.
    #[serde(deserialize_with = "lenient::id")]
    pub user_id: i64,
    /// The user's shop, if there is one.
    #[serde(default, deserialize_with = "lenient::id_or_none")]
    pub shop_id: Option<i64>,
}

/// A shop (<https://developers.etsy.com/documentation/reference/#operation/getShop>).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shop {
    /// The shop.
    pub shop_id: ShopId,
    /// Its owner.
    #[serde(deserialize_with = "lenient::id")]
    pub user_id: i64,
    /// Its name in addresses.
    pub shop_name: String,
    /// The currency of its receipts, ISO 4217.
    pub currency_code: String,
    /// Whether it is closed for a while.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_vacation: bool,
}

impl Shop {
    /// When the shop was opened, from the body of an answer.
    pub fn opened(body: &[u8]) -> Result<DateTime<Utc>, Unreadable> {
        #[derive(Deserialize)]
        struct Opened {
            #[serde(deserialize_with = "lenient::moment")]
            created_timestamp: DateTime<Utc>,
        }
        read::<Opened>(body).map(|shop| shop.created_timestamp)
    }
}
