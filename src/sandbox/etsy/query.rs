//! Reading the parameters of a query, with Etsy's defaults and ranges.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// Pages start no later than here (<https://developers.etsy.com/documentation/essentials/pagination>).
const LAST_OFFSET: i64 = 12_000;
/// The first second of the year 2000: Etsy refuses earlier moments.
const FIRST_MOMENT: i64 = 946_684_800;

/// The parameters of a call. Those that no endpoint knows are ignored, as Etsy does.
pub(super) struct Parameters(pub(super) BTreeMap<String, String>);

/// A parameter that comes twice counts as missing, and one with brackets has another name: lists are comma separated
/// (<https://developers.etsy.com/documentation/essentials/urlsyntax>).
impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let repeated: BTreeSet<String> = pairs
            .iter()
            .filter(|(name, _)| !seen.insert(name))
            .map(|pair| pair.0.clone())
            .collect();
        Ok(Self(pairs.into_iter().filter(|(name, _)| !repeated.contains(name)).collect()))
    }
}

/// The ids in a path.
pub(super) struct Ids<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let refusal = |_: PathRejection| Refusal::bad_request("An id of the path is not a number");
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(ids)| Self(ids))
            .map_err(refusal)
    }
}

impl Parameters {
    /// A list of ids: at least one, at most 100, each once, in ascending order.
    pub(super) fn ids(&self, name: &str) -> Result<Vec<i64>, Refusal> {
        let words = self.list(name);
        if words.is_empty() {
            return Err(Refusal::bad_request(format!("Missing Input Parameter: [{name}]")));
        }
        if words.len() > 100 {
            return Err(must_be(name, "a list of at most 100 ids"));
        }
        let ids: Option<BTreeSet<i64>> =
            words.into_iter().map(|word| word.trim().parse().ok().filter(|id| *id > 0)).collect();
        ids.map(|ids| ids.into_iter().collect()).ok_or_else(|| must_be(name, "a list of ids"))
    }

    /// Whether the order that is asked for ascends; without a wish it does not.
    pub(super) fn is_ascending(&self) -> Result<bool, Refusal> {
        match self.word("sort_order") {
            None | Some("desc" | "descending" | "down") => Ok(false),
            Some("asc" | "ascending" | "up") => Ok(true),
            Some(_) => Err(must_be("sort_order", "asc or desc")),
        }
    }

    /// A moment that must be told.
    pub(super) fn needed_moment(&self, name: &str) -> Result<i64, Refusal> {
        self.moment(name)?
            .ok_or_else(|| Refusal::bad_request(format!("Missing Input Parameter: [{name}]")))
    }

    pub(super) fn word(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|word| !word.is_empty() && *word != "null")
    }

    /// A comma separated list: Etsy knows no brackets.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        self.word(name).map(|words| words.split(',').collect()).unwrap_or_default()
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.word(name)
            .map(|word| word.parse().ok().ok_or_else(|| must_be(name, "an integer")))
            .transpose()
    }

    /// In any case: clients that write `True` are at work.
    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.word(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(must_be(name, "a boolean")),
        }
    }

    pub(super) fn moment(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let moment = self.integer(name)?;
        match moment {
            Some(early) if early < FIRST_MOMENT => Err(must_be(name, "946684800 or later")),
            _ => Ok(moment),
        }
    }

    /// Limit (25 unless asked otherwise) and offset.
    pub(super) fn page(&self) -> Result<(usize, usize), Refusal> {
        let limit = self.integer("limit")?.unwrap_or(25);
        if !(1..=100).contains(&limit) {
            return Err(must_be("limit", "between 1 and 100"));
        }
        let offset = self.integer("offset")?.unwrap_or(0);
        if offset > LAST_OFFSET {
            return Err(Refusal::bad_request(
                "Offset provided is greater than the maximum offset allowed.",
            ));
        }
        let as_size = |name: &str, value: i64| {
            usize::try_from(value).ok().ok_or_else(|| must_be(name, "0 or greater"))
        };
        Ok((as_size("limit", limit)?, as_size("offset", offset)?))
    }
}

fn must_be(name: &str, what: &str) -> Refusal {
    Refusal::bad_request(format!("Invalid value for parameter {name}: it must be {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        Parameters(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn pages_have_defaults_and_bounds() {
        assert_eq!(parameters(&[]).page(), Ok((25, 0)));
        assert_eq!(parameters(&[("limit", "100"), ("offset", "12000")]).page(), Ok((100, 12_000)));
        assert!(parameters(&[("limit", "101")]).page().is_err());
        assert!(parameters(&[("limit", "0")]).page().is_err());
        assert!(parameters(&[("offset", "-1")]).page().is_err());
        let refusal = parameters(&[("offset", "12001")]).page().unwrap_err();
        assert_eq!(refusal.error, "Offset provided is greater than the maximum offset allowed.");
    }

    #[test]
    fn booleans_come_in_two_spellings() {
        let given =
            parameters(&[("a", "1"), ("b", "false"), ("c", "null"), ("d", "yes"), ("e", "True")]);
        assert_eq!(given.boolean("e"), Ok(Some(true)));
        assert_eq!(given.boolean("a"), Ok(Some(true)));
        assert_eq!(given.boolean("b"), Ok(Some(false)));
        assert_eq!(given.boolean("c"), Ok(None));
        assert!(given.boolean("d").is_err());
        assert!(parameters(&[("min_created", "5")]).moment("min_created").is_err());
    }
}
