//! What is read again: in other streams, unchanged, after it was set aside.

use std::io::Write as _;

use etsy_odoo::domain::RunId;
use etsy_odoo::stage::{Entity, Retried, rejects, retry_rejects, stage_pages};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::rows::{entry, inventory, line, listing, payment, product, receipt, with};
use super::{Pages, SHOP, count};

#[tokio::test]
async fn a_cancellation_stays_until_a_stream_without_cancelled_ones_shows_otherwise() {
    let mut pages = Pages::new().await;
    let state =
        "select concat_ws('|', status, is_cancelled, changed_in_run) from staging.etsy_receipt";
    let refunded = with(receipt(1), &[("/status", json!("fully refunded"))]);
    for (stream, row, expected) in [
        ("receipts", receipt(1), "paid|f|1"),
        // by its id: paid, and nothing about a cancellation
        ("receipts_named", receipt(1), "paid|f|1"),
        ("cancelled_receipts", receipt(1), "paid|t|3"),
        // the same state by its id is no news, and no way back
        ("receipts_named", receipt(1), "paid|t|3"),
        ("cancelled_receipts", receipt(1), "paid|t|3"),
        ("receipts_named", refunded.clone(), "fully refunded|t|6"),
        ("cancelled_receipts", refunded.clone(), "fully refunded|t|6"),
        ("receipts", refunded.clone(), "fully refunded|f|8"),
        ("receipts_created", refunded.clone(), "fully refunded|f|8"),
        ("receipts_named", with(receipt(1), &[("/status", json!("Canceled"))]), "canceled|t|10"),
        (
            "cancelled_receipts",
            with(receipt(1), &[("/status", json!("Canceled"))]),
            "canceled|t|10",
        ),
    ] {
        pages.page(stream, &[row]).await;
        pages.stage().await;
        assert_eq!(pages.text(state).await, expected, "{stream}");
    }
    // within one run: the last page counts, and what an earlier one said where it is silent
    pages.page("cancelled_receipts", &[receipt(2)]).await;
    pages
        .page("receipts_named", &[with(receipt(2), &[("/transactions", json!([line(29, 5)]))])])
        .await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (2, 1, 0, 1));
    assert_eq!(
        pages
            .text(
                "select concat_ws('|', status, is_cancelled, transaction_id, quantity)
                 from staging.etsy_receipt join staging.etsy_transaction using (shop_id, receipt_id) where receipt_id = 2"
            )
            .await,
        "paid|t|29|5"
    );
}

#[tokio::test]
async fn pages_that_are_read_again_write_nothing_into_the_kept_tables() {
    let mut pages = Pages::new().await;
    let products = [product(21, "BRD-L", 4, "Large")];
    for _ in 0..2 {
        pages.page("receipts", &[receipt(1), receipt(2)]).await;
        pages
            .page("cancelled_receipts", &[with(receipt(3), &[("/status", json!("Canceled"))])])
            .await;
        pages.page("receipts_named", &[receipt(1)]).await;
        pages.store("receipts_named", &receipt(2).to_string()).await;
        pages.page("listings_active", &[listing(7, &inventory(&products))]).await;
        pages.page("inventory", &[listing(7, &inventory(&products))]).await;
        pages.page("ledger", &[entry(1, 100, 100)]).await;
        pages.page("payments", &[payment(5)]).await;
        pages
            .page("shipping_profiles", &[json!({"shipping_profile_id": 5, "title": "Parcels"})])
            .await;
        if pages.runs == 0 {
            pages.stage().await;
        }
    }
    let before = pages.versions().await;
    assert!(before.len() > 12, "{before:?}");
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (5, 3, 0, 2));
    assert_eq!(pages.versions().await, before);
}

#[tokio::test]
async fn rejects_are_resolved_by_a_later_good_read_and_by_a_retry_but_never_undo_a_newer_state() {
    let mut pages = Pages::new().await;
    let bad = |id: i64| with(receipt(id), &[("/grandtotal/divisor", json!(7))]);
    let first = pages.page("receipts", &[bad(1), receipt(2), bad(3), json!("no receipt")]).await;
    pages.stage().await;
    let open = rejects(&pages.warehouse, None).await.unwrap();
    let named: Vec<_> =
        open.iter().map(|reject| (reject.entity_id.as_str(), reject.field.as_str())).collect();
    let place = format!("row 4 of page {first}");
    assert_eq!(named, [("1", "grandtotal"), ("3", "grandtotal"), (place.as_str(), "(whole)")]);
    let ids: Vec<i64> = open.iter().map(|reject| reject.id).collect();

    // the same code reads the same page the same way
    let endings = retry_rejects(&pages.warehouse, RunId(2), &[ids[0], ids[2], 999]).await.unwrap();
    assert!(matches!(&endings[&ids[0]], Retried::StillBad { field, .. } if field == "grandtotal"));
    assert!(matches!(&endings[&ids[2]], Retried::StillBad { field, .. } if field == "(whole)"));
    assert_eq!(endings[&999], Retried::Gone);

    // code that reads what it could not read before: the evidence stands for it
    let good = json!({"count": 4, "results": [
        with(receipt(1), &[("/name", json!("From the older page"))]), receipt(2), receipt(3), receipt(4)]});
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(good.to_string().as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    pages
        .client
        .execute("update snapshot.etsy_page set body = $1 where page_id = $2", &[&zipped, &first])
        .await
        .unwrap();
    // meanwhile a newer state of the first has been kept, and its reject is open for some reason
    pages.page("receipts", &[with(receipt(1), &[("/name", json!("From the newer page"))])]).await;
    pages.stage().await;
    let resolved =
        pages.text("select resolved_in_run::text from staging.reject where entity_id = '1'").await;
    assert_eq!(resolved, pages.runs.to_string());
    pages
        .client
        .execute("update staging.reject set resolved_in_run = null where entity_id = '1'", &[])
        .await
        .unwrap();

    let endings = retry_rejects(&pages.warehouse, RunId(9), &ids).await.unwrap();
    assert_eq!(
        ids.iter().map(|id| endings[id].clone()).collect::<Vec<_>>(),
        [Retried::Superseded, Retried::Staged, Retried::Staged]
    );
    assert!(rejects(&pages.warehouse, None).await.unwrap().is_empty());
    assert_eq!(
        pages.texts("select receipt_id || ' ' || name || ' ' || changed_in_run from staging.etsy_receipt order by 1").await,
        ["1 From the newer page 2", "2 Dana Whitlock 1", "3 Dana Whitlock 9", "4 Dana Whitlock 9"]
    );
}

#[tokio::test]
async fn of_a_good_and_a_bad_reading_in_one_run_the_later_one_decides_about_the_reject() {
    let mut pages = Pages::new().await;
    let bad = |id: i64| with(receipt(id), &[("/subtotal/amount", json!(-1))]);
    pages.page("receipts", &[bad(1), receipt(2)]).await;
    pages.page("receipts", &[receipt(1), bad(2)]).await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (4, 2, 2, 0));
    let open = rejects(&pages.warehouse, None).await.unwrap();
    assert_eq!(open.iter().map(|reject| reject.entity_id.as_str()).collect::<Vec<_>>(), ["2"]);
}

/// A receipt stands in several streams of one run, and their pages are far apart.
#[tokio::test]
async fn what_is_bad_each_time_it_is_read_in_a_run_is_one_reject_counted_once() {
    let mut pages = Pages::new().await;
    let bad = with(receipt(1), &[("/subtotal/amount", json!(-1))]);
    pages.page("receipts", std::slice::from_ref(&bad)).await;
    pages.page("receipts", std::slice::from_ref(&bad)).await;
    for id in 2..70 {
        pages.page("receipts", &[receipt(id)]).await;
    }
    pages.page("receipts", &[bad]).await;
    let counts = pages.stage().await;
    assert_eq!(count(&counts, Entity::Receipt), (71, 68, 1, 2));
    assert_eq!(rejects(&pages.warehouse, None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_damaged_page_stops_staging_by_name_and_nothing_of_its_batch_is_kept() {
    let pages = Pages::new().await;
    pages.page("receipts", &[receipt(1)]).await;
    let damaged = pages
        .store("receipts", r#"{"count": 2, "results": [{"receipt_id": 2}, {"receipt_id": 3,]}"#)
        .await;
    let error = stage_pages(&pages.warehouse, RunId(1), &[SHOP]).await.unwrap_err();
    assert_eq!(error.to_string(), format!("page {damaged} of the evidence does not read"));
    assert_eq!(pages.text("select count(*)::text from staging.etsy_receipt").await, "0");
}
