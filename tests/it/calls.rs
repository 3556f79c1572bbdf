//! How many calls a run takes: the API is the limit of everything, so each call has to be worth it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use etsy_odoo::domain::{Clock as _, Trouble};
use etsy_odoo::journal::Command;
use etsy_odoo::pipeline::{self, Observed};
use etsy_odoo::sandbox::etsy::LedgerOrder;
use etsy_odoo::sandbox::faults::{Fault, FaultRule};
use etsy_odoo::sandbox::world::{ReceiptStatus, WorldSize};
use etsy_odoo::snapshot::Extent;

use crate::support::House;

/// The calls since the last look, by what they were for.
async fn calls(house: &House) -> BTreeMap<String, u64> {
    let url = format!("{}/_sandbox/calls", house.pair.etsy_url);
    let client = reqwest::Client::new();
    let text = client.get(&url).send().await.unwrap().text().await.unwrap();
    client.delete(&url).send().await.unwrap();
    let counted: serde_json::Value = serde_json::from_str(&text).unwrap();
    let calls = counted.get("calls").unwrap().as_object().unwrap();
    calls.iter().map(|(name, count)| (name.clone(), count.as_u64().unwrap())).collect()
}

/// Renewals of a token are not counted against the key.
fn sum(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(name, _)| !name.contains("/oauth/")).map(|(_, count)| count).sum()
}

async fn observe(house: &House, extent: Extent) -> Observed {
    let mut run = house.begin(Command::Snapshot).await;
    run.extent = extent;
    let mut reader = house.reader().await;
    let clock = house.clock.as_ref();
    let observed =
        pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, clock).await.unwrap();
    pipeline::decide(&house.warehouse, &run).await.unwrap();
    house.end(run.id, 0).await;
    observed
}

fn five_minutes_later(house: &House) {
    house.clock.advance(TimeDelta::minutes(5));
}

/// What one shop has on Etsy, in rows.
#[derive(Debug)]
struct There {
    receipts: u64,
    cancelled: u64,
}

async fn there(house: &House) -> There {
    let world = house.pair.world.lock().await;
    let count = |count: usize| u64::try_from(count).unwrap();
    let cancelled =
        world.receipts().iter().filter(|receipt| receipt.status == ReceiptStatus::Canceled).count();
    There { receipts: count(world.receipts().len() - cancelled), cancelled: count(cancelled) }
}

#[tokio::test]
async fn a_quiet_shop_takes_five_calls_and_each_hundred_changes_one_more() {
    let house = House::new(350, 130, 1, 21).await;
    observe(&house, Extent::default()).await;
    calls(&house).await;
    for round in 0..14 {
        five_minutes_later(&house);
        observe(&house, Extent::default()).await;
        let made = calls(&house).await;
        assert!(sum(&made) <= 5, "round {round}: {made:?}");
    }
    for changed in [1_u64, 40, 100, 230] {
        five_minutes_later(&house);
        // so that what changed before is no longer in the overlap
        house.clock.advance(TimeDelta::minutes(20));
        let now = house.clock.now() - TimeDelta::minutes(1);
        house.pair.world.lock().await.ship_some(usize::try_from(changed).unwrap(), now);
        observe(&house, Extent::default()).await;
        let made = calls(&house).await;
        assert!(sum(&made) <= 5 + changed.div_ceil(100), "{changed} changed: {made:?}");
    }
}

const LISTINGS: u64 = 1_000;

#[tokio::test]
async fn a_first_import_is_within_three_percent_of_the_least_there_can_be() {
    for order in [LedgerOrder::NewestFirst, LedgerOrder::OldestFirst] {
        let house = House::with(
            WorldSize {
                receipts: 20_000,
                listings: usize::try_from(LISTINGS).unwrap(),
                shops: 1,
                seed: 5,
            },
            |options| options.etsy.ledger_order = order,
        )
        .await;
        observe(&house, Extent::default()).await;
        let there = there(&house).await;
        let made = calls(&house).await;
        let of = |part: &str| {
            made.iter()
                .filter(|(name, _)| name.ends_with(part))
                .map(|(_, count)| *count)
                .sum::<u64>()
        };
        let receipts = there.receipts.div_ceil(100) + there.cancelled.div_ceil(100);
        assert!(of("/receipts") * 100 <= receipts * 103, "{there:?} {made:?}");
        // five lists, each of which ends with a page that is not full
        assert!(of("/listings") <= LISTINGS.div_ceil(100) + 4, "{there:?} {made:?}");
        let ledger: i64 = house
            .ours
            .client()
            .await
            .query_one("select count(*) from staging.etsy_ledger_entry", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(of("/ledger-entries"), u64::try_from(ledger).unwrap().div_ceil(100), "{made:?}");
        // the shop, and four kinds of what hardly ever changes
        let money = of("/ledger-entries") + of("/payments");
        assert_eq!(sum(&made) - of("/receipts") - of("/listings") - money, 5, "{made:?}");
        five_minutes_later(&house);
        observe(&house, Extent::default()).await;
        let made = calls(&house).await;
        assert!(sum(&made) <= 5, "{made:?}");
    }
}

/// Refunds do not move a receipt's time of change: the ledger names them.
#[tokio::test]
async fn a_refund_is_found_by_the_ledger_in_the_next_run() {
    let house = House::new(200, 40, 1, 8).await;
    observe(&house, Extent::default()).await;
    for round in 0..4 {
        five_minutes_later(&house);
        let now = house.clock.now() - TimeDelta::minutes(1);
        house.pair.world.lock().await.refund(2, now);
        observe(&house, Extent::default()).await;
        let wanted: BTreeMap<i64, i64> = {
            let world = house.pair.world.lock().await;
            let refunded = world.receipts().iter().filter(|receipt| !receipt.refunds.is_empty());
            refunded
                .map(|receipt| {
                    let sum = receipt.refunds.iter().map(|refund| refund.amount).sum();
                    (receipt.receipt_id.0, sum)
                })
                .collect()
        };
        let rows = house
            .ours
            .client()
            .await
            .query(
                "select receipt_id, (refunded * 100)::bigint as minor from staging.etsy_receipt where refunded <> 0",
                &[],
            )
            .await
            .unwrap();
        let kept: BTreeMap<i64, i64> =
            rows.iter().map(|row| (row.get("receipt_id"), row.get("minor"))).collect();
        assert_eq!(kept, wanted, "round {round}");
    }
}

/// The whole ledger, if it is wanted: every entry, the chain unbroken, in whichever order Etsy sends it, and however few
/// pages a run may read.
#[tokio::test]
async fn the_ledger_is_read_to_its_beginning() {
    for order in [LedgerOrder::NewestFirst, LedgerOrder::OldestFirst] {
        let house =
            House::with(WorldSize { receipts: 300, listings: 40, shops: 1, seed: 9 }, |options| {
                options.etsy.ledger_order = order;
            })
            .await;
        // the policy may come later than the first run
        observe(&house, Extent::default()).await;
        let shop = house.shops().await.remove(0);
        let mut policy = shop.policy.clone();
        policy.ledger_from = Some(house.clock.now() - TimeDelta::days(3 * 365));
        etsy_odoo::shop::set_policy(&house.warehouse, shop.id, &policy).await.unwrap();
        observe(&house, Extent { full: true, from: None }).await;
        five_minutes_later(&house);
        house.pair.world.lock().await.buy(150, house.clock.now() - TimeDelta::minutes(2));
        for _ in 0..30 {
            five_minutes_later(&house);
            observe(&house, Extent::default()).await;
        }
        let client = house.ours.client().await;
        let row = client
            .query_one(
                "select count(*) as entries, max(sequence_number) - min(sequence_number) + 1 as span,
                     (select count(*) from snapshot.ledger_gap) as gaps,
                     (select count(*) from snapshot.payment_wanted) as payments,
                     (select coalesce(sum(broken_links), 0) from snapshot.etsy_window) as broken
                 from staging.etsy_ledger_entry",
                &[],
            )
            .await
            .unwrap();
        let number = |name: &str| row.get::<_, i64>(name);
        assert!(number("entries") > 1_500, "{}", number("entries"));
        assert_eq!(number("entries"), number("span"), "no entry is missing");
        assert_eq!((number("gaps"), number("payments"), number("broken")), (0, 0, 0));
        let breaks = etsy_odoo::stage::ledger_breaks(&house.warehouse, &[shop.id]).await.unwrap();
        assert!(breaks.is_empty(), "{breaks:?}");
    }
}

/// When the day's calls are spent the run says until when, and the next one goes on where it was.
#[tokio::test]
async fn an_import_that_meets_the_end_of_the_day_goes_on_where_it_was() {
    let mut house = House::new(1_500, 60, 1, 13).await;
    let spent = Fault::Status {
        code: 429,
        body: r#"{"error":"Exceeded daily rate limit"}"#.to_owned(),
        after_effect: false,
    };
    let mut of_receipts = 0;
    for day in 1..=3 {
        let faults = &house.pair.options.etsy.faults;
        faults.replace(vec![FaultRule::nth("/receipts", 6, spent.clone())]);
        let run = house.begin(Command::Snapshot).await;
        let mut reader = house.reader().await;
        let clock = house.clock.as_ref();
        let ended =
            pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, clock).await;
        let error = ended.unwrap_err();
        let advice = error.advice();
        assert_eq!(advice.trouble, Trouble::TryAgain, "day {day}: {error:?}");
        assert!(advice.hint.unwrap().contains("goes on where it stopped"));
        let made = calls(&house).await;
        of_receipts += made.get("GET /v3/application/shops/{id}/receipts").unwrap();
        house.begin_a_new_day();
        house.pair.options.etsy.faults.replace(Vec::new());
    }
    observe(&house, Extent::default()).await;
    let made = calls(&house).await;
    of_receipts += made.get("GET /v3/application/shops/{id}/receipts").unwrap();
    let there = there(&house).await;
    let kept: i64 = house
        .ours
        .client()
        .await
        .query_one("select count(*) from staging.etsy_receipt", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(u64::try_from(kept).unwrap(), there.receipts + there.cancelled);
    let least = there.receipts.div_ceil(99) + there.cancelled.div_ceil(100);
    // of each interruption: the refused call, those in flight beside it, and the page that is joined anew
    assert!(of_receipts <= least + 3 * 8, "{of_receipts} calls, {least} at least");
}
