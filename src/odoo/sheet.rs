//! Records as `load` takes them: a table of text, a row per record, and further rows for further lines of an order.
//!
//! An empty cell is not "leave the default": it is an explicit nothing (no price, no tax, no partner). So all records of
//! one sheet have one shape, and a column that some of them must not touch is left out for all.

use std::fmt;

use super::records::{CustomerRecord, CustomerShape};

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

    /// Buyers and addresses of one shape. An address needs the id of its buyer, so buyers go in an earlier call.
    pub fn customers(shape: CustomerShape, customers: &[CustomerRecord]) -> Self {
        let optional =
            [(shape.company_id.is_some(), "company_id/.id"), (shape.names_language, "lang")];
        let fields = CUSTOMER_FIELDS
            .into_iter()
            .chain(optional.into_iter().filter_map(|(named, field)| named.then_some(field)))
            .collect();
        let records =
            customers.iter().map(|customer| vec![customer_row(shape, customer)]).collect();
        Self { model: "res.partner", company_id: shape.company_id, fields, records }
    }

    /// Records of one row each, without a company.
    pub(super) fn plain(
        model: &'static str,
        fields: &[&'static str],
        rows: Vec<Vec<String>>,
    ) -> Self {
        let records = rows.into_iter().map(|row| vec![row]).collect();
        Self { model, company_id: None, fields: fields.to_vec(), records }
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

fn customer_row(shape: CustomerShape, customer: &CustomerRecord) -> Vec<String> {
    let mut row = vec![
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
    ];
    row.extend(shape.company_id.map(|company_id| company_id.to_string()));
    row.extend(shape.names_language.then(|| text(customer.language.as_deref())));
    row
}

pub(super) fn text(value: Option<&str>) -> String {
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
    use super::*;

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
            language: Some("de_DE".to_owned()),
        };
        let of = |shape| Sheet::customers(shape, std::slice::from_ref(&customer));
        let shown = format!("{customer:?} {:?}", of(CustomerShape::default()));
        assert!(!shown.contains("Ann") && !shown.contains("Main"), "{shown}");
        let plain = of(CustomerShape::default());
        assert!(!plain.fields().contains(&"lang") && !plain.fields().contains(&"company_id/.id"));
        let owned = of(CustomerShape { company_id: Some(2), names_language: true });
        assert_eq!(owned.fields().last(), Some(&"lang"));
        assert_eq!(owned.rows(&[0])[0][11..], ["2".to_owned(), "de_DE".to_owned()]);
    }
}
