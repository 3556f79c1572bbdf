//! Amounts as Etsy writes them.

use serde::Deserialize;

use crate::domain::{Money, MoneyError};

/// `amount / divisor` in a currency. Not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WireMoney {
    /// In units of `1 / divisor`.
    pub amount: i64,
    /// Data, never assumed: 100 is usual, 1 is what yen are seen with.
    pub divisor: i64,
    /// ISO 4217.
    pub currency_code: String,
}

impl WireMoney {
    /// The exact amount.
    pub fn money(&self) -> Result<Money, MoneyError> {
        Money::from_parts(self.amount, self.divisor, self.currency_code.parse()?)
    }
}
