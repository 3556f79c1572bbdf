//! Products that Odoo does not have.

use etsy_odoo::sandbox::world::{Edit, WorldSize};
use etsy_odoo::shop::UnknownProduct;
use rust_decimal::Decimal;

use super::{
    decide, decisions, edit, expect_nothing_to_do, in_odoo, made_for, outcomes, products, shelves,
};
use crate::support::House;

#[tokio::test]
async fn a_new_product_tells_where_it_is_from_and_is_marked_for_review() {
    let house = House::new(20, 16, 1, 5).await;
    let listing =
        shelves(&house).await.into_iter().find(|listing| listing.skus == [String::new()]).unwrap();
    let text = "Knit & <b>purl</b>.\r\nTwo\u{a0}sizes.\n\n\n5\" or 6\"; it's ☕ proof.";
    edit(&house, listing.listing_id, [Edit::Description(text.to_owned())]).await;
    let before = products(&house).await;
    let (run, planned) = house.run().await;
    assert_eq!(planned.holds, 0, "{:?}", decisions(&house, run.id).await);
    let made = made_for(&house, listing.listing_id).await;
    assert_eq!(made.name, format!("[Etsy {}] {}", listing.listing_id, listing.title));
    assert_eq!(made.price, Decimal::new(listing.prices[0], 2));
    assert_eq!(
        made.description,
        "<p>Knit &amp; &lt;b&gt;purl&lt;/b&gt;.<br>Two\u{a0}sizes.</p><p>5\" or 6\"; it's ☕ proof.</p>"
    );
    assert!(made.is_marked);
    // those that were there, the products of lines without goods among them, have no mark
    for (id, product) in products(&house).await {
        assert_eq!(product.is_marked, !before.contains_key(&id), "{product:?}");
        assert_eq!(product.is_storable, product.kind == "consu", "{product:?}");
    }
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn without_the_mark_orders_are_booked_all_the_same() {
    let house = House::new(30, 16, 1, 5).await;
    in_odoo(&house, "delete from ir_model_data where module = 'etsy' and name = 'tag_review'")
        .await;
    let (run, planned) = house.run().await;
    assert_eq!(planned.holds, 0);
    let decisions = decisions(&house, run.id).await;
    assert!(!decisions.is_empty());
    for (_, _, action, reason) in decisions {
        assert_eq!(action.as_deref(), Some("create_product"));
        assert!(reason.ends_with("since the tag is missing: run `etsy-odoo init`"), "{reason}");
    }
    assert!(outcomes(&house, run.id).await.iter().all(|(_, state, _)| state == "applied"));
}

#[tokio::test]
async fn unknown_products_are_booked_on_the_placeholder_or_held_where_the_shop_says_so() {
    let size = WorldSize { receipts: 60, listings: 16, shops: 1, seed: 9 };
    let house = House::with(size, |_| ()).await;
    decide(&house, |policy| policy.unknown_product = UnknownProduct::Placeholder).await;
    let before = products(&house).await;
    let (run, planned) = house.run().await;
    assert_eq!((planned.holds, products(&house).await), (0, before.clone()));
    let ignored = decisions(&house, run.id).await;
    assert!(!ignored.is_empty() && ignored.iter().all(|(_, decision, ..)| decision == "ignore"));
    let client = house.odoo_database.client().await;
    let on_placeholder: i64 = client
        .query_one(
            "select count(*) from sale_order_line l
             join ir_model_data d on d.model = 'product.product' and d.res_id = l.product_id
             where d.module = 'etsy' and d.name = 'placeholder' and l.x_etsy_transaction_id is not null",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    // lines of listings that Odoo does not know, and lines of listings that nobody knows any more
    assert!(on_placeholder > 0);
    expect_nothing_to_do(&house).await;

    let house = House::with(size, |_| ()).await;
    decide(&house, |policy| policy.unknown_product = UnknownProduct::Hold).await;
    let (run, planned) = house.run().await;
    let held = decisions(&house, run.id).await;
    assert!(!held.is_empty() && held.iter().all(|(_, decision, ..)| decision == "hold"));
    assert!(planned.holds > held.len(), "no order waits for its product");
    assert_eq!(products(&house).await, before);
    // a line without listing and SKU is no unknown product: it never had one
    let client = house.odoo_database.client().await;
    let booked: i64 = client
        .query_one("select count(*) from sale_order where x_etsy_receipt_id is not null", &[])
        .await
        .unwrap()
        .get(0);
    assert!(booked > 0);
    // the other shop policy takes up what was held
    decide(&house, |policy| policy.unknown_product = UnknownProduct::Create).await;
    let (_, planned) = house.run().await;
    assert_eq!(planned.holds, 0);
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn what_is_off_the_shelves_before_it_was_created_asks_for_nothing() {
    let house = House::new(0, 24, 1, 5).await;
    house.plan().await;
    let listing =
        shelves(&house).await.into_iter().find(|listing| listing.skus == [String::new()]).unwrap();
    edit(&house, listing.listing_id, [Edit::Expire]).await;
    // each run reads one list of those that can wait
    for _ in 0..12 {
        house.plan().await;
    }
    house.run().await;
    let number = listing.listing_id.to_string();
    assert!(
        products(&house).await.values().all(|product| product.listing.as_ref() != Some(&number))
    );
}
