//! The shapes in which Etsy answers: every field of the published schema that its answers carry
//! (<https://developers.etsy.com/documentation/reference/>).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use crate::sandbox::world::{Line, PropertyValue, Receipt, Shop};

/// Text with the entities that Etsy leaves in it (<https://github.com/etsy/open-api/issues/446>).
pub(super) fn with_entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

pub(super) fn text(plain: &str, has_entities: bool) -> String {
    if has_entities { with_entities(plain) } else { plain.to_owned() }
}

/// `{amount, divisor, currency_code}`.
#[derive(Serialize, Clone, Copy)]
pub(super) struct Money<'a> {
    amount: i64,
    divisor: i64,
    currency_code: &'a str,
}

/// The unit in which a shop's amounts are written.
#[derive(Clone, Copy)]
pub(super) struct Unit<'a> {
    pub(super) decimals: u8,
    pub(super) code: &'a str,
}

impl<'a> Unit<'a> {
    pub(super) fn of(shop: &'a Shop) -> Self {
        Self { decimals: shop.decimals, code: shop.currency.as_str() }
    }

    pub(super) fn money(self, amount: i64) -> Money<'a> {
        Money { amount, divisor: 10_i64.pow(u32::from(self.decimals)), currency_code: self.code }
    }

    /// Major units as the bare JSON number that Etsy uses for coupons.
    fn number(self, amount: i64) -> f64 {
        Decimal::new(amount, u32::from(self.decimals)).to_f64().unwrap_or_default()
    }
}

/// A page: the count of all that match, and some of them.
#[derive(Serialize)]
pub(super) struct Page<T> {
    pub(super) count: usize,
    pub(super) results: Vec<T>,
}

#[derive(Serialize)]
struct RefundBody<'a> {
    amount: Money<'a>,
    created_timestamp: i64,
    reason: &'a str,
    note_from_issuer: Option<&'a str>,
    status: &'a str,
}

#[derive(Serialize)]
struct ShipmentBody<'a> {
    receipt_shipping_id: i64,
    shipment_notification_timestamp: i64,
    carrier_name: &'a str,
    tracking_code: &'a str,
}

#[derive(Serialize)]
struct Variation<'a> {
    property_id: i64,
    value_id: Option<i64>,
    formatted_name: &'a str,
    formatted_value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    question_id: Option<i64>,
}

/// A property of a variant, in inventories and in the `product_data` of transactions.
#[derive(Serialize)]
pub(super) struct PropertyBody<'a> {
    property_id: i64,
    property_name: &'a str,
    scale_id: Option<i64>,
    scale_name: Option<&'a str>,
    value_ids: &'a [i64],
    values: &'a [String],
}

impl<'a> From<&'a PropertyValue> for PropertyBody<'a> {
    fn from(value: &'a PropertyValue) -> Self {
        Self {
            property_id: value.property_id,
            property_name: &value.property_name,
            scale_id: value.scale_id,
            scale_name: None,
            value_ids: &value.value_ids,
            values: &value.values,
        }
    }
}

/// `ShopReceiptTransaction`.
#[derive(Serialize)]
pub(super) struct TransactionBody<'a> {
    transaction_id: i64,
    title: String,
    description: &'a str,
    seller_user_id: i64,
    buyer_user_id: i64,
    create_timestamp: i64,
    created_timestamp: i64,
    paid_timestamp: Option<i64>,
    shipped_timestamp: Option<i64>,
    quantity: i64,
    listing_image_id: Option<i64>,
    receipt_id: i64,
    is_digital: bool,
    file_data: &'a str,
    listing_id: Option<i64>,
    transaction_type: &'a str,
    product_id: Option<i64>,
    sku: Option<&'a str>,
    price: Money<'a>,
    shipping_cost: Money<'a>,
    variations: Vec<Variation<'a>>,
    product_data: Vec<PropertyBody<'a>>,
    shipping_profile_id: Option<i64>,
    min_processing_days: Option<i64>,
    max_processing_days: Option<i64>,
    shipping_method: Option<&'a str>,
    shipping_upgrade: Option<&'a str>,
    expected_ship_date: Option<i64>,
    buyer_coupon: f64,
    shop_coupon: f64,
}

/// `ShopReceipt`.
#[derive(Serialize)]
pub(super) struct ReceiptBody<'a> {
    receipt_id: i64,
    receipt_type: i64,
    seller_user_id: i64,
    seller_email: &'a str,
    buyer_user_id: i64,
    buyer_email: Option<&'a str>,
    name: String,
    first_line: Option<String>,
    second_line: Option<String>,
    city: Option<String>,
    state: Option<&'a str>,
    zip: Option<&'a str>,
    status: &'a str,
    formatted_address: Option<String>,
    country_iso: Option<&'a str>,
    payment_method: &'a str,
    payment_email: Option<&'a str>,
    message_from_seller: Option<&'a str>,
    message_from_buyer: Option<String>,
    message_from_payment: Option<&'a str>,
    is_paid: bool,
    is_shipped: bool,
    create_timestamp: i64,
    created_timestamp: i64,
    update_timestamp: i64,
    updated_timestamp: i64,
    is_gift: bool,
    gift_message: String,
    gift_sender: String,
    grandtotal: Money<'a>,
    subtotal: Money<'a>,
    total_price: Money<'a>,
    total_shipping_cost: Money<'a>,
    total_tax_cost: Money<'a>,
    total_vat_cost: Money<'a>,
    discount_amt: Money<'a>,
    gift_wrap_price: Money<'a>,
    shipments: Vec<ShipmentBody<'a>>,
    transactions: Vec<TransactionBody<'a>>,
    refunds: Vec<RefundBody<'a>>,
}

/// A receipt as Etsy answers it.
pub(super) fn receipt<'a>(receipt: &'a Receipt, seller: &'a Shop) -> ReceiptBody<'a> {
    let unit = Unit::of(seller);
    let plain = |words: &str| text(words, receipt.has_entities);
    let address = receipt.address.as_ref();
    let is_gift = receipt.gift_message.is_some();
    ReceiptBody {
        receipt_id: receipt.receipt_id.0,
        receipt_type: 0,
        seller_user_id: seller.user_id,
        seller_email: "shop@example.com",
        buyer_user_id: receipt.buyer_user_id,
        buyer_email: None,
        name: plain(&receipt.name),
        first_line: address.map(|address| plain(&address.first_line)),
        second_line: address.and_then(|address| address.second_line.as_deref()).map(plain),
        city: address.map(|address| plain(&address.city)),
        state: address.and_then(|address| address.state.as_deref()),
        zip: address.map(|address| address.zip.as_str()),
        status: receipt.status.word(receipt.is_capitalised),
        formatted_address: formatted_address(receipt),
        country_iso: address.map(|address| address.country_iso.as_str()),
        payment_method: receipt.payment_method,
        payment_email: None,
        message_from_seller: None,
        message_from_buyer: receipt.message_from_buyer.map(plain),
        message_from_payment: None,
        is_paid: receipt.is_paid(),
        is_shipped: receipt.is_shipped(),
        create_timestamp: receipt.created,
        created_timestamp: receipt.created,
        update_timestamp: receipt.updated,
        updated_timestamp: receipt.updated,
        is_gift,
        gift_message: receipt.gift_message.map(plain).unwrap_or_default(),
        gift_sender: if is_gift { plain(&receipt.name) } else { String::new() },
        grandtotal: unit.money(receipt.grandtotal()),
        subtotal: unit.money(receipt.subtotal()),
        total_price: unit.money(receipt.total_price()),
        total_shipping_cost: unit.money(receipt.shipping),
        total_tax_cost: unit.money(receipt.tax),
        total_vat_cost: unit.money(receipt.vat),
        discount_amt: unit.money(receipt.discount()),
        gift_wrap_price: unit.money(receipt.gift_wrap),
        shipments: shipments(receipt),
        transactions: transactions(receipt, seller),
        refunds: refunds(receipt, unit),
    }
}

fn shipments(receipt: &Receipt) -> Vec<ShipmentBody<'_>> {
    receipt
        .shipments
        .iter()
        .map(|shipment| ShipmentBody {
            receipt_shipping_id: shipment.receipt_shipping_id,
            shipment_notification_timestamp: shipment.notified,
            carrier_name: &shipment.carrier_name,
            tracking_code: &shipment.tracking_code,
        })
        .collect()
}

fn refunds<'a>(receipt: &'a Receipt, unit: Unit<'a>) -> Vec<RefundBody<'a>> {
    receipt
        .refunds
        .iter()
        .map(|refund| RefundBody {
            amount: unit.money(refund.amount),
            created_timestamp: refund.created,
            reason: refund.reason,
            note_from_issuer: None,
            status: "SETTLED",
        })
        .collect()
}

/// The lines of a receipt as Etsy answers them.
pub(super) fn transactions<'a>(receipt: &'a Receipt, seller: &'a Shop) -> Vec<TransactionBody<'a>> {
    receipt.lines.iter().map(|line| transaction(line, receipt, seller)).collect()
}

/// A line of a receipt as Etsy answers it.
pub(super) fn transaction<'a>(
    line: &'a Line,
    receipt: &'a Receipt,
    seller: &'a Shop,
) -> TransactionBody<'a> {
    let unit = Unit::of(seller);
    let if_parcel = |days: i64| (!line.is_digital).then_some(days);
    // A deleted listing is answered as null, and has been seen as 0.
    let deleted_listing = (line.transaction_id % 5 == 0).then_some(0);
    TransactionBody {
        transaction_id: line.transaction_id,
        title: text(&line.title, receipt.has_entities),
        description: "Small-batch item. Ships flat.\n\nCare: wipe dry.",
        seller_user_id: seller.user_id,
        buyer_user_id: receipt.buyer_user_id,
        create_timestamp: receipt.created,
        created_timestamp: receipt.created,
        paid_timestamp: receipt.paid,
        shipped_timestamp: receipt.shipped,
        quantity: line.quantity,
        listing_image_id: line.listing_id.map(|listing_id| listing_id + 487_667_344),
        receipt_id: receipt.receipt_id.0,
        is_digital: line.is_digital,
        file_data: "",
        listing_id: line.listing_id.or(deleted_listing),
        transaction_type: "listing",
        product_id: line.product_id,
        sku: line.sku.as_deref(),
        price: unit.money(line.price),
        shipping_cost: unit.money(0),
        variations: variations(line, receipt.has_entities),
        product_data: line.property_values.iter().map(PropertyBody::from).collect(),
        shipping_profile_id: (!line.is_digital).then_some(seller.profiles.shipping),
        min_processing_days: if_parcel(3),
        max_processing_days: if_parcel(5),
        shipping_method: None,
        shipping_upgrade: None,
        expected_ship_date: if_parcel(receipt.created + 432_000),
        buyer_coupon: 0.0,
        shop_coupon: unit.number(line.shop_coupon),
    }
}

fn variations(line: &Line, has_entities: bool) -> Vec<Variation<'_>> {
    let chosen = line.property_values.iter().map(|value| Variation {
        property_id: value.property_id,
        value_id: value.value_ids.first().copied(),
        formatted_name: &value.property_name,
        formatted_value: text(&value.values.join(", "), has_entities),
        question_id: None,
    });
    // Personalisation arrives as a variation of property 54.
    let asked = line.personalization.iter().map(|wish| Variation {
        property_id: 54,
        value_id: None,
        formatted_name: "Personalization",
        formatted_value: text(wish, has_entities),
        question_id: Some(88_001),
    });
    chosen.chain(asked).collect()
}

/// The address as one text, with the gap where a state is missing.
fn formatted_address(receipt: &Receipt) -> Option<String> {
    let address = receipt.address.as_ref()?;
    let second = address.second_line.as_ref().map(|line| format!("{line}\n")).unwrap_or_default();
    let state = address.state.as_deref().unwrap_or_default();
    let whole = format!(
        "{}\n{}\n{second}{}, {state} {}\n{}",
        receipt.name, address.first_line, address.city, address.zip, address.country_iso
    );
    Some(text(&whole, receipt.has_entities))
}
