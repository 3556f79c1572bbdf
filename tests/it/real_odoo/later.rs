//! What comes after the first import: more receipts, cancellations, refunds, corrected addresses, edited listings.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use etsy_odoo::domain::{Clock as _, ReceiptId, SystemClock};
use etsy_odoo::sandbox::world::{Edit, Shelved, WorldSize};
use tokio_postgres::types::ToSql;

use super::{RealOffice, seed};

/// A little more than the time that Etsy is given to settle.
const SETTLED: TimeDelta = TimeDelta::seconds(31);

impl RealOffice {
    async fn row(&self, query: &str, parameters: &[&(dyn ToSql + Sync)]) -> tokio_postgres::Row {
        self.odoo.query_one(query, parameters).await.unwrap()
    }

    /// A listing with one variant, whose product was made for it and is sold by no other.
    async fn edited(&self) -> Option<Shelved> {
        let shelves = self.pair.world.lock().await.shelves();
        let users =
            |sku: &String| shelves.iter().filter(|shelved| shelved.skus.contains(sku)).count();
        for shelved in &shelves {
            let [sku] = shelved.skus.as_slice() else { continue };
            let made = "select count(*) from product_template where x_etsy_listing_id = $1";
            let listing = shelved.listing_id.to_string();
            let made: i64 = self.row(made, &[&listing]).await.get(0);
            if !sku.is_empty() && users(sku) == 1 && made == 1 {
                return Some(shelved.clone());
            }
        }
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn what_happens_on_etsy_afterwards_happens_in_odoo() {
    let seed = seed("later");
    let office = RealOffice::new(WorldSize { receipts: 300, listings: 60, shops: 2, seed }).await;
    for (name, ..) in office.shops().await {
        let policy =
            "product_name=etsy product_description=etsy product_sku=etsy product_price=etsy";
        office.program.run(&format!("shop set {name} {policy}")).await.expect(0);
    }
    let plan = office.plan().await;
    office.apply(plan).await.expect(0);
    office.expect_whole().await;
    let pickings = "select count(*) from stock_picking where state not in ('done', 'cancel')";
    let (before, edited) = (office.count(pickings).await, office.edited().await.unwrap());

    // the import took longer than Etsy needs to settle
    let now = SystemClock.now() - SETTLED;
    let (corrected, cancelled): (Vec<ReceiptId>, BTreeSet<String>) = {
        let mut world = office.pair.world.lock().await;
        let corrected = world.correct_address(8, now);
        let cancelled = world.cancel(6, now);
        world.refund(6, now);
        world.buy(15, now);
        let price = Edit::Price(0, 12_300);
        for edit in [Edit::Title("Alder bowl".to_owned()), price, Edit::Sku(0, "BOWL-1".to_owned())]
        {
            assert!(world.edit_listing(edited.listing_id, edit, now));
        }
        (corrected, cancelled.iter().map(ToString::to_string).collect())
    };
    let plan = office.plan().await;
    office.apply(plan).await.expect(0);
    let states = office.states(plan).await;
    println!("{states:?}");
    for action in ["book_order", "cancel_order", "change_address", "update_product"] {
        assert!(states.iter().any(|(done, ..)| done == action), "no {action} in {states:?}");
    }
    assert!(!corrected.is_empty());

    office.expect_whole().await;
    let gone =
        "select count(*) from sale_order where state = 'cancel' and x_etsy_receipt_id = any($1)";
    let gone: i64 = office.row(gone, &[&Vec::from_iter(&cancelled)]).await.get(0);
    assert_eq!(gone, i64::try_from(cancelled.len()).unwrap(), "not all cancelled orders are");
    let astray = "select count(*) from stock_picking p join sale_order o on o.id = p.sale_id
         where p.state not in ('done', 'cancel')
             and (p.partner_id <> o.partner_shipping_id or o.state = 'cancel')";
    assert_eq!(
        office.count(astray).await,
        0,
        "deliveries that go elsewhere, or of cancelled orders"
    );
    assert!(office.count(pickings).await > before - gone, "the new orders have no deliveries");
    let product = "select t.name ->> 'en_US', p.default_code, t.list_price::text
         from product_template t join product_product p on p.product_tmpl_id = t.id
         where t.x_etsy_listing_id = $1";
    let product = office.row(product, &[&edited.listing_id.to_string()]).await;
    let name = format!("[Etsy {}] Alder bowl", edited.listing_id);
    let seen: [Option<String>; 2] = [product.get(0), product.get(1)];
    assert_eq!(seen, [Some(name), Some("BOWL-1".to_owned())]);
    println!("list price: {}", product.get::<_, String>(2));
    office.program.run("plan").await.expect(0);
}
