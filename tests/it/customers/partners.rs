//! Whose partners the buyers are, which language they have, and what people do with them in Odoo.

use etsy_odoo::domain::{Clock as _, ReceiptId};
use etsy_odoo::shop::{self, Partners, Policy};

use super::{assert_settled, due, reasons, shipping};
use crate::support::House;

async fn decide_policy(house: &House, change: impl Fn(&mut Policy)) {
    for shop in house.shops().await {
        let mut policy = shop.policy.clone();
        change(&mut policy);
        shop::set_policy(&house.warehouse, shop.id, &policy).await.unwrap();
    }
}

async fn in_odoo(house: &House, statement: &str) {
    house.odoo_database.client().await.batch_execute(statement).await.unwrap();
}

async fn partners(house: &House) -> i64 {
    let client = house.odoo_database.client().await;
    let row = client
        .query_one("select count(*) from res_partner where x_etsy_buyer_id is not null", &[])
        .await
        .unwrap();
    row.get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_written_if_odoo_has_it_and_holds_customers_if_not() {
    let house = House::new(12, 14, 1, 37).await;
    decide_policy(&house, |policy| policy.language = Some("fr_FR".to_owned())).await;
    let (run, planned) = house.plan().await;
    let said = reasons(&house, run.id.0).await;
    let held = said.iter().filter(|(decision, reason)| {
        decision == "hold"
            && reason.contains("fr_FR is not active")
            && reason.contains("de_DE, en_US")
    });
    assert!(held.count() > 5, "{said:?}");
    assert!(planned.holds > 10);
    decide_policy(&house, |policy| policy.language = Some("de_DE".to_owned())).await;
    house.run().await;
    for receipt in due(&house).await {
        assert_eq!(shipping(&house, receipt).await.get::<_, String>("lang"), "de_DE");
    }
    assert_settled(&house, "in German").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_has_partners_of_its_own() {
    let house = House::new(10, 14, 1, 41).await;
    house.run().await;
    let shared = partners(&house).await;
    let before = due(&house).await;
    in_odoo(
        &house,
        "insert into res_company (name, partner_id, currency_id, active)
         select 'Second', partner_id, currency_id, true from res_company where id = 1",
    )
    .await;
    decide_policy(&house, |policy| policy.partners = Partners::Own).await;
    let bought = house.pair.world.lock().await.buy(4, house.clock.now());
    house.clock.advance(chrono::TimeDelta::minutes(2));
    let (run, _) = house.plan().await;
    let said = reasons(&house, run.id.0).await;
    assert!(said.iter().any(|(_, reason)| reason.contains("set company_id for shop")), "{said:?}");
    decide_policy(&house, |policy| policy.company_id = Some(2)).await;
    house.run().await;
    let booked: Vec<ReceiptId> =
        due(&house).await.into_iter().filter(|receipt| bought.contains(receipt)).collect();
    assert!(!booked.is_empty());
    for receipt in booked {
        let row = shipping(&house, receipt).await;
        assert_eq!(row.get::<_, Option<i32>>("company_id"), Some(2));
    }
    // orders that are there have their partners: only the new ones need others
    let made = partners(&house).await - shared;
    assert!((1..=8).contains(&made), "{made} partners were made");
    for receipt in before {
        // booked before, and neither moved nor booked again
        assert_eq!(shipping(&house, receipt).await.get::<_, Option<i32>>("company_id"), None);
    }
    assert_settled(&house, "in the second company").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_partners_are_one_and_deleted_ones_are_made_again() {
    let house = House::new(30, 14, 1, 43).await;
    house.run().await;
    let made = partners(&house).await;
    // what Odoo's contact merge does: everything of one record is of the other
    in_odoo(
        &house,
        "create temporary table pair as
         select array_agg(id order by id) as ids from (
             select id from res_partner where type = 'delivery' and x_etsy_buyer_id is not null order by id limit 3
         ) as first_three;
         update ir_model_data set res_id = pair.ids[1] from pair where model = 'res.partner' and res_id = any(pair.ids);
         update sale_order set partner_shipping_id = pair.ids[1] from pair where partner_shipping_id = any(pair.ids);
         update stock_picking set partner_id = pair.ids[1] from pair where partner_id = any(pair.ids);
         update stock_move set partner_id = pair.ids[1] from pair where partner_id = any(pair.ids);
         update procurement_group set partner_id = pair.ids[1] from pair where partner_id = any(pair.ids);
         delete from res_partner using pair where res_partner.id = any(pair.ids[2:])",
    )
    .await;
    assert_settled(&house, "merged").await;
    assert_eq!(partners(&house).await, made - 2);
    // the order with the youngest address, and the address, are deleted
    let client = house.odoo_database.client().await;
    let row = client
        .query_one(
            "select booked.id, booked.x_etsy_receipt_id::bigint as receipt from sale_order as booked
             join res_partner as partner on partner.id = booked.partner_shipping_id
             where booked.x_etsy_receipt_id is not null and partner.type = 'delivery' order by partner.id desc limit 1",
            &[],
        )
        .await
        .unwrap();
    let (order, receipt): (i32, i64) = (row.get("id"), row.get("receipt"));
    in_odoo(
        &house,
        &format!(
            "delete from ir_model_data where model = 'res.partner'
                 and res_id = (select partner_shipping_id from sale_order where id = {order});
             update res_partner set x_etsy_buyer_id = null, active = false
                 where id = (select partner_shipping_id from sale_order where id = {order})"
        ),
    )
    .await;
    assert_settled(&house, "an address that no order needs any more").await;
    in_odoo(
        &house,
        &format!(
            "delete from ir_model_data where (model = 'sale.order' and res_id = {order}) or (model = 'sale.order.line'
                 and res_id in (select id from sale_order_line where order_id = {order}));
             update sale_order set x_etsy_receipt_id = null where id = {order}"
        ),
    )
    .await;
    house.run().await;
    assert_eq!(partners(&house).await, made - 2);
    assert_ne!(shipping(&house, ReceiptId(receipt)).await.get::<_, i32>("order_id"), order);
    assert_settled(&house, "made again").await;
}

/// Their statement joins as many rows as there are receipts. Planned without statistics of the orders, that of a first import
/// of a hundred thousand does not end.
#[tokio::test]
async fn orders_are_counted_before_their_customers_are_staged() {
    let house = House::new(12, 14, 1, 59).await;
    let client = house.ours.client().await;
    client
        .batch_execute(
            "create function staging.knows_the_orders() returns trigger language plpgsql as $$
             begin
                 if not exists (select from pg_stats where schemaname = 'staging' and tablename = 'etsy_order') then
                     raise exception 'customers are staged without statistics of the orders';
                 end if;
                 return null;
             end
             $$;
             create trigger knows_the_orders before insert on staging.etsy_customer
             for each statement execute function staging.knows_the_orders()",
        )
        .await
        .unwrap();
    let (_, planned) = house.plan().await;
    assert!(planned.acts > 0);
}
