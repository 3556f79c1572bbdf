//! What the queries of a period give, before it is put together.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::account::Payout;
use super::model::{EntryRow, ReceiptRow};
use super::vocabulary::{StepName, TieName};
use crate::domain::{BreakKind, Currency, MoneyClass, ShopId};
use crate::report::ReportError;
use crate::report::model::Shop;
use crate::report::read::Fields;

/// A payment account, as rows name it.
pub(super) type AccountKey = (ShopId, Currency);

/// A row of `sql/report/period_movements.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MoneyRow {
    pub(super) account: AccountKey,
    pub(super) day: NaiveDate,
    pub(super) class: MoneyClass,
    pub(super) parent_class: Option<MoneyClass>,
    pub(super) ledger_type: String,
    pub(super) entries: i64,
    pub(super) amount: Decimal,
    /// What of `amount` left the account.
    pub(super) taken: Decimal,
    pub(super) without_amount: i64,
}

impl MoneyRow {
    pub(super) fn read(row: &Fields) -> Result<Self, ReportError> {
        Ok(Self {
            account: account(row)?,
            day: row.get("day"),
            class: row.word("class")?,
            parent_class: row.optional_word("parent_class")?,
            ledger_type: row.get("ledger_type"),
            entries: row.get("entries"),
            amount: row.get("amount"),
            taken: row.get("taken"),
            without_amount: row.get("without_amount"),
        })
    }
}

/// A row of `sql/report/period_balances.sql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BalanceRow {
    pub(super) account: AccountKey,
    /// Nothing: before the period.
    pub(super) day: Option<NaiveDate>,
    pub(super) balance: Decimal,
}

impl BalanceRow {
    pub(super) fn read(row: &Fields) -> Result<Self, ReportError> {
        Ok(Self { account: account(row)?, day: row.get("day"), balance: row.get("balance") })
    }
}

/// Which part of a tie a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TiePart {
    First,
    Step(StepName, Option<BreakKind>),
    Second,
}

/// A row of `sql/report/period_ties.sql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TieRow {
    pub(super) account: AccountKey,
    pub(super) day: NaiveDate,
    pub(super) tie: TieName,
    pub(super) part: TiePart,
    pub(super) receipts: i64,
    pub(super) amount: Decimal,
}

impl TieRow {
    pub(super) fn read(row: &Fields) -> Result<Self, ReportError> {
        let part = match row.get("step") {
            "first" => TiePart::First,
            "second" => TiePart::Second,
            _ => TiePart::Step(row.word("step")?, row.optional_word("kind")?),
        };
        Ok(Self {
            account: account(row)?,
            day: row.get("day"),
            tie: row.word("tie")?,
            part,
            receipts: row.get("receipts"),
            amount: row.get("amount"),
        })
    }
}

/// The account of a row.
pub(super) fn account(row: &Fields) -> Result<AccountKey, ReportError> {
    Ok((ShopId(row.get("shop_id")), currency(row)?))
}

/// The currency of a row that must have one.
pub(super) fn currency(row: &Fields) -> Result<Currency, ReportError> {
    row.word("currency")
}

impl ReceiptRow {
    /// A row of `sql/report/period_receipts.sql`, and the place of its sale in the account. `payout` is not known yet.
    pub(super) fn read(row: &Fields, shop: Shop) -> Result<(Self, Option<i64>), ReportError> {
        let breaks: &str = row.get("breaks");
        let breaks = breaks
            .split_whitespace()
            .map(|word| row.read("breaks", word))
            .collect::<Result<_, _>>()?;
        let tax: Decimal = row.get("ledger_tax");
        let receipt = Self {
            shop,
            currency: currency(row)?,
            received_at: row.get("received_at"),
            receipt_id: row.get("receipt_id"),
            standing: row.word("standing")?,
            is_paid: row.get("is_paid"),
            country: row.get("country_iso"),
            total: row.get("receipt_total"),
            tax: row.get("receipt_tax"),
            refunded: row.get("receipt_refunded"),
            order_expected: row.get("order_expected"),
            order_name: row.get("order_name"),
            order_state: row.get("order_state"),
            order_total: row.get("order_total"),
            order_currency: row.get("order_currency"),
            invoiced: row.get("invoiced"),
            credited: row.get("credited"),
            sale: row.get("ledger_sale"),
            sale_refunded: row.get("ledger_refund"),
            sale_tax: tax - row.get::<Decimal>("ledger_tax_back"),
            fees: row.get("ledger_fees"),
            other: row.get("ledger_other"),
            paid_out: row.get("settled"),
            not_paid_out: row.get("unsettled"),
            payout: None,
            breaks,
        };
        Ok((receipt, row.get("sale_sequence")))
    }
}

impl EntryRow {
    /// A row of `sql/report/period_entries.sql`. `payout` is not known yet.
    pub(super) fn read(row: &Fields, shop: Shop) -> Result<Self, ReportError> {
        Ok(Self {
            shop,
            currency: currency(row)?,
            sequence_number: row.get("sequence_number"),
            entry_id: row.get("entry_id"),
            entered_at: row.get("entered_at"),
            class: row.word("class")?,
            parent_class: row.optional_word("parent_class")?,
            ledger_type: row.get("ledger_type"),
            amount: row.get("amount"),
            balance: row.get("balance"),
            receipt_id: row.get("receipt_id"),
            transaction_id: row.get("transaction_id"),
            listing_id: row.get("listing_id"),
            payment_id: row.get("payment_id"),
            payout: None,
            trouble: row.get("trouble"),
        })
    }
}

/// A row of `sql/report/period_payouts.sql`.
pub(super) fn payout(row: &Fields) -> Result<(AccountKey, Payout), ReportError> {
    let payout = Payout {
        payout: row.get("settlement_id"),
        class: row.word("class")?,
        settled_at: row.get("settled_at"),
        from_sequence: row.get("from_sequence"),
        until_sequence: row.get("until_sequence"),
        entries: row.get("entries"),
        orders: row.get("orders"),
        opening: row.get("opening_balance"),
        sales: row.get("sales"),
        refunds: row.get("refunds"),
        tax: row.get("tax"),
        fees: row.get("fees"),
        ads_and_labels: row.get("ads_and_labels"),
        other: row.get("other"),
        suspense: row.get("suspense"),
        paid: row.get("paid"),
        closing: row.get("closing_balance"),
    };
    Ok((account(row)?, payout))
}

/// For each class of an account, the day on which it has had so many movements, or its last, and how many it had until then.
pub(super) fn first_days(
    movements: &[MoneyRow],
    limit: i64,
) -> BTreeMap<(AccountKey, MoneyClass), (NaiveDate, i64)> {
    let mut days: BTreeMap<(AccountKey, MoneyClass), BTreeMap<NaiveDate, i64>> = BTreeMap::new();
    for row in movements {
        let days = days.entry((row.account, row.class)).or_default();
        *days.entry(row.day).or_default() += row.entries;
    }
    let mut reached = BTreeMap::new();
    for (key, days) in days {
        for (day, entries) in days {
            let (last, so_far) = reached.entry(key).or_insert((day, 0));
            if *so_far < limit {
                *last = day;
                *so_far += entries;
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;

    fn moved(class: MoneyClass, day: u32, entries: i64) -> MoneyRow {
        MoneyRow {
            account: (ShopId(1), "EUR".parse().unwrap()),
            day: NaiveDate::from_ymd_opt(2026, 10, day).unwrap(),
            class,
            parent_class: None,
            ledger_type: String::new(),
            entries,
            amount: Decimal::ZERO,
            taken: Decimal::ZERO,
            without_amount: 0,
        }
    }

    #[test]
    fn a_class_is_listed_up_to_the_day_that_has_enough_of_it() {
        let rows = [
            moved(MoneyClass::Sale, 3, 2),
            moved(MoneyClass::Sale, 1, 3),
            // two types of one class on one day
            moved(MoneyClass::Sale, 1, 1),
            moved(MoneyClass::Sale, 9, 50),
            moved(MoneyClass::Ads, 7, 1),
            moved(MoneyClass::Ads, 30, 1),
        ];
        let days = |limit| -> Vec<(MoneyClass, u32)> {
            let days = first_days(&rows, limit);
            days.iter().map(|((_, class), (day, _))| (*class, day.day())).collect()
        };
        assert_eq!(days(4), [(MoneyClass::Sale, 1), (MoneyClass::Ads, 30)]);
        assert_eq!(days(5), [(MoneyClass::Sale, 3), (MoneyClass::Ads, 30)]);
        assert_eq!(days(1), [(MoneyClass::Sale, 1), (MoneyClass::Ads, 7)]);
        assert_eq!(days(100), [(MoneyClass::Sale, 9), (MoneyClass::Ads, 30)]);
    }
}
