//! Products as `load` takes them.

use super::Sheet;
use super::records::{ProductRecord, ProductShape, ProductUpdate};
use super::sheet::{flag, number, text};

const MODEL: &str = "product.product";

/// `product_tag_ids` is the template's: people see it in the list of products, and find products by it.
const NEW_PRODUCT: [&str; 10] = [
    "id",
    "name",
    "type",
    "is_storable",
    "default_code",
    "list_price",
    "x_etsy_listing_id",
    "x_etsy_variant_key",
    "description",
    "product_tag_ids/.id",
];

impl Sheet {
    /// Products to be created. Taxes, units and accounts are left to Odoo's defaults.
    pub fn products(products: &[ProductRecord]) -> Self {
        let rows = products.iter().map(product_row).collect();
        Self::plain(MODEL, &NEW_PRODUCT, rows)
    }

    /// Products that exist, and what is written of them: the same of all.
    pub fn product_updates(shape: ProductShape, updates: &[ProductUpdate]) -> Self {
        let optional = [
            (shape.name, "name"),
            (shape.sku, "default_code"),
            (shape.list_price, "list_price"),
            (shape.description, "description"),
        ];
        let chosen = optional.into_iter().filter_map(|(named, field)| named.then_some(field));
        let fields: Vec<&'static str> = std::iter::once(".id").chain(chosen).collect();
        let rows = updates.iter().map(|update| update_row(shape, update)).collect();
        Self::plain(MODEL, &fields, rows)
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
        product.description.as_deref().map(html).unwrap_or_default(),
        number(product.tag_id),
    ]
}

fn update_row(shape: ProductShape, update: &ProductUpdate) -> Vec<String> {
    let cells = [
        (shape.name, text(update.name.as_deref())),
        (shape.sku, text(update.sku.as_deref())),
        (shape.list_price, number(update.list_price)),
        (shape.description, update.description.as_deref().map(html).unwrap_or_default()),
    ];
    std::iter::once(update.product_id.to_string())
        .chain(cells.into_iter().filter(|(named, _)| *named).map(|(_, cell)| cell))
        .collect()
}

/// Plain text as HTML: a paragraph where there is an empty line, a break where there is another line end. In this form
/// Odoo keeps it as it is.
fn html(plain: &str) -> String {
    let mut html = String::with_capacity(plain.len().saturating_add(32));
    for paragraph in plain.split("\n\n").map(str::trim).filter(|words| !words.is_empty()) {
        html.push_str("<p>");
        for character in paragraph.chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '\n' => html.push_str("<br>"),
                plain => html.push(plain),
            }
        }
        html.push_str("</p>");
    }
    html
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    fn product(is_service: bool) -> ProductRecord {
        ProductRecord {
            external_id: "etsy.sku_a".to_owned(),
            name: "Pattern".to_owned(),
            is_service,
            sku: None,
            list_price: Decimal::new(500, 2),
            listing_id: Some(12),
            variant_key: String::new(),
            description: Some("Knit & purl".to_owned()),
            tag_id: Some(4),
        }
    }

    #[test]
    fn a_service_is_not_kept_in_stock() {
        let cells = |is_service| {
            let sheet = Sheet::products(&[product(is_service)]);
            assert_eq!(sheet.rows(&[0])[0].len(), sheet.fields().len());
            sheet.rows(&[0])[0].clone()
        };
        assert_eq!(cells(true)[2..4], ["service", "0"]);
        assert_eq!(cells(false)[2..4], ["consu", "1"]);
        assert_eq!(cells(false)[8..], ["<p>Knit &amp; purl</p>", "4"]);
    }

    #[test]
    fn an_update_writes_what_its_shape_names() {
        let update = ProductUpdate {
            product_id: 7,
            name: None,
            sku: Some("B".to_owned()),
            list_price: Some(Decimal::new(1250, 2)),
            description: None,
        };
        let shape = ProductShape { sku: true, list_price: true, ..ProductShape::default() };
        let sheet = Sheet::product_updates(shape, &[update]);
        assert_eq!(sheet.fields(), [".id", "default_code", "list_price"]);
        assert_eq!(*sheet.rows(&[0])[0], ["7", "B", "12.50"]);
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            html("A <b>mug</b>\nfor you\n\n\n5\" & more\n\n"),
            "<p>A &lt;b&gt;mug&lt;/b&gt;<br>for you</p><p>5\" &amp; more</p>"
        );
        assert_eq!(html(" \n\n "), "");
    }
}
