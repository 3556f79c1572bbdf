//! When the quantities of a shop are frozen: nothing is raised. What is sold elsewhere is still taken off.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::ShopError;

/// Days and hours, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Freeze(Vec<Span>);

/// One span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// From the beginning of the first day to the end of the last.
    Days(NaiveDate, NaiveDate),
    /// Every day from the first time to the second, past midnight if the second is earlier.
    Hours(NaiveTime, NaiveTime),
}

const EXPECTED: &str = "spans separated by commas, each of days (2026-12-24..2026-12-27) or of hours of every day in UTC (22:00-06:00), or nothing";

impl Freeze {
    /// Reads spans as people write them; nothing is never frozen.
    pub fn read(key: &'static str, value: &str) -> Result<Self, ShopError> {
        let spans: Option<Vec<Span>> = value
            .split(',')
            .map(str::trim)
            .filter(|span| !span.is_empty())
            .map(Span::read)
            .collect();
        spans.map(Self).ok_or_else(|| ShopError::Value {
            key,
            value: value.to_owned(),
            expected: EXPECTED.to_owned(),
        })
    }

    /// The span that holds at a moment, in words.
    pub fn holds_at(&self, moment: DateTime<Utc>) -> Option<String> {
        self.0.iter().find(|span| span.holds_at(moment)).map(ToString::to_string)
    }
}

impl Span {
    fn read(text: &str) -> Option<Self> {
        if let Some((from, until)) = text.split_once("..") {
            let day = |text: &str| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
            let (from, until) = day(from).zip(day(until))?;
            return (from <= until).then_some(Self::Days(from, until));
        }
        let (from, until) = text.split_once('-')?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        let (from, until) = time(from).zip(time(until))?;
        (from != until).then_some(Self::Hours(from, until))
    }

    fn holds_at(self, moment: DateTime<Utc>) -> bool {
        match self {
            Self::Days(from, until) => (from..=until).contains(&moment.date_naive()),
            Self::Hours(from, until) if from < until => (from..until).contains(&moment.time()),
            Self::Hours(from, until) => moment.time() >= from || moment.time() < until,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(from, until) => write!(formatter, "{from}..{until}"),
            Self::Hours(from, until) => {
                write!(formatter, "{}-{}", from.format("%H:%M"), until.format("%H:%M"))
            }
        }
    }
}

impl fmt::Display for Freeze {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, span) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(",")?;
            }
            write!(formatter, "{span}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn freeze(text: &str) -> Freeze {
        Freeze::read("stock_freeze", text).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_whole_and_hours_pass_midnight() {
        let both = freeze("2026-12-24..2026-12-27, 22:00-06:00");
        assert_eq!(both.to_string(), "2026-12-24..2026-12-27,22:00-06:00");
        assert_eq!(
            both.holds_at(at("2026-12-27T23:59:59Z")),
            Some("2026-12-24..2026-12-27".to_owned())
        );
        assert_eq!(both.holds_at(at("2026-12-28T12:00:00Z")), None);
        assert_eq!(both.holds_at(at("2026-12-28T23:00:00Z")), Some("22:00-06:00".to_owned()));
        assert_eq!(both.holds_at(at("2026-12-29T05:59:59Z")), Some("22:00-06:00".to_owned()));
        assert_eq!(both.holds_at(at("2026-12-29T06:00:00Z")), None);
        assert_eq!(freeze("").holds_at(at("2026-12-29T06:00:00Z")), None);
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["Christmas", "2026-12-27..2026-12-24", "22:00-22:00", "22:00", "25:00-26:00"] {
            let error = Freeze::read("stock_freeze", text).unwrap_err();
            assert!(error.to_string().contains("stock_freeze"), "{text}: {error}");
        }
    }
}
