//! Receipts with their lines.

use std::borrow::Cow;

use super::Kept;
use crate::domain::{Currency, Money, VariantKey};
use crate::etsy::wire::{
    PropertyValue, Receipt, ReceiptStatus, Refund, Transaction, Variation, WireMoney,
};
use crate::stage::binary;
use crate::stage::border::{self, Fault};
use crate::stage::drift::Novelties;
use crate::stage::entity::Entity;
use crate::stage::identity::{PostalAddress, is_readable, normalised_sku, write_product_key};
use crate::stage::sheet::{Sheet, Table};

const COLUMNS: i16 = 34;
const LINE_COLUMNS: i16 = 14;

impl<'text> Kept<'text> for Receipt<'text> {
    const ID: &'static str = "receipt_id";

    fn id(&self) -> i64 {
        self.receipt_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let mark = sheet.mark(Entity::Receipt);
        let currency = border::price("grandtotal", &self.grandtotal)?.currency();
        write_lines(self, currency, sheet)?;
        write_receipt(self, currency, sheet)?;
        let is_cancelled = is_cancelled(self, sheet.origin.is_cancelled);
        sheet.seal(Entity::Receipt, mark);
        // the last column, so that it can be said afterwards: see `Batch`
        binary::go_on(sheet.rows_mut(Table::Receipt)).boolean_or_null(is_cancelled);
        note_novelties(self, &mut sheet.novelties);
        sheet.keep(Entity::Receipt, self.receipt_id, mark, is_cancelled);
        Ok(())
    }
}

/// A status of that name cancels wherever it is read. Otherwise the stream speaks: it was asked for the cancelled ones, or
/// for the others. A receipt that was asked for by its id says nothing else about it, and what was known stays.
fn is_cancelled(receipt: &Receipt<'_>, said_by_stream: Option<bool>) -> Option<bool> {
    if receipt.status() == ReceiptStatus::Canceled { Some(true) } else { said_by_stream }
}

fn write_receipt(
    receipt: &Receipt<'_>,
    currency: Currency,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let fetched_at = sheet.origin.fetched_at;
    let name = border::text("name", &receipt.name)?;
    let address = Address::read(receipt)?;
    let message = border::optional("message_from_buyer", receipt.message_from_buyer.as_ref())?;
    let gift_message = border::optional("gift_message", receipt.gift_message.as_ref())?;
    let gift_sender = border::optional("gift_sender", receipt.gift_sender.as_ref())?;
    let status = border::word("status", &receipt.status)?;
    let created = border::moment("created_timestamp", receipt.created_timestamp, fetched_at)?;
    let updated = border::moment("updated_timestamp", receipt.updated_timestamp, fetched_at)?;
    let amounts = amounts(receipt, currency)?;
    let fingerprint = address.fingerprint(&name, &mut sheet.scratch);
    let shop_id = sheet.origin.shop_id;
    let mut row = sheet.begin(Table::Receipt, COLUMNS);
    row.int8(shop_id);
    row.int8(receipt.receipt_id);
    row.int8(receipt.buyer_user_id);
    row.text(&lower(&status));
    row.boolean(receipt.is_paid);
    row.boolean(receipt.is_shipped);
    row.moment(created);
    row.moment(updated);
    row.text(currency.as_str());
    for amount in amounts {
        row.numeric(amount.minor(), amount.decimals());
    }
    if is_readable(&name) {
        row.text(&clipped(&name));
    } else {
        row.text(&format!("Etsy buyer {}", receipt.buyer_user_id));
    }
    for part in
        [&address.first_line, &address.second_line, &address.city, &address.state, &address.zip]
    {
        row.text_or_null(part.as_deref());
    }
    row.text_or_null(address.country_iso.as_deref());
    row.text_or_null(fingerprint.as_deref());
    row.text_or_null(message.as_deref());
    row.boolean(receipt.is_gift);
    row.text_or_null(gift_message.as_deref());
    row.text_or_null(gift_sender.as_deref());
    Ok(())
}

/// Odoo indexes names, and an index takes no more than 2,700 bytes of a partner's name and that of its parent together.
const LONGEST_NAME: usize = 200;

/// A name as it was written, in one line; one that no label has room for is cut, and says so.
fn clipped(name: &str) -> Cow<'_, str> {
    let is_one_line = !name.contains(char::is_control);
    if is_one_line && name.chars().nth(LONGEST_NAME).is_none() {
        return Cow::Borrowed(name);
    }
    let line = name.replace(char::is_control, " ");
    if line.chars().nth(LONGEST_NAME).is_none() {
        return Cow::Owned(line);
    }
    let mut cut: String = line.chars().take(LONGEST_NAME - 1).collect();
    cut.push('…');
    Cow::Owned(cut)
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        Cow::Owned(word.to_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

/// Grand total, subtotal, prices, shipping, sales tax, VAT, discount, gift wrap, refunds: as the columns are ordered.
fn amounts(receipt: &Receipt<'_>, currency: Currency) -> Result<[Money; 9], Fault> {
    let sure =
        |field: &str, wire: &WireMoney| border::price_in(currency, "the grand total", field, wire);
    let maybe = |field: &str, wire: Option<&WireMoney>| {
        wire.map_or_else(|| Ok(Money::zero(currency)), |wire| sure(field, wire))
    };
    Ok([
        sure("grandtotal", &receipt.grandtotal)?,
        sure("subtotal", &receipt.subtotal)?,
        sure("total_price", &receipt.total_price)?,
        maybe("total_shipping_cost", receipt.total_shipping_cost.as_ref())?,
        maybe("total_tax_cost", receipt.total_tax_cost.as_ref())?,
        maybe("total_vat_cost", receipt.total_vat_cost.as_ref())?,
        maybe("discount_amt", receipt.discount_amt.as_ref())?,
        maybe("gift_wrap_price", receipt.gift_wrap_price.as_ref())?,
        refunded(receipt, currency)?,
    ])
}

fn refunded(receipt: &Receipt<'_>, currency: Currency) -> Result<Money, Fault> {
    let mut sum = Money::zero(currency);
    for (index, Refund { amount, .. }) in receipt.refunds.iter().enumerate() {
        let amount = border::price_in(currency, "the grand total", "amount", amount)
            .map_err(|fault| fault.within(&format!("refunds[{index}]")))?;
        sum = sum
            .checked_add(amount)
            .ok()
            .ok_or_else(|| Fault::new("refunds", "add up to more than can be held"))?;
    }
    Ok(sum)
}

struct Address<'a> {
    first_line: Option<Cow<'a, str>>,
    second_line: Option<Cow<'a, str>>,
    city: Option<Cow<'a, str>>,
    state: Option<Cow<'a, str>>,
    zip: Option<Cow<'a, str>>,
    country_iso: Option<String>,
}

impl<'a> Address<'a> {
    fn read(receipt: &'a Receipt<'_>) -> Result<Self, Fault> {
        Ok(Self {
            first_line: border::optional("first_line", receipt.first_line.as_ref())?,
            second_line: border::optional("second_line", receipt.second_line.as_ref())?,
            city: border::optional("city", receipt.city.as_ref())?,
            state: border::optional("state", receipt.state.as_ref())?,
            zip: border::optional("zip", receipt.zip.as_ref())?,
            country_iso: border::country("country_iso", receipt.country_iso.as_ref())?,
        })
    }

    /// Nothing where Etsy withholds the street: a country, or a town, is no address that a parcel could go to.
    fn fingerprint(&self, name: &str, scratch: &mut String) -> Option<String> {
        (self.first_line.is_some() || self.second_line.is_some()).then(|| {
            let address = PostalAddress {
                name,
                lines: [self.first_line.as_deref(), self.second_line.as_deref()],
                city: self.city.as_deref(),
                state: self.state.as_deref(),
                zip: self.zip.as_deref(),
                country: self.country_iso.as_deref(),
            };
            address.fingerprint(scratch)
        })
    }
}

fn write_lines(receipt: &Receipt<'_>, currency: Currency, sheet: &mut Sheet) -> Result<(), Fault> {
    for (index, line) in receipt.transactions.iter().enumerate() {
        let earlier = receipt.transactions.iter().take(index);
        let written = if earlier.map(|line| line.transaction_id).any(|id| id == line.transaction_id)
        {
            Err(Fault::new("transaction_id", "stands on the receipt twice"))
        } else {
            write_line(receipt, index, line, currency, sheet)
        };
        written.map_err(|fault| fault.within(&format!("transactions[{index}]")))?;
    }
    Ok(())
}

fn write_line(
    receipt: &Receipt<'_>,
    index: usize,
    line: &Transaction<'_>,
    currency: Currency,
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    let quantity = border::quantity("quantity", line.quantity, 1)?;
    let price = border::price_in(currency, "the grand total", "price", &line.price)?;
    let title = border::text("title", &line.title)?;
    let sku = border::optional("sku", line.sku.as_ref())?;
    let sku = normalised_sku(sku.as_deref());
    let mut variant = VariantKey::default();
    if line.product_data.is_empty() {
        // older answers have the properties among the variations only
        for choice in line.variations.iter().filter(|variation| !variation.is_personalisation()) {
            if let Some(property) = choice.property_id {
                let value = border::text("variations", &choice.formatted_value)?;
                variant.add(property, &value);
            }
        }
    } else {
        properties(&mut variant, "product_data", &line.product_data)?;
    }
    let variant = variant.finish();
    let position = i32::try_from(index).unwrap_or(i32::MAX);
    let shop_id = sheet.origin.shop_id;
    let mut scratch = std::mem::take(&mut sheet.scratch);
    let mut row = sheet.begin(Table::Transaction, LINE_COLUMNS);
    row.int8(shop_id);
    row.int8(receipt.receipt_id);
    row.int8(line.transaction_id);
    row.int4(position);
    row.int8_or_null(line.listing_id);
    row.text_or_null(sku);
    scratch.clear();
    write_product_key(&mut scratch, sku, line.listing_id, &variant);
    row.text(&scratch);
    row.text(&variant);
    row.text(if title.is_empty() { "Etsy item" } else { &title });
    words(&mut scratch, ", ", line.variations.iter().filter(|one| !one.is_personalisation()))?;
    row.text(&scratch);
    words(&mut scratch, "\n", line.variations.iter().filter(|one| one.is_personalisation()))?;
    row.text(&scratch);
    row.boolean(line.is_digital);
    row.int4(quantity);
    row.numeric(price.minor(), price.decimals());
    sheet.scratch = scratch;
    Ok(())
}

/// Adds property values to a key.
fn properties(
    key: &mut VariantKey,
    field: &str,
    properties: &[PropertyValue<'_>],
) -> Result<(), Fault> {
    for property in properties.iter().filter(|property| !property.is_personalisation()) {
        add_values(key, field, property.property_id, &property.values)?;
    }
    Ok(())
}

/// Adds the values of one property to a key.
pub(super) fn add_values(
    key: &mut VariantKey,
    field: &str,
    property_id: i64,
    values: &[Cow<'_, str>],
) -> Result<(), Fault> {
    for value in values {
        key.add(property_id, &border::text(field, value)?);
    }
    Ok(())
}

/// What the buyer chose, or wrote, as it reads.
fn words<'a>(
    into: &mut String,
    between: &str,
    variations: impl Iterator<Item = &'a Variation<'a>>,
) -> Result<(), Fault> {
    into.clear();
    for variation in variations {
        let name = border::text("variations", &variation.formatted_name)?;
        let value = border::text("variations", &variation.formatted_value)?;
        if !into.is_empty() {
            into.push_str(between);
        }
        if !name.is_empty() {
            into.push_str(&name);
            into.push_str(": ");
        }
        into.push_str(&value);
    }
    if into.len() > border::LONGEST_TEXT {
        return Err(Fault::new("variations", "are longer together than a text may be"));
    }
    Ok(())
}

fn note_novelties(receipt: &Receipt<'_>, novelties: &mut Novelties) {
    novelties.fields("receipt", &receipt.unknown_fields);
    if receipt.status() == ReceiptStatus::Unknown {
        novelties.word("receipt", "status", &receipt.status);
    }
    for line in &receipt.transactions {
        novelties.fields("transaction", &line.unknown_fields);
        for variation in &line.variations {
            novelties.fields("variation", &variation.unknown_fields);
        }
        for property in &line.product_data {
            novelties.fields("property_value", &property.unknown_fields);
        }
    }
    for refund in &receipt.refunds {
        novelties.fields("refund", &refund.unknown_fields);
    }
}
