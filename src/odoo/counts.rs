//! Counts of stock: entered first, then applied, as a person does under Physical Inventory.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::faults::{Doubt, Fault};
use super::rpc::id;
use super::{OdooError, OdooWriter};

/// How many of a product were counted at a location: of those without lot, package and owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockCount {
    /// Odoo's `product.product`.
    pub product_id: i32,
    /// Odoo's `stock.location`.
    pub location_id: i32,
    /// How many, in the product's unit of measure.
    pub counted: Decimal,
}

/// What Odoo did with counts that were to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountAnswer {
    /// It says nothing, which means that it did.
    Taken,
    /// It asks a person something, and did nothing: the model of the question, such as `stock.inventory.conflict` when a
    /// quantity has changed since its count was entered.
    Asked(String),
}

impl OdooWriter {
    /// Enters counts, which changes no stock yet: all of them, or none. Gives the quants that they are entered at, of
    /// which Odoo makes those that are missing.
    pub async fn enter_counts(&self, counts: &[StockCount]) -> Result<Vec<i32>, OdooError> {
        let attempted = format!("enter {} counts of stock", counts.len());
        let values: Vec<Value> = counts.iter().map(entered).collect();
        let answer = self
            .execute(&attempted, "stock.quant", "create", &json!([values]), self.counting_context())
            .await?;
        let ids: Option<Vec<i32>> =
            answer.as_array().and_then(|ids| ids.iter().map(id).collect::<Option<Vec<i32>>>());
        ids.filter(|ids| ids.len() == counts.len())
            .ok_or(Fault::Ambiguous(Doubt::Shape("the quants of counts")))
            .map_err(OdooError::attempting(attempted))
    }

    /// Applies counts that have been entered, with a stock move for each difference: all of them, or none.
    pub async fn apply_counts(&self, quant_ids: &[i32]) -> Result<CountAnswer, OdooError> {
        let attempted = format!("apply {} counts of stock", quant_ids.len());
        let answer = self
            .execute(
                &attempted,
                "stock.quant",
                "action_apply_inventory",
                &json!([quant_ids]),
                self.counting_context(),
            )
            .await?;
        Ok(read_answer(&answer))
    }

    /// Takes back counts that have been entered and not applied. May be repeated.
    pub async fn clear_counts(&self, quant_ids: &[i32]) -> Result<(), OdooError> {
        let attempted = format!("take back {} counts of stock", quant_ids.len());
        self.execute(
            &attempted,
            "stock.quant",
            "action_clear_inventory_quantity",
            &json!([quant_ids]),
            self.counting_context(),
        )
        .await
        .map(drop)
    }

    fn counting_context(&self) -> Map<String, Value> {
        let mut context = self.context(None);
        // without it Odoo makes raw quants and counts nothing
        context.insert("inventory_mode".to_owned(), json!(true));
        context
    }
}

fn entered(count: &StockCount) -> Value {
    let StockCount { product_id, location_id, counted } = count;
    // a JSON number from the decimal's own digits; Odoo reads it as a float in any case
    let counted: Value = serde_json::from_str(&counted.normalize().to_string())
        .unwrap_or_else(|_unreadable| json!(counted.to_string()));
    json!({"product_id": product_id, "location_id": location_id, "inventory_quantity": counted})
}

/// A method that returns nothing gives null; anything else is the window that Odoo would open.
fn read_answer(answer: &Value) -> CountAnswer {
    match answer {
        Value::Null | Value::Bool(_) => CountAnswer::Taken,
        Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            let model = answer.get("res_model").and_then(Value::as_str);
            CountAnswer::Asked(model.unwrap_or("something else").to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_numbers() {
        let count = StockCount { product_id: 7, location_id: 8, counted: Decimal::new(12_500, 3) };
        assert_eq!(
            entered(&count).to_string(),
            r#"{"inventory_quantity":12.5,"location_id":8,"product_id":7}"#
        );
        let none = StockCount { counted: Decimal::ZERO, ..count };
        assert_eq!(entered(&none)["inventory_quantity"], json!(0));
    }

    #[test]
    fn nothing_is_consent_and_a_window_a_question() {
        assert_eq!(read_answer(&Value::Null), CountAnswer::Taken);
        let window =
            json!({"type": "ir.actions.act_window", "res_model": "stock.inventory.conflict"});
        assert_eq!(read_answer(&window), CountAnswer::Asked("stock.inventory.conflict".to_owned()));
    }
}
