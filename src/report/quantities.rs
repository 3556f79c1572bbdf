//! What a plan takes off sale and puts on sale, in units and in money.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::ReportError;
use super::figures::Progress;
use super::html_page::HtmlTable;
use super::layout::{Page, Table};
use super::model::Shop;
use super::read::Reader;
use super::words::{change, count, count_of, money};
use crate::domain::{Currency, ShopId};

/// What the quantities of a shop come to, for actions that stand alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuantityTotal {
    /// Whose.
    pub shop: Shop,
    /// The currency of the listings; nothing where it is not known.
    pub currency: Option<Currency>,
    /// Where the actions stand.
    pub progress: Progress,
    /// How many listings.
    pub listings: i64,
    /// Units taken off sale.
    pub units_off: i64,
    /// Units put on sale.
    pub units_on: i64,
    /// What the units taken off sale are worth, at the prices of their listings.
    pub revenue_off: Decimal,
    /// What the units put on sale are worth.
    pub revenue_on: Decimal,
}

/// Listings that their seller has changed on Etsy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SellersEdits {
    /// Whose.
    pub shop: Shop,
    /// How many.
    pub listings: i64,
}

/// How many listings of a shop its seller has changed on Etsy.
pub(super) fn edits_of(edits: &[SellersEdits], shop: &Shop) -> i64 {
    edits.iter().find(|edits| edits.shop.id == shop.id).map_or(0, |edits| edits.listings)
}

/// The totals of a plan, by shop, currency and state.
pub(super) async fn quantity_totals(
    reader: &Reader<'_>,
    shops: &BTreeMap<ShopId, Shop>,
) -> Result<Vec<QuantityTotal>, ReportError> {
    let rows = reader.rows("sum up the quantities", sql!("report/plan_quantities.sql")).await?;
    rows.iter()
        .map(|row| {
            Ok(QuantityTotal {
                shop: row.shop(shops),
                currency: row.currency()?,
                progress: row.word("state")?,
                listings: row.get("listings"),
                units_off: row.get("units_off"),
                units_on: row.get("units_on"),
                revenue_off: row.get("revenue_off"),
                revenue_on: row.get("revenue_on"),
            })
        })
        .collect()
}

/// How many listings of each shop their sellers have changed on Etsy.
pub(super) async fn sellers_edits(
    reader: &Reader<'_>,
    shops: &BTreeMap<ShopId, Shop>,
) -> Result<Vec<SellersEdits>, ReportError> {
    let rows = reader.rows("count the sellers' edits", sql!("report/sellers_edits.sql")).await?;
    Ok(rows
        .iter()
        .map(|row| SellersEdits { shop: row.shop(shops), listings: row.get("listings") })
        .collect())
}

/// The lines of a table: where it stands, listings, units off and on, money off and on.
fn lines(totals: &[&QuantityTotal]) -> Vec<[String; 6]> {
    totals
        .iter()
        .map(|total| {
            let state = match total.progress {
                Progress::Planned => "to set",
                other => other.as_str(),
            };
            [
                state.to_owned(),
                count(total.listings),
                count(total.units_off),
                count(total.units_on),
                money(total.revenue_off, total.currency),
                money(total.revenue_on, total.currency),
            ]
        })
        .collect()
}

fn edits_words(edits: i64) -> String {
    format!("{} changed on Etsy by the seller since both sides agreed.", count_of(edits, "listing"))
}

/// The quantities of a shop as text.
pub(super) fn write_quantities(page: &mut Page, totals: &[&QuantityTotal], edits: i64) {
    if !totals.is_empty() {
        let mut table = Table::new([
            "Quantities",
            "listings",
            "units off",
            "units on",
            "worth off",
            "worth on",
        ]);
        for line in lines(totals) {
            table.row(line);
        }
        page.gap();
        page.table(&table);
    }
    if edits > 0 {
        page.gap();
        page.words(&edits_words(edits), "  ", "  ");
    }
}

/// The same for a page.
pub(super) fn quantities_table(totals: &[&QuantityTotal], edits: i64) -> Option<HtmlTable> {
    let mut title = "Quantities: what is taken off sale on Etsy, and put on sale".to_owned();
    if edits > 0 {
        title = format!("{title}. {}", edits_words(edits));
    }
    let columns = ["", ">listings", ">units off", ">units on", ">worth off", ">worth on"];
    let mut table = HtmlTable::wide(title, &columns);
    for line in lines(totals) {
        table.row("", line.into());
    }
    (!totals.is_empty() || edits > 0).then_some(table)
}

/// An offering's quantities in the payload of an action, old and new: `Small 5 → 3`.
pub(super) fn changes(action: &str, payload: &serde_json::Value) -> Vec<String> {
    let set = payload.get("inventory").unwrap_or(payload);
    let is_alone = set
        .get("offerings")
        .and_then(serde_json::Value::as_array)
        .is_some_and(|all| all.len() == 1);
    let number = |offering: &serde_json::Value, side: &str| {
        offering.get(side).and_then(serde_json::Value::as_i64).unwrap_or_default()
    };
    let offerings = set.get("offerings").and_then(serde_json::Value::as_array);
    let mut told: Vec<String> = offerings
        .into_iter()
        .flatten()
        .map(|offering| {
            let text = |field: &str| offering.get(field).and_then(serde_json::Value::as_str);
            let seen = if action == "reactivate_listing" { 0 } else { number(offering, "seen") };
            let numbers = format!("{seen} → {}", number(offering, "wanted"));
            let variant = text("variant_key").filter(|key| !key.is_empty()).map(values_of);
            match variant.or_else(|| text("sku").map(str::to_owned)) {
                Some(name) if !(is_alone && name.is_empty()) => {
                    format!("{} {numbers}", super::words::clipped(&name, 30))
                }
                Some(_) | None => numbers,
            }
        })
        .collect();
    let more = told.len().saturating_sub(OFFERINGS);
    if more > 0 {
        told.truncate(OFFERINGS);
        told.push(format!("and {more} more"));
    }
    told
}

/// How many offerings of a listing a plan names.
const OFFERINGS: usize = 8;

/// The values of a variant without the numbers of their properties: `200=walnut;513=large` is `walnut, large`.
fn values_of(variant_key: &str) -> String {
    variant_key
        .split(';')
        .map(|value| value.split_once('=').map_or(value, |(_, value)| value))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A count in Odoo: `4 → 13`.
pub(super) fn counted(payload: &serde_json::Value) -> String {
    let number = |field: &str| {
        let text = payload.get(field).and_then(serde_json::Value::as_str);
        text.and_then(|text| text.parse::<Decimal>().ok()).unwrap_or_default().normalize()
    };
    let difference = number("counted") - number("seen");
    format!("{} → {} ({})", number("seen"), number("counted"), change(difference))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn old_and_new_stand_side_by_side() {
        let payload = json!({"offerings": [
            {"variant_key": "200=walnut;513=large", "sku": "W-L", "seen": 5, "wanted": 3, "price": "2"},
            {"variant_key": "200=oak", "sku": null, "seen": 1, "wanted": 4, "price": "2"},
        ]});
        assert_eq!(changes("lower_inventory", &payload), ["walnut, large 5 → 3", "oak 1 → 4"]);
        let plain = json!({"inventory": {"offerings": [
            {"variant_key": "", "sku": "CUP", "seen": 7, "wanted": 4, "price": "2"},
        ]}});
        assert_eq!(changes("reactivate_listing", &plain), ["CUP 0 → 4"]);
        assert_eq!(counted(&json!({"seen": "4", "counted": "13.0"})), "4 → 13 (+9)");
    }

    #[test]
    fn a_long_listing_is_cut_short() {
        let offering =
            json!({"variant_key": "", "sku": null, "seen": 5, "wanted": 3, "price": "2"});
        let payload = json!({ "offerings": vec![offering; 20] });
        let told = changes("lower_inventory", &payload);
        assert_eq!((told.len(), told.last().unwrap().as_str()), (9, "and 12 more"));
    }
}
