//! Amounts of money: an integer number of minor units, the number of decimals, a currency.
//!
//! Etsy sends `{amount, divisor, currency_code}`. The divisor is data: 100 is usual, 1 is what yen are seen with,
//! and neither is assumed (<https://developers.etsy.com/documentation/reference/#tag/Shop-Receipt>).
#![deny(clippy::arithmetic_side_effects, reason = "an overflow in an amount must be an error")]

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why an amount could not be made or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// A currency code that is not three capital letters.
    #[error("`{0}` is not a currency code of three capital letters")]
    Currency(String),
    /// A divisor that is not 1, 10, 100, 1000 or 10000.
    #[error("the divisor is {0}, and must be a power of ten from 1 to 10000")]
    Divisor(i64),
    /// Amounts of two currencies in one sum.
    #[error("{0} and {1} cannot be added")]
    Mixed(Currency, Currency),
    /// More than 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
}

/// An ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code, for instance `USD`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl std::str::FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        match code.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(MoneyError::Currency(code.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An exact amount in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    minor: i64,
    decimals: u8,
    currency: Currency,
}

impl Money {
    /// An amount as Etsy writes it: `amount / divisor`.
    pub fn from_parts(amount: i64, divisor: i64, currency: Currency) -> Result<Self, MoneyError> {
        let decimals = match divisor {
            1 => 0,
            10 => 1,
            100 => 2,
            1000 => 3,
            10000 => 4,
            _ => return Err(MoneyError::Divisor(divisor)),
        };
        Ok(Self { minor: amount, decimals, currency })
    }

    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, decimals: 0, currency }
    }

    /// The number of minor units (cents, if `decimals` is 2).
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// How many decimals the minor unit stands for.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in major units, exact, as SQL's `numeric` takes it.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, u32::from(self.decimals))
    }

    /// The sum of two amounts of one currency; the finer of the two units is kept.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed(self.currency, other.currency));
        }
        let decimals = self.decimals.max(other.decimals);
        let minor = self
            .rescaled(decimals)?
            .checked_add(other.rescaled(decimals)?)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, decimals, currency: self.currency })
    }

    /// The amount with its sign turned.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// A unit price times a quantity.
    pub fn checked_mul(self, quantity: i64) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(quantity).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Whether both are the same amount, whatever unit they are written in.
    pub fn same_value(self, other: Self) -> bool {
        self.currency == other.currency && self.to_decimal() == other.to_decimal()
    }

    fn rescaled(self, decimals: u8) -> Result<i64, MoneyError> {
        let missing = u32::from(decimals.saturating_sub(self.decimals));
        let factor = 10_i64.checked_pow(missing).ok_or(MoneyError::Overflow)?;
        self.minor.checked_mul(factor).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.to_decimal(), self.currency)
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows has failed")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd() -> Currency {
        "USD".parse().unwrap()
    }

    fn any_money() -> impl Strategy<Value = Money> {
        (any::<i64>(), prop::sample::select(vec![1_i64, 10, 100, 1000, 10000]))
            .prop_map(|(amount, divisor)| Money::from_parts(amount, divisor, usd()).unwrap())
    }

    #[test]
    fn reads_as_written() {
        assert_eq!(Money::from_parts(10405, 100, usd()).unwrap().to_string(), "104.05 USD");
        assert_eq!(Money::from_parts(-5, 100, usd()).unwrap().to_string(), "-0.05 USD");
        let yen = Money::from_parts(1200, 1, "JPY".parse().unwrap()).unwrap();
        assert_eq!(yen.to_string(), "1200 JPY");
    }

    #[test]
    fn refuses_what_is_no_money() {
        assert_eq!(Money::from_parts(1, 0, usd()), Err(MoneyError::Divisor(0)));
        assert_eq!(Money::from_parts(1, -100, usd()), Err(MoneyError::Divisor(-100)));
        assert_eq!("usd".parse::<Currency>(), Err(MoneyError::Currency("usd".to_owned())));
        let yen = Money::zero("JPY".parse().unwrap());
        assert!(matches!(yen.checked_add(Money::zero(usd())), Err(MoneyError::Mixed(..))));
    }

    proptest! {
        #[test]
        fn a_sum_is_exact_or_an_error(a in any_money(), b in any_money()) {
            if let Ok(sum) = a.checked_add(b) {
                prop_assert_eq!(sum.to_decimal(), a.to_decimal() + b.to_decimal());
                prop_assert_eq!(Ok(sum), b.checked_add(a));
            } else {
                let wide = i128::from(a.minor()) * 10_i128.pow(4 - u32::from(a.decimals()))
                    + i128::from(b.minor()) * 10_i128.pow(4 - u32::from(b.decimals()));
                let finest = u32::from(a.decimals().max(b.decimals()));
                let scaled = |money: Money| i128::from(money.minor())
                    * 10_i128.pow(finest - u32::from(money.decimals()));
                prop_assert!(
                    [scaled(a), scaled(b), wide / 10_i128.pow(4 - finest)]
                        .iter()
                        .any(|value| i64::try_from(*value).is_err())
                );
            }
        }

        #[test]
        fn negation_undoes_itself(a in any_money()) {
            if let Ok(negated) = a.checked_neg() {
                prop_assert_eq!(negated.checked_neg(), Ok(a));
                prop_assert_eq!(a.checked_add(negated).map(Money::minor), Ok(0));
            } else {
                prop_assert_eq!(a.minor(), i64::MIN);
            }
        }

        #[test]
        fn a_product_is_a_repeated_sum(cents in -1_000_000_i64..1_000_000, quantity in 0_i64..50) {
            let unit = Money::from_parts(cents, 100, usd()).unwrap();
            let mut sum = Money::from_parts(0, 100, usd()).unwrap();
            for _ in 0..quantity {
                sum = sum.checked_add(unit).unwrap();
            }
            prop_assert_eq!(unit.checked_mul(quantity), Ok(sum));
        }

        #[test]
        fn the_unit_does_not_change_the_value(cents in -1_000_000_i64..1_000_000) {
            let coarse = Money::from_parts(cents, 100, usd()).unwrap();
            let fine = Money::from_parts(cents * 100, 10000, usd()).unwrap();
            prop_assert!(coarse.same_value(fine));
        }
    }
}
