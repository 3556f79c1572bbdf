//! The administrator of a real Odoo, who does what people do in a warehouse.

use serde_json::{Value, json};

use crate::real_odoo::{ADMIN, call, required};

/// How many records go into one call.
const BULK: usize = 250;

/// Who calls.
pub(super) struct Administrator {
    database: String,
    user: Value,
    /// The companies he works for.
    companies: Vec<i64>,
    /// Who buys everything.
    pub(super) buyer: i64,
}

impl Administrator {
    pub(super) async fn log_in() -> Self {
        let database = required("ODOO_DATABASE");
        let user = call("common", "authenticate", json!([database, ADMIN, ADMIN, {}])).await;
        let mut administrator = Self { database, user, companies: vec![1], buyer: 0 };
        administrator.buyer = administrator.make("res.partner", json!({"name": "Buyer"})).await;
        administrator
    }

    pub(super) fn works_for(&mut self, company: i64) {
        self.companies.push(company);
    }

    pub(super) async fn execute_in(
        &self,
        context: Value,
        model: &str,
        method: &str,
        arguments: Value,
    ) -> Value {
        let mut context = context;
        let companies = context.get("allowed_company_ids").cloned();
        context["allowed_company_ids"] = companies.unwrap_or_else(|| json!(self.companies));
        context["tracking_disable"] = json!(true);
        let arguments = json!([
            self.database, self.user, ADMIN, model, method, arguments, {"context": context}
        ]);
        call("object", "execute_kw", arguments).await
    }

    pub(super) async fn execute(&self, model: &str, method: &str, arguments: Value) -> Value {
        self.execute_in(json!({}), model, method, arguments).await
    }

    /// Creates records, a few hundred a call.
    pub(super) async fn create(&self, model: &str, values: &[Value]) -> Vec<i64> {
        self.create_in(json!({}), model, values).await
    }

    pub(super) async fn create_in(
        &self,
        context: Value,
        model: &str,
        values: &[Value],
    ) -> Vec<i64> {
        let mut ids = Vec::new();
        for part in values.chunks(BULK) {
            let made = self.execute_in(context.clone(), model, "create", json!([part])).await;
            ids.extend(made.as_array().unwrap().iter().map(|id| id.as_i64().unwrap()));
        }
        ids
    }

    /// Creates one record.
    pub(super) async fn make(&self, model: &str, values: Value) -> i64 {
        self.create(model, &[values]).await[0]
    }

    /// One field of some records, in their order; of a many2one the id.
    pub(super) async fn field(&self, model: &str, ids: &[i64], field: &str) -> Vec<Value> {
        let read = self.execute(model, "read", json!([ids, [field]])).await;
        let plain = |row: &Value| {
            let named = row[field].as_array().filter(|pair| pair.len() == 2 && pair[1].is_string());
            named.map_or_else(|| row[field].clone(), |pair| pair[0].clone())
        };
        read.as_array().unwrap().iter().map(plain).collect()
    }

    pub(super) async fn search(&self, model: &str, domain: Value) -> Vec<i64> {
        let found = self
            .execute_in(
                json!({"active_test": false}),
                model,
                "search",
                json!([domain, 0, false, "id"]),
            )
            .await;
        found.as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect()
    }

    /// Counts stock, as under Physical Inventory.
    pub(super) async fn count(&self, counts: &[Value]) {
        for part in counts.chunks(BULK) {
            let context = json!({"inventory_mode": true});
            let quants = self.execute_in(context, "stock.quant", "create", json!([part])).await;
            let answer =
                self.execute("stock.quant", "action_apply_inventory", json!([quants])).await;
            assert!(answer.is_null(), "{answer}");
        }
    }

    /// Makes orders, and confirms them if they are to be confirmed.
    pub(super) async fn sell(&self, warehouse: i64, lines: &[Value], confirm: bool) -> Vec<i64> {
        let orders: Vec<Value> = lines
            .chunks(25)
            .map(|part| {
                let lines: Vec<Value> = part.iter().map(|line| json!([0, 0, line])).collect();
                json!({"partner_id": self.buyer, "warehouse_id": warehouse, "order_line": lines})
            })
            .collect();
        let ids = self.create("sale.order", &orders).await;
        if confirm {
            for part in ids.chunks(10) {
                self.execute("sale.order", "action_confirm", json!([part])).await;
            }
        }
        ids
    }

    /// Makes transfers and confirms them, one for each list of moves.
    pub(super) async fn transfer(
        &self,
        kind: i64,
        from: i64,
        to: i64,
        moves: &[Value],
    ) -> Vec<i64> {
        let pickings: Vec<Value> = moves
            .chunks(25)
            .map(|part| {
                let moves: Vec<Value> = part
                    .iter()
                    .map(|line| {
                        let mut line = line.clone();
                        line["location_id"] = json!(from);
                        line["location_dest_id"] = json!(to);
                        line["name"] = json!("moved");
                        json!([0, 0, line])
                    })
                    .collect();
                json!({"picking_type_id": kind, "location_id": from, "location_dest_id": to, "move_ids": moves})
            })
            .collect();
        let ids = self.create("stock.picking", &pickings).await;
        self.execute("stock.picking", "action_confirm", json!([ids])).await;
        ids
    }

    /// Completes what is picked of transfers; the rest follows in another.
    pub(super) async fn validate(&self, pickings: &[i64]) {
        for picking in pickings {
            let context = json!({"skip_backorder": true, "skip_sms": true, "skip_immediate": true});
            let answer = self
                .execute_in(context, "stock.picking", "button_validate", json!([[picking]]))
                .await;
            assert!(answer == json!(true) || answer.get("type").is_some(), "{answer}");
            let state = self.field("stock.picking", &[*picking], "state").await;
            assert_eq!(state[0], json!("done"), "{answer}");
        }
    }
}
