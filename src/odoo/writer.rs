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
    /// What its lines come to as they are priced, without what taxes add; nothing if it was not asked for.
    pub as_priced: Option<Decimal>,
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

/// Which amounts of orders are read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amounts {
    /// Their totals.
    Totals,
    /// Their totals, and what their lines come to as they are priced: where taxes are left to Odoo.
    AsPriced,
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

    /// What it calls through.
    pub(super) fn rpc(&self) -> &OdooRpc {
        &self.rpc
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

    /// Writes the records of `sheet` at the places `chosen` over what is there: all of them, or none. They are known by
    /// their database ids.
    pub async fn overwrite(&self, sheet: &Sheet, chosen: &[usize]) -> Result<Load, OdooError> {
        self.load_in(sheet, chosen, self.context(sheet.company_id())).await
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

    pub(super) async fn load_in(
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
        amounts: Amounts,
    ) -> Result<BTreeMap<i32, OrderState>, OdooError> {
        let mut states = self.plain_states(order_ids).await?;
        if amounts == Amounts::AsPriced {
            let priced = self.as_priced(order_ids).await?;
            for (order_id, state) in &mut states {
                state.as_priced = Some(priced.get(order_id).copied().unwrap_or_default());
            }
        }
        Ok(states)
    }

    /// What the lines of orders come to as they are priced, by order. Odoo has no such amount itself: in its own ones a tax
    /// is in or out as each tax says.
    async fn as_priced(&self, order_ids: &[i32]) -> Result<BTreeMap<i32, Decimal>, OdooError> {
        let attempted = format!("read the prices of {} orders", order_ids.len());
        let domain = json!([["order_id", "in", order_ids], ["display_type", "=", false]]);
        let fields = ["order_id", "product_uom_qty", "price_unit", "discount"];
        let answer = self
            .execute(
                &attempted,
                "sale.order.line",
                "search_read",
                &json!([domain, fields]),
                self.context(None),
            )
            .await?;
        let mut sums = BTreeMap::new();
        let read = answer.as_array().and_then(|rows| {
            rows.iter().try_for_each(|row| {
                let (order_id, price) = line_price(row)?;
                let sum: &mut Decimal = sums.entry(order_id).or_default();
                *sum = sum.checked_add(price)?;
                Some(())
            })
        });
        read.ok_or(Fault::Ambiguous(Doubt::Shape("the lines of orders")))
            .map_err(OdooError::attempting(attempted))?;
        Ok(sums)
    }

    async fn plain_states(
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
        as_priced: None,
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

/// The order of a line, and quantity times price less the discount, which is a percentage.
fn line_price(row: &Value) -> Option<(i32, Decimal)> {
    let order_id = row.get("order_id")?.get(0).and_then(id)?;
    let amount = |field: &str| row.get(field).and_then(exact);
    let whole = amount("product_uom_qty")?.checked_mul(amount("price_unit")?)?;
    let share = Decimal::ONE_HUNDRED.checked_sub(amount("discount")?)?;
    let price = whole.checked_mul(share)?.checked_div(Decimal::ONE_HUNDRED)?;
    Some((order_id, price.normalize()))
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
    fn a_line_is_worth_its_price() {
        let line = |discount: f64| json!({"id": 9, "order_id": [4, "S00004"], "product_uom_qty": 3.0, "price_unit": 17.37, "discount": discount});
        assert_eq!(line_price(&line(0.0)), Some((4, Decimal::new(5211, 2))));
        assert_eq!(line_price(&line(10.0)), Some((4, Decimal::new(46_899, 3))));
        assert_eq!(line_price(&json!({"order_id": false})), None);
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
