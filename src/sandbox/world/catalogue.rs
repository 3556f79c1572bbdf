//! What Odoo knows of the goods when the world begins.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::nouns::{CatalogueItem, Listing, Product, Shop};

/// Of a hundred SKUs, those that Odoo knows.
const KNOWN_TO_ODOO: i64 = 70;

/// What Odoo knows of these listings: about 70 of 100 SKUs, in the order of their SKUs.
pub(super) fn catalogue(
    listings: &[Listing],
    shops: &[Shop],
    dice: &mut Dice,
) -> Vec<CatalogueItem> {
    let mut by_sku: BTreeMap<&str, (&Listing, &Product)> = BTreeMap::new();
    for listing in listings {
        for product in listing.products.iter().filter(|product| !product.sku.is_empty()) {
            by_sku.entry(&product.sku).or_insert((listing, product));
        }
    }
    let mut number: i64 = 0;
    let mut items = Vec::with_capacity(by_sku.len());
    for (sku, (listing, product)) in by_sku {
        number += 1;
        let Some(shop) = shops.get(listing.shop) else { continue };
        // The first SKU is known whatever the dice say, so that the smallest world can sell something known.
        if !dice.percent(KNOWN_TO_ODOO) && number > 1 {
            continue;
        }
        let surplus = dice.between(-2, 12);
        items.push(CatalogueItem {
            sku: sku.to_owned(),
            name: full_title(listing, product),
            price_minor: product.price,
            decimals: shop.decimals,
            currency: shop.currency.as_str().to_owned(),
            on_hand: if listing.is_digital { 0 } else { (product.quantity + surplus).max(0) },
            is_digital: listing.is_digital,
            barcode: dice.percent(80).then(|| ean13(number)),
        });
    }
    items
}

fn full_title(listing: &Listing, product: &Product) -> String {
    if product.property_values.is_empty() {
        return listing.title.clone();
    }
    let values: Vec<&str> = product
        .property_values
        .iter()
        .flat_map(|value| &value.values)
        .map(String::as_str)
        .collect();
    format!("{} ({})", listing.title, values.join(", "))
}

/// A barcode from the range that shops may use among themselves, with its check digit.
fn ean13(number: i64) -> String {
    let body = format!("20{number:010}");
    let weighted: u32 = body
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    format!("{body}{}", (10 - weighted % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn barcodes_carry_their_check_digit() {
        // 200000000008 + check digit: 2·1 + 8·3 = 26, so 4.
        assert_eq!(ean13(8), "2000000000084");
    }
}
