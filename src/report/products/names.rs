//! How alike names and SKUs are.

use super::super::words::clean;

/// Words of fewer letters are compared as they are: one letter is much of a short word.
const FORGIVING: usize = 5;

/// A number counts as much as so many letters more: `No. 41` and `No. 42` are two products, or two sizes of one.
const NUMBER: usize = 8;

/// A name, taken apart into what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// In order and once each, with what they weigh: the number of their letters, and more for numbers.
    words: Vec<(String, usize)>,
    weight: usize,
}

impl Words {
    /// Words of letters and digits, in lower case. The mark that our own products carry before their name is left out.
    pub(super) fn of(name: &str) -> Self {
        let name = clean(name);
        let name = match name.strip_prefix("[Etsy").and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => rest.to_owned(),
            None => name,
        };
        let mut words: Vec<(String, usize)> = name
            .to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| (word.to_owned(), weight(word)))
            .collect();
        words.sort();
        words.dedup();
        let weight = words.iter().map(|(_, weight)| weight).sum();
        Self { words, weight }
    }

    /// The words themselves.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| word.as_str())
    }

    /// How much of the name in Odoo is found in this one, and of this one in that, in percent. A title on Etsy says far
    /// more than a name in Odoo does, so the latter counts for more.
    pub(super) fn likeness(&self, odoo: &Self) -> usize {
        if self.weight == 0 || odoo.weight == 0 {
            return 0;
        }
        let found_there = odoo.found_in(self);
        let found_here = self.found_in(odoo);
        (found_there * 70 / odoo.weight) + (found_here * 30 / self.weight)
    }

    /// What those of its words weigh that the other name has too.
    fn found_in(&self, other: &Self) -> usize {
        let is_found = |(word, _): &&(String, usize)| {
            other.words.iter().any(|(against, _)| word == against || is_misspelt(word, against))
        };
        self.words.iter().filter(is_found).map(|(_, weight)| weight).sum()
    }
}

fn weight(word: &str) -> usize {
    let letters = word.chars().count();
    if word.contains(char::is_numeric) { letters.saturating_add(NUMBER) } else { letters }
}

/// Whether two long words differ in one letter. Words that begin otherwise are other words, and so are numbers.
fn is_misspelt(one: &str, other: &str) -> bool {
    one.chars().next() == other.chars().next()
        && one.len().abs_diff(other.len()) <= 4
        && !one.contains(char::is_numeric)
        && one.chars().count().max(other.chars().count()) >= FORGIVING
        && strsim::osa_distance(one, other) <= 1
}

/// A SKU without case and punctuation; nothing when nothing is left.
pub(super) fn plain_sku(sku: &str) -> Option<String> {
    let plain: String = sku
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    (!plain.is_empty()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(etsy: &str, odoo: &str) -> usize {
        Words::of(etsy).likeness(&Words::of(odoo))
    }

    #[test]
    fn names_are_alike_in_any_order_and_with_a_slip() {
        assert_eq!(likeness("Serving board, oak", "Oak serving board"), 100);
        assert_eq!(likeness("Serving board", "[Etsy 4711] SERVING  board"), 100);
        assert!(likeness("Serving board, oak, personalised gift", "Serving bord") >= 60);
        assert!(likeness("Serving board", "Rolling pin") < 20);
        assert!(likeness("Stoneware mug No. 41", "Stoneware mug No. 42") < 70);
        assert_eq!(likeness("", "Mug"), 0);
        assert_eq!(likeness("🌸", "🌸"), 0);
    }

    #[test]
    fn a_sku_is_the_same_however_it_is_written() {
        assert_eq!(plain_sku("Brd-WAL / l"), Some("brdwall".to_owned()));
        assert_eq!(plain_sku("--"), None);
    }
}
