//! Checks that the sums foot. Each check sets two figures side by side that were counted in different places.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::model::{BrokenSum, Shop};
use super::rows::{IntakeRow, MatterRow, TallyRow, subject_of};
use super::words;
use crate::domain::{ActionKind, Currency, ShopId, Standing, Subject, Verdict};

/// The rows that sums are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums<'a> {
    pub(super) shops: &'a BTreeMap<ShopId, Shop>,
    pub(super) intake: &'a [IntakeRow],
    pub(super) tally: &'a [TallyRow],
    pub(super) matters: &'a [MatterRow],
    /// Whether the run got as far as storing a plan.
    pub(super) planned: bool,
}

impl Sums<'_> {
    /// Every sum that does not foot, in the order in which the data flows.
    pub(super) fn broken(&self) -> Vec<BrokenSum> {
        let mut broken = Vec::new();
        self.fetched_is_staged(&mut broken);
        self.staged_is_compared(&mut broken);
        self.agreeing_money_agrees(&mut broken);
        if !self.tally.is_empty() {
            self.tally_is_findings(&mut broken);
            if self.planned {
                self.findings_are_decided(&mut broken);
            }
            self.booked_is_asked(&mut broken);
        }
        broken
    }

    fn place(&self, shop: ShopId, subject: Option<Subject>) -> String {
        let unnamed = Shop::unnamed(shop);
        words::place(self.shops.get(&shop).unwrap_or(&unnamed), subject)
    }

    fn fetched_is_staged(&self, broken: &mut Vec<BrokenSum>) {
        for row in self.intake {
            let place = format!("{}, {}", self.place(row.shop, None), words::kinds(&row.entity));
            let accounted = row.staged + row.rejected + row.repeated;
            counts(
                broken,
                &place,
                ("fetched", row.fetched),
                ("staged, rejected and repeated", accounted),
            );
            if row.listed_rejects < row.rejected {
                counts(
                    broken,
                    &place,
                    ("rejected", row.rejected),
                    ("rejects listed", row.listed_rejects),
                );
            }
        }
    }

    /// A count under the name of a subject says how many keys of it the run had staged, on either side.
    fn staged_is_compared(&self, broken: &mut Vec<BrokenSum>) {
        for row in self.intake {
            let Some(subject) = subject_of(&row.entity) else { continue };
            let compared: i64 = self
                .tally
                .iter()
                .filter(|line| line.shop == row.shop && line.subject == subject)
                .map(|line| line.keys)
                .sum();
            counts(
                broken,
                &self.place(row.shop, Some(subject)),
                ("staged", row.staged),
                ("sum of verdicts", compared),
            );
        }
    }

    fn agreeing_money_agrees(&self, broken: &mut Vec<BrokenSum>) {
        for line in self.tally {
            if line.verdict == Verdict::Agrees && line.standing == Standing::Due {
                amounts(
                    broken,
                    &format!("{}, agreeing", self.place(line.shop, Some(line.subject))),
                    line.currency,
                    ("Etsy", line.etsy),
                    ("Odoo", line.odoo),
                );
            }
        }
    }

    fn tally_is_findings(&self, broken: &mut Vec<BrokenSum>) {
        type Key = (ShopId, Subject, Option<Currency>, Standing, Verdict);
        let mut tallied: BTreeMap<Key, (i64, Decimal, Decimal, Decimal)> = BTreeMap::new();
        let mut found = tallied.clone();
        for line in self.tally.iter().filter(|line| line.verdict != Verdict::Agrees) {
            let key = (line.shop, line.subject, line.currency, line.standing, line.verdict);
            let sum = tallied.entry(key).or_default();
            let tax = sum.3 + line.odoo_tax;
            *sum = (sum.0 + line.keys, sum.1 + line.etsy, sum.2 + line.odoo, tax);
        }
        for matter in self.matters.iter().filter(|matter| matter.findings > 0) {
            let key =
                (matter.shop, matter.subject, matter.currency, matter.standing, matter.verdict);
            let sum = found.entry(key).or_default();
            let tax = sum.3 + matter.odoo_tax;
            *sum = (sum.0 + matter.findings, sum.1 + matter.etsy, sum.2 + matter.odoo, tax);
        }
        let keys: BTreeSet<&Key> = tallied.keys().chain(found.keys()).collect();
        for key in keys {
            let (shop, subject, currency, standing, verdict) = *key;
            let place = format!(
                "{}, {} ({})",
                self.place(shop, Some(subject)),
                words::verdict(verdict),
                words::standing(standing)
            );
            let tallied = tallied.get(key).copied().unwrap_or_default();
            let found = found.get(key).copied().unwrap_or_default();
            counts(broken, &place, ("tallied", tallied.0), ("findings", found.0));
            for (name, tallied, found) in [
                ("tallied on Etsy", tallied.1, found.1),
                ("tallied in Odoo", tallied.2, found.2),
                ("Odoo's taxes tallied", tallied.3, found.3),
            ] {
                amounts(broken, &place, currency, (name, tallied), ("findings", found));
            }
        }
    }

    fn findings_are_decided(&self, broken: &mut Vec<BrokenSum>) {
        let mut sums: BTreeMap<(ShopId, Subject, Verdict), (i64, i64)> = BTreeMap::new();
        for matter in self.matters {
            let sum = sums.entry((matter.shop, matter.subject, matter.verdict)).or_default();
            *sum = (sum.0 + matter.findings, sum.1 + matter.decisions);
        }
        for ((shop, subject, verdict), (findings, decisions)) in sums {
            let place = format!("{}, {}", self.place(shop, Some(subject)), words::verdict(verdict));
            counts(broken, &place, ("findings", findings), ("decisions", decisions));
        }
    }

    fn booked_is_asked(&self, broken: &mut Vec<BrokenSum>) {
        let mut sums: BTreeMap<(ShopId, Option<Currency>), (Decimal, Decimal)> = BTreeMap::new();
        for matter in self.matters {
            if matter.action == Some(ActionKind::BookOrder) {
                let sum = sums.entry((matter.shop, matter.currency)).or_default();
                *sum = (sum.0 + matter.at_stake, sum.1 + matter.etsy);
            }
        }
        for ((shop, currency), (planned, asked)) in sums {
            let place = format!("{}, to book", self.place(shop, Some(Subject::Orders)));
            amounts(broken, &place, currency, ("planned", planned), ("asked by Etsy", asked));
        }
    }
}

pub(super) fn counts(
    broken: &mut Vec<BrokenSum>,
    place: &str,
    first: (&str, i64),
    second: (&str, i64),
) {
    if first.1 != second.1 {
        broken.push(BrokenSum {
            place: place.to_owned(),
            first_name: first.0.to_owned(),
            first: words::count(first.1),
            second_name: second.0.to_owned(),
            second: words::count(second.1),
        });
    }
}

pub(super) fn amounts(
    broken: &mut Vec<BrokenSum>,
    place: &str,
    currency: Option<Currency>,
    first: (&str, Decimal),
    second: (&str, Decimal),
) {
    if first.1 != second.1 {
        broken.push(BrokenSum {
            place: place.to_owned(),
            first_name: first.0.to_owned(),
            first: words::money(first.1, currency),
            second_name: second.0.to_owned(),
            second: words::money(second.1, currency),
        });
    }
}
