//! What an offering of a listing is known by. Etsy's product and offering ids change at every inventory write
//! (<https://github.com/etsy/open-api/issues/523>); its property values do not.

use std::fmt::Write as _;

/// Property values in one form, whatever order Etsy lists them in: `200=walnut;513=large`.
#[derive(Debug, Default)]
pub struct VariantKey(Vec<(i64, String)>);

impl VariantKey {
    /// Adds a value of a property, as its seller wrote it.
    pub fn add(&mut self, property: i64, value: &str) {
        let mut normalised = String::with_capacity(value.len());
        push_lower(&mut normalised, value.trim());
        self.0.push((property, normalised));
    }

    /// The key of all that was added; empty for nothing.
    pub fn finish(mut self) -> String {
        self.0.sort();
        self.0.dedup();
        let mut key = String::new();
        for (property, value) in &self.0 {
            if !key.is_empty() {
                key.push(';');
            }
            // writing into a string cannot fail
            write!(key, "{property}=").ok();
            key.push_str(value);
        }
        key
    }
}

fn push_lower(into: &mut String, text: &str) {
    if text.is_ascii() {
        into.extend(text.chars().map(|letter| letter.to_ascii_lowercase()));
    } else {
        into.push_str(&text.to_lowercase());
    }
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

    #[test]
    fn the_order_of_properties_does_not_matter() {
        let one = variant_key(&[(513, "Large "), (200, "Walnut")]);
        assert_eq!(one, variant_key(&[(200, "walnut"), (513, "large"), (513, "LARGE")]));
        assert_eq!(one, "200=walnut;513=large");
        assert_eq!(variant_key(&[(200, "GRÜN")]), "200=grün");
        assert_eq!(variant_key(&[]), "");
    }
}
