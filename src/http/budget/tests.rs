//! The budget under a clock that the tests move.

use proptest::prelude::*;

use super::*;

const CEILINGS: Ceilings = Ceilings { per_second: 10, per_day: 10_000, reserved_for_orders: 2_000 };
const QUIET: Allowance = Allowance {
    per_second: None,
    remaining_this_second: None,
    per_day: None,
    remaining_today: None,
    retry_after: None,
};

/// A budget and what it was made for.
struct Keeper {
    budget: Budget,
    ceilings: Ceilings,
}

impl Keeper {
    fn new(ceilings: Ceilings) -> Self {
        Self { budget: Budget::default(), ceilings }
    }

    fn ask(&mut self, now: DateTime<Utc>, patience: TimeDelta) -> Result<Slot, NoSlot> {
        self.budget.reserve(now, self.ceilings, Purpose::Orders, patience)
    }

    fn slot(&mut self, now: DateTime<Utc>) -> Slot {
        self.ask(now, TimeDelta::days(1_000)).unwrap()
    }

    fn learn(&mut self, now: DateTime<Utc>, slot: Slot, allowance: &Allowance, refused: bool) {
        self.budget.learn(now, slot, allowance, refused);
    }

    /// Writes the budget down and reads it again.
    fn reopened(self) -> Self {
        let written = serde_json::to_value(&self.budget).unwrap();
        let budget: Budget = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&budget).unwrap(), written);
        Self { budget, ceilings: self.ceilings }
    }
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

fn milliseconds(number: i64) -> TimeDelta {
    TimeDelta::milliseconds(number)
}

#[test]
fn the_first_second_goes_in_a_burst_and_the_next_waits_for_it() {
    let mut keeper = Keeper::new(CEILINGS);
    for number in 0..10 {
        let slot = keeper.slot(noon());
        assert_eq!(slot.send_at, noon() + milliseconds(8 * number));
        assert_eq!(slot.wait, std::time::Duration::from_millis(u64::try_from(8 * number).unwrap()));
    }
    assert_eq!(keeper.slot(noon()).send_at, noon() + milliseconds(1_075));
}

#[test]
fn a_slot_that_comes_too_late_is_left_to_others() {
    let mut keeper = Keeper::new(Ceilings { per_second: 1, per_day: 2, reserved_for_orders: 0 });
    keeper.slot(noon());
    let free = noon() + milliseconds(1_075);
    for _ in 0..5 {
        match keeper.ask(noon(), SECOND) {
            Err(NoSlot::TooLate { free_at }) => assert_eq!(free_at, free),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(keeper.ask(noon(), milliseconds(1_075)).unwrap().send_at, free);
    assert!(matches!(keeper.ask(free, TimeDelta::days(2)), Err(NoSlot::DaySpent(_))));
}

#[test]
fn calls_that_overtake_each_other_prove_how_much_the_delay_spreads() {
    let mut keeper = Keeper::new(CEILINGS);
    let slots: Vec<_> = (0..3).map(|_| keeper.slot(noon())).collect();
    let spread = |keeper: &Keeper, slot, arrived| keeper.budget.proven_spread(slot, arrived);
    assert_eq!(spread(&keeper, slots[0], 1), Some(TimeDelta::zero()), "it came first");
    assert_eq!(spread(&keeper, slots[0], 2), Some(milliseconds(8)), "the next one overtook it");
    assert_eq!(spread(&keeper, slots[0], 3), Some(milliseconds(16)));
    assert_eq!(spread(&keeper, slots[2], 3), Some(TimeDelta::zero()), "all sent before it");
    assert_eq!(spread(&keeper, slots[0], 4), None, "somebody else's call");
    assert_eq!(spread(&keeper, slots[0], 0), None, "nonsense");

    let mut keeper = Keeper::new(CEILINGS);
    keeper.slot(noon());
    let late = keeper.slot(noon() + milliseconds(1_030));
    assert_eq!(
        spread(&keeper, late, 2),
        Some(milliseconds(30)),
        "the first was 30 ms longer under way"
    );
}

#[test]
fn a_rough_network_widens_the_margin_for_the_next_process_too() {
    let mut keeper = Keeper::new(CEILINGS);
    let first = keeper.slot(noon());
    for _ in 1..10 {
        keeper.slot(noon());
    }
    let overtaken = Allowance { per_second: Some(10), remaining_this_second: Some(5), ..QUIET };
    for _ in 0..25 {
        keeper.learn(noon() + milliseconds(200), first, &overtaken, false);
    }
    let mut keeper = keeper.reopened();
    assert_eq!(keeper.slot(noon()).send_at, noon() + milliseconds(1_100));
}

#[test]
fn a_retry_after_holds_everybody() {
    for (allowance, wait) in [
        (QUIET, SECOND),
        (Allowance { retry_after: Some(TimeDelta::seconds(7)), ..QUIET }, TimeDelta::seconds(7)),
    ] {
        let mut keeper = Keeper::new(CEILINGS);
        let slot = keeper.slot(noon());
        keeper.learn(noon(), slot, &allowance, true);
        assert_eq!(keeper.slot(noon()).send_at, noon() + wait);
    }
}

#[test]
fn a_daily_refusal_is_no_matter_of_the_margin() {
    let mut keeper = Keeper::new(CEILINGS);
    let slot = keeper.slot(noon());
    let day = TimeDelta::seconds(86_400);
    let spent = Allowance { remaining_today: Some(0), retry_after: Some(day), ..QUIET };
    keeper.learn(noon(), slot, &spent, true);
    assert_eq!(keeper.budget.margin.width(), milliseconds(75));
    match keeper.reopened().ask(noon(), day) {
        Err(NoSlot::DaySpent(spent)) => assert_eq!(spent.until, noon() + day),
        other => panic!("{other:?}"),
    }
}

#[test]
fn headers_lower_the_rate_and_raise_it_up_to_the_ceiling() {
    let mut keeper = Keeper::new(CEILINGS);
    let slot = keeper.slot(noon());
    keeper.learn(noon(), slot, &Allowance { per_second: Some(2), ..QUIET }, false);
    assert_eq!(keeper.slot(noon()).send_at, noon() + milliseconds(8));
    assert_eq!(keeper.slot(noon()).send_at, noon() + milliseconds(1_075));
    let later = noon() + TimeDelta::minutes(1);
    keeper.learn(later, slot, &Allowance { per_second: Some(500), ..QUIET }, false);
    let soon = later + milliseconds(100);
    assert_eq!((0..30).filter(|_| keeper.slot(later).send_at < soon).count(), 10);
}

#[test]
fn a_second_that_somebody_else_filled_is_waited_for() {
    let full = Allowance { per_second: Some(10), remaining_this_second: Some(0), ..QUIET };
    let answered = noon() + milliseconds(80);
    let mut keeper = Keeper::new(CEILINGS);
    let slot = keeper.slot(noon());
    keeper.learn(answered, slot, &full, false);
    assert_eq!(keeper.slot(noon()).send_at, answered + SECOND);

    let mut alone = Keeper::new(CEILINGS);
    let own: Vec<_> = (0..10).map(|_| alone.slot(noon())).collect();
    alone.learn(answered, own[9], &full, false);
    let next = alone.slot(answered).send_at;
    assert_eq!(next, noon() + milliseconds(1_075), "our own calls filled it: no extra wait");
}

#[test]
fn a_clock_that_is_set_back_does_not_hold_calls() {
    let mut keeper = Keeper::new(CEILINGS);
    for _ in 0..20 {
        keeper.slot(noon());
    }
    let corrected = noon() - TimeDelta::hours(30);
    let mut keeper = keeper.reopened();
    assert_eq!(keeper.slot(corrected).send_at, corrected);
}

#[test]
fn a_busy_day_is_written_down_in_a_few_kilobytes() {
    let mut keeper = Keeper::new(CEILINGS);
    for second in 0..9_900 {
        keeper.slot(noon() + TimeDelta::seconds(8 * second));
    }
    let written = serde_json::to_string(&keeper.reopened().budget).unwrap();
    assert!(written.len() < 8_000, "{} bytes", written.len());
}

proptest! {
    #[test]
    fn no_sliding_second_holds_more_than_the_limit(
        per_second in 1_u32..12,
        steps in prop::collection::vec((-50_i64..400, any::<bool>(), 0_u32..15), 1..200),
    ) {
        let mut keeper =
            Keeper::new(Ceilings { per_second, per_day: 1_000_000, reserved_for_orders: 0 });
        let mut now = noon();
        let mut sends = Vec::new();
        for (step_ms, refused, header) in steps {
            now += milliseconds(step_ms);
            let slot = keeper.slot(now);
            prop_assert!(slot.send_at >= now);
            sends.push(slot.send_at);
            let allowance = Allowance {
                per_second: Some(per_second + header),
                remaining_this_second: Some(header),
                ..QUIET
            };
            keeper.learn(now, slot, &allowance, refused);
        }
        prop_assert!(sends.is_sorted());
        let limit = usize::try_from(per_second).unwrap();
        for pair in sends.windows(limit + 1) {
            prop_assert!(pair[limit] - pair[0] >= SECOND);
        }
    }

    #[test]
    fn no_rolling_day_holds_more_than_the_budget_and_orders_keep_their_part(
        per_day in 1_u32..30,
        reserved_for_orders in 0_u32..20,
        steps in prop::collection::vec((0_i64..20_000, any::<bool>()), 1..200),
    ) {
        let ceilings = Ceilings { per_second: 10, per_day, reserved_for_orders };
        let mut keeper = Keeper::new(ceilings);
        let mut now = noon();
        let mut sends: Vec<DateTime<Utc>> = Vec::new();
        let kept = reserved_for_orders.min(per_day / 2);
        for (step_s, for_orders) in steps {
            now += TimeDelta::seconds(step_s);
            let purpose = if for_orders { Purpose::Orders } else { Purpose::Other };
            let within = |sends: &[DateTime<Utc>]| {
                let since = now - TimeDelta::hours(24);
                u32::try_from(sends.iter().filter(|sent| since < **sent).count()).unwrap()
            };
            match keeper.budget.reserve(now, ceilings, purpose, TimeDelta::zero()) {
                Ok(slot) => {
                    sends.push(slot.send_at);
                    prop_assert!(for_orders || within(&sends) <= per_day - kept);
                }
                Err(NoSlot::DaySpent(spent)) => {
                    prop_assert!(spent.until > now);
                    prop_assert!(spent.until - now <= TimeDelta::minutes(24 * 60 + 6));
                }
                Err(NoSlot::Reserved { until }) => {
                    prop_assert!(!for_orders && kept > 0);
                    prop_assert!(until > now && until - now <= TimeDelta::minutes(24 * 60 + 6));
                }
                Err(NoSlot::TooLate { .. }) => {}
                Err(NoSlot::Book(error)) => prop_assert!(false, "{error}"),
            }
        }
        let budget = usize::try_from(per_day).unwrap();
        for pair in sends.windows(budget + 1) {
            prop_assert!(pair[budget] - pair[0] >= TimeDelta::hours(24));
        }
    }
}
