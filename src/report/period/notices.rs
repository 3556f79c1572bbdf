//! A period in a few sentences. The first says whether the figures can be signed.

use std::collections::{BTreeMap, BTreeSet};

use super::corrected::CorrectionSum;
use super::model::{PeriodReport, Sum};
use super::vocabulary::Age;
use super::words;
use crate::domain::{Currency, MoneyClass};
use crate::report::summary::{Grade, Notice};
use crate::report::words::{change, count_of, moment};

impl PeriodReport {
    /// Whether its figures can still change.
    pub(super) fn state_in_words(&self) -> String {
        match &self.close {
            None => "open: its figures follow the evidence".to_owned(),
            Some(close) => format!(
                "closed at {}: its figures never change; evidence SHA-256 {}",
                moment(close.closed_at),
                close.evidence
            ),
        }
    }

    /// The sentences that open the report.
    pub(in crate::report) fn notices(&self) -> Vec<Notice> {
        let mut said = vec![first_line(self)];
        said.extend(self.evidence.lacks.iter().map(|lack| Notice {
            grade: Grade::Bad,
            text: format!("Missing: {}.", words::lack(lack)),
        }));
        said.push(unexplained(self));
        said.push(breaks(self));
        said.extend(suspense(self));
        said.extend(corrections(self));
        said
    }
}

/// Whether the figures can be signed, and if not, why not.
fn first_line(report: &PeriodReport) -> Notice {
    let evidence = &report.evidence;
    let broken = i64::try_from(report.broken_sums.len()).unwrap_or(i64::MAX);
    let missing = i64::try_from(evidence.lacks.len()).unwrap_or(i64::MAX);
    if evidence.complete && report.foots {
        let odoo =
            report.source.odoo.as_ref().map_or(report.source.started_at, |odoo| odoo.taken_at);
        let text = format!(
            "The evidence of the period is complete, and every sum foots. Both sides as of {}.",
            moment(odoo)
        );
        return Notice { grade: Grade::Good, text };
    }
    let mut why = Vec::new();
    if !evidence.complete {
        why.push(format!(
            "the evidence of the period is not complete ({} missing)",
            count_of(missing, "thing")
        ));
    }
    if !report.foots {
        let verb = if broken == 1 { "does" } else { "do" };
        why.push(format!("{} {verb} not foot", count_of(broken, "sum")));
    }
    Notice { grade: Grade::Bad, text: format!("Not to be signed: {}.", why.join(", and ")) }
}

/// What no rule explains, per currency.
fn unexplained_sums(report: &PeriodReport) -> BTreeMap<Currency, Sum> {
    let mut sums: BTreeMap<Currency, Sum> = BTreeMap::new();
    for account in &report.accounts {
        let unexplained = account.unexplained();
        sums.entry(account.currency).or_default().add(unexplained.count, unexplained.amount);
    }
    sums.retain(|_, sum| sum.count > 0);
    sums
}

fn unexplained(report: &PeriodReport) -> Notice {
    let sums = unexplained_sums(report);
    if sums.is_empty() {
        return Notice { grade: Grade::Good, text: "Unexplained: 0.".to_owned() };
    }
    let each: Vec<String> = sums
        .iter()
        .map(|(currency, sum)| {
            format!("{} {currency} in {}", change(sum.amount), count_of(sum.count, "place"))
        })
        .collect();
    Notice { grade: Grade::Look, text: format!("Unexplained: {}.", each.join(", ")) }
}

fn breaks(report: &PeriodReport) -> Notice {
    let before: i64 = report
        .break_groups
        .iter()
        .filter(|group| group.age == Age::Before)
        .map(|group| group.breaks)
        .sum();
    let open = report.breaks.total;
    let older = if before == 0 {
        String::new()
    } else {
        format!(" {} from before it.", count_of(before, "break"))
    };
    if open == 0 {
        let grade = if before == 0 { Grade::Good } else { Grade::Look };
        return Notice { grade, text: format!("No break is dated in the period.{older}") };
    }
    let verb = if open == 1 { "is" } else { "are" };
    let text =
        format!("{} {verb} dated in the period; see Breaks.{older}", count_of(open, "break"));
    Notice { grade: Grade::Look, text }
}

/// That closed months are not what they were any more.
fn corrections(report: &PeriodReport) -> Option<Notice> {
    let months: BTreeSet<_> = report.corrections.iter().map(|sum| sum.month).collect();
    let many = i64::try_from(months.len()).unwrap_or(i64::MAX);
    let figures = report.corrections.iter().map(CorrectionSum::figures).sum();
    (many > 0).then(|| Notice {
        grade: Grade::Look,
        text: format!(
            "{} of {} came, went or changed since the close; see Corrections since the close.",
            count_of(figures, "figure"),
            count_of(many, "closed month"),
        ),
    })
}

fn suspense(report: &PeriodReport) -> Vec<Notice> {
    report
        .accounts
        .iter()
        .flat_map(|account| {
            let held = account.waterfall.iter().find(|line| line.class == MoneyClass::Suspense);
            let held = held.filter(|line| line.entries > 0).map(|line| {
                format!(
                    "{}: {} in suspense, {}: their type is not known.",
                    words::account(account),
                    count_of(line.entries, "movement"),
                    change(line.total)
                )
            });
            let unsummed = (account.without_amount > 0).then(|| {
                format!(
                    "{}: {} in no sum, since their unit is not known.",
                    words::account(account),
                    count_of(account.without_amount, "movement")
                )
            });
            held.into_iter().chain(unsummed)
        })
        .map(|text| Notice { grade: Grade::Look, text })
        .collect()
}
