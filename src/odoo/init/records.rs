//! The products of lines that sell no goods, and the tag of products that a person should look at.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::shaped;
use crate::odoo::faults::{Fault, Refusal};
use crate::odoo::load::Load;
use crate::odoo::rpc::id;
use crate::odoo::{OdooError, OdooWriter, Sheet};

/// The external id of the `product.tag` that products carry which we created, until a person takes it away.
pub const REVIEW_TAG: &str = "etsy.tag_review";

/// What people see of it.
const REVIEW_TAG_NAME: &str = "Etsy: to review";

/// A service product that order lines without goods refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceProduct {
    /// The full external id.
    pub external_id: &'static str,
    /// What people see.
    pub name: &'static str,
    /// Whether it is made without customer taxes: it stands for money that is not the seller's.
    pub is_untaxed: bool,
}

impl ServiceProduct {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::taxed("etsy.service_shipping", "Etsy shipping"),
        Self::taxed("etsy.service_discount", "Etsy coupon discount"),
        Self::taxed("etsy.service_gift_wrap", "Etsy gift wrap"),
        Self {
            external_id: "etsy.service_etsy_tax",
            name: "Tax collected by Etsy",
            is_untaxed: true,
        },
        Self::taxed("etsy.placeholder", "Etsy item without listing"),
    ];

    const fn taxed(external_id: &'static str, name: &'static str) -> Self {
        Self { external_id, name, is_untaxed: false }
    }
}

/// How a record of ours is found in Odoo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is there, with this database id.
    There(i32),
    /// It is there, and works otherwise than we made it; in which way.
    Changed(i32, &'static str),
    /// It is archived: lines cannot refer to it.
    Archived,
    /// It is not there.
    Missing,
}

#[derive(Deserialize)]
struct FoundProduct {
    id: i32,
    active: bool,
    // a selection, or `false`
    invoice_policy: Value,
    taxes_id: Vec<i32>,
}

impl OdooWriter {
    /// How each service product stands. Needs no right but to read products.
    pub async fn service_products(&self) -> Result<Vec<(ServiceProduct, Standing)>, OdooError> {
        let mut known = BTreeMap::new();
        for service in ServiceProduct::ALL {
            if let Some(id) = self.find(service.external_id).await? {
                known.insert(service.external_id, id);
            }
        }
        let ids: Vec<i32> = known.values().copied().collect();
        let attempted = "look at the service products in Odoo";
        let arguments = json!([ids, ["active", "invoice_policy", "taxes_id"]]);
        let answer = self
            .execute(attempted, "product.product", "read", &arguments, self.context(None))
            .await?;
        let read: Vec<FoundProduct> = shaped(attempted, answer, "products")?;
        Ok(ServiceProduct::ALL
            .into_iter()
            .map(|service| {
                let id = known.get(service.external_id);
                let found = read.iter().find(|product| Some(&product.id) == id);
                (service, found.map_or(Standing::Missing, |found| standing(service, found)))
            })
            .collect())
    }

    /// Makes the service products that are missing, and gives the `product.product` of each by its external id.
    pub async fn ensure_service_products(&self) -> Result<BTreeMap<String, i32>, OdooError> {
        let mut ids = BTreeMap::new();
        let mut missing = Vec::new();
        for (service, standing) in self.service_products().await? {
            match standing {
                Standing::There(id) | Standing::Changed(id, _) => {
                    ids.insert(service.external_id.to_owned(), id);
                }
                Standing::Archived => {
                    return Err(OdooError::Archived { name: service.name });
                }
                Standing::Missing => missing.push(service),
            }
        }
        // a column that some records must not touch is left out for all of a call
        let (untaxed, taxed): (Vec<_>, Vec<_>) =
            missing.into_iter().partition(|service| service.is_untaxed);
        for services in [taxed, untaxed] {
            let made = self.create("the service products", &sheet(&services)).await?;
            ids.extend(services.iter().map(|service| service.external_id.to_owned()).zip(made));
        }
        Ok(ids)
    }

    /// The `product.tag` of products to be looked at, if it is there.
    pub async fn review_tag(&self) -> Result<Option<i32>, OdooError> {
        self.find(REVIEW_TAG).await
    }

    /// Makes that tag if it is missing.
    pub async fn ensure_review_tag(&self) -> Result<(), OdooError> {
        if self.review_tag().await?.is_some() {
            return Ok(());
        }
        let row = [REVIEW_TAG, REVIEW_TAG_NAME].map(str::to_owned).to_vec();
        let sheet = Sheet::plain("product.tag", &["id", "name"], vec![row]);
        self.create("the product tag \"Etsy: to review\"", &sheet).await.map(drop)
    }

    /// The record behind an external id, archived or not. `ir.model.data` itself is for administrators.
    async fn find(&self, external_id: &str) -> Result<Option<i32>, OdooError> {
        let (module, name) = external_id.split_once('.').unwrap_or(("", external_id));
        let mut context = self.context(None);
        context.insert("active_test".to_owned(), json!(false));
        let attempted = format!("look for {external_id} in Odoo");
        let arguments = json!([module, name]);
        let answer = self
            .execute(&attempted, "ir.model.data", "check_object_reference", &arguments, context)
            .await;
        match answer {
            // `[model, false]` stands for a record that was taken away behind Odoo's back
            Ok(found) => Ok(found.get(1).and_then(id)),
            Err(OdooError::Call { source: Fault::Refused(Refusal { kind, .. }), .. })
                if kind == "builtins.ValueError" =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Creates the records of a sheet, all or none.
    async fn create(&self, what: &'static str, sheet: &Sheet) -> Result<Vec<i32>, OdooError> {
        if sheet.is_empty() {
            return Ok(Vec::new());
        }
        let all: Vec<usize> = (0..sheet.len()).collect();
        match self.load(sheet, &all).await? {
            Load::Loaded(ids) => Ok(ids),
            Load::Rejected(messages) => Err(OdooError::NotCreated {
                what,
                words: messages.into_iter().next().map(|first| first.words).unwrap_or_default(),
            }),
            Load::Conflict => Err(OdooError::attempting(format!("create {what}"))(Fault::Conflict)),
        }
    }
}

fn standing(service: ServiceProduct, found: &FoundProduct) -> Standing {
    if !found.active {
        return Standing::Archived;
    }
    if found.invoice_policy.as_str() != Some("order") {
        return Standing::Changed(
            found.id,
            "is invoiced by delivered quantities, and nothing of it is delivered",
        );
    }
    if service.is_untaxed && !found.taxes_id.is_empty() {
        return Standing::Changed(found.id, "has customer taxes, and stands for Etsy's tax");
    }
    Standing::There(found.id)
}

/// Services as `load` takes them. They are invoiced as they are ordered, since nothing of them is delivered.
fn sheet(services: &[ServiceProduct]) -> Sheet {
    let mut fields = vec!["id", "name", "type", "invoice_policy", "list_price"];
    let is_untaxed = services.iter().any(|service| service.is_untaxed);
    if is_untaxed {
        fields.push("taxes_id/.id");
    }
    let rows = services.iter().map(|service| {
        let mut row: Vec<String> = [service.external_id, service.name, "service", "order", "0"]
            .map(str::to_owned)
            .to_vec();
        if is_untaxed {
            // an empty cell is "none"; without the column Odoo puts the company's tax
            row.push(String::new());
        }
        row
    });
    Sheet::plain("product.product", &fields, rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(attributes: &Value) -> FoundProduct {
        let mut product =
            json!({"id": 7, "active": true, "invoice_policy": "order", "taxes_id": []});
        for (name, value) in attributes.as_object().unwrap() {
            product[name] = value.clone();
        }
        serde_json::from_value(product).unwrap()
    }

    #[test]
    fn a_product_that_was_changed_is_told() {
        let [shipping, _, _, tax, _] = ServiceProduct::ALL;
        let taxed = found(&json!({"taxes_id": [1]}));
        assert_eq!(standing(shipping, &taxed), Standing::There(7));
        assert!(matches!(standing(tax, &taxed), Standing::Changed(7, why) if why.contains("tax")));
        let by_delivery = found(&json!({"invoice_policy": "delivery"}));
        assert!(matches!(standing(tax, &by_delivery), Standing::Changed(7, _)));
        assert_eq!(standing(tax, &found(&json!({"active": false}))), Standing::Archived);
    }

    #[test]
    fn only_etsys_tax_is_made_without_taxes() {
        let [shipping, discount, _, tax, _] = ServiceProduct::ALL;
        assert!(!sheet(&[shipping, discount]).fields().contains(&"taxes_id/.id"));
        let sheet = sheet(&[tax]);
        assert_eq!(sheet.fields().last(), Some(&"taxes_id/.id"));
        assert_eq!(sheet.rows(&[0])[0].last(), Some(&String::new()));
    }
}
