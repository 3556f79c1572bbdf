//! Odoo's stock as it is now, read from its database by the same query as the snapshot.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::ApplyError;
use super::application::Application;
use crate::domain::StockBasis;

/// What adds up Odoo's stock, and what picks some products out of it.
const STATEMENT: &str =
    concat!("with stock as (\n", sql!("odoo/stock.sql"), ")\n", sql!("apply/stock.sql"));

/// What may be promised of a product in a warehouse, in the product's unit of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct StockRow {
    /// Odoo's `qty_available`.
    pub(super) on_hand: Decimal,
    /// Odoo's `free_qty`.
    pub(super) free: Decimal,
    /// Odoo's `virtual_available`.
    pub(super) forecast: Decimal,
    /// What is free in the stock location, less confirmed demand that is not reserved.
    pub(super) sellable: Decimal,
}

impl StockRow {
    /// The quantity that a shop goes by.
    pub(super) fn by(&self, basis: StockBasis) -> Decimal {
        match basis {
            StockBasis::Sellable => self.sellable,
            StockBasis::Free => self.free,
            StockBasis::OnHand => self.on_hand,
            StockBasis::Forecast => self.forecast,
        }
    }
}

impl Application<'_> {
    /// What may be promised now of some products, by product and warehouse (`product.product`, `stock.warehouse`). What
    /// is not there has none. Products are taken as they are: of a kit, ask for its parts.
    pub(super) async fn stock(
        &self,
        product_ids: &BTreeSet<i32>,
    ) -> Result<BTreeMap<(i32, i32), StockRow>, ApplyError> {
        if product_ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ids: Vec<i32> = product_ids.iter().copied().collect();
        let rows = self.read_odoo("look at the stock in Odoo", STATEMENT, &[&ids]).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let stock = StockRow {
                    on_hand: row.get("on_hand"),
                    free: row.get("free"),
                    forecast: row.get("forecast"),
                    sellable: row.get("sellable"),
                };
                ((row.get("product_id"), row.get("warehouse_id")), stock)
            })
            .collect())
    }

    /// How many of some products the orders of these Etsy receipts take out of stock, or have taken; cancelled ones
    /// take none, and kits are taken apart as Odoo takes them apart. What is not there is none.
    pub(super) async fn units_booked(
        &self,
        receipt_ids: &[i64],
        product_ids: &BTreeSet<i32>,
    ) -> Result<BTreeMap<i32, Decimal>, ApplyError> {
        if receipt_ids.is_empty() || product_ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let receipts: Vec<String> = receipt_ids.iter().map(ToString::to_string).collect();
        let ids: Vec<i32> = product_ids.iter().copied().collect();
        let statement = sql!("apply/units_booked.sql");
        let attempted = "look at what orders took in Odoo";
        let rows = self.read_odoo(attempted, statement, &[&receipts, &ids]).await?;
        Ok(rows.iter().map(|row| (row.get("product_id"), row.get("units"))).collect())
    }
}
