//! An entry for the books in a plan: its date, and what goes on which account.

use rust_decimal::Decimal;
use serde_json::Value;

use super::words::{amount, clean};
use crate::plan::CreateEntry;

/// What a person has to know of an entry before it is made.
pub(super) fn detail(payload: &Value) -> Vec<String> {
    let Ok(entry) = serde_json::from_value::<CreateEntry>(payload.clone()) else {
        return Vec::new();
    };
    let side = |figure: Decimal| if figure.is_sign_negative() { "credit" } else { "debit" };
    let lines = entry.lines.iter().map(|line| {
        let account = clean(&line.account_code);
        format!(
            "{} {} on {account} ({})",
            side(line.amount),
            amount(line.amount.abs()),
            line.used_for
        )
    });
    std::iter::once(format!("dated {}", entry.dated_on)).chain(lines).collect()
}
