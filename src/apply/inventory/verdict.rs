//! Compares what was written with what Etsy shows after it. Pure.

use super::shelf::Shown;
use crate::domain::OutcomeKind;
use crate::etsy::InventoryDocument;

/// What Etsy should show.
pub(super) struct Expected<'a> {
    /// The inventory before anything was written.
    pub(super) before: &'a InventoryDocument,
    /// The one that was written last; nothing when only the state was.
    pub(super) written: Option<&'a InventoryDocument>,
    /// Whether it should be on sale, or be sold out again already.
    pub(super) on_sale: bool,
}

/// The outcome, and what does not fit, in words.
pub(super) fn judge(expected: &Expected<'_>, shown: Option<&Shown>) -> (OutcomeKind, String) {
    let unknown = |words: String| (OutcomeKind::Unknown, words);
    let Some(shown) = shown else {
        return unknown("the listing is gone from Etsy since it was written".to_owned());
    };
    let wanted = if expected.on_sale { "active" } else { "inactive" };
    let has_sold_out = expected.on_sale
        && shown.state == "sold_out"
        && shown.inventory.as_ref().is_ok_and(InventoryDocument::is_empty);
    if shown.state != wanted && !has_sold_out {
        return unknown(format!("Etsy shows the listing as `{}`, not `{wanted}`", shown.state));
    }
    let document = match &shown.inventory {
        Ok(document) => document,
        Err(fault) => return unknown(format!("it was written, and does not read back: {fault}")),
    };
    if let Some(difference) = expected.before.difference_but_for_quantities(document) {
        return unknown(format!(
            "its quantities are written, but {difference} since: look at the listing"
        ));
    }
    let Some(written) = expected.written else { return (OutcomeKind::Applied, String::new()) };
    let more = document.offerings().find_map(|offered| {
        let wanted = written.offerings().find(|it| it.variant_key == offered.variant_key)?;
        // fewer were sold already
        (offered.quantity > wanted.quantity).then(|| {
            format!(
                "Etsy shows {} of `{}`, not {}",
                offered.quantity, offered.variant_key, wanted.quantity
            )
        })
    });
    match more {
        Some(words) => unknown(words),
        None => (OutcomeKind::Applied, String::new()),
    }
}
