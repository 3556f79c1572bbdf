//! Random small worlds that live on while things go wrong in them: what is found is what was done, and no more.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use etsy_odoo::domain::Clock as _;
use etsy_odoo::sandbox::world::LedgerOddity;
use rust_decimal::Decimal;

use super::period::{report, spans, unexplained_are_breaks};
use super::{Found, found, full_plan, house, settled};
use crate::support::House;

/// What a person or a program may do to an invoiced order, and the kind that it has to be called; nothing: that is right.
const DEEDS: [(&str, Option<&str>); 6] = [
    ("invoice it once more", Some("invoice_differs")),
    ("a draft of an invoice", None),
    ("a credit note that was cancelled", None),
    ("credit it whole and invoice it again", None),
    ("credit it for no reason", Some("invoice_differs")),
    ("invoice a cent more", Some("rounding")),
];

#[tokio::test]
async fn random_worlds_have_the_breaks_that_were_made_in_them() {
    for seed in [101, 102, 103] {
        let mut random = fastrand::Rng::with_seed(seed);
        let house = house(random.usize(60..140), 40, random.usize(1..4), seed).await;
        let (accounting, run) = settled(&house).await;
        let orders: Vec<(i64, i64, Decimal)> = accounting
            .ours
            .query(
                "select shop_id, receipt_id, order_total from staging.receipt_money
                 where run_id = $1 and order_id is not null and receipt_refunded = 0 order by hashint8(receipt_id)",
                &[&run.0],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect();
        let mut expected = BTreeSet::new();
        let changed = life_goes_on(&house, &mut random, &orders, &mut expected).await;
        let orders: Vec<_> =
            orders.into_iter().filter(|order| !changed.contains(&order.1)).collect();
        for (number, (shop, receipt, total)) in orders.iter().take(random.usize(6..24)).enumerate()
        {
            let (deed, kind) = DEEDS[number % DEEDS.len()];
            let cent = Decimal::new(1, total.scale());
            match deed {
                "invoice it once more" => {
                    accounting.document(*receipt, "out_invoice", "posted", *total).await;
                }
                "a draft of an invoice" => {
                    accounting.document(*receipt, "out_invoice", "draft", *total).await;
                }
                "a credit note that was cancelled" => {
                    accounting.document(*receipt, "out_refund", "cancel", *total).await;
                }
                "credit it whole and invoice it again" => {
                    accounting.document(*receipt, "out_refund", "posted", *total).await;
                    accounting.document(*receipt, "out_invoice", "posted", *total).await;
                }
                "credit it for no reason" => {
                    accounting.document(*receipt, "out_refund", "posted", *total).await;
                }
                _ => accounting.document(*receipt, "out_invoice", "posted", cent).await,
            }
            if let Some(kind) = kind {
                expected.insert((*shop, kind.to_owned(), receipt.to_string()));
            }
        }
        house.clock.advance(TimeDelta::hours(1));
        let run = full_plan(&house).await;
        assert_eq!(found(&accounting, run.id).await, expected, "seed {seed}");
        let (whole, _) = spans(&house).await;
        unexplained_are_breaks(&report(&house, whole).await);
    }
}

/// A seller's and an Etsy's day: all of it is a matter of time, but for an order that is invoiced and was cancelled. Gives the
/// receipts that changed.
async fn life_goes_on(
    house: &House,
    random: &mut fastrand::Rng,
    orders: &[(i64, i64, Decimal)],
    expected: &mut BTreeSet<Found>,
) -> BTreeSet<i64> {
    let mut world = house.pair.world.lock().await;
    let now = house.clock.now();
    world.buy(random.usize(0..8), now);
    world.pay(2, now);
    let refunded = world.refund(random.usize(0..3), now);
    let cancelled = world.cancel(random.usize(0..3), now);
    for receipt in cancelled.iter().map(|receipt| receipt.0) {
        // an order that is invoiced cannot be cancelled without a person
        if let Some((shop, ..)) = orders.iter().find(|order| order.1 == receipt) {
            expected.insert((*shop, "cancelled_on_one_side".to_owned(), receipt.to_string()));
        }
    }
    let shop = world.shops()[0].shop_id;
    for (oddity, kind) in [
        (LedgerOddity::UnheardType, "unknown_ledger_type"),
        (LedgerOddity::BrokenChain, "broken_chain"),
        (LedgerOddity::UnknownReceipt, "unknown_reference"),
    ] {
        if random.bool() {
            let entry = world.plant(shop, oddity, now).unwrap();
            expected.insert((shop.0, kind.to_owned(), entry.to_string()));
        }
    }
    refunded.into_iter().chain(cancelled).map(|receipt| receipt.0).collect()
}
