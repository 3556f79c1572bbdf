//! What a person sees who connects the quantities of a shop: adopts what Etsy has, makes Odoo the master, sets rules, and asks
//! where a number comes from.

use crate::support::{Office, transcript};

/// The first SKU of a plain listing for sale of which Odoo has stock.
async fn a_sku(office: &Office) -> String {
    let client = office.ours.client().await;
    client
        .query_one(
            "select offering.sku
             from staging.offering_target as target
             join staging.etsy_offering as offering using (shop_id, listing_id, variant_key)
             join staging.etsy_listing as listing using (shop_id, listing_id)
             where target.obstacle is null and target.known > 2 and target.variant_key = '' and listing.state = 'active'
                 and offering.sku is not null
             order by target.listing_id
             limit 1",
            &[],
        )
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn quantities_are_adopted_explained_and_ruled() {
    let office = Office::ready(1).await;
    let program = &office.program;
    let name = &office.shops[0].name;
    program.run("run").await.expect(0);
    office.settle_turns().await;
    let mut endings = vec![program.run("inventory adopt").await];
    endings.push(program.run("apply --plan 2").await);
    program.run(&format!("shop set {name} stock_master=odoo")).await.expect(0);
    endings.push(program.run("plan --only inventory").await);
    let sku = a_sku(&office).await;
    for line in [
        format!("inventory explain {sku}"),
        format!("inventory rule {name} {sku} buffer=1 cap=5"),
        "inventory rules".to_owned(),
        "plan --only inventory".to_owned(),
        format!("inventory explain {sku} --shop {name}"),
        format!("inventory rule {name} {sku} buffer= cap="),
        format!("inventory rule {name} {sku} bufer=1"),
        format!("inventory rule {name} {sku} cap=many"),
        format!("inventory rule {name} {sku} cap"),
        "inventory explain NO-SUCH-SKU".to_owned(),
    ] {
        endings.push(program.run(&line).await);
    }
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
        for line in ending.stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    insta::assert_snapshot!("quantities", transcript(&endings));
    let json = program.run(&format!("inventory explain {sku} --json")).await.expect(0);
    let document: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(document["schema"], "etsy-odoo/inventory/1");
    assert_eq!(document["offerings"][0]["sku"], sku);
    let rules = program.run("inventory rules --json").await.expect(0);
    let document: serde_json::Value = serde_json::from_str(&rules.said).unwrap();
    assert_eq!(document["rules"], serde_json::json!([]));
}

/// A shop whose quantities are nobody's costs nothing and shows nothing.
#[tokio::test]
async fn without_a_master_nothing_is_compared() {
    let office = Office::ready(1).await;
    office.program.run("run").await.expect(0);
    let plan = office.program.run("plan --only inventory").await.expect(0);
    assert!(plan.stdout.contains("Nothing was compared."), "{}", plan.stdout);
    let client = office.ours.client().await;
    for table in ["staging.offering_target", "staging.compared_listing", "staging.pending_part"] {
        let rows: i64 =
            client.query_one(&["select count(*) from ", table].concat(), &[]).await.unwrap().get(0);
        assert_eq!(rows, 0, "{table}");
    }
}
