//! Listings as Etsy shows them now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::apply::etsy_access::{Counter, Halt};
use crate::etsy::wire::{Inventory, Listing, Page, Product};
use crate::etsy::{EtsyError, InventoryDocument, Query, RawPage};

/// One listing as Etsy shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// In Etsy's words; `edit` is `inactive` (<https://github.com/etsy/open-api/issues/473>).
    pub(super) state: String,
    pub(super) updated_at: DateTime<Utc>,
    /// What it offers, or why that cannot be written back.
    pub(super) inventory: Result<InventoryDocument, String>,
    /// All of them are others after a write.
    pub(super) offering_ids: BTreeSet<i64>,
    pub(super) is_digital: bool,
}

/// Listings that were read at one time. Those that Etsy does not know are not there.
#[derive(Debug)]
pub(super) struct Shelf {
    /// What is shown is no older.
    pub(super) asked_at: DateTime<Utc>,
    pub(super) listings: BTreeMap<i64, Shown>,
}

/// Reads some listings with their inventories. One that Etsy does not know fails the call for all, so the call is halved
/// until the unknown ones stand alone.
pub(super) async fn read(counter: &Counter<'_, '_>, listing_ids: &[i64]) -> Result<Shelf, Halt> {
    let mut shelf = Shelf { asked_at: DateTime::<Utc>::MAX_UTC, listings: BTreeMap::new() };
    let mut waiting = vec![listing_ids.to_vec()];
    while let Some(mut ids) = waiting.pop() {
        if ids.is_empty() {
            continue;
        }
        match page(counter, &Query::Inventory(ids.clone())).await? {
            Ok(page) => {
                shelf.asked_at = shelf.asked_at.min(page.asked_at);
                take_in(&mut shelf, &page);
            }
            Err(EtsyError::Refused { status: 404, .. }) => {
                let later = ids.split_off(ids.len() / 2);
                if !ids.is_empty() {
                    waiting.extend([later, ids]);
                }
            }
            Err(error) => return Err(counter.halt(error).await),
        }
    }
    see_readiness(counter, &mut shelf).await?;
    Ok(shelf)
}

async fn page(
    counter: &Counter<'_, '_>,
    query: &Query,
) -> Result<Result<RawPage, EtsyError>, Halt> {
    let shop = counter.shop;
    counter.call(async |access, token| access.reader.page(token, shop, query).await).await
}

fn take_in(shelf: &mut Shelf, page: &RawPage) {
    let Ok(rows) = Page::read(&page.body) else { return };
    for row in rows.results {
        let Some(id) = Listing::id_of(row) else { continue };
        if let Ok(listing) = Listing::read(row) {
            shelf.listings.insert(id, Shown::of(&listing));
        }
    }
}

/// The batch may not tell the processing profiles of things that are shipped; an inventory that is asked for alone does
/// (<https://developers.etsy.com/documentation/reference/#operation/updateListingInventory>). To write one back without
/// its profiles would take them away.
async fn see_readiness(counter: &Counter<'_, '_>, shelf: &mut Shelf) -> Result<(), Halt> {
    for (id, shown) in &mut shelf.listings {
        let lacks = |shown: &Shown| {
            !shown.is_digital
                && shown.inventory.as_ref().is_ok_and(InventoryDocument::lacks_readiness)
        };
        if !lacks(shown) {
            continue;
        }
        match page(counter, &Query::ListingInventory(*id)).await? {
            Ok(page) => {
                let read = serde_json::from_slice::<Inventory<'_>>(&page.body);
                shown.inventory = match read {
                    Ok(inventory) => {
                        shown.offering_ids = offering_ids(&inventory);
                        InventoryDocument::read(&inventory).map_err(|fault| fault.to_string())
                    }
                    Err(_) => Err("Etsy's answer about it does not read".to_owned()),
                };
            }
            Err(EtsyError::Refused { status: 404, .. }) => {}
            Err(error) => return Err(counter.halt(error).await),
        }
        // an active listing without profiles has none; of one that is off sale nobody says
        if lacks(shown) && shown.state != "active" {
            shown.inventory =
                Err("Etsy does not show its processing profiles while it is off sale".to_owned());
        }
    }
    Ok(())
}

fn offering_ids(inventory: &Inventory<'_>) -> BTreeSet<i64> {
    let products = inventory.living_products();
    products.flat_map(Product::living_offerings).map(|it| it.offering_id).collect()
}

impl Shown {
    fn of(listing: &Listing<'_>) -> Self {
        let state = listing.state.to_lowercase();
        let inventory = match &listing.inventory {
            Some(inventory) => {
                InventoryDocument::read(inventory).map_err(|fault| fault.to_string())
            }
            None => Err("Etsy shows no inventory of it".to_owned()),
        };
        Self {
            state: if state == "edit" { "inactive".to_owned() } else { state },
            updated_at: listing.updated_timestamp,
            inventory,
            offering_ids: listing.inventory.as_ref().map(offering_ids).unwrap_or_default(),
            is_digital: listing.is_digital(),
        }
    }

    /// A listing of some sizes, with so many of each.
    #[cfg(test)]
    pub(super) fn of_sizes(state: &str, updated_at: DateTime<Utc>, quantities: &[i32]) -> Self {
        let products: Vec<serde_json::Value> = (0_i64..)
            .zip(quantities)
            .map(|(size, quantity)| {
                serde_json::json!({
                    "product_id": size + 1, "sku": "", "is_deleted": false,
                    "offerings": [{
                        "offering_id": size + 1, "quantity": quantity, "is_enabled": true, "is_deleted": false,
                        "price": {"amount": 5, "divisor": 1, "currency_code": "JPY"}, "readiness_state_id": 3
                    }],
                    "property_values": [{
                        "property_id": 513, "property_name": "Size", "scale_id": null, "scale_name": null,
                        "value_ids": [size + 1], "values": [size.to_string()]
                    }]
                })
            })
            .collect();
        let inventory = serde_json::json!({"products": products, "quantity_on_property": [513]});
        let text = inventory.to_string();
        let inventory: Inventory<'_> = serde_json::from_str(&text).unwrap();
        Self {
            state: state.to_owned(),
            updated_at,
            inventory: InventoryDocument::read(&inventory).map_err(|fault| fault.to_string()),
            offering_ids: offering_ids(&inventory),
            is_digital: false,
        }
    }

    /// How many of each offering buyers can choose are for sale; nothing when that does not read.
    pub(super) fn quantities(&self) -> BTreeMap<&str, i32> {
        let documents = self.inventory.iter();
        documents
            .flat_map(InventoryDocument::offerings)
            .filter(|offered| offered.is_enabled)
            .map(|offered| (offered.variant_key, offered.quantity))
            .collect()
    }
}
