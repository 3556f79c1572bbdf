//! `apply`, killed at every call it makes, before and after the call's effect: the same end state, no order twice.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use etsy_odoo::domain::{Clock as _, RunId};
use etsy_odoo::sandbox::faults::{Fault, FaultRule};

use crate::support::{House, as_role};

/// No machine is this slow; a test that waits longer has failed.
const CEILING: Duration = Duration::from_mins(1);

/// Longer than the test runs: whoever waits for such an answer is killed first.
const FOR_EVER: u64 = 600_000;

fn settings(house: &House, directory: &tempfile::TempDir) -> std::path::PathBuf {
    let odoo = house.odoo_settings();
    let read_url = as_role(&house.odoo_database.url(), &house.pair.options.reader);
    let text = format!(
        "[database]\nurl = \"{}\"\n[odoo]\nurl = \"{}\"\ndatabase = \"{}\"\nlogin = \"{}\"\napi_key = \"sandbox\"\n\
         read_url = \"{read_url}\"\n",
        house.ours.url(),
        odoo.url,
        odoo.database,
        odoo.login,
    );
    let path = directory.path().join("etsy-odoo.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn start(settings: &std::path::Path, plan: RunId) -> Child {
    Command::new(env!("CARGO_BIN_EXE_etsy-odoo"))
        .env_clear()
        .arg("--config")
        .arg(settings)
        .args(["apply", "--plan", &plan.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Applies to the end. The server may take a moment to see that the killed process's lock is free.
fn finish(settings: &std::path::Path, plan: RunId) -> Option<i32> {
    let begun = Instant::now();
    loop {
        let output = start(settings, plan).wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(75)
            || !said.contains("another run")
            || begun.elapsed() > CEILING
        {
            assert_eq!(output.status.code(), Some(0), "{said}");
            return output.status.code();
        }
    }
}

/// Every paid receipt once, confirmed, with one delivery; every buyer once.
async fn assert_once(house: &House, round: &str) {
    let row = house
        .odoo_database
        .client()
        .await
        .query_one(
            "select
                 (select count(*) from sale_order where x_etsy_receipt_id is not null) as orders,
                 (select count(distinct x_etsy_receipt_id) from sale_order) as receipts,
                 (select count(*) from sale_order where x_etsy_receipt_id is not null and state <> 'sale') as unconfirmed,
                 (select count(*) from res_partner where x_etsy_buyer_id is not null and parent_id is null) as buyers,
                 (select count(distinct x_etsy_buyer_id) from res_partner) as distinct_buyers,
                 (select coalesce(max(copies), 0) from (
                     select count(*) as copies from stock_picking where sale_id is not null group by sale_id
                 ) as picking) as pickings",
            &[],
        )
        .await
        .unwrap();
    let figure = |name: &str| row.get::<_, i64>(name);
    assert_eq!(figure("orders"), figure("receipts"), "{round}");
    assert_eq!(figure("unconfirmed"), 0, "{round}");
    assert_eq!(figure("buyers"), figure("distinct_buyers"), "{round}");
    assert!(figure("pickings") <= 1, "{round}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_call_it_ends_in_the_same_state() {
    let house = House::new(24, 20, 2, 13).await;
    let directory = tempfile::tempdir().unwrap();
    let settings = settings(&house, &directory);
    let faults = house.pair.options.odoo.faults.clone();
    let mut kills = 0;
    for nth in 1.. {
        let mut was_reached = false;
        for fault in
            [Fault::Delay { milliseconds: FOR_EVER }, Fault::LateAnswer { milliseconds: FOR_EVER }]
        {
            house.pair.world.lock().await.buy(4, house.clock.now());
            house.clock.advance(chrono::TimeDelta::minutes(2));
            let (run, planned) = house.plan().await;
            assert!(planned.acts > 0);
            house.end(run.id, 2).await;
            let round = format!("call {nth}, {fault:?}");
            let struck = faults.struck();
            faults.replace(vec![FaultRule::nth("", nth, fault)]);
            let mut child = start(&settings, run.id);
            let begun = Instant::now();
            while faults.struck() == struck && child.try_wait().unwrap().is_none() {
                assert!(begun.elapsed() < CEILING, "{round}: the call was never made");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if faults.struck() > struck {
                was_reached = true;
                kills += 1;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            faults.replace(Vec::new());
            let done = tokio::task::block_in_place(|| finish(&settings, run.id));
            assert_eq!(done, Some(0), "{round}");
            assert_once(&house, &round).await;
            let (_, nothing) = house.plan().await;
            assert_eq!((nothing.acts, nothing.holds), (0, 0), "{round}");
        }
        if !was_reached {
            break;
        }
    }
    assert!(kills >= 16, "only {kills} calls were interrupted");
}
