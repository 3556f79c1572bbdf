use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::sandbox::world::{LedgerOddity, Receipt, ReceiptStatus, World, WorldSize};

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

/// A world that went on for three weeks after its past.
fn lived(receipts: usize, seed: u64) -> (World, DateTime<Utc>) {
    let mut world = World::new(WorldSize { receipts, listings: 48, shops: 3, seed }, noon());
    let mut now = noon();
    for day in 0..21 {
        now = noon() + TimeDelta::days(day);
        world.buy(4, now);
        world.pay(1, now);
        world.ship_some(2, now);
        world.refund(1, now);
        world.cancel(1, now);
    }
    for shop in 0..3 {
        world.close_weeks(shop, now);
    }
    (world, now)
}

fn entries(world: &World, shop: usize) -> &[LedgerEntry] {
    world.ledger(shop).unwrap().entries()
}

fn sum(entries: &[LedgerEntry], kinds: &[EntryKind], referent: Referent) -> i64 {
    let about = |entry: &&LedgerEntry| kinds.contains(&entry.kind) && entry.referent == referent;
    entries.iter().filter(about).map(|entry| entry.amount).sum()
}

fn is_on_the_account(receipt: &Receipt) -> bool {
    receipt.is_paid() && receipt.payment_method != "other"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_chain_holds(seed in any::<u64>()) {
        let (world, _) = lived(120, seed);
        for shop in 0..3 {
            let mut balance = 0;
            for (number, entry) in (1_001..).zip(entries(&world, shop)) {
                balance += entry.amount;
                prop_assert_eq!(entry.balance, balance);
                prop_assert_eq!(entry.sequence_number, number);
                prop_assert_ne!(entry.amount, 0);
            }
            let is_in_order = entries(&world, shop).is_sorted_by(|one, next| {
                one.created <= next.created && one.entry_id < next.entry_id
            });
            prop_assert!(is_in_order);
        }
    }

    #[test]
    fn every_sale_and_refund_is_there_once(seed in any::<u64>()) {
        let (world, _) = lived(120, seed);
        for shop in 0..3 {
            let ledger = world.ledger(shop).unwrap();
            let is_sale = |entry: &&LedgerEntry| entry.kind == EntryKind::PaymentGross;
            let sales: Vec<Referent> = ledger.entries().iter().filter(is_sale).map(|it| it.referent).collect();
            let of_shop = world.receipts().iter().filter(|receipt| receipt.shop == shop);
            let paid: Vec<&Receipt> = of_shop.filter(|receipt| is_on_the_account(receipt)).collect();
            prop_assert_eq!(sales.len(), paid.len());
            for receipt in paid {
                let payment = ledger.payment_for(receipt.receipt_id).unwrap();
                let of_sale = Referent::Payment(payment.id);
                prop_assert_eq!(sales.iter().filter(|it| **it == of_sale).count(), 1);
                let gross = sum(ledger.entries(), &[EntryKind::PaymentGross], of_sale);
                prop_assert_eq!(gross, receipt.grandtotal());
                prop_assert_eq!(payment.adjustments.len(), receipt.refunds.len());
                for (adjustment, refund) in payment.adjustments.iter().zip(&receipt.refunds) {
                    let id = Referent::Adjustment(adjustment.payment_adjustment_id);
                    let back = sum(ledger.entries(), &[EntryKind::RefundGross, EntryKind::Refund], id);
                    prop_assert_eq!(back, -refund.amount);
                    let fee = sum(ledger.entries(), &[EntryKind::RefundProcessingFee], id);
                    prop_assert_eq!(fee, adjustment.fee);
                }
                let tax = [EntryKind::SalesTax, EntryKind::SalesTaxRefund];
                let kept = sum(ledger.entries(), &tax, Referent::Receipt(receipt.receipt_id.0));
                if payment.refunded() == payment.gross {
                    prop_assert_eq!(kept, 0, "the tax of what went back goes back");
                    prop_assert_eq!(payment.fees - payment.refunded_fees(), payment.fixed_fee);
                } else {
                    prop_assert!(kept <= 0 && kept >= -(receipt.tax + receipt.vat));
                }
                if receipt.status == ReceiptStatus::Canceled {
                    prop_assert_eq!(payment.refunded(), payment.gross);
                }
            }
        }
    }

    #[test]
    fn payouts_come_weekly_and_never_exceed_the_balance(seed in any::<u64>()) {
        let (world, _) = lived(120, seed);
        for shop in 0..3 {
            let mut before = 0;
            for entry in entries(&world, shop) {
                let is_payout = matches!(entry.kind, EntryKind::Disburse | EntryKind::Disburse2);
                if is_payout {
                    prop_assert!(entry.amount < 0 && -entry.amount <= before);
                } else if entry.kind == EntryKind::Recoup {
                    prop_assert!(before < 0 && entry.balance == 0);
                }
                if is_payout || entry.kind == EntryKind::Recoup {
                    prop_assert_eq!((entry.created - FIRST_MONDAY).rem_euclid(WEEK), 0);
                }
                before = entry.balance;
            }
        }
    }
}

#[test]
fn every_kind_turns_up() {
    let (world, _) = lived(3_000, 5);
    let seen: BTreeSet<&str> =
        (0..3).flat_map(|shop| entries(&world, shop)).map(|entry| entry.kind.word()).collect();
    let missing: Vec<&str> = [
        "PAYMENT_GROSS",
        "PAYMENT_PROCESSING_FEE",
        "REFUND_GROSS",
        "REFUND",
        "REFUND_PROCESSING_FEE",
        "transaction",
        "transaction_refund",
        "transaction_quantity",
        "shipping_transaction",
        "gift_wrap_fees",
        "sales_tax",
        "sales_tax_refund",
        "listing",
        "renew_sold_auto",
        "auto_renew_expired",
        "offsite_ads_fee",
        "prolist",
        "shipping_labels",
        "regulatory_operating_fee",
        "vat_seller_services",
        "vat_on_processing_fees",
        "SELLER_DRIVEN_TRAFFIC_CREDIT",
        "DISBURSE",
        "DISBURSE2",
        "RECOUP",
    ]
    .into_iter()
    .filter(|word| !seen.contains(word))
    .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn a_tax_on_a_fee_follows_its_fee() {
    let (world, _) = lived(300, 6);
    let ledger = world.ledger(1).unwrap();
    let by_id: BTreeMap<i64, &LedgerEntry> =
        ledger.entries().iter().map(|entry| (entry.entry_id, entry)).collect();
    let taxes: Vec<&LedgerEntry> =
        ledger.entries().iter().filter(|entry| entry.parent_entry_id != 0).collect();
    assert!(taxes.len() > 100);
    for tax in taxes {
        assert_eq!(tax.referent.reference(), ("etsy", 0));
        let fee = by_id[&tax.parent_entry_id];
        assert!(fee.entry_id < tax.entry_id && (fee.amount..0).contains(&tax.amount));
    }
}

#[test]
fn a_refund_reaches_the_ledger_and_not_the_receipt() {
    let mut world =
        World::new(WorldSize { receipts: 200, listings: 32, shops: 1, seed: 8 }, noon());
    let later = noon() + TimeDelta::hours(5);
    let before: BTreeMap<_, _> =
        world.receipts().iter().map(|receipt| (receipt.receipt_id, receipt.updated)).collect();
    for refunded in world.refund(3, later) {
        let receipt = world.receipt(0, refunded.0).unwrap();
        assert_eq!(receipt.updated, before[&refunded]);
        let payment = world.ledger(0).unwrap().payment_for(refunded).unwrap();
        assert_eq!(payment.adjustments.last().unwrap().created, later.timestamp());
    }
    let new = world.ledger(0).unwrap().window(later.timestamp(), later.timestamp());
    assert_eq!(new.iter().filter(|entry| entry.amount < 0).count(), 3);
}

#[test]
fn when_it_is_read_changes_nothing() {
    let read_often = |is_read: bool| {
        let mut world =
            World::new(WorldSize { receipts: 60, listings: 32, shops: 2, seed: 9 }, noon());
        for day in 0..30 {
            let now = noon() + TimeDelta::days(day);
            if is_read {
                world.close_weeks(1, now);
            }
            world.buy(1, now);
        }
        for shop in 0..2 {
            world.close_weeks(shop, noon() + TimeDelta::days(30));
        }
        (0..2)
            .flat_map(|shop| entries(&world, shop).to_vec())
            .map(|it| (it.entry_id, it.amount))
            .collect::<Vec<_>>()
    };
    assert_eq!(read_often(true), read_often(false));
}

#[test]
fn oddities_are_planted() {
    let (mut world, now) = lived(60, 10);
    let shop_id = world.shops()[0].shop_id;
    let mut plant = |oddity| {
        let entry_id = world.plant(shop_id, oddity, now).unwrap();
        let entries = entries(&world, 0);
        let [.., before, planted] = entries else { panic!("no entries") };
        assert_eq!(planted.entry_id, entry_id);
        (planted.balance - before.balance - planted.amount, planted.clone())
    };
    assert_eq!(plant(LedgerOddity::BrokenChain).0, 1);
    assert_eq!(plant(LedgerOddity::UnheardType).1.kind.word(), "goodwill_levy");
    assert_eq!(plant(LedgerOddity::UnknownReceipt).1.referent, Referent::Receipt(17));
    let (gap, fee) = plant(LedgerOddity::ChargedTwice);
    assert_eq!((gap, fee.kind), (0, EntryKind::Transaction));
}
