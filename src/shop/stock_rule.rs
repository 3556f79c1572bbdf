//! What holds for one product of a shop instead of the shop's policy.

use rust_decimal::Decimal;
use tokio_postgres::Row;

use super::{Freeze, MOST_UNITS, ShopError};
use crate::db::{DatabaseError, Warehouse};
use crate::domain::{ShopId, vocabulary};

vocabulary! {
    /// The keys of `etsy-odoo inventory rule SHOP SKU key=value`.
    RuleKey {
        /// Units that are kept back.
        Buffer = "buffer",
        /// The share of the stock that the shop may offer.
        Share = "share",
        /// Fewer than this are not offered at all.
        Floor = "floor",
        /// More than this are not shown.
        Cap = "cap",
        /// Always so many, whatever Odoo has.
        MadeToOrder = "made_to_order",
        /// Left as it is on Etsy.
        Exclude = "exclude",
        /// When nothing is raised.
        Freeze = "freeze",
    }
}

/// The rule of one product; what is nothing follows the shop's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRule {
    /// Whose.
    pub shop: ShopId,
    /// What is sold.
    pub product_key: String,
    /// In words, for people: the SKU, or the listing.
    pub label: String,
    /// Units that are kept back.
    pub buffer: Option<Decimal>,
    /// The share of the stock that the shop may offer, 0 to 1.
    pub share: Option<Decimal>,
    /// Fewer than this are not offered at all.
    pub floor: Option<i32>,
    /// More than this are not shown.
    pub cap: Option<i32>,
    /// Always so many, whatever Odoo has.
    pub made_to_order: Option<i32>,
    /// Left as it is on Etsy.
    pub is_excluded: bool,
    /// When nothing is raised.
    pub freeze: Option<Freeze>,
}

impl RuleKey {
    /// Finds a key, or names the nearest one.
    pub fn find(key: &str) -> Result<Self, ShopError> {
        key.parse().map_err(|_unknown| {
            let nearest = Self::ALL
                .iter()
                .map(|known| known.as_str())
                .min_by_key(|known| strsim::damerau_levenshtein(known, key))
                .unwrap_or_default();
            ShopError::RuleKey { key: key.to_owned(), nearest }
        })
    }
}

/// What is listed in a shop under a name that a person gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// What is sold.
    pub product_key: String,
    /// In words, for people: the SKU, or the listing with its variation.
    pub label: String,
}

impl StockRule {
    /// A rule that says nothing yet.
    fn of(shop: ShopId, goods: &Goods) -> Self {
        Self {
            shop,
            product_key: goods.product_key.clone(),
            label: goods.label.clone(),
            buffer: None,
            share: None,
            floor: None,
            cap: None,
            made_to_order: None,
            is_excluded: false,
            freeze: None,
        }
    }

    /// Sets one key from the words of the command line. An empty value unsets it: the shop's policy holds again.
    pub fn set(&mut self, key: RuleKey, value: &str) -> Result<(), ShopError> {
        let refuse = |expected: String| ShopError::Value {
            key: key.as_str(),
            value: value.to_owned(),
            expected,
        };
        let is_unset = value.is_empty();
        let number = |least: i32, most: i32| {
            let read = value.parse().ok().filter(|number| (least..=most).contains(number));
            if is_unset { Ok(None) } else { read.map(Some).ok_or((least, most)) }
        };
        let whole =
            |(least, most): (i32, i32)| refuse(format!("a whole number from {least} to {most}"));
        let decimal = |most: Decimal| {
            let fits = |number: &Decimal| *number >= Decimal::ZERO && *number <= most;
            let read = value.parse().ok().filter(fits);
            if is_unset { Ok(None) } else { read.map(Some).ok_or(most) }
        };
        match key {
            RuleKey::Buffer => {
                self.buffer = decimal(Decimal::ONE_THOUSAND)
                    .map_err(|most| refuse(format!("a number of units from 0 to {most}")))?;
            }
            RuleKey::Share => {
                self.share = decimal(Decimal::ONE)
                    .map_err(|_most| refuse("a share from 0 to 1, such as 0.3".to_owned()))?
                    .map(|share| share.round_dp(3));
            }
            RuleKey::Floor => self.floor = number(0, MOST_UNITS).map_err(whole)?,
            RuleKey::Cap => self.cap = number(0, MOST_UNITS).map_err(whole)?,
            RuleKey::MadeToOrder => self.made_to_order = number(1, MOST_UNITS).map_err(whole)?,
            RuleKey::Exclude => {
                self.is_excluded = match value {
                    "yes" | "true" => true,
                    "" | "no" | "false" => false,
                    _ => return Err(refuse("yes or no".to_owned())),
                }
            }
            RuleKey::Freeze => {
                self.freeze = if is_unset { None } else { Some(Freeze::read(key.as_str(), value)?) }
            }
        }
        Ok(())
    }

    /// Every key that says something, with its value.
    pub fn words(&self) -> Vec<(RuleKey, String)> {
        let plain = |number: &Decimal| number.normalize().to_string();
        let values = [
            (RuleKey::Buffer, self.buffer.as_ref().map(plain)),
            (RuleKey::Share, self.share.as_ref().map(plain)),
            (RuleKey::Floor, self.floor.map(|units| units.to_string())),
            (RuleKey::Cap, self.cap.map(|units| units.to_string())),
            (RuleKey::MadeToOrder, self.made_to_order.map(|units| units.to_string())),
            (RuleKey::Exclude, self.is_excluded.then(|| "yes".to_owned())),
            (RuleKey::Freeze, self.freeze.as_ref().map(ToString::to_string)),
        ];
        values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

fn failed(attempted: &str) -> impl FnOnce(tokio_postgres::Error) -> ShopError {
    move |error| ShopError::Database(DatabaseError::query(attempted, error))
}

/// What is listed in a shop under a SKU, or under the number of a listing.
pub async fn goods_named(
    warehouse: &Warehouse,
    shop: ShopId,
    what: &str,
) -> Result<Vec<Goods>, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    let rows = client
        .query(sql!("shop/goods_named.sql"), &[&shop.0, &what])
        .await
        .map_err(failed("look for what is listed"))?;
    if rows.is_empty() {
        return Err(ShopError::NoSuchGoods { what: what.to_owned() });
    }
    Ok(rows
        .iter()
        .map(|row| Goods { product_key: row.get("product_key"), label: row.get("label") })
        .collect())
}

/// The rules of a shop, by label.
pub async fn stock_rules(warehouse: &Warehouse, shop: ShopId) -> Result<Vec<StockRule>, ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    let rows = client
        .query(sql!("shop/stock_rules.sql"), &[&shop.0])
        .await
        .map_err(failed("read the rules of a shop"))?;
    rows.iter().map(|row| rule(shop, row)).collect()
}

fn rule(shop: ShopId, row: &Row) -> Result<StockRule, ShopError> {
    let freeze = row.get::<_, Option<&str>>("frozen");
    Ok(StockRule {
        shop,
        product_key: row.get("product_key"),
        label: row.get("label"),
        buffer: row.get("buffer"),
        share: row.get("share"),
        floor: row.get("floor"),
        cap: row.get("cap"),
        made_to_order: row.get("made_to_order"),
        is_excluded: row.get("is_excluded"),
        freeze: freeze.map(|text| Freeze::read(RuleKey::Freeze.as_str(), text)).transpose()?,
    })
}

/// The rule of some goods: the one there is, or one that says nothing yet.
pub async fn stock_rule(
    warehouse: &Warehouse,
    shop: ShopId,
    goods: &Goods,
) -> Result<StockRule, ShopError> {
    let there = stock_rules(warehouse, shop).await?;
    Ok(there
        .into_iter()
        .find(|rule| rule.product_key == goods.product_key)
        .unwrap_or_else(|| StockRule::of(shop, goods)))
}

/// Stores a rule; one that says nothing any more goes.
pub async fn set_stock_rule(warehouse: &Warehouse, rule: &StockRule) -> Result<(), ShopError> {
    let client = warehouse.client().await.map_err(ShopError::Database)?;
    if rule.words().is_empty() {
        client
            .execute(sql!("shop/drop_stock_rule.sql"), &[&rule.shop.0, &rule.product_key])
            .await
            .map_err(failed("drop the rule of a product"))?;
        return Ok(());
    }
    let freeze = rule.freeze.as_ref().map(ToString::to_string);
    client
        .execute(
            sql!("shop/set_stock_rule.sql"),
            &[
                &rule.shop.0,
                &rule.product_key,
                &rule.label,
                &rule.buffer,
                &rule.share,
                &rule.floor,
                &rule.cap,
                &rule.made_to_order,
                &rule.is_excluded,
                &freeze,
            ],
        )
        .await
        .map_err(failed("store the rule of a product"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> StockRule {
        let goods = Goods { product_key: "sku_1".to_owned(), label: "CUP".to_owned() };
        StockRule::of(ShopId(7), &goods)
    }

    #[test]
    fn every_key_reads_and_an_empty_value_unsets_it() {
        let mut rule = rule();
        let values = [
            (RuleKey::Buffer, "2"),
            (RuleKey::Share, "0.25"),
            (RuleKey::Floor, "3"),
            (RuleKey::Cap, "50"),
            (RuleKey::MadeToOrder, "12"),
            (RuleKey::Exclude, "yes"),
            (RuleKey::Freeze, "22:00-06:00"),
        ];
        assert_eq!(values.map(|(key, _)| key).as_slice(), RuleKey::ALL);
        for (key, value) in values {
            rule.set(key, value).unwrap();
        }
        assert_eq!(rule.words(), values.map(|(key, value)| (key, value.to_owned())));
        for key in RuleKey::ALL {
            rule.set(*key, "").unwrap();
        }
        assert_eq!(rule, self::rule());
        assert_eq!(rule.words(), []);
    }

    #[test]
    fn what_does_not_read_is_refused() {
        for (key, value) in [
            (RuleKey::Buffer, "-1"),
            (RuleKey::Share, "1.5"),
            (RuleKey::Floor, "2.5"),
            (RuleKey::Cap, "1000"),
            (RuleKey::MadeToOrder, "0"),
            (RuleKey::Exclude, "perhaps"),
            (RuleKey::Freeze, "always"),
        ] {
            let mut rule = rule();
            assert!(matches!(rule.set(key, value), Err(ShopError::Value { .. })), "{key}");
            assert_eq!(rule, self::rule());
        }
        assert!(matches!(
            RuleKey::find("excluded"),
            Err(ShopError::RuleKey { nearest: "exclude", .. })
        ));
    }
}
