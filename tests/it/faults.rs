//! Every fault at every call: nothing lost, nothing doubled, and the next plan is empty.

use std::time::Duration;

use etsy_odoo::apply::{ApplyOptions, apply};
use etsy_odoo::domain::Clock as _;
use etsy_odoo::journal::Command;
use etsy_odoo::odoo::OdooWriter;
use etsy_odoo::pipeline;
use etsy_odoo::sandbox::faults::{Fault, FaultRule};

use crate::support::House;

fn every_fault() -> Vec<Fault> {
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
    house.clock.advance(chrono::TimeDelta::minutes(2));
}

/// A whole run that may fail anywhere. Whether it reached its end.
async fn try_run(house: &House) -> bool {
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
    apply(&house.warehouse, &writer, &mut reader, run.id, run.id, clock, &hasty).await.is_ok()
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
