//! Killed at every call, and run again: what was meant is there once, whatever was done before.

use std::sync::Arc;

use etsy_odoo::domain::RunId;
use etsy_odoo::plan::Action;
use tokio::sync::Notify;

use super::market::Market;

/// One of each action, and what is to be seen after them.
async fn prepare(market: &Market) -> (RunId, Vec<(i64, &'static str, Option<i32>)>) {
    let ids = market.plain().await;
    let [lowered, raised, off, back, renewed] = [ids[0], ids[1], ids[2], ids[3], ids[4]];
    let there = market.quantities(renewed).await[""];
    market.buy(renewed, 0, there.into()).await;
    let early = market.set(back, |_| 0).await;
    market.apply(vec![Action::DeactivateListing(early)]).await;
    market.wait();
    let plan = market
        .plan(vec![
            Action::DeactivateListing(market.set(off, |_| 0).await),
            Action::LowerInventory(market.set(lowered, |_| 2).await),
            Action::RaiseInventory(market.set(raised, |_| 400).await),
            market.back(back, 7, false).await,
            market.back(renewed, 9, true).await,
        ])
        .await;
    let expected = vec![
        (off, "inactive", None),
        (lowered, "active", Some(2)),
        (raised, "active", Some(400)),
        (back, "active", Some(7)),
        (renewed, "active", Some(9)),
    ];
    market.forget_calls().await;
    (plan, expected)
}

async fn assert_done(
    market: &Market,
    plan: RunId,
    expected: &[(i64, &'static str, Option<i32>)],
    when: &str,
) {
    let fates = market.fates(plan).await;
    assert!(fates.iter().all(|fate| fate.state == "applied"), "{when}: {fates:#?}");
    for (id, state, quantity) in expected {
        assert_eq!(market.state(*id).await, *state, "{when}: listing {id}");
        if let Some(quantity) = quantity {
            assert_eq!(market.quantities(*id).await[""], *quantity, "{when}: listing {id}");
        }
        assert!(!market.written(*id).await.is_empty(), "{when}: listing {id}");
    }
}

#[tokio::test]
async fn killed_at_every_call_and_run_again() {
    let market = Market::open().await;
    let (plan, expected) = prepare(&market).await;
    market.apply_again(plan).await.unwrap();
    let calls = market.calls("").await;
    assert!(calls > 15, "{calls}");
    assert_done(&market, plan, &expected, "unharmed").await;
    for call in 1..=calls {
        let market = Market::open().await;
        let (plan, expected) = prepare(&market).await;
        let killed = Arc::new(Notify::new());
        let kill = Arc::clone(&killed);
        // the call is made; whoever made it does not hear the answer
        market.events.before("", call, move |_, _| kill.notify_one());
        tokio::select! {
            biased;
            () = killed.notified() => {}
            ended = market.apply_again(plan) => panic!("ended before call {call}: {ended:?}"),
        }
        market.wait();
        market.apply_again(plan).await.unwrap();
        assert_done(&market, plan, &expected, &format!("killed at call {call}")).await;
    }
}
