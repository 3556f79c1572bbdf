//! The checks that every field passes on its way in. A complaint names the field and the reason, never the value.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use html_escape::decode_html_entities;

use crate::domain::{Currency, Money};
use crate::etsy::wire::{Unreadable, WireMoney};

/// Longer texts than this are not what a person wrote.
pub(super) const LONGEST_TEXT: usize = 20_000;

/// Where a description is cut off. Etsy states no limit; the page keeps the whole text.
const LONGEST_PROSE: usize = 50_000;

/// Longer words than this are not of a vocabulary.
pub(super) const LONGEST_WORD: usize = 100;

/// Up to here Odoo's float fields hold every number of minor units exactly.
pub(super) const LARGEST_AMOUNT: i64 = 1 << 53;

/// Etsy was founded in 2005; nothing of a shop is older than this, in seconds since 1970.
const EARLIEST: i64 = 946_684_800;

/// How far a clock of Etsy's may run ahead of ours.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// A field that cannot be staged, and why. It never repeats the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: String,
    pub(super) reason: String,
}

impl Fault {
    pub(super) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// The same, of a field of a part: `price` within `transactions[1]`.
    pub(super) fn within(self, part: &str) -> Self {
        Self { field: format!("{part}.{}", self.field), reason: self.reason }
    }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Self {
        Self { field: unreadable.field, reason: unreadable.reason }
    }
}

/// Text as the database takes it: HTML entities decoded once (<https://github.com/etsy/open-api/issues/446>; the page
/// keeps the raw text), without NUL in any spelling, of a length that a person could have written, without space around.
pub(super) fn text<'a>(field: &str, raw: &'a str) -> Result<Cow<'a, str>, Fault> {
    if raw.len() > LONGEST_TEXT {
        return Err(Fault::new(field, format!("is longer than {LONGEST_TEXT} bytes")));
    }
    let decoded = if raw.contains('&') { decode_html_entities(raw) } else { Cow::Borrowed(raw) };
    if decoded.contains('\0') || (raw.contains("&#") && spells_nul(raw)) {
        return Err(Fault::new(field, "holds a NUL byte"));
    }
    Ok(match decoded {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    })
}

/// Writes a text that people read and nothing is computed from: it is never worth setting its row aside. What Odoo's HTML
/// does not keep (control characters and non-characters) is left out, line ends become `\n`, and a text that is too long
/// is cut off.
pub(super) fn prose(raw: &str, into: &mut String) {
    into.clear();
    let decoded = if raw.contains('&') { decode_html_entities(raw) } else { Cow::Borrowed(raw) };
    for character in decoded.trim().replace("\r\n", "\n").chars() {
        if into.len() >= LONGEST_PROSE {
            into.push('…');
            return;
        }
        match character {
            '\r' => into.push('\n'),
            '\n' | '\t' => into.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            hidden if hidden.is_control() => {}
            shown => into.push(shown),
        }
    }
}

/// Whether a text holds an entity of the number 0, which no decoder gives back as what it says.
fn spells_nul(raw: &str) -> bool {
    raw.split("&#").skip(1).any(|rest| {
        let digits = rest.strip_prefix(['x', 'X']).unwrap_or(rest);
        digits.split_once(';').is_some_and(|(digits, _)| {
            !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
        })
    })
}

/// The same, where an empty text is none.
pub(super) fn optional<'a>(
    field: &str,
    raw: Option<&'a Cow<'_, str>>,
) -> Result<Option<Cow<'a, str>>, Fault> {
    let decoded = raw.map(|raw| text(field, raw)).transpose()?;
    Ok(decoded.filter(|text| !text.is_empty()))
}

/// A word of one of Etsy's vocabularies, known or not.
pub(super) fn word<'a>(field: &str, raw: &'a str) -> Result<Cow<'a, str>, Fault> {
    if raw.len() > LONGEST_WORD {
        return Err(Fault::new(field, format!("is longer than {LONGEST_WORD} bytes")));
    }
    text(field, raw)
}

/// A country's code, which should be two letters. What else it may be is kept as it is: an order is not to wait for it.
pub(super) fn country(field: &str, raw: Option<&Cow<'_, str>>) -> Result<Option<String>, Fault> {
    let Some(code) = raw.map(|raw| word(field, raw)).transpose()? else { return Ok(None) };
    Ok(Some(code.to_ascii_uppercase()).filter(|code| !code.is_empty()))
}

/// An amount of any sign.
pub(super) fn money(field: &str, wire: &WireMoney) -> Result<Money, Fault> {
    if wire.amount.unsigned_abs() > LARGEST_AMOUNT.unsigned_abs() {
        return Err(Fault::new(field, "is larger than Odoo can hold exactly"));
    }
    wire.money()
        .ok()
        .ok_or_else(|| Fault::new(field, "has a divisor that is no power of ten from 1 to 10000"))
}

/// A price: not below 0.
pub(super) fn price(field: &str, wire: &WireMoney) -> Result<Money, Fault> {
    let price = money(field, wire)?;
    if price.minor() < 0 {
        return Err(Fault::new(field, "is negative"));
    }
    Ok(price)
}

/// A price in a currency that is settled already; `whose` says by what.
pub(super) fn price_in(
    currency: Currency,
    whose: &str,
    field: &str,
    wire: &WireMoney,
) -> Result<Money, Fault> {
    let price = price(field, wire)?;
    if price.currency() != currency {
        return Err(Fault::new(field, format!("is in another currency than {whose}")));
    }
    Ok(price)
}

/// An amount that comes without divisor.
pub(super) fn bare_amount(field: &str, amount: i64) -> Result<i64, Fault> {
    if amount.unsigned_abs() > LARGEST_AMOUNT.unsigned_abs() {
        return Err(Fault::new(field, "is larger than Odoo can hold exactly"));
    }
    Ok(amount)
}

/// A quantity: `least` or more.
pub(super) fn quantity(field: &str, quantity: i32, least: i32) -> Result<i32, Fault> {
    if quantity < least {
        return Err(Fault::new(field, format!("is below {least}")));
    }
    Ok(quantity)
}

/// A moment between the year 2000 and a day after the page was fetched.
pub(super) fn moment(
    field: &str,
    at: DateTime<Utc>,
    fetched_at: DateTime<Utc>,
) -> Result<DateTime<Utc>, Fault> {
    if at.timestamp() < EARLIEST {
        return Err(Fault::new(field, "is before the year 2000"));
    }
    if at.signed_duration_since(fetched_at) > AHEAD {
        return Err(Fault::new(field, "is more than a day after the page was fetched"));
    }
    Ok(at)
}
