//! Drafts in Odoo: made once whatever fails, never posted, and what becomes of them by hand is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::TimeDelta;
use etsy_odoo::apply::{ApplyOptions, Sides, apply};
use etsy_odoo::domain::{RunId, Subject};
use etsy_odoo::journal::{self, Command, NewRun};
use etsy_odoo::odoo::OdooWriter;
use etsy_odoo::pipeline::{self, Run};
use etsy_odoo::sandbox::faults::{Fault, FaultRule};
use etsy_odoo::snapshot::Extent;
use rust_decimal::Decimal;

use super::{entries, house, plan, those, want_drafts};
use crate::faults::every_fault;
use crate::support::{Accounting, House};

/// What Odoo has of our entries: external id, state, debits, credits.
async fn in_odoo(house: &House) -> BTreeMap<String, (String, Decimal, Decimal)> {
    let rows = Accounting::of(house)
        .await
        .odoo
        .query(
            "select external.name, move.state,
                 coalesce(sum(line.amount_currency) filter (where line.amount_currency > 0), 0),
                 coalesce(-sum(line.amount_currency) filter (where line.amount_currency < 0), 0)
             from ir_model_data as external
             join account_move as move on move.id = external.res_id
             join account_move_line as line on line.move_id = move.id
             where external.module = 'etsy' and external.model = 'account.move'
             group by external.name, move.id",
            &[],
        )
        .await
        .unwrap();
    let read = |row: &tokio_postgres::Row| (row.get(0), (row.get(1), row.get(2), row.get(3)));
    let seen: BTreeMap<_, _> = rows.iter().map(read).collect();
    assert_eq!(seen.len(), rows.len(), "an entry is there twice");
    seen
}

/// The plan of a run about money and books alone.
async fn plan_books(house: &House) -> RunId {
    let shops = house.shops().await;
    let ids: Vec<_> = shops.iter().map(|shop| shop.id).collect();
    let subjects = vec![Subject::Ledger, Subject::Books];
    let begun = NewRun {
        command: Command::Run,
        plan: None,
        shops: &ids,
        subjects: &subjects,
        full: false,
        large_plan_allowed: false,
        started_at: super::now(house),
    };
    let id = journal::begin_run(&house.warehouse, begun).await.unwrap();
    let run = Run { id, shops, subjects, extent: Extent::default() };
    let mut reader = house.reader().await;
    let clock = house.clock.as_ref();
    pipeline::observe(&house.warehouse, &house.etsy, &mut reader, &run, clock).await.unwrap();
    pipeline::decide(&house.warehouse, &run).await.unwrap();
    house.end(id, 0).await;
    id
}

/// Applies a plan, which may fail anywhere. Whether it reached its end.
async fn try_to_apply(house: &House, plan: RunId) -> bool {
    let Ok(writer) = OdooWriter::connect(&house.odoo_settings()).await else { return false };
    let options = ApplyOptions {
        pause: Duration::from_millis(5),
        largest_entries: 5,
        ..ApplyOptions::default()
    };
    let mut reader = house.reader().await;
    let sides = Sides { odoo: &writer, odoo_reader: &mut reader, etsy: None };
    let clock = house.clock.as_ref();
    apply(&house.warehouse, sides, plan, plan, clock, &options).await.is_ok()
}

/// Makes the drafts of all that is due.
async fn make_drafts(house: &House) -> RunId {
    let plan = plan_books(house).await;
    assert!(try_to_apply(house, plan).await);
    plan
}

#[tokio::test]
async fn every_settlement_is_a_draft_and_the_next_plan_has_nothing_to_do() {
    let house = house(120, 3, 41).await;
    want_drafts(&house).await;
    let run = make_drafts(&house).await;
    let expected: BTreeMap<_, _> = entries(&house, run)
        .await
        .entries
        .into_iter()
        .filter(|entry| entry.standing.as_str() == "due")
        .map(|entry| {
            let total = entry.total.unwrap().normalize();
            let name = entry.external_id.trim_start_matches("etsy.").to_owned();
            (name, ("draft".to_owned(), total, total))
        })
        .collect();
    assert!(expected.len() > 20, "only {} entries", expected.len());
    let seen = in_odoo(&house).await;
    let seen: BTreeMap<_, _> = seen
        .into_iter()
        .map(|(key, (state, debit, credit))| (key, (state, debit.normalize(), credit.normalize())))
        .collect();
    assert_eq!(seen, expected);
    let balanced: Vec<i32> = Accounting::of(&house)
        .await
        .odoo
        .query("select move_id from account_move_line group by 1 having sum(balance) <> 0", &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(balanced.is_empty(), "not balanced in the company's currency: {balanced:?}");
    // Odoo was read before they were made
    let listed = entries(&house, run).await.entries;
    let made = listed.iter().filter(|entry| entry.state == "a draft in Odoo").count();
    assert_eq!(made, expected.len());
    house.clock.advance(TimeDelta::minutes(5));
    let again = plan(&house).await;
    assert_eq!(those(&house, again.id, "act").await, []);
    assert_eq!(those(&house, again.id, "hold").await, []);
}

/// Faults after which nobody knows whether the call had its effect.
fn in_doubt() -> impl Iterator<Item = Fault> {
    every_fault().into_iter().filter(|fault| match fault {
        Fault::ResetAfter | Fault::Truncated => true,
        Fault::Status { code, after_effect, .. } => *code == 502 && *after_effect,
        Fault::ResetBefore | Fault::Html | Fault::Delay { .. } | Fault::LateAnswer { .. } => false,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn odoo_may_fail_at_any_call_and_each_entry_is_there_once() {
    let mut struck = 0;
    for (round, fault) in (50..).zip(in_doubt()) {
        let house = house(14, 1, round).await;
        want_drafts(&house).await;
        let plan = plan_books(&house).await;
        let faults = house.pair.options.odoo.faults.clone();
        for nth in 1..=4 {
            let before = faults.struck();
            faults.replace(vec![FaultRule::nth("", nth, fault.clone())]);
            try_to_apply(&house, plan).await;
            struck += faults.struck() - before;
            faults.replace(Vec::new());
        }
        assert!(try_to_apply(&house, plan).await, "{fault:?}");
        let due: BTreeSet<String> = entries(&house, plan)
            .await
            .entries
            .into_iter()
            .filter(|entry| entry.standing.as_str() == "due")
            .map(|entry| entry.external_id.trim_start_matches("etsy.").to_owned())
            .collect();
        assert!(due.len() > 5, "one batch shows little");
        let there: BTreeSet<String> = in_odoo(&house).await.into_keys().collect();
        assert_eq!(there, due, "{fault:?}");
        house.clock.advance(TimeDelta::minutes(5));
        let again = plan_books(&house).await;
        assert_eq!(those(&house, again, "act").await, [], "{fault:?}");
    }
    assert!(struck > 5, "only {struck} calls were struck");
}

#[tokio::test]
async fn what_was_deleted_is_not_made_again() {
    let house = house(40, 1, 61).await;
    want_drafts(&house).await;
    make_drafts(&house).await;
    let accounting = Accounting::of(&house).await;
    let before = in_odoo(&house).await;
    let gone = before.keys().next().unwrap().clone();
    accounting
        .odoo
        .execute(
            "with gone as (
                 delete from ir_model_data where module = 'etsy' and name = $1 returning res_id
             ), lines as (
                 delete from ir_model_data where module = 'etsy' and name like $1 || '\\_%'
             )
             delete from account_move where id in (select res_id from gone)",
            &[&gone],
        )
        .await
        .unwrap();
    house.clock.advance(TimeDelta::minutes(5));
    let again = plan(&house).await;
    assert_eq!(those(&house, again.id, "act").await, []);
    let left = those(&house, again.id, "ignore").await;
    let reason = left.iter().find(|(key, _)| *key == gone).map(|(_, reason)| reason.as_str());
    assert!(reason.unwrap().contains("deleted in Odoo"), "{left:?}");
    let listed = entries(&house, again.id).await.entries;
    let entry = listed.iter().find(|entry| entry.external_id == format!("etsy.{gone}")).unwrap();
    assert_eq!(entry.state, "made once, and deleted in Odoo");
}

#[tokio::test]
async fn an_entry_that_is_changed_is_a_break_until_it_is_right() {
    let house = house(40, 1, 71).await;
    want_drafts(&house).await;
    make_drafts(&house).await;
    let accounting = Accounting::of(&house).await;
    let keys: Vec<String> = in_odoo(&house).await.into_keys().collect();
    let (changed, recoded, posted, cancelled) = (&keys[0], &keys[1], &keys[2], &keys[3]);
    let add = "update account_move_line as line set amount_currency = amount_currency + sign(amount_currency) * $2::text::numeric
         from ir_model_data as external
         where external.name = $1 and external.model = 'account.move' and external.module = 'etsy'
             and line.move_id = external.res_id
             and line.id in (
                 select (array_agg(id order by id))[1] from account_move_line where move_id = external.res_id and amount_currency > 0
                 union all
                 select (array_agg(id order by id))[1] from account_move_line where move_id = external.res_id and amount_currency < 0)";
    let state = "update account_move set state = $2, name = $3 where id = (
         select res_id from ir_model_data where name = $1 and model = 'account.move' and module = 'etsy')";
    let odoo = &accounting.odoo;
    assert_eq!(odoo.execute(add, &[changed, &"4.12"]).await.unwrap(), 2);
    odoo.execute(
        "update account_move_line set account_id = (select min(id) from account_account) where move_id = (
             select res_id from ir_model_data where name = $1 and model = 'account.move' and module = 'etsy')",
        &[recoded],
    )
    .await
    .unwrap();
    odoo.execute(state, &[posted, &"posted", &"MISC/2026/01/0001"]).await.unwrap();
    odoo.execute(state, &[cancelled, &"cancel", &"/"]).await.unwrap();
    house.clock.advance(TimeDelta::minutes(5));
    let run = plan(&house).await;
    let breaks = "select state.key, event.amount, state.is_open
         from journal.break_state as state
         join journal.break_event as event on event.event_id = state.break_id
         where state.kind = 'entry_differs' order by 1";
    let open = accounting.ours.query(breaks, &[]).await.unwrap();
    assert_eq!(
        open.len(),
        1,
        "what is on another account, posted or cancelled is no difference of its own"
    );
    assert_eq!(open[0].get::<_, &str>(0), changed);
    assert_eq!(open[0].get::<_, Decimal>(1), Decimal::new(412, 2));
    let left: BTreeMap<String, String> =
        those(&house, run.id, "ignore").await.into_iter().collect();
    assert!(left[changed].contains("4.12") || left[changed].contains("comes to"), "{left:?}");
    assert!(left[cancelled].contains("is cancelled in Odoo"), "{left:?}");
    assert!(!left.contains_key(posted) && !left.contains_key(recoded), "{left:?}");
    let listed = entries(&house, run.id).await.entries;
    let listed = |key: &str| {
        let entry = listed.iter().find(|entry| entry.external_id == format!("etsy.{key}"));
        entry.unwrap().state.clone()
    };
    assert_eq!(listed(posted), "posted in Odoo as MISC/2026/01/0001");
    assert_eq!(listed(recoded), "a draft in Odoo");
    odoo.execute(add, &[changed, &"-4.12"]).await.unwrap();
    house.clock.advance(TimeDelta::minutes(5));
    plan(&house).await;
    let closed = accounting.ours.query(breaks, &[]).await.unwrap();
    assert!(!closed[0].get::<_, bool>(2), "it is right again");
}
