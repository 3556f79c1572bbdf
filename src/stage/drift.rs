//! What Etsy sends that its reference does not have: fields and words that are new. They are survived, counted, and
//! reported once.

use std::collections::BTreeMap;

use super::StageError;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, vocabulary};

/// Different novelties of one page; a page that is made of nothing else is not worth more.
const MOST_OF_A_PAGE: usize = 50;

/// Longer names are clipped.
const LONGEST: usize = 40;

/// Stands for a name or word that is more than letters, digits, `_`, `-` and spaces: it could be anybody's text.
const UNSPEAKABLE: &str = "(not a plain word)";

vocabulary! {
    /// What is new.
    DriftKind {
        /// A field.
        Field = "field",
        /// A word in a field whose words are known.
        Word = "word",
    }
}

/// A field or word that the reference does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Whose pages have it.
    pub shop: ShopId,
    /// What kind of object has it, for instance `receipt` or `transaction`.
    pub entity: String,
    /// Field or word.
    pub kind: DriftKind,
    /// The field.
    pub field: String,
    /// The word; empty for a field.
    pub word: String,
    /// In how many rows it has been seen, by all runs.
    pub rows: i64,
}

/// What is new on a page, or on several.
#[derive(Debug, Default)]
pub(super) struct Novelties(BTreeMap<(&'static str, DriftKind, String, String), i64>);

impl Novelties {
    /// Counts fields of an object of this kind.
    pub(super) fn fields(&mut self, entity: &'static str, names: &[impl AsRef<str>]) {
        for name in names {
            self.count((entity, DriftKind::Field, plain(name.as_ref()), String::new()), 1);
        }
    }

    /// Counts a word.
    pub(super) fn word(&mut self, entity: &'static str, field: &str, word: &str) {
        let word = plain(&word.to_lowercase());
        self.count((entity, DriftKind::Word, field.to_owned(), word), 1);
    }

    fn count(&mut self, key: (&'static str, DriftKind, String, String), rows: i64) {
        let is_full = self.0.len() >= MOST_OF_A_PAGE;
        if let Some(counted) = self.0.get_mut(&key) {
            *counted = counted.saturating_add(rows);
        } else if !is_full {
            self.0.insert(key, rows);
        }
    }

    /// Takes over what another page has.
    pub(super) fn extend(&mut self, other: Self) {
        for (key, rows) in other.0 {
            let counted = self.0.entry(key).or_default();
            *counted = counted.saturating_add(rows);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is counted, column by column.
    pub(super) fn columns(&self) -> Columns<'_> {
        let mut columns = Columns::default();
        for ((entity, kind, field, word), rows) in &self.0 {
            columns.entities.push(entity);
            columns.kinds.push(kind.as_str());
            columns.fields.push(field);
            columns.words.push(word);
            columns.rows.push(*rows);
        }
        columns
    }
}

/// Novelties as the arrays that a statement takes.
#[derive(Debug, Default)]
pub(super) struct Columns<'a> {
    pub(super) entities: Vec<&'a str>,
    pub(super) kinds: Vec<&'a str>,
    pub(super) fields: Vec<&'a str>,
    pub(super) words: Vec<&'a str>,
    pub(super) rows: Vec<i64>,
}

fn plain(name: &str) -> String {
    let is_plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | ' '));
    // digits alone are an amount, an id or a telephone number
    let is_named = name.chars().any(|letter| letter.is_ascii_alphabetic());
    if is_plain && is_named { name.chars().take(LONGEST).collect() } else { UNSPEAKABLE.to_owned() }
}

/// What a run was the first to see.
pub async fn drift(warehouse: &Warehouse, run: RunId) -> Result<Vec<Drift>, StageError> {
    let client = warehouse.client().await.map_err(|source| StageError::Database { source })?;
    let rows = client
        .query(sql!("stage/drift.sql"), &[&run.0])
        .await
        .map_err(StageError::of("read what is new in Etsy's answers"))?;
    Ok(rows
        .iter()
        .map(|row| Drift {
            shop: ShopId(row.get("shop_id")),
            entity: row.get("entity"),
            kind: match row.get("kind") {
                "word" => DriftKind::Word,
                _ => DriftKind::Field,
            },
            field: row.get("field"),
            word: row.get("word"),
            rows: row.get("rows"),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_only_when_they_are_plain_words() {
        for (name, kept) in [
            ("brand_new_field", "brand_new_field"),
            ("on hold", "on hold"),
            ("dana@example.com", UNSPEAKABLE),
            ("503 555 0199", UNSPEAKABLE),
            ("Straße", UNSPEAKABLE),
            ("", UNSPEAKABLE),
        ] {
            assert_eq!(plain(name), kept);
        }
        assert_eq!(plain(&"x".repeat(100)).len(), LONGEST);
    }

    #[test]
    fn a_page_of_nothing_but_novelties_is_bounded() {
        let mut seen = Novelties::default();
        for number in 0..1_000 {
            seen.fields("receipt", &[format!("field_{number}")]);
        }
        seen.fields("receipt", &["field_0"]);
        let columns = seen.columns();
        let most = columns.rows.iter().max();
        assert_eq!((columns.entities.len(), most), (MOST_OF_A_PAGE, Some(&2)));
    }
}
