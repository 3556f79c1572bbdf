//! A machine whose clock is hours off.

use std::sync::Arc;

use chrono::TimeDelta;
use etsy_odoo::domain::{Clock, FixedClock, SystemClock, Trouble};
use etsy_odoo::journal::Command;
use etsy_odoo::pipeline;

use crate::support::House;

/// By a clock that is ahead, a watermark would move over hours in which nothing has happened yet, and what happens in them
/// would be seen hours late, when it is read again; by one that is behind, what is new would not be seen, in silence. So
/// nothing is read.
#[tokio::test]
async fn by_a_clock_that_is_hours_off_nothing_is_read_and_it_is_said() {
    let house = House::new(40, 10, 1, 3).await;
    let mut off = Vec::new();
    for (hours, words) in [(3, "ahead of"), (-3, "behind")] {
        let clock = FixedClock::at(SystemClock.now() + TimeDelta::hours(hours));
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let etsy = house.way_by(Arc::clone(&clock));
        let run = house.begin(Command::Snapshot).await;
        let mut reader = house.reader().await;
        let seen =
            pipeline::observe(&house.warehouse, &etsy, &mut reader, &run, clock.as_ref()).await;
        let error = seen.unwrap_err();
        off.push((hours, words, error));
    }
    for (hours, words, error) in &off {
        let cause = std::error::Error::source(error).unwrap().to_string();
        assert!(cause.contains(words) && cause.ends_with("Etsy's"), "{hours}: {cause}");
        let advice = error.advice();
        assert_eq!(advice.trouble, Trouble::NeedsPerson, "{error:?}");
        assert!(advice.hint.unwrap().contains("set the clock"), "{error:?}");
    }
    let row = house
        .ours
        .client()
        .await
        .query_one(
            "select (select count(*) from snapshot.etsy_page) + (select count(*) from snapshot.etsy_window)
                 + (select count(*) from snapshot.watermark) as kept",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>("kept"), 0, "nothing was taken");
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(SystemClock.now() + TimeDelta::minutes(5)));
    let etsy = house.way_by(Arc::clone(&clock));
    let run = house.begin(Command::Snapshot).await;
    let mut reader = house.reader().await;
    pipeline::observe(&house.warehouse, &etsy, &mut reader, &run, clock.as_ref()).await.unwrap();
}
