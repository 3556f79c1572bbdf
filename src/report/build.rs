//! Puts the rows of the queries together into a report.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::bridge::bridges;
use super::figures::{
    DecisionLine, Intake, OutcomeLine, Progress, ShopReport, SubjectReport, VerdictLine,
};
use super::model::Shop;
use super::rows::{IntakeRow, MatterRow, TallyRow, asked, counts, subject_of};
use crate::domain::{ActionKind, Currency, DecisionKind, ShopId, Subject, Verdict};

/// One report per shop, in the order of their numbers.
pub(super) fn shop_reports(
    shops: &BTreeMap<ShopId, Shop>,
    intake: &[IntakeRow],
    tally: &[TallyRow],
    matters: &[MatterRow],
) -> Vec<ShopReport> {
    shops
        .values()
        .map(|shop| {
            let tally: Vec<&TallyRow> = tally.iter().filter(|row| row.shop == shop.id).collect();
            let matters: Vec<&MatterRow> =
                matters.iter().filter(|row| row.shop == shop.id).collect();
            ShopReport {
                shop: shop.clone(),
                intake: intake
                    .iter()
                    // a count under the name of a subject is there to be checked against
                    .filter(|row| row.shop == shop.id && subject_of(&row.entity).is_none())
                    .map(intake_line)
                    .collect(),
                subjects: Subject::ALL
                    .iter()
                    .filter_map(|subject| subject_report(*subject, &tally, &matters))
                    .collect(),
                bridges: bridges(&tally, &matters),
            }
        })
        .collect()
}

fn intake_line(row: &IntakeRow) -> Intake {
    Intake {
        entity: row.entity.clone(),
        fetched: row.fetched,
        staged: row.staged,
        rejected: row.rejected,
        repeated: row.repeated,
    }
}

fn subject_report(
    subject: Subject,
    tally: &[&TallyRow],
    matters: &[&MatterRow],
) -> Option<SubjectReport> {
    let mut verdicts: Vec<VerdictLine> =
        tally.iter().filter(|row| row.subject == subject).map(|row| verdict_line(row)).collect();
    verdicts.sort_by_key(|line| (line.currency, line.standing, line.verdict));
    let matters: Vec<&MatterRow> =
        matters.iter().copied().filter(|row| row.subject == subject).collect();
    (!verdicts.is_empty() || !matters.is_empty()).then(|| SubjectReport {
        subject,
        compared: verdicts.iter().map(|line| line.keys).sum(),
        decisions: decision_lines(&matters),
        outcomes: outcome_lines(&matters),
        verdicts,
    })
}

fn verdict_line(row: &TallyRow) -> VerdictLine {
    VerdictLine {
        currency: row.currency,
        standing: row.standing,
        verdict: row.verdict,
        keys: row.keys,
        etsy_amount: row.etsy,
        odoo_amount: row.odoo,
        difference: (row.currency.is_some() && counts(row.standing, row.verdict))
            .then(|| row.odoo - asked(row.standing, row.etsy)),
    }
}

fn decision_lines(matters: &[&MatterRow]) -> Vec<DecisionLine> {
    type Key = (DecisionKind, Option<ActionKind>, Verdict, Option<Currency>);
    let mut sums: BTreeMap<Key, (i64, Decimal)> = BTreeMap::new();
    for matter in matters {
        if let Some(decision) = matter.decision {
            let key = (decision, matter.action, matter.verdict, matter.currency);
            let sum = sums.entry(key).or_default();
            *sum = (sum.0 + matter.decisions, sum.1 + matter.at_stake);
        }
    }
    sums.into_iter()
        .map(|((decision, action, verdict, currency), (count, at_stake))| DecisionLine {
            decision,
            action,
            verdict,
            currency,
            count,
            at_stake,
        })
        .collect()
}

fn outcome_lines(matters: &[&MatterRow]) -> Vec<OutcomeLine> {
    let mut lines: BTreeMap<(ActionKind, Progress, Option<Currency>), OutcomeLine> =
        BTreeMap::new();
    for matter in matters {
        if let (Some(action), Some(progress)) = (matter.action, matter.progress) {
            let line =
                lines.entry((action, progress, matter.currency)).or_insert_with(|| OutcomeLine {
                    action,
                    progress,
                    currency: matter.currency,
                    count: 0,
                    at_stake: Decimal::ZERO,
                    etsy_amount: Decimal::ZERO,
                    odoo_amount: Decimal::ZERO,
                });
            line.count += matter.decisions;
            line.at_stake += matter.at_stake;
            line.etsy_amount += asked(matter.standing, matter.etsy);
            line.odoo_amount += matter.odoo_now;
        }
    }
    lines.into_values().collect()
}
