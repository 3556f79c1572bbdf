//! Plain words for closed vocabularies, figures as people write them, and foreign text made harmless.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::figures::Progress;
use super::model::{Novelty, Shop};
use crate::domain::{ActionKind, Currency, DecisionKind, Standing, Subject, Verdict};
use crate::journal::Command;

/// How two sides stand.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Agrees => "agrees",
        Verdict::Differs => "differs",
        Verdict::MissingInOdoo => "not in Odoo",
        Verdict::MissingInEtsy => "only in Odoo",
        Verdict::DuplicatedInOdoo => "more than once in Odoo",
        Verdict::OutsideWindow => "outside the window",
    }
}

/// Whether an order is due.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Due => "due",
        Standing::Unpaid => "unpaid",
        Standing::Cancelled => "cancelled on Etsy",
    }
}

/// What is reconciled.
pub(super) fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Products => "Products",
        Subject::Customers => "Customers",
        Subject::Orders => "Orders",
        Subject::Inventory => "Quantities",
        Subject::Ledger => "Payment account",
        Subject::Books => "Books",
    }
}

/// One of what is reconciled.
pub(super) fn one_of(subject: Subject) -> &'static str {
    match subject {
        Subject::Products => "product",
        Subject::Customers => "customer",
        Subject::Orders => "order",
        Subject::Inventory => "listing",
        Subject::Ledger => "ledger entry",
        Subject::Books => "entry",
    }
}

/// One of what is reconciled, by its key. Quantities are those of a listing, or where they are counted of a product.
pub(super) fn one_with_key(subject: Subject, key: &str) -> &'static str {
    if subject == Subject::Inventory && key.parse::<i64>().is_err() {
        one_of(Subject::Products)
    } else {
        one_of(subject)
    }
}

/// What a plan would do.
pub(super) fn action(action: ActionKind) -> &'static str {
    match action {
        ActionKind::CreateProduct => "create product",
        ActionKind::UpdateProduct => "update product",
        ActionKind::CreateCustomer => "create customer",
        ActionKind::BookOrder => "book order",
        ActionKind::ChangeAddress => "change address",
        ActionKind::CancelOrder => "cancel order",
        ActionKind::CountStock => "count stock",
        ActionKind::DeactivateListing => "take off sale",
        ActionKind::LowerInventory => "lower quantities",
        ActionKind::RaiseInventory => "raise quantities",
        ActionKind::ReactivateListing => "put on sale again",
        ActionKind::CreateEntry => "draft entry",
    }
}

/// What a plan decided.
pub(super) fn decision(decision: DecisionKind, kind: Option<ActionKind>) -> &'static str {
    match (decision, kind) {
        (DecisionKind::Act, Some(kind)) => action(kind),
        (DecisionKind::Act, None) => "act",
        (DecisionKind::Hold, _) => "held",
        (DecisionKind::Ignore, _) => "left alone",
    }
}

/// Where an action stands.
pub(super) fn progress(progress: Progress) -> &'static str {
    progress.as_str()
}

/// Which command made a run, and whether its plan was applied by a later one.
pub(super) fn command(command: Command, is_applied: bool) -> &'static str {
    match command {
        Command::Snapshot => "evidence only",
        Command::Plan if is_applied => "a plan, and what became of it",
        Command::Plan => "plan, nothing written",
        Command::Adopt if is_applied => "Etsy's quantities, and what became of them in Odoo",
        Command::Adopt => "Etsy's quantities for Odoo, nothing written",
        Command::Run => "plan and apply",
        Command::Apply => "apply",
    }
}

/// What the exit codes of the command line mean.
pub(super) fn exit_code(code: i16) -> &'static str {
    match code {
        0 => "done",
        1 => "failed",
        2 => "changes are planned, nothing was written",
        3 => "finished, with rows that need a person",
        4 => "the guard refused the plan",
        75 => "could not do all of it now, a later try may",
        78 => "a setting or a credential needs a person",
        _ => "ended in a way that this version does not know",
    }
}

/// A moment, to the second.
pub(super) fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A span of time, in its two largest units.
pub(super) fn span(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    match (seconds / 3600, (seconds / 60) % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A count, with its thousands apart.
pub(super) fn count(count: i64) -> String {
    thousands(&count.to_string())
}

/// A count of things: `1 order`, `1,200 orders`.
pub(super) fn count_of(many: i64, one: &str) -> String {
    let named = if many == 1 { one.to_owned() } else { plural(one) };
    format!("{} {named}", count(many))
}

/// Several of what `one` is: orders, entries, days.
pub(super) fn plural(one: &str) -> String {
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        Some(_) | None => format!("{one}s"),
    }
}

/// An amount, with its thousands apart.
pub(super) fn amount(amount: Decimal) -> String {
    thousands(&amount.to_string())
}

/// An amount whose sign matters: `+4.12`, `-4.12`, `0.00`.
pub(super) fn change(change: Decimal) -> String {
    if change.is_zero() {
        return amount(change.abs());
    }
    let sign = if change.is_sign_negative() { "" } else { "+" };
    format!("{sign}{}", amount(change))
}

/// An amount with its currency.
pub(super) fn money(value: Decimal, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{} {currency}", amount(value)),
        None => amount(value),
    }
}

fn thousands(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    let mut grouped = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push_str(rest);
    grouped
}

/// A shop by name and number.
pub(super) fn shop(shop: &Shop) -> String {
    let number = format!("shop {}", shop.id);
    if shop.name == number { number } else { format!("{} ({number})", shop.name) }
}

/// The heading of a shop's part.
pub(super) fn shop_title(of: &Shop) -> String {
    let name = shop(of);
    if name.starts_with("shop ") { name.replacen('s', "S", 1) } else { format!("Shop {name}") }
}

/// The name of a subject within a shop, as sums that do not foot give it.
pub(super) fn place(shop: &Shop, subject: Option<Subject>) -> String {
    let name = if shop.name.starts_with("shop ") {
        shop.name.clone()
    } else {
        format!("shop {}", shop.name)
    };
    subject.map_or(name.clone(), |subject| format!("{name}, {subject}"))
}

/// Foreign text on one line: what would move a cursor, ring a bell or turn the reading direction is shown as a
/// replacement character.
pub(super) fn clean(foreign: &str) -> String {
    // nearly all words are: files of a million rows are made of them
    if foreign.bytes().all(|byte| byte.is_ascii_graphic()) {
        return foreign.to_owned();
    }
    let spaced: String = foreign
        .chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{a0}' => ' ',
            hidden if hidden.is_control() || turns_or_hides(hidden) => '\u{fffd}',
            shown => shown,
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters without a shape of their own that change how their neighbours read.
fn turns_or_hides(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// Foreign text that may be pasted into a spreadsheet: as [`clean`] makes it, and no formula.
pub(super) fn inert(foreign: &str) -> String {
    let clean = clean(foreign);
    // the wide forms count as well where people type them
    let acts = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    if clean.starts_with(acts) { format!("'{clean}") } else { clean }
}

/// Whether a quick look says that [`inert`] would leave it as it is; some that it would leave are not seen.
pub(super) fn is_inert(foreign: &str) -> bool {
    foreign.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

/// Foreign text of at most `characters`.
pub(super) fn clipped(foreign: &str, characters: usize) -> String {
    let clean = clean(foreign);
    if clean.chars().count() <= characters {
        return clean;
    }
    let kept: String = clean.chars().take(characters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Names of columns that differ.
pub(super) fn differences(columns: &[String]) -> String {
    columns.iter().map(|column| clean(&column.replace('_', " "))).collect::<Vec<_>>().join(", ")
}

/// A kind of row as staging names it, in the plural.
pub(super) fn kinds(entity: &str) -> String {
    plural(&clean(entity).replace('_', " "))
}

impl Novelty {
    /// The novelty in a sentence; the words are Etsy's, and plain by the time they are stored.
    pub(super) fn in_words(&self) -> String {
        let entity = clean(&self.entity).replace('_', " ");
        let what = if self.word.is_empty() {
            format!("field `{}`", clean(&self.field))
        } else {
            format!("`{}` in field `{}`", clean(&self.word), clean(&self.field))
        };
        format!("{}, {entity}: {what}", self.shop.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-1_234), "-1,234");
        assert_eq!(count(999), "999");
        assert_eq!(amount(Decimal::new(-123_456, 2)), "-1,234.56");
        assert_eq!(amount(Decimal::new(5, 2)), "0.05");
        assert_eq!(change(Decimal::new(412, 2)), "+4.12");
        assert_eq!(change(Decimal::new(-412, 2)), "-4.12");
        assert_eq!(change(Decimal::new(0, 2)), "0.00");
        assert_eq!(count_of(1, "order"), "1 order");
        assert_eq!(count_of(0, "order"), "0 orders");
    }

    #[test]
    fn foreign_text_cannot_act() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}d"), "a\u{fffd}[2Jb c\u{fffd}d");
        assert_eq!(inert("=cmd()"), "'=cmd()");
        assert_eq!(inert("\t@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(inert("mug"), "mug");
        assert_eq!(clipped("abcdef", 4), "abc…");
    }

    #[test]
    fn spans_read_in_two_units() {
        assert_eq!(span(TimeDelta::seconds(7)), "7 s");
        assert_eq!(span(TimeDelta::seconds(192)), "3 min 12 s");
        assert_eq!(span(TimeDelta::seconds(7_260)), "2 h 1 min");
        assert_eq!(span(TimeDelta::seconds(-5)), "0 s");
    }
}
