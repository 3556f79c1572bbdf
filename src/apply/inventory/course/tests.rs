//! What is done about a listing that was seen again.

use proptest::prelude::*;

use super::*;
use crate::domain::StockBasis;
use crate::journal::AttemptId;

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn task(changes: &[(i32, i32)], order: Order, seen_state: &str) -> Task {
    let offerings = changes
        .iter()
        .enumerate()
        .map(|(place, (seen, wanted))| OfferingChange {
            variant_key: format!("513={place}"),
            sku: None,
            seen: *seen,
            wanted: *wanted,
            price: rust_decimal::Decimal::ONE,
        })
        .collect();
    Task {
        decision_no: 1,
        attempt: AttemptId(1),
        inventory: SetInventory {
            listing_id: 7,
            title: String::new(),
            seen_state: seen_state.to_owned(),
            offerings,
            stock: Vec::new(),
            warehouse_ids: Vec::new(),
            basis: StockBasis::Sellable,
            currency: "USD".parse().unwrap(),
        },
        order,
        was_tried: false,
    }
}

fn shown(state: &str, quantities: &[i32]) -> Shown {
    Shown::of_sizes(state, moment(100), quantities)
}

fn quantities(course: &Course) -> Vec<i32> {
    let Course::Write(wanted) = course else { panic!("{course:?}") };
    wanted.quantities.values().copied().collect()
}

fn is_stale(course: &Course, words: &str) {
    assert!(matches!(course, Course::Stale(said) if said.contains(words)), "{course:?}");
}

proptest! {
    /// Whatever was sold: what is written is what the plan wanted less what was sold, and never more than it wanted.
    #[test]
    fn what_was_sold_is_taken_off(
        changes in prop::collection::vec((0_i32..20, 0_i32..20, 0_i32..20), 1..4),
    ) {
        let plan: Vec<(i32, i32)> = changes.iter().map(|(seen, wanted, _)| (*seen, *wanted)).collect();
        let now: Vec<i32> = changes.iter().map(|(.., fresh)| *fresh).collect();
        let mut task = task(&plan, Order::Set, "active");
        task.inventory.offerings.retain(|it| it.seen != it.wanted);
        let course = course(&task, Some(&shown("active", &now)), None, None);
        let changed = || changes.iter().enumerate().filter(|(_, (seen, wanted, _))| seen != wanted);
        match course {
            Course::There => {
                prop_assert!(changed().all(|(_, (_, wanted, fresh))| wanted == fresh));
            }
            Course::Stale(_) => {}
            Course::Write(written) => {
                for (place, (seen, wanted, fresh)) in changed() {
                    prop_assert!(fresh <= seen, "more than the plan saw is its seller's doing");
                    let right = (wanted - (seen - fresh)).max(0);
                    let key = format!("513={place}");
                    let put = written.quantities.get(&key).copied().unwrap_or(*fresh);
                    prop_assert_eq!(put, right);
                    prop_assert!(put <= *wanted);
                }
                let left = now.iter().enumerate().map(|(place, fresh)| {
                    written.quantities.get(&format!("513={place}")).copied().unwrap_or(*fresh)
                });
                prop_assert_eq!(written.is_off, left.max() == Some(0), "all of it or nothing");
            }
        }
    }
}

#[test]
fn only_an_earlier_attempt_explains_that_it_is_there() {
    let mut lower = task(&[(9, 7)], Order::Set, "active");
    let sold_down = shown("active", &[7]);
    assert_eq!(quantities(&course(&lower, Some(&sold_down), None, None)), [5]);
    lower.was_tried = true;
    assert_eq!(course(&lower, Some(&sold_down), None, None), Course::There);
    let raise = task(&[(5, 7)], Order::Set, "active");
    assert_eq!(course(&raise, Some(&sold_down), None, None), Course::There);

    let mut off = task(&[(9, 0)], Order::TakeOff, "active");
    is_stale(&course(&off, Some(&shown("inactive", &[9])), None, None), "is `inactive`");
    off.was_tried = true;
    assert_eq!(course(&off, Some(&shown("inactive", &[9])), None, None), Course::There);
}

#[test]
fn too_little_in_odoo_stops_what_goes_up() {
    let mixed = task(&[(9, 7), (1, 3)], Order::Set, "active");
    let now = shown("active", &[9, 1]);
    let short = course(&mixed, Some(&now), Some("Odoo has 2"), None);
    assert_eq!(quantities(&short), [7]);
    let Course::Write(wanted) = short else { panic!() };
    assert_eq!(wanted.words, "only what goes down was written: Odoo has 2");
    let raise = task(&[(1, 3)], Order::Set, "active");
    is_stale(&course(&raise, Some(&shown("active", &[1])), Some("Odoo has 2"), None), "Odoo has 2");
}

#[test]
fn a_listing_comes_back_only_untouched() {
    let order = |is_renewed| Order::PutOn { is_renewed, seen_updated_at: moment(100) };
    let mut back = task(&[(4, 6)], order(false), "inactive");
    let inactive = shown("inactive", &[4]);
    assert_eq!(quantities(&course(&back, Some(&inactive), None, None)), [6]);
    let later = Shown { updated_at: moment(200), ..inactive.clone() };
    is_stale(&course(&back, Some(&later), None, None), "edited");
    // the second half of what an earlier application did
    assert_eq!(quantities(&course(&back, Some(&later), None, Some(moment(200)))), [6]);
    back.was_tried = true;
    is_stale(&course(&back, Some(&later), None, None), "edited");
    let half = Shown { updated_at: moment(200), ..shown("inactive", &[6]) };
    assert_eq!(quantities(&course(&back, Some(&half), None, None)), [6]);
    assert_eq!(course(&back, Some(&shown("active", &[6])), None, None), Course::There);
    let mut renewed = task(&[(0, 6)], order(true), "sold_out");
    renewed.was_tried = true;
    assert_eq!(quantities(&course(&renewed, Some(&shown("active", &[1])), None, None)), [6]);
}
