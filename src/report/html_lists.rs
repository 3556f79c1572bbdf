//! The lists of a report in HTML: what a person should look at, row by row.

use rust_decimal::Decimal;

use super::html_page::{Block, Cell, HtmlTable, Section};
use super::model::{Bounded, OffRow, PersonRow, RunReport};
use super::text::off_words;
use super::words::{self, amount, change, count, count_of, inert, money};

impl RunReport {
    /// A section per list that has rows.
    pub(super) fn lists(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        let mut list = |title: &str, blocks: Option<Vec<Block>>| {
            if let Some(blocks) = blocks {
                sections.push(Section { title: title.to_owned(), blocks, ..Section::default() });
            }
        };
        list("Money that differs", off_blocks(&self.off));
        list("Without a verdict", person_blocks(&self.unknown));
        list("Refused", person_blocks(&self.refused));
        list("Not done: the world had moved on", person_blocks(&self.stale));
        list("Held for a person", person_blocks(&self.held));
        list("Could not be read", self.reject_blocks());
        sections
    }

    fn reject_blocks(&self) -> Option<Vec<Block>> {
        let mut table = HtmlTable::wide(listed(&self.rejects), &["What", "Where", "Why"]);
        for row in &self.rejects.rows {
            table.cells(
                "",
                vec![
                    Cell::foreign(
                        &format!("{} {}", row.entity, row.entity_id),
                        vec![
                            row.shop.name.clone(),
                            format!(
                                "reject {}, set aside since run {}",
                                row.reject_id, row.since_run
                            ),
                        ],
                    ),
                    Cell::foreign(&row.field, Vec::new()),
                    Cell::foreign(&row.reason, Vec::new()),
                ],
            );
        }
        (!self.rejects.is_empty()).then(|| vec![Block::Table(table)])
    }
}

/// How many rows of a list are shown.
pub(super) fn listed<T>(list: &Bounded<T>) -> String {
    if list.more() == 0 {
        count_of(list.total, "row")
    } else {
        let shown = i64::try_from(list.rows.len()).unwrap_or(i64::MAX);
        format!("the first {} of {}", count(shown), count_of(list.total, "row"))
    }
}

fn off_blocks(list: &Bounded<OffRow>) -> Option<Vec<Block>> {
    let columns = ["Receipt", ">Etsy", ">Odoo", ">off", "What is known"];
    let mut table = HtmlTable::wide(listed(list), &columns);
    for row in &list.rows {
        let currency = row.currency.map_or_else(String::new, String::from);
        table.cells(
            "",
            vec![
                Cell::foreign(&row.key, vec![format!("{}, {currency}", row.shop.name)]),
                Cell::from(amount(row.etsy_amount)),
                Cell::from(amount(row.odoo_amount)),
                Cell::from(change(row.difference)),
                Cell::foreign(&off_words(row), Vec::new()),
            ],
        );
    }
    (!list.is_empty()).then(|| vec![Block::Table(table)])
}

fn person_blocks(list: &Bounded<PersonRow>) -> Option<Vec<Block>> {
    let mut table = HtmlTable::wide(listed(list), &["What", ">Etsy", ">Odoo", "Why"]);
    for row in &list.rows {
        let action = row.action.map_or_else(String::new, |action| words::action(action).to_owned());
        let stands = format!("{}, {}", row.shop.name, words::verdict(row.verdict));
        let figure = |value: Option<Decimal>| match (value, row.currency) {
            (Some(value), Some(_)) => Cell::from(money(value, row.currency)),
            _ => Cell::default(),
        };
        let mut odoo = figure(row.odoo_amount);
        odoo.below.extend(row.odoo_id.map(|id| format!("record {id}")));
        let differences = words::differences(&row.differences);
        let differs =
            if differences.is_empty() { differences } else { format!("differs in {differences}") };
        let said = inert(&row.said);
        let said = if said.is_empty() { said } else { format!("said: {said}") };
        table.cells(
            "",
            vec![
                Cell::foreign(
                    &format!("{} {}", words::one_with_key(row.subject, &row.key), row.key),
                    vec![action, stands],
                ),
                figure(row.etsy_amount),
                odoo,
                Cell::foreign(&row.reason, vec![differs, said]),
            ],
        );
    }
    (!list.is_empty()).then(|| vec![Block::Table(table)])
}
