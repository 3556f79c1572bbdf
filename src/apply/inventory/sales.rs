//! What was sold while quantities were being written.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::apply::etsy_access::{Counter, Halt};
use crate::domain::{VariantKey, Window};
use crate::etsy::wire::{Page, Receipt, ReceiptStatus, Transaction};
use crate::etsy::{InventoryDocument, OFFSET_CEILING, Order, Query, ReceiptQuery, ReceiptTime};

/// Receipts are dated in whole seconds, and one may have been made while an answer was on its way.
const MARGIN: TimeDelta = TimeDelta::seconds(1);

/// Receipts are asked for up to this long after.
const AHEAD: TimeDelta = TimeDelta::hours(1);

/// Units by listing and variant.
#[derive(Debug, Default)]
pub(super) struct Sales(BTreeMap<i64, BTreeMap<String, i64>>);

/// Lines of receipts that have been counted.
#[derive(Debug, Default)]
pub(super) struct Counted(BTreeSet<i64>);

/// What has been sold since a moment and was not counted before, unpaid and all; not what was cancelled again.
pub(super) async fn since(
    counter: &Counter<'_, '_>,
    moment: DateTime<Utc>,
    counted: &mut Counted,
) -> Result<Sales, Halt> {
    let mut sales = Sales::default();
    let mut offset = 0_u16;
    loop {
        let query = Query::Receipts(ReceiptQuery {
            time: ReceiptTime::Created,
            window: Window::new(moment - MARGIN, moment + AHEAD),
            was_canceled: None,
            order: Order::Ascending,
            offset,
        });
        let shop = counter.shop;
        let asked = counter
            .call(async |access, token| access.reader.page(token, shop, &query).await)
            .await?;
        let page = match asked {
            Ok(page) => page,
            Err(error) => return Err(counter.halt(error).await),
        };
        sales.take_in(&page.body, counted);
        offset = offset.saturating_add(u16::try_from(page.rows).unwrap_or(u16::MAX));
        if page.rows == 0 || i32::from(offset) >= page.count || offset > OFFSET_CEILING {
            return Ok(sales);
        }
    }
}

impl Sales {
    /// A row that does not read sells nothing here: the next run sets it aside and says so.
    fn take_in(&mut self, body: &[u8], counted: &mut Counted) {
        let Ok(page) = Page::read(body) else { return };
        for receipt in page.results.into_iter().filter_map(|row| Receipt::read(row).ok()) {
            if receipt.status() == ReceiptStatus::Canceled {
                continue;
            }
            for line in &receipt.transactions {
                let Some(listing) = line.listing_id else { continue };
                if !counted.0.insert(line.transaction_id) {
                    continue;
                }
                let of_listing = self.0.entry(listing).or_default();
                let units = of_listing.entry(variant_key(line)).or_default();
                *units = units.saturating_add(line.quantity.into());
            }
        }
    }

    /// The quantities that offerings of a listing should have, where units were sold that its inventory does not show as
    /// gone: a write that did not know of them has put them on sale again. `written` is what was written, `shown` what
    /// Etsy shows now.
    pub(super) fn corrected(
        &self,
        listing: i64,
        written: &InventoryDocument,
        shown: &InventoryDocument,
    ) -> BTreeMap<String, i32> {
        let Some(sold) = self.0.get(&listing) else { return BTreeMap::new() };
        let keys: BTreeMap<&str, &str> =
            written.offerings().map(|it| (it.variant_key, it.quantity_group)).collect();
        let mut of_group: BTreeMap<&str, i64> = BTreeMap::new();
        for (key, units) in sold {
            // of what is not known, any may have been sold
            let all = keys.values().copied().collect::<BTreeSet<_>>();
            let groups = keys.get(key.as_str()).map_or(all, |group| [*group].into());
            for group in groups {
                let sum = of_group.entry(group).or_default();
                *sum = sum.saturating_add(*units);
            }
        }
        let left: BTreeMap<&str, i32> =
            shown.offerings().map(|it| (it.variant_key, it.quantity)).collect();
        let mut corrected = BTreeMap::new();
        for offered in written.offerings() {
            let Some(sold) = of_group.get(offered.quantity_group) else { continue };
            let left = left.get(offered.variant_key).copied().unwrap_or(offered.quantity);
            let gone = i64::from(offered.quantity.saturating_sub(left).max(0));
            let hidden = sold.saturating_sub(gone);
            if hidden > 0 {
                let hidden = i32::try_from(hidden).unwrap_or(i32::MAX);
                corrected
                    .insert(offered.variant_key.to_owned(), left.saturating_sub(hidden).max(0));
            }
        }
        corrected
    }
}

fn variant_key(line: &Transaction<'_>) -> String {
    let mut key = VariantKey::default();
    if line.product_data.is_empty() {
        for choice in line.variations.iter().filter(|choice| !choice.is_personalisation()) {
            if let Some(property) = choice.property_id {
                key.add(property, &choice.formatted_value);
            }
        }
    } else {
        for property in line.product_data.iter().filter(|it| !it.is_personalisation()) {
            property.values.iter().for_each(|value| key.add(property.property_id, value));
        }
    }
    key.finish()
}
