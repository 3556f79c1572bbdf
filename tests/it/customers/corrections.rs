//! Addresses are corrected, written otherwise, withheld; orders are delivered, and people choose addresses themselves. An
//! order goes where its receipt says, unless it is delivered or a person has chosen.

use std::collections::BTreeMap;

use etsy_odoo::domain::{Clock as _, ReceiptId};
use etsy_odoo::sandbox::faults::FaultRule;
use etsy_odoo::sandbox::world::Address;

use super::{address, assert_settled, due, is_due, readdress, reasons, shipping};
use crate::faults::{every_fault, try_run};
use crate::support::House;

/// Street, town and post code in the form in which they are compared.
fn plain(parts: [&str; 3]) -> String {
    let words = parts.join("|").to_lowercase();
    words.chars().filter(|letter| letter.is_alphanumeric() || *letter == '|').collect()
}

async fn goes_to(house: &House, receipt: ReceiptId) -> (i32, String, bool) {
    let row = shipping(house, receipt).await;
    let word = |column: &str| row.get::<_, Option<String>>(column).unwrap_or_default();
    let follows = row.get::<_, Option<Vec<bool>>>("follows").unwrap_or_default();
    let there = plain([&word("street"), &word("city"), &word("zip")]);
    (row.get("id"), there, follows.into_iter().all(|follows| follows))
}

async fn deliver(house: &House, receipt: ReceiptId, status: &str) {
    let client = house.odoo_database.client().await;
    for statement in [
        "update stock_picking set state = 'done' where sale_id =
             (select id from sale_order where x_etsy_receipt_id = $1) and $2::text is not null",
        "update sale_order set delivery_status = $2 where x_etsy_receipt_id = $1",
    ] {
        client.execute(statement, &[&receipt.to_string(), &status]).await.unwrap();
    }
}

/// A person sends the order to a partner of the person's own.
async fn choose_another(house: &House, receipt: ReceiptId) -> i32 {
    let client = house.odoo_database.client().await;
    let row = client
        .query_one(
            "with friend as (
                 insert into res_partner (name, complete_name, type, active, autopost_bills)
                 values ('A friend', 'A friend', 'contact', true, 'ask') returning id
             ), sent as (
                 update sale_order set partner_shipping_id = friend.id from friend where x_etsy_receipt_id = $1
             ), parcel as (
                 update stock_picking set partner_id = friend.id from friend
                 where sale_id = (select id from sale_order where x_etsy_receipt_id = $1)
             )
             select id from friend",
            &[&receipt.to_string()],
        )
        .await
        .unwrap();
    row.get(0)
}

/// A person sends only what is to be delivered elsewhere.
async fn redirect_deliveries(house: &House, receipt: ReceiptId, partner: i32) {
    let client = house.odoo_database.client().await;
    client
        .execute(
            "update stock_picking set partner_id = $2
             where sale_id = (select id from sale_order where x_etsy_receipt_id = $1)",
            &[&receipt.to_string(), &partner],
        )
        .await
        .unwrap();
}

fn shouted(address: &Address) -> Address {
    Address {
        first_line: format!(" {} ", address.first_line.to_uppercase().replace(' ', "  ")),
        city: address.city.to_uppercase(),
        zip: address.zip.replace(' ', ""),
        ..address.clone()
    }
}

async fn address_of(house: &House, receipt: ReceiptId) -> Option<Address> {
    let world = house.pair.world.lock().await;
    world.receipts().iter().find(|one| one.receipt_id == receipt).unwrap().address.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_address_moves_its_order_and_what_has_not_left() {
    let house = House::new(30, 14, 1, 47).await;
    house.run().await;
    let receipts = due(&house).await;
    let [corrected, delivered, partly, chosen, redirected, ..] = receipts[..] else { panic!() };
    deliver(&house, delivered, "full").await;
    deliver(&house, partly, "partial").await;
    let friend = choose_another(&house, chosen).await;
    redirect_deliveries(&house, redirected, friend).await;
    let mut before = BTreeMap::new();
    for receipt in &receipts {
        before.insert(*receipt, goes_to(&house, *receipt).await.0);
    }
    let new = Address { first_line: "1 New Street".to_owned(), ..address("US", "OR") };
    for receipt in [corrected, delivered, partly, chosen, redirected] {
        readdress(&house, receipt, Some(new.clone())).await;
    }
    let (run, _) = house.run().await;
    let said = reasons(&house, run.id.0).await;
    for words in ["is delivered: it keeps", "is delivered in part", "changed on Etsy after"] {
        assert!(said.iter().any(|(_, reason)| reason.contains(words)), "{words}: {said:?}");
    }
    let (partner, there, follows) = goes_to(&house, corrected).await;
    assert_eq!((there.as_str(), follows), ("1newstreet|somewhere|97205", true));
    assert_ne!(partner, before[&corrected]);
    assert_eq!(goes_to(&house, chosen).await.0, friend);
    let (_, there, follows) = goes_to(&house, redirected).await;
    assert_eq!((there.as_str(), follows), ("1newstreet|somewhere|97205", false));
    for receipt in &receipts {
        if ![corrected, redirected].contains(receipt) {
            assert_eq!(goes_to(&house, *receipt).await.0, before[receipt], "{receipt}");
        }
    }
    // and back to the partner that is there already
    readdress(&house, partly, address_of(&house, delivered).await).await;
    house.run().await;
    assert_eq!(goes_to(&house, corrected).await.0, partner);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_was_faster_makes_the_change_stale() {
    let house = House::new(12, 14, 1, 53).await;
    house.run().await;
    let receipt = due(&house).await[0];
    readdress(&house, receipt, Some(address("US", "OR"))).await;
    let (run, planned) = house.plan().await;
    assert_eq!(planned.acts, 2, "the address, and the order that moves to it");
    let friend = choose_another(&house, receipt).await;
    house.apply(run.id).await.unwrap();
    house.end(run.id, 0).await;
    assert_eq!(goes_to(&house, receipt).await.0, friend);
    let row = house
        .ours
        .client()
        .await
        .query_one(
            "select state, said from journal.decision_state where run_id = $1 and action = 'change_address'",
            &[&run.id.0],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, String>("state"), "stale");
    assert!(row.get::<_, String>("said").contains("another address since the plan"));
    assert_settled(&house, "the person's choice stands").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odoo_may_fail_at_any_call_of_a_change() {
    let house = House::new(12, 14, 1, 71).await;
    house.run().await;
    let receipt = due(&house).await[0];
    let faults = house.pair.options.odoo.faults.clone();
    let mut struck = 0;
    for nth in 1..=7 {
        for (number, fault) in every_fault().into_iter().enumerate() {
            let round = format!("call {nth}, {fault:?}");
            let street = format!("{nth}{number} New Street");
            let new = Address { first_line: street.clone(), ..address("US", "OR") };
            readdress(&house, receipt, Some(new)).await;
            let before = faults.struck();
            faults.replace(vec![FaultRule::nth("", nth, fault)]);
            try_run(&house).await;
            struck += faults.struck() - before;
            faults.replace(Vec::new());
            assert!(try_run(&house).await, "{round}: the run after the fault failed");
            let (_, there, follows) = goes_to(&house, receipt).await;
            assert_eq!((there, follows), (plain([&street, "Somewhere", "97205"]), true), "{round}");
            assert_settled(&house, &round).await;
        }
    }
    assert!(struck > 40, "only {struck} calls were struck");
}

/// What a round does to one receipt.
fn happen(random: &mut fastrand::Rng, number: usize, now: Option<&Address>) -> Option<Address> {
    match (random.u8(0..10), now) {
        (0..=1, _) => None,
        (2..=4, Some(now)) => Some(shouted(now)),
        // a house that several receipts may move to, so that partners are met again
        _ => Some(Address {
            first_line: format!("{} Second Street", number % 5 + 1),
            ..address("US", "OR")
        }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_any_corrections_each_order_goes_where_its_receipt_says() {
    let mut changes = 0;
    for seed in [59, 61, 67] {
        let mut random = fastrand::Rng::with_seed(seed);
        let house = House::new(14, 14, 1, seed).await;
        let mut expected: BTreeMap<ReceiptId, Option<String>> = BTreeMap::new();
        let mut settled: BTreeMap<ReceiptId, i32> = BTreeMap::new();
        for round in 0..5 {
            if random.bool() {
                house.pair.world.lock().await.buy(2, house.clock.now());
            }
            house.clock.advance(chrono::TimeDelta::minutes(2));
            house.run().await;
            let receipts: Vec<(ReceiptId, Option<Address>)> = {
                let world = house.pair.world.lock().await;
                let due = world.receipts().iter().filter(|one| is_due(one));
                due.map(|one| (one.receipt_id, one.address.clone())).collect()
            };
            for (receipt, address) in &receipts {
                let (partner, there, follows) = goes_to(&house, *receipt).await;
                let name = format!("seed {seed}, round {round}, receipt {receipt}");
                if let Some(frozen) = settled.get(receipt) {
                    assert_eq!(partner, *frozen, "{name}");
                    continue;
                }
                if let Some(address) = address {
                    let asked = plain([&address.first_line, &address.city, &address.zip]);
                    expected.insert(*receipt, Some(asked));
                }
                // withheld: where it went before, and to the buyer if it never had an address
                let known = expected.entry(*receipt).or_insert(None);
                if let Some(known) = known {
                    assert_eq!(*known, there, "{name}");
                }
                assert!(follows, "{name}");
            }
            assert_settled(&house, &format!("seed {seed}, round {round}")).await;
            for (receipt, address) in &receipts {
                match random.u8(0..12) {
                    0 if !settled.contains_key(receipt) => {
                        deliver(&house, *receipt, "full").await;
                        settled.insert(*receipt, goes_to(&house, *receipt).await.0);
                    }
                    1 if !settled.contains_key(receipt) => {
                        settled.insert(*receipt, choose_another(&house, *receipt).await);
                    }
                    2..=6 => {
                        let number = random.usize(0..20);
                        let next = happen(&mut random, number, address.as_ref());
                        readdress(&house, *receipt, next).await;
                    }
                    _ => {}
                }
            }
        }
        changes += applied_changes(&house).await;
    }
    assert!(changes > 25, "only {changes} addresses were changed");
}

async fn applied_changes(house: &House) -> i64 {
    let client = house.ours.client().await;
    let row = client
        .query_one(
            "select count(*) from journal.decision_state where action = 'change_address' and state = 'applied'",
            &[],
        )
        .await
        .unwrap();
    row.get(0)
}
