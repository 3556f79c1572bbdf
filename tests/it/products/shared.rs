//! Products that several listings share, and SKUs that move.

use etsy_odoo::sandbox::world::{Edit, Shelved};
use rust_decimal::Decimal;

use super::{
    a_listing_of_ours, all_of_etsy, decide, decisions, edit, expect_nothing_to_do, made_for,
    products, shelves,
};
use crate::support::House;

/// Another listing of one variant, of the same shop.
async fn another(house: &House, than: &Shelved) -> Shelved {
    shelves(house)
        .await
        .into_iter()
        .find(|one| {
            one.shop_id == than.shop_id && one.listing_id != than.listing_id && one.skus.len() == 1
        })
        .unwrap()
}

#[tokio::test]
async fn the_listing_that_a_product_was_made_for_speaks_for_it() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let product = made_for(&house, listing.listing_id).await;
    let count = products(&house).await.len();
    let sharer = another(&house, &listing).await;
    let edits = [
        Edit::Sku(0, listing.skus[0].clone()),
        Edit::Price(0, 99_999),
        Edit::Title("Another title".to_owned()),
    ];
    edit(&house, sharer.listing_id, edits).await;
    let (run, planned) = house.run().await;
    assert_eq!((planned.acts, planned.holds), (0, 0));
    assert_eq!(made_for(&house, listing.listing_id).await, product);
    assert_eq!(products(&house).await.len(), count);
    let told = decisions(&house, run.id).await;
    let price = Decimal::new(listing.prices[0], 2);
    let expected =
        format!("listing {} of shop alderandoak speaks for it, with {price}", listing.listing_id);
    assert!(
        told.iter().any(|(_, kind, _, why)| kind == "ignore" && why.ends_with(&expected)),
        "{told:?}"
    );

    // when it is off the shelves nobody speaks, and its product stays as it is
    edit(&house, listing.listing_id, [Edit::Expire]).await;
    let (_, planned) = house.run().await;
    assert_eq!((planned.acts, planned.holds), (0, 0));
    assert_eq!(made_for(&house, listing.listing_id).await, product);
}

#[tokio::test]
async fn a_sku_that_another_listing_uses_stays_with_its_product() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let product = made_for(&house, listing.listing_id).await;
    let sharer = another(&house, &listing).await;
    edit(&house, sharer.listing_id, [Edit::Sku(0, listing.skus[0].clone())]).await;
    house.run().await;
    // the first listing goes its own way: the product is the other's, and a new SKU is a new product
    edit(&house, listing.listing_id, [Edit::Sku(0, "NEW-1".to_owned())]).await;
    house.run().await;
    let all = products(&house).await;
    assert_eq!(all.get(&product.id).unwrap().sku, product.sku);
    let new: Vec<_> = all.values().filter(|it| it.sku.as_deref() == Some("NEW-1")).collect();
    assert_eq!(new.len(), 1);
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn a_sku_that_comes_back_elsewhere_is_left_to_a_person() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let product = made_for(&house, listing.listing_id).await;
    let old_sku = listing.skus[0].clone();
    edit(&house, listing.listing_id, [Edit::Sku(0, "NEW-1".to_owned())]).await;
    house.run().await;
    let other = another(&house, &listing).await;
    edit(&house, other.listing_id, [Edit::Sku(0, old_sku.clone())]).await;
    let (run, planned) = house.run().await;
    assert_eq!(planned.holds, 1);
    let held = decisions(&house, run.id).await;
    let held = held.iter().find(|(_, decision, ..)| decision == "hold").unwrap();
    assert_eq!(
        held.3,
        format!(
            "product {} was made for SKU {old_sku} and has another SKU since; make a product with that SKU in Odoo, \
             or link one: `etsy-odoo products link {} ID`",
            product.id, held.0
        )
    );
    // and once a person has made it, it is found
    super::in_odoo(
        &house,
        &format!(
            "with template as (
                 insert into product_template (categ_id, uom_id, uom_po_id, type, service_tracking, name, list_price,
                     active, tracking, sale_line_warn)
                 values (1, 1, 1, 'consu', 'no', '{{\"en_US\": \"By hand\"}}', 1, true, 'none', 'no-message')
                 returning id
             )
             insert into product_product (product_tmpl_id, default_code, active, combination_indices)
             select id, '{old_sku}', true, '' from template"
        ),
    )
    .await;
    let (_, planned) = house.run().await;
    assert_eq!(planned.holds, 0);
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn orders_of_before_and_after_a_new_sku_are_of_one_product() {
    let house = House::new(80, 24, 1, 5).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let product = made_for(&house, listing.listing_id).await;
    edit(&house, listing.listing_id, [Edit::Sku(0, "NEW-1".to_owned())]).await;
    let count = products(&house).await.len();
    {
        let now = super::later(&house);
        house.pair.world.lock().await.buy(40, now);
    }
    let (_, planned) = house.run().await;
    assert!(planned.acts > 0);
    assert_eq!(products(&house).await.len(), count);
    let transactions: Vec<String> = {
        let world = house.pair.world.lock().await;
        let lines = world.receipts().iter().flat_map(|receipt| &receipt.lines);
        let is_it = |sku: &str| sku == "NEW-1" || sku == listing.skus[0];
        lines
            .filter(|line| line.sku.as_deref().is_some_and(is_it))
            .map(|line| line.transaction_id.to_string())
            .collect()
    };
    let rows = house
        .odoo_database
        .client()
        .await
        .query(
            "select distinct product_id from sale_order_line where x_etsy_transaction_id = any($1)",
            &[&transactions],
        )
        .await
        .unwrap();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), [product.id]);
}
