//! The entries hold what the raw pages hold: every movement once, each payout's by itself, and no month's in another's.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate};
use etsy_odoo::report::period::{Entries, PeriodFormat};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{entries, first_of_month, house, plan};
use crate::money::evidence;
use crate::support::{Accounting, House};

/// The lines of an entry: what each is, and its amount, above zero for a debit.
type Lines = BTreeMap<String, Decimal>;
/// By external id: the day, and the lines.
type Books = BTreeMap<String, (NaiveDate, Lines)>;

/// A movement, as its page has it.
struct Movement {
    entry: i64,
    day: NaiveDate,
    class: &'static str,
    amount: Decimal,
    balance: Decimal,
}

impl Movement {
    fn settles(&self) -> bool {
        matches!(self.class, "payout" | "recoupment")
    }
}

fn movement(row: &Value, decimals: u32) -> Movement {
    let figure = |field: &str| Decimal::new(row[field].as_i64().unwrap(), decimals);
    let at = DateTime::from_timestamp(row["created_timestamp"].as_i64().unwrap(), 0).unwrap();
    Movement {
        entry: row["entry_id"].as_i64().unwrap(),
        day: at.date_naive(),
        class: evidence::class(row["ledger_type"].as_str().unwrap()),
        amount: figure("amount"),
        balance: figure("balance"),
    }
}

/// The accounts as Etsy sent them, in their order.
async fn accounts(house: &House) -> BTreeMap<(i64, String), Vec<Movement>> {
    let accounting = Accounting::of(house).await;
    let mut sorted: BTreeMap<(i64, String), BTreeMap<i64, Movement>> = BTreeMap::new();
    for ((shop, _), row) in evidence::rows(&accounting, &["ledger"], "entry_id").await {
        let currency = row["currency"].as_str().unwrap().to_owned();
        let movement = movement(&row, evidence::decimals(&currency));
        let place = row["sequence_number"].as_i64().unwrap();
        assert!(sorted.entry((shop, currency)).or_default().insert(place, movement).is_none());
    }
    sorted
        .into_iter()
        .map(|(account, movements)| (account, movements.into_values().collect()))
        .collect()
}

/// The books by hand: walk along each account, and begin a new entry behind each settlement and with each month.
async fn by_hand(house: &House) -> Books {
    let mut books = Books::new();
    for ((shop, currency), movements) in accounts(house).await {
        let mut open: Vec<&Movement> = Vec::new();
        for (place, movement) in movements.iter().enumerate() {
            open.push(movement);
            let next = movements.get(place + 1);
            let month = first_of_month(movement.day);
            let ends_month = next.is_none_or(|next| first_of_month(next.day) != month);
            if !movement.settles() && !ends_month {
                continue;
            }
            let (key, day) = if movement.settles() {
                (format!("etsy.payout_{shop}_{}", movement.entry), movement.day)
            } else {
                let last = month.checked_add_months(Months::new(1)).unwrap().pred_opt().unwrap();
                (format!("etsy.month_{shop}_{currency}_{}", month.format("%Y-%m")), last)
            };
            let lines = lines(&open);
            if !lines.is_empty() {
                assert!(books.insert(key, (day, lines)).is_none());
            }
            open.clear();
        }
    }
    books
}

fn lines(movements: &[&Movement]) -> Lines {
    let (first, last) = (movements[0], movements[movements.len() - 1]);
    let mut lines = Lines::from([
        ("brought_forward".to_owned(), first.amount - first.balance),
        ("carried_forward".to_owned(), last.balance),
    ]);
    for movement in movements {
        *lines.entry(movement.class.to_owned()).or_default() -= movement.amount;
    }
    lines.retain(|_, amount| !amount.is_zero());
    lines
}

fn as_made(entries: &Entries) -> Books {
    entries
        .entries
        .iter()
        .map(|entry| {
            let lines = entry.lines.iter().map(|line| {
                let amount = line.debit.unwrap_or_default() - line.credit.unwrap_or_default();
                (line.used_for.to_string(), amount.normalize())
            });
            (entry.external_id.clone(), (entry.dated_on, lines.collect()))
        })
        .collect()
}

#[tokio::test]
async fn entries_are_those_that_a_bookkeeper_would_make_of_the_pages() {
    for seed in [11, 12, 13] {
        let house = house(160, 3, seed).await;
        let run = plan(&house).await;
        let made = entries(&house, run.id).await;
        let expected = by_hand(&house).await;
        assert!(expected.len() > 20, "a world with {} entries shows little", expected.len());
        assert!(expected.keys().any(|key| key.starts_with("etsy.month_")));
        let normal = expected.into_iter().map(|(key, (day, lines))| {
            let lines = lines.into_iter().map(|(word, amount)| (word, amount.normalize()));
            (key, (day, lines.collect()))
        });
        assert_eq!(as_made(&made), normal.collect(), "seed {seed}");
        for entry in &made.entries {
            let side = |side: fn(&etsy_odoo::report::period::BookLine) -> Option<Decimal>| {
                entry.lines.iter().filter_map(side).sum::<Decimal>()
            };
            assert_eq!(Some(side(|line| line.debit)), entry.total, "{}", entry.external_id);
            assert_eq!(Some(side(|line| line.credit)), entry.total, "{}", entry.external_id);
        }
    }
}

#[tokio::test]
async fn what_is_carried_forward_is_brought_forward_and_at_the_end_it_is_the_balance() {
    let house = house(120, 2, 21).await;
    let run = plan(&house).await;
    let made = entries(&house, run.id).await;
    let mut balances: BTreeMap<(i64, String), Decimal> = BTreeMap::new();
    for entry in &made.entries {
        let balance = balances.entry((entry.shop.id.0, entry.currency.to_string())).or_default();
        for line in &entry.lines {
            let amount = line.debit.unwrap_or_default() - line.credit.unwrap_or_default();
            match line.used_for.as_str() {
                "brought_forward" => {
                    assert_eq!(-amount, *balance, "{}", entry.external_id);
                    *balance = Decimal::ZERO;
                }
                "carried_forward" => *balance += amount,
                _ => {}
            }
        }
    }
    let last = accounts(&house).await.into_iter().map(|(account, movements)| {
        let last = movements.last().map(|movement| movement.balance).unwrap_or_default();
        (account, last)
    });
    assert_eq!(balances, last.collect());
}

#[tokio::test]
async fn the_files_are_the_same_bytes_again_and_the_text_fits_a_terminal() {
    let house = house(60, 2, 31).await;
    let run = plan(&house).await;
    let (one, other) = (entries(&house, run.id).await, entries(&house, run.id).await);
    assert_eq!(one.to_json().unwrap(), other.to_json().unwrap());
    assert_eq!(one.to_csv().unwrap(), other.to_csv().unwrap());
    let forms = [PeriodFormat::Text, PeriodFormat::Csv, PeriodFormat::Json, PeriodFormat::Xlsx];
    let written = |entries: &Entries| -> Vec<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let paths = entries.write(folder.path(), "entries", &forms).unwrap();
        assert_eq!(paths.len(), forms.len());
        paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
    };
    assert!(written(&one) == written(&other), "a form is not the same bytes again");
    assert!(one.to_text().lines().all(|line| line.chars().count() <= 80));
    let csv = one.to_csv().unwrap();
    let lines: usize = one.entries.iter().map(|entry| entry.lines.len()).sum();
    assert_eq!(csv.lines().count(), lines + 1);
    assert!(
        csv.starts_with("shop,currency,external_id,date,reference,account,label,debit,credit,")
    );
}
