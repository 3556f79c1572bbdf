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

/// An address as it was written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PostalAddress<'a> {
    /// The recipient. Two people at one address are two labels.
    pub(super) name: &'a str,
    /// Street, house, flat, in however many lines.
    pub(super) lines: [Option<&'a str>; 2],
    pub(super) city: Option<&'a str>,
    pub(super) state: Option<&'a str>,
    pub(super) zip: Option<&'a str>,
    pub(super) country: Option<&'a str>,
}

impl PostalAddress<'_> {
    /// A fingerprint: the same for the same words in any case, spacing and punctuation, on whichever line of the street
    /// they stand. A post code is the same with and without its space.
    pub(super) fn fingerprint(&self, scratch: &mut String) -> String {
        scratch.clear();
        push_words(scratch, self.name);
        scratch.push('\u{1f}');
        for line in self.lines.into_iter().flatten() {
            push_words(scratch, line);
        }
        for part in [self.city, self.state] {
            scratch.push('\u{1f}');
            push_words(scratch, part.unwrap_or_default());
        }
        scratch.push('\u{1f}');
        let zip = self.zip.unwrap_or_default();
        zip.chars().filter(|letter| letter.is_alphanumeric()).for_each(|letter| {
            scratch.extend(letter.to_lowercase());
        });
        scratch.push('\u{1f}');
        push_words(scratch, self.country.unwrap_or_default());
        let mut fingerprint = String::with_capacity(16);
        push_hash(&mut fingerprint, scratch.as_bytes());
        fingerprint
    }
}

/// Whether people can read something out of a name: a letter or a digit of any script.
pub(super) fn is_readable(name: &str) -> bool {
    name.chars().any(char::is_alphanumeric)
}

/// Adds the words of a text, each followed by a space, in lower case. A point or an apostrophe stands within a word
/// (`P.O.`, `O'Brien`), but not within a number (`1.2`); all else that is neither letter nor digit stands between words.
fn push_words(into: &mut String, text: &str) {
    let mut is_within = false;
    for letter in text.chars() {
        if letter.is_alphanumeric() {
            into.extend(letter.to_lowercase());
            is_within = true;
        } else if is_within && (!is_silent(letter) || into.ends_with(char::is_numeric)) {
            into.push(' ');
            is_within = false;
        }
    }
    if is_within {
        into.push(' ');
    }
}

/// Marks that are written or left out at will; the last two are accents that stand apart from their letter, and what
/// joins emoji.
fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '.' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}'
    )
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

    fn product_key(sku: Option<&str>, listing_id: Option<i64>, variant_key: &str) -> String {
        let mut key = String::new();
        write_product_key(&mut key, sku, listing_id, variant_key);
        key
    }

    fn fingerprint(address: PostalAddress<'_>) -> String {
        address.fingerprint(&mut "left over".to_owned())
    }

    fn home() -> PostalAddress<'static> {
        PostalAddress {
            name: "Ann O'Neil",
            lines: [Some("18 Alder Lane, Apt. 4"), None],
            city: Some("Saint-Paul"),
            state: Some("MN"),
            zip: Some("55101"),
            country: Some("US"),
        }
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
    fn an_address_is_the_same_however_it_is_written() {
        let one = fingerprint(home());
        let same = PostalAddress {
            name: "ANN  O’Neil ",
            lines: [Some("18 alder lane"), Some("#Apt 4 ")],
            city: Some("SAINT PAUL"),
            state: Some("Mn."),
            zip: Some(" 55101 "),
            country: Some("us"),
        };
        assert_eq!(one, fingerprint(same));
        let normalised =
            "ann oneil \u{1f}18 alder lane apt 4 \u{1f}saint paul \u{1f}mn \u{1f}55101\u{1f}us ";
        assert_eq!(one, format!("{:016x}", xxh3_64(normalised.as_bytes())));
        let canadian = |zip| PostalAddress { zip: Some(zip), ..home() };
        assert_eq!(fingerprint(canadian("H2X 1Y4")), fingerprint(canadian("h2x1y4")));
    }

    #[test]
    fn another_address_is_another_one() {
        let others = [
            PostalAddress { name: "Ben O'Neil", ..home() },
            PostalAddress { lines: [Some("1 8 Alder Lane, Apt. 4"), None], ..home() },
            PostalAddress { lines: [Some("18 Alder Lane, Apt. 5"), None], ..home() },
            PostalAddress { lines: [Some("1.8 Alder Lane, Apt. 4"), None], ..home() },
            PostalAddress { city: Some("Minneapolis"), ..home() },
            PostalAddress { state: Some("WI"), ..home() },
            PostalAddress { zip: Some("55102"), ..home() },
            PostalAddress { country: Some("CA"), ..home() },
            PostalAddress { city: Some("MN"), state: Some("Saint Paul"), ..home() },
        ];
        for other in others {
            assert_ne!(fingerprint(home()), fingerprint(other), "{other:?}");
        }
        let japanese = PostalAddress { lines: [Some("千代田1-1"), None], ..home() };
        let next_door = PostalAddress { lines: [Some("千代田1-2"), None], ..home() };
        assert_ne!(fingerprint(japanese), fingerprint(next_door));
    }

    #[test]
    fn a_name_is_readable_in_any_script() {
        for name in ["Ann", "花子", "فاطمة", "O'", "7"] {
            assert!(is_readable(name), "{name}");
        }
        for name in ["", "  ", "🌸🌸", "\u{200b}", "—", "..."] {
            assert!(!is_readable(name), "{name}");
        }
    }
}
