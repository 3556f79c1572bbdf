//! The calls of one API key, shared through Postgres by many who do not know of each other.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{Clock, FixedClock};
use etsy_odoo::http::{Allowance, Ceilings, Limiter, NoSlot, Purpose};
use etsy_odoo::shop::CallBook;
use tokio::task::JoinSet;

use crate::support::TestDatabase;

const CEILINGS: Ceilings = Ceilings { per_second: 10, per_day: 10_000, reserved_for_orders: 2_000 };

fn today() -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_534_400, 0).unwrap()
}

/// As a process of its own would have it: with its own connections.
async fn process(
    database: &TestDatabase,
    key: &str,
    ceilings: Ceilings,
    clock: Option<&Arc<FixedClock>>,
) -> Arc<Limiter> {
    let warehouse = Warehouse::connect(database.config()).await.unwrap();
    let mut book = CallBook::new(warehouse, &key.into());
    if let Some(clock) = clock {
        let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(clock);
        book = book.by(clock);
    }
    Arc::new(Limiter::new(ceilings, Box::new(book)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_ask_at_once_never_exceed_the_second_or_the_day() {
    let database = TestDatabase::new().await;
    let clock = Arc::new(FixedClock::at(today()));
    let ceilings = Ceilings { per_day: 150, reserved_for_orders: 30, ..CEILINGS };
    let mut calls = JoinSet::new();
    for number in 0..3_u32 {
        let limiter = process(&database, "a-keystring", ceilings, Some(&clock)).await;
        for task in 0..20_u32 {
            let (limiter, clock) = (Arc::clone(&limiter), Arc::clone(&clock));
            let purpose =
                if (number + task).is_multiple_of(2) { Purpose::Orders } else { Purpose::Other };
            calls.spawn(async move {
                let mut slots = Vec::new();
                for _ in 0..5 {
                    match limiter.reserve(purpose, Duration::from_hours(1)).await {
                        Ok(slot) => {
                            limiter.learn(slot, &Allowance::default(), false).await.unwrap();
                            slots.push((slot.number(), slot.send_at(), purpose));
                        }
                        Err(NoSlot::DaySpent(_) | NoSlot::Reserved { .. }) => {}
                        Err(other) => panic!("{other}"),
                    }
                    clock.advance(TimeDelta::milliseconds(3));
                }
                slots
            });
        }
    }
    let mut slots = calls.join_all().await.concat();
    slots.sort_by_key(|(number, ..)| *number);
    let numbers: Vec<u64> = slots.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=150).collect::<Vec<u64>>(), "every call of the day, each once");
    let sends: Vec<DateTime<Utc>> = slots.iter().map(|(_, send_at, _)| *send_at).collect();
    assert!(sends.is_sorted());
    for pair in sends.windows(11) {
        assert!(pair[10] - pair[0] >= TimeDelta::milliseconds(1_024), "{pair:?}");
    }
    for (number, _, purpose) in slots {
        assert!(number <= 120 || purpose == Purpose::Orders, "call {number} was kept for orders");
    }
}

#[tokio::test]
async fn what_one_process_learns_the_next_one_knows() {
    let database = TestDatabase::new().await;
    let clock = Arc::new(FixedClock::at(today()));
    let first = process(&database, "a-keystring", CEILINGS, Some(&clock)).await;
    let slot = first.reserve(Purpose::Other, Duration::ZERO).await.unwrap();
    let told = Allowance { retry_after: Some(TimeDelta::seconds(40)), ..Allowance::default() };
    first.learn(slot, &told, true).await.unwrap();
    drop(first);
    let next = process(&database, "a-keystring", CEILINGS, Some(&clock)).await;
    match next.reserve(Purpose::Orders, Duration::from_secs(30)).await {
        Err(NoSlot::TooLate { free_at }) => assert_eq!(free_at, today() + TimeDelta::seconds(40)),
        other => panic!("{other:?}"),
    }
    let slot = next.reserve(Purpose::Orders, Duration::from_mins(1)).await.unwrap();
    assert_eq!((slot.number(), slot.send_at()), (2, today() + TimeDelta::seconds(40)));
    let stranger = process(&database, "another-keystring", CEILINGS, Some(&clock)).await;
    let slot = stranger.reserve(Purpose::Orders, Duration::ZERO).await.unwrap();
    assert_eq!((slot.number(), slot.send_at()), (1, today()), "another key has a book of its own");
}

#[tokio::test]
async fn a_caller_that_dies_while_it_reserves_blocks_nobody() {
    let database = TestDatabase::new().await;
    let limiter = process(&database, "a-keystring", CEILINGS, None).await;
    for patience_us in [0, 200, 500, 1_000, 2_000, 5_000] {
        let cut_off = limiter.reserve(Purpose::Orders, Duration::from_hours(1));
        let cut_off = tokio::time::timeout(Duration::from_micros(patience_us), cut_off).await;
        assert!(cut_off.is_err() || cut_off.is_ok_and(|reserved| reserved.is_ok()));
    }
    let next = process(&database, "a-keystring", CEILINGS, None).await;
    let reserved = next.reserve(Purpose::Orders, Duration::from_hours(1));
    tokio::time::timeout(Duration::from_secs(30), reserved).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_clock_is_the_servers_and_the_key_is_not_written_down() {
    let database = TestDatabase::new().await;
    let limiter = process(&database, "a-keystring", CEILINGS, None).await;
    let client = database.client().await;
    let now = || async { client.query_one("select clock_timestamp()", &[]).await.unwrap() };
    let before: DateTime<Utc> = now().await.get(0);
    let slot = limiter.reserve(Purpose::Orders, Duration::ZERO).await.unwrap();
    let after: DateTime<Utc> = now().await.get(0);
    assert!((before..=after).contains(&slot.send_at()));
    let row =
        client.query_one("select call_budget::text from shop.call_budget", &[]).await.unwrap();
    assert!(!row.get::<_, String>(0).contains("a-keystring"));
}

#[tokio::test]
async fn a_book_that_another_version_wrote_is_begun_anew() {
    let database = TestDatabase::new().await;
    let limiter = process(&database, "a-keystring", CEILINGS, None).await;
    limiter.reserve(Purpose::Orders, Duration::ZERO).await.unwrap();
    let client = database.client().await;
    client.execute("update shop.call_budget set state = '{\"version\": 9}'", &[]).await.unwrap();
    let slot = limiter.reserve(Purpose::Orders, Duration::ZERO).await.unwrap();
    assert_eq!(slot.number(), 1);
}

#[tokio::test]
async fn a_database_that_is_away_is_said_to_be() {
    let database = TestDatabase::new().await;
    let limiter = process(&database, "a-keystring", CEILINGS, None).await;
    database.client().await.execute("drop table shop.call_budget", &[]).await.unwrap();
    let error = limiter.reserve(Purpose::Orders, Duration::ZERO).await.unwrap_err();
    assert_eq!(error.to_string(), "the book of calls that all processes share is out of reach");
}
