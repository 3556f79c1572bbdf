//! A page of rows that are not read yet.

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::etsy::wire::{Unreadable, complaint, lenient};

/// What a list endpoint answers. The rows borrow from the page's text.
#[derive(Deserialize)]
pub struct Page<'text> {
    /// How many rows match in all, as Etsy says.
    pub count: i32,
    /// The rows of this page, each as received.
    #[serde(borrow)]
    pub results: Vec<&'text RawValue>,
}

impl<'text> Page<'text> {
    /// Splits the body of a page.
    pub fn read(body: &'text [u8]) -> Result<Self, Unreadable> {
        let page: Self =
            serde_json::from_slice(body).map_err(|error| Unreadable::at(".", &error))?;
        if page.count < 0 {
            return Err(Unreadable::because("count", "is negative"));
        }
        Ok(page)
    }

    /// An answer that is one bare object, as a page of one row.
    pub fn of_one(body: &'text [u8]) -> Result<Self, Unreadable> {
        let row: &RawValue =
            serde_json::from_slice(body).map_err(|error| Unreadable::at(".", &error))?;
        if !row.get().starts_with('{') {
            return Err(Unreadable::because("(whole)", "is no object"));
        }
        Ok(Self { count: 1, results: vec![row] })
    }

    /// The id of a row that may not read otherwise, from the field that holds it.
    pub fn id_of(row: &RawValue, field: &str) -> Option<i64> {
        lenient::id_of(row, field)
    }

    /// Which field of a row does not read, and why: `error` is what reading it into a `T` came to.
    pub fn complaint<T: Deserialize<'text>>(
        row: &'text RawValue,
        error: &serde_json::Error,
    ) -> Unreadable {
        complaint::<T>(row.get().as_bytes(), error)
    }

    /// Reads the rows in one pass, when every one of them reads and the page is whole. Nothing otherwise: then
    /// [`Page::read`] tells the good rows from the bad ones.
    pub fn rows<T: Deserialize<'text>>(body: &'text str) -> Option<Vec<T>> {
        #[derive(Deserialize)]
        struct Rows<T> {
            count: i32,
            results: Vec<T>,
        }
        let page: Rows<T> = serde_json::from_str(body).ok()?;
        (page.count >= 0).then_some(page.results)
    }
}

/// Without the rows: they are buyers' data.
impl fmt::Debug for Page<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Page")
            .field("count", &self.count)
            .field("rows", &self.results.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_as_they_were_written() {
        let body =
            b"{\"count\": 7, \"results\": [ {\"a\":  1.50}, {\"b\": \"\\ud800\"} ], \"new\": 1}";
        let page = Page::read(body).unwrap();
        let rows: Vec<_> = page.results.iter().map(|row| row.get()).collect();
        assert_eq!((page.count, rows), (7, vec!["{\"a\":  1.50}", "{\"b\": \"\\ud800\"}"]));
        assert_eq!(format!("{page:?}"), "Page { count: 7, rows: 2, .. }");
    }

    #[test]
    fn a_page_that_is_cut_short_is_told_from_one_of_another_shape() {
        assert!(
            Page::read(b"{\"count\": 7, \"results\": [{\"a\": 1}, {\"b\"")
                .unwrap_err()
                .is_unfinished()
        );
        for (body, complaint) in [
            ("{\"count\": 7}", "`results`: missing"),
            ("{\"count\": -1, \"results\": []}", "`count`: is negative"),
            ("[]", "`(whole)`: does not read"),
        ] {
            let error = Page::read(body.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), complaint);
            assert!(!error.is_unfinished());
        }
    }
}
