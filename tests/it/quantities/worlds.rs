//! Random small worlds: state × link × stock × merge base × sales × rules, and the expected numbers computed again without
//! SQL.

use std::collections::BTreeMap;

use etsy_odoo::domain::Verdict;
use etsy_odoo::stage::StockDirection;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;

use super::{Desk, OTHER_SHOP, Sale, before};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    SoldOut,
    TakenOffByUs,
    TakenOffBySeller,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Plain,
    MadeByUs,
    Twice,
    Archived,
    NotStocked,
    /// Of two of the product itself, and of one other thing.
    Kit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    None,
    Excluded,
    MadeToOrder,
    Tight,
}

#[derive(Debug, Clone, Copy)]
struct Case {
    state: State,
    link: Link,
    rule: Rule,
    observed: i32,
    /// Half units; nothing: Odoo shows none.
    half_units: Option<i64>,
    /// Of the other part of a kit.
    others: i64,
    base: Option<(i32, i32)>,
    /// What was odd 75 minutes ago.
    odd: Option<i32>,
    /// Sold and booked after both sides agreed and before it was read.
    sold_before_read: i32,
    /// Sold after it was read, and not booked.
    sold_since_read: i32,
    pending_before_base: i32,
    pending_elsewhere: i32,
}

#[derive(Debug, Clone)]
struct World {
    cases: Vec<Case>,
    is_proven: bool,
}

/// What is expected of an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    known: i32,
    unexplained: i32,
    own_target: i32,
    target: i32,
    moved: &'static str,
    obstacle: Option<&'static str>,
}

fn any_case() -> impl Strategy<Value = Case> {
    let states = vec![
        State::Active,
        State::Active,
        State::SoldOut,
        State::TakenOffByUs,
        State::TakenOffBySeller,
    ];
    let links = vec![
        Link::None,
        Link::Plain,
        Link::Plain,
        Link::MadeByUs,
        Link::Twice,
        Link::Archived,
        Link::NotStocked,
        Link::Kit,
    ];
    let rules = vec![Rule::None, Rule::None, Rule::Excluded, Rule::MadeToOrder, Rule::Tight];
    (
        prop::sample::select(states),
        prop::sample::select(links),
        prop::sample::select(rules),
        0..8,
        prop::option::weighted(0.8, -2_i64..24),
        0_i64..8,
        prop::option::of((0..8, 0..8)),
        prop::option::of(0..8),
        (0..3, 0..3, 0..3, 0..3),
    )
        .prop_map(|(state, link, rule, observed, half_units, others, base, odd, sold)| Case {
            state,
            link,
            rule,
            observed,
            half_units,
            others,
            base: if state == State::TakenOffByUs {
                Some(base.map_or((observed, 0), |base| (base.0, 0)))
            } else {
                base
            },
            odd: odd.filter(|_| base.is_some() && state != State::TakenOffByUs),
            sold_before_read: sold.0,
            sold_since_read: sold.1,
            pending_before_base: sold.2,
            pending_elsewhere: sold.3,
        })
}

fn any_world() -> impl Strategy<Value = World> {
    (prop::collection::vec(any_case(), 1..12), any::<bool>())
        .prop_map(|(cases, is_proven)| World { cases, is_proven })
}

/// The specification, said once more, without SQL.
fn expected(case: Case, is_proven: bool) -> Option<Expected> {
    if case.state == State::TakenOffBySeller {
        return None;
    }
    let known = (case.observed - case.sold_since_read).max(0);
    let (etsy_moved, unexplained) = case.base.map_or((false, 0), |(agreed, _)| {
        let explained = agreed - case.sold_before_read;
        let lack = explained.max(0) - case.observed;
        // everything that was sold before is known by now
        let odd = case.odd.unwrap_or(case.observed);
        let odd = Some(odd).filter(|odd| is_proven && *odd < explained.max(0));
        match (lack, odd) {
            (..=0, _) => (case.observed > explained, 0),
            (_, Some(odd)) => (true, (odd - case.observed).max(0)),
            (_, None) => (false, lack),
        }
    });
    let settled = stocked(case, 0);
    let own_target = stocked(case, unexplained);
    let obstacle = obstacle(case);
    let odoo_moved = case.base.is_some_and(|(_, agreed)| {
        obstacle.is_none()
            && settled != (agreed - case.sold_before_read - case.sold_since_read).max(0)
    });
    let moved = match (case.base, etsy_moved, odoo_moved) {
        (None, _, _) => "unknown",
        (Some(_), true, true) => "both",
        (Some(_), true, false) => "etsy",
        (Some(_), false, true) => "odoo",
        (Some(_), false, false) => "nobody",
    };
    let target = if obstacle.is_none() { own_target } else { known };
    Some(Expected { known, unexplained, own_target, target, moved, obstacle })
}

fn obstacle(case: Case) -> Option<&'static str> {
    match (case.rule, case.link) {
        (Rule::Excluded, _) => Some("excluded"),
        (Rule::MadeToOrder, _) => None,
        (Rule::None | Rule::Tight, link) => match link {
            Link::None => Some("unlinked"),
            Link::Twice => Some("ambiguous"),
            Link::Archived => Some("archived"),
            Link::NotStocked => Some("not_stocked"),
            Link::MadeByUs if case.half_units.is_none() && case.base.is_none() => Some("uncounted"),
            Link::MadeByUs | Link::Plain | Link::Kit => None,
        },
    }
}

/// How many Odoo's stock allows.
fn stocked(case: Case, unexplained: i32) -> i32 {
    if case.rule == Rule::MadeToOrder {
        return 4;
    }
    let has_product = !matches!(case.link, Link::None | Link::Twice);
    let is_stocked = !matches!(case.link, Link::None | Link::Twice | Link::NotStocked);
    let halves = if has_product { case.half_units.unwrap_or(0) } else { 0 };
    // what is not stocked takes nothing out of stock
    let sold = |units: i32| if is_stocked { i64::from(units) } else { 0 };
    let elsewhere = sold(case.pending_elsewhere);
    let here = sold(case.pending_before_base + case.sold_since_read);
    let odd = sold(unexplained);
    let whole = |taken: i64| {
        let left = (halves - 2 * taken).div_euclid(2);
        if case.link == Link::Kit {
            // two of it go into one kit
            let of_it = (halves - 4 * taken).div_euclid(4);
            of_it.min(case.others - taken)
        } else {
            left
        }
    };
    let free = whole(elsewhere);
    let pending = free - whole(elsewhere + here);
    let on_its_way = whole(elsewhere + here) - whole(elsewhere + here + odd);
    let (buffer, is_halved, floor, cap) =
        if case.rule == Rule::Tight { (1, true, 2, 4) } else { (0, false, 0, 999) };
    let share = if is_halved { (free - buffer).div_euclid(2) } else { free - buffer };
    let allowed = share - pending - on_its_way;
    if allowed < floor { 0 } else { i32::try_from(allowed.clamp(0, cap)).unwrap() }
}

fn verdict(case: Case, expected: &Expected) -> Verdict {
    let shown = if case.state == State::Active { expected.known } else { 0 };
    match expected.obstacle {
        Some("excluded" | "not_stocked") => Verdict::Agrees,
        Some(_) if shown == 0 => Verdict::Agrees,
        Some("unlinked") => Verdict::MissingInOdoo,
        Some("ambiguous") => Verdict::DuplicatedInOdoo,
        Some(_) => Verdict::Differs,
        None if expected.target == shown => Verdict::Agrees,
        None => Verdict::Differs,
    }
}

async fn fill(desk: &Desk, world: &World) {
    desk.clear().await;
    desk.prove_receipts(before(if world.is_proven { 10 } else { 80 })).await;
    for (number, case) in world.cases.iter().enumerate() {
        fill_case(desk, i64::try_from(number).unwrap() + 1, case).await;
    }
    // rows of another run, and an offering that is not for sale, change nothing
    desk.client
        .batch_execute(
            "insert into staging.odoo_stock select run_id + 1, product_id, 1, 50, 50, 50, 50, 0, 0, 0, 0, 0, false
             from staging.odoo_stock;
             insert into staging.odoo_product (run_id, product_key, copies, product_id, matched_by, name, active)
             select run_id + 1, product_key, copies + 1, product_id, matched_by, name, active
             from staging.odoo_product;
             insert into staging.etsy_offering
             select shop_id, listing_id, 'off', product_key, sku, '', 77, 2, false, 1, 1, 'off' from staging.etsy_offering",
        )
        .await
        .unwrap();
}

async fn fill_case(desk: &Desk, listing: i64, case: &Case) {
    let key = format!("sku_{listing}");
    let product = i32::try_from(listing).unwrap() * 10;
    let state = match case.state {
        State::Active => "active",
        State::SoldOut => "sold_out",
        State::TakenOffByUs | State::TakenOffBySeller => "inactive",
    };
    desk.listing(listing, state).await;
    desk.inventory(listing, None).await;
    desk.offering(listing, "", "", &key, case.observed).await;
    fill_odoo(desk, &key, product, case).await;
    if let Some((quantity, target)) = case.base {
        if case.state == State::TakenOffByUs {
            desk.taken_off(listing, "", quantity).await;
        } else {
            desk.base(listing, "", quantity, target).await;
        }
    }
    if let Some(odd) = case.odd {
        desk.client
            .execute(
                "update staging.offering_base set odd_quantity = $1, odd_since = $2 where listing_id = $3",
                &[&odd, &before(75), &listing],
            )
            .await
            .unwrap();
    }
    let rule = match case.rule {
        Rule::None => None,
        Rule::Excluded => Some("null, null, null, null, null, true"),
        Rule::MadeToOrder => Some("null, null, null, null, 4, false"),
        Rule::Tight => Some("1, 0.5, 2, 4, null, false"),
    };
    if let Some(rule) = rule {
        let statement = [
            "insert into shop.stock_rule (shop_id, product_key, label, buffer, share, floor, cap, made_to_order, is_excluded) values (61234567, '",
            &key,
            "', 'x', ",
            rule,
            ")",
        ];
        desk.client.batch_execute(&statement.concat()).await.unwrap();
    }
    let receipt = listing * 100;
    for (number, sale) in [
        Sale::booked(receipt + 1, listing, &key, case.sold_before_read, 90),
        Sale::pending(receipt + 2, listing, &key, case.sold_since_read, 30),
        Sale::pending(receipt + 3, listing, &key, case.pending_before_base, 300),
        Sale {
            shop: OTHER_SHOP,
            ..Sale::pending(receipt + 4, listing + 1000, &key, case.pending_elsewhere, 20)
        },
        // what is cancelled on either side is promised to nobody
        Sale { standing: "cancelled", ..Sale::pending(receipt + 5, listing, &key, 3, 300) },
        Sale { order: Some("cancel"), ..Sale::pending(receipt + 6, listing, &key, 3, 300) },
    ]
    .into_iter()
    .enumerate()
    {
        if sale.quantity > 0 {
            // some of what is pending has a quotation in Odoo
            let order = match sale.order {
                None if number == 2 && listing % 2 == 0 => Some("draft"),
                order => order,
            };
            desk.sold(Sale { order, ..sale }).await;
        }
    }
}

async fn fill_odoo(desk: &Desk, key: &str, product: i32, case: &Case) {
    let halves = case.half_units.map(|halves| Decimal::new(halves * 5, 1));
    match case.link {
        Link::None => return,
        Link::Plain => desk.linked(key, product, 1, "sku", true).await,
        Link::MadeByUs => desk.linked(key, product, 1, "external_id", true).await,
        Link::Twice => desk.linked(key, product, 2, "sku", true).await,
        Link::Archived => desk.linked(key, product, 1, "external_id", false).await,
        Link::NotStocked => desk.linked(key, product, 1, "sku", true).await,
        Link::Kit => desk.linked(key, product, 1, "sku", true).await,
    }
    if case.link == Link::Kit {
        desk.part(product, product + 1, Decimal::TWO).await;
        desk.part(product, product + 2, Decimal::ONE).await;
        if let Some(halves) = halves {
            desk.stock(product + 1, 1, halves).await;
        }
        desk.stock(product + 2, 1, case.others.into()).await;
        return;
    }
    if case.link != Link::NotStocked {
        desk.part(product, product, Decimal::ONE).await;
    }
    if let Some(halves) = halves {
        // in two warehouses, of which one counts
        desk.stock(product, 1, halves).await;
        desk.stock(product, 2, Decimal::from(40)).await;
    }
}

async fn staged(desk: &Desk) -> BTreeMap<i64, Expected> {
    let words = |word: &str| {
        [
            "unlinked",
            "ambiguous",
            "archived",
            "not_stocked",
            "uncounted",
            "excluded",
            "unknown",
            "nobody",
            "odoo",
            "etsy",
            "both",
        ]
        .into_iter()
        .find(|known| *known == word)
        .unwrap()
    };
    desk.client
        .query("select * from staging.offering_target", &[])
        .await
        .unwrap()
        .iter()
        .map(|row| {
            let expected = Expected {
                known: row.get("known"),
                unexplained: row.get("unexplained"),
                own_target: row.get("own_target"),
                target: row.get("target"),
                moved: words(row.get("moved")),
                obstacle: row.get::<_, Option<&str>>("obstacle").map(words),
            };
            (row.get("listing_id"), expected)
        })
        .collect()
}

#[test]
fn every_offering_gets_the_number_that_one_would_reckon_by_hand() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let desk = runtime.block_on(Desk::new());
    let mut runner =
        TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&any_world(), |world| {
        runtime.block_on(async {
            fill(&desk, &world).await;
            desk.compare(StockDirection::Push).await;
            let mut numbers = BTreeMap::new();
            let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
            for (number, case) in world.cases.iter().enumerate() {
                let listing = i64::try_from(number).unwrap() + 1;
                if let Some(expected) = expected(*case, world.is_proven) {
                    let verdict = verdict(*case, &expected);
                    if verdict != Verdict::Agrees {
                        verdicts.insert(listing.to_string(), verdict);
                    }
                    numbers.insert(listing, expected);
                }
            }
            prop_assert_eq!(staged(&desk).await, numbers);
            let found: BTreeMap<String, Verdict> = desk
                .findings()
                .await
                .into_iter()
                .map(|finding| (finding.key, finding.verdict))
                .collect();
            prop_assert_eq!(found, verdicts);
            // a second try of the same run says the same
            let once = staged(&desk).await;
            desk.compare(StockDirection::Push).await;
            prop_assert_eq!(
                staged(&desk)
                    .await
                    .into_iter()
                    .map(|(id, row)| (id, row.target))
                    .collect::<Vec<_>>(),
                once.into_iter().map(|(id, row)| (id, row.target)).collect::<Vec<_>>()
            );
            Ok(())
        })
    });
    drop(runtime.enter());
    outcome.unwrap();
}
