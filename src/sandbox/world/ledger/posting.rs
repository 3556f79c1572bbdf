//! What a receipt leaves on the account: its payment and the fees on it, its postage, its refunds.

use super::{AccountIds, Adjustment, EntryKind, Ledger, Payment, Referent};
use crate::sandbox::world::nouns::{Line, Listing, Receipt};

/// Of a thousand: what Etsy takes of goods, postage and gift wrap.
const TRANSACTION_FEE: i64 = 65;
/// Of a thousand: what processing a payment costs, beside a fixed amount.
const PROCESSING_FEE: i64 = 30;

/// A share of a thousand, rounded half up.
fn share(amount: i64, per_mille: i64) -> i64 {
    (amount * per_mille + 500).div_euclid(1_000)
}

/// The part of `amount` that belongs to `part` of `whole`. Parts that make up the whole make up the amount.
fn portion(amount: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { amount * part / whole }
}

impl Ledger {
    /// Posts what has become of a receipt since it was followed last.
    pub(crate) fn follow(&mut self, receipt: &Receipt) {
        // Money that changed hands outside Etsy never reaches the account.
        if receipt.payment_method == "other" {
            return;
        }
        if let Some(paid) = receipt.paid
            && !self.by_receipt.contains_key(&receipt.receipt_id)
        {
            self.pay(receipt, paid);
        }
        if let Some(shipped) = receipt.shipped {
            self.ship(receipt, shipped);
        }
        for number in 0..receipt.refunds.len() {
            self.refund(receipt, number);
        }
    }

    /// The sale, what Etsy takes of it, and the tax that Etsy remits.
    pub(super) fn pay(&mut self, receipt: &Receipt, moment: i64) {
        self.close_weeks(moment);
        let gross = receipt.grandtotal();
        let fees = share(gross, PROCESSING_FEE) + self.rates.fixed_fee;
        let payment_id = AccountIds::next(&mut self.ids.payment, 700);
        self.by_receipt.insert(receipt.receipt_id, self.payments.len());
        self.payments.push(Payment {
            id: payment_id,
            receipt_id: receipt.receipt_id,
            gross,
            fees,
            fixed_fee: self.rates.fixed_fee,
            created: moment,
            adjustments: Vec::new(),
            is_shipped: false,
        });
        let place = self.payments.len() - 1;
        let id = receipt.receipt_id.0;
        let sale = self.post(moment, EntryKind::PaymentGross, gross, Referent::Payment(payment_id));
        self.belongs_to(sale, place);
        let fee = EntryKind::PaymentProcessingFee;
        let processing = self.post(moment, fee, -fees, Referent::ProcessingFee(payment_id));
        self.belongs_to(processing, place);
        if self.rates.regulatory > 0 {
            self.tax_on(moment, processing, EntryKind::VatOnProcessingFees, fees);
            let regulatory = share(receipt.subtotal() + receipt.shipping, self.rates.regulatory);
            let kind = EntryKind::RegulatoryOperatingFee;
            self.post(moment, kind, -regulatory, Referent::Receipt(id));
        }
        let tax = receipt.tax + receipt.vat;
        self.post(moment, EntryKind::SalesTax, -tax, Referent::Receipt(id));
        for line in &receipt.lines {
            self.charge_line(moment, line);
        }
        if let Some(first) = receipt.lines.first() {
            let fee = share(receipt.shipping, TRANSACTION_FEE);
            let referent = Referent::Transaction(first.transaction_id);
            self.post(moment, EntryKind::ShippingTransaction, -fee, referent);
        }
        let wrapping = share(receipt.gift_wrap, TRANSACTION_FEE);
        self.post(moment, EntryKind::GiftWrapFees, -wrapping, Referent::Receipt(id));
        self.advertise(receipt, moment);
    }

    fn charge_line(&mut self, moment: i64, line: &Line) {
        let referent = Referent::Transaction(line.transaction_id);
        let fee = share(line.price * line.quantity, TRANSACTION_FEE);
        self.charge(moment, EntryKind::Transaction, fee, referent);
        let further = (line.quantity - 1) * self.rates.listing_fee;
        self.post(moment, EntryKind::TransactionQuantity, -further, referent);
        let is_renewed = self.dice.percent(60);
        if let Some(listing_id) = line.listing_id.filter(|_| is_renewed) {
            let fee = self.rates.listing_fee;
            self.post(moment, EntryKind::RenewSoldAuto, -fee, Referent::Listing(listing_id));
        }
    }

    /// Some buyers came by an advertisement, some by the seller's own link.
    fn advertise(&mut self, receipt: &Receipt, moment: i64) {
        let referent = Referent::Receipt(receipt.receipt_id.0);
        match self.dice.between(1, 100) {
            1..=7 => {
                let per_mille = if self.dice.percent(50) { 120 } else { 150 };
                let fee = share(receipt.total_price(), per_mille);
                self.charge(moment, EntryKind::OffsiteAdsFee, fee, referent);
            }
            8..=10 => {
                let credit = share(receipt.total_price(), 40);
                self.post(moment, EntryKind::SellerDrivenTrafficCredit, credit, referent);
            }
            _ => {}
        }
    }

    /// A fee, and the tax on it where the shop's country has one.
    fn charge(&mut self, moment: i64, kind: EntryKind, fee: i64, referent: Referent) {
        let charged = self.post(moment, kind, -fee, referent);
        self.tax_on(moment, charged, EntryKind::VatSellerServices, fee);
    }

    /// Etsy's tax on a fee names the fee as its parent and nothing else
    /// (<https://github.com/etsy/open-api/issues/751>).
    fn tax_on(&mut self, moment: i64, fee: Option<usize>, kind: EntryKind, amount: i64) {
        let parent = fee.and_then(|place| self.entries.get(place)).map(|entry| entry.entry_id);
        let tax = share(amount, self.rates.vat);
        let posted = self.post(moment, kind, -tax, Referent::Etsy);
        if let Some(entry) = posted.and_then(|place| self.entries.get_mut(place)) {
            entry.parent_entry_id = parent.unwrap_or_default();
        }
    }

    fn belongs_to(&mut self, entry: Option<usize>, payment: usize) {
        if let Some(entry) = entry.and_then(|place| self.entries.get_mut(place)) {
            entry.payment = Some(payment);
        }
    }

    /// A postage label, for some parcels of shops that buy them from Etsy.
    pub(super) fn ship(&mut self, receipt: &Receipt, moment: i64) {
        let Some(&place) = self.by_receipt.get(&receipt.receipt_id) else { return };
        let Some(payment) = self.payments.get_mut(place) else { return };
        let is_parcel = receipt.lines.iter().any(|line| !line.is_digital);
        if std::mem::replace(&mut payment.is_shipped, true) || !is_parcel {
            return;
        }
        self.close_weeks(moment);
        if self.rates.buys_labels && self.dice.percent(40) {
            let label = Referent::Label(AccountIds::next(&mut self.ids.label, 300));
            let postage = self.dice.between(380, 1_250);
            self.post(moment, EntryKind::ShippingLabels, -postage, label);
        }
    }

    /// One refund of a receipt: the money, and what Etsy gives back of its fees and of the tax.
    pub(super) fn refund(&mut self, receipt: &Receipt, number: usize) {
        let Some(&place) = self.by_receipt.get(&receipt.receipt_id) else { return };
        let Some(refund) = receipt.refunds.get(number) else { return };
        let Some(payment) = self.payments.get(place) else { return };
        if number < payment.adjustments.len() {
            return;
        }
        self.close_weeks(refund.created);
        let Some(payment) = self.payments.get_mut(place) else { return };
        let (moment, gross) = (refund.created, payment.gross);
        let before = payment.refunded();
        let after = before + refund.amount;
        let back = |amount: i64| portion(amount, after, gross) - portion(amount, before, gross);
        let fee = back(payment.fees - payment.fixed_fee);
        let adjustment_id = AccountIds::next(&mut self.ids.adjustment, 400);
        payment.adjustments.push(Adjustment {
            payment_adjustment_id: adjustment_id,
            item_id: AccountIds::next(&mut self.ids.item, 40),
            amount: refund.amount,
            fee,
            created: moment,
            reason: refund.reason,
            transaction_id: receipt.lines.first().map(|line| line.transaction_id),
        });
        let referent = Referent::Adjustment(adjustment_id);
        // The word of older accounts still turns up.
        let is_old = self.dice.percent(15);
        let kind = if is_old { EntryKind::Refund } else { EntryKind::RefundGross };
        let money = self.post(moment, kind, -refund.amount, referent);
        self.belongs_to(money, place);
        let fees = self.post(moment, EntryKind::RefundProcessingFee, fee, referent);
        self.belongs_to(fees, place);
        let receipt_id = Referent::Receipt(receipt.receipt_id.0);
        let tax = back(receipt.tax + receipt.vat);
        self.post(moment, EntryKind::SalesTaxRefund, tax, receipt_id);
        for line in &receipt.lines {
            let fee = back(share(line.price * line.quantity, TRANSACTION_FEE));
            let referent = Referent::Transaction(line.transaction_id);
            self.post(moment, EntryKind::TransactionRefund, fee, referent);
        }
    }

    /// The fee for putting a listing up, or for keeping it.
    pub(crate) fn charge_listing(&mut self, listing: &Listing, kind: EntryKind, moment: i64) {
        self.close_weeks(moment);
        self.post(moment, kind, -self.rates.listing_fee, Referent::Listing(listing.id));
    }
}
