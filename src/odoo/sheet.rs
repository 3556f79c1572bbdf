//! Records as `load` takes them: a table of text, a row per record, and further rows for further lines of an order.
//!
//! An empty cell is not "leave the default": it is an explicit nothing (no price, no tax, no partner). So all records of
//! one sheet have one shape, and a column that some of them must not touch is left out for all.

use std::fmt;

use chrono::{DateTime, Utc};

use super::addresses::AddressChange;
use super::records::{
    CustomerRecord, CustomerShape, NoteRecord, OrderLineRecord, OrderRecord, OrderShape,
};

/// The rows of one record.
type Rows = Vec<Vec<String>>;

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

const ORDER_FIELDS: [&str; 10] = [
    "id",
    "partner_id/.id",
    "partner_invoice_id/.id",
    "partner_shipping_id/.id",
    "pricelist_id/.id",
    "date_order",
    "client_order_ref",
    "origin",
    "x_etsy_receipt_id",
    "x_etsy_shop",
];

const LINE_FIELDS: [&str; 9] = [
    "order_line/id",
    "order_line/display_type",
    "order_line/product_id/.id",
    "order_line/name",
    "order_line/product_uom_qty",
    "order_line/price_unit",
    // without it, a pricelist that shows its discount takes it off a price that is given
    "order_line/discount",
    "order_line/x_etsy_transaction_id",
    "order_line/is_delivery",
];

/// An empty cell is "no tax"; without the column the product's tax is added.
const LINE_TAX_FIELD: &str = "order_line/tax_id/.id";

impl Sheet {
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

    /// The same products, sold without customer taxes; without the column they are taxed as their company taxes sales.
    pub fn without_taxes(mut self) -> Self {
        self.fields.push("taxes_id/.id");
        self.records.iter_mut().flatten().for_each(|row| row.push(String::new()));
        self
    }

    /// Orders of one shape.
    pub fn orders(shape: &OrderShape, orders: &[OrderRecord]) -> Self {
        let fields = ORDER_FIELDS
            .into_iter()
            .chain(shape.columns().iter().copied())
            .chain(LINE_FIELDS)
            .chain(shape.writes_taxes().then_some(LINE_TAX_FIELD))
            .collect();
        let records = orders.iter().map(|order| order_rows(shape, order)).collect();
        Self { model: "sale.order", company_id: shape.company_id, fields, records }
    }

    /// Dates to be put back on orders that exist.
    pub(super) fn order_dates(company_id: Option<i32>, dates: &[(i32, DateTime<Utc>)]) -> Self {
        let records = dates
            .iter()
            .map(|(order, date)| vec![vec![order.to_string(), moment(*date)]])
            .collect();
        Self { model: "sale.order", company_id, fields: vec![".id", "date_order"], records }
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

    /// Addresses to be written on orders that exist.
    pub(super) fn order_addresses(company_id: Option<i32>, changes: &[AddressChange]) -> Self {
        let fields = vec![".id", "partner_shipping_id/.id", "fiscal_position_id/.id"];
        let row = |change: &AddressChange| {
            let fiscal_position_id = number(change.fiscal_position_id);
            vec![change.order_id.to_string(), change.shipping_id.to_string(), fiscal_position_id]
        };
        let records = changes.iter().map(|change| vec![row(change)]).collect();
        Self { model: "sale.order", company_id, fields, records }
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

fn order_rows(shape: &OrderShape, order: &OrderRecord) -> Rows {
    let mut head = vec![
        order.external_id.clone(),
        order.partner_id.to_string(),
        order.partner_id.to_string(),
        order.shipping_id.to_string(),
        order.pricelist_id.to_string(),
        moment(order.ordered_at),
        order.receipt_id.to_string(),
        format!("Etsy receipt {}", order.receipt_id),
        order.receipt_id.to_string(),
        order.shop_id.to_string(),
    ];
    head.extend(order.terms.cells().into_iter().map(|(_, cell)| cell));
    let blank_head = vec![String::new(); head.len()];
    let with_tax = |mut cells: Vec<String>, tax_id: Option<i32>| {
        cells.extend(shape.writes_taxes().then(|| number(tax_id)));
        cells
    };
    let mut lines = order
        .lines
        .iter()
        .map(|line| with_tax(line_cells(line), line.tax_id))
        .chain(order.notes.iter().map(|note| with_tax(note_cells(note), None)));
    let first =
        lines.next().unwrap_or_else(|| with_tax(vec![String::new(); LINE_FIELDS.len()], None));
    std::iter::once((head, first))
        .chain(lines.map(|line| (blank_head.clone(), line)))
        .map(|(head, line)| [head, line].concat())
        .collect()
}

fn line_cells(line: &OrderLineRecord) -> Vec<String> {
    vec![
        line.external_id.clone(),
        String::new(),
        line.product_id.to_string(),
        line.name.clone(),
        line.quantity.to_string(),
        line.price_unit.to_string(),
        "0".to_owned(),
        number(line.transaction_id),
        flag(line.is_delivery),
    ]
}

/// A line that sells nothing: Odoo wants neither product nor unit, and no amounts.
fn note_cells(note: &NoteRecord) -> Vec<String> {
    vec![
        note.external_id.clone(),
        "line_note".to_owned(),
        String::new(),
        note.text.clone(),
        "0".to_owned(),
        "0".to_owned(),
        "0".to_owned(),
        String::new(),
        flag(false),
    ]
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

/// The only way in which Odoo takes a moment; read in the time zone of the context, which is UTC in every call.
fn moment(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::odoo::OrderTerms;

    fn line(external_id: &str, is_delivery: bool) -> OrderLineRecord {
        OrderLineRecord {
            external_id: external_id.to_owned(),
            product_id: 3,
            name: "Mug".to_owned(),
            quantity: Decimal::from(2),
            price_unit: Decimal::new(1750, 2),
            transaction_id: (!is_delivery).then_some(42_000_000_001),
            is_delivery,
            tax_id: None,
        }
    }

    fn cell(sheet: &Sheet, row: usize, field: &str) -> String {
        let column = sheet.fields().iter().position(|name| *name == field).unwrap();
        sheet.rows(&[0])[row][column].clone()
    }

    fn order(lines: Vec<OrderLineRecord>) -> OrderRecord {
        OrderRecord {
            external_id: "etsy.receipt_42".to_owned(),
            partner_id: 7,
            shipping_id: 8,
            pricelist_id: 1,
            ordered_at: DateTime::from_timestamp(1_772_600_767, 0).unwrap(),
            receipt_id: 42,
            shop_id: 5,
            terms: OrderTerms { warehouse_id: Some(9), ..OrderTerms::default() },
            lines,
            notes: Vec::new(),
        }
    }

    #[test]
    fn an_order_is_a_row_per_line() {
        let lines = vec![line("etsy.tx_1", false), line("etsy.shipping_42", true)];
        let order = order(lines);
        let sheet = Sheet::orders(&OrderShape::new(&order.terms, false), &[order]);
        let rows = sheet.rows(&[0]);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.len() == sheet.fields().len()));
        let cell = |row, field| cell(&sheet, row, field);
        assert_eq!(cell(0, "date_order"), "2026-03-04 05:06:07");
        assert_eq!(cell(0, "warehouse_id/.id"), "9");
        assert_eq!(cell(0, "order_line/price_unit"), "17.50");
        assert_eq!(cell(0, "order_line/is_delivery"), "0");
        assert_eq!(cell(1, "id"), "");
        assert_eq!(cell(1, "order_line/is_delivery"), "1");
        assert_eq!(cell(1, "order_line/x_etsy_transaction_id"), "");
    }

    #[test]
    fn a_column_is_there_when_the_shop_names_it() {
        let mut plain = order(vec![line("etsy.tx_1", false)]);
        plain.terms = OrderTerms::default();
        let sheet = Sheet::orders(&OrderShape::new(&plain.terms, false), &[plain]);
        assert!(!sheet.fields().iter().any(|field| field.starts_with("warehouse_id")));
        let mut full = order(vec![]);
        full.terms = OrderTerms {
            company_id: Some(2),
            payment_term_id: Some(4),
            fiscal_position_id: Some(5),
            tag_ids: vec![3, 7],
            ..OrderTerms::default()
        };
        let sheet = Sheet::orders(&OrderShape::new(&full.terms, false), &[full]);
        assert_eq!(sheet.rows(&[0]).len(), 1);
        assert_eq!(sheet.rows(&[0])[0].len(), sheet.fields().len());
        for (field, expected) in [
            ("company_id/.id", "2"),
            ("payment_term_id/.id", "4"),
            ("fiscal_position_id/.id", "5"),
            ("tag_ids/.id", "3,7"),
        ] {
            assert_eq!(cell(&sheet, 0, field), expected);
        }
    }

    #[test]
    fn a_tax_is_written_or_left_to_odoo() {
        let mut taxed =
            order(vec![OrderLineRecord { tax_id: Some(6), ..line("etsy.tx_1", false) }]);
        taxed.notes = vec![NoteRecord {
            external_id: "etsy.note_gift_42".to_owned(),
            text: "<b>Hi</b>".to_owned(),
        }];
        let written =
            Sheet::orders(&OrderShape::new(&taxed.terms, false), std::slice::from_ref(&taxed));
        assert_eq!(cell(&written, 0, LINE_TAX_FIELD), "6");
        assert_eq!(cell(&written, 1, LINE_TAX_FIELD), "");
        assert_eq!(cell(&written, 1, "order_line/display_type"), "line_note");
        assert_eq!(cell(&written, 1, "order_line/product_id/.id"), "");
        assert_eq!(cell(&written, 1, "order_line/name"), "<b>Hi</b>");
        let left = Sheet::orders(&OrderShape::new(&taxed.terms, true), &[taxed]);
        assert!(!left.fields().contains(&LINE_TAX_FIELD));
        assert!(left.rows(&[0]).iter().all(|row| row.len() == left.fields().len()));
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
