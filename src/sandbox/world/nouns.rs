//! What the world is made of. Text is kept as people wrote it; the entities that Etsy puts into it are added when it
//! is answered, for the receipts and listings that are marked so.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::domain::{Currency, ReceiptId, ShopId};

/// Seconds that Etsy runs a listing before it expires.
pub(crate) const LISTING_RUNS: i64 = 120 * 86_400;

/// A shop, its owner and the tokens it starts with.
pub struct Shop {
    /// Etsy's `shop_id`.
    pub shop_id: ShopId,
    /// The `user_id` of the owner, the prefix of the tokens.
    pub user_id: i64,
    /// `shop_name`: letters and digits only.
    pub name: String,
    /// The title on the shop's page.
    pub title: String,
    /// The currency of its listings and receipts.
    pub currency: Currency,
    /// Decimals of that currency: 0 for yen, 2 for all others.
    pub decimals: u8,
    /// The ISO code of the country that it ships from.
    pub country_iso: &'static str,
    /// When it opened, before any receipt.
    pub created: DateTime<Utc>,
    /// A token that is valid from the start of the server until it expires.
    pub access_token: SecretString,
    /// A refresh token that is valid until it is used.
    pub refresh_token: SecretString,
    pub(crate) profiles: Profiles,
}

/// The ids of the shop's settings that its listings refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Profiles {
    pub(crate) shipping: i64,
    pub(crate) return_policy: i64,
    pub(crate) readiness_state: i64,
}

/// An SKU as Odoo knows it at the start: its price and name agree with Etsy's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueItem {
    /// The `default_code`.
    pub sku: String,
    /// The listing's title and, for a variant, its values.
    pub name: String,
    /// The sales price in minor units.
    pub price_minor: i64,
    /// Decimals of the currency.
    pub decimals: u8,
    /// The ISO code of the currency of the price.
    pub currency: String,
    /// Units on hand; 0 for digital goods.
    pub on_hand: i64,
    /// Whether it is a download, which has no stock.
    pub is_digital: bool,
    /// An EAN-13, for most.
    pub barcode: Option<String>,
}

/// Where a listing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListingState {
    Active,
    Inactive,
    SoldOut,
    Draft,
    Expired,
    /// Deleted by the seller: only the receipts remember it, and not by its id.
    Removed,
}

impl ListingState {
    /// The word that Etsy has for it; nothing for a listing that Etsy no longer shows.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::Active => Some("active"),
            Self::Inactive => Some("inactive"),
            Self::SoldOut => Some("sold_out"),
            Self::Draft => Some("draft"),
            Self::Expired => Some("expired"),
            Self::Removed => None,
        }
    }
}

/// One value of one property of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PropertyValue {
    pub(crate) property_id: i64,
    pub(crate) property_name: String,
    pub(crate) scale_id: Option<i64>,
    pub(crate) value_ids: Vec<i64>,
    pub(crate) values: Vec<String>,
}

/// A variant of a listing with its one offering.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    /// Etsy's `product_id`, until the next write of the inventory.
    pub(crate) id: i64,
    /// The id it had when the older receipts were made.
    pub(crate) earlier_id: i64,
    pub(crate) offering_id: i64,
    pub(crate) sku: String,
    pub(crate) property_values: Vec<PropertyValue>,
    pub(crate) quantity: i64,
    pub(crate) price: i64,
    pub(crate) is_enabled: bool,
    pub(crate) readiness_state_id: Option<i64>,
}

/// The properties on which price, quantity, SKU and processing profile vary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OnProperty {
    pub(crate) price: Vec<i64>,
    pub(crate) quantity: Vec<i64>,
    pub(crate) sku: Vec<i64>,
    pub(crate) readiness_state: Vec<i64>,
}

/// Something that a shop sells.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    /// Etsy's `listing_id`.
    pub(crate) id: i64,
    /// Its place in the list of shops.
    pub(crate) shop: usize,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) state: ListingState,
    pub(crate) is_digital: bool,
    pub(crate) is_personalizable: bool,
    /// Whether Etsy answers its text with HTML entities.
    pub(crate) has_entities: bool,
    pub(crate) on_property: OnProperty,
    pub(crate) products: Vec<Product>,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) state_changed: i64,
    pub(crate) ending: i64,
}

impl Listing {
    /// The sum over its offerings.
    pub(crate) fn quantity(&self) -> i64 {
        self.products.iter().map(|product| product.quantity).sum()
    }

    /// When it was last put up or renewed.
    pub(crate) fn renewed(&self) -> i64 {
        self.ending - LISTING_RUNS
    }

    /// Takes sold units from a variant, and from those that share its quantity.
    pub(crate) fn take(&mut self, product_id: i64, units: i64) {
        let Some(sold) = self.products.iter().find(|product| product.id == product_id) else {
            return;
        };
        let shared = values_on(&sold.property_values, &self.on_property.quantity);
        for product in &mut self.products {
            if values_on(&product.property_values, &self.on_property.quantity) == shared {
                product.quantity = (product.quantity - units).max(0);
            }
        }
    }
}

/// The values that a variant has on these properties, as ids and words.
pub(crate) fn values_on(
    values: &[PropertyValue],
    properties: &[i64],
) -> Vec<(i64, Vec<i64>, Vec<String>)> {
    values
        .iter()
        .filter(|value| properties.contains(&value.property_id))
        .map(|value| (value.property_id, value.value_ids.clone(), value.values.clone()))
        .collect()
}

/// A delivery address.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub first_line: String,
    /// Flat, floor.
    pub second_line: Option<String>,
    /// Town.
    pub city: String,
    /// State or province, where the country has them.
    pub state: Option<String>,
    /// Post code; empty where there are none.
    pub zip: String,
    /// The ISO code of the country.
    pub country_iso: String,
}

/// Where a receipt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptStatus {
    /// Waiting for a payment outside Etsy.
    Open,
    /// Klarna has not settled it yet; it is not paid.
    PaymentProcessing,
    /// Paid, not shipped.
    Paid,
    /// Paid and shipped.
    Completed,
    /// Cancelled; refunded in full if it was paid.
    Canceled,
    /// All the money went back.
    FullyRefunded,
    /// Some of the money went back.
    PartiallyRefunded,
}

impl ReceiptStatus {
    /// Etsy's word, as documented and as it is sometimes seen
    /// (<https://github.com/etsy/open-api/issues/469>).
    pub fn word(self, is_capitalised: bool) -> &'static str {
        match (self, is_capitalised) {
            (Self::Open, false) => "open",
            (Self::Open, true) => "Open",
            (Self::PaymentProcessing, false) => "payment processing",
            (Self::PaymentProcessing, true) => "Payment Processing",
            (Self::Paid, false) => "paid",
            (Self::Paid, true) => "Paid",
            (Self::Completed, false) => "completed",
            (Self::Completed, true) => "Completed",
            (Self::Canceled, false) => "canceled",
            (Self::Canceled, true) => "Canceled",
            (Self::FullyRefunded, false) => "fully refunded",
            (Self::FullyRefunded, true) => "Fully Refunded",
            (Self::PartiallyRefunded, false) => "partially refunded",
            (Self::PartiallyRefunded, true) => "Partially Refunded",
        }
    }
}

/// One line of a receipt: what was sold, as it was when it was sold.
#[derive(Clone)]
pub struct Line {
    /// Etsy's `transaction_id`.
    pub transaction_id: i64,
    /// The listing's title.
    pub title: String,
    /// The listing, nothing if it was deleted since.
    pub listing_id: Option<i64>,
    /// The product as sold, nothing if the listing was deleted since.
    pub product_id: Option<i64>,
    /// The SKU; empty if the product had none, nothing if the listing was deleted since.
    pub sku: Option<String>,
    /// Units.
    pub quantity: i64,
    /// The price of one, in minor units.
    pub price: i64,
    /// The part of the receipt's discount that falls on this line, in minor units.
    pub shop_coupon: i64,
    /// Whether it is a download.
    pub is_digital: bool,
    /// What the buyer asked to have engraved, printed, sewn.
    pub personalization: Option<String>,
    pub(crate) property_values: Vec<PropertyValue>,
}

/// Money that went back to the buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// How much, in minor units.
    pub amount: i64,
    /// When, epoch seconds.
    pub created: i64,
    /// The reason the seller chose.
    pub reason: &'static str,
}

/// A parcel on its way.
#[derive(Debug, Clone)]
pub(crate) struct Shipment {
    pub(crate) receipt_shipping_id: i64,
    pub(crate) carrier_name: Cow<'static, str>,
    pub(crate) tracking_code: String,
    /// When the buyer was told.
    pub(crate) notified: i64,
}

/// One purchase of one buyer in one shop. Amounts are minor units of the shop's currency.
#[derive(Clone)]
pub struct Receipt {
    /// Etsy's `receipt_id`.
    pub receipt_id: ReceiptId,
    /// The shop that sold.
    pub shop_id: ShopId,
    /// The shop's currency.
    pub currency: Currency,
    /// Decimals of that currency.
    pub decimals: u8,
    /// Etsy's id of the buyer.
    pub buyer_user_id: i64,
    /// The name to deliver to.
    pub name: String,
    /// Where to; nothing when Etsy withholds it from this application.
    pub address: Option<Address>,
    /// Where it stands.
    pub status: ReceiptStatus,
    /// When it was made, epoch seconds.
    pub created: i64,
    /// When it last changed in Etsy's eyes: refunds and cancellations do not count.
    pub updated: i64,
    /// When it was paid, epoch seconds.
    pub paid: Option<i64>,
    /// When it was shipped, epoch seconds.
    pub shipped: Option<i64>,
    /// What was bought.
    pub lines: Vec<Line>,
    /// Postage.
    pub shipping: i64,
    /// Sales tax that Etsy collects and remits.
    pub tax: i64,
    /// VAT that Etsy collects and remits.
    pub vat: i64,
    /// Price of gift wrapping.
    pub gift_wrap: i64,
    /// Money that went back.
    pub refunds: Vec<Refund>,
    /// Whether Etsy answers its text with HTML entities.
    pub has_entities: bool,
    pub(crate) is_capitalised: bool,
    pub(crate) payment_method: &'static str,
    /// What the buyer wrote to the seller.
    pub message_from_buyer: Option<&'static str>,
    /// What the gift shall say, if it is one.
    pub gift_message: Option<&'static str>,
    pub(crate) shipments: Vec<Shipment>,
    /// The shop's place in the list of shops.
    pub(crate) shop: usize,
}

impl Receipt {
    /// Σ price × quantity.
    pub fn total_price(&self) -> i64 {
        self.lines.iter().map(|line| line.price * line.quantity).sum()
    }

    /// The discount by the shop's coupon.
    pub fn discount(&self) -> i64 {
        self.lines.iter().map(|line| line.shop_coupon).sum()
    }

    /// What the goods cost after the discount.
    pub fn subtotal(&self) -> i64 {
        self.total_price() - self.discount()
    }

    /// What the buyer pays.
    pub fn grandtotal(&self) -> i64 {
        self.subtotal() + self.shipping + self.tax + self.vat + self.gift_wrap
    }

    /// Whether the payment has arrived.
    pub fn is_paid(&self) -> bool {
        self.paid.is_some()
    }

    /// Whether the seller marked it as shipped.
    pub fn is_shipped(&self) -> bool {
        self.shipped.is_some()
    }
    /// Whether the parcel has arrived; a parcel takes a week, a download no time.
    pub(crate) fn is_delivered(&self, by: i64) -> bool {
        let is_download = self.lines.iter().all(|line| line.is_digital);
        let travels = if is_download { 0 } else { 7 * 86_400 };
        self.shipped.is_some_and(|shipped| shipped + travels <= by)
    }
}
