//! Where orders and their deliveries go, read and written.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::faults::{Doubt, Fault};
use super::load::Load;
use super::rpc::id;
use super::{OdooError, OdooWriter, Sheet};

/// An order with the address it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderAddress {
    /// Odoo's `sale.order`.
    pub order_id: i32,
    /// `draft`, `sent`, `sale` or `cancel`.
    pub state: String,
    /// Its `partner_shipping_id`.
    pub shipping_id: i32,
    /// Its fiscal position, which Odoo would choose anew with the address.
    pub fiscal_position_id: Option<i32>,
    /// Its transfers, in the order of their ids.
    pub deliveries: Vec<Delivery>,
}

impl OrderAddress {
    /// Whether goods have moved.
    pub fn has_left(&self) -> bool {
        self.deliveries.iter().any(|delivery| delivery.state == "done")
    }

    /// The partners that what is still to be delivered goes to.
    pub fn destinations(&self) -> impl Iterator<Item = Option<i32>> {
        self.deliveries
            .iter()
            .filter(|delivery| !matches!(delivery.state.as_str(), "done" | "cancel"))
            .map(|delivery| delivery.partner_id)
    }
}

/// A `stock.picking` of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// `draft`, `waiting`, `confirmed`, `assigned`, `done` or `cancel`.
    pub state: String,
    /// Whom it goes to.
    pub partner_id: Option<i32>,
}

/// An order and the address it shall go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressChange {
    /// Odoo's `sale.order`.
    pub order_id: i32,
    /// A `res.partner`.
    pub shipping_id: i32,
    /// The fiscal position that it keeps: its taxes are those of the day it was booked.
    pub fiscal_position_id: Option<i32>,
    /// Whether its deliveries follow. Where they do not, Odoo puts a warning on them.
    pub takes_deliveries: bool,
}

impl OdooWriter {
    /// Where orders go, by id. An order that is gone is left out.
    pub async fn order_addresses(
        &self,
        order_ids: &[i32],
    ) -> Result<BTreeMap<i32, OrderAddress>, OdooError> {
        let attempted = format!("read the addresses of {} orders", order_ids.len());
        let orders = self
            .execute(
                &attempted,
                "sale.order",
                "read",
                &json!([order_ids, ["state", "partner_shipping_id", "fiscal_position_id"]]),
                self.context(None),
            )
            .await?;
        let deliveries = self
            .execute(
                &attempted,
                "stock.picking",
                "search_read",
                &json!([[["sale_id", "in", order_ids]], ["sale_id", "state", "partner_id"]]),
                self.context(None),
            )
            .await?;
        addresses(&orders, &deliveries)
            .ok_or(Fault::Ambiguous(Doubt::Shape("the addresses of orders")))
            .map_err(OdooError::attempting(attempted))
    }

    /// Sends orders to other addresses, all with their deliveries or all without. May be repeated.
    pub async fn change_addresses(
        &self,
        company_id: Option<i32>,
        with_deliveries: bool,
        changes: &[AddressChange],
    ) -> Result<Load, OdooError> {
        let sheet = Sheet::order_addresses(company_id, changes);
        let all: Vec<usize> = (0..sheet.len()).collect();
        let mut context = self.context(company_id);
        if with_deliveries {
            // without it Odoo leaves them where they go (`sale_stock`, `SaleOrder.write`)
            context.insert("update_delivery_shipping_partner".to_owned(), json!(true));
        }
        self.load_in(&sheet, &all, context).await
    }
}

fn addresses(orders: &Value, deliveries: &Value) -> Option<BTreeMap<i32, OrderAddress>> {
    let mut found = BTreeMap::new();
    for row in orders.as_array()? {
        let order_id = row.get("id").and_then(id)?;
        let address = OrderAddress {
            order_id,
            state: row.get("state")?.as_str()?.to_owned(),
            shipping_id: many2one(row.get("partner_shipping_id")?)?,
            fiscal_position_id: many2one(row.get("fiscal_position_id")?),
            deliveries: Vec::new(),
        };
        found.insert(order_id, address);
    }
    let mut rows: Vec<&Value> = deliveries.as_array()?.iter().collect();
    rows.sort_by_key(|row| row.get("id").and_then(id));
    for row in rows {
        let order_id = many2one(row.get("sale_id")?)?;
        let delivery = Delivery {
            state: row.get("state")?.as_str()?.to_owned(),
            partner_id: many2one(row.get("partner_id")?),
        };
        if let Some(address) = found.get_mut(&order_id) {
            address.deliveries.push(delivery);
        }
    }
    Some(found)
}

/// A many2one is read as `[id, name]`, and as `false` where there is none.
fn many2one(value: &Value) -> Option<i32> {
    value.get(0).and_then(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_with_its_deliveries() {
        let orders = json!([{"id": 4, "state": "sale", "partner_shipping_id": [8, "Ann, Home"],
            "fiscal_position_id": false}]);
        let deliveries = json!([
            {"id": 12, "sale_id": [4, "S00004"], "state": "cancel", "partner_id": [7, "Ann"]},
            {"id": 11, "sale_id": [4, "S00004"], "state": "assigned", "partner_id": [8, "Ann, Home"]},
        ]);
        let found = addresses(&orders, &deliveries).unwrap();
        let address = &found[&4];
        assert_eq!((address.shipping_id, address.fiscal_position_id), (8, None));
        assert_eq!(address.destinations().collect::<Vec<_>>(), [Some(8)]);
        assert!(!address.has_left());
        assert_eq!(addresses(&json!(false), &deliveries), None);
    }
}
