//! Sale orders as `load` takes them: the order stands on the row of its first line, the further lines on rows of their own.

use chrono::{DateTime, Utc};

use super::addresses::AddressChange;
use super::records::{NoteRecord, OrderLineRecord, OrderRecord, OrderShape};
use super::sheet::{Rows, Sheet, flag, number};

const CUSTOMER_IDS: [&str; 3] =
    ["partner_id/.id", "partner_invoice_id/.id", "partner_shipping_id/.id"];

const CUSTOMER_NAMES: [&str; 3] =
    ["partner_id/id", "partner_invoice_id/id", "partner_shipping_id/id"];

const ORDER_FIELDS: [&str; 6] = [
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
    /// Orders of one shape. Customers are given by their external ids where all have one: Odoo looks up an external id
    /// once in a call, and asks its database anew for every cell with a database id.
    pub fn orders(shape: &OrderShape, orders: &[OrderRecord]) -> Self {
        let by_name = orders.iter().all(|order| {
            order.partner_external_id.is_some() && order.shipping_external_id.is_some()
        });
        let customers = if by_name { CUSTOMER_NAMES } else { CUSTOMER_IDS };
        let fields = std::iter::once("id")
            .chain(customers)
            .chain(ORDER_FIELDS)
            .chain(shape.columns().iter().copied())
            .chain(LINE_FIELDS)
            .chain(shape.writes_taxes().then_some(LINE_TAX_FIELD))
            .collect();
        let records = orders.iter().map(|order| order_rows(shape, by_name, order)).collect();
        Self::new("sale.order", shape.company_id, fields, records)
    }

    /// Dates to be put back on orders that exist.
    pub(super) fn order_dates(company_id: Option<i32>, dates: &[(i32, DateTime<Utc>)]) -> Self {
        let records = dates
            .iter()
            .map(|(order, date)| vec![vec![order.to_string(), moment(*date)]])
            .collect();
        Self::new("sale.order", company_id, vec![".id", "date_order"], records)
    }

    /// Addresses to be written on orders that exist.
    pub(super) fn order_addresses(company_id: Option<i32>, changes: &[AddressChange]) -> Self {
        let fields = vec![".id", "partner_shipping_id/.id", "fiscal_position_id/.id"];
        let row = |change: &AddressChange| {
            let fiscal_position_id = number(change.fiscal_position_id);
            vec![change.order_id.to_string(), change.shipping_id.to_string(), fiscal_position_id]
        };
        let records = changes.iter().map(|change| vec![row(change)]).collect();
        Self::new("sale.order", company_id, fields, records)
    }
}

fn order_rows(shape: &OrderShape, by_name: bool, order: &OrderRecord) -> Rows {
    let customer = |id: i32, external_id: &Option<String>| match external_id {
        Some(external_id) if by_name => external_id.clone(),
        Some(_) | None => id.to_string(),
    };
    let mut head = vec![
        order.external_id.clone(),
        customer(order.partner_id, &order.partner_external_id),
        customer(order.partner_id, &order.partner_external_id),
        customer(order.shipping_id, &order.shipping_external_id),
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
            partner_external_id: Some("etsy.buyer_1".to_owned()),
            shipping_external_id: None,
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
    fn customers_are_given_one_way_in_a_sheet() {
        let named = |receipt: &str| OrderRecord {
            external_id: format!("etsy.receipt_{receipt}"),
            partner_external_id: Some("etsy.buyer_1".to_owned()),
            shipping_external_id: Some("etsy.address_1_a".to_owned()),
            ..order(vec![])
        };
        let cells = |orders: &[OrderRecord]| {
            let shape = OrderShape::new(&OrderTerms::default(), false);
            let sheet = Sheet::orders(&shape, orders);
            let cell = sheet.rows(&[0])[0][3].clone();
            (sheet.fields()[3], cell)
        };
        let external = ("partner_shipping_id/id", "etsy.address_1_a".to_owned());
        assert_eq!(cells(&[named("1"), named("2")]), external);
        assert_eq!(
            cells(&[named("1"), order(vec![])]),
            ("partner_shipping_id/.id", "8".to_owned())
        );
    }
}
