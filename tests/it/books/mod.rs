//! Entries for the books: one for each payout and for the rest of each month, to the cent, in Odoo once and never posted.

#![expect(
    clippy::indexing_slicing,
    reason = "an entry or a page that lacks what it must have stops the test where it stands"
)]

mod drafts;
mod figures;
mod obstacles;
mod program;

use chrono::{NaiveDate, TimeDelta};
use etsy_odoo::domain::{Clock as _, RunId, ShopId};
use etsy_odoo::journal::{self, Command};
use etsy_odoo::pipeline::{self, Run};
use etsy_odoo::report::period::{Entries, EntriesRequest, load_entries};
use etsy_odoo::shop::{self, PolicyKey};
use etsy_odoo::snapshot::Extent;
use etsy_odoo::stage;

use crate::support::House;

/// What a bookkeeper may name.
const ACCOUNTS: &str = "sale:121000,fees:620000,vat_on_fees:131000,etsy_tax:251000,payout:101701,\
                        adjustment:642000,suspense:101402,carried_forward:101000";

/// Sets policies of all shops.
async fn set(house: &House, policies: &[(PolicyKey, &str)]) {
    for shop in house.shops().await {
        let mut policy = shop.policy.clone();
        for (key, value) in policies {
            policy.set(*key, value).unwrap();
        }
        policy.check().unwrap();
        shop::set_policy(&house.warehouse, shop.id, &policy).await.unwrap();
    }
}

/// A house whose payment accounts are read from their beginning.
async fn house(receipts: usize, shops: usize, seed: u64) -> House {
    let house = House::new(receipts, 30, shops, seed).await;
    let from = (house.clock.now() - TimeDelta::days(3 * 365)).format("%Y-%m-%d").to_string();
    set(&house, &[(PolicyKey::LedgerFrom, from.as_str())]).await;
    house
}

/// Wants drafts in Odoo, of all that was ever settled.
async fn want_drafts(house: &House) {
    set(
        house,
        &[
            (PolicyKey::Books, "draft"),
            (PolicyKey::BooksFrom, "2020-01-01"),
            (PolicyKey::BooksJournal, "MISC"),
            (PolicyKey::Accounts, ACCOUNTS),
        ],
    )
    .await;
}

/// A full run up to its plan.
async fn plan(house: &House) -> Run {
    let run = Run { extent: Extent { full: true, from: None }, ..house.begin(Command::Plan).await };
    let mut reader = house.reader().await;
    pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, house.clock.as_ref())
        .await
        .unwrap();
    pipeline::decide(&house.warehouse, &run).await.unwrap();
    house.end(run.id, 0).await;
    run
}

/// The entries that `report entries` prints, from the evidence of a run.
async fn entries(house: &House, run: RunId) -> Entries {
    let shops: Vec<ShopId> = house.shops().await.iter().map(|shop| shop.id).collect();
    stage::make_books(&house.warehouse, run, &shops).await.unwrap();
    let made_at = journal::run(&house.warehouse, run).await.unwrap().started_at;
    let request = EntriesRequest { run, made_at, shops, from: None, to: None };
    load_entries(&house.warehouse, &request).await.unwrap()
}

/// What a plan decided about entries: key, decision, reason.
async fn decided(house: &House, run: RunId) -> Vec<(String, String, String)> {
    house
        .ours
        .client()
        .await
        .query(
            "select key, decision, reason from journal.decision
             where run_id = $1 and subject = 'books' order by decision_no",
            &[&run.0],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

/// The decisions of one kind: keys and reasons.
async fn those(house: &House, run: RunId, kind: &str) -> Vec<(String, String)> {
    let all = decided(house, run).await;
    all.into_iter()
        .filter(|(_, decision, _)| decision == kind)
        .map(|(key, _, reason)| (key, reason))
        .collect()
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike as _;
    day.with_day(1).unwrap()
}

fn now(house: &House) -> chrono::DateTime<chrono::Utc> {
    house.clock.now()
}
