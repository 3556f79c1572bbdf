//! What would be written over a product, old and new.

use serde_json::Value;

use super::words;

/// Names longer than this are cut off.
const LONGEST_NAME: usize = 60;

/// The changes in the payload of an update, in words: `price 12.00 → 13.50`.
pub(super) fn changes(payload: &Value) -> Vec<String> {
    let value = |field: &str, side: &str| {
        let value = payload.get(field).and_then(|change| change.get(side));
        value.and_then(Value::as_str).map_or_else(|| "none".to_owned(), clipped)
    };
    let mut changes: Vec<String> = [("sku", "SKU"), ("name", "name"), ("price", "price")]
        .into_iter()
        .filter(|(field, _)| payload.get(field).is_some())
        .map(|(field, called)| {
            format!("{called} {} → {}", value(field, "seen"), value(field, "wanted"))
        })
        .collect();
    if payload.get("description").is_some() {
        changes.push("a new description".to_owned());
    }
    changes
}

fn clipped(text: &str) -> String {
    words::clipped(text, LONGEST_NAME)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::plan::{Action, Change, DescriptionChange, UpdateProduct};

    #[test]
    fn old_and_new_stand_side_by_side() {
        let update = UpdateProduct {
            product_id: 7,
            template_id: 5,
            name: Some(Change { seen: "Mug".to_owned(), wanted: "Cup\n\u{1b}".to_owned() }),
            sku: Some(Change { seen: None, wanted: Some("C-1".to_owned()) }),
            price: Some(Change { seen: Decimal::new(1200, 2), wanted: Decimal::new(1350, 2) }),
            description: Some(DescriptionChange {
                seen: "a".to_owned(),
                wanted: "b".to_owned(),
                text: "A cup".to_owned(),
            }),
        };
        let payload = serde_json::to_value(Action::UpdateProduct(update)).unwrap();
        assert_eq!(
            changes(&payload),
            [
                "SKU none → C-1",
                "name Mug → Cup \u{fffd}",
                "price 12.00 → 13.50",
                "a new description"
            ]
        );
    }
}
