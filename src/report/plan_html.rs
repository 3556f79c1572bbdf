//! A plan as one page of HTML, in the style of the report.

use askama::Template as _;
use rust_decimal::Decimal;

use super::ReportError;
use super::html::{broken_section, facts};
use super::html_chart::Chart;
use super::html_page::{Block, Cell, HtmlPage, HtmlTable, Section};
use super::model::Shop;
use super::plan_text::group_title;
use super::plan_view::{PlanGroup, PlanTotal, PlanView};
use super::quantities::{QuantityTotal, edits_of, quantities_table};
use super::summary::plan_notices;
use super::text_bridge::ODOO_TAX;
use super::words::{self, count, inert, moment, money};

/// What the words of a plan mean.
const GLOSSARY: [(&str, &str); 5] = [
    ("act", "written when the plan is applied, and nothing that is not listed here"),
    ("held", "not written: a person has to decide, for the reason given"),
    ("left alone", "not written: nothing needs doing, for the reason given"),
    (
        "at stake",
        "the total of the orders concerned; of quantities, what is taken off sale or put on sale",
    ),
    ("compared", "agree + act + held + left alone: every key is in one of them"),
];

impl PlanView {
    /// The plan as one HTML file that needs nothing else.
    pub fn to_html(&self) -> Result<String, ReportError> {
        let run = &self.run;
        let mut sections: Vec<Section> = broken_section(&self.broken_sums).into_iter().collect();
        sections.extend(run.shops.iter().map(|shop| self.shop_section(shop)));
        let page = HtmlPage {
            title: format!("Plan {}: Etsy and Odoo", run.number),
            kicker: format!("etsy-odoo plan, made {}", moment(run.started_at)),
            heading: format!("Plan {}: what would be written", run.number),
            notices: plan_notices(self),
            tiles: Vec::new(),
            facts: facts(run, &[]),
            sections,
            glossary: GLOSSARY.to_vec(),
            footer: format!(
                "Made from the stored decisions of run {}. All times are UTC. {}",
                run.number, self.schema
            ),
            script: None,
        };
        page.render().map_err(|source| ReportError::Html { run: run.number, source })
    }

    fn shop_section(&self, shop: &Shop) -> Section {
        let totals: Vec<&PlanTotal> =
            self.totals.iter().filter(|total| total.shop.id == shop.id).collect();
        let mut blocks = if totals.is_empty() {
            vec![Block::Words("Nothing was compared.".to_owned())]
        } else {
            vec![Block::Table(totals_table(&totals))]
        };
        let groups: Vec<&PlanGroup> =
            self.groups.iter().filter(|group| group.shop.id == shop.id).collect();
        if !groups.is_empty() {
            blocks.push(Block::Chart(decisions_chart(&groups)));
        }
        blocks.extend(money_table(&totals).map(Block::Table));
        let quantities: Vec<&QuantityTotal> =
            self.quantities.iter().filter(|total| total.shop.id == shop.id).collect();
        blocks.extend(
            quantities_table(&quantities, edits_of(&self.sellers_edits, shop)).map(Block::Table),
        );
        for group in groups {
            blocks.push(Block::Table(group_table(group)));
            if group.more() > 0 {
                blocks.push(Block::Words(format!("… and {} more", count(group.more()))));
            }
        }
        Section { title: words::shop_title(shop), blocks, ..Section::default() }
    }
}

fn totals_table(totals: &[&PlanTotal]) -> HtmlTable {
    let columns = ["", ">compared", ">agree", ">act", ">held", ">left alone"];
    let mut table = HtmlTable::wide("compared = agree + act + held + left alone", &columns);
    for total in totals {
        table.row(
            "",
            vec![
                words::subject(total.subject).to_owned(),
                count(total.compared),
                count(total.agrees),
                count(total.act),
                count(total.hold),
                count(total.ignore),
            ],
        );
    }
    table
}

fn decisions_chart(groups: &[&PlanGroup]) -> Chart {
    let bars = groups
        .iter()
        .map(|group| {
            let decided = words::decision(group.decision, group.action);
            let label = if group.action.is_some() {
                decided.to_owned()
            } else {
                format!("{}, {decided}", words::subject(group.subject))
            };
            let class = if group.action.is_some() { "good" } else { "look" };
            (label, count(group.count), Decimal::from(group.count), class)
        })
        .collect();
    Chart::new("Decisions", bars)
}

fn money_table(totals: &[&PlanTotal]) -> Option<HtmlTable> {
    let mut table = HtmlTable::new("Money at stake", &["", ">amount"]);
    for line in totals.iter().flat_map(|total| &total.money) {
        let decided = words::decision(line.decision, line.action).to_owned();
        table.row("", vec![decided, money(line.amount, Some(line.currency))]);
    }
    for (currency, tax) in totals.iter().flat_map(|total| &total.odoo_tax) {
        table.row("", vec![ODOO_TAX.to_owned(), money(*tax, Some(*currency))]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn group_table(group: &PlanGroup) -> HtmlTable {
    let has_money = !group.money.is_empty();
    let columns: &[&str] =
        if has_money { &["Key", ">at stake", "What and why"] } else { &["Key", "What and why"] };
    let mut table = HtmlTable::wide(group_title(group), columns);
    for row in &group.rows {
        let stake = row.amount.zip(row.currency);
        let number = format!("{}, {}", row.decision_no, words::verdict(row.verdict));
        let what = if row.detail.is_empty() {
            Cell::foreign(&row.reason, Vec::new())
        } else {
            Cell::foreign(&row.detail, vec![inert(&row.reason)])
        };
        let mut cells = vec![Cell::foreign(&row.key, vec![number])];
        if has_money {
            cells.push(stake.map_or_else(Cell::default, |(value, currency)| {
                Cell::from(money(value, Some(currency)))
            }));
        }
        cells.push(what);
        table.cells("", cells);
    }
    table
}
