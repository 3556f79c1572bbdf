//! What to do about a listing, now that it is seen again. Pure: it knows no Etsy.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Task;
use super::shelf::Shown;
use crate::etsy::InventoryDocument;
use crate::plan::{OfferingChange, SetInventory};

/// What is told of a listing that was to have a few pieces, and was taken off sale since these were sold.
pub(super) const TAKEN_OFF: &str = "that leaves nothing: it was taken off sale";

/// What an action wants of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// To be off sale.
    TakeOff,
    /// Other quantities.
    Set,
    /// To be on sale again.
    PutOn {
        /// Whether it sold out, so that Etsy renews it for a fee.
        is_renewed: bool,
        /// When it had changed last as the plan saw it.
        seen_updated_at: DateTime<Utc>,
    },
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Course {
    /// Nothing: Etsy shows already what is wanted, by an earlier attempt.
    There,
    /// Nothing, for this reason.
    Stale(String),
    /// These quantities.
    Write(Wanted),
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The offerings that change.
    pub(super) quantities: BTreeMap<String, i32>,
    /// What is else than the plan said, in words; empty when nothing is.
    pub(super) words: String,
    /// Whether it is to be off sale instead: nothing is left of it, and Etsy takes no inventory without pieces
    /// (<https://github.com/etsy/open-api/issues/395>).
    pub(super) is_off: bool,
}

impl Wanted {
    /// Says once more that something is else than the plan said.
    pub(super) fn note(&mut self, words: &str) {
        if self.words.contains(words) {
            return;
        }
        if !self.words.is_empty() {
            self.words.push_str("; ");
        }
        self.words.push_str(words);
    }
}

/// What to do about a listing that Etsy shows like this. `shortage` is what Odoo has too little of, in words; `ours_since`
/// is as of when it is inactive because of us.
pub(super) fn course(
    task: &Task,
    shown: Option<&Shown>,
    shortage: Option<&str>,
    ours_since: Option<DateTime<Utc>>,
) -> Course {
    let Some(shown) = shown else {
        return Course::Stale("the listing is gone from Etsy".to_owned());
    };
    let document = match &shown.inventory {
        Ok(document) => document,
        Err(fault) => {
            return Course::Stale(format!(
                "its inventory cannot be written back any more: {fault}"
            ));
        }
    };
    if let Some(missing) = missing(&task.inventory, shown, document) {
        return Course::Stale(missing);
    }
    match &task.order {
        Order::TakeOff => take_off(task, shown),
        Order::Set => set(task, shown, document, shortage),
        Order::PutOn { is_renewed, seen_updated_at } => {
            let untouched =
                shown.updated_at == *seen_updated_at || ours_since == Some(shown.updated_at);
            put_on(task, shown, shortage, *is_renewed, untouched)
        }
    }
}

/// An offering that changes and is not there, or cannot be chosen by buyers any more.
fn missing(
    inventory: &SetInventory,
    shown: &Shown,
    document: &InventoryDocument,
) -> Option<String> {
    let enabled = shown.quantities();
    inventory.offerings.iter().find_map(|change| {
        let key = change.variant_key.as_str();
        if enabled.contains_key(key) {
            return None;
        }
        let is_hidden = document.offerings().any(|offered| offered.variant_key == key);
        let what = if is_hidden { "is hidden" } else { "is not on the listing any more" };
        Some(format!("{} {what}", named(change)))
    })
}

fn take_off(task: &Task, shown: &Shown) -> Course {
    if shown.state == "inactive" && task.was_tried {
        return Course::There;
    }
    if let Some(words) = other_state(&task.inventory, shown) {
        return Course::Stale(words);
    }
    if let Some(words) = edited(&task.inventory, shown) {
        return Course::Stale(words);
    }
    let changes = |key: &str| task.inventory.offerings.iter().any(|it| it.variant_key == key);
    let left = shown.quantities().into_iter().find(|(key, left)| *left > 0 && !changes(key));
    if let Some((key, left)) = left {
        return Course::Stale(format!("{left} of `{key}` are for sale, and the plan saw none"));
    }
    let quantities = wanted_of(&task.inventory).collect();
    Course::Write(Wanted { quantities, words: String::new(), is_off: false })
}

fn set(task: &Task, shown: &Shown, document: &InventoryDocument, shortage: Option<&str>) -> Course {
    if let Some(words) = other_state(&task.inventory, shown) {
        return Course::Stale(words);
    }
    if is_as_wanted(&task.inventory, shown) && (task.was_tried || !is_lower(&task.inventory)) {
        return Course::There;
    }
    if let Some(words) = edited(&task.inventory, shown) {
        return Course::Stale(words);
    }
    write(task, shown, document, shortage)
}

fn put_on(
    task: &Task,
    shown: &Shown,
    shortage: Option<&str>,
    is_renewed: bool,
    is_untouched: bool,
) -> Course {
    let as_wanted = is_as_wanted(&task.inventory, shown);
    if task.was_tried && shown.state == "active" {
        // an earlier attempt put it on sale, before or after it set the quantities
        return if as_wanted || !is_renewed { Course::There } else { all_of_it(task, shortage) };
    }
    if let Some(words) = other_state(&task.inventory, shown) {
        return Course::Stale(words);
    }
    let is_half_done = task.was_tried && as_wanted;
    if !is_untouched && !is_half_done {
        return Course::Stale("its seller has edited the listing since the plan".to_owned());
    }
    all_of_it(task, shortage)
}

/// What is off sale has not been sold: quantities as planned.
fn all_of_it(task: &Task, shortage: Option<&str>) -> Course {
    if let Some(shortage) = shortage {
        return Course::Stale(shortage.to_owned());
    }
    let quantities = wanted_of(&task.inventory).collect();
    Course::Write(Wanted { quantities, words: String::new(), is_off: false })
}

/// Quantities as planned, less what was sold since. What goes up stays as it is where Odoo has too little.
fn write(
    task: &Task,
    shown: &Shown,
    document: &InventoryDocument,
    shortage: Option<&str>,
) -> Course {
    let now = shown.quantities();
    let mut quantities = BTreeMap::new();
    let mut words = Vec::new();
    let mut is_short = None;
    for change in &task.inventory.offerings {
        let Some(fresh) = now.get(change.variant_key.as_str()).copied() else { continue };
        let sold = change.seen.saturating_sub(fresh);
        let wanted = change.wanted.saturating_sub(sold).max(0);
        if wanted > fresh && shortage.is_some() {
            is_short = shortage;
            continue;
        }
        if sold > 0 {
            words.push(format!("{sold} of {} were sold since the plan", named(change)));
        }
        if wanted != fresh {
            quantities.insert(change.variant_key.clone(), wanted);
        }
    }
    if let Some(shortage) = is_short {
        if quantities.is_empty() {
            return Course::Stale(shortage.to_owned());
        }
        words.push(format!("only what goes down was written: {shortage}"));
    }
    match document.with_quantities(&quantities) {
        Err(why) => Course::Stale(why.to_string()),
        Ok(written) if written.is_empty() => {
            words.push(TAKEN_OFF.to_owned());
            Course::Write(Wanted { quantities, words: words.join("; "), is_off: true })
        }
        Ok(_) if quantities.is_empty() => {
            Course::Stale("what was sold since the plan leaves nothing to write".to_owned())
        }
        Ok(_) => Course::Write(Wanted { quantities, words: words.join("; "), is_off: false }),
    }
}

fn other_state(inventory: &SetInventory, shown: &Shown) -> Option<String> {
    let seen = inventory.seen_state.as_str();
    (shown.state != seen)
        .then(|| format!("the listing is `{}` on Etsy now, the plan saw `{seen}`", shown.state))
}

/// More for sale than the plan saw is no sale: its seller did that.
fn edited(inventory: &SetInventory, shown: &Shown) -> Option<String> {
    let now = shown.quantities();
    inventory.offerings.iter().find_map(|change| {
        let fresh = now.get(change.variant_key.as_str()).copied()?;
        (fresh > change.seen).then(|| {
            format!(
                "its seller has edited it: {fresh} of {} are for sale, the plan saw {}",
                named(change),
                change.seen
            )
        })
    })
}

fn is_as_wanted(inventory: &SetInventory, shown: &Shown) -> bool {
    let now = shown.quantities();
    inventory.offerings.iter().all(|it| now.get(it.variant_key.as_str()) == Some(&it.wanted))
}

/// Whether what is there may also be what was sold down to it.
fn is_lower(inventory: &SetInventory) -> bool {
    inventory.offerings.iter().any(|change| change.wanted < change.seen)
}

fn wanted_of(inventory: &SetInventory) -> impl Iterator<Item = (String, i32)> {
    inventory.offerings.iter().map(|change| (change.variant_key.clone(), change.wanted))
}

/// What a person can find.
fn named(change: &OfferingChange) -> String {
    match (&change.sku, change.variant_key.as_str()) {
        (Some(sku), _) => format!("`{sku}`"),
        (None, "") => "it".to_owned(),
        (None, key) => format!("`{key}`"),
    }
}

#[cfg(test)]
mod tests;
