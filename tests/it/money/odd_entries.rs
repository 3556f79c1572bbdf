//! Bad input: what Etsy may put on the payment account, and what Odoo may make of it.

use chrono::TimeDelta;
use etsy_odoo::domain::{MoneyClass, RunId};
use etsy_odoo::report::{break_text, breaks_text, load_break, load_breaks};
use etsy_odoo::stage::{Entries, StageError, keep_money};

use super::{found, full_plan, house, settled};
use crate::support::{Accounting, House, TestDatabase, finish};

/// Every type that the list knows is of a class that we know, and in one class only.
#[test]
fn every_known_type_has_one_known_class() {
    let database = finish(TestDatabase::new);
    let mut client = database.blocking_client();
    client.execute(include_str!("../../../sql/stage/ledger_class.sql"), &[&1_i64]).unwrap();
    client.execute(include_str!("../../../sql/stage/ledger_class.sql"), &[&1_i64]).unwrap();
    let rows = client.query("select ledger_type, class from staging.ledger_class", &[]).unwrap();
    let mut types: Vec<String> = rows.iter().map(|row| row.get("ledger_type")).collect();
    for row in &rows {
        let class: MoneyClass = row.get::<_, &str>("class").parse().unwrap();
        assert_ne!(class, MoneyClass::Suspense, "nothing that is known waits");
    }
    let many = types.len();
    types.sort_unstable();
    types.dedup();
    assert!(many > 50 && types.len() == many, "{types:?}");
}

/// Adds an entry behind all others of the only shop's account, as staging keeps it.
async fn post(accounting: &Accounting, columns: &str) -> i64 {
    let statement = format!(
        "insert into staging.etsy_ledger_entry
         select (jsonb_populate_record(entry, jsonb_build_object('entry_id', entry.entry_id + 1,
             'sequence_number', entry.sequence_number + 1, 'balance', entry.balance - 7, 'amount', -7,
             'parent_entry_id', 0, 'changed_in_run', 100000) || jsonb_build_object({columns}))).*
         from staging.etsy_ledger_entry as entry
         order by entry.sequence_number desc limit 1
         returning entry_id"
    );
    accounting.ours.query_one(&statement, &[]).await.unwrap().get(0)
}

async fn an_hour_later(house: &House) -> RunId {
    house.clock.advance(TimeDelta::hours(1));
    full_plan(house).await.id
}

async fn class_of(accounting: &Accounting, entry: i64) -> (String, Option<String>, Option<i64>) {
    let row = accounting
        .ours
        .query_one(
            "select class, trouble, receipt_id from staging.money_entry where entry_id = $1",
            &[&entry],
        )
        .await
        .unwrap();
    (row.get(0), row.get(1), row.get(2))
}

#[tokio::test]
async fn what_nobody_knows_is_in_suspense_and_never_nothing() {
    let house = house(40, 30, 1, 21).await;
    let (accounting, _) = settled(&house).await;
    let hostile = "'ledger_type', e'<script>alert(1)</script>\\u001b[2J', 'reference_type', null, 'reference_id', 'no number'";
    let strange = post(&accounting, hostile).await;
    let given_back =
        post(&accounting, "'ledger_type', 'PROLIST_REFUND', 'reference_type', 'etsy'").await;
    let nowhere = post(
        &accounting,
        "'ledger_type', 'transaction', 'reference_type', 'transaction', 'reference_id', '17'",
    )
    .await;
    let run = an_hour_later(&house).await;
    assert_eq!(
        class_of(&accounting, strange).await,
        ("suspense".into(), Some("unknown_type".into()), None)
    );
    assert_eq!(
        class_of(&accounting, given_back).await.0,
        "ads",
        "of the class of what it gives back"
    );
    assert_eq!(
        class_of(&accounting, nowhere).await,
        ("fee_transaction".into(), Some("unknown_transaction".into()), None)
    );
    let kinds: Vec<String> =
        found(&accounting, run).await.into_iter().map(|(_, kind, _)| kind).collect();
    assert_eq!(kinds, ["unknown_ledger_type", "unknown_reference"]);
    // and it is shown as words, whatever it would like to be
    let breaks = load_breaks(&house.warehouse, &[], true).await.unwrap();
    let mut text = breaks_text(&breaks, super::now(&house));
    for each in &breaks {
        let file = load_break(&house.warehouse, each.id).await.unwrap().unwrap();
        assert!(!file.entries.is_empty());
        text.push_str(&break_text(&file, super::now(&house)));
    }
    assert!(text.contains("<script>alert(1)</script>\u{fffd}[2J"), "{text}");
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[tokio::test]
async fn an_account_in_a_currency_that_nobody_knows_waits_until_somebody_does() {
    let house = house(30, 30, 1, 22).await;
    let (accounting, _) = settled(&house).await;
    let entry =
        post(&accounting, "'currency', 'XTS', 'ledger_type', 'prolist', 'reference_type', 'etsy'")
            .await;
    let run = an_hour_later(&house).await;
    assert_eq!(
        class_of(&accounting, entry).await,
        ("suspense".into(), Some("unknown_unit".into()), None)
    );
    assert_eq!(found(&accounting, run).await.len(), 1);

    // it is in no sum, and the report says so
    let (whole, _) = super::period::spans(&house).await;
    let told = super::period::report(&house, whole).await.to_text();
    assert!(told.contains("in no sum, since their unit is not known"), "{told}");

    // Odoo gets to know it, as one without decimals; that nobody may use it there yet does not matter
    accounting
        .odoo
        .batch_execute(
            "insert into res_currency (name, symbol, rounding, decimal_places, active) values ('XTS', 'X', 1, 0, false)",
        )
        .await
        .unwrap();
    let run = an_hour_later(&house).await;
    assert_eq!(found(&accounting, run).await.len(), 0);
    let amount = || async {
        let row = accounting
            .ours
            .query_one(
                "select amount::text, class from staging.money_entry where entry_id = $1",
                &[&entry],
            )
            .await
            .unwrap();
        (row.get::<_, String>(0), row.get::<_, String>(1))
    };
    assert_eq!(amount().await, ("-7".to_owned(), "ads".to_owned()));

    // Etsy shows that it has two: what was classed is classed again, in a quick run, too
    accounting
        .ours
        .batch_execute(
            "insert into staging.etsy_payment
             select (jsonb_populate_record(payment, jsonb_build_object('payment_id', payment.payment_id + 1,
                 'currency', 'XTS', 'gross', 12.50))).*
             from staging.etsy_payment as payment limit 1",
        )
        .await
        .unwrap();
    house.clock.advance(TimeDelta::hours(1));
    house.plan().await;
    assert_eq!(amount().await, ("-0.07".to_owned(), "ads".to_owned()));
}

/// The order in which evidence arrives does not matter: what could not be tied is tied when it can be.
#[tokio::test]
async fn an_entry_is_tied_as_soon_as_its_payment_is_read() {
    let house = house(40, 30, 1, 23).await;
    let (accounting, run) = settled(&house).await;
    accounting
        .ours
        .batch_execute(
            "create table taken as select * from staging.etsy_payment;
             delete from staging.etsy_payment;
             insert into snapshot.payment_wanted select shop_id, payment_id from taken",
        )
        .await
        .unwrap();
    let shops: Vec<_> = house.shops().await.iter().map(|shop| shop.id).collect();
    keep_money(&house.warehouse, run, &shops, Entries::All).await.unwrap();
    let untied = || async {
        accounting
            .ours
            .query_one(
                "select count(*) from staging.money_entry where trouble = 'unread_payment'",
                &[],
            )
            .await
            .unwrap()
            .get::<_, i64>(0)
    };
    assert!(untied().await > 40);
    etsy_odoo::pipeline::find_breaks(&house.warehouse, run, &shops).await.unwrap();
    let of_entries =
        found(&accounting, run).await.into_iter().filter(|each| each.1 == "unknown_reference");
    assert_eq!(of_entries.count(), 0, "it is asked for by the next run");
    accounting
        .ours
        .batch_execute("insert into staging.etsy_payment select * from taken; delete from snapshot.payment_wanted")
        .await
        .unwrap();
    keep_money(&house.warehouse, run, &shops, Entries::New).await.unwrap();
    assert_eq!(untied().await, 0);
}

/// What is lost or doubled among the classed entries is made good, and if it cannot be, the run says so.
#[tokio::test]
async fn classed_entries_are_those_that_etsy_sent() {
    let house = house(30, 30, 1, 24).await;
    let (accounting, run) = settled(&house).await;
    let shops: Vec<_> = house.shops().await.iter().map(|shop| shop.id).collect();
    let entries = || async {
        let query = "select count(*) from staging.money_entry";
        accounting.ours.query_one(query, &[]).await.unwrap().get::<_, i64>(0)
    };
    let many = entries().await;
    accounting
        .ours
        .batch_execute("delete from staging.money_entry where entry_id % 3 = 0; update staging.money_entry set amount = amount + 0.01 where entry_id % 3 = 1")
        .await
        .unwrap();
    keep_money(&house.warehouse, run, &shops, Entries::New).await.unwrap();
    assert_eq!(entries().await, many);
    accounting
        .ours
        .batch_execute("insert into staging.money_entry select (jsonb_populate_record(entry, '{\"entry_id\": 17}')).* from staging.money_entry as entry limit 1")
        .await
        .unwrap();
    let footed = keep_money(&house.warehouse, run, &shops, Entries::New).await;
    let Err(error @ StageError::MoneyDoesNotFoot { .. }) = footed else { panic!("{footed:?}") };
    let said = error.to_string();
    assert!(said.contains(&format!("Etsy sent {many} entries of")), "{said}");
    assert!(said.contains(&format!("classed are {} entries of", many + 1)), "{said}");
}

/// An account whose middle is not read yet has no broken chain there.
#[tokio::test]
async fn a_gap_that_is_not_read_yet_breaks_no_chain() {
    let house = house(60, 30, 1, 25).await;
    let (accounting, run) = settled(&house).await;
    accounting
        .ours
        .batch_execute(
            "with middle as (
                 select shop_id, entry_id, created_at from staging.etsy_ledger_entry
                 order by sequence_number offset 200 limit 100
             ),
             gone as (
                 delete from staging.etsy_ledger_entry as entry using middle
                 where entry.shop_id = middle.shop_id and entry.entry_id = middle.entry_id
             ),
             unclassed as (
                 delete from staging.money_entry as entry using middle
                 where entry.shop_id = middle.shop_id and entry.entry_id = middle.entry_id
             )
             insert into snapshot.ledger_gap (shop_id, gap_from, gap_until)
             select shop_id, min(created_at), max(created_at) + interval '1 second' from middle group by shop_id",
        )
        .await
        .unwrap();
    let shops: Vec<_> = house.shops().await.iter().map(|shop| shop.id).collect();
    keep_money(&house.warehouse, run, &shops, Entries::All).await.unwrap();
    etsy_odoo::pipeline::find_breaks(&house.warehouse, run, &shops).await.unwrap();
    assert_eq!(found(&accounting, run).await.len(), 0);
    accounting.ours.batch_execute("delete from snapshot.ledger_gap").await.unwrap();
    etsy_odoo::pipeline::find_breaks(&house.warehouse, run, &shops).await.unwrap();
    let kinds: Vec<String> = found(&accounting, run).await.into_iter().map(|each| each.1).collect();
    assert!(kinds.contains(&"broken_chain".to_owned()), "{kinds:?}");
}
