//! Entries for the books: drafts in Odoo, made once.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{ShopPolicy, external_id};
use crate::diff::{BookFinding, DueEntry, DueLine, EntryInOdoo};
use crate::domain::{EntryObstacle, EntryStanding, LineUse, MoneyClass, Subject, Verdict};
use crate::plan::{Action, Choice, CreateEntry, Decision, EntryLine};

pub(super) fn decide(shop: &ShopPolicy, finding: &BookFinding) -> Decision {
    let (choice, reason) = choose(shop, finding);
    Decision {
        shop: finding.shop,
        subject: Subject::Books,
        key: finding.key.clone(),
        verdict: finding.verdict,
        choice,
        reason,
        before: finding.there.as_ref().map(|there| {
            serde_json::json!({ "name": there.name, "state": there.state, "total": there.total })
        }),
        amount: finding.due.as_ref().and_then(|due| due.total),
        currency: finding.currency.parse().ok(),
    }
}

fn choose(shop: &ShopPolicy, finding: &BookFinding) -> (Choice, String) {
    let ignore = |reason: String| (Choice::Ignore, reason);
    match (finding.verdict, &finding.due, &finding.there) {
        (Verdict::MissingInOdoo, Some(due), None) if finding.was_made => ignore(format!(
            "an earlier run made it, and it was deleted in Odoo: an entry is made once. To book the {} after all, copy it from `etsy-odoo report entries`",
            total(finding, due)
        )),
        (Verdict::MissingInOdoo, Some(due), None) => create(shop, finding, due),
        (Verdict::Differs, Some(due), Some(there)) => ignore(differs(finding, due, there)),
        (Verdict::MissingInEtsy, _, Some(there)) => ignore(format!(
            "{} is in Odoo, and the payment account, as far as it was read, has nothing of the kind",
            called(there)
        )),
        (Verdict::OutsideWindow, Some(due), _) => ignore(waits(shop, due)),
        _ => ignore("nothing is asked for".to_owned()),
    }
}

fn total(finding: &BookFinding, due: &DueEntry) -> String {
    due.total
        .map_or_else(|| finding.currency.clone(), |total| format!("{total} {}", finding.currency))
}

fn called(there: &EntryInOdoo) -> String {
    match &there.name {
        Some(name) => format!("{name} ({})", there.state),
        None => format!("the {}", if there.state == "draft" { "draft" } else { "entry" }),
    }
}

fn differs(finding: &BookFinding, due: &DueEntry, there: &EntryInOdoo) -> String {
    let what = called(there);
    if finding.differences.iter().any(|difference| difference == "cancelled") {
        return format!("{what} is cancelled in Odoo; {} is not booked", total(finding, due));
    }
    let remedy = if there.state == "draft" {
        "delete the draft and book the right figures, or set its lines right"
    } else {
        "book the difference"
    };
    format!(
        "{what} comes to {} in Odoo, and the payment account to {}; {remedy}: see `etsy-odoo report entries`",
        there.total,
        total(finding, due)
    )
}

fn waits(shop: &ShopPolicy, due: &DueEntry) -> String {
    match (due.standing, shop.policy.books.from) {
        (EntryStanding::BeforeStart, Some(from)) => {
            format!("before books_from, {}", from.format("%Y-%m-%d"))
        }
        (EntryStanding::BeforeStart, None) => "before books_from".to_owned(),
        (EntryStanding::Open | EntryStanding::Due, _) => format!(
            "its month is not over: {} is the first day on which it is booked, unless a payout comes before",
            due.dated_on.succ_opt().unwrap_or(due.dated_on)
        ),
    }
}

fn create(shop: &ShopPolicy, finding: &BookFinding, due: &DueEntry) -> (Choice, String) {
    if let Some(obstacle) = due.obstacle {
        return (Choice::Hold, obstacle_words(obstacle, &due.detail));
    }
    match action(shop, finding, due) {
        Some(action) => {
            let reason =
                format!("{} is not in the books", called_after(due.settlement, due.dated_on));
            (Choice::Act(Box::new(Action::CreateEntry(action))), reason)
        }
        None => (Choice::Hold, "it cannot be read whole; run `etsy-odoo run --full`".to_owned()),
    }
}

fn month(day: NaiveDate) -> String {
    day.format("%B %Y").to_string()
}

/// What stands against an entry, and what to do about it. `detail` names accounts, and the like.
pub fn obstacle_words(obstacle: EntryObstacle, detail: &str) -> String {
    match obstacle {
        EntryObstacle::Gap => {
            "a part of the payment account was not read; run `etsy-odoo run --full`".to_owned()
        }
        EntryObstacle::UnknownUnit => "nobody knows how many decimals its currency has; see `etsy-odoo breaks`".to_owned(),
        EntryObstacle::BrokenChain => "the balances of the payment account do not follow from its amounts; see `etsy-odoo breaks`".to_owned(),
        EntryObstacle::NoAccount => format!(
            "no account is named for {detail}; set it with `etsy-odoo shop set NAME accounts=…`"
        ),
        EntryObstacle::UnknownCompany => "Odoo has several companies, or not the one that is named; set `company_id`".to_owned(),
        EntryObstacle::UnknownCurrency => format!("{detail} is not active in Odoo; activate it there"),
        EntryObstacle::UnknownJournal => format!(
            "Odoo has no journal of type Miscellaneous with the short code {detail} in the shop's company; set `books_journal`"
        ),
        EntryObstacle::UnknownAccount => format!(
            "Odoo has no account {detail} in the shop's company, or it is deprecated or of another currency; set `accounts`"
        ),
        EntryObstacle::NoRate => format!("Odoo has no rate for {detail}; enter one"),
        EntryObstacle::Locked => format!(
            "Odoo's books are locked up to {detail}; book it by hand (`etsy-odoo report entries`), or set `books_from` to a later day"
        ),
    }
}

fn action(shop: &ShopPolicy, finding: &BookFinding, due: &DueEntry) -> Option<CreateEntry> {
    let entry = CreateEntry {
        external_id: external_id(&finding.key),
        company_id: due.company_id?,
        journal_id: due.journal_id?,
        dated_on: due.dated_on,
        reference: entry_reference(&shop.name, due.settlement, due.dated_on),
        currency: finding.currency.parse().ok()?,
        currency_id: due.currency_id?,
        total: due.total?,
        company_total: due.company_total?,
        lines: due.lines.iter().map(|each| line(due, each)).collect::<Option<_>>()?,
    };
    // Odoo would refuse it, or worse: balance it with a line of its own
    balances(&entry.lines).then_some(entry)
}

fn line(due: &DueEntry, line: &DueLine) -> Option<EntryLine> {
    Some(EntryLine {
        used_for: line.used_for,
        name: line_words(line, due),
        account_id: line.account_id?,
        account_code: line.account_code.clone()?,
        amount: line.amount,
        company_amount: line.company_amount?,
    })
}

fn line_words(line: &DueLine, due: &DueEntry) -> String {
    line_text(line.used_for, line.entries, due.first_at.date_naive(), due.last_at.date_naive())
}

/// What an entry is called: whose payout or recoupment it is, or of which month the rest.
pub fn entry_reference(
    shop: &str,
    settlement: Option<(MoneyClass, i64)>,
    dated_on: NaiveDate,
) -> String {
    format!("Etsy {shop}: {}", called_after(settlement, dated_on))
}

fn called_after(settlement: Option<(MoneyClass, i64)>, dated_on: NaiveDate) -> String {
    match settlement {
        Some((class, entry)) => format!("{class} {entry}"),
        None => format!("rest of {}", month(dated_on)),
    }
}

/// The text of a line: what it is, of how many movements, and of which days.
pub fn line_text(used_for: LineUse, entries: i64, first: NaiveDate, last: NaiveDate) -> String {
    let what = match used_for {
        LineUse::BroughtForward => return format!("Etsy balance brought forward, {first}"),
        LineUse::CarriedForward => return format!("Etsy balance carried forward, {last}"),
        LineUse::Sale => "sales",
        LineUse::Refund => "refunds",
        LineUse::EtsyTax => "tax that Etsy remits",
        LineUse::FeeTransaction => "transaction fees",
        LineUse::FeeProcessing => "processing fees",
        LineUse::FeeListing => "listing fees",
        LineUse::FeeRegulatory => "regulatory fees",
        LineUse::FeeOther => "other fees",
        LineUse::VatOnFees => "VAT on fees",
        LineUse::Ads => "ads",
        LineUse::Labels => "postage labels",
        LineUse::Credit => "credits",
        LineUse::Deposit => "bills paid by card",
        LineUse::Recoupment => "recoupments",
        LineUse::Payout => "payout",
        LineUse::Adjustment => "adjustments",
        LineUse::Suspense => "unknown",
    };
    format!("Etsy {what} ({entries}), {first} to {last}")
}

/// Whether lines come to nothing in both currencies.
fn balances(lines: &[EntryLine]) -> bool {
    let sum = |amount: fn(&EntryLine) -> Decimal| {
        lines.iter().map(amount).try_fold(Decimal::ZERO, Decimal::checked_add)
    };
    sum(|line| line.amount) == Some(Decimal::ZERO)
        && sum(|line| line.company_amount) == Some(Decimal::ZERO)
}
