//! Typed ids. Etsy's ids exceed 2^31 and are 64 bits wide everywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

id! {
    /// Etsy's `shop_id`.
    ShopId
}
id! {
    /// Etsy's `receipt_id`: one purchase of one buyer in one shop.
    ReceiptId
}
id! {
    /// The number of a run in `journal.run`.
    RunId
}
