//! A plan as JSON, decision by decision: memory does not grow with the plan.

use std::io::Write;

use futures_util::TryStreamExt as _;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;

use super::ReportError;
use super::plan_view::PlanView;
use super::read::{Reader, failed};
use crate::db::Warehouse;
use crate::domain::{ActionKind, RunId};

/// How much of the actions is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Payloads {
    /// Without what tells who a buyer is: of a customer the external id and the country, of an order no texts of its
    /// lines (they can hold what the buyer asked to have engraved), and no before-images.
    #[default]
    WithoutPeople,
    /// All of them, whole.
    Whole,
}

/// Writes the plan as one JSON object: the fields of [`PlanView`], then `decisions`, one per line, in the order of
/// application.
pub async fn write_plan_json(
    warehouse: &Warehouse,
    plan: &PlanView,
    payloads: Payloads,
    output: &mut (dyn Write + Send),
) -> Result<(), ReportError> {
    let run = plan.run.number;
    let failed_output = |source| ReportError::Output { run, source };
    let head = serde_json::to_string(plan).map_err(|source| ReportError::Json { run, source })?;
    let open = head.strip_suffix('}').unwrap_or(&head);
    write!(output, "{open},\"decisions\":[").map_err(failed_output)?;
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let reader = Reader::begin(&mut client, run).await?;
    let statement = sql!("report/plan_decisions.sql");
    let rows = reader.stream("read the decisions of a plan", statement, &[&run.0]).await?;
    let mut rows = std::pin::pin!(rows);
    let mut separator = "\n";
    while let Some(row) =
        rows.try_next().await.map_err(|error| failed(run, "read the decisions of a plan", error))?
    {
        let line = decision_json(run, &row, payloads)?;
        write!(output, "{separator}{line}").map_err(failed_output)?;
        separator = ",\n";
    }
    writeln!(output, "\n]}}").and_then(|()| output.flush()).map_err(failed_output)
}

/// A decision as the journal has it.
#[derive(Serialize)]
struct DecisionJson<'a> {
    decision_no: i32,
    shop_id: i64,
    subject: &'a str,
    key: &'a str,
    verdict: &'a str,
    decision: &'a str,
    action: Option<&'a str>,
    reason: &'a str,
    amount: Option<rust_decimal::Decimal>,
    currency: Option<&'a str>,
    payload: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_image: Option<Value>,
}

fn decision_json(run: RunId, row: &Row, payloads: Payloads) -> Result<String, ReportError> {
    let action: Option<&str> = row.get("action");
    let payload: Option<Value> = row.get("payload");
    let (payload, before_image) = match payloads {
        Payloads::Whole => (payload, row.get("before_image")),
        Payloads::WithoutPeople => (payload.map(|payload| without_people(action, payload)), None),
    };
    let decision = DecisionJson {
        decision_no: row.get("decision_no"),
        shop_id: row.get("shop_id"),
        subject: row.get("subject"),
        key: row.get("key"),
        verdict: row.get("verdict"),
        decision: row.get("decision"),
        action,
        reason: row.get("reason"),
        amount: row.get("amount"),
        currency: row.get("currency"),
        payload,
        before_image,
    };
    serde_json::to_string(&decision).map_err(|source| ReportError::Json { run, source })
}

/// A payload without what tells who a buyer is.
fn without_people(action: Option<&str>, mut payload: Value) -> Value {
    if let Some(fields) = payload.as_object_mut() {
        if action == Some(ActionKind::CreateCustomer.as_str()) {
            fields.retain(|field, _| {
                ["action", "external_id", "country_id"].contains(&field.as_str())
            });
        }
        let lines = fields.get_mut("lines").and_then(Value::as_array_mut);
        for line in lines.into_iter().flatten().filter_map(Value::as_object_mut) {
            line.remove("name");
        }
        // what the buyer wrote
        fields.remove("notes");
    }
    payload
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_stay_out_of_payloads() {
        let customer = json!({
            "action": "create_customer", "external_id": "etsy.buyer_9", "country_id": 233,
            "name": "Anna", "street": "1 Hidden Lane", "zip": "10001", "buyer_user_id": 9,
        });
        assert_eq!(
            without_people(Some("create_customer"), customer),
            json!({"action": "create_customer", "external_id": "etsy.buyer_9", "country_id": 233})
        );
        let order = json!({"external_id": "etsy.receipt_1", "lines": [
            {"external_id": "etsy.tx_1", "name": "Mug, engraved: for Anna", "quantity": "1"},
        ], "notes": [{"external_id": "etsy.note_gift_1", "text": "This order is a gift from Bob"}]});
        assert_eq!(
            without_people(Some("book_order"), order),
            json!({"external_id": "etsy.receipt_1", "lines": [
                {"external_id": "etsy.tx_1", "quantity": "1"},
            ]})
        );
        let product = json!({"name": "Mug"});
        assert_eq!(without_people(Some("create_product"), product.clone()), product);
    }
}
