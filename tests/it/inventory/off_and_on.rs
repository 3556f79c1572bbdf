//! Listings that go off sale because nothing is left, and come back.

use etsy_odoo::plan::Action;
use etsy_odoo::sandbox::etsy::Quirks;
use etsy_odoo::sandbox::world::Edit;

use super::market::{Market, applied, edits};

const PUT: &str = "PUT /v3/application/listings";
const PATCH: &str = "PATCH /v3/application/shops";

#[tokio::test]
async fn a_listing_goes_off_sale_and_comes_back_with_the_right_quantities_first() {
    for inactive_reads_as_edit in [false, true] {
        let market = Market::with(32, Quirks { inactive_reads_as_edit, ..Quirks::default() }).await;
        let id = market.plain().await[0];
        let (content, there) = (market.content(id).await, market.quantities(id).await[""]);
        let off = market.set(id, |_| 0).await;
        assert_eq!(market.apply(vec![Action::DeactivateListing(off)]).await, [applied("")]);
        assert_eq!((market.calls(PUT).await, market.calls(PATCH).await), (0, 1));
        let word = if inactive_reads_as_edit { "edit" } else { "inactive" };
        assert_eq!(market.state(id).await, word);
        assert_eq!(market.written(id).await, [format!("{there} of 0, inactive")]);
        market.wait();

        let mut back = market.back(id, 7, false).await;
        if let Action::ReactivateListing(back) = &mut back {
            back.inventory.seen_state = "inactive".to_owned();
        }
        // with the old quantities it is never on sale
        market.events.before(PATCH, 1, move |world, _| {
            let shelved = world.edit_listing(
                id,
                Edit::Activate,
                etsy_odoo::domain::Clock::now(&etsy_odoo::domain::SystemClock),
            );
            assert!(shelved);
            let there = world.shelves().into_iter().find(|it| it.listing_id == id).unwrap();
            assert_eq!(there.quantities, [7]);
            let now = etsy_odoo::domain::Clock::now(&etsy_odoo::domain::SystemClock);
            assert!(world.edit_listing(id, Edit::Deactivate, now));
        });
        assert_eq!(market.apply(vec![back]).await, [applied("")]);
        assert_eq!((market.calls(PUT).await, market.calls(PATCH).await), (1, 1));
        assert_eq!(
            (market.state(id).await.as_str(), market.quantities(id).await[""]),
            ("active", 7)
        );
        assert_eq!(market.written(id).await, ["7 of 7, active"]);
        assert_eq!(market.content(id).await, content);
        assert_eq!(market.fees().await, 0, "no fee: it had not sold out");
    }
}

#[tokio::test]
async fn a_listing_that_is_not_as_the_plan_saw_stays_as_it_is() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let (sold, raised, touched) = (ids[0], ids[1], ids[2]);
    let there = market.quantities(sold).await[""];
    let off = |id| market.set(id, |_| 0);
    let actions = vec![
        Action::DeactivateListing(off(sold).await),
        Action::DeactivateListing(off(raised).await),
    ];
    market.wait();
    market.buy(sold, 0, there.into()).await;
    market.edit(raised, Edit::Quantity(0, 300)).await;
    let fates = market.apply(actions).await;
    assert!(fates[0].said.contains("is `sold_out` on Etsy now"), "{fates:?}");
    assert!(fates[1].said.contains("its seller has edited it: 300"), "{fates:?}");
    assert!(fates.iter().all(|fate| fate.state == "stale"), "{fates:?}");
    assert_eq!(market.calls(PATCH).await, 0);

    market.apply(vec![Action::DeactivateListing(off(touched).await)]).await;
    market.wait();
    let back = market.back(touched, 4, false).await;
    market.wait();
    market.edit(touched, Edit::Title("I am working on it".to_owned())).await;
    let fates = market.apply(vec![back]).await;
    assert!(
        fates[0].state == "stale" && fates[0].said.contains("its seller has edited"),
        "{fates:?}"
    );
    assert_eq!((market.calls(PUT).await, market.calls(PATCH).await), (0, 0));
}

/// A variant that the plan knew nothing of may have pieces.
#[tokio::test]
async fn a_listing_with_something_left_is_not_taken_off() {
    let market = Market::open().await;
    let id = market.varied().await[0];
    let mut off = market.set(id, |_| 0).await;
    let left = off.offerings.pop().unwrap();
    let fates = market.apply(vec![Action::DeactivateListing(off)]).await;
    let words =
        format!("{} of `{}` are for sale, and the plan saw none", left.seen, left.variant_key);
    assert!(fates[0].state == "stale" && fates[0].said == words, "{fates:?}");
}

#[tokio::test]
async fn a_sold_out_listing_is_renewed_for_one_fee() {
    let market = Market::open().await;
    let ids = market.plain().await;
    for id in &ids[..2] {
        let there = market.quantities(*id).await[""];
        market.buy(*id, 0, there.into()).await;
        assert_eq!(market.state(*id).await, "sold_out");
    }
    market.wait();
    let mut actions = Vec::new();
    for id in &ids[..2] {
        actions.push(market.back(*id, 12, true).await);
    }
    // somebody is quick and buys the piece that Etsy puts there
    let quick = ids[1];
    market.events.before(format!("{PUT}/{quick}"), 1, move |world, now| {
        world.buy_units(quick, 0, 1, now).unwrap();
    });
    let fees = market.fees().await;
    let fates = market.apply(actions).await;
    assert_eq!(fates[0], applied(""), "{fates:?}");
    assert_eq!(
        (market.state(ids[0]).await.as_str(), market.quantities(ids[0]).await[""]),
        ("active", 12)
    );
    assert_eq!(market.quantities(quick).await[""], 11);
    let words = "Etsy shows the listing as `sold_out`, not `active`";
    assert!(fates[1].state == "unknown" && fates[1].said == words, "{fates:?}");
    assert_eq!(market.calls(PATCH).await, 2);
    assert_eq!(market.fees().await - fees, 2);
    market.wait();
    let again = market.back(ids[0], 12, true).await;
    market.edit(ids[0], Edit::Deactivate).await;
    let fates = market.apply(vec![again]).await;
    assert_eq!(fates[0].state, "stale", "{fates:?}");
}

/// Which listings are sold out is not read in every run; what a write met is remembered until then.
#[tokio::test]
async fn a_listing_that_turns_out_to_be_sold_out_is_remembered() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let (raised, off) = (ids[0], ids[1]);
    let actions = vec![
        Action::RaiseInventory(market.set(raised, |seen| seen + 2).await),
        Action::DeactivateListing(market.set(off, |_| 0).await),
    ];
    market.wait();
    for id in [raised, off] {
        let there = market.quantities(id).await[""];
        market.buy(id, 0, there.into()).await;
    }
    let fates = market.apply(actions).await;
    assert!(fates.iter().all(|fate| fate.state == "stale"), "{fates:?}");
    assert_eq!((market.calls(PUT).await, market.calls(PATCH).await), (0, 0));
    for id in [raised, off] {
        assert_eq!(market.written(id).await, ["0 of 0, sold_out"]);
    }
}

#[tokio::test]
async fn a_listing_that_vanishes_in_between_is_refused() {
    let market = Market::open().await;
    let id = market.plain().await[0];
    let off = market.set(id, |_| 0).await;
    market.events.before(PATCH, 1, edits(id, Edit::Remove));
    let fates = market.apply(vec![Action::DeactivateListing(off)]).await;
    assert!(fates[0].state == "refused" && fates[0].said.contains("404"), "{fates:?}");
}
