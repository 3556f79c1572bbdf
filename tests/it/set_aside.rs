//! What a run sets aside or leaves for later, as the person who keeps the orders meets it.

use etsy_odoo::sandbox::etsy::Quirks;
use etsy_odoo::sandbox::world::ReceiptStatus;

use crate::support::Office;

async fn behave(office: &Office, quirks: &Quirks) {
    let lever = format!("{}/_sandbox/quirks", office.pair.etsy_url);
    let quirks = serde_json::to_string(quirks).unwrap();
    let answer = reqwest::Client::new().post(lever).body(quirks).send().await.unwrap();
    assert!(answer.status().is_success());
}

/// A receipt that does not read is set aside, and its neighbours are booked; read again from the stored page it is as bad as it
/// was, from an Etsy that has come to its senses it is good, and the next run books it.
#[tokio::test]
async fn a_reject_is_read_again_when_somebody_asks() {
    let office = Office::ready(1).await;
    behave(&office, &Quirks { zero_divisor: 300, ..Quirks::default() }).await;
    let program = &office.program;
    let first = program.run("run").await.expect(3);
    assert!(first.said.contains("rejects are open"), "{}", first.said);
    let listed = program.run("rejects --json").await.expect(0);
    office.expect_discretion(&listed.said).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let numbers: Vec<String> = listed["rejects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reject| {
            assert_eq!(reject["field"], "grandtotal");
            reject["reject"].to_string()
        })
        .collect();
    assert!(!numbers.is_empty());
    let retry = format!("rejects retry {}", numbers.join(" "));
    let still = program.run(&retry).await.expect(3);
    assert_eq!(still.stdout.matches("still does not read: `grandtotal`").count(), numbers.len());
    behave(&office, &Quirks::default()).await;
    let read = program.run(&retry).await.expect(0);
    assert_eq!(read.stdout.matches("is read").count(), numbers.len(), "{}", read.stdout);
    assert_eq!(program.run("rejects").await.expect(0).said, "");
    program.run("run").await.expect(0);
    let client = office.odoo.client().await;
    let orders: i64 = client
        .query_one("select count(*) from sale_order where x_etsy_receipt_id is not null", &[])
        .await
        .unwrap()
        .get(0);
    let world = office.pair.world.lock().await;
    let due = world
        .receipts()
        .iter()
        .filter(|receipt| receipt.is_paid() && receipt.status != ReceiptStatus::Canceled);
    assert_eq!(usize::try_from(orders).unwrap(), due.count());
}

/// What is left of the day is kept for orders: they are booked, listings wait, and the line says until when.
#[tokio::test]
async fn listings_wait_when_the_calls_that_are_left_are_kept_for_orders() {
    let office = Office::ready(1).await;
    let program = &office.program;
    program.run("run").await.expect(0);
    let counted = |office: &Office| {
        let url = format!("{}/_sandbox/calls", office.pair.etsy_url);
        async move {
            let text = reqwest::Client::new().get(url).send().await.unwrap().text().await.unwrap();
            let counted: serde_json::Value = serde_json::from_str(&text).unwrap();
            counted["calls"]["GET /v3/application/shops/{id}/listings"].as_u64().unwrap()
        }
    };
    let before = counted(&office).await;
    // the calls that were made so far use up what is not kept
    let little =
        &[("ETSY_ODOO_ETSY__CALLS_PER_DAY", "40"), ("ETSY_ODOO_ETSY__RESERVED_FOR_ORDERS", "20")];
    let mut ending = program.run_in("run", little, "").await;
    for _ in 0..3 {
        ending = program.run_in("run", little, "").await;
    }
    ending.expect(75);
    let said = program.run("runs").await.expect(0).stdout;
    assert!(said.contains("listings were not read"), "{said}");
    let after = counted(&office).await;
    assert!(after < before + 4, "{before}, {after}");
}
