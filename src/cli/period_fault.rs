//! What a person can ask of days that there is no report for.

use chrono::NaiveDate;

use crate::domain::Advice;

/// Why there is no report on days.
#[derive(Debug, thiserror::Error)]
pub enum PeriodFault {
    #[error("no run has laid out the money of {shops}")]
    NoMoney { shops: String },
    #[error("the last day, {to}, is before the first, {from}")]
    Backwards { from: NaiveDate, to: NaiveDate },
    #[error("{month} lies in no month")]
    NoSuchMonth { month: NaiveDate },
    #[error("{} is not closed for exactly these shops", month.format("%B %Y"))]
    NotClosed { month: NaiveDate },
    #[error("{} cannot be closed: {why}", month.format("%B %Y"))]
    CannotClose { month: NaiveDate, why: String },
    #[error("there is no page of entries")]
    NoEntriesPage,
    #[error("corrections are text, json or csv")]
    PlainCorrections,
    #[error("a report on a run has no rows for a workbook or CSV")]
    NoRowsOfARun,
    #[error("a workbook and CSV are files, and there is no directory to write them to")]
    NeedsOut,
}

impl PeriodFault {
    /// What to do next.
    pub(super) fn advice(&self) -> Advice {
        match self {
            Self::NoMoney { .. } => Advice::needs_person(
                "`etsy-odoo run --full` (or `plan --full`) reads all that a report on money needs, and lays it out; how far back the payment account is read says `ledger_from` in `etsy-odoo shop set`",
            ),
            Self::Backwards { .. } => Advice::needs_person(
                "`--from` is the first day and `--to` the last, as in `--from 2026-10-01 --to 2026-10-31`",
            ),
            Self::NoSuchMonth { .. } => Advice::needs_person("write it as 2026-10"),
            Self::NotClosed { .. } => Advice::needs_person(
                "`etsy-odoo report close YYYY-MM` closes it, for the shops that are named with `--shop` or for all",
            ),
            Self::CannotClose { .. } => Advice::needs_person(
                "a month is closed on complete evidence only: `etsy-odoo run --full` after its end reads what is missing, unless a person has to settle it first; nothing was closed",
            ),
            Self::PlainCorrections => Advice::needs_person("give `--format text`, `json` or `csv`"),
            Self::NoEntriesPage => {
                Advice::needs_person("give `--format text`, `json`, `csv` or `xlsx`")
            }
            Self::NoRowsOfARun => Advice::needs_person(
                "give days with `--from` and `--to`, or take html, json or text",
            ),
            Self::NeedsOut => Advice::needs_person("give it with `--out DIR`"),
        }
    }
}
