//! The report as one page of HTML.

use askama::Template as _;
use rust_decimal::Decimal;

use super::ReportError;
use super::figures::{Bridge, ShopReport, SubjectReport};
use super::html_chart::Chart;
use super::html_lists::listed;
use super::html_page::{Block, Cell, HtmlPage, HtmlTable, Section, Tile, TileFigure};
use super::model::{Application, BrokenSum, RunHeader, RunReport};
use super::quantities::{QuantityTotal, edits_of, quantities_table};
use super::standings::{Group, groups};
use super::summary::notices;
use super::text::{applied, ended};
use super::text_bridge::{ODOO_TAX, WITH_ODOO_TAX, another_currency, cause_words};
use super::words::{self, amount, change, clean, count, count_of, kinds, moment, money};
use crate::domain::Verdict;

/// What the words of a report mean, for those who do not read one every day.
const GLOSSARY: [(&str, &str); 10] = [
    (
        "off",
        "what Odoo has less what Etsy asks for; nothing is asked for receipts that are unpaid or cancelled",
    ),
    ("agrees", "both sides say the same"),
    ("differs", "both sides have it, and something is not the same"),
    ("not in Odoo", "Etsy asks for it, Odoo did not have it when it was read"),
    ("only in Odoo", "Odoo has it, Etsy does not show it"),
    (
        "outside the window",
        "one side lies outside the days that were compared; its money is in no sum",
    ),
    ("held", "the plan left it to a person, and says why"),
    ("applied", "written, then read back from Odoo's database and seen there"),
    (
        "unknown",
        "written without an answer that can be trusted; the next run looks what became of it",
    ),
    ("stale", "not written, because Odoo was no longer as the plan had seen it"),
];

impl RunReport {
    /// The report as one HTML file that needs nothing else. The same report gives the same bytes.
    pub fn to_html(&self) -> Result<String, ReportError> {
        let run = &self.run;
        let mut sections: Vec<Section> = broken_section(&self.broken_sums).into_iter().collect();
        if !self.evidence.complete {
            sections.push(self.evidence_section());
        }
        sections.extend(self.shops.iter().map(|shop| self.shop_section(shop)));
        sections.extend(self.lists());
        if self.evidence.complete {
            sections.push(self.evidence_section());
        }
        let page = HtmlPage {
            title: format!("Run {}: Etsy and Odoo", run.number),
            kicker: format!("etsy-odoo report, started {}", moment(run.started_at)),
            heading: format!(
                "Run {}: {}",
                run.number,
                words::command(run.command, !self.applications.is_empty())
            ),
            notices: notices(self),
            tiles: self.tiles(),
            facts: facts(run, &self.applications),
            sections,
            glossary: GLOSSARY.to_vec(),
            footer: format!(
                "Made from the stored rows of run {}; no clock was read, so the same rows give the same page. All times are UTC. {}",
                run.number, self.schema
            ),
            script: None,
        };
        page.render().map_err(|source| ReportError::Html { run: run.number, source })
    }

    fn tiles(&self) -> Vec<Tile> {
        self.totals
            .iter()
            .map(|total| Tile {
                title: format!("{}, {}", total.currency, count_of(total.orders, "order")),
                figures: vec![
                    TileFigure {
                        name: "Etsy asks for",
                        value: amount(total.asked),
                        class: "",
                        link: None,
                    },
                    TileFigure {
                        name: "Odoo has",
                        value: amount(total.now),
                        class: "",
                        link: None,
                    },
                    TileFigure {
                        name: "off",
                        value: change(total.off),
                        class: if total.off.is_zero() { "good" } else { "look" },
                        link: None,
                    },
                ],
            })
            .collect()
    }

    fn shop_section(&self, shop: &ShopReport) -> Section {
        let quantities: Vec<&QuantityTotal> =
            self.quantities.iter().filter(|total| total.shop.id == shop.shop.id).collect();
        let edits = edits_of(&self.sellers_edits, &shop.shop);
        shop_section(shop, quantities_table(&quantities, edits))
    }

    fn evidence_section(&self) -> Section {
        let evidence = &self.evidence;
        let mut blocks = Vec::new();
        if let Some(odoo) = &evidence.odoo {
            blocks.push(Block::Words(format!(
                "Odoo: {} of database {}, as of {}.",
                count_of(odoo.rows, "row"),
                clean(&odoo.database),
                moment(odoo.taken_at)
            )));
        }
        if !evidence.unproven.is_empty() {
            let title = format!("Windows that are not proven: {}", listed(&evidence.unproven));
            let mut table = HtmlTable::wide(title, &["Window", ">Etsy said", ">landed"]);
            for window in &evidence.unproven.rows {
                let name = format!("{}, {}", window.shop.name, stream_name(&window.stream));
                let span = format!("{} until {}", moment(window.from), moment(window.until));
                let mut cells = vec![Cell::foreign(&name, vec![span])];
                cells.extend([count(window.said), count(window.landed)].map(Cell::from));
                table.cells("", cells);
            }
            blocks.push(Block::Table(table));
        }
        if !evidence.novelties.is_empty() {
            let mut table =
                HtmlTable::wide("New in Etsy's answers", &["What this version does not know"]);
            for novelty in &evidence.novelties {
                table.row("", vec![novelty.in_words()]);
            }
            blocks.push(Block::Table(table));
        }
        if !evidence.streams.is_empty() {
            let columns = ["Stream", ">windows", ">proven", ">Etsy said", ">landed"];
            let mut table = HtmlTable::wide("Read from Etsy, and proven whole", &columns);
            for stream in &evidence.streams {
                table.row(
                    "",
                    vec![
                        format!("{}, {}", stream.shop.name, stream_name(&stream.stream)),
                        count(stream.windows),
                        count(stream.proven),
                        count(stream.said),
                        count(stream.landed),
                    ],
                );
            }
            blocks.push(Block::Table(table));
        }
        if blocks.is_empty() {
            blocks.push(Block::Words("Nothing was read.".to_owned()));
        }
        Section { title: "Evidence".to_owned(), blocks, ..Section::default() }
    }
}

/// The run in names and values.
pub(super) fn facts(run: &RunHeader, applications: &[Application]) -> Vec<(&'static str, String)> {
    let end = run.end.as_ref().map_or("no end is stored".to_owned(), |end| ended(run, end));
    let shops: Vec<String> = run.shops.iter().map(words::shop).collect();
    let subjects: Vec<&str> = run.subjects.iter().map(|subject| subject.as_str()).collect();
    let read = if run.full { "everything again" } else { "what had changed" };
    let mut facts = vec![
        ("Ended", end),
        ("Shops", shops.join(", ")),
        ("Subjects", subjects.join(", ")),
        ("Read", read.to_owned()),
        ("Version", clean(&run.version)),
    ];
    if run.large_plan_allowed {
        facts.push(("Guard", "was told to let a large plan pass".to_owned()));
    }
    facts.extend(applications.iter().map(|application| ("Applied", applied(application))));
    facts
}

/// The sums that do not foot, if there are any.
pub(super) fn broken_section(sums: &[BrokenSum]) -> Option<Section> {
    let mut table = HtmlTable::wide("Two figures that should be one", &["Where", "One", "Other"]);
    for sum in sums {
        let one = format!("{}: {}", sum.first_name, sum.first);
        let other = format!("{}: {}", sum.second_name, sum.second);
        table.row("", vec![clean(&sum.place), one, other]);
    }
    (!sums.is_empty()).then(|| Section {
        title: "Sums that do not foot".to_owned(),
        blocks: vec![Block::Table(table)],
        ..Section::default()
    })
}

fn stream_name(stream: &str) -> String {
    clean(stream).replace('_', " ")
}

fn shop_section(shop: &ShopReport, quantities: Option<HtmlTable>) -> Section {
    let mut blocks = Vec::new();
    for bridge in &shop.bridges {
        blocks.extend(bridge_blocks(bridge));
    }
    blocks.extend(quantities.map(Block::Table));
    for subject in shop.subjects.iter().rev() {
        blocks.extend(subject_blocks(subject));
    }
    if !shop.intake.is_empty() {
        let columns = ["", ">fetched", ">staged", ">rejected", ">repeated"];
        let mut table =
            HtmlTable::wide("Read from Etsy: fetched = staged + rejected + repeated", &columns);
        for line in &shop.intake {
            table.row(
                "",
                vec![
                    kinds(&line.entity),
                    count(line.fetched),
                    count(line.staged),
                    count(line.rejected),
                    count(line.repeated),
                ],
            );
        }
        blocks.push(Block::Heading("Read from Etsy".to_owned()));
        blocks.push(Block::Table(table));
    }
    if shop.subjects.is_empty() {
        blocks.push(Block::Words("Nothing was compared.".to_owned()));
    }
    Section { title: words::shop_title(&shop.shop), blocks, ..Section::default() }
}

fn bridge_blocks(bridge: &Bridge) -> Vec<Block> {
    let written = bridge.booked_orders + bridge.cancelled_orders > 0;
    let had = if written { "Odoo had" } else { "Odoo has" };
    let mut bars = vec![
        ("Etsy asks for".to_owned(), amount(bridge.asked), bridge.asked, "etsy"),
        (had.to_owned(), amount(bridge.had), bridge.had, "odoo"),
    ];
    if written {
        bars.push(("Odoo has now".to_owned(), amount(bridge.now), bridge.now, "odoo"));
    }
    let currency = bridge.currency;
    let mut table =
        HtmlTable::new(format!("From Etsy to Odoo, in {currency}"), &["", ">orders", ">amount"]);
    let line = |name: &str, orders: String, amount: String| vec![name.to_owned(), orders, amount];
    table.row("", line(had, String::new(), amount(bridge.had)));
    if bridge.booked_orders > 0 {
        let booked = change(bridge.booked);
        table.row("", line("booked by this plan", count(bridge.booked_orders), booked));
    }
    if bridge.cancelled_orders > 0 {
        let cancelled = change(bridge.cancelled);
        table.row("", line("cancelled by this plan", count(bridge.cancelled_orders), cancelled));
    }
    if written {
        table.row("sum", line("Odoo has", String::new(), amount(bridge.now)));
    }
    table.row("", line("Etsy asks for", count(bridge.orders), amount(bridge.asked)));
    table.row("sum", line("off", String::new(), change(bridge.off)));
    if !bridge.odoo_tax.is_zero() {
        table.row("", line(ODOO_TAX, String::new(), change(bridge.odoo_tax)));
        let with_tax = amount(bridge.with_odoo_tax);
        table.row("sum", line(WITH_ODOO_TAX, String::new(), with_tax));
    }
    for cause in &bridge.because {
        table.row("part", line(&cause_words(cause), count(cause.orders), change(cause.amount)));
    }
    let mut blocks = vec![
        Block::Heading(format!("Money in {currency}")),
        Block::Chart(Chart::new(format!("Both sides, in {currency}"), bars)),
        Block::Table(table),
    ];
    if bridge.in_another_currency > 0 {
        blocks.push(Block::Words(another_currency(bridge)));
    }
    blocks
}

fn subject_blocks(subject: &SubjectReport) -> Vec<Block> {
    let heading =
        format!("{}: {} compared", words::subject(subject.subject), count(subject.compared));
    let mut blocks = vec![Block::Heading(heading)];
    blocks.push(Block::Chart(verdict_chart(subject)));
    let has_money = subject.has_money();
    if !subject.decisions.is_empty() {
        let columns = ["", ">count", ">at stake"];
        let shown = columns.iter().take(if has_money { 3 } else { 2 }).copied();
        let mut table = HtmlTable::new("What was decided", &shown.collect::<Vec<_>>());
        for line in &subject.decisions {
            let decided = words::decision(line.decision, line.action);
            let mut cells =
                vec![format!("{decided} ({})", words::verdict(line.verdict)), count(line.count)];
            cells.extend(line.currency.map(|currency| money(line.at_stake, Some(currency))));
            table.row("", cells);
        }
        blocks.push(Block::Table(table));
    }
    if !subject.outcomes.is_empty() {
        let columns = ["", ">count", ">Etsy", ">Odoo now"];
        let shown = columns.iter().take(if has_money { 4 } else { 2 }).copied();
        let mut table = HtmlTable::new("What became of it", &shown.collect::<Vec<_>>());
        for line in &subject.outcomes {
            let name =
                format!("{}: {}", words::action(line.action), words::progress(line.progress));
            let mut cells = vec![name, count(line.count)];
            if line.currency.is_some() {
                cells.extend([line.etsy_amount, line.odoo_amount].map(|a| money(a, line.currency)));
            }
            table.row("", cells);
        }
        blocks.push(Block::Table(table));
    }
    if has_money {
        blocks.push(Block::Table(standings_table(subject)));
    }
    blocks
}

fn verdict_chart(subject: &SubjectReport) -> Chart {
    let bars = Verdict::ALL
        .iter()
        .filter_map(|verdict| {
            let keys: i64 = subject
                .verdicts
                .iter()
                .filter(|line| line.verdict == *verdict)
                .map(|line| line.keys)
                .sum();
            let class = if *verdict == Verdict::Agrees { "good" } else { "look" };
            let bar =
                (words::verdict(*verdict).to_owned(), count(keys), Decimal::from(keys), class);
            (keys > 0).then_some(bar)
        })
        .collect();
    Chart { tall: true, ..Chart::new("How they stood when both sides were read", bars) }
}

/// Every order that was compared, in one table whose groups have sums of their own.
fn standings_table(subject: &SubjectReport) -> HtmlTable {
    let things = format!(">{}", words::plural(words::one_of(subject.subject)));
    let columns = ["", things.as_str(), ">Etsy", ">Odoo", ">off"];
    let mut table = HtmlTable::wide("Both sides when they were read", &columns);
    for group in groups(subject) {
        let is_alone = group.lines.len() == 1;
        table.row("group", vec![group.title.clone()]);
        for line in &group.lines {
            let name = words::verdict(line.verdict).to_owned();
            table.row(
                "",
                money_cells(name, line.keys, line.etsy_amount, line.odoo_amount, line.difference),
            );
        }
        if !is_alone {
            let Group { keys, etsy_amount, odoo_amount, difference, .. } = group;
            let cells = money_cells("sum".to_owned(), keys, etsy_amount, odoo_amount, difference);
            table.row("sum", cells);
        }
    }
    table
}

fn money_cells(
    name: String,
    keys: i64,
    etsy: Decimal,
    odoo: Decimal,
    difference: Option<Decimal>,
) -> Vec<String> {
    let difference = difference.map_or_else(|| "–".to_owned(), change);
    vec![name, count(keys), amount(etsy), amount(odoo), difference]
}
