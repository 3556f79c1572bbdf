//! A large shop of which some quantities change: as few calls as Etsy allows, and nothing else is touched.
//! `ETSY_ODOO_TEST_LISTINGS` asks for another size; six in a hundred of them change.

use std::collections::{BTreeMap, BTreeSet};

use etsy_odoo::sandbox::etsy::Quirks;
use etsy_odoo::shop::SoldOutListing;
use serde_json::Value;

use super::market::Market;

const PUT: &str = "PUT /v3/application/listings";
const BATCH: &str = "GET /v3/application/listings/batch/inventory";

/// A thing that one listing offers and that one product in Odoo is.
struct Thing {
    listing: i64,
    product: i32,
    quantity: i32,
}

/// What Etsy offers, listing by listing, without what changes with each write; and the quantities.
async fn shown(market: &Market) -> BTreeMap<i64, (Value, Vec<i64>)> {
    let ids: Vec<i64> = market.listings(|_| true).await.iter().map(|it| it.listing_id).collect();
    let mut shown = BTreeMap::new();
    for part in ids.chunks(100) {
        for mut listing in market.batch(part).await {
            let id = listing["listing_id"].as_i64().unwrap();
            let mut quantities = Vec::new();
            for product in listing["inventory"]["products"].as_array_mut().unwrap() {
                product["product_id"] = Value::Null;
                for offering in product["offerings"].as_array_mut().unwrap() {
                    offering["offering_id"] = Value::Null;
                    quantities.push(offering["quantity"].take().as_i64().unwrap());
                }
            }
            for moment in ["last_modified_timestamp", "updated_timestamp", "quantity"] {
                listing[moment] = Value::Null;
            }
            shown.insert(id, (listing, quantities));
        }
    }
    assert_eq!(shown.len(), ids.len());
    shown
}

/// Gives Odoo as many of everything as Etsy offers of it. Returns what is offered on its own, one thing a listing.
async fn stock(market: &Market) -> Vec<Thing> {
    let client = market.house.warehouse.client().await.unwrap();
    let offered = client
        .query(
            "select product.product_id, min(offering.quantity), min(offering.listing_id),
                 count(*) = 1 and bool_and(offering.is_alone) and bool_and(listing.state = 'active')
             from (
                 select offering.*, count(*) over (partition by offering.shop_id, offering.listing_id) = 1 as is_alone
                 from staging.etsy_offering as offering
             ) as offering
             join staging.etsy_listing as listing on listing.listing_id = offering.listing_id
             join staging.odoo_product as product
                 on product.product_key = offering.product_key and product.copies = 1
             where not listing.is_digital
                 and product.run_id = (select max(latest.run_id) from staging.odoo_product as latest)
             group by product.product_id
             order by product.product_id",
            &[],
        )
        .await
        .unwrap();
    let (mut products, mut quantities, mut things) = (Vec::new(), Vec::new(), Vec::new());
    for row in &offered {
        let (product, quantity): (i32, i32) = (row.get(0), row.get(1));
        products.push(product);
        quantities.push(quantity);
        if row.get(3) && (2..900).contains(&quantity) {
            things.push(Thing { listing: row.get(2), product, quantity });
        }
    }
    market.put_in_stock(&products, &quantities).await;
    things
}

async fn change(market: &Market, things: &[Thing]) {
    let (products, changes): (Vec<i32>, Vec<i32>) = things
        .iter()
        .enumerate()
        .map(|(place, thing)| (thing.product, if place % 2 == 0 { 3 } else { -1 }))
        .unzip();
    let odoo = market.house.odoo_database.client().await;
    let changed = odoo
        .execute(
            "update stock_quant as quant set quantity = quant.quantity + there.change
             from unnest($1::integer[], $2::integer[]) as there (product_id, change)
             where quant.product_id = there.product_id",
            &[&products, &changes],
        )
        .await
        .unwrap();
    assert_eq!(changed, u64::try_from(things.len()).unwrap());
}

#[tokio::test]
async fn only_listings_that_change_are_written_and_nothing_else_of_them() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the size of a test is no setting of the program"
    )]
    let asked = std::env::var("ETSY_ODOO_TEST_LISTINGS").ok().and_then(|text| text.parse().ok());
    let listings = asked.unwrap_or(320);
    let changing = listings * 6 / 100;
    let market = Market::with(listings, Quirks::default()).await;
    let house = &market.house;
    house.run().await;
    let things = stock(&market).await;
    assert!(things.len() >= changing, "{} things of {changing}", things.len());
    market.follow_odoo(SoldOutListing::Hold).await;
    // things that several listings share, and quantities that do not fit, are put right first
    for _ in 0..2 {
        market.wait();
        house.run().await;
    }
    let before = shown(&market).await;
    let things = &things[..changing];
    change(&market, things).await;
    market.wait();
    let (run, planned) = house.plan().await;
    assert_eq!(planned.acts, changing, "one for each");
    market.forget_calls().await;
    house.apply(run.id).await.unwrap();
    house.end(run.id, 0).await;
    let (writes, reads) = (market.calls(PUT).await, market.calls(BATCH).await);
    let (all, single) = (market.calls("").await, market.calls("listings/{").await - writes);
    println!(
        "{listings} listings, {changing} changed: {writes} PUT, {reads} batch reads, {single} single, {all} calls"
    );
    assert_eq!(writes, u64::try_from(changing).unwrap());
    assert!(reads <= u64::try_from(listings.div_ceil(100)).unwrap().max(4), "{reads} batch reads");
    assert!(single <= writes, "{single} single reads");

    let after = shown(&market).await;
    let changed: BTreeMap<i64, i64> = things
        .iter()
        .enumerate()
        .map(|(place, thing)| {
            (thing.listing, i64::from(thing.quantity) + if place % 2 == 0 { 3 } else { -1 })
        })
        .collect();
    assert_eq!(changed.len(), changing);
    let ids: BTreeSet<i64> = before.keys().chain(after.keys()).copied().collect();
    for id in ids {
        let (content, quantities) = &before[&id];
        assert_eq!(*content, after[&id].0, "listing {id} is another one");
        match changed.get(&id) {
            Some(wanted) => assert_eq!(after[&id].1, [*wanted], "listing {id}"),
            None => assert_eq!(after[&id].1, *quantities, "listing {id} was to stay"),
        }
    }
    market.wait();
    market.forget_calls().await;
    let (_, nothing) = house.run().await;
    assert_eq!((nothing.acts, market.calls(PUT).await), (0, 0));
}
