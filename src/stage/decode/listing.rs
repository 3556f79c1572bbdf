//! Listings and what they offer. An inventory is the same whether it comes within its listing or apart from it.

use super::Kept;
use super::receipt::add_values;
use crate::domain::{Currency, VariantKey};
use crate::etsy::wire::{Inventory, Listing, ListingInventory, Offering, Product};
use crate::stage::border::{self, Fault};
use crate::stage::drift::Novelties;
use crate::stage::entity::Entity;
use crate::stage::identity::{normalised_sku, write_product_key};
use crate::stage::sheet::{Sheet, Table};

const COLUMNS: i16 = 13;
const INVENTORY_COLUMNS: i16 = 7;
const OFFERING_COLUMNS: i16 = 12;

/// The states that the reference lists, and `edit`, which Etsy writes for some inactive ones.
const STATES: &[&str] = &["active", "inactive", "sold_out", "draft", "expired", "edit"];

const TYPES: &[&str] = &["physical", "download", "both"];

impl<'text> Kept<'text> for Listing<'text> {
    const ID: &'static str = "listing_id";

    fn id(&self) -> i64 {
        self.listing_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let within = sheet.mark(Entity::Inventory);
        let mark = sheet.mark(Entity::Listing);
        let price = border::price("price", &self.price)?;
        write_listing(self, sheet)?;
        sheet.seal(Entity::Listing, mark);
        if let Some(inventory) = &self.inventory {
            let currency = Some(price.currency());
            if let Err(fault) = write_inventory(self.listing_id, inventory, currency, sheet) {
                sheet.take_back(Entity::Inventory, within);
                return Err(fault.within("inventory"));
            }
        }
        let novelties = &mut sheet.novelties;
        novelties.fields("listing", &self.unknown_fields);
        if !STATES.iter().any(|known| known.eq_ignore_ascii_case(&self.state)) {
            novelties.word("listing", "state", &self.state);
        }
        if let Some(kind) = &self.listing_type
            && !TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind))
        {
            novelties.word("listing", "listing_type", kind);
        }
        sheet.keep(Entity::Listing, self.listing_id, mark, None);
        Ok(())
    }
}

fn write_listing(listing: &Listing<'_>, sheet: &mut Sheet) -> Result<(), Fault> {
    let price = border::price("price", &listing.price)?;
    let title = border::text("title", &listing.title)?;
    let state = border::word("state", &listing.state)?.to_lowercase();
    if state.is_empty() {
        return Err(Fault::new("state", "missing"));
    }
    if let Some(kind) = &listing.listing_type {
        border::word("listing_type", kind)?;
    }
    let description = listing.description.as_deref().unwrap_or_default();
    let quantity = border::quantity("quantity", listing.quantity, 0)?;
    let updated =
        border::moment("updated_timestamp", listing.updated_timestamp, sheet.origin.fetched_at)?;
    let shop_id = sheet.origin.shop_id;
    let mut words = std::mem::take(&mut sheet.scratch);
    border::prose(description, &mut words);
    let mut row = sheet.begin(Table::Listing, COLUMNS);
    row.int8(shop_id);
    row.int8(listing.listing_id);
    row.text(if state == "edit" { "inactive" } else { &state });
    if title.is_empty() {
        row.text(&format!("Listing {}", listing.listing_id));
    } else {
        row.text(&title);
    }
    row.boolean(listing.is_digital());
    row.int4(quantity);
    row.text(price.currency().as_str());
    row.numeric(price.minor(), price.decimals());
    row.moment(updated);
    row.text(&words);
    sheet.scratch = words;
    Ok(())
}

impl<'text> Kept<'text> for ListingInventory<'text> {
    const ID: &'static str = "listing_id";

    fn id(&self) -> i64 {
        self.listing_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        write_inventory(self.listing_id, &self.inventory, None, sheet)
            .map_err(|fault| fault.within("inventory"))?;
        sheet.novelties.fields("listing", &self.unknown_fields);
        Ok(())
    }
}

/// All prices of an inventory are in one currency: its listing's, where that is known.
fn write_inventory(
    listing_id: i64,
    inventory: &Inventory<'_>,
    listed_in: Option<Currency>,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let mark = sheet.mark(Entity::Inventory);
    let mut currency = listed_in;
    for (index, product) in inventory.products.iter().enumerate() {
        let offering = product.living_offerings().next();
        let Some(offering) = offering.filter(|_| !product.is_deleted) else { continue };
        let settled = *currency.get_or_insert(offering.price.currency_code);
        let group = group_of(product, &inventory.quantity_on_property)?;
        write_offering(listing_id, product, offering, settled, &group, sheet)
            .map_err(|fault| fault.within(&format!("products[{index}]")))?;
    }
    let shop_id = sheet.origin.shop_id;
    let mut row = sheet.begin(Table::Inventory, INVENTORY_COLUMNS);
    row.int8(shop_id);
    row.int8(listing_id);
    row.text_or_null(currency.as_ref().map(Currency::as_str));
    row.text_or_null(inventory.fault().as_deref());
    sheet.seal(Entity::Inventory, mark);
    note_novelties(inventory, &mut sheet.novelties);
    sheet.keep(Entity::Inventory, listing_id, mark, None);
    Ok(())
}

fn write_offering(
    listing_id: i64,
    product: &Product<'_>,
    offering: &Offering<'_>,
    currency: Currency,
    group: &str,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let sku = border::optional("sku", product.sku.as_ref())?;
    let sku = normalised_sku(sku.as_deref());
    let variant = key_on(product, |_| true)?;
    let mut words = String::new();
    for value in product.property_values.iter().flat_map(|property| &property.values) {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(&border::text("property_values", value)?);
    }
    let quantity = border::quantity("quantity", offering.quantity, 0)
        .map_err(|fault| fault.within("offerings"))?;
    let price = border::price_in(currency, "its listing", "price", &offering.price)
        .map_err(|fault| fault.within("offerings"))?;
    let mut product_key = String::new();
    write_product_key(&mut product_key, sku, Some(listing_id), &variant);
    let shop_id = sheet.origin.shop_id;
    let mut row = sheet.begin(Table::Offering, OFFERING_COLUMNS);
    row.int8(shop_id);
    row.int8(listing_id);
    row.text(&variant);
    row.text(&product_key);
    row.text_or_null(sku);
    row.text(&words);
    row.int4(quantity);
    row.numeric(price.minor(), price.decimals());
    row.boolean(offering.is_enabled);
    row.int8(product.product_id);
    row.int8(offering.offering_id);
    row.text(group);
    Ok(())
}

/// The values on the properties on which quantities depend: products that share them share the quantity.
fn group_of(product: &Product<'_>, quantity_on_property: &[i64]) -> Result<String, Fault> {
    if quantity_on_property.is_empty() {
        return Ok(String::new());
    }
    key_on(product, |property| quantity_on_property.contains(&property))
}

fn key_on(product: &Product<'_>, is_meant: impl Fn(i64) -> bool) -> Result<String, Fault> {
    let mut key = VariantKey::default();
    for property in product.property_values.iter().filter(|property| !property.is_personalisation())
    {
        if is_meant(property.property_id) {
            add_values(&mut key, "property_values", property.property_id, &property.values)?;
        }
    }
    Ok(key.finish())
}

fn note_novelties(inventory: &Inventory<'_>, novelties: &mut Novelties) {
    novelties.fields("inventory", &inventory.unknown_fields);
    for product in &inventory.products {
        novelties.fields("product", &product.unknown_fields);
        for offering in &product.offerings {
            novelties.fields("offering", &offering.unknown_fields);
        }
        for property in &product.property_values {
            novelties.fields("property_value", &property.unknown_fields);
        }
    }
}
