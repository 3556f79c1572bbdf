//! Actions as records for Odoo, with their references resolved.

use std::collections::{BTreeMap, BTreeSet};

use crate::odoo::{
    Amounts, CustomerRecord, CustomerShape, NoteRecord, OrderLineRecord, OrderRecord, OrderShape,
    OrderTerms, ProductRecord, ProductShape, ProductUpdate,
};
use crate::plan::{BookOrder, CreateCustomer, CreateProduct, Reference, UpdateProduct};

/// The ids that stand behind external ids, as far as they are there.
pub(super) type Resolved = BTreeMap<String, i32>;

/// The external ids among references.
pub(super) fn external_ids<'a>(
    references: impl Iterator<Item = &'a Reference>,
) -> BTreeSet<&'a str> {
    references.filter_map(external_id).collect()
}

/// The id behind a reference, or the words that say what is missing.
pub(super) fn resolve(
    what: &str,
    reference: &Reference,
    resolved: &Resolved,
) -> Result<i32, String> {
    match reference {
        Reference::OdooId(id) => Ok(*id),
        Reference::ExternalId(external_id) => resolved.get(external_id).copied().ok_or_else(|| {
            format!("{what} {external_id} is not in Odoo: it was refused, or removed since")
        }),
    }
}

pub(super) fn product(action: &CreateProduct) -> ProductRecord {
    ProductRecord {
        external_id: action.external_id.clone(),
        name: action.name.clone(),
        is_service: action.is_service,
        sku: action.sku.clone(),
        list_price: action.list_price,
        listing_id: action.listing_id,
        variant_key: action.variant_key.clone(),
        description: action.description.clone(),
        tag_id: action.review_tag_id,
    }
}

/// The shape of the sheet that an update can travel in.
pub(super) fn product_shape(action: &UpdateProduct) -> ProductShape {
    ProductShape {
        name: action.name.is_some(),
        sku: action.sku.is_some(),
        list_price: action.price.is_some(),
        description: action.description.is_some(),
    }
}

pub(super) fn product_update(action: &UpdateProduct) -> ProductUpdate {
    ProductUpdate {
        product_id: action.product_id,
        name: action.name.as_ref().map(|name| name.wanted.clone()),
        sku: action.sku.as_ref().and_then(|sku| sku.wanted.clone()),
        list_price: action.price.as_ref().map(|price| price.wanted),
        description: action.description.as_ref().map(|words| words.text.clone()),
    }
}

pub(super) fn customer(
    action: &CreateCustomer,
    partners: &Resolved,
) -> Result<CustomerRecord, String> {
    let parent_id =
        action.parent.as_ref().map(|parent| resolve("the buyer", parent, partners)).transpose()?;
    Ok(CustomerRecord {
        external_id: action.external_id.clone(),
        name: action.name.clone(),
        parent_id,
        street: action.street.clone(),
        street2: action.street2.clone(),
        city: action.city.clone(),
        zip: action.zip.clone(),
        country_id: action.country_id,
        state_id: action.state_id,
        buyer_user_id: action.buyer_user_id,
        language: action.language.clone(),
    })
}

/// The shape of the sheet that a buyer or an address can travel in.
pub(super) fn customer_shape(action: &CreateCustomer) -> CustomerShape {
    CustomerShape { company_id: action.company_id, names_language: action.language.is_some() }
}

/// The shape of the sheet that an order can travel in.
pub(super) fn shape(action: &BookOrder) -> OrderShape {
    OrderShape::new(&terms(action), action.taxed_by_odoo)
}

/// The amounts by which an order is judged.
pub(super) fn amounts(action: &BookOrder) -> Amounts {
    if action.taxed_by_odoo { Amounts::AsPriced } else { Amounts::Totals }
}

fn terms(action: &BookOrder) -> OrderTerms {
    OrderTerms {
        company_id: action.company_id,
        warehouse_id: action.warehouse_id,
        team_id: action.team_id,
        salesperson_id: action.salesperson_id,
        payment_term_id: action.payment_term_id,
        fiscal_position_id: action.fiscal_position_id,
        tag_ids: action.tag_ids.clone(),
    }
}

fn external_id(reference: &Reference) -> Option<&str> {
    match reference {
        Reference::OdooId(_) => None,
        Reference::ExternalId(external_id) => Some(external_id),
    }
}

pub(super) fn order(
    action: &BookOrder,
    partners: &Resolved,
    products: &Resolved,
) -> Result<OrderRecord, String> {
    let lines = action
        .lines
        .iter()
        .map(|line| {
            Ok(OrderLineRecord {
                external_id: line.external_id.clone(),
                product_id: resolve("the product", &line.product, products)?,
                name: line.name.clone(),
                quantity: line.quantity,
                price_unit: line.price_unit,
                transaction_id: line.transaction_id,
                is_delivery: line.is_delivery,
                tax_id: line.tax_id,
            })
        })
        .collect::<Result<_, String>>()?;
    Ok(OrderRecord {
        external_id: action.external_id.clone(),
        partner_id: resolve("the customer", &action.partner, partners)?,
        shipping_id: resolve("the delivery address", &action.shipping, partners)?,
        partner_external_id: external_id(&action.partner).map(str::to_owned),
        shipping_external_id: external_id(&action.shipping).map(str::to_owned),
        pricelist_id: action.pricelist_id,
        ordered_at: action.ordered_at,
        receipt_id: action.receipt_id.0,
        shop_id: action.shop_id.0,
        terms: terms(action),
        lines,
        notes: action
            .notes
            .iter()
            .map(|note| NoteRecord {
                external_id: note.external_id.clone(),
                text: note.text.clone(),
            })
            .collect(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::DateTime;
    use rust_decimal::Decimal;

    use super::*;
    use crate::domain::{ReceiptId, ShopId};
    use crate::plan::BookLine;

    pub(in crate::apply) fn book_order(receipt_id: i64) -> BookOrder {
        BookOrder {
            external_id: format!("etsy.receipt_{receipt_id}"),
            receipt_id: ReceiptId(receipt_id),
            shop_id: ShopId(5),
            partner: Reference::ExternalId("etsy.buyer_1".to_owned()),
            shipping: Reference::OdooId(8),
            pricelist_id: 1,
            currency: "USD".parse().unwrap(),
            ordered_at: DateTime::from_timestamp(1_772_600_767, 0).unwrap(),
            total: Decimal::new(1300, 2),
            taxed_by_odoo: false,
            confirm: true,
            company_id: None,
            warehouse_id: None,
            team_id: None,
            salesperson_id: None,
            payment_term_id: None,
            fiscal_position_id: None,
            tag_ids: Vec::new(),
            notes: Vec::new(),
            lines: vec![BookLine {
                external_id: format!("etsy.tx_{receipt_id}1"),
                product: Reference::ExternalId("etsy.sku_mug".to_owned()),
                name: "Mug".to_owned(),
                quantity: Decimal::ONE,
                price_unit: Decimal::new(1300, 2),
                is_delivery: false,
                transaction_id: Some(421),
                tax_id: None,
            }],
        }
    }

    #[test]
    fn references_are_resolved() {
        let partners = Resolved::from([("etsy.buyer_1".to_owned(), 70)]);
        let products = Resolved::from([("etsy.sku_mug".to_owned(), 30)]);
        let record = order(&book_order(42), &partners, &products).unwrap();
        assert_eq!((record.partner_id, record.shipping_id), (70, 8));
        assert_eq!(record.lines[0].product_id, 30);
    }

    #[test]
    fn a_missing_reference_is_named() {
        let partners = Resolved::from([("etsy.buyer_1".to_owned(), 70)]);
        let words = order(&book_order(42), &partners, &Resolved::new()).unwrap_err();
        assert!(words.starts_with("the product etsy.sku_mug is not in Odoo"), "{words}");
        let words = order(&book_order(42), &Resolved::new(), &Resolved::new()).unwrap_err();
        assert!(words.contains("etsy.sku_mug") || words.contains("etsy.buyer_1"), "{words}");
    }

    #[test]
    fn only_external_ids_are_asked_for() {
        let references = [Reference::OdooId(1), Reference::ExternalId("etsy.buyer_1".to_owned())];
        assert_eq!(external_ids(references.iter()), BTreeSet::from(["etsy.buyer_1"]));
    }
}
