//! Amounts as Etsy writes them.

use serde::Deserialize;

use crate::domain::{Currency, Money, MoneyError};
use crate::etsy::wire::lenient;

/// `amount / divisor` in a currency. The divisor is not checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct WireMoney {
    /// In units of `1 / divisor`.
    pub amount: i64,
    /// Data, never assumed: 100 is usual, 1 is what yen are seen with.
    pub divisor: i64,
    /// ISO 4217.
    #[serde(deserialize_with = "lenient::currency")]
    pub currency_code: Currency,
}

impl WireMoney {
    /// The exact amount.
    pub fn money(&self) -> Result<Money, MoneyError> {
        Money::from_parts(self.amount, self.divisor, self.currency_code)
    }
}
