//! The accounts of a world that has a past: everything that happened, in the order in which it happened.

use super::{EntryKind, Ledger};
use crate::sandbox::world::nouns::{Listing, ListingState, Receipt, Shop};

/// Something that moves money, and the place of the listing or receipt that it happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Listed(usize),
    Renewed(usize),
    Paid(usize),
    Shipped(usize),
    Refunded(usize, usize),
}

/// The account of every shop, with all that its listings and receipts did until `now`.
pub(crate) fn ledgers(
    shops: &[Shop],
    listings: &[Listing],
    receipts: &[Receipt],
    seed: u64,
    now: i64,
) -> Vec<Ledger> {
    let mut ledgers: Vec<Ledger> =
        shops.iter().enumerate().map(|(place, shop)| Ledger::open(place, shop, seed)).collect();
    let mut past = history(listings, receipts);
    past.sort_unstable();
    for (moment, happening) in past {
        post(&mut ledgers, listings, receipts, moment, happening);
    }
    for ledger in &mut ledgers {
        ledger.close_weeks(now);
    }
    ledgers
}

fn history(listings: &[Listing], receipts: &[Receipt]) -> Vec<(i64, Happening)> {
    let mut past = Vec::with_capacity(receipts.len() * 2 + listings.len());
    for (place, listing) in listings.iter().enumerate() {
        if listing.state == ListingState::Draft {
            continue;
        }
        past.push((listing.created, Happening::Listed(place)));
        if listing.renewed() > listing.created {
            past.push((listing.renewed(), Happening::Renewed(place)));
        }
    }
    for (place, receipt) in receipts.iter().enumerate() {
        past.extend(receipt.paid.map(|moment| (moment, Happening::Paid(place))));
        past.extend(receipt.shipped.map(|moment| (moment, Happening::Shipped(place))));
        let refunds = receipt.refunds.iter().enumerate();
        past.extend(refunds.map(|(n, refund)| (refund.created, Happening::Refunded(place, n))));
    }
    past
}

fn post(
    ledgers: &mut [Ledger],
    listings: &[Listing],
    receipts: &[Receipt],
    moment: i64,
    happening: Happening,
) {
    match happening {
        Happening::Listed(place) | Happening::Renewed(place) => {
            let Some(listing) = listings.get(place) else { return };
            let is_new = happening == Happening::Listed(place);
            let kind = if is_new { EntryKind::Listing } else { EntryKind::AutoRenewExpired };
            if let Some(ledger) = ledgers.get_mut(listing.shop) {
                ledger.charge_listing(listing, kind, moment);
            }
        }
        Happening::Paid(place) | Happening::Shipped(place) | Happening::Refunded(place, _) => {
            let Some(receipt) = receipts.get(place) else { return };
            let Some(ledger) = ledgers.get_mut(receipt.shop) else { return };
            match happening {
                Happening::Shipped(_) => ledger.ship(receipt, moment),
                Happening::Refunded(_, number) => ledger.refund(receipt, number),
                Happening::Paid(_) | Happening::Listed(_) | Happening::Renewed(_) => {
                    ledger.pay(receipt, moment);
                }
            }
        }
    }
}
