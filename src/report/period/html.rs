//! The report as one page of HTML.

use askama::Template as _;

use super::account::Account;
use super::corrected::correction_section;
use super::html_account::{account_id, account_section};
use super::html_breaks::{break_section, stock_section};
use super::html_rows::{entry_section, receipt_section};
use super::model::PeriodReport;
use super::words;
use crate::report::ReportError;
use crate::report::html::broken_section;
use crate::report::html_page::{
    Block, Cell, HtmlPage, HtmlTable, Link, Script, Section, Tile, TileFigure,
};
use crate::report::words::{amount, clean, count_of, moment, shop};

/// Sorts and filters, where scripts may run.
const LIVE: &str = include_str!("../templates/live.js");

/// What the words of the report mean, for those who do not read one every day.
const GLOSSARY: [(&str, &str); 11] = [
    (
        "payment account",
        "what Etsy keeps for the seller: every movement of it is in exactly one line",
    ),
    (
        "tie-out",
        "two places that know the same money, and every step that leads from one to the other",
    ),
    ("unexplained", "no rule says why two places differ: each is a break below"),
    ("break", "a difference in money, with its likely cause and what to do about it"),
    ("timing", "right so far, and not finished: not paid out, not invoiced, not credited yet"),
    ("passed on", "it goes to somebody else: the tax office, or back to the buyer"),
    (
        "counted elsewhere",
        "in a payment account of another currency: nobody says at which rate Etsy converted it",
    ),
    ("not due", "nothing is asked for: not paid, cancelled, or before the first day that counts"),
    ("suspense", "a movement whose type nobody knows; it is in the sum, and waits for a person"),
    ("recoupment", "Etsy took from the seller's bank what the account owed"),
    (
        "days",
        "receipts and orders count on the day of the receipt, movements on the day when they happened; all days are UTC",
    ),
];

impl PeriodReport {
    /// The report as one HTML file that needs nothing else, no script either. The same report gives the same bytes.
    pub fn to_html(&self) -> Result<String, ReportError> {
        let title = words::period(self.period);
        let mut sections: Vec<Section> = broken_section(&self.broken_sums).into_iter().collect();
        sections.extend(break_section(self));
        sections.extend(self.accounts.iter().map(account_section));
        sections.extend(correction_section(&self.corrections));
        sections.extend(stock_section(&self.stock));
        sections.extend(receipt_section(self));
        sections.extend(entry_section(self));
        let evidence = self.evidence_section();
        let at = if self.evidence.complete { sections.len() } else { 0 };
        sections.insert(at, evidence);
        let source = &self.source;
        let page = HtmlPage {
            title: format!("{title}: Etsy and Odoo"),
            kicker: format!("etsy-odoo report on money, as of {}", moment(source.started_at)),
            heading: format!("{title}: Etsy and Odoo"),
            notices: self.notices(),
            tiles: self.accounts.iter().map(tile).collect(),
            facts: self.facts(),
            sections,
            glossary: GLOSSARY.to_vec(),
            footer: format!(
                "Made from the stored rows of run {}; no clock was read, so the same rows give the same page. All times are UTC. Nothing here names a buyer. {}",
                source.run, self.schema
            ),
            script: Some(Script::new(LIVE)),
        };
        page.render().map_err(|error| ReportError::Html { run: source.run, source: error })
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let shops: Vec<String> = self.shops.iter().map(shop).collect();
        let period = &self.period;
        vec![
            ("Period", format!("{} to {}, both included, in UTC", period.from, period.to)),
            ("State", self.state_in_words()),
            ("Shops", shops.join(", ")),
            (
                "Made from",
                format!(
                    "run {} of {}, version {}",
                    self.source.run,
                    moment(self.source.started_at),
                    clean(&self.source.version)
                ),
            ),
        ]
    }

    fn evidence_section(&self) -> Section {
        let mut blocks = Vec::new();
        if let Some(odoo) = &self.source.odoo {
            blocks.push(Block::Words(format!(
                "Odoo: {} of database {}, as of {}.",
                count_of(odoo.rows, "row"),
                clean(&odoo.database),
                moment(odoo.taken_at)
            )));
        }
        if self.evidence.complete {
            blocks.push(Block::Words(
                "Receipts, payments and the payment account are proven whole from the first day to the last; nothing was set aside."
                    .to_owned(),
            ));
        } else {
            let mut table = HtmlTable::wide("What is missing", &["Shop", "What"]);
            for lack in &self.evidence.lacks {
                table.cells(
                    "",
                    vec![Cell::from(lack.shop.name.clone()), Cell::from(words::lack(lack))],
                );
            }
            blocks.push(Block::Table(table));
        }
        Section {
            id: "evidence".to_owned(),
            title: "Evidence".to_owned(),
            blocks,
            ..Section::default()
        }
    }
}

fn tile(account: &Account) -> Tile {
    let id = account_id(account);
    let unexplained = account.unexplained().count;
    let figure = |name, value, class, place: &str| TileFigure {
        name,
        value,
        class,
        link: Some(Link::to(format!("{id}-{place}"))),
    };
    Tile {
        title: words::account(account),
        figures: vec![
            figure("sales, gross", amount(account.sales()), "", "waterfall"),
            figure("paid out", amount(account.paid()), "", "payouts"),
            figure("still in the account", amount(account.closing), "", "waterfall"),
            figure(
                "unexplained",
                count_of(unexplained, "place"),
                if unexplained == 0 { "good" } else { "look" },
                "ties",
            ),
        ],
    }
}
