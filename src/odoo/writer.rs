//! The verbs that change Odoo.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::faults::{Doubt, Fault};
use super::load::{Load, context, creating_context, read_answer};
use super::rpc::{OdooRpc, UserId, id};
use super::{Chatter, OdooError, OdooSettings, Sheet};

/// A `sale.order` as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderState {
    /// Its database id.
    pub order_id: i32,
    /// `draft`, `sent`, `sale` or `cancel`.
    pub state: String,
    /// Its `amount_total`.
    pub total: Decimal,
    /// The code of its currency.
    pub currency: String,
    /// Its `date_order`; nothing if it has none.
    pub ordered_at: Option<DateTime<Utc>>,
}

impl OrderState {
    /// Whether `action_confirm` would take it.
    pub fn is_quotation(&self) -> bool {
        matches!(self.state.as_str(), "draft" | "sent")
    }

    /// Whether it is a confirmed order.
    pub fn is_confirmed(&self) -> bool {
        self.state == "sale"
    }

    /// Whether it is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.state == "cancel"
    }
}

/// Writes to Odoo as one user.
#[derive(Debug)]
pub struct OdooWriter {
    rpc: OdooRpc,
    user: UserId,
    connections: u32,
    chatter: Chatter,
}

impl OdooWriter {
    /// Logs in.
    pub async fn connect(settings: &OdooSettings) -> Result<Self, OdooError> {
        let rpc = OdooRpc::new(settings)?;
        let user = rpc.authenticate().await?;
        let (connections, chatter) = (settings.connections.max(1), settings.chatter);
        Ok(Self { rpc, user, connections, chatter })
    }

    /// How many calls may be under way at once.
    pub fn connections(&self) -> u32 {
        self.connections
    }

    /// The user it writes as.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Sends the records of `sheet` at the places `chosen`: creates those whose external id is not there yet, in one
    /// transaction, and leaves the others alone.
    pub async fn load(&self, sheet: &Sheet, chosen: &[usize]) -> Result<Load, OdooError> {
        self.load_in(sheet, chosen, creating_context(self.chatter, sheet)).await
    }

    /// Puts the dates of orders back, which `action_confirm` has overwritten with the present. Odoo takes many
    /// different dates in one call only here.
    pub async fn put_dates(
        &self,
        company_id: Option<i32>,
        dates: &[(i32, DateTime<Utc>)],
    ) -> Result<Load, OdooError> {
        let sheet = Sheet::order_dates(company_id, dates);
        let all: Vec<usize> = (0..sheet.len()).collect();
        self.load_in(&sheet, &all, self.context(company_id)).await
    }

    async fn load_in(
        &self,
        sheet: &Sheet,
        chosen: &[usize],
        context: Map<String, Value>,
    ) -> Result<Load, OdooError> {
        let attempted = format!("load {} records of {}", chosen.len(), sheet.model());
        let arguments = json!([sheet.fields(), sheet.rows(chosen)]);
        let answer = self.execute(&attempted, sheet.model(), "load", &arguments, context).await?;
        read_answer(answer, chosen.len()).map_err(OdooError::attempting(attempted))
    }

    /// How orders stand, by id. An order that is gone is left out.
    pub async fn order_states(
        &self,
        order_ids: &[i32],
    ) -> Result<BTreeMap<i32, OrderState>, OdooError> {
        let attempted = format!("read the state of {} orders", order_ids.len());
        let fields = ["state", "amount_total", "currency_id", "date_order"];
        let arguments = json!([order_ids, fields]);
        let answer =
            self.execute(&attempted, "sale.order", "read", &arguments, self.context(None)).await?;
        let unreadable = || Fault::Ambiguous(Doubt::Shape("the state of orders"));
        let rows = answer
            .as_array()
            .ok_or_else(unreadable)
            .and_then(|rows| {
                rows.iter().map(|row| order_state(row).ok_or_else(unreadable)).collect()
            })
            .map_err(OdooError::attempting(attempted));
        rows.map(|rows: Vec<OrderState>| {
            rows.into_iter().map(|state| (state.order_id, state)).collect()
        })
    }

    /// Confirms quotations: all of them, or none. Reserves stock and makes deliveries. Not to be repeated blindly: an
    /// order that is confirmed already makes Odoo refuse the whole list.
    pub async fn confirm(
        &self,
        company_id: Option<i32>,
        order_ids: &[i32],
    ) -> Result<(), OdooError> {
        let attempted = format!("confirm {} orders", order_ids.len());
        let context = self.context(company_id);
        // what it answers says nothing (an add-on may answer with a question): the state read back does
        self.execute(&attempted, "sale.order", "action_confirm", &json!([order_ids]), context)
            .await
            .map(drop)
    }

    /// Cancels orders and their open deliveries: all of them, or none.
    pub async fn cancel(&self, order_ids: &[i32]) -> Result<(), OdooError> {
        let attempted = format!("cancel {} orders", order_ids.len());
        let mut context = self.context(None);
        // without it Odoo answers with a wizard and cancels nothing
        context.insert("disable_cancel_warning".to_owned(), json!(true));
        self.execute(&attempted, "sale.order", "action_cancel", &json!([order_ids]), context)
            .await
            .map(drop)
    }

    /// The context of a call.
    pub(super) fn context(&self, company_id: Option<i32>) -> Map<String, Value> {
        context(self.chatter, company_id)
    }

    pub(super) async fn execute(
        &self,
        attempted: &str,
        model: &str,
        method: &str,
        arguments: &Value,
        context: Map<String, Value>,
    ) -> Result<Value, OdooError> {
        self.rpc
            .execute_kw(self.user, model, method, arguments, &json!({"context": context}))
            .await
            .map_err(OdooError::attempting(attempted))
    }
}

fn order_state(row: &Value) -> Option<OrderState> {
    Some(OrderState {
        order_id: row.get("id").and_then(id)?,
        state: row.get("state")?.as_str()?.to_owned(),
        total: exact(row.get("amount_total")?)?,
        // a many2one is read as `[id, name]`, and the name of a currency is its code
        currency: row.get("currency_id")?.get(1)?.as_str()?.to_owned(),
        ordered_at: row
            .get("date_order")?
            .as_str()
            .map(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S"))
            .transpose()
            .ok()?
            .map(|moment| moment.and_utc()),
    })
}

/// An amount as Odoo wrote it. Odoo sends its `numeric` as the shortest float that stands for it; its text is exact up
/// to 15 digits.
fn exact(value: &Value) -> Option<Decimal> {
    let text = value.as_number()?.to_string();
    text.parse().or_else(|_not_plain| Decimal::from_scientific(&text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_order() {
        let row = json!({"id": 1, "state": "sale", "amount_total": 92.49,
            "currency_id": [125, "EUR"], "date_order": "2026-03-04 05:06:07"});
        let state = order_state(&row).unwrap();
        assert_eq!(state.total, Decimal::new(9249, 2));
        assert_eq!(state.currency, "EUR");
        assert_eq!(state.ordered_at, DateTime::from_timestamp(1_772_600_767, 0));
        assert!(state.is_confirmed() && !state.is_quotation());
    }

    #[test]
    fn amounts_stay_exact() {
        for text in ["0.1", "1234567890123.45", "-17.5", "0", "12", "1e-7"] {
            let value: Value = serde_json::from_str(text).unwrap();
            let plain = text.parse().or_else(|_| Decimal::from_scientific(text)).unwrap();
            assert_eq!(exact(&value), Some(plain), "{text}");
        }
        assert_eq!(exact(&json!(false)), None);
    }
}
