//! Records as `load` takes them: a table of text, a row per record, and further rows for further lines of an order.
//!
//! An empty cell is not "leave the default": it is an explicit nothing (no price, no tax, no partner). So all records of
//! one sheet have one shape, and a column that some of them must not touch is left out for all.

use std::fmt;

use chrono::{DateTime, Utc};

use super::records::{CustomerRecord, OrderLineRecord, OrderRecord, OrderShape, ProductRecord};

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

const LINE_FIELDS: [&str; 8] = [
    "order_line/id",
    "order_line/product_id/.id",
    "order_line/name",
    "order_line/product_uom_qty",
    "order_line/price_unit",
    "order_line/tax_id/.id",
    "order_line/x_etsy_transaction_id",
    "order_line/is_delivery",
];

impl Sheet {
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

    /// Orders of one shape. Customers are given by their external ids where all have one: Odoo looks up an external id
    /// once in a call, and asks its database anew for every cell with a database id.
    pub fn orders(shape: OrderShape, orders: &[OrderRecord]) -> Self {
        let optional = [
            (shape.company_id.is_some(), "company_id/.id"),
            (shape.names_warehouse, "warehouse_id/.id"),
            (shape.names_team, "team_id/.id"),
            (shape.names_salesperson, "user_id/.id"),
        ];
        let by_name = orders.iter().all(|order| {
            order.partner_external_id.is_some() && order.shipping_external_id.is_some()
        });
        let customers = if by_name { CUSTOMER_NAMES } else { CUSTOMER_IDS };
        let fields = std::iter::once("id")
            .chain(customers)
            .chain(ORDER_FIELDS)
            .chain(optional.into_iter().filter_map(|(named, field)| named.then_some(field)))
            .chain(LINE_FIELDS)
            .collect();
        let records = orders.iter().map(|order| order_rows(shape, by_name, order)).collect();
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

fn order_rows(shape: OrderShape, by_name: bool, order: &OrderRecord) -> Rows {
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
    let optional = [
        (shape.company_id.is_some(), shape.company_id),
        (shape.names_warehouse, order.warehouse_id),
        (shape.names_team, order.team_id),
        (shape.names_salesperson, order.salesperson_id),
    ];
    head.extend(optional.into_iter().filter(|(named, _)| *named).map(|(_, id)| number(id)));
    let blank_head = vec![String::new(); head.len()];
    let blank_line = || vec![String::new(); LINE_FIELDS.len()];
    let first = order.lines.first().map_or_else(blank_line, line_cells);
    std::iter::once((head, first))
        .chain(order.lines.iter().skip(1).map(|line| (blank_head.clone(), line_cells(line))))
        .map(|(head, line)| [head, line].concat())
        .collect()
}

fn line_cells(line: &OrderLineRecord) -> Vec<String> {
    vec![
        line.external_id.clone(),
        line.product_id.to_string(),
        line.name.clone(),
        line.quantity.to_string(),
        line.price_unit.to_string(),
        // an empty cell is "no tax"; without the column the product's tax would be added
        String::new(),
        number(line.transaction_id),
        flag(line.is_delivery),
    ]
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

fn number<N: ToString>(value: Option<N>) -> String {
    value.map(|number| number.to_string()).unwrap_or_default()
}

fn flag(value: bool) -> String {
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

    fn line(external_id: &str, is_delivery: bool) -> OrderLineRecord {
        OrderLineRecord {
            external_id: external_id.to_owned(),
            product_id: 3,
            name: "Mug".to_owned(),
            quantity: Decimal::from(2),
            price_unit: Decimal::new(1750, 2),
            transaction_id: (!is_delivery).then_some(42_000_000_001),
            is_delivery,
        }
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
            warehouse_id: Some(9),
            team_id: None,
            salesperson_id: None,
            lines,
        }
    }

    #[test]
    fn an_order_is_a_row_per_line() {
        let lines = vec![line("etsy.tx_1", false), line("etsy.shipping_42", true)];
        let shape = OrderShape { names_warehouse: true, ..OrderShape::default() };
        let sheet = Sheet::orders(shape, &[order(lines)]);
        let rows = sheet.rows(&[0]);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.len() == sheet.fields().len()));
        let cell = |row: usize, field: &str| {
            let column = sheet.fields().iter().position(|name| *name == field).unwrap();
            rows[row][column].clone()
        };
        assert_eq!(cell(0, "date_order"), "2026-03-04 05:06:07");
        assert_eq!(cell(0, "warehouse_id/.id"), "9");
        assert_eq!(cell(0, "order_line/price_unit"), "17.50");
        assert_eq!(cell(0, "order_line/is_delivery"), "0");
        assert_eq!(cell(1, "id"), "");
        assert_eq!(cell(1, "order_line/is_delivery"), "1");
        assert_eq!(cell(1, "order_line/x_etsy_transaction_id"), "");
    }

    #[test]
    fn the_shape_decides_the_columns() {
        let plain = Sheet::orders(OrderShape::default(), &[order(vec![line("etsy.tx_1", false)])]);
        assert!(!plain.fields().contains(&"warehouse_id/.id"));
        let shape = OrderShape { company_id: Some(2), ..OrderShape::default() };
        let other = Sheet::orders(shape, &[order(vec![])]);
        assert!(other.fields().contains(&"company_id/.id"));
        assert_eq!(other.rows(&[0]).len(), 1);
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
            let sheet = Sheet::orders(OrderShape::default(), orders);
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
