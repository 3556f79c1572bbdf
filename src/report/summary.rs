//! A report in a few sentences, the worst first.

use std::collections::BTreeMap;

use super::figures::Progress;
use super::model::{Application, Bounded, BrokenSum, Evidence, RunHeader, RunReport};
use super::plan_view::{PlanTotal, PlanView};
use super::words::{self, count_of, exit_code, money};
use crate::journal::Command;

/// What a run ends with whose plan the guard refused.
const GUARDED: i16 = 4;

/// How good or bad a piece of news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Figures cannot be trusted, or the run failed.
    Bad,
    /// A person should look.
    Look,
    /// As it should be.
    Good,
}

impl Grade {
    /// The mark in front of a notice, readable without colour.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Bad => "!!",
            Self::Look => "!",
            Self::Good => "ok",
        }
    }

    /// The word for people who hear the page.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Bad => "Wrong",
            Self::Look => "To look at",
            Self::Good => "In order",
        }
    }

    /// The class in a style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Look => "look",
            Self::Good => "good",
        }
    }
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) grade: Grade,
    pub(super) text: String,
}

/// The sentences that open a report. Incomplete evidence comes before everything else: no figure after it can be trusted.
pub(super) fn notices(report: &RunReport) -> Vec<Notice> {
    let mut said = Notices::default();
    said.evidence(&report.evidence);
    let compared = report.shops.iter().any(|shop| !shop.subjects.is_empty());
    said.sums(&report.broken_sums, compared);
    match report.applications.last() {
        // what a plan ended with is of yesterday once it has been applied
        Some(application) => {
            let grade = match application.end.as_ref().map(|end| end.exit_code) {
                Some(0) => Grade::Good,
                Some(_) | None => Grade::Look,
            };
            let text = format!("The plan was applied {}.", super::text::applied(application));
            said.say(grade, text);
        }
        None => said.end(&report.run),
    }
    said.guard(&report.run, &report.applications);
    said.writes(report);
    said.money(report);
    said.lists(report);
    said.in_order()
}

/// The sentences that open a plan.
pub(super) fn plan_notices(plan: &PlanView) -> Vec<Notice> {
    let mut said = Notices::default();
    said.evidence(&plan.evidence);
    said.sums(&plan.broken_sums, !plan.totals.is_empty());
    said.guard(&plan.run, &plan.applications);
    let count = |kind: fn(&PlanTotal) -> i64| plan.totals.iter().map(kind).sum::<i64>();
    let (act, hold) = (count(|total| total.act), count(|total| total.hold));
    if act == 0 {
        said.say(Grade::Good, "Nothing would be written.");
    } else {
        said.say(
            Grade::Good,
            format!("{} would be written. {}", count_of(act, "action"), plan.cost),
        );
    }
    if hold > 0 {
        said.say(Grade::Look, format!("{} held for a person.", count_of(hold, "finding")));
    }
    if plan.run.command == Command::Run && act > 0 {
        said.say(Grade::Look, "The same run applied it: its report says what became of it.");
    }
    for application in &plan.applications {
        let text = format!("The plan was applied {}.", super::text::applied(application));
        said.say(Grade::Look, text);
    }
    said.in_order()
}

#[derive(Default)]
struct Notices(Vec<Notice>);

impl Notices {
    fn in_order(self) -> Vec<Notice> {
        let mut notices = self.0;
        notices.sort_by_key(|notice| notice.grade);
        notices
    }

    fn say(&mut self, grade: Grade, text: impl Into<String>) {
        self.0.push(Notice { grade, text: text.into() });
    }

    fn evidence(&mut self, evidence: &Evidence) {
        if evidence.unproven.total > 0 {
            self.say(
                Grade::Bad,
                format!(
                    "The evidence is not complete: {} of Etsy's did not prove whole. What is missing there shows below as if it did not exist.",
                    count_of(evidence.unproven.total, "window")
                ),
            );
        }
        let broken_links = evidence.streams.iter().map(|stream| stream.broken_links).sum();
        if broken_links > 0 {
            self.say(
                Grade::Look,
                format!(
                    "In Etsy's ledger {} of the chain of balances did not hold when it was read: an entry may be missing there.",
                    count_of(broken_links, "link")
                ),
            );
        }
        if !evidence.novelties.is_empty() {
            let count = i64::try_from(evidence.novelties.len()).unwrap_or(i64::MAX);
            self.say(
                Grade::Look,
                format!(
                    "Etsy has begun to send {} that this version does not know; see below. It was survived, and is told once.",
                    count_of(count, "thing")
                ),
            );
        }
        for shop in &evidence.shops_not_read {
            self.say(
                Grade::Bad,
                format!("The evidence is not complete: nothing was read of {}.", words::shop(shop)),
            );
        }
        if evidence.odoo.is_none() {
            self.say(Grade::Bad, "The evidence is not complete: Odoo was not read.");
        }
        if let (true, Some(odoo)) = (evidence.complete, &evidence.odoo) {
            let windows = evidence.streams.iter().map(|stream| stream.windows).sum();
            self.say(
                Grade::Good,
                format!(
                    "The evidence is complete: {} of Etsy's proven whole, Odoo as of {}.",
                    count_of(windows, "window"),
                    words::moment(odoo.taken_at)
                ),
            );
        }
    }

    fn sums(&mut self, broken: &[BrokenSum], compared: bool) {
        let broken = i64::try_from(broken.len()).unwrap_or(i64::MAX);
        if broken > 0 {
            let verb = if broken == 1 { "does" } else { "do" };
            self.say(
                Grade::Bad,
                format!("{} {verb} not foot; see below.", count_of(broken, "sum")),
            );
        } else if compared {
            self.say(Grade::Good, "Every sum foots.");
        } else {
            self.say(Grade::Good, "Nothing was compared in this run.");
        }
    }

    fn end(&mut self, run: &RunHeader) {
        let Some(end) = &run.end else {
            return self.say(Grade::Bad, "The run has no end: it was cut off, or is under way.");
        };
        let text =
            format!("The run ended with code {}: {}.", end.exit_code, exit_code(end.exit_code));
        match end.exit_code {
            0 | 2 => self.say(Grade::Good, text),
            3 | 75 => self.say(Grade::Look, text),
            _ => self.say(Grade::Bad, text),
        }
    }

    /// The way out of a plan that the guard refused.
    fn guard(&mut self, run: &RunHeader, applications: &[Application]) {
        let is_refused = run.end.as_ref().is_some_and(|end| end.exit_code == GUARDED);
        if is_refused && applications.is_empty() {
            self.say(
                Grade::Bad,
                format!(
                    "The guard refuses the plan, for the reason given below. If the plan is right: `etsy-odoo apply --plan {} --allow-large-plan`.",
                    run.number
                ),
            );
        }
    }

    fn writes(&mut self, report: &RunReport) {
        let mut sums: BTreeMap<Progress, i64> = BTreeMap::new();
        for line in report
            .shops
            .iter()
            .flat_map(|shop| &shop.subjects)
            .flat_map(|subject| &subject.outcomes)
        {
            *sums.entry(line.progress).or_default() += line.count;
        }
        let of = |progress| sums.get(&progress).copied().unwrap_or(0);
        let planned = of(Progress::Planned);
        if planned > 0 {
            let grade = match (report.run.command, report.applications.is_empty()) {
                (Command::Plan | Command::Snapshot | Command::Adopt, true) => Grade::Good,
                (Command::Plan | Command::Snapshot | Command::Adopt, false)
                | (Command::Run | Command::Apply, _) => Grade::Look,
            };
            self.say(grade, format!("{} planned and not attempted.", count_of(planned, "action")));
        }
        if of(Progress::Applied) > 0 {
            self.say(
                Grade::Good,
                format!(
                    "{} applied, read back and seen.",
                    count_of(of(Progress::Applied), "action")
                ),
            );
        }
    }

    /// What was booked beside what was asked, and one sentence per currency, over all shops.
    fn money(&mut self, report: &RunReport) {
        for total in &report.totals {
            let (currency, asked) = (Some(total.currency), total.asked);
            if total.booked_orders > 0 {
                let grade =
                    if total.booked == total.booked_asked { Grade::Good } else { Grade::Look };
                self.say(
                    grade,
                    format!(
                        "{} booked for {}; Etsy asked for {}.",
                        count_of(total.booked_orders, "order"),
                        money(total.booked, currency),
                        money(total.booked_asked, currency)
                    ),
                );
            }
            if total.off.is_zero() {
                self.say(
                    Grade::Good,
                    format!("Etsy asks for {}; Odoo has the same.", money(asked, currency)),
                );
            } else {
                self.say(
                    Grade::Look,
                    format!(
                        "Etsy asks for {}, Odoo has {}: off by {}.",
                        money(asked, currency),
                        words::amount(total.now),
                        words::change(total.off)
                    ),
                );
            }
        }
    }

    fn lists(&mut self, report: &RunReport) {
        self.list(
            &report.unknown,
            "write",
            "without a verdict: the next run looks what became of it",
        );
        self.list(&report.refused, "action", "refused");
        self.list(&report.stale, "action", "not done because the world had moved on");
        self.list(&report.held, "finding", "held for a person");
        self.list(&report.off, "order", "with different amounts on the two sides");
        self.list(&report.rejects, "row", "of Etsy's could not be read");
    }

    fn list<T>(&mut self, list: &Bounded<T>, one: &str, what: &str) {
        if list.total > 0 {
            self.say(Grade::Look, format!("{} {what}.", count_of(list.total, one)));
        }
    }
}
