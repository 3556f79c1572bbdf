//! Creates drafts of journal entries. They are never posted.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::ApplyError;
use super::application::{Application, Entry};
use super::pace::Pace;
use super::queue::{Item, Queue};
use super::sift::Fate;
use super::verdict::Judged;
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::{EntryLineRecord, EntryRecord, Sheet};
use crate::plan::{Action, CreateEntry};

/// An entry as Odoo's database shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    state: String,
    dated_on: NaiveDate,
    currency_id: i32,
    lines: i64,
    total: Decimal,
    company_total: Decimal,
}

/// Creates the entries of the plan, company by company.
pub(super) async fn create(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_entries, options.target);
    let mut queue = Queue::new(application, ActionKind::CreateEntry, read, |_| true);
    loop {
        let batch = queue.take_alike(pace.size(), |entry| entry.company_id).await?;
        let Some(company_id) = batch.first().map(|item| item.action.company_id) else {
            return Ok(());
        };
        let begun = tokio::time::Instant::now();
        create_batch(application, company_id, &batch).await?;
        application.check_silence()?;
        pace.learn(batch.len(), batch.len(), begun.elapsed());
    }
}

async fn create_batch(
    application: &Application<'_>,
    company_id: i32,
    batch: &[Item<CreateEntry>],
) -> Result<(), ApplyError> {
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let mut entries: Vec<Entry> = batch
        .iter()
        .zip(attempts)
        .map(|(item, attempt)| Entry {
            decision_no: item.decision_no,
            attempt,
            external_id: item.action.external_id.clone(),
        })
        .collect();
    let records: Vec<EntryRecord> = batch.iter().map(|item| record(&item.action)).collect();
    let sheet = Sheet::entries(company_id, &records);
    let fates = application.load(&mut entries, &sheet).await?;
    let made: Vec<i32> = fates
        .iter()
        .filter_map(|fate| match fate {
            Fate::Done(id) => Some(*id),
            Fate::Refused(_) | Fate::Unknown(_) => None,
        })
        .collect();
    let seen = look(application, &made).await?;
    let verdicts = entries
        .iter()
        .zip(batch)
        .zip(fates)
        .map(|((entry, item), fate)| (entry.attempt, judge(&item.action, fate, &seen)));
    application.settle(verdicts).await
}

async fn look(
    application: &Application<'_>,
    move_ids: &[i32],
) -> Result<BTreeMap<i32, Seen>, ApplyError> {
    let rows = application
        .read_odoo("read journal entries back", sql!("apply/entries.sql"), &[&move_ids])
        .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let seen = Seen {
                state: row.get("state"),
                dated_on: row.get("dated_on"),
                currency_id: row.get("currency_id"),
                lines: row.get("lines"),
                total: row.get("debit"),
                company_total: row.get("company_debit"),
            };
            (row.get("move_id"), seen)
        })
        .collect())
}

/// The verdict on an entry, from what was read back.
fn judge(action: &CreateEntry, fate: Fate, seen: &BTreeMap<i32, Seen>) -> Judged {
    let id = match fate {
        Fate::Done(id) => id,
        Fate::Refused(words) => return Judged::because(OutcomeKind::Refused, words),
        Fate::Unknown(words) => return Judged::because(OutcomeKind::Unknown, words),
    };
    let Some(seen) = seen.get(&id) else {
        let said = "Odoo answered with an id, and its database does not show the entry";
        return Judged::because(OutcomeKind::Unknown, said);
    };
    match difference(action, seen) {
        None => Judged::applied(id, Some(action.total)),
        Some(said) => Judged::because(OutcomeKind::Refused, said).about(id, Some(seen.total)),
    }
}

fn difference(action: &CreateEntry, seen: &Seen) -> Option<String> {
    let currency = action.currency;
    if seen.total != action.total || seen.currency_id != action.currency_id {
        return Some(format!(
            "the entry comes to {} in Odoo, the plan said {} {currency}",
            seen.total.normalize(),
            action.total
        ));
    }
    if seen.company_total != action.company_total {
        return Some(format!(
            "the entry comes to {} in the company's currency, the plan said {}",
            seen.company_total.normalize(),
            action.company_total
        ));
    }
    if usize::try_from(seen.lines) != Ok(action.lines.len()) {
        return Some(format!(
            "the entry has {} lines in Odoo, the plan said {}",
            seen.lines,
            action.lines.len()
        ));
    }
    if seen.dated_on != action.dated_on {
        return Some(format!(
            "the entry is dated {} in Odoo, the plan said {}",
            seen.dated_on, action.dated_on
        ));
    }
    // a person may have posted it meanwhile
    (seen.state == "cancel").then(|| "the entry is cancelled in Odoo".to_owned())
}

fn record(action: &CreateEntry) -> EntryRecord {
    EntryRecord {
        external_id: action.external_id.clone(),
        journal_id: action.journal_id,
        dated_on: action.dated_on,
        reference: action.reference.clone(),
        currency_id: action.currency_id,
        lines: action
            .lines
            .iter()
            .map(|line| EntryLineRecord {
                external_id: format!("{}_{}", action.external_id, line.used_for),
                account_id: line.account_id,
                name: line.name.clone(),
                amount: line.amount,
                company_amount: line.company_amount,
            })
            .collect(),
    }
}

fn read(action: Action) -> Option<CreateEntry> {
    if let Action::CreateEntry(entry) = action { Some(entry) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LineUse;
    use crate::plan::EntryLine;

    fn action() -> CreateEntry {
        let line = |used_for, amount: i64| EntryLine {
            used_for,
            name: "line".to_owned(),
            account_id: 7,
            account_code: "121000".to_owned(),
            amount: Decimal::new(amount, 2),
            company_amount: Decimal::new(amount, 2),
        };
        CreateEntry {
            external_id: "etsy.payout_1_2".to_owned(),
            company_id: 1,
            journal_id: 3,
            dated_on: NaiveDate::from_ymd_opt(2026, 10, 31).unwrap(),
            reference: "Etsy acme: payout 2".to_owned(),
            currency: "USD".parse().unwrap(),
            currency_id: 1,
            total: Decimal::new(1010, 2),
            company_total: Decimal::new(1010, 2),
            lines: vec![line(LineUse::Sale, -1010), line(LineUse::Payout, 1010)],
        }
    }

    fn seen() -> Seen {
        Seen {
            state: "draft".to_owned(),
            dated_on: NaiveDate::from_ymd_opt(2026, 10, 31).unwrap(),
            currency_id: 1,
            lines: 2,
            total: Decimal::new(101, 1),
            company_total: Decimal::new(101, 1),
        }
    }

    #[test]
    fn applied_is_what_was_read_back_as_planned() {
        let there = |seen| BTreeMap::from([(9, seen)]);
        let judged = judge(&action(), Fate::Done(9), &there(seen()));
        assert_eq!((judged.outcome, judged.odoo_id), (OutcomeKind::Applied, Some(9)));
        let judged = judge(&action(), Fate::Done(8), &there(seen()));
        assert_eq!(judged.outcome, OutcomeKind::Unknown);
        for (wrong, words) in [
            (
                Seen { total: Decimal::TEN, ..seen() },
                "comes to 10 in Odoo, the plan said 10.10 USD",
            ),
            (Seen { company_total: Decimal::TEN, ..seen() }, "10 in the company's currency"),
            (Seen { lines: 3, ..seen() }, "3 lines in Odoo, the plan said 2"),
            (Seen { state: "cancel".to_owned(), ..seen() }, "cancelled"),
            (
                Seen { dated_on: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(), ..seen() },
                "dated 2026-11-01 in Odoo",
            ),
        ] {
            let judged = judge(&action(), Fate::Done(9), &there(wrong));
            assert_eq!(judged.outcome, OutcomeKind::Refused);
            assert!(judged.said.contains(words), "{}", judged.said);
        }
    }

    #[test]
    fn lines_have_external_ids_of_their_own() {
        let record = record(&action());
        let ids: Vec<&str> = record.lines.iter().map(|line| line.external_id.as_str()).collect();
        assert_eq!(ids, ["etsy.payout_1_2_sale", "etsy.payout_1_2_payout"]);
    }
}
