//! Payment accounts: what the receipts, fees and payouts of each shop leave behind.
//!
//! A ledger is only ever appended to: balances run on, sequence numbers have no holes, times do not go back. It
//! throws dice of its own, one set per shop, so that neither the receipts nor the other shops depend on it.

mod nouns;
mod past;
mod posting;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use nouns::{Adjustment, EntryKind, LedgerEntry, Payment, Referent};
pub(super) use past::ledgers;

use super::accounts::LedgerOddity;
use super::dice::Dice;
use super::nouns::Shop;
use crate::domain::ReceiptId;

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// The first Monday after the epoch.
const FIRST_MONDAY: i64 = 4 * DAY;
/// Less than this stays on the account, in minor units.
const LEAST_PAYOUT: i64 = 100;
/// Payouts of the older kind that every account begins with.
const OLD_PAYOUTS: i64 = 30;

/// The payment account of one shop.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// Etsy's `ledger_id`.
    pub(crate) id: i64,
    entries: Vec<LedgerEntry>,
    payments: Vec<Payment>,
    by_receipt: BTreeMap<ReceiptId, usize>,
    dice: Dice,
    rates: Rates,
    ids: AccountIds,
    next_payout: i64,
    payouts: i64,
}

/// What Etsy takes from a shop. Shares are of a thousand.
#[derive(Debug, Clone, Copy)]
struct Rates {
    /// Minor units for each payment, beside 3 %.
    fixed_fee: i64,
    /// Minor units for a listing, its renewal, or a further unit sold.
    listing_fee: i64,
    /// Value added tax on Etsy's services.
    vat: i64,
    /// What some countries' rules cost.
    regulatory: i64,
    /// Whether postage labels are bought from Etsy.
    buys_labels: bool,
}

impl Rates {
    fn of(shop: &Shop) -> Self {
        let (fixed_fee, listing_fee) = if shop.decimals == 0 { (40, 30) } else { (25, 20) };
        let (vat, regulatory) = match shop.country_iso {
            "FR" => (200, 5),
            "JP" => (100, 0),
            _ => (0, 0),
        };
        Self { fixed_fee, listing_fee, vat, regulatory, buys_labels: shop.country_iso == "US" }
    }
}

/// The last ids given, in a range of the shop's own.
#[derive(Debug, Clone, Copy)]
struct AccountIds {
    entry: i64,
    payment: i64,
    adjustment: i64,
    item: i64,
    label: i64,
    disbursement: i64,
}

impl AccountIds {
    fn next(last: &mut i64, widest_gap: i64) -> i64 {
        *last += 1 + last.wrapping_mul(7_919).rem_euclid(widest_gap);
        *last
    }
}

impl Ledger {
    pub(super) fn open(place: usize, shop: &Shop, seed: u64) -> Self {
        let number = i64::try_from(place).unwrap_or_default();
        let own = |first: i64, range: i64| first + number * range;
        let salt = u64::try_from(place).unwrap_or_default().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self {
            id: own(8_080_291_000, 1_000),
            entries: Vec::new(),
            payments: Vec::new(),
            by_receipt: BTreeMap::new(),
            dice: Dice::new(seed ^ 0x1ED6_E400 ^ salt),
            rates: Rates::of(shop),
            ids: AccountIds {
                entry: own(21_000_000_000, 1_000_000_000),
                payment: own(101_096_640_000, 10_000_000_000),
                adjustment: own(300_307_830_000, 1_000_000_000),
                item: own(55_000_000, 10_000_000),
                label: own(77_000_000, 10_000_000),
                disbursement: own(66_000_000, 1_000_000),
            },
            next_payout: next_monday(shop.created.timestamp()),
            payouts: 0,
        }
    }

    /// All entries, oldest first.
    #[cfg(test)]
    pub(crate) fn entries(&self) -> &[LedgerEntry] {
        &self.entries
    }

    /// The entries of a window, both bounds included, oldest first.
    pub(crate) fn window(&self, from: i64, to: i64) -> &[LedgerEntry] {
        let start = self.entries.partition_point(|entry| entry.created < from);
        let end = self.entries.partition_point(|entry| entry.created <= to);
        self.entries.get(start..end).unwrap_or_default()
    }

    pub(crate) fn entry(&self, entry_id: i64) -> Option<&LedgerEntry> {
        let place = self.entries.binary_search_by_key(&entry_id, |entry| entry.entry_id).ok()?;
        self.entries.get(place)
    }

    /// The payment that an entry of a payment or refund belongs to.
    pub(crate) fn payment_of(&self, entry: &LedgerEntry) -> Option<&Payment> {
        self.payments.get(entry.payment?)
    }

    /// The adjustment that a refund's entry carries.
    pub(crate) fn adjustment_of(&self, entry: &LedgerEntry) -> Option<(&Payment, &Adjustment)> {
        let Referent::Adjustment(id) = entry.referent else { return None };
        let payment = self.payment_of(entry)?;
        let is_it = |adjustment: &&Adjustment| adjustment.payment_adjustment_id == id;
        payment.adjustments.iter().find(is_it).map(|adjustment| (payment, adjustment))
    }

    pub(crate) fn payment(&self, payment_id: i64) -> Option<&Payment> {
        let place = self.payments.binary_search_by_key(&payment_id, |it| it.id).ok()?;
        self.payments.get(place)
    }

    pub(crate) fn payment_for(&self, receipt: ReceiptId) -> Option<&Payment> {
        self.payments.get(*self.by_receipt.get(&receipt)?)
    }

    pub(crate) fn balance(&self) -> i64 {
        self.entries.last().map_or(0, |entry| entry.balance)
    }

    /// Closes every week that has ended by `now`: advertising is charged, and what is on the account is paid out.
    pub(crate) fn close_weeks(&mut self, now: i64) {
        while self.next_payout <= now {
            let moment = self.next_payout;
            self.next_payout += WEEK;
            if !self.payments.is_empty() && self.dice.percent(60) {
                let spent = self.dice.between(60, 900);
                self.post(moment, EntryKind::Prolist, -spent, Referent::Etsy);
            }
            self.pay_out(moment);
        }
    }

    fn pay_out(&mut self, moment: i64) {
        let balance = self.balance();
        if (0..LEAST_PAYOUT).contains(&balance) {
            return;
        }
        self.payouts += 1;
        let referent = Referent::Disbursement(AccountIds::next(&mut self.ids.disbursement, 90));
        let kind = if balance < 0 {
            EntryKind::Recoup
        } else if self.payouts <= OLD_PAYOUTS {
            EntryKind::Disburse
        } else {
            EntryKind::Disburse2
        };
        self.post(moment, kind, -balance, referent);
    }

    /// Posts something that no receipt explains.
    pub(super) fn plant(&mut self, oddity: LedgerOddity, moment: i64) -> Option<i64> {
        let amount = -self.dice.between(11, 97);
        let place = match oddity {
            LedgerOddity::UnheardType => {
                self.post(moment, EntryKind::Unheard, amount, Referent::Etsy)?
            }
            LedgerOddity::UnknownReceipt => {
                self.post(moment, EntryKind::SalesTaxRefund, -amount, Referent::Receipt(17))?
            }
            LedgerOddity::BrokenChain => {
                let place = self.post(moment, EntryKind::Prolist, amount, Referent::Etsy)?;
                self.entries.get_mut(place)?.balance += 1;
                place
            }
            LedgerOddity::ChargedTwice => {
                let is_fee = |entry: &&LedgerEntry| entry.kind == EntryKind::Transaction;
                let fee = self.entries.iter().rev().find(is_fee)?;
                let (amount, referent) = (fee.amount, fee.referent);
                self.post(moment, EntryKind::Transaction, amount, referent)?
            }
        };
        self.entries.get(place).map(|entry| entry.entry_id)
    }

    /// Appends an entry and answers its place; time does not go back. Nothing is posted for nothing.
    fn post(
        &mut self,
        moment: i64,
        kind: EntryKind,
        amount: i64,
        referent: Referent,
    ) -> Option<usize> {
        if amount == 0 {
            return None;
        }
        let last = self.entries.last();
        let sequence_number = last.map_or(1_000, |entry| entry.sequence_number) + 1;
        let created = last.map_or(moment, |entry| entry.created.max(moment));
        let entry = LedgerEntry {
            entry_id: AccountIds::next(&mut self.ids.entry, 60),
            sequence_number,
            amount,
            balance: self.balance() + amount,
            created,
            kind,
            referent,
            parent_entry_id: 0,
            payment: None,
        };
        self.entries.push(entry);
        Some(self.entries.len() - 1)
    }
}

fn next_monday(moment: i64) -> i64 {
    FIRST_MONDAY + ((moment - FIRST_MONDAY).div_euclid(WEEK) + 1) * WEEK
}
