//! How the orders of a shop are taxed in Odoo.

use super::{PolicyKey, ShopError};
use crate::domain::vocabulary;

vocabulary! {
    /// Which Odoo taxes the lines of an order bear.
    Taxes {
        /// None: amounts are as the buyer paid them.
        AsPaid = "none",
        /// One that is included in the price: the total stays, the tax in it is told apart.
        Included = "included",
        /// Those that Odoo makes of product and fiscal position: what they add is shown.
        ByOdoo = "by_odoo",
    }
}

/// Ids of tags in Odoo, from words such as `3,7`.
pub(super) fn tags(key: PolicyKey, value: &str) -> Result<Vec<i32>, ShopError> {
    let refuse = || ShopError::Value {
        key: key.as_str(),
        value: value.to_owned(),
        expected: "numbers of tags in Odoo, separated by commas, such as 3,7, or nothing"
            .to_owned(),
    };
    let mut tags = value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty() || value.contains(','))
        .map(|part| part.parse().ok().filter(|id: &i32| *id > 0).ok_or_else(refuse))
        .collect::<Result<Vec<i32>, ShopError>>()?;
    tags.sort_unstable();
    tags.dedup();
    Ok(tags)
}

/// The same ids as words.
pub(super) fn tag_words(tags: &[i32]) -> String {
    tags.iter().map(i32::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_a_set_of_ids() {
        let read = |value| tags(PolicyKey::TagIds, value);
        assert_eq!(read("7, 3,7").unwrap(), [3, 7]);
        assert!(read("").unwrap().is_empty());
        for bad in ["3,", ",", "0", "-1", "a", "3;7"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(tag_words(&[3, 7]), "3,7");
    }
}
