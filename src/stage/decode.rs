//! From a row of a page to the row that is kept. Every field is checked on the way in; what fails names its field.

use html_escape::decode_html_entities;
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_64;

use super::identity::{address_fingerprint, normalised_sku, product_key, variant_key};
use super::rows::{ListingRow, OfferingRow, ReceiptRow, TransactionRow};
use crate::domain::{Currency, Money};
use crate::etsy::wire::{
    Listing, Offering, Product, PropertyValue, Receipt, ReceiptStatus, Transaction, Unreadable,
    WireMoney,
};

/// Longer texts than this are not what a person wrote.
const LONGEST_TEXT: usize = 20_000;

/// A field that cannot be staged, and why. It never repeats the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: String,
    pub(super) reason: String,
}

impl Fault {
    fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Self {
        Self { field: unreadable.field, reason: unreadable.reason }
    }
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) shop_id: i64,
    pub(super) page_id: i64,
    pub(super) run_id: i64,
    /// Whether the page is of the stream of cancelled receipts.
    pub(super) is_cancelled_stream: bool,
}

/// A hash of a row as received, and of the stream it came in: a receipt that moves to the cancelled ones has changed.
fn content_hash(row: &RawValue, origin: Origin) -> i64 {
    let hash = xxh3_64(row.get().as_bytes()) ^ u64::from(origin.is_cancelled_stream);
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// Text as the database takes it: HTML entities decoded once (<https://github.com/etsy/open-api/issues/446>; the page keeps
/// the raw text), no NUL, of a length that a person could have written.
fn text(field: &str, raw: &str) -> Result<String, Fault> {
    if raw.contains('\0') {
        return Err(Fault::new(field, "holds a NUL byte"));
    }
    if raw.len() > LONGEST_TEXT {
        return Err(Fault::new(field, format!("is longer than {LONGEST_TEXT} bytes")));
    }
    Ok(decode_html_entities(raw).replace('\0', "").trim().to_owned())
}

fn optional(field: &str, raw: Option<&String>) -> Result<Option<String>, Fault> {
    let decoded = raw.map(|raw| text(field, raw)).transpose()?;
    Ok(decoded.filter(|text| !text.is_empty()))
}

fn money(field: &str, wire: &WireMoney) -> Result<Money, Fault> {
    wire.money().map_err(|error| Fault::new(field, error.to_string()))
}

/// Amounts of one receipt, all in its currency.
struct Amounts(Currency);

impl Amounts {
    fn read(&self, field: &str, wire: &WireMoney) -> Result<Decimal, Fault> {
        let money = money(field, wire)?;
        if money.currency() != self.0 {
            return Err(Fault::new(
                field,
                format!("is in {}, and the grand total is in {}", money.currency(), self.0),
            ));
        }
        Ok(money.to_decimal())
    }

    fn not_negative(&self, field: &str, wire: Option<&WireMoney>) -> Result<Decimal, Fault> {
        let Some(wire) = wire else { return Ok(Decimal::ZERO) };
        let amount = self.read(field, wire)?;
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(Fault::new(field, "is negative"));
        }
        Ok(amount)
    }
}

/// A receipt as it is kept.
pub(super) fn receipt(row: &RawValue, origin: Origin) -> Result<ReceiptRow, Fault> {
    let receipt = Receipt::read(row)?;
    let amounts = Amounts(money("grandtotal", &receipt.grandtotal)?.currency());
    let address = Address::read(&receipt)?;
    let status = receipt.status();
    let mut refunded = Decimal::ZERO;
    for refund in &receipt.refunds {
        let amount = amounts.not_negative("refunds.amount", Some(&refund.amount))?;
        refunded = refunded
            .checked_add(amount)
            .ok_or_else(|| Fault::new("refunds", "add up to more than can be held"))?;
    }
    let name = text("name", &receipt.name)?;
    let transactions = receipt
        .transactions
        .iter()
        .enumerate()
        .map(|(index, line)| transaction(index, line, &amounts))
        .collect::<Result<_, _>>()?;
    Ok(ReceiptRow {
        shop_id: origin.shop_id,
        receipt_id: receipt.receipt_id.0,
        buyer_user_id: receipt.buyer_user_id,
        status: text("status", &receipt.status)?.to_lowercase(),
        is_paid: receipt.is_paid,
        is_shipped: receipt.is_shipped,
        is_cancelled: origin.is_cancelled_stream || status == ReceiptStatus::Canceled,
        created_at: receipt.created_timestamp,
        updated_at: receipt.updated_timestamp,
        currency: amounts.0.to_string(),
        grandtotal: amounts.not_negative("grandtotal", Some(&receipt.grandtotal))?,
        subtotal: amounts.not_negative("subtotal", Some(&receipt.subtotal))?,
        total_price: amounts.not_negative("total_price", Some(&receipt.total_price))?,
        shipping: amounts
            .not_negative("total_shipping_cost", receipt.total_shipping_cost.as_ref())?,
        sales_tax: amounts.not_negative("total_tax_cost", receipt.total_tax_cost.as_ref())?,
        vat: amounts.not_negative("total_vat_cost", receipt.total_vat_cost.as_ref())?,
        discount: amounts.not_negative("discount_amt", receipt.discount_amt.as_ref())?,
        gift_wrap: amounts.not_negative("gift_wrap_price", receipt.gift_wrap_price.as_ref())?,
        refunded,
        name: if name.is_empty() { format!("Etsy buyer {}", receipt.buyer_user_id) } else { name },
        address_fingerprint: address.fingerprint(&receipt.name),
        first_line: address.first_line,
        second_line: address.second_line,
        city: address.city,
        state: address.state,
        zip: address.zip,
        country_iso: address.country_iso,
        message_from_buyer: optional("message_from_buyer", receipt.message_from_buyer.as_ref())?,
        content_hash: content_hash(row, origin),
        page_id: origin.page_id,
        changed_in_run: origin.run_id,
        transactions,
    })
}

struct Address {
    first_line: Option<String>,
    second_line: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    country_iso: Option<String>,
}

impl Address {
    fn read(receipt: &Receipt) -> Result<Self, Fault> {
        Ok(Self {
            first_line: optional("first_line", receipt.first_line.as_ref())?,
            second_line: optional("second_line", receipt.second_line.as_ref())?,
            city: optional("city", receipt.city.as_ref())?,
            state: optional("state", receipt.state.as_ref())?,
            zip: optional("zip", receipt.zip.as_ref())?,
            country_iso: optional("country_iso", receipt.country_iso.as_ref())?
                .map(|code| code.to_uppercase()),
        })
    }

    /// The recipient's name is part of it: two people at one address are two labels. Nothing where Etsy withholds the
    /// street and the town.
    fn fingerprint(&self, name: &str) -> Option<String> {
        (self.first_line.is_some() || self.city.is_some()).then(|| {
            address_fingerprint(&[
                Some(name),
                self.first_line.as_deref(),
                self.second_line.as_deref(),
                self.city.as_deref(),
                self.state.as_deref(),
                self.zip.as_deref(),
                self.country_iso.as_deref(),
            ])
        })
    }
}

fn transaction(
    index: usize,
    line: &Transaction,
    amounts: &Amounts,
) -> Result<TransactionRow, Fault> {
    let field = |name: &str| format!("transactions[{index}].{name}");
    if line.quantity <= 0 {
        return Err(Fault::new(field("quantity"), "is not above 0"));
    }
    let title = text(&field("title"), &line.title)?;
    let sku = normalised_sku(optional(&field("sku"), line.sku.as_ref())?.as_deref());
    let variant = variant_key_of(line);
    let (variations, personalisation) = words(&field("variations"), line)?;
    Ok(TransactionRow {
        transaction_id: line.transaction_id,
        position: i32::try_from(index).unwrap_or(i32::MAX),
        listing_id: line.listing_id,
        product_key: product_key(sku.as_deref(), line.listing_id, &variant),
        sku,
        variant_key: variant,
        title: if title.is_empty() { "Etsy item".to_owned() } else { title },
        variations,
        personalisation,
        is_digital: line.is_digital,
        quantity: line.quantity,
        price: amounts.not_negative(&field("price"), Some(&line.price))?,
    })
}

/// The properties of the product that was sold; older answers have them among the variations only.
fn variant_key_of(line: &Transaction) -> String {
    if line.product_data.is_empty() {
        return variant_key(
            line.variations.iter().filter(|variation| !variation.is_personalisation()).filter_map(
                |variation| Some((variation.property_id?, variation.formatted_value.as_str())),
            ),
        );
    }
    properties_key(&line.product_data)
}

fn properties_key(properties: &[PropertyValue]) -> String {
    variant_key(properties.iter().filter(|property| !property.is_personalisation()).flat_map(
        |property| property.values.iter().map(move |value| (property.property_id, value.as_str())),
    ))
}

/// What the buyer chose, and what the buyer wrote.
fn words(field: &str, line: &Transaction) -> Result<(String, String), Fault> {
    let (mut chosen, mut written) = (Vec::new(), Vec::new());
    for variation in &line.variations {
        let name = text(field, &variation.formatted_name)?;
        let value = text(field, &variation.formatted_value)?;
        let words = if name.is_empty() { value } else { format!("{name}: {value}") };
        if variation.is_personalisation() { written.push(words) } else { chosen.push(words) }
    }
    Ok((chosen.join(", "), written.join("\n")))
}

/// A listing as it is kept.
pub(super) fn listing(row: &RawValue, origin: Origin) -> Result<ListingRow, Fault> {
    let listing = Listing::read(row)?;
    let price = money("price", &listing.price)?;
    let title = text("title", &listing.title)?;
    let is_digital = listing.is_digital();
    let offerings = listing
        .inventory
        .iter()
        .flat_map(|inventory| &inventory.products)
        .filter(|product| !product.is_deleted)
        .filter_map(|product| {
            let offering = product.offerings.iter().find(|offering| !offering.is_deleted)?;
            Some(offering_row(listing.listing_id, product, offering))
        })
        .collect::<Result<_, _>>()?;
    Ok(ListingRow {
        shop_id: origin.shop_id,
        listing_id: listing.listing_id,
        // Etsy writes `edit` for some inactive listings
        state: match listing.state.to_lowercase().as_str() {
            "edit" => "inactive".to_owned(),
            other => text("state", other)?,
        },
        title: if title.is_empty() { format!("Listing {}", listing.listing_id) } else { title },
        is_digital,
        quantity: listing.quantity,
        currency: price.currency().to_string(),
        price: price.to_decimal(),
        updated_at: listing.updated_timestamp,
        content_hash: content_hash(row, origin),
        page_id: origin.page_id,
        changed_in_run: origin.run_id,
        offerings,
    })
}

fn offering_row(
    listing_id: i64,
    product: &Product,
    offering: &Offering,
) -> Result<OfferingRow, Fault> {
    let sku = normalised_sku(optional("inventory.products.sku", product.sku.as_ref())?.as_deref());
    let variant = properties_key(&product.property_values);
    let mut words = Vec::new();
    for property in &product.property_values {
        for value in &property.values {
            words.push(text("inventory.products.property_values", value)?);
        }
    }
    if offering.quantity < 0 {
        return Err(Fault::new("inventory.products.offerings.quantity", "is negative"));
    }
    Ok(OfferingRow {
        product_key: product_key(sku.as_deref(), Some(listing_id), &variant),
        variant_key: variant,
        sku,
        variations: words.join(", "),
        quantity: offering.quantity,
        price: money("inventory.products.offerings.price", &offering.price)?.to_decimal(),
        is_enabled: offering.is_enabled,
        etsy_product_id: product.product_id,
        etsy_offering_id: offering.offering_id,
    })
}

#[cfg(test)]
mod tests;
