//! Every fault at every call: nothing lost, nothing doubled, and the next plan is empty.

use std::time::Duration;

use chrono::TimeDelta;
use etsy_odoo::apply::{ApplyOptions, Sides, apply};
use etsy_odoo::domain::Clock as _;
use etsy_odoo::journal::Command;
use etsy_odoo::odoo::OdooWriter;
use etsy_odoo::pipeline;
use etsy_odoo::sandbox::etsy::Quirks;
use etsy_odoo::sandbox::faults::{Fault, FaultRule};
use etsy_odoo::sandbox::world::{Receipt, WorldSize};
use etsy_odoo::snapshot::Extent;

use crate::support::House;

pub(crate) fn every_fault() -> Vec<Fault> {
    vec![
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Truncated,
        Fault::Html,
        Fault::Status { code: 502, body: String::new(), after_effect: false },
        Fault::Status { code: 502, body: String::new(), after_effect: true },
        Fault::Status {
            code: 500,
            body: "{\"error\": \"Server Error\"}".to_owned(),
            after_effect: true,
        },
    ]
}

async fn buy(house: &House) {
    house.pair.world.lock().await.buy(3, house.clock.now());
    house.clock.advance(TimeDelta::minutes(2));
}

/// A whole run that may fail anywhere. Whether it reached its end.
pub(crate) async fn try_run(house: &House) -> bool {
    let run = house.begin(Command::Run).await;
    let mut reader = house.reader().await;
    let seen =
        pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, house.clock.as_ref())
            .await;
    if seen.is_err() || pipeline::decide(&house.warehouse, &run).await.is_err() {
        return false;
    }
    let Ok(writer) = OdooWriter::connect(&house.odoo_settings()).await else { return false };
    let hasty = ApplyOptions { pause: Duration::from_millis(5), ..ApplyOptions::default() };
    let clock = house.clock.as_ref();
    let etsy = Some(pipeline::way_to_etsy(&house.warehouse, &house.etsy));
    let sides = Sides { odoo: &writer, odoo_reader: &mut reader, etsy };
    apply(&house.warehouse, sides, run.id, run.id, clock, &hasty).await.is_ok()
}

/// Each paid receipt of the world has one order, and no receipt has two.
async fn assert_whole(house: &House, round: &str) {
    let due = {
        use etsy_odoo::sandbox::world::ReceiptStatus;
        let world = house.pair.world.lock().await;
        let is_due = |status| status != ReceiptStatus::Canceled;
        world
            .receipts()
            .iter()
            .filter(|receipt| receipt.is_paid() && is_due(receipt.status))
            .count()
    };
    let row = house
        .odoo_database
        .client()
        .await
        .query_one(
            "select count(*) as orders, count(distinct x_etsy_receipt_id) as receipts,
                 count(*) filter (where state = 'sale') as confirmed
             from sale_order where x_etsy_receipt_id is not null",
            &[],
        )
        .await
        .unwrap();
    let figure = |name: &str| usize::try_from(row.get::<_, i64>(name)).unwrap();
    assert_eq!(
        (figure("orders"), figure("receipts"), figure("confirmed")),
        (due, due, due),
        "{round}"
    );
    let (_, nothing) = house.plan().await;
    assert_eq!((nothing.acts, nothing.holds), (0, 0), "{round}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odoo_may_fail_at_any_call() {
    let house = House::new(12, 14, 2, 17).await;
    house.run().await;
    let faults = house.pair.options.odoo.faults.clone();
    let mut struck = 0;
    for nth in 1..=11 {
        for fault in every_fault() {
            buy(&house).await;
            let round = format!("call {nth}, {fault:?}");
            let before = faults.struck();
            faults.replace(vec![FaultRule::nth("", nth, fault)]);
            try_run(&house).await;
            struck += faults.struck() - before;
            faults.replace(Vec::new());
            assert!(try_run(&house).await, "{round}: the run after the fault failed");
            assert_whole(&house, &round).await;
        }
    }
    assert!(struck > 50, "only {struck} calls were struck");
}

#[tokio::test(flavor = "multi_thread")]
async fn etsy_may_fail_at_any_call() {
    let house = House::new(12, 14, 1, 19).await;
    house.run().await;
    let faults = house.pair.options.etsy.faults.clone();
    for nth in [1, 3, 7] {
        // the page that asks to be left alone for 30 s is obeyed, and a clock that stands still never gets there: the
        // tests of `etsy` have it
        for fault in every_fault().into_iter().filter(|fault| *fault != Fault::Html) {
            buy(&house).await;
            let round = format!("call {nth}, {fault:?}");
            faults.replace(vec![FaultRule::nth("", nth, fault)]);
            // a read that fails is made again, so the run itself goes through
            assert!(try_run(&house).await, "{round}");
            faults.replace(Vec::new());
            assert_whole(&house, &round).await;
        }
    }
}

/// What the market has, as staging should have it: how many receipts, and how much money.
async fn there(house: &House) -> (i64, i64) {
    let world = house.pair.world.lock().await;
    let count = i64::try_from(world.receipts().len()).unwrap();
    (count, world.receipts().iter().map(Receipt::grandtotal).sum())
}

async fn staged(house: &House) -> (i64, i64) {
    let row = house
        .ours
        .client()
        .await
        .query_one(
            "select count(*) as receipts, coalesce(sum(grandtotal * 100), 0)::bigint as money
             from staging.etsy_receipt",
            &[],
        )
        .await
        .unwrap();
    (row.get("receipts"), row.get("money"))
}

/// A fifth of all calls to Etsy fails, in every way at once: a run ends complete, or it says what is missing, and the next
/// one with a better line completes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_fifth_of_the_calls_may_fail() {
    let refusal =
        |code: u16, body: &str| Fault::Status { code, body: body.to_owned(), after_effect: false };
    let mut ways = every_fault();
    ways.retain(|fault| *fault != Fault::Html);
    ways.push(refusal(429, r#"{"error":"Exceeded per second rate limit"}"#));
    ways.push(refusal(
        401,
        r#"{"error":"invalid_token","error_description":"access token is expired"}"#,
    ));
    ways.push(refusal(200, "<!DOCTYPE html><title>Oops</title>"));
    let share = 0.2 / f64::from(u32::try_from(ways.len()).unwrap());
    let mut complete = 0;
    for seed in 0..4_u64 {
        // dollars only, so that money has two decimals
        let house = House::new(230, 20, 1, 3 + seed).await;
        let faults = house.pair.options.etsy.faults.clone();
        let rules = ways.iter().zip(0..).map(|(fault, number)| {
            FaultRule::probability("/v3/", share, seed * 100 + number, fault.clone())
        });
        faults.replace(rules.collect());
        let run = house.begin(Command::Run).await;
        let mut reader = house.reader().await;
        let clock = house.clock.as_ref();
        let seen = pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, clock).await;
        faults.replace(Vec::new());
        match seen {
            Ok(_) => {
                complete += 1;
                pipeline::decide(&house.warehouse, &run).await.unwrap();
            }
            Err(error) => {
                let advice = error.advice();
                assert!(advice.hint.is_some(), "seed {seed}: {error:?}");
                house.plan().await;
            }
        }
        assert_eq!(staged(&house).await, there(&house).await, "seed {seed}");
    }
    assert!(complete > 0, "no run went through");
}

/// Every deviation at once, at every tenth row: what reads is staged, what does not is set aside with its reason, and the
/// next run, when Etsy has come to its senses, has all.
#[tokio::test(flavor = "multi_thread")]
async fn every_quirk_at_once_is_survived() {
    for seed in 0..4_u64 {
        let size = WorldSize { receipts: 260, listings: 40, shops: 1, seed: 40 + seed };
        let quirks = Quirks::everywhere(seed, 100);
        let house = House::with(size, |options| options.etsy.quirks = quirks).await;
        house.plan().await;
        let client = house.ours.client().await;
        let figures = || async {
            let row = client
                .query_one(
                    "select (select count(*) from staging.etsy_receipt) as staged,
                         (select count(distinct (entity, entity_id)) from staging.reject
                             where resolved_in_run is null and entity = 'receipt') as open,
                         (select count(*) from staging.drift) as new",
                    &[],
                )
                .await
                .unwrap();
            ["staged", "open", "new"].map(|name| row.get::<_, i64>(name))
        };
        let [staged, open, new] = figures().await;
        let (all, _) = there(&house).await;
        assert_eq!(staged + open, all, "seed {seed}: a receipt is staged or set aside");
        assert!(open > 20 && staged > 100 && new > 0, "seed {seed}: {staged}, {open}, {new}");
        let etsy_url = &house.pair.etsy_url;
        let calm = serde_json::to_string(&Quirks::default()).unwrap();
        let lever = reqwest::Client::new().post(format!("{etsy_url}/_sandbox/quirks"));
        assert!(lever.body(calm).send().await.unwrap().status().is_success());
        let mut run = house.begin(Command::Run).await;
        run.extent = Extent { full: true, from: Some(house.clock.now() - TimeDelta::days(3_650)) };
        let mut reader = house.reader().await;
        let clock = house.clock.as_ref();
        pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, clock).await.unwrap();
        pipeline::decide(&house.warehouse, &run).await.unwrap();
        let [staged, open, later] = figures().await;
        assert_eq!((staged, open), (all, 0), "seed {seed}");
        assert_eq!(later, new, "seed {seed}: what was new is told once");
    }
}
