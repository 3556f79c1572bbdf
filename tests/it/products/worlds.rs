//! Sellers who rename, re-price, re-number and share whatever they like: after a run, a second plan writes nothing, and
//! what Odoo owns is as it was.

use std::collections::BTreeMap;

use etsy_odoo::sandbox::world::{Edit, Shelved};
use etsy_odoo::shop::{self, FieldOwner};

use super::{Product, decisions, later, outcomes, products, shelves};
use crate::support::House;

/// What a policy gives to Etsy.
#[expect(clippy::struct_excessive_bools, reason = "each field has an owner of its own")]
#[derive(Debug, Clone, Copy)]
struct Owned {
    name: bool,
    description: bool,
    sku: bool,
    price: bool,
}

async fn any_policy(house: &House, dice: &mut fastrand::Rng) -> Owned {
    let owned =
        Owned { name: dice.bool(), description: dice.bool(), sku: dice.bool(), price: dice.bool() };
    let owner = |is_etsys: bool| if is_etsys { FieldOwner::Etsy } else { FieldOwner::Odoo };
    for mut shop in house.shops().await {
        shop.policy.product_name = owner(owned.name);
        shop.policy.product_description = owner(owned.description);
        shop.policy.product_sku = owner(owned.sku);
        shop.policy.product_price = owner(owned.price);
        shop::set_policy(&house.warehouse, shop.id, &shop.policy).await.unwrap();
    }
    owned
}

/// An edit that makes trouble more often than sellers do: SKUs are taken from others, given up, and taken back.
fn any_edit(dice: &mut fastrand::Rng, shelves: &[Shelved], known: &[String]) -> (i64, Edit) {
    let listing = dice.choice(shelves).unwrap();
    let variant = dice.usize(..listing.skus.len());
    let number = dice.u32(1..500);
    let edit = match dice.usize(..10) {
        0 => Edit::Title(format!("{} ({number})", listing.title)),
        1 => Edit::Description(format!("Made {number} times.\n\n<Again & again>")),
        2 | 3 => Edit::Price(variant, i64::from(number) * 10),
        4 => Edit::Sku(variant, format!("NEW-{number}")),
        5 => Edit::Sku(variant, String::new()),
        6 => Edit::Expire,
        _ => Edit::Sku(variant, dice.choice(known).unwrap().clone()),
    };
    (listing.listing_id, edit)
}

/// What Odoo owns of the products that were there is as it was, and every product is of one SKU.
fn expect_ownership(owned: Owned, before: &BTreeMap<i32, Product>, after: &BTreeMap<i32, Product>) {
    for (id, was) in before {
        let is = &after[id];
        let expected = Product {
            name: if owned.name { is.name.clone() } else { was.name.clone() },
            description: if owned.description { is } else { was }.description.clone(),
            sku: if owned.sku { is.sku.clone() } else { was.sku.clone() },
            price: if owned.price { is.price } else { was.price },
            ..was.clone()
        };
        assert_eq!(*is, expected, "{owned:?}");
    }
}

async fn live(seed: u64) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let house = House::new(20, 40, 2, seed).await;
    house.run().await;
    let first = shelves(&house).await;
    let mut known: Vec<String> = first
        .iter()
        .flat_map(|listing| listing.skus.clone())
        .filter(|sku| !sku.is_empty())
        .collect();
    for round in 0..4 {
        let owned = any_policy(&house, &mut dice).await;
        // what the new policy brings up to date
        house.run().await;
        let before = products(&house).await;
        let now = later(&house);
        {
            let mut world = house.pair.world.lock().await;
            for _ in 0..12 {
                let (listing, edit) = any_edit(&mut dice, &world.shelves(), &known);
                if let Edit::Sku(_, sku) = &edit
                    && !sku.is_empty()
                {
                    known.push(sku.clone());
                }
                assert!(world.edit_listing(listing, edit, now));
            }
            world.buy(3, now);
        }
        let (run, _) = house.run().await;
        for (action, state, said) in outcomes(&house, run.id).await {
            assert_eq!(state, "applied", "seed {seed}, round {round}: {action}: {said}");
        }
        expect_ownership(owned, &before, &products(&house).await);
        let (second, nothing) = house.plan().await;
        assert_eq!(
            nothing.acts,
            0,
            "seed {seed}, round {round}, {owned:?}: {:#?}",
            decisions(&house, second.id).await
        );
    }
}

#[tokio::test]
async fn a_second_plan_is_empty_whatever_sellers_do() {
    for seed in 1..=4 {
        live(seed).await;
    }
}
