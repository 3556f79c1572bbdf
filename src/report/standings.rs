//! The verdicts of a subject in the groups in which their sums mean something.

use rust_decimal::Decimal;

use super::figures::{SubjectReport, VerdictLine};
use super::words;
use crate::domain::{Currency, Standing, Subject, Verdict};

/// Lines whose sum means something: one currency, one standing, all compared or none.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) title: String,
    pub(super) currency: Option<Currency>,
    pub(super) lines: Vec<&'a VerdictLine>,
    pub(super) keys: i64,
    pub(super) etsy_amount: Decimal,
    pub(super) odoo_amount: Decimal,
    /// Nothing where no line has a difference.
    pub(super) difference: Option<Decimal>,
}

/// What a group is made by. What lies outside the window comes last in its currency.
type Key = (Option<Currency>, bool, Standing);

/// The groups, in order.
pub(super) fn groups(subject: &SubjectReport) -> Vec<Group<'_>> {
    let key = |line: &VerdictLine| -> Key {
        let outside = line.verdict == Verdict::OutsideWindow;
        let standing =
            if outside || line.currency.is_none() { Standing::Due } else { line.standing };
        (line.currency, outside && line.currency.is_some(), standing)
    };
    let mut lines: Vec<&VerdictLine> = subject.verdicts.iter().collect();
    lines.sort_by_key(|line| (key(line), line.verdict, line.standing));
    lines
        .chunk_by(|one, other| key(one) == key(other))
        .filter_map(|lines| Some(Group::of(subject.subject, key(lines.first()?), lines.to_vec())))
        .collect()
}

impl<'a> Group<'a> {
    fn of(
        subject: Subject,
        (currency, outside, standing): Key,
        lines: Vec<&'a VerdictLine>,
    ) -> Self {
        let code = currency.map_or_else(String::new, String::from);
        let title = if outside {
            format!("{code}, not compared")
        } else if subject == Subject::Inventory {
            // what is for sale is due to nobody
            format!("{code}, on sale")
        } else {
            format!("{code}, {}", words::standing(standing))
        };
        Self {
            title,
            currency,
            keys: lines.iter().map(|line| line.keys).sum(),
            etsy_amount: lines.iter().map(|line| line.etsy_amount).sum(),
            odoo_amount: lines.iter().map(|line| line.odoo_amount).sum(),
            difference: lines.iter().filter_map(|line| line.difference).reduce(|a, b| a + b),
            lines,
        }
    }
}
