//! Records as `load` takes them: a table of text, a row per record, and further rows for further lines of an order.
//!
//! An empty cell is not "leave the default": it is an explicit nothing (no price, no tax, no partner). So all records of
//! one sheet have one shape, and a column that some of them must not touch is left out for all.

use std::fmt;

use super::records::{CustomerRecord, ProductRecord};

/// The rows of one record.
pub(super) type Rows = Vec<Vec<String>>;

/// Records of one model and one shape, ready to be sent whole or in parts.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    model: &'static str,
    company_id: Option<i32>,
    fields: Vec<&'static str>,
    records: Vec<Rows>,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sheet")
            .field("model", &self.model)
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}

const PRODUCT_FIELDS: [&str; 8] = [
    "id",
    "name",
    "type",
    "is_storable",
    "default_code",
    "list_price",
    "x_etsy_listing_id",
    "x_etsy_variant_key",
];

const CUSTOMER_FIELDS: [&str; 11] = [
    "id",
    "name",
    "type",
    "parent_id/.id",
    "street",
    "street2",
    "city",
    "zip",
    "country_id/.id",
    "state_id/.id",
    "x_etsy_buyer_id",
];

impl Sheet {
    /// Records of a model, with as many cells in each row as there are columns.
    pub(super) fn new(
        model: &'static str,
        company_id: Option<i32>,
        fields: Vec<&'static str>,
        records: Vec<Rows>,
    ) -> Self {
        Self { model, company_id, fields, records }
    }

    /// Products.
    pub fn products(products: &[ProductRecord]) -> Self {
        let records = products.iter().map(|product| vec![product_row(product)]).collect();
        Self {
            model: "product.product",
            company_id: None,
            fields: PRODUCT_FIELDS.to_vec(),
            records,
        }
    }

    /// Buyers and addresses. An address needs the id of its buyer, so buyers go in an earlier call.
    pub fn customers(customers: &[CustomerRecord]) -> Self {
        let records = customers.iter().map(|customer| vec![customer_row(customer)]).collect();
        Self { model: "res.partner", company_id: None, fields: CUSTOMER_FIELDS.to_vec(), records }
    }

    /// The same products, sold without customer taxes; without the column they are taxed as their company taxes sales.
    #[must_use]
    pub fn without_taxes(mut self) -> Self {
        self.fields.push("taxes_id/.id");
        self.records.iter_mut().flatten().for_each(|row| row.push(String::new()));
        self
    }

    /// Odoo's model.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The company whose rules hold for the call.
    pub(super) fn company_id(&self) -> Option<i32> {
        self.company_id
    }

    /// The columns, as `load` names them.
    pub(super) fn fields(&self) -> &[&'static str] {
        &self.fields
    }

    /// The rows of the records at these places.
    pub(super) fn rows(&self, chosen: &[usize]) -> Vec<&Vec<String>> {
        chosen.iter().filter_map(|place| self.records.get(*place)).flatten().collect()
    }
}

fn product_row(product: &ProductRecord) -> Vec<String> {
    vec![
        product.external_id.clone(),
        product.name.clone(),
        if product.is_service { "service" } else { "consu" }.to_owned(),
        // what is kept in stock; Odoo refuses it on a service
        flag(!product.is_service),
        text(product.sku.as_deref()),
        product.list_price.to_string(),
        number(product.listing_id),
        product.variant_key.clone(),
    ]
}

fn customer_row(customer: &CustomerRecord) -> Vec<String> {
    vec![
        customer.external_id.clone(),
        customer.name.clone(),
        if customer.parent_id.is_some() { "delivery" } else { "contact" }.to_owned(),
        number(customer.parent_id),
        text(customer.street.as_deref()),
        text(customer.street2.as_deref()),
        text(customer.city.as_deref()),
        text(customer.zip.as_deref()),
        number(customer.country_id),
        number(customer.state_id),
        customer.buyer_user_id.to_string(),
    ]
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

pub(super) fn number<N: ToString>(value: Option<N>) -> String {
    value.map(|number| number.to_string()).unwrap_or_default()
}

pub(super) fn flag(value: bool) -> String {
    if value { "1" } else { "0" }.to_owned()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn a_service_is_not_kept_in_stock() {
        let mut product = ProductRecord {
            external_id: "etsy.sku_a".to_owned(),
            name: "Pattern".to_owned(),
            is_service: true,
            sku: None,
            list_price: Decimal::new(500, 2),
            listing_id: Some(12),
            variant_key: String::new(),
        };
        let service = product_row(&product);
        assert_eq!(service[2..4], ["service".to_owned(), "0".to_owned()]);
        product.is_service = false;
        assert_eq!(product_row(&product)[2..4], ["consu".to_owned(), "1".to_owned()]);
    }

    #[test]
    fn people_stay_out_of_debug() {
        let customer = CustomerRecord {
            external_id: "etsy.buyer_1".to_owned(),
            name: "Ann Buyer".to_owned(),
            parent_id: None,
            street: Some("1 Main St".to_owned()),
            street2: None,
            city: None,
            zip: None,
            country_id: None,
            state_id: None,
            buyer_user_id: 1,
        };
        let shown = format!("{customer:?} {:?}", Sheet::customers(std::slice::from_ref(&customer)));
        assert!(!shown.contains("Ann") && !shown.contains("Main"), "{shown}");
    }
}
