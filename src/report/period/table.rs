//! Sections of a report as rows of typed values, for files that other programs read.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::domain::Currency;
use crate::report::model::Shop;

/// A section.
#[derive(Debug)]
pub(super) struct Spec {
    /// The file's name.
    pub(super) name: &'static str,
    /// The sheet's name.
    pub(super) title: &'static str,
    /// Its columns. Where rows belong to an account, the first two are its shop and its currency.
    pub(super) columns: &'static [Column],
    /// Whether they do.
    pub(super) by_account: bool,
    /// Whether most reports have nothing of it.
    pub(super) is_rare: bool,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// For programs.
    pub(super) name: &'static str,
    /// For people.
    pub(super) title: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
    /// Whether its sum means something.
    pub(super) is_summed: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// A longer text.
    Text,
    /// A number of Etsy's or ours, not to be added up.
    Number,
    /// How many.
    Count,
    /// Money.
    Amount,
    /// Per hundred.
    Percent,
    /// A day.
    Day,
    /// A moment.
    Moment,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Amount(Decimal),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
    Empty,
}

/// A section whose rows are at hand.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) spec: &'static Spec,
    pub(super) rows: Vec<Vec<Value>>,
}

impl Table {
    /// Whether a workbook has no sheet of it: it has no rows, and is only there when something went another way than usual.
    pub(super) fn is_left_out_when_empty(&self) -> bool {
        self.rows.is_empty() && self.spec.is_rare
    }
}

const fn column(name: &'static str, title: &'static str, kind: Kind) -> Column {
    Column { name, title, kind, is_summed: false }
}

pub(super) const fn word(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Word)
}

pub(super) const fn text(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Text)
}

pub(super) const fn number(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Number)
}

pub(super) const fn percent(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Percent)
}

pub(super) const fn day(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Day)
}

pub(super) const fn moment(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Moment)
}

/// How many, to be added up.
pub(super) const fn count(name: &'static str, title: &'static str) -> Column {
    Column { is_summed: true, ..column(name, title, Kind::Count) }
}

/// Money, to be added up.
pub(super) const fn amount(name: &'static str, title: &'static str) -> Column {
    Column { is_summed: true, ..column(name, title, Kind::Amount) }
}

/// Money that is a level: its sum says nothing.
pub(super) const fn level(name: &'static str, title: &'static str) -> Column {
    column(name, title, Kind::Amount)
}

pub(super) const SHOP: Column = word("shop", "Shop");
pub(super) const CURRENCY: Column = word("currency", "Currency");

impl Spec {
    /// Where a column stands.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&Shop> for Value {
    fn from(shop: &Shop) -> Self {
        Self::from(shop.name.as_str())
    }
}

impl From<Currency> for Value {
    fn from(currency: Currency) -> Self {
        Self::from(currency.as_str())
    }
}

impl From<i64> for Value {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

impl From<Decimal> for Value {
    fn from(amount: Decimal) -> Self {
        Self::Amount(amount)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::Moment(moment)
    }
}

impl From<bool> for Value {
    fn from(is_so: bool) -> Self {
        Self::from(if is_so { "yes" } else { "no" })
    }
}

impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Self::from)
    }
}
