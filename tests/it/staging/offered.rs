//! What listings offer: which offerings share their quantity, what cannot be written back, and when it was seen last.

use chrono::DateTime;
use serde_json::{Value, json};

use super::rows::{inventory, listing, product, usd, with};
use super::{Pages, SHOP};

/// Board sizes in colours: the quantity depends on the size alone.
fn boards() -> Value {
    let board = |id: i64, colour: &str, size: &str, quantity: i64| {
        let colour = json!({"property_id": 200, "property_name": "Colour", "scale_id": null, "scale_name": null,
                            "value_ids": [1], "values": [colour]});
        let mut product = product(id, "B", quantity, size);
        let values = product.pointer_mut("/property_values").unwrap();
        values.as_array_mut().unwrap().insert(0, colour);
        product
    };
    let products = [
        board(21, "Walnut", "Large", 4),
        board(31, "Walnut", " small", 2),
        board(41, "Oak", "LARGE", 4),
        with(board(51, "Ash", "Large", 4), &[("/is_deleted", json!(true))]),
    ];
    with(inventory(&products), &[("/quantity_on_property", json!([513]))])
}

const FAULT: &str =
    "select coalesce(fault, 'none') from staging.etsy_inventory where listing_id = 7";
const GROUPS: &str =
    "select concat_ws(' | ', variant_key, quantity_group, quantity) from staging.etsy_offering
                      where listing_id = 7 order by 1";

#[tokio::test]
async fn offerings_that_share_their_quantity_are_one_group() {
    let mut pages = Pages::new().await;
    pages.page("listings_active", &[listing(7, &boards())]).await;
    pages.stage().await;
    assert_eq!(
        pages.texts(GROUPS).await,
        [
            "200=oak;513=large | 513=large | 4",
            "200=walnut;513=large | 513=large | 4",
            "200=walnut;513=small | 513=small | 2",
        ]
    );
    assert_eq!(pages.text(FAULT).await, "none");
    // nothing but what the quantity depends on has changed
    let one = with(boards(), &[("/quantity_on_property", json!([]))]);
    pages.page("inventory", &[json!({"listing_id": 7, "inventory": one})]).await;
    pages.stage().await;
    let groups = pages.texts(GROUPS).await;
    assert!(groups.iter().all(|row| row.contains(" |  | ")), "{groups:?}");
}

#[tokio::test]
async fn an_inventory_that_would_not_come_back_says_why() {
    let mut pages = Pages::new().await;
    for (change, expected) in [
        (
            ("/products/0/offerings/0/sale_price", usd(5)),
            "an offering of it has a field `sale_price`",
        ),
        (("/products/0/property_values/0/values", json!(["Walnut (oiled)"])), "parentheses"),
        (("/products/1/property_values/1/values", json!(["Large"])), "the same property values"),
        (("/min_order", json!(2)), "it has a field `min_order`"),
    ] {
        let odd = with(boards(), &[change]);
        pages.page("listings_active", &[listing(7, &odd)]).await;
        pages.stage().await;
        let fault = pages.text(FAULT).await;
        assert!(fault.contains(expected), "{expected}: {fault}");
    }
    // its offerings are staged all the same, and a good reading ends it
    assert_eq!(pages.texts(GROUPS).await.len(), 3);
    pages.page("listings_active", &[listing(7, &boards())]).await;
    pages.stage().await;
    assert_eq!(pages.text(FAULT).await, "none");
}

const SEEN: &str = "select concat_ws(' | ', offering.quantity, inventory.changed_in_run,
                           extract(epoch from coalesce(page.seen_again_at, page.fetched_at))::bigint)
                    from staging.etsy_inventory as inventory
                    join snapshot.etsy_page as page on page.page_id = inventory.page_id
                    join staging.etsy_offering as offering
                        on offering.shop_id = inventory.shop_id and offering.listing_id = inventory.listing_id
                    where inventory.listing_id = 7";

impl Pages {
    /// Stores an answer as `snapshot` does.
    async fn answer(&self, offset: i32, seconds: i64, rows: &[Value]) {
        let body = json!({"count": rows.len(), "results": rows}).to_string();
        let mut encoder = super::GzEncoder::new(Vec::new(), super::Compression::fast());
        std::io::Write::write_all(&mut encoder, body.as_bytes()).unwrap();
        let (zipped, at) = (
            encoder.finish().unwrap(),
            DateTime::from_timestamp(1_788_300_000 + seconds, 0).unwrap(),
        );
        let hash = i64::from_ne_bytes(xxhash_rust::xxh3::xxh3_64(body.as_bytes()).to_ne_bytes());
        let count = i32::try_from(rows.len()).unwrap();
        self.client
            .execute(
                include_str!("../../../sql/snapshot/store_page.sql"),
                &[
                    &1_i64,
                    &SHOP.0,
                    &"listings_active",
                    &at,
                    &at,
                    &offset,
                    &count,
                    &count,
                    &at,
                    &zipped,
                    &hash,
                ],
            )
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn when_an_inventory_was_seen_last_is_known_however_it_was_seen() {
    let mut pages = Pages::new().await;
    let board = |quantity| listing(7, &inventory(&[product(21, "A", quantity, "L")]));
    let other = |quantity| listing(8, &inventory(&[product(31, "B", quantity, "L")]));
    pages.answer(0, 0, &[board(4), other(1)]).await;
    pages.stage().await;
    assert_eq!(pages.text(SEEN).await, "4 | 1 | 1788300000");
    // the same answer is not stored again, and written down as seen
    pages.answer(0, 60, &[board(4), other(1)]).await;
    pages.stage().await;
    assert_eq!(pages.text("select count(*)::text from snapshot.etsy_page").await, "1");
    assert_eq!(pages.text(SEEN).await, "4 | 1 | 1788300060");
    // another answer that shows it as it was
    pages.answer(0, 120, &[board(4), other(2)]).await;
    pages.stage().await;
    assert_eq!(pages.text(SEEN).await, "4 | 1 | 1788300120");
    // at another place, and then there again
    pages.answer(100, 180, &[board(4)]).await;
    pages.answer(0, 240, &[other(2)]).await;
    pages.stage().await;
    assert_eq!(pages.text(SEEN).await, "4 | 1 | 1788300180");
    pages.answer(100, 300, &[board(4)]).await;
    pages.stage().await;
    assert_eq!(pages.text(SEEN).await, "4 | 1 | 1788300300");
    pages.answer(100, 360, &[board(3)]).await;
    pages.stage().await;
    assert_eq!(pages.text(SEEN).await, "3 | 6 | 1788300360");
}

/// An answer that says nothing new costs the mark and next to nothing else: the body is not written again.
#[tokio::test]
async fn an_answer_that_is_seen_again_is_not_written_again() {
    let pages = Pages::new().await;
    let rows: Vec<Value> = (1..=100)
        .map(|id| {
            listing(id, &inventory(&[product(id * 10, &format!("S-{}", id * 7919), id, "L")]))
        })
        .collect();
    pages.answer(0, 0, &rows).await;
    let toast = pages
        .text("select reltoastrelid::regclass::text from pg_class where oid = 'snapshot.etsy_page'::regclass")
        .await;
    let chunks = format!("select xmin::text || ctid::text from {toast} order by 1");
    let before = pages.texts(&chunks).await;
    assert!(!before.is_empty(), "the body lies apart from its row");
    pages.answer(0, 60, &rows).await;
    assert_eq!(pages.texts(&chunks).await, before);
    let seen = "select extract(epoch from seen_again_at)::bigint::text from snapshot.etsy_page";
    assert_eq!(pages.texts(seen).await, ["1788300060"]);
}
