//! The report for a terminal of 80 columns, readable without colour.

use rust_decimal::Decimal;

use super::figures::{ShopReport, SubjectReport, VerdictLine};
use super::layout::{Page, Table};
use super::model::{
    Application, Bounded, BrokenSum, End, OffRow, PersonRow, RejectRow, RunHeader, RunReport,
};
use super::quantities::{QuantityTotal, edits_of, write_quantities};
use super::standings::{Group, groups};
use super::summary::{Notice, notices};
use super::text_bridge::write_bridge;
use super::words::{self, amount, change, clean, count, count_of, kinds, moment, money};
use crate::domain::Currency;

impl RunReport {
    /// The report as text. The same report gives the same bytes.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        let run = &self.run;
        page.title(
            &format!(
                "Run {}: {}",
                run.number,
                words::command(run.command, !self.applications.is_empty())
            ),
            '=',
        );
        write_notices(&mut page, &notices(self));
        page.gap();
        write_header(&mut page, run, &self.applications);
        write_broken_sums(&mut page, &self.broken_sums);
        self.write_evidence(&mut page);
        for shop in &self.shops {
            write_shop(&mut page, shop);
            let quantities: Vec<&QuantityTotal> =
                self.quantities.iter().filter(|total| total.shop.id == shop.shop.id).collect();
            write_quantities(&mut page, &quantities, edits_of(&self.sellers_edits, &shop.shop));
        }
        self.write_lists(&mut page);
        page.into_text()
    }

    fn write_evidence(&self, page: &mut Page) {
        let evidence = &self.evidence;
        page.title("Evidence", '-');
        if evidence.odoo.is_none() && evidence.streams.is_empty() {
            page.words("Nothing was read.", "  ", "  ");
        }
        if let Some(odoo) = &evidence.odoo {
            let database = clean(&odoo.database);
            let rows = count_of(odoo.rows, "row");
            let taken = moment(odoo.taken_at);
            page.words(
                &format!("Odoo: {rows} of database `{database}`, as of {taken}."),
                "  ",
                "  ",
            );
        }
        if !evidence.streams.is_empty() {
            page.gap();
            let mut table = Table::new(["Etsy", "windows", "proven", "said", "landed"]);
            for stream in &evidence.streams {
                table.row([
                    format!("{}, {}", stream.shop.name, clean(&stream.stream).replace('_', " ")),
                    count(stream.windows),
                    count(stream.proven),
                    count(stream.said),
                    count(stream.landed),
                ]);
            }
            page.table(&table);
        }
        if !evidence.unproven.is_empty() {
            page.heading("Windows that are not proven:");
            for window in &evidence.unproven.rows {
                let text = format!(
                    "{}, {}, {} until {}: Etsy said {}, landed {}",
                    window.shop.name,
                    clean(&window.stream).replace('_', " "),
                    moment(window.from),
                    moment(window.until),
                    count(window.said),
                    count(window.landed),
                );
                page.words(&text, "  ", "      ");
            }
            write_more(page, &evidence.unproven);
        }
        if !evidence.novelties.is_empty() {
            page.heading("New in Etsy's answers:");
            for novelty in &evidence.novelties {
                page.words(&novelty.in_words(), "  ", "      ");
            }
        }
    }

    fn write_lists(&self, page: &mut Page) {
        write_list(page, "Money that differs", &self.off, write_off);
        write_list(page, "Without a verdict", &self.unknown, write_person);
        write_list(page, "Refused", &self.refused, write_person);
        write_list(page, "Not done: the world had moved on", &self.stale, write_person);
        write_list(page, "Held for a person", &self.held, write_person);
        write_list(page, "Could not be read", &self.rejects, write_reject);
    }
}

pub(super) fn write_notices(page: &mut Page, notices: &[Notice]) {
    for notice in notices {
        page.words(&notice.text, &format!("  {:<2}  ", notice.grade.mark()), "      ");
    }
}

pub(super) fn write_broken_sums(page: &mut Page, sums: &[BrokenSum]) {
    if sums.is_empty() {
        return;
    }
    page.title("Sums that do not foot", '-');
    for sum in sums {
        page.words(&clean(&sum.to_string()), "  !!  ", "      ");
    }
}

pub(super) fn write_header(page: &mut Page, run: &RunHeader, applications: &[Application]) {
    page.field("Started", &format!("{}, version {}", moment(run.started_at), clean(&run.version)));
    let end = run.end.as_ref().map_or("-".to_owned(), |end| ended(run, end));
    page.field("Ended", &end);
    let shops: Vec<String> = run.shops.iter().map(words::shop).collect();
    page.field("Shops", &shops.join(", "));
    let subjects: Vec<&str> = run.subjects.iter().map(|subject| subject.as_str()).collect();
    page.field("Subjects", &subjects.join(", "));
    page.field("Read", if run.full { "everything again" } else { "what had changed" });
    if run.large_plan_allowed {
        page.field("Guard", "was told to let a large plan pass");
    }
    for application in applications {
        page.field("Applied", &applied(application));
    }
}

/// When and how a run ended.
pub(super) fn ended(run: &RunHeader, end: &End) -> String {
    let took = words::span(end.ended_at - run.started_at);
    let message = clean(&end.message);
    let message = if message.is_empty() { message } else { format!(": {message}") };
    format!("{}, after {took}, code {}{message}", moment(end.ended_at), end.exit_code)
}

/// By which run a plan was applied.
pub(super) fn applied(application: &Application) -> String {
    let end = application.end.as_ref().map_or("no end".to_owned(), |end| {
        format!("code {} ({})", end.exit_code, words::exit_code(end.exit_code))
    });
    let large = if application.large_plan_allowed { ", large plan allowed" } else { "" };
    format!("by run {}, {}, {end}{large}", application.number, moment(application.started_at))
}

fn write_shop(page: &mut Page, shop: &ShopReport) {
    page.title(&words::shop_title(&shop.shop), '-');
    if !shop.intake.is_empty() {
        let mut table = Table::new(["Read from Etsy", "fetched", "staged", "rejected", "repeated"]);
        for line in &shop.intake {
            table.row([
                kinds(&line.entity),
                count(line.fetched),
                count(line.staged),
                count(line.rejected),
                count(line.repeated),
            ]);
        }
        page.table(&table);
    }
    for bridge in &shop.bridges {
        write_bridge(page, bridge);
    }
    // what people ask for first is applied last
    for subject in shop.subjects.iter().rev() {
        write_subject(page, subject);
    }
    if shop.subjects.is_empty() {
        page.gap();
        page.words("Nothing was compared.", "  ", "  ");
    }
}

fn write_subject(page: &mut Page, subject: &SubjectReport) {
    let title =
        format!("{}: {} compared", words::subject(subject.subject), count(subject.compared));
    page.heading(&title);
    for group in groups(subject) {
        write_group(page, &group);
    }
    let has_money = subject.has_money();
    if !subject.decisions.is_empty() {
        let titles = ["Decided", "count", if has_money { "at stake" } else { "" }];
        let mut table = Table::new(titles);
        for line in &subject.decisions {
            let decided = words::decision(line.decision, line.action);
            table.row([
                format!("{decided} ({})", words::verdict(line.verdict)),
                count(line.count),
                figure(line.at_stake, line.currency),
            ]);
        }
        page.gap();
        page.table(&table);
    }
    if !subject.outcomes.is_empty() {
        let (etsy, odoo) = if has_money { ("Etsy", "Odoo now") } else { ("", "") };
        let mut table = Table::new(["Done", "count", etsy, odoo]);
        for line in &subject.outcomes {
            table.row([
                format!("{}: {}", words::action(line.action), words::progress(line.progress)),
                count(line.count),
                figure(line.etsy_amount, line.currency),
                figure(line.odoo_amount, line.currency),
            ]);
        }
        page.gap();
        page.table(&table);
    }
}

/// An amount, or nothing where there is no money.
fn figure(value: Decimal, currency: Option<Currency>) -> String {
    currency.map_or_else(String::new, |_| money(value, currency))
}

fn write_group(page: &mut Page, group: &Group<'_>) {
    if group.currency.is_none() {
        let mut table = Table::new(["", "keys"]);
        for line in &group.lines {
            table.row([words::verdict(line.verdict).to_owned(), count(line.keys)]);
        }
        return page.table(&table);
    }
    let mut table = Table::new([group.title.as_str(), "keys", "Etsy", "Odoo", "off"]);
    for line in &group.lines {
        table.row(money_cells(line));
    }
    if group.lines.len() > 1 {
        table.rule();
        table.row([
            "sum".to_owned(),
            count(group.keys),
            amount(group.etsy_amount),
            amount(group.odoo_amount),
            group.difference.map_or("-".to_owned(), change),
        ]);
    }
    page.gap();
    page.table(&table);
}

fn money_cells(line: &VerdictLine) -> [String; 5] {
    [
        words::verdict(line.verdict).to_owned(),
        count(line.keys),
        amount(line.etsy_amount),
        amount(line.odoo_amount),
        line.difference.map_or("-".to_owned(), change),
    ]
}

fn write_list<T>(page: &mut Page, title: &str, list: &Bounded<T>, write: fn(&mut Page, &T)) {
    if list.is_empty() {
        return;
    }
    page.title(&format!("{title}: {}", count(list.total)), '-');
    for row in &list.rows {
        write(page, row);
    }
    write_more(page, list);
}

fn write_more<T>(page: &mut Page, list: &Bounded<T>) {
    if list.more() > 0 {
        page.words(&format!("… and {} more", count(list.more())), "  ", "  ");
    }
}

fn write_person(page: &mut Page, row: &PersonRow) {
    let action =
        row.action.map_or_else(String::new, |action| format!("{}: ", words::action(action)));
    let head = format!(
        "{action}{} {} of {}, {}",
        words::one_of(row.subject),
        clean(&row.key),
        row.shop.name,
        words::verdict(row.verdict)
    );
    page.words(&head, "  ", "      ");
    let differences = words::differences(&row.differences);
    if !differences.is_empty() {
        page.words(&differences, "      differs in ", "      ");
    }
    let mut sides = Vec::new();
    if let Some(etsy) = row.etsy_amount.filter(|_| row.currency.is_some()) {
        sides.push(format!("Etsy {}", money(etsy, row.currency)));
    }
    if let Some(odoo) = row.odoo_amount.filter(|_| row.currency.is_some()) {
        sides.push(format!("Odoo {}", money(odoo, row.currency)));
    }
    if let Some(id) = row.odoo_id {
        sides.push(format!("Odoo record {id}"));
    }
    if !sides.is_empty() {
        page.words(&sides.join(", "), "      ", "      ");
    }
    page.words(&clean(&row.reason), "      why: ", "           ");
    if !row.said.is_empty() {
        page.words(&clean(&row.said), "      said: ", "            ");
    }
}

fn write_off(page: &mut Page, row: &OffRow) {
    let head = format!(
        "{} {}  receipt {} of {}: Etsy {}, Odoo {}",
        change(row.difference),
        row.currency.map_or_else(String::new, String::from),
        clean(&row.key),
        row.shop.name,
        amount(row.etsy_amount),
        amount(row.odoo_amount),
    );
    page.words(&head, "  ", "      ");
    page.words(&off_words(row), "      ", "      ");
}

/// What is known about an order whose amounts differ.
pub(super) fn off_words(row: &OffRow) -> String {
    let mut known = vec![words::verdict(row.verdict).to_owned()];
    let differences = words::differences(&row.differences);
    if !differences.is_empty() {
        known.push(format!("in {differences}"));
    }
    if let Some(progress) = row.progress {
        known.push(words::progress(progress).to_owned());
    } else if let Some(decision) = row.decision {
        known.push(words::decision(decision, None).to_owned());
    }
    if let Some(id) = row.odoo_id {
        known.push(format!("Odoo order {id}"));
    }
    let known = known.join(", ");
    let reason = clean(&row.reason);
    if reason.is_empty() { known } else { format!("{known}: {reason}") }
}

fn write_reject(page: &mut Page, row: &RejectRow) {
    let head = format!(
        "{}  {} {} of {}, `{}`: {}",
        row.reject_id,
        clean(&row.entity),
        clean(&row.entity_id),
        row.shop.name,
        clean(&row.field),
        clean(&row.reason),
    );
    page.words(&head, "  ", "      ");
    page.words(&format!("set aside since run {}", row.since_run), "      ", "      ");
}
