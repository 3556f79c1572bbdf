//! The real Odoo as a script sees it: JSON-RPC and nothing else.

use serde_json::{Value, json};

use super::Place;

/// How many goods there are.
const GOODS: usize = 40;

const USER: &str = "admin";
const PASSWORD: &str = "admin";

/// Which goods are sold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goods {
    /// The goods are of two kinds, and no order has goods of both.
    SoldApart,
    /// Any two.
    AnyTwo,
}

/// The server, with goods in stock.
pub(crate) struct Server {
    http: reqwest::Client,
    endpoint: String,
    database: String,
    user: Value,
    products: Vec<i64>,
    pub(crate) country: i64,
}

impl Server {
    pub(crate) async fn new(place: &Place) -> Self {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let endpoint = format!("{}/jsonrpc", place.url.trim_end_matches('/'));
        let mut server = Self {
            http,
            endpoint,
            database: place.database.clone(),
            user: Value::Null,
            products: Vec::new(),
            country: 0,
        };
        let login = json!([place.database, USER, PASSWORD, {}]);
        server.user = server.call("common", "authenticate", login).await.unwrap();
        let domain = json!([[["code", "=", "US"]]]);
        let found = server.execute("res.country", "search", domain).await.unwrap();
        server.country = found.get(0).and_then(Value::as_i64).unwrap();
        server.stock_goods().await;
        server
    }

    /// The products of an order's two lines.
    pub(crate) fn products(&self, goods: Goods, order: usize) -> [i64; 2] {
        let places = match goods {
            Goods::SoldApart => {
                let (kind, in_kind) = (order % 2 * (GOODS / 2), order / 2);
                [kind + in_kind % (GOODS / 2), kind + (in_kind * 7 + 3) % (GOODS / 2)]
            }
            Goods::AnyTwo => [order * 7 % GOODS, (order * 11 + 5) % GOODS],
        };
        places.map(|place| self.products.get(place).copied().unwrap())
    }

    async fn stock_goods(&mut self) {
        let goods: Vec<Value> = (0..GOODS)
            .map(|number| {
                json!({"name": format!("Bench mug {number}"), "type": "consu", "is_storable": true, "list_price": 20})
            })
            .collect();
        let made = self.execute("product.product", "create", json!([goods])).await.unwrap();
        self.products = ids(&made);
        let domain = json!([[], ["lot_stock_id"]]);
        let warehouses = self.execute("stock.warehouse", "search_read", domain).await.unwrap();
        let location = warehouses.pointer("/0/lot_stock_id/0").and_then(Value::as_i64).unwrap();
        let quants: Vec<Value> = self
            .products
            .iter()
            .map(|product| {
                json!({"product_id": product, "location_id": location, "inventory_quantity": 1_000_000})
            })
            .collect();
        let context = json!({"inventory_mode": true});
        let quants =
            self.execute_in("stock.quant", "create", json!([quants]), context).await.unwrap();
        self.execute("stock.quant", "action_apply_inventory", json!([quants])).await.unwrap();
    }

    /// Calls every worker, for the first call after a change of settings or products is slower.
    pub(crate) async fn warm_up(&self) {
        for _ in 0..3 {
            let read = || self.execute("sale.order", "search", json!([[["id", "=", 0]]]));
            let (one, other) = tokio::join!(read(), read());
            one.and(other).unwrap();
        }
    }

    /// Calls a method with the context that switches the chatter off.
    pub(crate) async fn execute(
        &self,
        model: &str,
        method: &str,
        arguments: Value,
    ) -> Result<Value, String> {
        self.execute_in(model, method, arguments, json!({})).await
    }

    /// The same, with more in the context.
    pub(crate) async fn execute_in(
        &self,
        model: &str,
        method: &str,
        arguments: Value,
        more: Value,
    ) -> Result<Value, String> {
        let mut context = json!({
            "tz": "UTC", "lang": "en_US", "tracking_disable": true, "mail_create_nosubscribe": true,
            "mail_auto_subscribe_no_notify": true, "mail_notify_force_send": false,
        });
        if let (Some(context), Value::Object(more)) = (context.as_object_mut(), more) {
            context.extend(more);
        }
        let arguments = json!([
            self.database, self.user, PASSWORD, model, method, arguments, {"context": context}
        ]);
        self.call("object", "execute_kw", arguments).await
    }

    async fn call(&self, service: &str, method: &str, arguments: Value) -> Result<Value, String> {
        let body = json!({
            "jsonrpc": "2.0", "method": "call", "id": 1,
            "params": {"service": service, "method": method, "args": arguments},
        });
        let answer = self.http.post(&self.endpoint).json(&body).send().await.unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        match answer.pointer("/error/data/name") {
            Some(name) => Err(name.to_string()),
            None => Ok(answer.get_mut("result").map(Value::take).unwrap_or_default()),
        }
    }
}

/// The ids in an answer.
pub(crate) fn ids(answer: &Value) -> Vec<i64> {
    answer.as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}
