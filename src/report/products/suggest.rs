//! Which products in Odoo a key may be. Values in, values out; the same ones in the same order, however many cores there
//! are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::model::{OdooProduct, ProductRow, Suggestion};
use super::names::{Words, plain_sku};
use super::suggest_index::{Index, Scratch};

/// So many are suggested for a key.
const SUGGESTED: usize = 3;

/// Names that are less alike than this, in percent, are not worth a look.
const ALIKE: usize = 55;

/// What archived products lose: a rule does not find them, and what needs them is held.
const ARCHIVED: u32 = 15;

/// What products lose that another key is already.
const TAKEN: u32 = 10;

/// Up to three products for each of these keys, the likeliest first. `taken` names a key that is a product already.
pub fn suggest(
    rows: &[&ProductRow],
    products: &[OdooProduct],
    taken: &BTreeMap<i32, String>,
) -> Vec<Vec<Suggestion>> {
    let index = Index::new(products, taken);
    rows.par_iter()
        .map_init(|| index.scratch(), |scratch, row| suggest_for(row, &index, scratch))
        .collect()
}

type Reasons = BTreeMap<usize, Vec<(u32, String)>>;

fn suggest_for(row: &ProductRow, index: &Index<'_>, scratch: &mut Scratch) -> Vec<Suggestion> {
    let mut found = Reasons::new();
    by_sku(row, index, &mut found);
    by_listing(row, index, &mut found);
    let name = Words::of(&row.name);
    for place in index.alike(&name, scratch) {
        let Some(there) = index.names.get(place) else { continue };
        let percent = name.likeness(there);
        if percent >= ALIKE {
            // a name alone never outweighs a SKU
            let points = u32::try_from(percent * 85 / 100).unwrap_or_default();
            add(&mut found, place, points, format!("its name is {percent} % alike"));
        }
    }
    let mut suggestions: Vec<Suggestion> = found
        .into_iter()
        .filter_map(|(place, reasons)| {
            let product = index.products.get(place)?;
            Some(suggestion(product, reasons, index.taken.get(&product.id)))
        })
        .collect();
    suggestions.sort_by_key(|one| (Reverse(one.score), one.product_id));
    suggestions.truncate(SUGGESTED);
    suggestions
}

fn by_sku(row: &ProductRow, index: &Index<'_>, found: &mut Reasons) {
    let Some(sku) = row.sku.as_deref() else { return };
    let Some(plain) = plain_sku(sku) else { return };
    for place in index.by_sku.get(&plain).into_iter().flatten() {
        let is_same = index.products.get(*place).is_some_and(|it| it.sku.as_deref() == Some(sku));
        if is_same {
            add(found, *place, 98, "it has the same SKU".to_owned());
        } else {
            add(found, *place, 94, "it has the same SKU but for case and punctuation".to_owned());
        }
    }
    for place in index.by_barcode.get(&plain).into_iter().flatten() {
        add(found, *place, 92, "its barcode is the SKU".to_owned());
    }
}

fn by_listing(row: &ProductRow, index: &Index<'_>, found: &mut Reasons) {
    let Some(listing) = row.listing_id.map(|listing| listing.to_string()) else { return };
    for place in index.by_listing.get(listing.as_str()).into_iter().flatten() {
        let is_same =
            index.products.get(*place).is_some_and(|it| it.variant_key == row.variant_key);
        if is_same {
            add(found, *place, 90, "it was made for this listing and variation".to_owned());
        } else {
            add(found, *place, 60, "it was made for another variation of this listing".to_owned());
        }
    }
}

fn add(found: &mut Reasons, place: usize, points: u32, reason: String) {
    found.entry(place).or_default().push((points, reason));
}

/// The strongest reason counts, and each further one a little.
fn suggestion(
    product: &OdooProduct,
    mut reasons: Vec<(u32, String)>,
    taken_by: Option<&String>,
) -> Suggestion {
    reasons.sort_by_key(|(points, _)| Reverse(*points));
    let further = u32::try_from(reasons.len().saturating_sub(1)).unwrap_or_default();
    let strongest = reasons.first().map_or(0, |(points, _)| *points);
    let mut score = strongest.saturating_add(further).min(100);
    let mut reasons: Vec<String> = reasons.into_iter().map(|(_, reason)| reason).collect();
    if !product.is_active {
        score = score.saturating_sub(ARCHIVED);
        reasons.push("it is archived".to_owned());
    }
    if let Some(other) = taken_by {
        score = score.saturating_sub(TAKEN);
        reasons.push(format!("{other} is it already"));
    }
    Suggestion {
        product_id: product.id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        score,
        reasons,
    }
}
