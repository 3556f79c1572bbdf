//! What a seller lets an app do, and what this program needs of it.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::domain::{Subject, vocabulary};

vocabulary! {
    /// A right that a seller grants with the login, of those that this program may need
    /// (<https://developers.etsy.com/documentation/essentials/authentication#scopes>).
    Scope {
        /// Listings in all their states, with their inventory.
        ListingsR = "listings_r",
        /// To set quantities, and to take listings off sale and put them on again.
        ListingsW = "listings_w",
        /// The shop, and whose it is.
        ShopsR = "shops_r",
        /// Receipts, payments and the ledger.
        TransactionsR = "transactions_r",
    }
}

impl Scope {
    /// The scopes without which these subjects cannot be reconciled, and no others. Whose the shop is has to be
    /// known for any of them.
    pub fn needed_for(subjects: &[Subject]) -> BTreeSet<Self> {
        let of_subject = |subject: &Subject| match subject {
            Subject::Products => [Self::ListingsR].as_slice(),
            Subject::Customers | Subject::Orders | Subject::Ledger | Subject::Books => {
                &[Self::TransactionsR]
            }
            // what was sold has to be known to set what is left
            Subject::Inventory => &[Self::ListingsR, Self::ListingsW, Self::TransactionsR],
        };
        subjects.iter().flat_map(of_subject).copied().chain([Self::ShopsR]).collect()
    }
}

/// The scopes that come with a login, in Etsy's words: there are more than we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted(BTreeSet<String>);

impl Granted {
    /// The scopes of these words.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().collect())
    }

    /// Reads Etsy's answer, whose shape no document tells: a list, an object that holds one, or words in one text.
    /// Nothing when there is no word in it that looks like a scope.
    pub(super) fn read(answer: &Value) -> Option<Self> {
        let mut words = BTreeSet::new();
        collect(answer, &mut words);
        (!words.is_empty()).then_some(Self(words))
    }

    /// What of `needed` is not granted.
    pub fn missing(&self, needed: &BTreeSet<Scope>) -> BTreeSet<Scope> {
        needed.iter().copied().filter(|scope| !self.0.contains(scope.as_str())).collect()
    }

    /// The words, sorted.
    pub fn words(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

impl fmt::Display for Granted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words().join(", "))
    }
}

fn collect(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let scopes = text.split([' ', ',']).filter(|word| looks_like_a_scope(word));
            words.extend(scopes.map(str::to_owned));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    // a map from scope to whether it is granted
                    Value::Bool(true) if looks_like_a_scope(name) => {
                        words.insert(name.clone());
                    }
                    Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_)
                    | Value::Object(_) => collect(value, words),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// All of Etsy's are a word and the letter of a right: `shops_r`.
fn looks_like_a_scope(word: &str) -> bool {
    word.rsplit_once('_').is_some_and(|(noun, right)| {
        matches!(right, "r" | "w" | "d")
            && !noun.is_empty()
            && noun.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_subject_asks_for_what_it_needs_and_no_more() {
        let words = |subjects: &[Subject]| {
            Scope::needed_for(subjects).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(words(&[Subject::Products]), ["listings_r", "shops_r"]);
        assert_eq!(words(&[Subject::Customers, Subject::Orders]), ["shops_r", "transactions_r"]);
        assert_eq!(
            words(&[Subject::Inventory]),
            ["listings_r", "listings_w", "shops_r", "transactions_r"],
            "only quantities are written"
        );
        assert_eq!(words(&[]), ["shops_r"]);
    }

    #[test]
    fn granted_scopes_are_read_in_whatever_shape_they_come() {
        let expected = Granted::new(["shops_r".to_owned(), "transactions_w".to_owned()]);
        for answer in [
            json!({"scopes": ["transactions_w", "shops_r"]}),
            json!(["transactions_w", "shops_r"]),
            json!({"scope": "transactions_w shops_r"}),
            json!("transactions_w,shops_r"),
            json!({"count": 2, "results": [{"scope": "shops_r"}, {"scope": "transactions_w"}]}),
            json!({"shops_r": true, "transactions_w": true, "listings_r": false}),
        ] {
            assert_eq!(Granted::read(&answer), Some(expected.clone()), "{answer}");
        }
        for answer in [json!({}), json!([]), json!({"ok": true}), json!(null), json!("nothing")] {
            assert_eq!(Granted::read(&answer), None, "{answer}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let granted = Granted::new(["shops_r".to_owned(), "feedback_r".to_owned()]);
        let missing = granted.missing(&Scope::needed_for(&[Subject::Products]));
        assert_eq!(missing, [Scope::ListingsR].into());
        assert_eq!(granted.to_string(), "feedback_r, shops_r");
    }
}
