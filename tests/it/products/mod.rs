//! Products in Odoo: how they are created, which of their fields follow Etsy, and what is left alone.

mod created;
mod linked;
mod shared;
mod updated;
mod worlds;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::domain::{Clock as _, RunId};
use etsy_odoo::sandbox::world::{Edit, Shelved};
use etsy_odoo::shop::{self, FieldOwner, Policy};
use rust_decimal::Decimal;

use crate::support::House;

/// A product as Odoo has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Product {
    id: i32,
    template_id: i32,
    name: String,
    sku: Option<String>,
    price: Decimal,
    description: String,
    kind: String,
    is_storable: bool,
    is_marked: bool,
    listing: Option<String>,
}

async fn products(house: &House) -> BTreeMap<i32, Product> {
    let rows = house
        .odoo_database
        .client()
        .await
        .query(
            "select p.id, t.id, t.name ->> 'en_US', p.default_code, t.list_price, coalesce(t.description ->> 'en_US', ''),
                 t.type, t.is_storable, t.x_etsy_listing_id,
                 exists (
                     select from product_tag_product_template_rel r
                     join product_tag g on g.id = r.product_tag_id and g.name ->> 'en_US' = 'Etsy: to review'
                     where r.product_template_id = t.id
                 )
             from product_product p
             join product_template t on t.id = p.product_tmpl_id",
            &[],
        )
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            let product = Product {
                id: row.get(0),
                template_id: row.get(1),
                name: row.get(2),
                sku: row.get(3),
                price: row.get(4),
                description: row.get(5),
                kind: row.get(6),
                is_storable: row.get::<_, Option<bool>>(7).unwrap_or_default(),
                listing: row.get(8),
                is_marked: row.get(9),
            };
            (product.id, product)
        })
        .collect()
}

/// The product that was made for a listing that has one variant.
async fn made_for(house: &House, listing_id: i64) -> Product {
    let mut made: Vec<Product> = products(house)
        .await
        .into_values()
        .filter(|product| product.listing.as_deref() == Some(&listing_id.to_string()))
        .collect();
    assert_eq!(made.len(), 1, "listing {listing_id}: {made:?}");
    made.remove(0)
}

/// Changes the policies of all shops.
async fn decide(house: &House, change: impl Fn(&mut Policy)) {
    for mut shop in house.shops().await {
        change(&mut shop.policy);
        shop::set_policy(&house.warehouse, shop.id, &shop.policy).await.unwrap();
    }
}

fn all_of_etsy(policy: &mut Policy) {
    policy.product_name = FieldOwner::Etsy;
    policy.product_description = FieldOwner::Etsy;
    policy.product_sku = FieldOwner::Etsy;
    policy.product_price = FieldOwner::Etsy;
}

/// Moves the clock past the settling time, and gives the moment before.
fn later(house: &House) -> DateTime<Utc> {
    let now = house.clock.now();
    house.clock.advance(TimeDelta::minutes(10));
    now
}

async fn edit(house: &House, listing_id: i64, edits: impl IntoIterator<Item = Edit>) {
    let now = later(house);
    let mut world = house.pair.world.lock().await;
    for edit in edits {
        assert!(world.edit_listing(listing_id, edit.clone(), now), "{listing_id}: {edit:?}");
    }
}

async fn shelves(house: &House) -> Vec<Shelved> {
    house.pair.world.lock().await.shelves()
}

/// The first listing that has one variant and a product that we made. With a SKU, it has that to itself.
async fn a_listing_of_ours(house: &House, has_sku: bool) -> Shelved {
    let shelves = shelves(house).await;
    let products = products(house).await;
    let uses = |sku: &str| shelves.iter().flat_map(|one| &one.skus).filter(|it| *it == sku).count();
    shelves
        .iter()
        .find(|one| {
            let made = products
                .values()
                .filter(|product| product.listing.as_deref() == Some(&one.listing_id.to_string()));
            let [sku] = one.skus.as_slice() else { return false };
            made.count() == 1 && sku.is_empty() != has_sku && (sku.is_empty() || uses(sku) == 1)
        })
        .cloned()
        .unwrap()
}

/// The decisions of a plan about products: key, decision, action, reason.
async fn decisions(house: &House, run: RunId) -> Vec<(String, String, Option<String>, String)> {
    let rows = house
        .ours
        .client()
        .await
        .query(
            "select key, decision, action, reason from journal.decision
             where run_id = $1 and subject = 'products' order by decision_no",
            &[&run.0],
        )
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

/// What became of the actions of a plan: action, state, words.
async fn outcomes(house: &House, run: RunId) -> Vec<(String, String, String)> {
    let rows = house
        .ours
        .client()
        .await
        .query(
            "select action, state, coalesce(said, '') from journal.decision_state
             where run_id = $1 and decision = 'act' order by decision_no",
            &[&run.0],
        )
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

async fn in_odoo(house: &House, statement: &str) {
    house.odoo_database.client().await.batch_execute(statement).await.unwrap();
}

/// Stops the test unless a plan that is made now writes nothing.
async fn expect_nothing_to_do(house: &House) {
    let (run, planned) = house.plan().await;
    assert_eq!(planned.acts, 0, "{:#?}", decisions(house, run.id).await);
}
