//! A simulated Odoo that runs for a test, and the shortest way to call it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

use super::cluster::Cluster;
use crate::domain::FixedClock;
use crate::sandbox::faults::FaultScript;
use crate::sandbox::odoo::{CatalogueSeed, OdooOptions, OdooSandboxError, Seed, seed, serve};

pub(crate) const ADMIN: i64 = 2;
pub(crate) const BOT: i64 = 6;

pub(crate) struct Sandbox {
    _cluster: Arc<Cluster>,
    _servers: JoinSet<Result<(), OdooSandboxError>>,
    http: reqwest::Client,
    pub(crate) url: String,
    pub(crate) config: tokio_postgres::Config,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) faults: FaultScript,
}

pub(crate) fn start_of_time() -> DateTime<Utc> {
    "2026-11-23T20:10:25Z".parse().unwrap()
}

fn item(sku: &str, price_minor: i64, decimals: u8, currency: &str, on_hand: i64) -> CatalogueSeed {
    CatalogueSeed {
        sku: sku.to_owned(),
        name: format!("Item {sku}"),
        price_minor,
        decimals,
        currency: currency.to_owned(),
        on_hand,
        is_digital: on_hand == 0,
        barcode: (sku == "MUG").then(|| "4006381333931".to_owned()),
    }
}

impl Sandbox {
    pub(crate) async fn start() -> Self {
        let cluster = Cluster::shared();
        let config = cluster.database().await;
        let clock = Arc::new(FixedClock::at(start_of_time()));
        let contents = Seed {
            login: "bot".to_owned(),
            admin_login: "admin".to_owned(),
            catalogue: vec![
                item("MUG", 2000, 2, "USD", 10),
                item("CARD", 500, 2, "USD", 1000),
                item("PATTERN", 900, 0, "JPY", 0),
            ],
        };
        seed(&config, &contents, clock.as_ref()).await.unwrap();
        let faults = FaultScript::default();
        let options = OdooOptions {
            database: "odoo18".to_owned(),
            login: "bot".to_owned(),
            password: "secret".to_owned().into(),
            admin_login: "admin".to_owned(),
            admin_password: "admin".to_owned().into(),
            workers: 4,
            longest_first_wait: Duration::from_millis(20),
            faults: faults.clone(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut servers = JoinSet::new();
        let clock_of_server: Arc<FixedClock> = Arc::clone(&clock);
        servers.spawn(serve(
            listener,
            config.clone(),
            options,
            clock_of_server,
            std::future::pending(),
        ));
        let http = reqwest::Client::new();
        Self { _cluster: cluster, _servers: servers, http, url, config, clock, faults }
    }

    /// A seeded sandbox in which an administrator has made the custom fields.
    pub(crate) async fn with_fields() -> Self {
        let sandbox = Self::start().await;
        for (model, field) in [
            ("sale.order", "x_etsy_receipt_id"),
            ("sale.order.line", "x_etsy_transaction_id"),
            ("product.template", "x_etsy_listing_id"),
            ("product.product", "x_etsy_variant_key"),
        ] {
            sandbox.make_field(model, field).await;
        }
        sandbox
    }

    pub(crate) async fn make_field(&self, model: &str, field: &str) -> Value {
        let found = self
            .result("ir.model", "search_read", json!([[["model", "=", model]], ["model"]]))
            .await;
        let values = json!({"model_id": found[0]["id"], "name": field, "field_description": field,
            "ttype": "char", "state": "manual", "index": true, "copied": false});
        self.result("ir.model.fields", "create", json!([values])).await
    }

    pub(crate) async fn post(&self, body: &Value) -> Result<Value, reqwest::Error> {
        let url = format!("{}/jsonrpc", self.url);
        self.http.post(url).json(body).send().await?.json().await
    }

    pub(crate) async fn raw(&self, path: &str, body: &str) -> reqwest::Response {
        self.http.post(format!("{}{path}", self.url)).body(body.to_owned()).send().await.unwrap()
    }

    /// The whole answer to a call of the administrator.
    pub(crate) async fn answer(
        &self,
        model: &str,
        method: &str,
        args: Value,
        kwargs: Value,
    ) -> Value {
        let args = json!(["odoo18", ADMIN, "admin", model, method, args, kwargs]);
        self.post(&execute(&args)).await.unwrap()
    }

    /// The result of a call of the administrator, which has to be one.
    pub(crate) async fn result(&self, model: &str, method: &str, args: Value) -> Value {
        let answer = self.answer(model, method, args, json!({})).await;
        assert!(
            answer.get("error").is_none(),
            "{model}.{method}: {}",
            answer["error"]["data"]["debug"]
        );
        answer["result"].clone()
    }

    /// The bot's `load` with the context of exactly once.
    pub(crate) async fn load(&self, model: &str, fields: Value, rows: Value) -> Value {
        let context =
            json!({"mode": "update", "noupdate": true, "tz": "UTC", "tracking_disable": true});
        let args =
            json!(["odoo18", BOT, "secret", model, "load", [fields, rows], {"context": context}]);
        let answer = self.post(&execute(&args)).await.unwrap();
        assert!(answer.get("error").is_none(), "{}", answer["error"]["data"]["debug"]);
        answer["result"].clone()
    }

    /// `name` and `message` of the error that an answer has to be.
    pub(crate) fn refusal(answer: &Value) -> (&str, &str) {
        let data = &answer["error"]["data"];
        assert_eq!(answer["error"]["code"], 200, "{answer}");
        assert_eq!(answer["error"]["message"], "Odoo Server Error");
        assert_eq!(data["arguments"], json!([data["message"]]));
        assert_eq!(data["context"], json!({}));
        (data["name"].as_str().unwrap(), data["message"].as_str().unwrap())
    }

    /// A connection to the state behind the server.
    pub(crate) async fn database(&self) -> (Client, JoinSet<()>) {
        connect(&self.config).await
    }

    /// One number from the state behind the server.
    pub(crate) async fn count(&self, statement: &str) -> i64 {
        let (client, _connection) = self.database().await;
        client.query_one(statement, &[]).await.unwrap().get(0)
    }

    pub(crate) async fn product(&self, sku: &str) -> Value {
        let found = self
            .result(
                "product.product",
                "search_read",
                json!([[["default_code", "=", sku]], ["default_code"]]),
            )
            .await;
        found[0]["id"].clone()
    }
}

pub(crate) async fn connect(config: &tokio_postgres::Config) -> (Client, JoinSet<()>) {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    let mut connections = JoinSet::new();
    connections.spawn(async move {
        connection.await.ok();
    });
    (client, connections)
}

pub(crate) fn execute(args: &Value) -> Value {
    json!({"jsonrpc": "2.0", "method": "call", "id": 7,
        "params": {"service": "object", "method": "execute_kw", "args": args}})
}

/// The columns of a load of orders with two lines each, and the rows of receipts.
pub(crate) fn order_columns() -> Value {
    json!([
        "id",
        "partner_id/.id",
        "date_order",
        "client_order_ref",
        "x_etsy_receipt_id",
        "order_line/id",
        "order_line/product_id/.id",
        "order_line/product_uom_qty",
        "order_line/price_unit",
        "order_line/tax_id/.id",
        "order_line/x_etsy_transaction_id"
    ])
}

pub(crate) fn order_rows(receipts: std::ops::Range<u64>, mug: &Value, card: &Value) -> Vec<Value> {
    let (mug, card) = (mug.to_string(), card.to_string());
    receipts
        .flat_map(|receipt| {
            let (first, second) = (format!("etsy.tx_{receipt}1"), format!("etsy.tx_{receipt}2"));
            [
                json!([
                    format!("etsy.receipt_{receipt}"),
                    "3",
                    "2026-03-04 05:06:07",
                    receipt.to_string(),
                    receipt.to_string(),
                    first,
                    mug,
                    "2",
                    "17.50",
                    "",
                    format!("{receipt}1")
                ]),
                json!(["", "", "", "", "", second, card, "1", "4.25", "", format!("{receipt}2")]),
            ]
        })
        .collect()
}

/// An object of one entry, for readable comparisons.
pub(crate) fn only(record: &Value, keys: &[&str]) -> Value {
    let kept: Map<String, Value> =
        keys.iter().map(|key| ((*key).to_owned(), record[*key].clone())).collect();
    Value::Object(kept)
}
