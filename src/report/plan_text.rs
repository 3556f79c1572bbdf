//! A plan for a terminal of 80 columns.

use super::layout::{Page, Table};
use super::plan_view::{PlanGroup, PlanRow, PlanTotal, PlanView};
use super::quantities::{QuantityTotal, edits_of, write_quantities};
use super::summary::plan_notices;
use super::text::{write_broken_sums, write_header, write_notices};
use super::text_bridge::ODOO_TAX;
use super::words::{self, amount, clean, count, money};
use crate::domain::{DecisionKind, Subject};
use crate::journal::Command;

impl PlanView {
    /// The plan as text: what it comes to, then the first rows of each kind.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        page.title(&format!("Plan {}: what would be written", self.run.number), '=');
        write_notices(&mut page, &plan_notices(self));
        page.gap();
        write_header(&mut page, &self.run, &[]);
        write_broken_sums(&mut page, &self.broken_sums);
        for shop in &self.run.shops {
            let totals: Vec<&PlanTotal> =
                self.totals.iter().filter(|total| total.shop.id == shop.id).collect();
            page.title(&words::shop_title(shop), '-');
            if totals.is_empty() {
                page.words("Nothing was compared.", "  ", "  ");
                continue;
            }
            write_totals(&mut page, &totals);
            let quantities: Vec<&QuantityTotal> =
                self.quantities.iter().filter(|total| total.shop.id == shop.id).collect();
            write_quantities(&mut page, &quantities, edits_of(&self.sellers_edits, shop));
            for group in self.groups.iter().filter(|group| group.shop.id == shop.id) {
                write_group(&mut page, group);
            }
        }
        let acts: i64 = self.totals.iter().map(|total| total.act).sum();
        if acts > 0
            && matches!(self.run.command, Command::Plan | Command::Adopt)
            && self.applications.is_empty()
        {
            page.gap();
            let next = format!("to let it happen: etsy-odoo apply --plan {}", self.run.number);
            page.words(&next, "", "  ");
        }
        page.into_text()
    }
}

fn write_totals(page: &mut Page, totals: &[&PlanTotal]) {
    let mut table = Table::new(["", "compared", "agree", "act", "hold", "leave alone"]);
    for total in totals {
        table.row([
            words::subject(total.subject).to_owned(),
            count(total.compared),
            count(total.agrees),
            count(total.act),
            count(total.hold),
            count(total.ignore),
        ]);
    }
    page.table(&table);
    let mut table = Table::new(["Money at stake", "amount"]);
    let mut has_money = false;
    for total in totals {
        for line in &total.money {
            has_money = true;
            let decided = words::decision(line.decision, line.action);
            table.row([decided.to_owned(), money(line.amount, Some(line.currency))]);
        }
        for (currency, tax) in &total.odoo_tax {
            has_money = true;
            table.row([ODOO_TAX.to_owned(), money(*tax, Some(*currency))]);
        }
    }
    if has_money {
        page.gap();
        page.table(&table);
    }
}

/// What a group of decisions is called: `Create 12 products`, `Held: 3 orders`.
pub(super) fn group_title(group: &PlanGroup) -> String {
    let things = match (group.decision, group.subject) {
        (DecisionKind::Act, _) => {
            let action = group.action.map_or("act", words::action);
            format!("{}: {}", capital(action), count(group.count))
        }
        (DecisionKind::Hold, subject) => {
            format!("Held for a person: {}", things(subject, group.count))
        }
        (DecisionKind::Ignore, subject) => format!("Left alone: {}", things(subject, group.count)),
    };
    let sums: Vec<String> =
        group.money.iter().map(|(currency, sum)| money(*sum, Some(*currency))).collect();
    if sums.is_empty() { things } else { format!("{things}, {}", sums.join(", ")) }
}

fn things(subject: Subject, many: i64) -> String {
    words::count_of(many, words::one_of(subject))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn write_group(page: &mut Page, group: &PlanGroup) {
    page.heading(&group_title(group));
    for row in &group.rows {
        page.words(&row_words(group, row), "  ", "      ");
        if group.decision != DecisionKind::Act {
            page.words(&clean(&row.reason), "      why: ", "           ");
        }
    }
    if group.more() > 0 {
        page.words(&format!("… and {} more", count(group.more())), "  ", "  ");
    }
}

fn row_words(group: &PlanGroup, row: &PlanRow) -> String {
    let mut words = format!("{}  {}", row.decision_no, clean(&row.key));
    let stake = row.amount.zip(row.currency);
    let parts = [
        stake.map(|(value, currency)| format!("{} {currency}", amount(value))),
        (!row.detail.is_empty()).then(|| clean(&row.detail)),
        (group.decision != DecisionKind::Act).then(|| words::verdict(row.verdict).to_owned()),
    ];
    for part in parts.into_iter().flatten() {
        words.push_str(", ");
        words.push_str(&part);
    }
    words
}
