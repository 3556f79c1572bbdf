//! How receipts come about: a buyer, a basket, postage and taxes, and what became of it.

use super::dice::Dice;
use super::nouns::{
    Address, Line, Listing, ListingState, Product, Receipt, ReceiptStatus, Refund, Shipment, Shop,
};
use super::people::Buyer;
use super::{SellError, World};
use crate::domain::ReceiptId;

const DAY: i64 = 86_400;
/// Of a hundred buyers, those who have bought before.
const REPEAT_BUYERS: i64 = 35;
/// Of a hundred repeat buyers, those who have moved since.
const MOVED_BUYERS: i64 = 15;

const MESSAGES: &[&str] = &[
    "Please leave at the side door.",
    "Is it 12\" wide & flat?",
    "C'est pour l'anniversaire de ma mère, merci !",
    "ギフト包装をお願いします。",
    "=HYPERLINK(\"https://example.com\")",
    "Line one\nLine two\ttabbed",
    "🎁 thank you!! <3",
];
const GIFT_MESSAGES: &[&str] =
    &["Happy birthday!", "Für Oma & Opa", "お誕生日おめでとう", "With love, the O'Neils"];
const ENGRAVINGS: &[&str] =
    &["For Ana & Bo", "Grüße aus Köln", "EST. 1987", "結 2026", "\"Dad's\""];
const REASONS: &[&str] = &["Item damaged", "Buyer cancelled", "Out of stock", "Arrived late"];
const CARRIERS: &[&str] = &["usps", "royal-mail", "dhl", "japan-post", "colissimo"];
const METHODS: &[&str] =
    &["cc", "cc", "cc", "paypal", "apple_pay", "google_pay", "ideal", "sofort"];
/// States of the US without a sales tax.
const UNTAXED_STATES: &[&str] = &["OR", "MT", "NH", "DE"];
/// Countries where Etsy adds VAT to downloads.
const DIGITAL_VAT: &[&str] = &["DE", "FR", "IT", "ES", "GR", "IE", "PL", "GB", "NO"];
/// Countries where Etsy adds VAT to parcels from abroad.
const PARCEL_VAT: &[&str] = &["GB", "NO"];

/// A thing in the basket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    /// Places in the list of listings and in the listing's list of products.
    pub(super) listing: usize,
    pub(super) product: usize,
    pub(super) quantity: i64,
}

impl World {
    /// Writes the receipt of a basket, bought at `moment` and not yet paid. Stock is the caller's concern.
    pub(super) fn sell(
        &mut self,
        shop: usize,
        basket: &[Pick],
        moment: i64,
    ) -> Result<Receipt, SellError> {
        let seller = self.shops.get(shop).ok_or(SellError)?;
        let (buyer_user_id, name, address) =
            choose_buyer(&mut self.buyers, &mut self.dice, || self.ids.user()).ok_or(SellError)?;
        let receipt_id = self.ids.receipt();
        let mut lines = Vec::with_capacity(basket.len());
        let coupon = if self.dice.percent(12) { self.dice.between(1, 5) * 5 } else { 0 };
        for pick in basket {
            let listing = self.listings.get(pick.listing).ok_or(SellError)?;
            let product = listing.products.get(pick.product).ok_or(SellError)?;
            let transaction_id = self.ids.transaction();
            let mut sold = line(transaction_id, listing, product, moment, &mut self.dice);
            sold.quantity = pick.quantity;
            sold.shop_coupon = sold.price * sold.quantity * coupon / 100;
            lines.push(sold);
        }
        let has_entities = address.country_iso == "IE" || self.dice.percent(30);
        let mut receipt = Receipt {
            receipt_id: ReceiptId(receipt_id),
            shop_id: seller.shop_id,
            currency: seller.currency,
            decimals: seller.decimals,
            buyer_user_id,
            name,
            address: None,
            status: ReceiptStatus::Open,
            created: moment,
            updated: moment,
            paid: None,
            shipped: None,
            lines,
            shipping: 0,
            tax: 0,
            vat: 0,
            gift_wrap: 0,
            refunds: Vec::new(),
            has_entities,
            is_capitalised: self.dice.percent(12),
            payment_method: self.dice.word(METHODS),
            message_from_buyer: self.dice.percent(14).then(|| self.dice.word(MESSAGES)),
            gift_message: self.dice.percent(7).then(|| self.dice.word(GIFT_MESSAGES)),
            shipments: Vec::new(),
            shop,
        };
        add_costs(&mut receipt, seller, &address, &mut self.dice);
        // New applications of sellers in the US are refused addresses; here it strikes single receipts of theirs.
        let is_withheld = seller.country_iso == "US" && self.dice.percent(3);
        receipt.address = (!is_withheld).then_some(address);
        Ok(receipt)
    }

    /// A basket out of one shop's goods: mostly one thing, sometimes several, each at most once.
    pub(super) fn fill_basket(
        &mut self,
        shelf: &[(usize, usize)],
        respects_stock: bool,
    ) -> Vec<Pick> {
        let wanted = match self.dice.between(1, 100) {
            1..=58 => 1,
            59..=82 => 2,
            83..=94 => 3,
            _ => 5,
        };
        let mut basket: Vec<Pick> = Vec::with_capacity(wanted);
        for _ in 0..wanted {
            let Some(&(listing, product)) = self.dice.pick(shelf) else { break };
            let units = if self.dice.percent(25) { self.dice.between(2, 4) } else { 1 };
            let stock = self
                .listings
                .get(listing)
                .and_then(|listing| listing.products.get(product))
                .map_or(0, |product| product.quantity);
            let quantity = if respects_stock { units.min(stock) } else { units };
            // Variants can share their stock, so a listing goes into a basket once.
            if quantity > 0 && !basket.iter().any(|pick| pick.listing == listing) {
                basket.push(Pick { listing, product, quantity });
            }
        }
        basket
    }

    /// Lets a receipt of the past have its fate, none of it after `horizon`.
    pub(super) fn settle(&mut self, receipt: &mut Receipt, horizon: i64) {
        let fate = self.dice.between(1, 100);
        match fate {
            1..=4 => self.leave_unpaid(receipt),
            5..=8 => {
                if self.dice.percent(75) {
                    self.pay_for(receipt, horizon);
                }
                let moment = receipt.created + self.dice_days(1, 3);
                self.cancel_receipt(receipt, moment, horizon);
            }
            9..=13 => {
                self.pay_for(receipt, horizon);
                self.ship(receipt, horizon);
                let is_full = self.dice.percent(50);
                let moment = receipt.created + self.dice_days(4, 20);
                self.refund_receipt(receipt, is_full, moment, horizon);
            }
            _ => {
                self.pay_for(receipt, horizon);
                self.ship(receipt, horizon);
            }
        }
    }

    fn dice_days(&mut self, least: i64, most: i64) -> i64 {
        self.dice.between(least * DAY, most * DAY)
    }

    /// Klarna is still thinking, or the buyer pays by other means.
    pub(super) fn leave_unpaid(&mut self, receipt: &mut Receipt) {
        if self.dice.percent(80) {
            receipt.status = ReceiptStatus::PaymentProcessing;
            receipt.payment_method = "k_pay_in_4";
        } else {
            receipt.status = ReceiptStatus::Open;
            receipt.payment_method = "other";
        }
    }

    /// The money arrives seconds after the purchase; downloads are delivered with it.
    pub(super) fn pay_for(&mut self, receipt: &mut Receipt, horizon: i64) {
        let paid = (receipt.created + self.dice.between(5, 40)).min(horizon.max(receipt.created));
        mark_paid(receipt, paid);
    }

    fn ship(&mut self, receipt: &mut Receipt, horizon: i64) {
        let shipped = receipt.created + self.dice_days(1, 6);
        if receipt.is_shipped() || shipped > horizon || self.dice.percent(4) {
            return;
        }
        receipt.status = ReceiptStatus::Completed;
        receipt.shipped = Some(shipped);
        receipt.updated = shipped;
        receipt.shipments.push(Shipment {
            receipt_shipping_id: self.ids.shipping(),
            carrier_name: self.dice.word(CARRIERS).into(),
            tracking_code: self.dice.digits("94001################"),
            notified: shipped,
        });
    }

    /// `updated` stays: Etsy's does not show a cancellation reliably
    /// (<https://github.com/etsy/open-api/issues/604>).
    pub(super) fn cancel_receipt(&mut self, receipt: &mut Receipt, moment: i64, horizon: i64) {
        if receipt.is_paid() {
            let amount = receipt.grandtotal();
            self.give_back(receipt, amount, moment.min(horizon));
        }
        receipt.status = ReceiptStatus::Canceled;
    }

    /// All of the money, or the price of one unit. `updated` stays
    /// (<https://github.com/etsy/open-api/issues/513>).
    pub(super) fn refund_receipt(
        &mut self,
        receipt: &mut Receipt,
        is_full: bool,
        moment: i64,
        horizon: i64,
    ) {
        let whole = receipt.grandtotal();
        let unit = receipt.lines.first().map_or(whole, |line| line.price / 2);
        let is_full = is_full || unit >= whole || unit == 0;
        receipt.status =
            if is_full { ReceiptStatus::FullyRefunded } else { ReceiptStatus::PartiallyRefunded };
        self.give_back(receipt, if is_full { whole } else { unit }, moment.min(horizon));
    }

    fn give_back(&mut self, receipt: &mut Receipt, amount: i64, moment: i64) {
        let created = moment.max(receipt.created);
        receipt.refunds.push(Refund { amount, created, reason: self.dice.word(REASONS) });
    }
}

/// The status and times of a payment.
pub(super) fn mark_paid(receipt: &mut Receipt, moment: i64) {
    receipt.paid = Some(moment);
    receipt.updated = receipt.updated.max(moment);
    receipt.status = ReceiptStatus::Paid;
    if receipt.lines.iter().all(|line| line.is_digital) {
        receipt.status = ReceiptStatus::Completed;
        receipt.shipped = Some(moment);
    }
}

fn choose_buyer(
    buyers: &mut Vec<Buyer>,
    dice: &mut Dice,
    new_id: impl FnOnce() -> i64,
) -> Option<(i64, String, Address)> {
    let known = dice.below(buyers.len());
    let is_known = !buyers.is_empty() && dice.percent(REPEAT_BUYERS);
    let place = if is_known {
        known
    } else {
        buyers.push(Buyer::new(new_id(), dice));
        buyers.len() - 1
    };
    let buyer = buyers.get_mut(place)?;
    if is_known && dice.percent(MOVED_BUYERS) {
        buyer.moves(dice);
    }
    Some((buyer.user_id, buyer.name.clone(), buyer.addresses.last()?.clone()))
}

fn line(
    transaction_id: i64,
    listing: &Listing,
    product: &Product,
    moment: i64,
    dice: &mut Dice,
) -> Line {
    let is_removed = listing.state == ListingState::Removed;
    let product_id = if moment < listing.updated { product.earlier_id } else { product.id };
    Line {
        transaction_id,
        title: listing.title.clone(),
        listing_id: (!is_removed).then_some(listing.id),
        product_id: (!is_removed).then_some(product_id),
        sku: (!is_removed).then(|| product.sku.clone()),
        quantity: 1,
        price: product.price,
        shop_coupon: 0,
        is_digital: listing.is_digital,
        personalization: listing.is_personalizable.then(|| dice.word(ENGRAVINGS).to_owned()),
        property_values: product.property_values.clone(),
    }
}

/// Postage, gift wrap and the taxes that Etsy adds.
fn add_costs(receipt: &mut Receipt, seller: &Shop, address: &Address, dice: &mut Dice) {
    let is_download = receipt.lines.iter().all(|line| line.is_digital);
    // A parcel costs as many yen as it costs cents.
    if !is_download {
        let is_domestic = address.country_iso == seller.country_iso;
        let postage = if is_domestic { dice.between(35, 90) } else { dice.between(110, 290) };
        receipt.shipping = if dice.percent(20) { 0 } else { postage * 10 };
        if receipt.gift_message.is_some() && dice.percent(60) {
            receipt.gift_wrap = 300;
        }
    }
    let taxable = receipt.subtotal() + receipt.shipping;
    let country = address.country_iso.as_str();
    let state = address.state.as_deref().unwrap_or_default();
    if country == "US" && !UNTAXED_STATES.contains(&state) {
        receipt.tax = taxable * dice.between(55, 98) / 1000;
    }
    let is_abroad = country != seller.country_iso;
    if (is_download && DIGITAL_VAT.contains(&country))
        || (!is_download && is_abroad && PARCEL_VAT.contains(&country))
    {
        receipt.vat = taxable * dice.between(19, 25) / 100;
    }
}
