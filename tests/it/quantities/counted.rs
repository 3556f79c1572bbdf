//! The other direction: what Etsy offers is counted in Odoo.

use etsy_odoo::domain::{DecisionKind, Verdict};
use etsy_odoo::plan::{Action, Choice, Decision};
use etsy_odoo::stage::StockDirection;
use rust_decimal::Decimal;

use super::{Desk, Sale};

async fn adopted(desk: &Desk) -> Vec<Decision> {
    desk.compare(StockDirection::Count).await;
    let (decisions, refusals) = desk.plan().await;
    assert_eq!(refusals, Vec::<String>::new());
    decisions
}

/// Product, location, seen and counted.
fn count(decision: &Decision) -> (i32, i32, Decimal, Decimal) {
    match &decision.choice {
        Choice::Act(action) => match &**action {
            Action::CountStock(count) => {
                (count.product_id, count.location_id, count.seen, count.counted)
            }
            other => panic!("{other:?}"),
        },
        Choice::Hold | Choice::Ignore => panic!("{decision:?}"),
    }
}

async fn countable(desk: &Desk, product: i32, quantity: i32, has_others: bool, is_tracked: bool) {
    desk.client
        .execute(
            "insert into snapshot.odoo_countable values (5, $1, 8, $2::integer, $3, $4)",
            &[&product, &quantity, &has_others, &is_tracked],
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_count_leads_to_the_number_that_etsy_has() {
    let desk = Desk::new().await;
    // 12 on Etsy, 5 in Odoo of which 4 stand where they are counted, 2 sold and not booked
    desk.plain(1, "sku_1", 12).await;
    desk.product("sku_1", 10, Some(5.into())).await;
    desk.sold(Sale::pending(1, 1, "sku_1", 2, 200)).await;
    countable(&desk, 10, 4, false, false).await;
    let decisions = adopted(&desk).await;
    assert_eq!(decisions.len(), 1);
    assert_eq!(count(&decisions[0]), (10, 8, 4.into(), 13.into()));
    assert_eq!(
        decisions[0].reason,
        "Etsy offers 12 of SKU SKU_1, Odoo allows 3; 4 stood where it is counted"
    );
    // as if it were counted
    desk.client
        .batch_execute("update staging.odoo_stock set sellable = sellable + 9")
        .await
        .unwrap();
    assert_eq!(adopted(&desk).await, []);
    assert_eq!(desk.planned().await, (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_share_and_a_buffer_are_counted_too() {
    let desk = Desk::new().await;
    desk.set("stock_share = 0.3, stock_buffer = 2").await;
    desk.plain(1, "sku_1", 7).await;
    desk.product("sku_1", 10, None).await;
    let decisions = adopted(&desk).await;
    // 7 is three tenths of 24, rounded down
    assert_eq!(count(&decisions[0]), (10, 8, Decimal::ZERO, 26.into()));
    desk.stock(10, 1, 26.into()).await;
    assert_eq!(desk.planned().await, (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn what_nobody_can_count_from_here_is_held() {
    let desk = Desk::new().await;
    let mut expected = Vec::new();
    for (listing, reason) in [
        (1, "Odoo keeps it by lot, in packages or for other owners; count it in Odoo"),
        (2, "Odoo keeps it by lot, in packages or for other owners; count it in Odoo"),
        (3, "it is a kit, which has no stock of its own; count its parts in Odoo"),
        (4, "the product for SKU SKU_4 is archived in Odoo; unarchive it"),
        (5, "2 products in Odoo answer to SKU SKU_5; archive or renumber all but one"),
        (6, "Odoo has no product for SKU SKU_6; make one with that SKU, or link one"),
        (
            7,
            "Etsy offers 5, and Odoo has more of it in other places than where it is counted; count it in Odoo",
        ),
    ] {
        let key = format!("sku_{listing}");
        let product = i32::try_from(listing).unwrap() * 10;
        desk.plain(listing, &key, 5).await;
        match listing {
            3 => {
                desk.linked(&key, product, 1, "sku", true).await;
                desk.part(product, 99, Decimal::ONE).await;
            }
            4 => desk.linked(&key, product, 1, "sku", false).await,
            5 => desk.linked(&key, product, 2, "sku", true).await,
            6 => {}
            7 => desk.product(&key, product, Some(9.into())).await,
            _ => desk.product(&key, product, Some(3.into())).await,
        }
        expected.push((key, DecisionKind::Hold, reason.to_owned()));
    }
    countable(&desk, 10, 3, false, true).await;
    countable(&desk, 20, 0, true, false).await;
    // two listings of one product
    desk.plain(8, "sku_8", 5).await;
    desk.plain(9, "sku_8", 6).await;
    desk.product("sku_8", 80, None).await;
    expected.push((
        "sku_8".to_owned(),
        DecisionKind::Hold,
        "listings that share it offer different quantities (5, 6); make them the same on Etsy, or count it in Odoo".to_owned(),
    ));
    let decisions = adopted(&desk).await;
    let found: Vec<_> = decisions
        .iter()
        .map(|decision| (decision.key.clone(), decision.choice.kind(), decision.reason.clone()))
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_quantity_that_products_share_is_nobodys_count() {
    let desk = Desk::new().await;
    desk.listing(1, "active").await;
    desk.inventory(1, None).await;
    desk.offering(1, "1=a", "", "sku_a", 5).await;
    desk.offering(1, "1=b", "", "sku_b", 5).await;
    desk.product("sku_a", 10, None).await;
    desk.product("sku_b", 20, None).await;
    let decisions = adopted(&desk).await;
    assert_eq!(decisions.len(), 2);
    for decision in decisions {
        assert_eq!(
            (decision.verdict, decision.choice.kind()),
            (Verdict::Differs, DecisionKind::Hold)
        );
        assert!(decision.reason.contains("in common with other products"), "{}", decision.reason);
    }
    // variations of one product are one count
    desk.client.batch_execute("update staging.odoo_product set product_id = 10").await.unwrap();
    desk.client
        .batch_execute("update staging.etsy_offering set product_key = 'sku_a'")
        .await
        .unwrap();
    let decisions = adopted(&desk).await;
    assert_eq!(count(&decisions[0]), (10, 8, Decimal::ZERO, 5.into()));
}
