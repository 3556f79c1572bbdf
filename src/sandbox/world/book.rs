//! A shop's receipts in every order that Etsy can be asked for, kept sorted so that a page is a slice.

use super::nouns::{Receipt, ReceiptStatus};

/// What the receipts of a shop are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SortOn {
    #[default]
    Created,
    Updated,
    ReceiptId,
}

/// Which receipts of a shop are asked for; bounds are inclusive epoch seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReceiptQuery {
    pub(crate) created: (Option<i64>, Option<i64>),
    pub(crate) updated: (Option<i64>, Option<i64>),
    pub(crate) was_paid: Option<bool>,
    pub(crate) was_shipped: Option<bool>,
    /// Whether it had arrived by a moment, and the moment.
    pub(crate) was_delivered: Option<(bool, i64)>,
    pub(crate) was_canceled: Option<bool>,
    pub(crate) sort_on: SortOn,
    pub(crate) is_ascending: bool,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl ReceiptQuery {
    fn wants(&self, receipt: &Receipt) -> bool {
        let is_canceled = receipt.status == ReceiptStatus::Canceled;
        within(self.created, receipt.created)
            && within(self.updated, receipt.updated)
            && self.was_paid.is_none_or(|asked| asked == receipt.is_paid())
            && self.was_shipped.is_none_or(|asked| asked == receipt.is_shipped())
            && self.was_delivered.is_none_or(|(asked, by)| asked == receipt.is_delivered(by))
            && self.was_canceled.is_none_or(|asked| asked == is_canceled)
    }

    /// The bounds on what the receipts are sorted by.
    fn bounds(&self) -> (Option<i64>, Option<i64>) {
        match self.sort_on {
            SortOn::Created => self.created,
            SortOn::Updated => self.updated,
            SortOn::ReceiptId => (None, None),
        }
    }
}

fn within((low, high): (Option<i64>, Option<i64>), moment: i64) -> bool {
    low.is_none_or(|low| low <= moment) && high.is_none_or(|high| moment <= high)
}

/// Sort value, receipt id, place in the list of receipts.
type Entry = (i64, i64, usize);

/// The receipts of one shop.
#[derive(Debug, Clone, Default)]
pub(super) struct Book {
    created: Vec<Entry>,
    updated: Vec<Entry>,
    receipt_id: Vec<Entry>,
}

impl Book {
    pub(super) fn enter(&mut self, receipt: &Receipt, place: usize) {
        let id = receipt.receipt_id.0;
        insert(&mut self.created, (receipt.created, id, place));
        insert(&mut self.updated, (receipt.updated, id, place));
        insert(&mut self.receipt_id, (id, id, place));
    }

    /// Follows a receipt whose `updated` was `before` when it was entered.
    pub(super) fn moved(&mut self, receipt: &Receipt, place: usize, before: i64) {
        let id = receipt.receipt_id.0;
        if let Ok(old) = self.updated.binary_search(&(before, id, place)) {
            self.updated.remove(old);
        }
        insert(&mut self.updated, (receipt.updated, id, place));
    }

    /// How many receipts the query matches, and those of its page.
    pub(super) fn page<'a>(
        &self,
        query: &ReceiptQuery,
        receipts: &'a [Receipt],
    ) -> (usize, Vec<&'a Receipt>) {
        let sorted = match query.sort_on {
            SortOn::Created => &self.created,
            SortOn::Updated => &self.updated,
            SortOn::ReceiptId => &self.receipt_id,
        };
        let (low, high) = query.bounds();
        let from = low.map_or(0, |low| sorted.partition_point(|entry| entry.0 < low));
        let to = high.map_or(sorted.len(), |high| sorted.partition_point(|entry| entry.0 <= high));
        let wanted: Vec<&Receipt> = sorted
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| receipts.get(entry.2))
            .filter(|receipt| query.wants(receipt))
            .collect();
        let count = wanted.len();
        let page = if query.is_ascending {
            wanted.into_iter().skip(query.offset).take(query.limit).collect()
        } else {
            wanted.into_iter().rev().skip(query.offset).take(query.limit).collect()
        };
        (count, page)
    }
}

/// Appends in the usual case, that of a newer receipt.
fn insert(sorted: &mut Vec<Entry>, entry: Entry) {
    let place = match sorted.last() {
        Some(last) if *last > entry => sorted.partition_point(|other| *other < entry),
        _ => sorted.len(),
    };
    sorted.insert(place, entry);
}
