//! Finds the bad rows of a batch with few calls, so that the good ones go through. Knows no Odoo: it says which rows
//! to send next, and is told what became of them.

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is there, under this id.
    Done(i32),
    /// Odoo said no, in these words.
    Refused(String),
    /// Nobody knows, for this reason.
    Unknown(String),
}

/// A batch that is being sifted.
#[derive(Debug)]
pub(super) struct Sift {
    /// Groups still to be sent, the next one last.
    waiting: Vec<Vec<usize>>,
    fates: Vec<Option<Fate>>,
}

impl Sift {
    /// Begins with all rows in one group.
    pub(super) fn new(rows: usize) -> Self {
        let waiting = if rows == 0 { Vec::new() } else { vec![(0..rows).collect()] };
        Self { waiting, fates: vec![None; rows] }
    }

    /// The rows to send next; nothing when all have their fate.
    pub(super) fn next(&mut self) -> Option<Vec<usize>> {
        self.waiting.pop()
    }

    /// Some rows of a group are sent by themselves, after the others.
    pub(super) fn later(&mut self, rows: Vec<usize>) {
        self.waiting.push(rows);
    }

    /// All rows of a group got through.
    pub(super) fn done(&mut self, group: &[usize], ids: &[i32]) {
        for (row, id) in group.iter().zip(ids) {
            self.settle(*row, Fate::Done(*id));
        }
    }

    /// The group got nowhere because of some of its rows, given by their place in the group: those are refused, the
    /// others go again. Places that are none of the group's are left out; if none is left, nobody is to blame.
    ///
    /// The first row is believed to be bad only where no other is: Odoo's `load` tries the records of a call that failed
    /// one by one, and what the failure left undone may fall on the first of them, in the words of another.
    pub(super) fn blamed(&mut self, group: &[usize], blame: &[(usize, String)], otherwise: &str) {
        let mut rest = group.to_vec();
        let has_others = blame.iter().any(|(place, _)| *place > 0 && *place < group.len());
        for (place, words) in blame {
            let Some(row) = group.get(*place) else { continue };
            if *place == 0 && has_others {
                continue;
            }
            if rest.contains(row) {
                rest.retain(|other| other != row);
                self.settle(*row, Fate::Refused(words.clone()));
            }
        }
        if rest.len() == group.len() {
            self.refused(group, otherwise);
        } else if !rest.is_empty() {
            self.waiting.push(rest);
        }
    }

    /// The group got nowhere, and nobody is to blame: it goes again in halves, until a row stands alone.
    pub(super) fn refused(&mut self, group: &[usize], words: &str) {
        if let [row] = group {
            self.settle(*row, Fate::Refused(words.to_owned()));
            return;
        }
        let (first, second) = group.split_at(group.len().div_ceil(2));
        for half in [second, first] {
            if !half.is_empty() {
                self.waiting.push(half.to_vec());
            }
        }
    }

    /// The whole group shares a fate, and no part of it would do better.
    pub(super) fn all(&mut self, group: &[usize], fate: &Fate) {
        for row in group {
            self.settle(*row, fate.clone());
        }
    }

    /// The fates, in the order of the rows.
    pub(super) fn into_fates(self) -> Vec<Fate> {
        self.fates
            .into_iter()
            .map(|fate| fate.unwrap_or_else(|| Fate::Unknown("it was not sent".to_owned())))
            .collect()
    }

    fn settle(&mut self, row: usize, fate: Fate) {
        if let Some(slot) = self.fates.get_mut(row) {
            *slot = Some(fate);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Sifts `rows` rows against an Odoo that refuses a group with a bad row in it, naming up to `named` of them, and
    /// perhaps the first row as well. Gives the fates and the number of calls.
    fn sift(
        rows: usize,
        bad: &BTreeSet<usize>,
        named: usize,
        blames_first: bool,
    ) -> (Vec<Fate>, usize) {
        let mut sift = Sift::new(rows);
        let mut calls = 0;
        while let Some(group) = sift.next() {
            calls += 1;
            assert!(calls < 10_000, "it never ends");
            let mut blame: Vec<(usize, String)> = group
                .iter()
                .enumerate()
                .filter(|(_, row)| bad.contains(row))
                .map(|(place, row)| (place, format!("bad {row}")))
                .collect();
            if blame.is_empty() {
                let ids: Vec<i32> = group.iter().map(|row| i32::try_from(*row).unwrap()).collect();
                sift.done(&group, &ids);
            } else {
                blame.truncate(named);
                if blames_first && blame.first().is_some_and(|(place, _)| *place > 0) {
                    blame.insert(0, (0, "in the words of another".to_owned()));
                }
                sift.blamed(&group, &blame, "one of them");
            }
        }
        (sift.into_fates(), calls)
    }

    proptest! {
        #[test]
        fn exactly_the_bad_rows_are_refused(
            rows in 0_usize..130,
            bad in prop::collection::btree_set(0_usize..130, 0..12),
            named in 0_usize..11,
            blames_first: bool,
        ) {
            let bad: BTreeSet<usize> = bad.into_iter().filter(|row| *row < rows).collect();
            let (fates, calls) = sift(rows, &bad, named, blames_first);
            prop_assert_eq!(fates.len(), rows);
            for (row, fate) in fates.iter().enumerate() {
                if bad.contains(&row) {
                    prop_assert!(matches!(fate, Fate::Refused(_)));
                } else {
                    prop_assert_eq!(fate, &Fate::Done(i32::try_from(row).unwrap()));
                }
            }
            // halves: a path of log2(rows) calls and their siblings for each bad row
            let depth = usize::try_from(rows.max(1).ilog2()).unwrap() + 2;
            prop_assert!(calls <= 1 + 2 * depth * bad.len().max(1));
        }
    }

    #[test]
    fn named_rows_cost_one_more_call() {
        let (fates, calls) = sift(100, &BTreeSet::from([3, 50, 99]), 10, false);
        assert_eq!(calls, 2);
        assert_eq!(fates[50], Fate::Refused("bad 50".to_owned()));
    }

    #[test]
    fn a_name_that_fits_no_row_is_no_blame() {
        let mut sift = Sift::new(2);
        let group = sift.next().unwrap();
        sift.blamed(&group, &[(7, "who?".to_owned())], "no");
        assert_eq!(sift.next(), Some(vec![0]));
        assert_eq!(sift.next(), Some(vec![1]));
        assert_eq!(sift.next(), None);
    }

    #[test]
    fn a_row_named_twice_keeps_its_first_words() {
        let mut sift = Sift::new(1);
        let group = sift.next().unwrap();
        sift.blamed(&group, &[(0, "first".to_owned()), (0, "second".to_owned())], "no");
        assert_eq!(sift.next(), None);
        assert_eq!(sift.into_fates(), vec![Fate::Refused("first".to_owned())]);
    }
}
