//! Why JSON does not read, without a word of what it holds.

use serde_json::error::Category;

/// A field that does not read, and why. Holds no value: values are buyers' data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {reason}")]
pub struct Unreadable {
    /// The path from the row's root, for instance `transactions[1].price.divisor`.
    pub field: String,
    /// What was found and what was expected.
    pub reason: String,
    unfinished: bool,
}

impl Unreadable {
    /// A field whose value reads but makes no sense.
    pub(in crate::etsy) fn because(field: &str, reason: &str) -> Self {
        Self { field: field.to_owned(), reason: reason.to_owned(), unfinished: false }
    }

    pub(in crate::etsy) fn at(path: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        let (field, reason) = match error.classify() {
            // These messages are fixed texts of the parser.
            Category::Syntax | Category::Eof | Category::Io => {
                (path.to_owned(), message.to_owned())
            }
            Category::Data => about_data(path, message),
        };
        let unfinished = error.classify() != Category::Data;
        Self { field: if field == "." { "(whole)".to_owned() } else { field }, reason, unfinished }
    }

    /// Whether the text is cut short or is no JSON at all, rather than JSON of another shape: then the next answer
    /// may be whole.
    pub fn is_unfinished(&self) -> bool {
        self.unfinished
    }
}

/// Keeps the parser's sentence up to the value and from the expectation on.
fn about_data(path: &str, message: &str) -> (String, String) {
    if let Some(name) = message.strip_prefix("missing field `") {
        let name = name.trim_end_matches('`');
        let field = if path == "." { name.to_owned() } else { format!("{path}.{name}") };
        return (field, "missing".to_owned());
    }
    if message.starts_with("duplicate field `") {
        return (path.to_owned(), message.to_owned());
    }
    let found = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .map(|rest| rest.split(['"', '`', ',']).next().unwrap_or_default().trim());
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| expected);
    let reason = match (found, expected) {
        (Some(found), Some(expected)) => format!("found {found}, expected {expected}"),
        (Some(_) | None, Some(_) | None) => "does not read".to_owned(),
    };
    (path.to_owned(), reason)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::etsy::wire;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only the errors are looked at")]
    struct Row {
        id: i64,
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only the errors are looked at")]
    struct Line {
        quantity: u8,
    }

    fn reading(text: &str) -> Unreadable {
        wire::read::<Row>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn the_field_is_named_and_its_value_is_not() {
        let text = r#"{"id": "Dana, expected `hush\" 18 Alder Lane", "lines": []}"#;
        assert_eq!(reading(text).to_string(), "`id`: found string, expected i64");
        let text = r#"{"id": 1, "lines": [{"quantity": 1}, {"quantity": 12345}]}"#;
        assert_eq!(reading(text).to_string(), "`lines[1].quantity`: found integer, expected u8");
        let text = r#"{"id": 1.5, "lines": []}"#;
        assert_eq!(reading(text).to_string(), "`id`: found floating point, expected i64");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(reading(r#"{"lines": []}"#).to_string(), "`id`: missing");
        let text = r#"{"id": 1, "lines": [{}]}"#;
        assert_eq!(reading(text).to_string(), "`lines[0].quantity`: missing");
        assert!(!reading(text).is_unfinished());
    }

    #[test]
    fn a_text_that_is_cut_short_is_unfinished() {
        for text in ["", "{\"id\": 1, \"li", "<!DOCTYPE html>", "{\"id\": 1, \"lines\": []} x"] {
            assert!(reading(text).is_unfinished(), "{text}");
        }
    }
}
