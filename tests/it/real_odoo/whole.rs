//! Whether Odoo holds what the world holds: computed from the world, and from nothing that we staged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use etsy_odoo::domain::ReceiptId;
use etsy_odoo::sandbox::world::{Receipt, ReceiptStatus, WorldSize};
use rust_decimal::Decimal;

use super::{RealOffice, seed};

/// An order in figures.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    currency: String,
    total: Decimal,
    ordered_at: i64,
    state: String,
    /// Transaction, quantity and price, by transaction.
    goods: Vec<(String, Decimal, Decimal)>,
    /// Amounts of the lines that stand for no transaction.
    charges: Vec<Decimal>,
    /// Street, town, post code and country of the delivery address.
    address: Option<[String; 4]>,
}

fn wanted(receipt: &Receipt) -> Order {
    let amount = |minor| Decimal::new(minor, u32::from(receipt.decimals)).normalize();
    let mut goods: Vec<_> = receipt
        .lines
        .iter()
        .map(|line| {
            (line.transaction_id.to_string(), Decimal::from(line.quantity), amount(line.price))
        })
        .collect();
    goods.sort();
    let mut charges: Vec<_> = [-receipt.discount(), receipt.shipping, receipt.gift_wrap]
        .into_iter()
        .filter(|minor| *minor != 0)
        .map(amount)
        .collect();
    charges.sort();
    let address = receipt.address.as_ref().map(|address| {
        [&address.first_line, &address.city, &address.zip, &address.country_iso].map(String::clone)
    });
    Order {
        currency: receipt.currency.to_string(),
        total: amount(receipt.grandtotal() - receipt.tax - receipt.vat),
        ordered_at: receipt.created,
        state: "sale".to_owned(),
        goods,
        charges,
        address,
    }
}

impl RealOffice {
    /// What every paid receipt that is not cancelled must be in Odoo.
    async fn wanted(&self) -> BTreeMap<i64, Order> {
        let world = self.pair.world.lock().await;
        let due = world
            .receipts()
            .iter()
            .filter(|receipt| receipt.is_paid() && receipt.status != ReceiptStatus::Canceled);
        due.map(|receipt| {
            let ReceiptId(id) = receipt.receipt_id;
            (id, wanted(receipt))
        })
        .collect()
    }

    /// What is in Odoo.
    async fn booked(&self) -> BTreeMap<i64, Order> {
        let rows = self
            .odoo
            .query(
                "select o.x_etsy_receipt_id::bigint as receipt, c.name as currency, o.amount_total as total,
                     extract(epoch from o.date_order)::bigint as ordered_at, o.state,
                     a.street, a.city, a.zip, country.code as country, a.parent_id is not null as is_child
                 from sale_order o
                 join res_currency c on c.id = o.currency_id
                 join res_partner a on a.id = o.partner_shipping_id
                 left join res_country country on country.id = a.country_id
                 where o.x_etsy_receipt_id is not null and o.state <> 'cancel'",
                &[],
            )
            .await
            .unwrap();
        let count = rows.len();
        let mut booked = BTreeMap::new();
        for row in rows {
            let text = |name: &str| row.get::<_, Option<String>>(name).unwrap_or_default();
            let address = ["street", "city", "zip", "country"].map(text);
            let order = Order {
                currency: row.get("currency"),
                total: row.get::<_, Decimal>("total").normalize(),
                ordered_at: row.get("ordered_at"),
                state: row.get("state"),
                goods: Vec::new(),
                charges: Vec::new(),
                address: row.get::<_, bool>("is_child").then_some(address),
            };
            booked.insert(row.get::<_, i64>("receipt"), order);
        }
        assert_eq!(booked.len(), count, "a receipt has two orders");
        self.add_lines(&mut booked).await;
        booked
    }

    async fn add_lines(&self, booked: &mut BTreeMap<i64, Order>) {
        let rows = self
            .odoo
            .query(
                "select o.x_etsy_receipt_id::bigint, l.x_etsy_transaction_id, l.product_uom_qty, l.price_unit,
                     l.price_total
                 from sale_order_line l
                 join sale_order o on o.id = l.order_id
                 where o.x_etsy_receipt_id is not null and l.display_type is null",
                &[],
            )
            .await
            .unwrap();
        for row in rows {
            let Some(order) = booked.get_mut(&row.get::<_, i64>(0)) else { continue };
            let amount = |place: usize| row.get::<_, Decimal>(place).normalize();
            match row.get::<_, Option<String>>(1) {
                Some(transaction) => order.goods.push((transaction, amount(2), amount(3))),
                None => order.charges.push(amount(4)),
            }
        }
        for order in booked.values_mut() {
            order.goods.sort();
            order.charges.sort();
        }
    }

    /// Every receipt that is due is one order, to the cent, to the second and to the address; nothing else is there;
    /// and neither orders, deliveries nor partners are there twice.
    pub(super) async fn expect_whole(&self) {
        self.expect_whole_but(&BTreeSet::new()).await;
        self.expect_nothing_twice().await;
    }

    /// The same, but for some receipts.
    pub(super) async fn expect_whole_but(&self, left_out: &BTreeSet<i64>) {
        let (mut wanted, mut booked) = (self.wanted().await, self.booked().await);
        wanted.retain(|receipt, _| !left_out.contains(receipt));
        booked.retain(|receipt, _| !left_out.contains(receipt));
        for (receipt, order) in &wanted {
            assert_eq!(booked.get(receipt), Some(order), "receipt {receipt}");
        }
        let beyond: Vec<_> = booked.keys().filter(|key| !wanted.contains_key(key)).collect();
        assert!(beyond.is_empty(), "orders without a due receipt: {beyond:?}");
    }

    /// Neither orders, deliveries nor partners are there twice, and nothing lies about.
    pub(super) async fn expect_nothing_twice(&self) {
        for (what, query) in [
            (
                "orders without an external id, or lines without one",
                "select (select count(*) from sale_order o where not exists (
                     select from ir_model_data d where d.model = 'sale.order' and d.res_id = o.id))
                 + (select count(*) from sale_order_line l where l.display_type is null and not exists (
                     select from ir_model_data d where d.model = 'sale.order.line' and d.res_id = l.id))",
            ),
            (
                "receipts with two orders",
                "select count(*) from (select from sale_order where x_etsy_receipt_id is not null
                 group by x_etsy_receipt_id having count(*) > 1) as twice",
            ),
            (
                "transactions with two lines",
                "select count(*) from (select from sale_order_line where x_etsy_transaction_id is not null
                 group by x_etsy_transaction_id having count(*) > 1) as twice",
            ),
            (
                "orders with two deliveries",
                "select count(*) from (select from stock_picking where sale_id is not null
                 group by sale_id having count(*) > 1) as twice",
            ),
            (
                "lines with two stock moves",
                "select count(*) from (select from stock_move where sale_line_id is not null
                 group by sale_line_id having count(*) > 1) as twice",
            ),
            (
                "buyers who are there twice",
                "select count(*) from (select from res_partner where x_etsy_buyer_id is not null and parent_id is null
                 group by x_etsy_buyer_id having count(*) > 1) as twice",
            ),
            (
                "addresses that are there twice",
                "select count(*) from (select from res_partner where parent_id is not null and type = 'delivery'
                 group by parent_id, name, street, street2, city, zip, state_id, country_id having count(*) > 1)
                 as twice",
            ),
        ] {
            assert_eq!(self.count(query).await, 0, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Odoo 18"]
async fn two_thousand_receipts_of_a_mixed_world_are_two_thousand_orders() {
    let receipts = super::variable("RECEIPTS").and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let seed = seed("two_thousand_receipts");
    let office = RealOffice::new(WorldSize { receipts, listings: 300, shops: 3, seed }).await;
    let begun = Instant::now();
    let plan = office.plan().await;
    let planned = begun.elapsed();
    let begun = Instant::now();
    office.apply(plan).await.expect(0);
    let applied = begun.elapsed();
    println!("planned in {planned:?}, applied in {applied:?}: {:?}", office.states(plan).await);
    office.expect_whole().await;
    let mixed = office
        .odoo
        .query_one(
            "select count(*), count(distinct currency_id), sum((partner_shipping_id = partner_id)::int)
             from sale_order",
            &[],
        )
        .await
        .unwrap();
    let (orders, currencies) = (mixed.get::<_, i64>(0), mixed.get::<_, i64>(1));
    println!(
        "{orders} orders in {currencies} currencies, {:?} without an address",
        mixed.get::<_, Option<i64>>(2)
    );
    assert!(currencies >= 3);
    // the second plan is empty, both ways round
    office.program.run("plan").await.expect(0);
}
