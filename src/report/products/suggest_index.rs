//! Odoo's products by what they can be found by.

use std::collections::BTreeMap;

use super::model::OdooProduct;
use super::names::{Words, plain_sku};

/// A word that more products than these have tells nothing.
const COMMON: usize = 2_000;

/// So many products are looked at closely because of their name.
const CLOSE_LOOKS: usize = 40;

/// Shared words weigh this much divided by how many products have them.
const WEIGHT: u32 = 1_000_000;

/// Where products are found. Numbers are places in the list that it was made of.
pub(super) struct Index<'a> {
    pub(super) products: &'a [OdooProduct],
    pub(super) taken: &'a BTreeMap<i32, String>,
    pub(super) by_sku: BTreeMap<String, Vec<usize>>,
    pub(super) by_barcode: BTreeMap<String, Vec<usize>>,
    pub(super) by_listing: BTreeMap<&'a str, Vec<usize>>,
    pub(super) names: Vec<Words>,
    by_word: BTreeMap<String, Vec<usize>>,
}

/// What one worker counts in; kept, since it is as long as the list of products.
pub(super) struct Scratch {
    weights: Vec<u32>,
    touched: Vec<usize>,
}

impl<'a> Index<'a> {
    pub(super) fn new(products: &'a [OdooProduct], taken: &'a BTreeMap<i32, String>) -> Self {
        let mut index = Self {
            products,
            taken,
            by_sku: BTreeMap::new(),
            by_barcode: BTreeMap::new(),
            by_listing: BTreeMap::new(),
            names: products.iter().map(|product| Words::of(&product.name)).collect(),
            by_word: BTreeMap::new(),
        };
        for (place, product) in products.iter().enumerate() {
            if let Some(sku) = product.sku.as_deref().and_then(plain_sku) {
                index.by_sku.entry(sku).or_default().push(place);
            }
            if let Some(barcode) = product.barcode.as_deref().and_then(plain_sku) {
                index.by_barcode.entry(barcode).or_default().push(place);
            }
            if let Some(listing) = product.listing_id.as_deref() {
                index.by_listing.entry(listing).or_default().push(place);
            }
        }
        for (place, words) in index.names.iter().enumerate() {
            for word in words.iter() {
                match index.by_word.get_mut(word) {
                    Some(places) => places.push(place),
                    None => drop(index.by_word.insert(word.to_owned(), vec![place])),
                }
            }
        }
        index
    }

    pub(super) fn scratch(&self) -> Scratch {
        Scratch { weights: vec![0; self.products.len()], touched: Vec::new() }
    }

    /// The products that share the most, and the rarest, words with a name.
    pub(super) fn alike(&self, name: &Words, scratch: &mut Scratch) -> Vec<usize> {
        for word in name.iter() {
            let Some(places) = self.by_word.get(word).filter(|places| places.len() <= COMMON)
            else {
                continue;
            };
            let rarity = WEIGHT / u32::try_from(places.len()).unwrap_or(u32::MAX).max(1);
            for place in places {
                let Some(weight) = scratch.weights.get_mut(*place) else { continue };
                if *weight == 0 {
                    scratch.touched.push(*place);
                }
                *weight = weight.saturating_add(rarity.max(1));
            }
        }
        let weights = &scratch.weights;
        let weight = |place: &usize| weights.get(*place).copied().unwrap_or_default();
        scratch.touched.sort_by_key(|place| (std::cmp::Reverse(weight(place)), *place));
        let closest: Vec<usize> = scratch.touched.iter().take(CLOSE_LOOKS).copied().collect();
        for place in scratch.touched.drain(..) {
            if let Some(weight) = scratch.weights.get_mut(place) {
                *weight = 0;
            }
        }
        closest
    }
}
