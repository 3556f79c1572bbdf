//! What sellers, Odoo and settings get wrong: each listing gets one decision, with a reason that says what to do.

use etsy_odoo::domain::{ActionKind, DecisionKind, Verdict};
use etsy_odoo::plan::{Action, Choice, Decision};
use rust_decimal::Decimal;

use super::{Desk, SHOP, Sale, before};

fn action(decision: &Decision) -> &Action {
    match &decision.choice {
        Choice::Act(action) => action,
        Choice::Hold | Choice::Ignore => panic!("{decision:?}"),
    }
}

fn kind(decision: &Decision) -> ActionKind {
    action(decision).kind()
}

/// The only decision of a plan that the guard lets pass.
async fn only(desk: &Desk) -> Decision {
    let (mut decisions, refusals) = desk.planned().await;
    assert_eq!(refusals, Vec::<String>::new());
    assert_eq!(decisions.len(), 1, "{decisions:?}");
    decisions.pop().unwrap()
}

fn changes(decision: &Decision) -> Vec<(String, i32, i32)> {
    let set = match action(decision) {
        Action::DeactivateListing(set)
        | Action::LowerInventory(set)
        | Action::RaiseInventory(set) => set,
        Action::ReactivateListing(reactivation) => &reactivation.inventory,
        other => panic!("{other:?}"),
    };
    set.offerings
        .iter()
        .map(|offering| (offering.variant_key.clone(), offering.seen, offering.wanted))
        .collect()
}

#[tokio::test]
async fn quantities_are_whole_and_within_what_etsy_takes() {
    let desk = Desk::new().await;
    for (listing, available, wanted) in
        [(1, "2500", 999), (2, "7.75", 7), (3, "-4", 0), (4, "999999999999", 999), (5, "0.999", 0)]
    {
        let key = format!("sku_{listing}");
        desk.plain(listing, &key, 12).await;
        let product = i32::try_from(listing).unwrap();
        desk.product(&key, product, Some(available.parse().unwrap())).await;
        // so that what goes to nothing is not all there is
        desk.plain(listing + 100, &format!("{key}_agrees"), 3).await;
        desk.product(&format!("{key}_agrees"), product + 100, Some(3.into())).await;
        desk.compare(etsy_odoo::stage::StockDirection::Push).await;
        assert_eq!(desk.target(listing, "").await, wanted, "{available}");
    }
}

#[tokio::test]
async fn a_listing_without_inventory_waits_for_a_person() {
    let desk = Desk::new().await;
    desk.listing(1, "active").await;
    let decision = only(&desk).await;
    assert_eq!((decision.verdict, decision.choice.kind()), (Verdict::Differs, DecisionKind::Hold));
    assert!(decision.reason.starts_with("Etsy shows no inventory of it"), "{}", decision.reason);
}

#[tokio::test]
async fn a_listing_that_cannot_be_written_back_is_held_and_can_still_be_taken_off_sale() {
    let desk = Desk::new().await;
    desk.listing(1, "active").await;
    desk.inventory(1, Some("a product of it has 2 offerings")).await;
    desk.offering(1, "1=a", "1=a", "sku_a", 5).await;
    desk.offering(1, "1=b", "1=b", "sku_b", 5).await;
    desk.product("sku_a", 10, Some(5.into())).await;
    desk.product("sku_b", 20, Some(2.into())).await;
    let decision = only(&desk).await;
    assert_eq!(decision.choice.kind(), DecisionKind::Hold);
    assert_eq!(
        decision.reason,
        "1=b: Etsy offers 5, Odoo allows 2; it cannot be written back without a loss: a product of it has 2 offerings; \
         set it by hand on Etsy"
    );
    desk.client.batch_execute("update staging.odoo_stock set sellable = 0").await.unwrap();
    let decision = only(&desk).await;
    assert_eq!(kind(&decision), ActionKind::DeactivateListing);
    assert_eq!(changes(&decision), [("1=a".to_owned(), 5, 0), ("1=b".to_owned(), 5, 0)]);
    assert_eq!(decision.amount, Some(Decimal::from(20)));
}

#[tokio::test]
async fn a_product_that_is_linked_twice_or_not_at_all_is_left_alone() {
    let desk = Desk::new().await;
    desk.plain(1, "sku_1", 5).await;
    desk.linked("sku_1", 10, 2, "sku", true).await;
    let decision = only(&desk).await;
    assert_eq!(decision.verdict, Verdict::DuplicatedInOdoo);
    assert_eq!(
        decision.reason,
        "several products in Odoo answer to it (SKU SKU_1: 2 products); archive or renumber all but one"
    );
    desk.client.batch_execute("delete from staging.odoo_product").await.unwrap();
    let decision = only(&desk).await;
    assert_eq!(
        (decision.verdict, decision.choice.kind()),
        (Verdict::MissingInOdoo, DecisionKind::Hold)
    );
    assert!(
        decision.reason.contains("`etsy-odoo inventory rule acme 1 exclude=yes`"),
        "{}",
        decision.reason
    );
}

#[tokio::test]
async fn one_unlinked_variation_keeps_those_that_share_its_quantity() {
    let desk = Desk::new().await;
    desk.listing(1, "active").await;
    desk.inventory(1, None).await;
    for (variant, group) in [("1=a;2=x", "1=a"), ("1=a;2=y", "1=a"), ("1=b;2=x", "1=b")] {
        desk.offering(1, variant, group, &format!("sku_{variant}"), 6).await;
    }
    desk.product("sku_1=a;2=x", 10, Some(2.into())).await;
    desk.product("sku_1=b;2=x", 30, Some(4.into())).await;
    let decision = only(&desk).await;
    assert_eq!(kind(&decision), ActionKind::LowerInventory);
    assert_eq!(changes(&decision), [("1=b;2=x".to_owned(), 6, 4)]);
    assert!(
        decision
            .reason
            .contains("1=a;2=x shares its quantity on Etsy with a variation that cannot be set"),
        "{}",
        decision.reason
    );
    // with a product, the group gets the least of both
    desk.product("sku_1=a;2=y", 20, Some(5.into())).await;
    let decision = only(&desk).await;
    assert_eq!(
        changes(&decision),
        [("1=a;2=x".to_owned(), 6, 2), ("1=a;2=y".to_owned(), 6, 2), ("1=b;2=x".to_owned(), 6, 4)]
    );
}

#[tokio::test]
async fn a_sale_of_a_variation_that_is_gone_counts_where_all_share_a_quantity() {
    let desk = Desk::new().await;
    desk.listing(1, "active").await;
    desk.inventory(1, None).await;
    desk.offering(1, "1=a", "", "sku_a", 5).await;
    desk.offering(1, "1=b", "", "sku_b", 5).await;
    desk.product("sku_a", 10, Some(4.into())).await;
    desk.product("sku_b", 20, Some(5.into())).await;
    desk.sold(Sale { variant: "1=gone", ..Sale::booked(1, 1, "sku_gone", 1, 30) }).await;
    let (decisions, refusals) = desk.planned().await;
    assert_eq!((decisions, refusals), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_warehouse_that_odoo_does_not_have_stops_the_plan() {
    let desk = Desk::new().await;
    desk.plain(1, "sku_1", 5).await;
    desk.product("sku_1", 10, Some(4.into())).await;
    desk.set("stock_warehouse_ids = '{1,3,9}'").await;
    let (decisions, refusals) = desk.planned().await;
    assert_eq!(decisions.len(), 1);
    assert_eq!(
        refusals,
        [
            "shop acme: Odoo has no warehouse 3, 9, or it is archived (stock_warehouse_ids, warehouse_id)"
        ]
    );
    desk.set("stock_warehouse_ids = '{1,2}'").await;
    desk.stock(10, 2, 1.into()).await;
    assert_eq!(desk.planned().await, (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn an_empty_read_and_everything_to_zero_stop_the_plan() {
    let desk = Desk::new().await;
    for listing in 1..=12 {
        let key = format!("sku_{listing}");
        desk.plain(listing, &key, 5).await;
        desk.product(&key, i32::try_from(listing).unwrap(), None).await;
        desk.base(listing, "", 5, 5).await;
    }
    let (decisions, refusals) = desk.planned().await;
    assert!(decisions.iter().all(|decision| kind(decision) == ActionKind::DeactivateListing));
    assert_eq!(
        refusals,
        [
            "shop acme: Odoo shows no stock at all in the shop's warehouses, and had some of 12 offerings when both sides last \
             agreed; see that it is the right database and that its role may read stock",
            "shop acme: 12 of 12 listings on sale would go to nothing, a share of 1, and the limit is 0.200 (guard_zeroed_share)",
            "shop acme: the quantities of 12 of 12 listings would change, a share of 1, and the limit is 0.500 (guard_quantity_share)",
        ]
    );
    // a plan that the limits allow
    desk.client
        .batch_execute("update staging.odoo_part set per_unit = 1; update staging.etsy_listing set state = 'sold_out' where listing_id > 2")
        .await
        .unwrap();
    desk.set("guard_zeroed_share = 1, guard_quantity_share = 1").await;
    let (_, refusals) = desk.planned().await;
    assert_eq!(refusals.len(), 2, "{refusals:?}");
    assert!(
        refusals[1].starts_with("shop acme: all 2 listings on sale would go to nothing"),
        "{refusals:?}"
    );
}

#[tokio::test]
async fn a_listing_comes_back_with_what_it_has_and_without_what_it_has_not() {
    let desk = Desk::new().await;
    desk.listing(1, "inactive").await;
    desk.inventory(1, None).await;
    desk.offering(1, "1=a", "1=a", "sku_a", 5).await;
    desk.offering(1, "1=b", "1=b", "sku_b", 2).await;
    desk.taken_off(1, "1=a", 5).await;
    desk.product("sku_a", 10, Some(0.into())).await;
    desk.product("sku_b", 20, Some(2.into())).await;
    let decision = only(&desk).await;
    assert_eq!(kind(&decision), ActionKind::ReactivateListing);
    assert_eq!(changes(&decision), [("1=a".to_owned(), 5, 0), ("1=b".to_owned(), 2, 2)]);
    assert_eq!(decision.amount, Some(Decimal::from(4)));
    // its seller touched it
    desk.client
        .batch_execute(
            "update staging.etsy_listing set updated_at = updated_at + interval '1 minute'",
        )
        .await
        .unwrap();
    assert_eq!(desk.planned().await, (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_sold_out_listing_is_renewed_only_if_the_merchant_pays() {
    let desk = Desk::new().await;
    desk.listing(1, "sold_out").await;
    desk.inventory(1, None).await;
    desk.offering(1, "", "", "sku_1", 0).await;
    desk.product("sku_1", 10, Some(3.into())).await;
    let decision = only(&desk).await;
    assert_eq!(decision.choice.kind(), DecisionKind::Hold);
    assert_eq!(
        decision.reason,
        "SKU SKU_1: Etsy offers 0, Odoo allows 3; it is sold out on Etsy, and to sell it again Etsy renews it for a fee of \
         0.20 USD; renew it on Etsy, or let it be renewed: sold_out_listing=renew"
    );
    desk.set("sold_out_listing = 'renew'").await;
    let decision = only(&desk).await;
    assert_eq!(changes(&decision), [(String::new(), 0, 3)]);
    assert_eq!(kind(&decision), ActionKind::ReactivateListing);
    assert!(decision.reason.contains("a fee of 0.20 USD"), "{}", decision.reason);
}

#[tokio::test]
async fn a_freeze_keeps_raises_and_lets_what_is_sold_go() {
    let desk = Desk::new().await;
    // the run began at 12:00 on some day
    desk.set("stock_freeze = '00:00-23:59'").await;
    desk.listing(1, "active").await;
    desk.inventory(1, None).await;
    desk.offering(1, "1=a", "1=a", "sku_a", 5).await;
    desk.offering(1, "1=b", "1=b", "sku_b", 5).await;
    desk.product("sku_a", 10, Some(3.into())).await;
    desk.product("sku_b", 20, Some(9.into())).await;
    let decision = only(&desk).await;
    assert_eq!(changes(&decision), [("1=a".to_owned(), 5, 3)]);
    assert!(
        decision.reason.ends_with("nothing is raised in 00:00-23:59 (freeze)"),
        "{}",
        decision.reason
    );
    desk.client
        .batch_execute("update staging.odoo_stock set sellable = 5 where product_id = 10")
        .await
        .unwrap();
    let decision = only(&desk).await;
    assert_eq!(decision.choice.kind(), DecisionKind::Ignore);
}

#[tokio::test]
async fn a_sale_that_does_not_show_yet_is_not_sold_again() {
    let desk = Desk::new().await;
    // receipts are known up to before it was read
    desk.prove_receipts(before(70)).await;
    // two listings sell from one stock
    desk.plain(1, "sku_1", 4).await;
    desk.plain(2, "sku_1", 5).await;
    desk.product("sku_1", 10, Some(6.into())).await;
    for listing in [1, 2] {
        desk.base(listing, "", 5, 5).await;
    }
    let (decisions, _) = desk.planned().await;
    // Odoo has one more; the one that may be sold is kept from both listings
    assert_eq!(decisions.len(), 1, "{decisions:?}");
    assert_eq!(
        (decisions[0].key.as_str(), decisions[0].choice.kind()),
        ("1", DecisionKind::Ignore)
    );
    assert!(
        decisions[0].reason.contains("Etsy shows 1 fewer than known sales explain"),
        "{}",
        decisions[0].reason
    );
    // the receipt comes, and the order with it
    desk.prove_receipts(before(1)).await;
    desk.sold(Sale::pending(1, 1, "sku_1", 1, 65)).await;
    let (decisions, _) = desk.planned().await;
    assert_eq!(decisions.len(), 1, "{decisions:?}");
    assert_eq!(changes(&decisions[0]), [(String::new(), 4, 5)]);
}

#[tokio::test]
async fn a_conflict_follows_the_policy_and_then_stays_settled() {
    let desk = Desk::new().await;
    desk.plain(1, "sku_1", 9).await;
    desk.product("sku_1", 10, Some(3.into())).await;
    desk.base(1, "", 5, 5).await;
    let decision = only(&desk).await;
    assert_eq!(changes(&decision), [(String::new(), 9, 3)]);
    assert!(
        decision.reason.contains("its seller and Odoo both changed it from 5 to 9 on Etsy since 2026-09-01 10:00; Odoo's number goes over it"),
        "{}",
        decision.reason
    );
    desk.set("stock_conflict = 'hold'").await;
    let decision = only(&desk).await;
    assert_eq!(decision.choice.kind(), DecisionKind::Hold);
    assert!(decision.reason.contains("Etsy offers 9, Odoo allows 3"), "{}", decision.reason);
    desk.set("stock_conflict = 'etsy'").await;
    let decision = only(&desk).await;
    assert_eq!(decision.choice.kind(), DecisionKind::Ignore);
    // it stays, until Odoo moves
    let decision = only(&desk).await;
    assert_eq!(decision.choice.kind(), DecisionKind::Ignore);
    assert!(decision.reason.contains("until Odoo's stock moves"), "{}", decision.reason);
    desk.client.batch_execute("update staging.odoo_stock set sellable = 4").await.unwrap();
    let decision = only(&desk).await;
    assert_eq!(changes(&decision), [(String::new(), 9, 4)]);
}

#[tokio::test]
async fn what_we_wrote_after_the_last_read_is_what_etsy_has() {
    let desk = Desk::new().await;
    desk.plain(1, "sku_1", 9).await;
    desk.product("sku_1", 10, Some(3.into())).await;
    // written half an hour after it was read
    desk.taken_off(1, "", 3).await;
    desk.client
        .execute(
            "update journal.inventory_written set listing_state = 'active', quantity = 3, target = 3, written_at = $1",
            &[&before(30)],
        )
        .await
        .unwrap();
    assert_eq!(desk.planned().await, (Vec::new(), Vec::new()));
    desk.sold(Sale { at: before(5), ..Sale::booked(1, 1, "sku_1", 1, 5) }).await;
    let decision = only(&desk).await;
    assert_eq!((decision.shop.0, changes(&decision)), (SHOP, vec![(String::new(), 2, 3)]));
}
