//! The fields that carry Etsy's ids in Odoo's models.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::shaped;
use crate::odoo::faults::Fault;
use crate::odoo::{OdooError, OdooWriter};

/// A field of ours in one of Odoo's models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomField {
    /// Odoo's model.
    pub model: &'static str,
    /// The name, with the `x_` that Odoo asks of fields made from outside.
    pub name: &'static str,
    /// What people see.
    pub label: &'static str,
}

impl CustomField {
    /// All of them. They are text: Odoo's integers have 32 bits, and Etsy's ids need more.
    pub const ALL: [Self; 6] = [
        Self { model: "sale.order", name: "x_etsy_receipt_id", label: "Etsy receipt" },
        Self { model: "sale.order", name: "x_etsy_shop", label: "Etsy shop" },
        Self { model: "sale.order.line", name: "x_etsy_transaction_id", label: "Etsy transaction" },
        Self { model: "product.template", name: "x_etsy_listing_id", label: "Etsy listing" },
        Self { model: "product.product", name: "x_etsy_variant_key", label: "Etsy variant" },
        Self { model: "res.partner", name: "x_etsy_buyer_id", label: "Etsy buyer" },
    ];
}

#[derive(Deserialize)]
struct FoundModel {
    id: i32,
    model: String,
}

/// A field as `fields_get` describes it, which everybody may ask; `ir.model.fields` is for administrators.
#[derive(Deserialize)]
struct FoundField(BTreeMap<String, Value>);

impl FoundField {
    const ATTRIBUTES: [&str; 8] = [
        "type",
        "size",
        "store",
        "readonly",
        "related",
        "depends",
        "translate",
        "company_dependent",
    ];

    /// Whether an attribute holds something that Python calls true.
    fn has(&self, attribute: &str) -> bool {
        match self.0.get(attribute) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_i64() != Some(0),
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(entries)) => !entries.is_empty(),
        }
    }

    /// Why it cannot hold Etsy's ids as we write them; nothing if it can.
    fn fault(&self) -> Option<String> {
        let kind = self.0.get("type").and_then(Value::as_str).unwrap_or("unknown");
        if kind != "char" {
            return Some(format!("is of type {kind}"));
        }
        // Odoo cuts what is longer, and says nothing
        if let Some(size) = self.0.get("size").filter(|_| self.has("size")) {
            return Some(format!("is limited to {size} characters"));
        }
        let faults = [
            (self.has("related"), "shows a field of another record"),
            (self.has("depends"), "is computed"),
            (!self.has("store"), "is not stored"),
            (self.has("readonly"), "is read-only"),
            (self.has("translate"), "is translated"),
            (self.has("company_dependent"), "differs by company"),
        ];
        faults.into_iter().find(|(is_so, _)| *is_so).map(|(_, words)| words.to_owned())
    }
}

impl OdooWriter {
    /// Makes the custom fields that are missing, and gives those that it made. Needs the right to Settings, unless
    /// none is missing.
    pub async fn ensure_fields(&self) -> Result<Vec<CustomField>, OdooError> {
        let missing = self.fields_missing().await?;
        if missing.is_empty() {
            return Ok(missing);
        }
        let models = self.model_ids().await?;
        let attempted = format!("create {} fields in Odoo", missing.len());
        let values = missing
            .iter()
            .map(|field| {
                let model_id = models.get(field.model).ok_or_else(|| {
                    let words = format!("there is no model {}", field.model);
                    OdooError::attempting(attempted.as_str())(Fault::NoSuchField(words))
                })?;
                Ok(json!({
                    "model_id": model_id,
                    "name": field.name,
                    "field_description": field.label,
                    "ttype": "char",
                    "state": "manual",
                    "index": true,
                    "copied": false,
                }))
            })
            .collect::<Result<Vec<Value>, OdooError>>()?;
        // one call: every call rebuilds Odoo's registry
        self.execute(&attempted, "ir.model.fields", "create", &json!([values]), self.context(None))
            .await?;
        Ok(missing)
    }

    /// The custom fields that are missing in Odoo. A field that is there, and is not what we need, is an error.
    pub async fn fields_missing(&self) -> Result<Vec<CustomField>, OdooError> {
        let mut models: Vec<&str> = CustomField::ALL.iter().map(|field| field.model).collect();
        models.dedup();
        let mut missing = Vec::new();
        for model in models {
            let wanted: Vec<CustomField> =
                CustomField::ALL.into_iter().filter(|field| field.model == model).collect();
            missing.extend(lacking(&wanted, &self.found_fields(model, &wanted).await?)?);
        }
        Ok(missing)
    }

    async fn found_fields(
        &self,
        model: &str,
        wanted: &[CustomField],
    ) -> Result<BTreeMap<String, FoundField>, OdooError> {
        let attempted = format!("look at the fields of {model}");
        let names: Vec<&str> = wanted.iter().map(|field| field.name).collect();
        let arguments = json!([names, FoundField::ATTRIBUTES]);
        let answer =
            self.execute(&attempted, model, "fields_get", &arguments, self.context(None)).await?;
        shaped(&attempted, answer, "the fields of a model")
    }

    async fn model_ids(&self) -> Result<BTreeMap<String, i32>, OdooError> {
        let models = CustomField::ALL.map(|field| field.model);
        let found: Vec<FoundModel> = self
            .search(
                "look for the models in Odoo",
                "ir.model",
                json!([["model", "in", models]]),
                &["model"],
            )
            .await?;
        Ok(found.into_iter().map(|found| (found.model, found.id)).collect())
    }
}

/// Those of `wanted` that are not among the fields that were found.
fn lacking(
    wanted: &[CustomField],
    found: &BTreeMap<String, FoundField>,
) -> Result<Vec<CustomField>, OdooError> {
    let mut missing = Vec::new();
    for field in wanted {
        match found.get(field.name) {
            None => missing.push(*field),
            Some(there) => {
                if let Some(found) = there.fault() {
                    let (model, field) = (field.model.to_owned(), field.name.to_owned());
                    return Err(OdooError::FieldType { model, field, found });
                }
            }
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(attributes: Value) -> Result<Vec<CustomField>, OdooError> {
        let field: FoundField = serde_json::from_value(attributes).unwrap();
        let shop = CustomField::ALL.into_iter().find(|field| field.name == "x_etsy_shop").unwrap();
        lacking(&[shop], &BTreeMap::from([("x_etsy_shop".to_owned(), field)]))
    }

    #[test]
    fn a_field_that_is_there_is_not_made_again() {
        // as Odoo 18 answers
        let there = json!({"company_dependent": false, "depends": [], "readonly": false,
            "store": true, "translate": false, "type": "char"});
        assert!(found(there).unwrap().is_empty());
        assert_eq!(lacking(&CustomField::ALL, &BTreeMap::new()).unwrap().len(), 6);
    }

    #[test]
    fn a_field_that_cannot_hold_our_ids_is_named() {
        let char = |attribute: &str, value: Value| {
            let mut field = json!({"type": "char", "store": true});
            field[attribute] = value;
            field
        };
        for (attributes, words) in [
            (json!({"type": "integer", "store": true}), "is of type integer"),
            (char("size", json!(32)), "is limited to 32 characters"),
            (char("related", json!("partner_id.name")), "shows a field of another record"),
            (char("depends", json!(["name"])), "is computed"),
            (char("store", json!(false)), "is not stored"),
            (char("readonly", json!(true)), "is read-only"),
            (char("translate", json!(true)), "is translated"),
            (char("company_dependent", json!(true)), "differs by company"),
        ] {
            let error = found(attributes).unwrap_err();
            let expected =
                format!("the field x_etsy_shop of sale.order {words}, and has to be plain text");
            assert_eq!(error.to_string(), expected);
        }
    }
}
