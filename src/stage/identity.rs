//! What a product is known by. Etsy's product and offering ids change at every inventory write, so identity is the SKU,
//! and without one the listing with its normalised property values.

use std::fmt::Write as _;

use xxhash_rust::xxh3::xxh3_64;

/// The key of lines that have neither listing nor SKU.
pub(super) const PLACEHOLDER: &str = "placeholder";

/// A SKU as it is compared: without space around it; nothing when nothing is left.
pub(super) fn normalised_sku(sku: Option<&str>) -> Option<&str> {
    sku.map(str::trim).filter(|sku| !sku.is_empty())
}

/// Property values in one form, whatever order Etsy lists them in: `200=walnut;513=large`.
#[derive(Debug, Default)]
pub(super) struct VariantKey(Vec<(i64, String)>);

impl VariantKey {
    pub(super) fn add(&mut self, property: i64, value: &str) {
        let mut normalised = String::with_capacity(value.len());
        push_lower(&mut normalised, value.trim());
        self.0.push((property, normalised));
    }

    pub(super) fn finish(mut self) -> String {
        self.0.sort();
        self.0.dedup();
        let mut key = String::new();
        for (property, value) in &self.0 {
            if !key.is_empty() {
                key.push(';');
            }
            push_number(&mut key, *property);
            key.push('=');
            key.push_str(value);
        }
        key
    }
}

/// The key of a product, which is also its external id without the module: letters, digits and `_` only.
pub(super) fn write_product_key(
    key: &mut String,
    sku: Option<&str>,
    listing_id: Option<i64>,
    variant_key: &str,
) {
    match (sku, listing_id) {
        (Some(sku), _) => {
            key.push_str("sku_");
            push_hash(key, sku.as_bytes());
        }
        (None, Some(listing)) => {
            key.push_str("listing_");
            push_number(key, listing);
            if !variant_key.is_empty() {
                key.push('_');
                push_hash(key, variant_key.as_bytes());
            }
        }
        (None, None) => key.push_str(PLACEHOLDER),
    }
}

/// A fingerprint of an address: the same for the same words in any case and spacing.
pub(super) fn address_fingerprint(parts: &[Option<&str>], scratch: &mut String) -> String {
    scratch.clear();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            scratch.push('\u{1f}');
        }
        for (place, word) in part.unwrap_or_default().split_whitespace().enumerate() {
            if place > 0 {
                scratch.push(' ');
            }
            push_lower(scratch, word);
        }
    }
    let mut fingerprint = String::with_capacity(16);
    push_hash(&mut fingerprint, scratch.as_bytes());
    fingerprint
}

fn push_lower(into: &mut String, text: &str) {
    if text.is_ascii() {
        into.extend(text.chars().map(|letter| letter.to_ascii_lowercase()));
    } else {
        into.push_str(&text.to_lowercase());
    }
}

fn push_number(into: &mut String, number: i64) {
    // writing into a string cannot fail
    write!(into, "{number}").ok();
}

fn push_hash(into: &mut String, bytes: &[u8]) {
    write!(into, "{:016x}", xxh3_64(bytes)).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant_key(values: &[(i64, &str)]) -> String {
        let mut key = VariantKey::default();
        for (property, value) in values {
            key.add(*property, value);
        }
        key.finish()
    }

    fn product_key(sku: Option<&str>, listing_id: Option<i64>, variant_key: &str) -> String {
        let mut key = String::new();
        write_product_key(&mut key, sku, listing_id, variant_key);
        key
    }

    fn fingerprint(parts: &[Option<&str>]) -> String {
        address_fingerprint(parts, &mut "left over".to_owned())
    }

    #[test]
    fn the_order_of_properties_does_not_matter() {
        let one = variant_key(&[(513, "Large "), (200, "Walnut")]);
        assert_eq!(one, variant_key(&[(200, "walnut"), (513, "large"), (513, "LARGE")]));
        assert_eq!(one, "200=walnut;513=large");
        assert_eq!(variant_key(&[(200, "GRÜN")]), "200=grün");
    }

    #[test]
    fn a_sku_is_stronger_than_a_listing() {
        let shared = product_key(Some("A-1"), Some(1), "");
        assert_eq!(shared, product_key(Some("A-1"), Some(2), "200=red"));
        assert_eq!(shared, format!("sku_{:016x}", xxh3_64(b"A-1")));
        assert_ne!(product_key(None, Some(1), "200=red"), product_key(None, Some(1), "200=blue"));
        assert_eq!(product_key(None, Some(7), ""), "listing_7");
        assert_eq!(product_key(None, None, "x"), PLACEHOLDER);
        assert_eq!(normalised_sku(Some("  ")), None);
    }

    #[test]
    fn an_address_is_the_same_in_any_spacing() {
        let one = fingerprint(&[Some("18  Alder Lane"), None, Some("Portland")]);
        assert_eq!(one, fingerprint(&[Some("18 alder lane "), Some(""), Some("PORTLAND")]));
        assert_ne!(one, fingerprint(&[Some("18 Alder"), Some("Lane"), Some("Portland")]));
        let normalised = "18 alder lane\u{1f}\u{1f}portland";
        assert_eq!(one, format!("{:016x}", xxh3_64(normalised.as_bytes())));
    }
}
