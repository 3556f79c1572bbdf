//! What a person can get wrong: the right code, one clear error, and a next run that works.

use etsy_odoo::domain::ReceiptId;
use etsy_odoo::sandbox::world::{ReceiptStatus, WorldSize};
use serde_json::json;

use super::{BOT, RealOffice, seed};

/// Nothing listens on the first port of a machine.
const NOBODY: &str = "http://127.0.0.1:1";

impl RealOffice {
    async fn expect_error(&self, line: &str, variable: (&str, &str), code: i32) {
        let ending = self.program.run_with(line, &[variable]).await.expect_one_error(code);
        println!("{line}, {variable:?}, {code}:\n{}", ending.stderr);
    }

    /// Receipts that have to become orders.
    async fn receipts_due(&self) -> Vec<ReceiptId> {
        let world = self.pair.world.lock().await;
        let due = world
            .receipts()
            .iter()
            .filter(|receipt| receipt.is_paid() && receipt.status != ReceiptStatus::Canceled);
        due.map(|receipt| receipt.receipt_id).collect()
    }

    async fn orders_of(&self, receipt: ReceiptId) -> i64 {
        let query =
            "select count(*) from sale_order where x_etsy_receipt_id = $1 and state <> 'cancel'";
        self.odoo.query_one(query, &[&receipt.to_string()]).await.unwrap().get(0)
    }

    async fn make_by_hand(&self, receipt: ReceiptId) -> i64 {
        let partner = self.record("base.main_partner").await;
        let values = json!([{"partner_id": partner, "x_etsy_receipt_id": receipt.to_string()}]);
        self.execute("sale.order", "create", values).await.as_i64().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn settings_that_lead_nowhere() {
    let seed = seed("settings");
    let office = RealOffice::new(WorldSize { receipts: 12, listings: 10, shops: 1, seed }).await;
    let plan = office.plan().await;
    let apply = format!("apply --plan {plan}");
    for (variable, code) in [
        (("ETSY_ODOO_ODOO__URL", NOBODY), 75),
        (("ETSY_ODOO_ODOO__DATABASE", "nowhere"), 78),
        (("ETSY_ODOO_ODOO__LOGIN", "nobody"), 78),
        (("ETSY_ODOO_ODOO__API_KEY", "guess"), 78),
    ] {
        office.expect_error(&apply, variable, code).await;
    }
    assert_eq!(office.count("select count(*) from sale_order").await, 0);
    office.apply(plan).await.expect(0);
    office.expect_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn a_right_that_is_missing_is_named_with_its_group() {
    let seed = seed("rights");
    let office = RealOffice::new(WorldSize { receipts: 12, listings: 10, shops: 1, seed }).await;
    let plan = office.plan().await;
    let user = office
        .execute("res.users", "search", json!([[["login", "=", BOT]]]))
        .await
        .pointer("/0")
        .cloned()
        .unwrap();
    // in the order in which a run needs them, for what is done is not asked for again
    for (group, name) in [
        ("product.group_product_manager", "Extra Rights/Product Creation"),
        ("base.group_partner_manager", "Extra Rights/Contact Creation"),
        ("account.group_account_readonly", "Technical/Show Accounting Features - Readonly"),
    ] {
        let id = office.record(group).await;
        let leave = json!([[user], {"groups_id": [[3, id]]}]);
        office.execute("res.users", "write", leave).await;
        let check = office.program.run("check").await;
        assert!(check.unbroken().contains(name), "{}", check.transcript());
        let ending = office.apply(plan).await.expect_one_error(78);
        println!("without {group}:\n{}", ending.stderr);
        assert!(ending.stderr.contains(name), "{}", ending.stderr);
        let join = json!([[user], {"groups_id": [[4, id]]}]);
        office.execute("res.users", "write", join).await;
    }
    office.apply(plan).await.expect(0);
    office.expect_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn a_field_of_another_type_is_named() {
    let seed = seed("field");
    let office = RealOffice::new(WorldSize { receipts: 12, listings: 10, shops: 1, seed }).await;
    let domain = json!([[["name", "=", "x_etsy_buyer_id"], ["model", "=", "res.partner"]]]);
    let field = office.execute("ir.model.fields", "search", domain).await;
    office.execute("ir.model.fields", "unlink", json!([field])).await;
    let model = office.record("base.model_res_partner").await;
    let integer = json!([{
        "model_id": model, "name": "x_etsy_buyer_id", "field_description": "Buyer", "ttype": "integer",
    }]);
    let field = office.execute("ir.model.fields", "create", integer).await;
    let init = office.program.run_in("init --admin-login admin", &[], super::ADMIN).await;
    let plan = office.program.run("plan").await;
    for ending in [init, plan] {
        let ending = ending.expect_one_error(78);
        println!("{}", ending.stderr);
        assert!(ending.stderr.contains("x_etsy_buyer_id"), "{}", ending.stderr);
    }
    office.execute("ir.model.fields", "unlink", json!([[field]])).await;
    office.program.run_in("init --admin-login admin", &[], super::ADMIN).await.expect(0);
    let plan = office.plan().await;
    office.apply(plan).await.expect(0);
    office.expect_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn orders_made_by_hand_and_currencies_that_are_missing_are_held() {
    let seed = seed("held");
    let office = RealOffice::new(WorldSize { receipts: 60, listings: 30, shops: 3, seed }).await;
    let due = office.receipts_due().await;
    let doubled = due[0];
    let copies = [office.make_by_hand(doubled).await, office.make_by_hand(doubled).await];
    // pricelist 2 is the one in EUR
    office.execute("product.pricelist", "write", json!([[2], {"active": false}])).await;
    let plan = office.plan().await;
    let text = office.program.run(&format!("runs show {plan}")).await;
    println!("{}", text.stdout);
    for words in ["every pricelist in EUR is archived", "claim this receipt"] {
        assert!(text.unbroken().contains(words), "{words}: {}", text.stdout);
    }
    office.apply(plan).await.expect(3);
    assert_eq!(office.orders_of(doubled).await, 2, "a third one was made");
    let euros = "select count(*) from sale_order o join res_currency c on c.id = o.currency_id where c.name = 'EUR'";
    assert_eq!(office.count(euros).await, 0);
    assert!(office.count("select count(*) from sale_order where state = 'sale'").await > 0);

    // a person settles both
    office.execute("sale.order", "unlink", json!([copies])).await;
    office.execute("product.pricelist", "write", json!([[2], {"active": true}])).await;
    let plan = office.plan().await;
    office.apply(plan).await.expect(0);
    assert!(office.count(euros).await > 0);
    office.expect_whole_but(&[doubled.0].into()).await;
    assert_eq!(office.orders_of(doubled).await, 1);
}
