//! Quantities that a plan sets: what is written, what is not, and why.

use etsy_odoo::plan::{Action, StockSeen};
use etsy_odoo::sandbox::etsy::Quirks;
use etsy_odoo::sandbox::world::Edit;
use rust_decimal::Decimal;

use super::market::{Fate, Market, applied, buys, edits};
use etsy_odoo::sandbox::faults::{Fault, FaultRule};

const PUT: &str = "PUT /v3/application/listings";
const BATCH: &str = "GET /v3/application/listings/batch/inventory";
const RECEIPTS: &str = "/receipts";
const PATCH: &str = "PATCH /v3/application/shops";

fn is_stale(fate: &Fate, words: &str) {
    assert!(fate.state == "stale" && fate.said.contains(words), "{words}: {fate:?}");
}

#[tokio::test]
async fn quantities_are_set_and_nothing_else_changes() {
    let market = Market::open().await;
    let ids = market.varied().await;
    assert!(ids.len() > 3, "{ids:?}");
    let mut before = Vec::new();
    for id in &ids {
        before.push(market.content(*id).await);
    }
    let mut actions = Vec::new();
    for (number, id) in ids.iter().enumerate() {
        let lower = market.set(*id, |seen| if seen > 1 { seen - 1 } else { seen }).await;
        let higher = market.set(*id, |seen| (seen + 3).min(999)).await;
        actions.push(match number % 2 {
            0 => Action::LowerInventory(lower),
            _ => Action::RaiseInventory(higher),
        });
    }
    let (calls, groups) = (u64::try_from(ids.len()).unwrap(), 2);
    let fates = market.apply(actions.clone()).await;
    assert!(fates.iter().all(|fate| *fate == applied("")), "{fates:?}");
    for (id, before) in ids.iter().zip(before) {
        assert_eq!(market.content(*id).await, before, "listing {id}");
    }
    for action in actions {
        let (Action::LowerInventory(set) | Action::RaiseInventory(set)) = action else { panic!() };
        let now = market.quantities(set.listing_id).await;
        assert!(set.offerings.iter().all(|it| now[&it.variant_key] == it.wanted), "{now:?}");
        let written = market.written(set.listing_id).await;
        assert_eq!(written.len(), set.offerings.len());
        let first = format!("{0} of {0}, active", set.offerings[0].wanted);
        assert!(written.contains(&first), "{written:?}");
    }
    assert_eq!(market.calls(PUT).await, calls);
    // two looks at each group; the others are this test's own
    let looks = market.calls(BATCH).await - calls;
    assert_eq!((looks, market.calls(RECEIPTS).await), (2 * groups, groups));
}

#[tokio::test]
async fn a_plan_without_quantities_asks_nothing_of_etsy() {
    let market = Market::open().await;
    market.apply(Vec::new()).await;
    assert_eq!(market.calls("").await, 0);
}

#[tokio::test]
async fn sixty_listings_are_three_groups() {
    let market = Market::with(200, Quirks::default()).await;
    let ids: Vec<i64> = market.plain().await.into_iter().take(60).collect();
    let mut actions = Vec::new();
    for id in &ids {
        actions.push(Action::RaiseInventory(market.set(*id, |seen| seen + 1).await));
    }
    assert_eq!(actions.len(), 60);
    let fates = market.apply(actions).await;
    assert!(fates.iter().all(|fate| *fate == applied("")), "{fates:?}");
    let calls = (market.calls(PUT).await, market.calls(BATCH).await, market.calls(RECEIPTS).await);
    assert_eq!(calls, (60, 6, 3));
}

#[tokio::test]
async fn what_etsy_shows_already_is_not_written() {
    let market = Market::open().await;
    let id = market.plain().await[0];
    let raise = market.set(id, |seen| seen + 4).await;
    let there = raise.offerings[0].wanted;
    market.edit(id, Edit::Quantity(0, there.into())).await;
    let fates = market.apply(vec![Action::RaiseInventory(raise)]).await;
    assert_eq!(fates, [applied("Etsy shows it already")]);
    assert_eq!(market.calls(PUT).await, 0);
    assert_eq!(market.written(id).await, [format!("{there} of {there}, active")]);
}

#[tokio::test]
async fn what_was_sold_since_the_plan_is_taken_off() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let (lowered, raised) = (ids[0], ids[1]);
    market.edit(lowered, Edit::Quantity(0, 9)).await;
    market.edit(raised, Edit::Quantity(0, 5)).await;
    let lower = market.set(lowered, |_| 6).await;
    let raise = market.set(raised, |_| 8).await;
    market.wait();
    market.buy(lowered, 0, 2).await;
    market.buy(raised, 0, 1).await;
    market.wait();
    let fates =
        market.apply(vec![Action::LowerInventory(lower), Action::RaiseInventory(raise)]).await;
    assert_eq!(
        fates,
        [applied("2 of it were sold since the plan"), applied("1 of it were sold since the plan")]
    );
    assert_eq!(market.quantities(lowered).await[""], 4);
    assert_eq!(market.quantities(raised).await[""], 7);
    assert_eq!(market.written(lowered).await, ["4 of 4, active"]);
}

/// Sold down to what was wanted is not there already: what was sold is still to be taken off.
#[tokio::test]
async fn as_many_as_wanted_may_be_too_many() {
    let market = Market::open().await;
    let id = market.plain().await[0];
    market.edit(id, Edit::Quantity(0, 9)).await;
    let lower = market.set(id, |_| 7).await;
    market.wait();
    market.buy(id, 0, 2).await;
    market.wait();
    market.apply(vec![Action::LowerInventory(lower)]).await;
    assert_eq!(market.quantities(id).await[""], 5);
}

#[tokio::test]
async fn what_is_sold_between_the_look_and_the_write_is_taken_off_again() {
    let market = Market::open().await;
    let ids = market.varied().await;
    for (number, event) in [(0, 1), (1, 1), (2, 2)] {
        let id = ids[number];
        let lower = market.set(id, |seen| if seen > 5 { seen - 1 } else { seen }).await;
        let raise = market.set(id, |seen| if seen > 2 { seen + 1 } else { seen }).await;
        let first = market.shown(id).await.2;
        let first = first.offerings().next().unwrap();
        let (key, there) = (first.variant_key.to_owned(), first.quantity);
        assert!(there > 2, "{there}");
        // before the write, or before the second look
        let before = if event == 1 { PUT } else { BATCH };
        market.events.before(before, event, buys(id, 2));
        let action = if number == 0 && !lower.offerings.is_empty() {
            Action::LowerInventory(lower.clone())
        } else {
            Action::RaiseInventory(raise.clone())
        };
        let (Action::LowerInventory(set) | Action::RaiseInventory(set)) = &action else { panic!() };
        let wanted =
            set.offerings.iter().find(|it| it.variant_key == key).map_or(there, |it| it.wanted);
        let fates = market.apply(vec![action]).await;
        assert_eq!(market.events.waiting(), 0);
        assert_eq!(fates[0].state, "applied", "{fates:?}");
        assert_eq!(market.quantities(id).await[&key], wanted - 2, "listing {id}, event {event}");
        let puts = market.calls(PUT).await;
        assert_eq!(puts, if event == 1 { 2 } else { 1 });
        let words = "units that were sold in between were taken off again";
        assert_eq!(fates[0].said == words, event == 1, "{fates:?}");
        market.wait();
    }
}

#[tokio::test]
async fn a_listing_that_its_seller_edited_is_left() {
    let market = Market::open().await;
    let ids = market.varied().await;
    let (more, gone, hidden, renamed) = (ids[0], ids[1], ids[2], ids[3]);
    let plain = market.plain().await;
    let (off, deleted, kept) = (plain[0], plain[1], plain[2]);
    let mut actions = Vec::new();
    for id in [more, gone, hidden, renamed, off, deleted, kept] {
        actions.push(Action::LowerInventory(market.set(id, |seen| seen.min(1)).await));
    }
    market.edit(more, Edit::Quantity(0, 500)).await;
    market.edit(gone, Edit::Drop(0)).await;
    market.edit(hidden, Edit::Hide(0)).await;
    market.edit(renamed, Edit::Title("Another title".to_owned())).await;
    market.edit(off, Edit::Deactivate).await;
    market.edit(deleted, Edit::Remove).await;
    let fates = market.apply(actions).await;
    is_stale(&fates[0], "its seller has edited it: 500 of");
    is_stale(&fates[1], "is not on the listing any more");
    is_stale(&fates[2], "is hidden");
    assert_eq!(fates[3], applied(""), "a title is no quantity");
    is_stale(&fates[4], "the listing is `inactive` on Etsy now, the plan saw `active`");
    is_stale(&fates[5], "the listing is gone from Etsy");
    assert_eq!(fates[6], applied(""), "and its neighbours are written");
    assert_eq!(market.calls(PUT).await, 2);
    assert!(market.written(more).await.is_empty());
}

#[tokio::test]
async fn a_listing_that_cannot_be_written_back_is_left() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let lower = market.set(ids[0], |seen| seen - 1).await;
    let neighbour = market.set(ids[1], |seen| seen - 1).await;
    market.edit(ids[0], Edit::Sku(0, "A&amp;B".to_owned())).await;
    let fates =
        market.apply(vec![Action::LowerInventory(lower), Action::LowerInventory(neighbour)]).await;
    is_stale(&fates[0], "cannot be written back any more: a SKU is written with HTML entities");
    assert_eq!(fates[1], applied(""));
}

/// Etsy takes no inventory without pieces, and what is left must not be sold until the next run comes.
#[tokio::test]
async fn a_listing_of_which_nothing_would_be_left_is_taken_off_sale() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let (early, late) = (ids[0], ids[1]);
    let mut actions = Vec::new();
    for id in [early, late] {
        market.edit(id, Edit::Quantity(0, 6)).await;
        actions.push(Action::LowerInventory(market.set(id, |_| 2).await));
    }
    market.wait();
    // before it is looked at, and between that look and the write
    market.buy(early, 0, 3).await;
    market.events.before(PUT, 1, buys(late, 3));
    let fates = market.apply(actions).await;
    let words = "that leaves nothing: it was taken off sale";
    assert_eq!(fates[0], applied(&format!("3 of it were sold since the plan; {words}")));
    assert_eq!(
        fates[1],
        applied(&format!("units that were sold in between were taken off again; {words}"))
    );
    assert_eq!((market.calls(PUT).await, market.calls(PATCH).await), (1, 2));
    for (id, left) in [(early, 3), (late, 2)] {
        assert_eq!(market.state(id).await, "inactive");
        assert_eq!(market.written(id).await, [format!("{left} of 0, inactive")]);
    }
    // it is off sale because of us, and comes back
    market.wait();
    let back = market.back(late, 4, false).await;
    assert_eq!(market.apply(vec![back]).await, [applied("")]);
    assert_eq!(market.quantities(late).await[""], 4);
}

#[tokio::test]
async fn a_refusal_is_told_in_etsys_words_with_the_remedy() {
    let market = Market::open().await;
    let ids = market.plain().await;
    for (fault, words) in [
        (
            (400, "One offering must have quantity greater than 0"),
            "Etsy answers 400: One offering must have quantity greater than 0 (Etsy takes no listing without a piece",
        ),
        (
            (409, "There was a request conflict with the current state of the target resource."),
            "of the target resource. (the listing changed while it was being written; the next run reads it again",
        ),
        ((404, "Could not find a listing"), "Etsy answers 404"),
    ] {
        let mut actions = Vec::new();
        for id in &ids[..2] {
            actions.push(Action::RaiseInventory(market.set(*id, |seen| seen + 1).await));
        }
        let before = market.quantities(ids[0]).await;
        let body = serde_json::json!({ "error": fault.1 }).to_string();
        let refuse = Fault::Status { code: fault.0, body, after_effect: false };
        let on = format!("PUT /v3/application/listings/{}", ids[0]);
        market.strike(vec![FaultRule::nth(on, 1, refuse)]);
        let fates = market.apply(actions).await;
        market.strike(Vec::new());
        assert!(fates[0].state == "refused" && fates[0].said.contains(words), "{:?}", fates[0]);
        assert_eq!(fates[1], applied(""));
        assert_eq!(market.quantities(ids[0]).await, before);
        market.wait();
    }
    // gone just before it is written
    let raise = market.set(ids[0], |seen| seen + 1).await;
    market.events.before(PUT, 1, edits(ids[0], Edit::Remove));
    let fates = market.apply(vec![Action::RaiseInventory(raise)]).await;
    assert!(fates[0].state == "refused" && fates[0].said.contains("404"), "{fates:?}");
}

#[tokio::test]
async fn what_was_changed_at_the_same_time_is_told() {
    let market = Market::open().await;
    let id = market.plain().await[0];
    let raise = market.set(id, |seen| seen + 1).await;
    market.events.before(BATCH, 2, edits(id, Edit::Price(0, 123_400)));
    let fates = market.apply(vec![Action::RaiseInventory(raise)]).await;
    assert_eq!(fates[0].state, "unknown");
    assert!(fates[0].said.contains("but the price of the listing is another"), "{fates:?}");
    market.wait();
    let raise = market.set(id, |seen| seen + 1).await;
    market.events.before(BATCH, 2, edits(id, Edit::Quantity(0, 400)));
    let fates = market.apply(vec![Action::RaiseInventory(raise)]).await;
    assert!(
        fates[0].state == "unknown" && fates[0].said.contains("Etsy shows 400 of"),
        "{fates:?}"
    );
}

/// The reference lets the batch be silent about processing profiles; writing that back would take them away.
#[tokio::test]
async fn processing_profiles_survive_a_batch_that_hides_them() {
    let quirks = Quirks { batch_hides_readiness: true, ..Quirks::default() };
    let market = Market::with(32, quirks).await;
    let id = market.varied().await[0];
    let before = market.content(id).await;
    assert!(before.pointer("/products/0/offerings/0/readiness_state_id").unwrap().is_i64());
    let lower = market.set(id, |seen| seen.min(1)).await;
    let fates = market.apply(vec![Action::LowerInventory(lower)]).await;
    assert_eq!(fates, [applied("")]);
    assert_eq!(market.content(id).await, before);
}

#[tokio::test]
async fn where_odoo_has_less_than_the_plan_saw_nothing_goes_up() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let row = market
        .house
        .odoo_database
        .client()
        .await
        .query_one(
            "select quant.product_id, warehouse.id, sum(quant.quantity)::numeric
             from stock_quant as quant
             join stock_warehouse as warehouse on warehouse.lot_stock_id = quant.location_id
             where quant.quantity > 5 group by 1, 2 order by 1 limit 1",
            &[],
        )
        .await
        .unwrap();
    let (product_id, warehouse): (i32, i32) = (row.get(0), row.get(1));
    let on_hand: Decimal = row.get(2);
    let stocked = |mut set: etsy_odoo::plan::SetInventory, available| {
        set.stock = vec![StockSeen { product_id, available }];
        set.warehouse_ids = vec![warehouse];
        set.basis = etsy_odoo::domain::StockBasis::OnHand;
        set
    };
    let raise = market.set(ids[0], |seen| seen + 1).await;
    let too_high = market.set(ids[1], |seen| seen + 1).await;
    let lower = market.set(ids[2], |seen| seen - 1).await;
    let fates = market
        .apply(vec![
            Action::RaiseInventory(stocked(raise, on_hand)),
            Action::RaiseInventory(stocked(too_high, on_hand + Decimal::ONE)),
            Action::LowerInventory(stocked(lower, on_hand + Decimal::TEN)),
        ])
        .await;
    assert_eq!(fates[0], applied(""));
    is_stale(&fates[1], &format!("Odoo has {} of product {product_id} now", on_hand.normalize()));
    assert_eq!(fates[2], applied(""), "fewer are right in any case");
}
