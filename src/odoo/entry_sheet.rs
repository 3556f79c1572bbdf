//! Draft journal entries as `load` takes them: a row per line, the head of the entry in its first.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Sheet;
use super::sheet::Rows;

/// A line of an `account.move`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLineRecord {
    /// The full external id.
    pub external_id: String,
    /// Odoo's `account.account`.
    pub account_id: i32,
    /// The text of the line.
    pub name: String,
    /// In the currency of the entry; above zero a debit, below a credit.
    pub amount: Decimal,
    /// The same in the company's currency. Odoo would convert line by line, and refuse what its rounding leaves over.
    pub company_amount: Decimal,
}

/// An `account.move` of type `entry`, to be created as a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRecord {
    /// The full external id.
    pub external_id: String,
    /// Odoo's `account.journal`.
    pub journal_id: i32,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Its reference.
    pub reference: String,
    /// Odoo's `res.currency`.
    pub currency_id: i32,
    /// Its lines, in order.
    pub lines: Vec<EntryLineRecord>,
}

const FIELDS: [&str; 13] = [
    "id",
    "move_type",
    "journal_id/.id",
    "date",
    "ref",
    "currency_id/.id",
    "line_ids/id",
    "line_ids/sequence",
    "line_ids/account_id/.id",
    "line_ids/name",
    "line_ids/currency_id/.id",
    "line_ids/amount_currency",
    "line_ids/balance",
];
/// How many of the columns are of the head.
const HEAD: usize = 6;

impl Sheet {
    /// Draft journal entries of one company.
    pub fn entries(company_id: i32, entries: &[EntryRecord]) -> Self {
        let records = entries.iter().map(rows).collect();
        Self::new("account.move", Some(company_id), FIELDS.to_vec(), records)
    }
}

fn rows(entry: &EntryRecord) -> Rows {
    let head = vec![
        entry.external_id.clone(),
        "entry".to_owned(),
        entry.journal_id.to_string(),
        entry.dated_on.to_string(),
        entry.reference.clone(),
        entry.currency_id.to_string(),
    ];
    let heads = std::iter::once(head).chain(std::iter::repeat(vec![String::new(); HEAD]));
    let lines = (1_u32..).zip(&entry.lines).map(|(sequence, line)| {
        vec![
            line.external_id.clone(),
            sequence.to_string(),
            line.account_id.to_string(),
            line.name.clone(),
            entry.currency_id.to_string(),
            line.amount.to_string(),
            line.company_amount.to_string(),
        ]
    });
    heads.zip(lines).map(|(head, line)| [head, line].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_row_per_line() {
        let line = |name: &str, amount: i64| EntryLineRecord {
            external_id: format!("etsy.payout_1_2_{name}"),
            account_id: 7,
            name: name.to_owned(),
            amount: Decimal::new(amount, 2),
            company_amount: Decimal::new(amount * 2, 2),
        };
        let entry = EntryRecord {
            external_id: "etsy.payout_1_2".to_owned(),
            journal_id: 3,
            dated_on: NaiveDate::from_ymd_opt(2026, 10, 31).unwrap(),
            reference: "Etsy acme: payout 2".to_owned(),
            currency_id: 125,
            lines: vec![line("sale", -10_010), line("payout", 10_010)],
        };
        let sheet = Sheet::entries(1, &[entry]);
        let rows = sheet.rows(&[0]);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.len() == sheet.fields().len()));
        assert_eq!(
            rows[0][..HEAD],
            ["etsy.payout_1_2", "entry", "3", "2026-10-31", "Etsy acme: payout 2", "125"]
                .map(str::to_owned)
        );
        assert!(rows[1][..HEAD].iter().all(String::is_empty));
        assert_eq!(
            rows[1][HEAD..],
            ["etsy.payout_1_2_payout", "2", "7", "payout", "125", "100.10", "200.20"]
                .map(str::to_owned)
        );
    }
}
