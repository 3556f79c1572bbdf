//! What others do: one order at a time, or bulk calls that make partners, orders and confirmations and look at nothing.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Load;
use super::server::{Server, ids};

/// How orders get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Look for it, make the partner, make the order, confirm it.
    OneByOne,
    /// `create` for partners, for orders with their lines, and `action_confirm`, a batch at a time.
    Create { batch: usize, connections: usize },
    /// The same with `load`.
    Load { batch: usize, connections: usize },
    /// The program.
    Ours {
        connections: u32,
        /// How long a batch should take.
        target: Duration,
    },
}

impl fmt::Display for Way {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |connections: usize| if connections == 1 { "" } else { "s" };
        match self {
            Self::OneByOne => formatter.write_str("one order at a time"),
            Self::Create { batch, connections } => write!(
                formatter,
                "bulk `create`, {batch} a call, {connections} connection{}",
                plural(*connections)
            ),
            Self::Load { batch, connections } => write!(
                formatter,
                "bulk `load`, {batch} a call, {connections} connection{}",
                plural(*connections)
            ),
            Self::Ours { connections, target } => {
                let plural = if *connections == 1 { "" } else { "s" };
                let seconds = target.as_secs();
                write!(formatter, "**ours**, {seconds} s a batch, {connections} connection{plural}")
            }
        }
    }
}

/// All ways but ours.
pub(crate) fn ways(batches: &[usize]) -> Vec<Way> {
    let mut ways = vec![Way::OneByOne];
    for connections in [1, 2] {
        ways.extend(batches.iter().map(|batch| Way::Create { batch: *batch, connections }));
        ways.push(Way::Load { batch: 100, connections });
    }
    ways
}

/// Makes orders one way, and says how long it took.
pub(crate) async fn book(server: &Server, load: Load, way: Way, orders: usize) -> Duration {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let script = Script { server, load, run: RUNS.fetch_add(1, Ordering::Relaxed) };
    let all: Vec<usize> = (0..orders).collect();
    let begun = Instant::now();
    match way {
        Way::OneByOne => script.one_by_one(&all).await,
        Way::Create { batch, connections } | Way::Load { batch, connections } => {
            let is_load = matches!(way, Way::Load { .. });
            // the orders of a connection are all of one parity: where goods are sold apart, it has its own goods
            let share = |lane: usize| -> Vec<usize> {
                all.iter().copied().filter(|order| order % connections == lane).collect()
            };
            let lane = async |lane: usize| {
                // as many calls on each connection as it takes to keep to the size of a batch
                for part in share(lane).chunks(batch) {
                    script.batch(part, is_load).await;
                }
            };
            if connections == 1 {
                lane(0).await;
            } else {
                tokio::join!(lane(0), lane(1));
            }
        }
        Way::Ours { .. } => {}
    }
    begun.elapsed()
}

struct Script<'s> {
    server: &'s Server,
    load: Load,
    run: usize,
}

impl Script<'_> {
    async fn one_by_one(&self, orders: &[usize]) {
        for order in orders {
            let number = self.number(*order);
            let domain = json!([[["x_etsy_receipt_id", "=", number]]]);
            self.call("sale.order", "search", domain).await;
            let partner = self.call("res.partner", "create", json!([self.partner(*order)])).await;
            let partner = partner.as_i64().unwrap();
            let made = self.order(*order, partner);
            let made = self.call("sale.order", "create", json!([made])).await;
            if self.load.confirm {
                self.call("sale.order", "action_confirm", json!([[made]])).await;
            }
        }
    }

    async fn batch(&self, orders: &[usize], is_load: bool) {
        let made = if is_load { self.load(orders).await } else { self.create(orders).await };
        assert_eq!(made.len(), orders.len());
        if self.load.confirm {
            self.call("sale.order", "action_confirm", json!([made])).await;
        }
    }

    async fn create(&self, orders: &[usize]) -> Vec<i64> {
        let partners: Vec<Value> = orders.iter().map(|order| self.partner(*order)).collect();
        let partners = ids(&self.call("res.partner", "create", json!([partners])).await);
        let made: Vec<Value> = orders
            .iter()
            .zip(partners)
            .map(|(order, partner)| self.order(*order, partner))
            .collect();
        ids(&self.call("sale.order", "create", json!([made])).await)
    }

    async fn load(&self, orders: &[usize]) -> Vec<i64> {
        let partners = self.load_partners(orders).await;
        let fields = json!([
            "id",
            "partner_id/.id",
            "pricelist_id/.id",
            "date_order",
            "client_order_ref",
            "x_etsy_receipt_id",
            "order_line/id",
            "order_line/product_id/.id",
            "order_line/name",
            "order_line/product_uom_qty",
            "order_line/price_unit",
            "order_line/tax_id/.id"
        ]);
        let mut rows = Vec::with_capacity(orders.len() * 2);
        for (order, partner) in orders.iter().zip(partners) {
            let number = self.number(*order);
            let products = self.server.products(self.load.goods, *order);
            let [first, second] = products.map(|id| id.to_string());
            let line = |line: u8| format!("bench.tx_{number}_{line}");
            let id = format!("bench.receipt_{number}");
            let (partner, date) = (partner.to_string(), "2026-03-04 05:06:07");
            rows.push(json!([
                id,
                partner,
                "1",
                date,
                number,
                number,
                line(1),
                first,
                "a line",
                "1",
                "17.50",
                ""
            ]));
            rows.push(json!(["", "", "", "", "", "", line(2), second, "a line", "1", "4.25", ""]));
        }
        self.load_call("sale.order", json!([fields, rows])).await
    }

    async fn load_partners(&self, orders: &[usize]) -> Vec<i64> {
        let fields =
            json!(["id", "name", "street", "city", "zip", "country_id/.id", "x_etsy_buyer_id"]);
        let country = self.server.country.to_string();
        let rows: Vec<Value> = orders
            .iter()
            .map(|order| {
                let number = self.number(*order);
                let id = format!("bench.buyer_{number}");
                json!([id, "Ann Buyer", "1 Main St", "Springfield", "02139", country, number])
            })
            .collect();
        self.load_call("res.partner", json!([fields, rows])).await
    }

    fn number(&self, order: usize) -> String {
        format!("{}{:04}{order:05}", std::process::id(), self.run)
    }

    fn partner(&self, order: usize) -> Value {
        json!({"name": "Ann Buyer", "street": "1 Main St", "city": "Springfield", "zip": "02139",
            "country_id": self.server.country, "x_etsy_buyer_id": self.number(order)})
    }

    fn order(&self, order: usize, partner: i64) -> Value {
        let lines = self.server.products(self.load.goods, order).into_iter().zip([17.5, 4.25]);
        let lines: Vec<Value> = lines
            .map(|(product, price)| {
                json!([0, 0, {"product_id": product, "name": "a line", "product_uom_qty": 1,
                    "price_unit": price, "tax_id": [[6, 0, []]]}])
            })
            .collect();
        let number = self.number(order);
        json!({"partner_id": partner, "pricelist_id": 1, "date_order": "2026-03-04 05:06:07",
            "client_order_ref": number, "x_etsy_receipt_id": number, "order_line": lines})
    }

    async fn load_call(&self, model: &str, arguments: Value) -> Vec<i64> {
        let context = json!({"mode": "update", "noupdate": true});
        let answer = self.server.execute_in(model, "load", arguments, context).await.unwrap();
        ids(answer.get("ids").unwrap())
    }

    /// Calls until it is no conflict: what another connection was faster with.
    async fn call(&self, model: &str, method: &str, arguments: Value) -> Value {
        loop {
            match self.server.execute(model, method, arguments.clone()).await {
                Ok(answer) => return answer,
                Err(name) => assert!(name.contains("SerializationFailure"), "{method}: {name}"),
            }
        }
    }
}
