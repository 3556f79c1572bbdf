//! What `etsy-odoo init` makes in Odoo: the fields that carry Etsy's ids, and the products of lines that sell no goods.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::{Doubt, Fault};
use super::load::Load;
use super::{OdooError, OdooWriter, ProductRecord, Sheet};

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

/// A service product that order lines without goods refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceProduct {
    /// The full external id.
    pub external_id: &'static str,
    /// What people see.
    pub name: &'static str,
}

impl ServiceProduct {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self { external_id: "etsy.service_shipping", name: "Etsy shipping" },
        Self { external_id: "etsy.service_discount", name: "Etsy coupon discount" },
        Self { external_id: "etsy.service_gift_wrap", name: "Etsy gift wrap" },
        Self { external_id: "etsy.service_etsy_tax", name: "Tax collected by Etsy" },
        Self { external_id: "etsy.placeholder", name: "Etsy item without listing" },
    ];
}

#[derive(Deserialize)]
struct FoundModel {
    id: i32,
    model: String,
}

#[derive(Deserialize)]
struct FoundField {
    name: String,
    model: String,
    ttype: String,
}

impl OdooWriter {
    /// Makes the custom fields that are missing, and gives those that it made. Needs the right to Settings.
    pub async fn ensure_fields(&self) -> Result<Vec<CustomField>, OdooError> {
        let missing = missing_fields(&self.found_fields().await?)?;
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

    /// The custom fields that are missing in Odoo.
    pub async fn fields_missing(&self) -> Result<Vec<CustomField>, OdooError> {
        missing_fields(&self.found_fields().await?)
    }

    async fn found_fields(&self) -> Result<Vec<FoundField>, OdooError> {
        let names = CustomField::ALL.map(|field| field.name);
        let models = CustomField::ALL.map(|field| field.model);
        let domain = json!([["name", "in", names], ["model", "in", models]]);
        self.search(
            "look for the fields in Odoo",
            "ir.model.fields",
            domain,
            &["name", "model", "ttype"],
        )
        .await
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

    async fn search<T: serde::de::DeserializeOwned>(
        &self,
        attempted: &str,
        model: &str,
        domain: Value,
        fields: &[&str],
    ) -> Result<Vec<T>, OdooError> {
        let arguments = json!([domain, fields]);
        let answer =
            self.execute(attempted, model, "search_read", &arguments, self.context(None)).await?;
        serde_json::from_value(answer).map_err(|_shape_error| {
            OdooError::attempting(attempted)(Fault::Ambiguous(Doubt::Shape("rows of a search")))
        })
    }

    /// Makes the service products that are missing, and gives the `product.product` of each by its external id.
    pub async fn ensure_service_products(&self) -> Result<BTreeMap<String, i32>, OdooError> {
        let products = ServiceProduct::ALL.map(|service| ProductRecord {
            external_id: service.external_id.to_owned(),
            name: service.name.to_owned(),
            is_service: true,
            sku: None,
            list_price: rust_decimal::Decimal::ZERO,
            listing_id: None,
            variant_key: String::new(),
        });
        let sheet = Sheet::products(&products);
        let all: Vec<usize> = (0..sheet.len()).collect();
        match self.load(&sheet, &all).await? {
            Load::Loaded(ids) => {
                Ok(products.into_iter().map(|product| product.external_id).zip(ids).collect())
            }
            Load::Rejected(messages) => Err(OdooError::ServiceProducts {
                words: messages.into_iter().next().map(|first| first.words).unwrap_or_default(),
            }),
            Load::Conflict => {
                Err(OdooError::attempting("create the service products")(Fault::Conflict))
            }
        }
    }
}

fn missing_fields(found: &[FoundField]) -> Result<Vec<CustomField>, OdooError> {
    let mut missing = Vec::new();
    for field in CustomField::ALL {
        let there = found.iter().find(|one| one.model == field.model && one.name == field.name);
        match there {
            None => missing.push(field),
            Some(one) if one.ttype == "char" => {}
            Some(one) => {
                return Err(OdooError::FieldType {
                    model: one.model.clone(),
                    field: one.name.clone(),
                    found: one.ttype.clone(),
                });
            }
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(model: &str, name: &str, ttype: &str) -> FoundField {
        FoundField { name: name.to_owned(), model: model.to_owned(), ttype: ttype.to_owned() }
    }

    #[test]
    fn a_field_that_is_there_is_not_made_again() {
        let there = [
            found("sale.order", "x_etsy_shop", "char"),
            // a field on the template shows on the variant too, which is not the one we mean
            found("product.product", "x_etsy_listing_id", "char"),
        ];
        let missing = missing_fields(&there).unwrap();
        assert_eq!(missing.len(), 5);
        assert!(missing.iter().any(|field| field.name == "x_etsy_listing_id"));
    }

    #[test]
    fn a_field_of_another_type_is_named() {
        let error = missing_fields(&[found("sale.order", "x_etsy_shop", "integer")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the field x_etsy_shop of sale.order is of type integer, and must be of type char"
        );
    }
}
