//! Answers that are lost, and what holds for every call.

use etsy_odoo::domain::Trouble;
use etsy_odoo::plan::Action;
use etsy_odoo::sandbox::faults::{Fault, FaultRule};

use super::market::{Market, applied};
use crate::faults::every_fault;

const PUT: &str = "PUT /v3/application/listings";

fn has_effect(fault: &Fault) -> bool {
    match fault {
        Fault::Status { after_effect, .. } => *after_effect,
        Fault::ResetAfter | Fault::Truncated => true,
        Fault::ResetBefore | Fault::Delay { .. } | Fault::LateAnswer { .. } | Fault::Html => false,
    }
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_looking() {
    let market = Market::open().await;
    let ids = market.plain().await;
    for fault in every_fault() {
        let mut actions = Vec::new();
        for id in &ids[..2] {
            actions.push(Action::RaiseInventory(market.set(*id, |seen| seen + 1).await));
        }
        let Action::RaiseInventory(first) = actions[0].clone() else { panic!() };
        let on = format!("{PUT}/{}", ids[0]);
        market.strike(vec![FaultRule::nth(on, 1, fault.clone())]);
        let fates = market.apply(actions).await;
        market.strike(Vec::new());
        assert_eq!(fates, [applied(""), applied("")], "{fault:?}");
        assert_eq!(market.quantities(ids[0]).await[""], first.offerings[0].wanted, "{fault:?}");
        // what had its effect is not written again
        let puts = if has_effect(&fault) { 2 } else { 3 };
        assert_eq!(market.calls(PUT).await, puts, "{fault:?}");
        market.wait();
    }
}

#[tokio::test]
async fn a_listing_that_etsy_never_answers_about_stays_unknown() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let raise = market.set(ids[0], |seen| seen + 1).await;
    let other = market.set(ids[1], |seen| seen + 1).await;
    let plan =
        market.plan(vec![Action::RaiseInventory(raise), Action::RaiseInventory(other)]).await;
    let on = format!("{PUT}/{}", ids[0]);
    market.strike(vec![FaultRule::every(on, 1, Fault::ResetBefore)]);
    market.apply_again(plan).await.unwrap();
    let fates = market.fates(plan).await;
    assert_eq!((fates[0].state.as_str(), &fates[1]), ("unknown", &applied("")), "{fates:?}");
    market.strike(Vec::new());
    market.apply_again(plan).await.unwrap();
    assert_eq!(market.fates(plan).await, [applied(""), applied("")]);
}

#[tokio::test]
async fn what_holds_for_every_call_ends_the_application() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let daily = r#"{"error": "Exceeded daily rate limit"}"#;
    let scope = r#"{"error": "insufficient_scope", "error_description": "Insufficient scope"}"#;
    for (code, body, trouble) in
        [(403, scope, Trouble::NeedsPerson), (429, daily, Trouble::TryAgain)]
    {
        let mut actions = Vec::new();
        for id in &ids[..3] {
            actions.push(Action::RaiseInventory(market.set(*id, |seen| seen + 1).await));
        }
        let plan = market.plan(actions).await;
        let fault = Fault::Status { code, body: body.to_owned(), after_effect: false };
        market.strike(vec![FaultRule::every(PUT, 1, fault)]);
        let error = market.apply_again(plan).await.unwrap_err();
        market.strike(Vec::new());
        assert_eq!(error.advice().trouble, trouble, "{error}");
        for fate in market.fates(plan).await {
            assert!(fate.state == "refused" && fate.said.starts_with("not written: "), "{fate:?}");
        }
        if code == 429 {
            // the limiter lets nobody call before the day has calls again
            assert!(market.apply_again(plan).await.is_err());
            return;
        }
        // and later it goes on where it stopped
        market.wait();
        market.apply_again(plan).await.unwrap();
        assert!(market.fates(plan).await.iter().all(|fate| *fate == applied("")));
        market.wait();
    }
}

/// A second a token may live: it is renewed in the middle, once.
#[tokio::test]
async fn a_token_that_ends_in_between_is_renewed() {
    let market = Market::open().await;
    let ids = market.plain().await;
    let raise = market.set(ids[0], |seen| seen + 1).await;
    let expired = r#"{"error": "invalid_token", "error_description": "access token is expired"}"#;
    let fault = Fault::Status { code: 401, body: expired.to_owned(), after_effect: false };
    market.strike(vec![FaultRule::nth(PUT, 1, fault)]);
    let fates = market.apply(vec![Action::RaiseInventory(raise)]).await;
    assert_eq!(fates, [applied("")]);
    assert_eq!(market.calls("oauth/token").await, 1);
}
