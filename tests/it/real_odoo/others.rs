//! Others who work at the same time: a second process of ours, and people.

use std::collections::BTreeSet;
use std::time::Duration;

use etsy_odoo::sandbox::world::WorldSize;
use serde_json::json;

use super::{RealOffice, seed};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn two_processes_do_not_apply_at_once() {
    let seed = seed("two_processes");
    let office = RealOffice::new(WorldSize { receipts: 120, listings: 60, shops: 2, seed }).await;
    let plan = office.plan().await;
    let (one, other) = tokio::join!(office.apply(plan), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        office.apply(plan).await
    });
    one.expect(0);
    other.expect_one_error(75);
    office.expect_whole().await;
    office.program.run("plan").await.expect(0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn what_people_write_meanwhile_stays() {
    let seed = seed("people");
    let office = RealOffice::new(WorldSize { receipts: 300, listings: 60, shops: 2, seed }).await;
    let plan = office.plan().await;
    let mut edited: BTreeSet<i32> = BTreeSet::new();
    let apply = office.apply(plan);
    let edit = async {
        // they write on whatever order they see, drafts and sales, as fast as they can
        loop {
            let query = "select id from sale_order where note is null order by random() limit 3";
            let rows = office.odoo.query(query, &[]).await.unwrap();
            let ids: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
            if !ids.is_empty() {
                let values = json!([ids, {"note": "<p>wrap it well</p>"}]);
                office.execute("sale.order", "write", values).await;
                edited.extend(ids);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ending = tokio::select! {
        ending = apply => ending,
        () = edit => unreachable!("people never stop"),
    };
    ending.expect(0);
    println!("{} orders were edited meanwhile", edited.len());
    assert!(edited.len() >= 10);
    let kept = office
        .odoo
        .query_one(
            "select count(*) from sale_order where id = any($1) and note like '%wrap it well%'",
            &[&edited.iter().copied().collect::<Vec<i32>>()],
        )
        .await
        .unwrap();
    assert_eq!(kept.get::<_, i64>(0), i64::try_from(edited.len()).unwrap());
    office.expect_whole().await;
    office.program.run("plan").await.expect(0);
}
