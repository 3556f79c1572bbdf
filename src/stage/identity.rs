//! What a product is known by. Etsy's product and offering ids change at every inventory write, so identity is the SKU,
//! and without one the listing with its normalised property values.

use xxhash_rust::xxh3::xxh3_64;

/// The key of lines that have neither listing nor SKU.
pub(super) const PLACEHOLDER: &str = "placeholder";

/// A SKU as it is compared: without space around it; nothing when nothing is left.
pub(super) fn normalised_sku(sku: Option<&str>) -> Option<String> {
    sku.map(str::trim).filter(|sku| !sku.is_empty()).map(str::to_owned)
}

/// Property values in one form, whatever order Etsy lists them in: `200=walnut;513=large`.
pub(super) fn variant_key(values: impl Iterator<Item = (i64, impl AsRef<str>)>) -> String {
    let mut parts: Vec<(i64, String)> =
        values.map(|(property, value)| (property, value.as_ref().trim().to_lowercase())).collect();
    parts.sort();
    parts.dedup();
    parts
        .iter()
        .map(|(property, value)| format!("{property}={value}"))
        .collect::<Vec<_>>()
        .join(";")
}

/// The key of a product, which is also its external id without the module: letters, digits and `_` only.
pub(super) fn product_key(sku: Option<&str>, listing_id: Option<i64>, variant_key: &str) -> String {
    match (sku, listing_id) {
        (Some(sku), _) => format!("sku_{:016x}", xxh3_64(sku.as_bytes())),
        (None, Some(listing)) if variant_key.is_empty() => format!("listing_{listing}"),
        (None, Some(listing)) => {
            format!("listing_{listing}_{:016x}", xxh3_64(variant_key.as_bytes()))
        }
        (None, None) => PLACEHOLDER.to_owned(),
    }
}

/// A fingerprint of an address: the same for the same words in any case and spacing.
pub(super) fn address_fingerprint(parts: &[Option<&str>]) -> String {
    let normalised: Vec<String> = parts
        .iter()
        .map(|part| {
            part.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
        })
        .collect();
    format!("{:016x}", xxh3_64(normalised.join("\u{1f}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_properties_does_not_matter() {
        let one = variant_key([(513, "Large "), (200, "Walnut")].into_iter());
        assert_eq!(one, variant_key([(200, "walnut"), (513, "large")].into_iter()));
        assert_eq!(one, "200=walnut;513=large");
    }

    #[test]
    fn a_sku_is_stronger_than_a_listing() {
        let shared = product_key(Some("A-1"), Some(1), "");
        assert_eq!(shared, product_key(Some("A-1"), Some(2), "200=red"));
        assert_ne!(product_key(None, Some(1), "200=red"), product_key(None, Some(1), "200=blue"));
        assert_eq!(product_key(None, Some(7), ""), "listing_7");
        assert_eq!(product_key(None, None, "x"), PLACEHOLDER);
        assert_eq!(normalised_sku(Some("  ")), None);
    }

    #[test]
    fn an_address_is_the_same_in_any_spacing() {
        let one = address_fingerprint(&[Some("18  Alder Lane"), None, Some("Portland")]);
        assert_eq!(one, address_fingerprint(&[Some("18 alder lane "), Some(""), Some("PORTLAND")]));
        assert_ne!(one, address_fingerprint(&[Some("18 Alder"), Some("Lane"), Some("Portland")]));
    }
}
