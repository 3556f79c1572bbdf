//! Money: every cent of the payment account in one place, and every difference found and called by its name.

#![expect(
    clippy::indexing_slicing,
    reason = "a page or a report that lacks what it must have stops the test where it stands"
)]

mod breaks;
mod closing;
mod corrected;
pub(crate) mod evidence;
mod following;
mod forms;
mod odd_entries;
mod other_currency;
mod period;
mod program;
mod schema;
mod viewers;
mod worlds;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use etsy_odoo::domain::{Clock as _, RunId};
use etsy_odoo::journal::Command;
use etsy_odoo::pipeline::{self, Run};
use etsy_odoo::shop;
use etsy_odoo::snapshot::Extent;

use crate::support::{Accounting, House};

/// A break: whose, which kind, of what.
type Found = (i64, String, String);

/// A house whose payment accounts are read from their beginning.
async fn house(receipts: usize, listings: usize, shops: usize, seed: u64) -> House {
    let house = House::new(receipts, listings, shops, seed).await;
    for shop in house.shops().await {
        let mut policy = shop.policy.clone();
        policy.ledger_from = Some(house.clock.now() - TimeDelta::days(3 * 365));
        shop::set_policy(&house.warehouse, shop.id, &policy).await.unwrap();
    }
    house
}

/// A full run up to its plan.
async fn full_plan(house: &House) -> Run {
    let run = Run { extent: Extent { full: true, from: None }, ..house.begin(Command::Plan).await };
    let mut reader = house.reader().await;
    pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, house.clock.as_ref())
        .await
        .unwrap();
    pipeline::decide(&house.warehouse, &run).await.unwrap();
    house.end(run.id, 0).await;
    run
}

/// The breaks that the search of a run found.
async fn found(accounting: &Accounting, run: RunId) -> BTreeSet<Found> {
    accounting
        .ours
        .query("select shop_id, kind, key from diff.break where run_id = $1", &[&run.0])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

/// A house whose orders are all booked, invoiced and credited as they should be, some days later.
async fn settled(house: &House) -> (Accounting, RunId) {
    let first = full_plan(house).await;
    let accounting = Accounting::of(house).await;
    assert_eq!(
        found(&accounting, first.id).await,
        BTreeSet::new(),
        "all is in order, or on its way"
    );
    accounting.book(first.id).await;
    accounting.invoice_all().await;
    for (receipt, amount) in accounting.refunded(first.id).await {
        accounting.credit(receipt, amount).await;
    }
    house.clock.advance(TimeDelta::days(4));
    let second = full_plan(house).await;
    assert_eq!(found(&accounting, second.id).await, BTreeSet::new(), "all is in order");
    (accounting, second.id)
}

fn now(house: &House) -> chrono::DateTime<chrono::Utc> {
    house.clock.now()
}
