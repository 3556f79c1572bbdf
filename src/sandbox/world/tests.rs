use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

fn world(receipts: usize, seed: u64) -> World {
    World::new(WorldSize { receipts, listings: 96, shops: 3, seed }, noon())
}

#[test]
fn it_holds_what_hurts() {
    let world = world(3000, 1);
    let has = |condition: &dyn Fn(&Receipt) -> bool| world.receipts().iter().any(condition);
    assert_eq!(world.receipts().len(), 3000);
    assert!(has(&|receipt| receipt.address.is_none()));
    assert!(has(&|receipt| receipt.lines.iter().any(|line| line.listing_id.is_none())));
    assert!(has(&|receipt| receipt.lines.iter().any(|line| line.sku.as_deref() == Some(""))));
    assert!(has(&|receipt| receipt.lines.iter().any(|line| line.personalization.is_some())));
    assert!(has(&|receipt| receipt.tax > 0 && receipt.decimals == 0));
    assert!(has(&|receipt| receipt.vat > 0 && receipt.lines.iter().all(|line| line.is_digital)));
    assert!(has(&|receipt| receipt.discount() > 0 && receipt.lines.len() > 2));
    assert!(has(&|receipt| receipt.gift_wrap > 0));
    assert!(has(&|receipt| receipt.is_capitalised && receipt.status == ReceiptStatus::Completed));
    assert!(has(&|receipt| receipt.status == ReceiptStatus::Open && !receipt.is_paid()));
    let scripts = ["佐", "김", "Ελ", "Ше", "فا", "Ś", "O'Connell"];
    for script in scripts {
        assert!(
            has(&|receipt| {
                let street = receipt.address.as_ref().map(|address| &address.first_line);
                receipt.name.contains(script) || street.is_some_and(|line| line.contains(script))
            }),
            "nobody is written with {script}"
        );
    }
    assert!(world.receipts().iter().all(|receipt| receipt.receipt_id.0 > 1 << 32));
}

#[test]
fn shares_of_unhappy_ends_are_as_announced() {
    let world = world(6000, 5);
    let share = |wanted: &[ReceiptStatus]| {
        let found = world.receipts().iter().filter(|receipt| wanted.contains(&receipt.status));
        found.count() * 1000 / world.receipts().len()
    };
    let unpaid = share(&[ReceiptStatus::PaymentProcessing, ReceiptStatus::Open]);
    let refunded = share(&[ReceiptStatus::FullyRefunded, ReceiptStatus::PartiallyRefunded]);
    assert!((30..=50).contains(&unpaid), "{unpaid} of 1000 are unpaid");
    assert!((30..=50).contains(&share(&[ReceiptStatus::Canceled])));
    assert!((40..=60).contains(&refunded), "{refunded} of 1000 are refunded");
}

#[test]
fn nothing_happens_before_the_opening_or_after_the_last_hour() {
    let world = world(2000, 9);
    let until = noon().timestamp() - 3600;
    for receipt in world.receipts() {
        let shop = world.shops.iter().find(|shop| shop.shop_id == receipt.shop_id).unwrap();
        assert!(shop.created.timestamp() < receipt.created);
        assert!(receipt.created <= receipt.updated && receipt.updated <= until);
        assert!(receipt.refunds.iter().all(|refund| refund.created <= until));
        assert!(receipt.shipped.is_none_or(|shipped| shipped <= until));
        assert_eq!(receipt.is_paid(), receipt.paid.is_some());
    }
    assert!(world.receipts().is_sorted_by_key(|receipt| (receipt.created, receipt.receipt_id)));
}

#[test]
fn buyers_come_back_move_and_cross_over() {
    let world = world(3000, 2);
    let mut shops: BTreeMap<i64, BTreeSet<ShopId>> = BTreeMap::new();
    let mut streets: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for receipt in world.receipts() {
        shops.entry(receipt.buyer_user_id).or_default().insert(receipt.shop_id);
        if let Some(address) = &receipt.address {
            streets.entry(receipt.buyer_user_id).or_default().push(&address.first_line);
        }
    }
    assert!(shops.values().any(|shops| shops.len() > 1));
    let same = |streets: &&Vec<&str>| streets.windows(2).any(|pair| pair[0] == pair[1]);
    assert!(streets.values().any(|streets| same(&streets)));
    assert!(streets.values().any(|streets| streets.len() > 1 && !same(&streets)));
}

#[test]
fn odoo_knows_seven_skus_of_ten() {
    let world = world(0, 3);
    let all: BTreeSet<&str> = world
        .listings
        .iter()
        .flat_map(|listing| &listing.products)
        .map(|product| product.sku.as_str())
        .filter(|sku| !sku.is_empty())
        .collect();
    let catalogue = world.catalogue();
    assert!(catalogue.is_sorted_by(|a, b| a.sku < b.sku));
    assert!(catalogue.iter().all(|item| all.contains(item.sku.as_str())));
    let share = catalogue.len() * 100 / all.len();
    assert!((55..=85).contains(&share), "{share} of 100");
    let with_sku = world.listings.iter().flat_map(|listing| {
        let skus: BTreeSet<&str> = listing.products.iter().map(|it| it.sku.as_str()).collect();
        skus.into_iter().filter(|sku| !sku.is_empty()).collect::<Vec<_>>()
    });
    assert!(with_sku.count() > all.len(), "no SKU is shared between two listings");
}

#[test]
fn listings_are_coherent_and_of_every_kind() {
    let world = world(0, 4);
    for state in ["active", "inactive", "sold_out", "draft", "expired"] {
        assert!(
            world.listings.iter().any(|listing| listing.state.word() == Some(state)),
            "{state}"
        );
    }
    for listing in &world.listings {
        assert_eq!(listing.quantity() == 0, listing.state == ListingState::SoldOut);
        let mut seen = BTreeMap::new();
        for product in &listing.products {
            let on = |properties| values_on(&product.property_values, properties);
            let quantity = seen.entry((0, on(&listing.on_property.quantity)));
            assert_eq!(
                *quantity.or_insert(product.quantity.to_string()),
                product.quantity.to_string()
            );
            let price = seen.entry((1, on(&listing.on_property.price)));
            assert_eq!(*price.or_insert(product.price.to_string()), product.price.to_string());
            assert_eq!(
                *seen.entry((2, on(&listing.on_property.sku))).or_insert(product.sku.clone()),
                product.sku
            );
        }
    }
}

#[test]
fn buyers_empty_the_shelves_and_no_further() {
    let mut world = World::new(WorldSize { receipts: 0, listings: 16, shops: 1, seed: 6 }, noon());
    let stock = |world: &World| -> i64 {
        world
            .listings
            .iter()
            .filter(|it| it.is_active() && !it.is_digital)
            .map(Listing::quantity)
            .sum()
    };
    let before = stock(&world);
    let bought = world.buy(40, noon());
    assert_eq!(bought.len(), 40);
    assert!(stock(&world) < before);
    assert_eq!(world.receipts().last().unwrap().created, noon().timestamp());
    world.buy(2000, noon());
    assert!(world.listings.iter().flat_map(|it| &it.products).all(|product| product.quantity >= 0));
    let sold_out =
        world.listings.iter().filter(|listing| listing.state == ListingState::SoldOut).count();
    assert!(sold_out > 3, "only {sold_out} listings ran out");
}

#[test]
fn an_edit_changes_all_ids_of_the_listing() {
    let mut world = world(0, 7);
    let ids = |world: &World, listing: i64| -> Vec<(i64, i64)> {
        let (_, listing) = world.listing(listing).unwrap();
        listing.products.iter().map(|product| (product.id, product.offering_id)).collect()
    };
    let before: BTreeMap<i64, _> = world
        .listings
        .iter()
        .filter(|it| it.is_active())
        .map(|it| (it.id, ids(&world, it.id)))
        .collect();
    let later = noon() + TimeDelta::hours(1);
    for listing in world.edit(12, later) {
        let now = ids(&world, listing);
        assert!(
            now.iter().zip(&before[&listing]).all(|(new, old)| new.0 != old.0 && new.1 != old.1)
        );
        assert_eq!(world.listing(listing).unwrap().1.updated, later.timestamp());
    }
}

#[test]
fn only_payments_move_the_time_of_the_last_change() {
    let mut world = world(500, 8);
    let later = noon() + TimeDelta::hours(2);
    let before: BTreeMap<_, _> =
        world.receipts().iter().map(|receipt| (receipt.receipt_id, receipt.updated)).collect();
    let paid = world.pay(3, later);
    let cancelled = world.cancel(3, later);
    let refunded = world.refund(3, later);
    assert_eq!((paid.len(), refunded.len()), (3, 3));
    assert!(!cancelled.is_empty());
    for receipt in world.receipts() {
        let id = receipt.receipt_id;
        if paid.contains(&id) {
            assert!(receipt.is_paid());
            assert_eq!(receipt.updated, later.timestamp());
        } else {
            assert_eq!(receipt.updated, before[&id]);
        }
        if refunded.contains(&id) {
            let sum: i64 = receipt.refunds.iter().map(|refund| refund.amount).sum();
            assert!(sum > 0 && sum <= receipt.grandtotal());
        }
        if cancelled.contains(&id) {
            assert_eq!(receipt.status, ReceiptStatus::Canceled);
        }
    }
    let query = ReceiptQuery {
        updated: (Some(later.timestamp()), None),
        sort_on: SortOn::Updated,
        limit: 100,
        ..ReceiptQuery::default()
    };
    let found: usize = (0..3).map(|shop| world.page(shop, &query).0).sum();
    assert_eq!(found, paid.len(), "the sorted book follows the change");
}
