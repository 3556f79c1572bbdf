//! Random small worlds against a real Postgres: presence × standing × duplication × equality, and the expected verdict
//! computed again by an exhaustive `match`.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::diff::compare;
use etsy_odoo::domain::{RunId, ShopId, Standing, Subject, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rust_decimal::Decimal;

use crate::support::TestDatabase;

const SHOP: i64 = 61_234_567;
const OTHER_SHOP: i64 = 71_234_567;

/// What Odoo has for a receipt.
#[expect(clippy::struct_excessive_bools, reason = "each is one column that agrees or does not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct There {
    copies: i32,
    state: State,
    same_total: bool,
    same_currency: bool,
    same_lines: bool,
    same_units: bool,
    same_date: bool,
    goes: Goes,
}

/// Where an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    /// Where its receipt says.
    There,
    /// To another address that we made.
    Elsewhere,
    /// To a partner that is none of ours.
    ToAFriend,
    /// To an address that we made, and Etsy shows none.
    Withheld,
}

impl Goes {
    fn asked(self) -> Option<&'static str> {
        match self {
            Self::There | Self::Elsewhere | Self::ToAFriend => Some("address_1_a"),
            Self::Withheld => None,
        }
    }

    fn shipping(self) -> Option<&'static str> {
        match self {
            Self::There => Some("address_1_a"),
            Self::Elsewhere | Self::Withheld => Some("address_1_b"),
            Self::ToAFriend => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Draft,
    Sent,
    Sale,
    Cancel,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Sale => "sale",
            Self::Cancel => "cancel",
        }
    }
}

/// One receipt, on either side or both.
#[derive(Debug, Clone, Copy)]
struct Case {
    standing: Option<Standing>,
    there: Option<There>,
    /// Whether it was ordered before `orders_from`.
    is_old: bool,
    is_other_shop: bool,
}

#[derive(Debug, Clone)]
struct SmallWorld {
    cases: Vec<Case>,
    wants_draft: bool,
    has_orders_from: bool,
}

fn any_there() -> impl Strategy<Value = There> {
    (
        prop::sample::select(vec![1, 1, 1, 2, 3]),
        prop::sample::select(vec![
            State::Draft,
            State::Sent,
            State::Sale,
            State::Sale,
            State::Cancel,
        ]),
        prop::array::uniform5(prop::bool::weighted(0.8)),
        prop::sample::select(vec![
            Goes::There,
            Goes::There,
            Goes::Elsewhere,
            Goes::ToAFriend,
            Goes::Withheld,
        ]),
    )
        .prop_map(|(copies, state, same, goes)| There {
            copies,
            state,
            same_total: same[0],
            same_currency: same[1],
            same_lines: same[2],
            same_units: same[3],
            same_date: same[4],
            goes,
        })
}

fn any_case() -> impl Strategy<Value = Case> {
    (
        prop::option::of(prop::sample::select(Standing::ALL)),
        prop::option::of(any_there()),
        any::<bool>(),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(standing, there, is_old, is_other_shop)| Case {
            standing,
            there,
            is_old,
            is_other_shop,
        })
}

fn any_world() -> impl Strategy<Value = SmallWorld> {
    (prop::collection::vec(any_case(), 0..24), any::<bool>(), any::<bool>()).prop_map(
        |(cases, wants_draft, has_orders_from)| SmallWorld { cases, wants_draft, has_orders_from },
    )
}

/// The specification, said once more, without SQL.
fn expected(case: Case, world: &SmallWorld, oldest_on_etsy: Option<bool>) -> Option<Verdict> {
    let cut = if world.has_orders_from {
        case.is_old
    } else {
        // without `orders_from`, an order is outside if it is older than everything that Etsy showed
        match oldest_on_etsy {
            None => true,
            Some(an_old_one) => case.is_old && !an_old_one,
        }
    };
    Some(match (case.standing, case.there) {
        (None, None) => return None,
        (_, Some(There { copies: 2.., .. })) => Verdict::DuplicatedInOdoo,
        (None, Some(_)) => {
            if cut {
                Verdict::OutsideWindow
            } else {
                Verdict::MissingInEtsy
            }
        }
        (Some(Standing::Unpaid | Standing::Cancelled), None) => Verdict::Agrees,
        (Some(Standing::Due), None) => {
            if world.has_orders_from && case.is_old {
                Verdict::OutsideWindow
            } else {
                Verdict::MissingInOdoo
            }
        }
        (Some(Standing::Cancelled), Some(there)) => {
            if there.state == State::Cancel {
                Verdict::Agrees
            } else {
                Verdict::Differs
            }
        }
        (Some(Standing::Unpaid), Some(_)) => Verdict::Differs,
        (Some(Standing::Due), Some(there)) => {
            let state_fits = match there.state {
                State::Sale => true,
                State::Draft | State::Sent => world.wants_draft,
                State::Cancel => false,
            };
            let same = there.same_total
                && there.same_currency
                && there.same_lines
                && there.same_units
                && there.same_date
                && there.goes != Goes::Elsewhere;
            if state_fits && same { Verdict::Agrees } else { Verdict::Differs }
        }
    })
}

fn moment(is_old: bool) -> DateTime<Utc> {
    let base = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
    if is_old { base - TimeDelta::days(400) } else { base }
}

async fn fill(client: &tokio_postgres::Client, run: i64, world: &SmallWorld) {
    fill_shops(client, world).await;
    for (number, case) in world.cases.iter().enumerate() {
        fill_case(client, run, number, *case).await;
    }
    // rows of another run must not leak into this one
    client
        .execute(
            "insert into staging.odoo_order
             select $1::bigint + 1, shop_id, receipt_id + 1, 1, 8, 'S00008', 'sale', now(), 'USD', 1, 1, 1, 'no', 'none'
             from staging.etsy_order",
            &[&run],
        )
        .await
        .unwrap();
}

async fn fill_shops(client: &tokio_postgres::Client, world: &SmallWorld) {
    client
        .batch_execute("truncate staging.etsy_order, staging.odoo_order, diff.finding, diff.tally, shop.shop cascade")
        .await
        .unwrap();
    for shop in [SHOP, OTHER_SHOP] {
        client
            .execute(
                "insert into shop.shop values ($1, 's' || $1::bigint::text, 'active', now())",
                &[&shop],
            )
            .await
            .unwrap();
        let state = if world.wants_draft { "draft" } else { "sale" };
        let from = world.has_orders_from.then(|| moment(true) + TimeDelta::days(1));
        client
            .execute(
                "insert into shop.policy (shop_id, order_state, orders_from) values ($1, $2, $3)",
                &[&shop, &state, &from],
            )
            .await
            .unwrap();
    }
}

async fn fill_case(client: &tokio_postgres::Client, run: i64, number: usize, case: Case) {
    let receipt = i64::try_from(number).unwrap() + 4_000_000_000;
    let shop = if case.is_other_shop { OTHER_SHOP } else { SHOP };
    let total = Decimal::new(1000 + receipt % 97, 2);
    if let Some(standing) = case.standing {
        client
            .execute(
                "insert into staging.etsy_order values
                 ($1, $2, $3, $4, 'USD', $5, 2, 3, 'buyer_1', $7, 0, 1, 1, $6)",
                &[
                    &shop,
                    &receipt,
                    &standing.as_str(),
                    &moment(case.is_old),
                    &total,
                    &run,
                    &case.there.and_then(|there| there.goes.asked()),
                ],
            )
            .await
            .unwrap();
    }
    if let Some(there) = case.there {
        let off = |same: bool| if same { Decimal::ZERO } else { Decimal::ONE };
        let date = moment(case.is_old) + TimeDelta::seconds(i64::from(!there.same_date));
        client
            .execute(
                "insert into staging.odoo_order (run_id, shop_id, receipt_id, copies, order_id, order_name, state, ordered_at,
                     currency, total, line_count, units, invoice_status, delivery_status, shipping_id, shipping_key)
                 values ($1, $2, $3, $4, 7, 'S00007', $5, $6, $7, $8, 2 + $9::integer, 3 + $10::numeric, 'no', 'none', 8,
                     $11)",
                &[
                    &run,
                    &shop,
                    &receipt,
                    &there.copies,
                    &there.state.as_str(),
                    &date,
                    &if there.same_currency { "USD" } else { "EUR" },
                    &(total + off(there.same_total)),
                    &i32::from(!there.same_lines),
                    &off(there.same_units),
                    &there.goes.shipping(),
                ],
            )
            .await
            .unwrap();
    }
}

type Verdicts = BTreeMap<String, Verdict>;

async fn stored(client: &tokio_postgres::Client, run: i64) -> (Verdicts, BTreeMap<Verdict, i64>) {
    let findings = client
        .query("select key, verdict from diff.finding where run_id = $1", &[&run])
        .await
        .unwrap();
    let tally = client
        .query(
            "select verdict, sum(keys)::bigint as keys from diff.tally where run_id = $1 group by verdict",
            &[&run],
        )
        .await
        .unwrap();
    (
        findings.iter().map(|row| (row.get(0), row.get::<_, &str>(1).parse().unwrap())).collect(),
        tally.iter().map(|row| (row.get::<_, &str>(0).parse().unwrap(), row.get(1))).collect(),
    )
}

fn expectation(world: &SmallWorld) -> (Verdicts, BTreeMap<Verdict, i64>) {
    let (mut findings, mut tally) = (Verdicts::new(), BTreeMap::new());
    for (number, case) in world.cases.iter().enumerate() {
        // the oldest receipt that Etsy showed of the same shop
        let oldest = world
            .cases
            .iter()
            .filter(|other| other.standing.is_some() && other.is_other_shop == case.is_other_shop)
            .map(|other| other.is_old)
            .reduce(|one, other| one || other);
        let Some(verdict) = expected(*case, world, oldest) else { continue };
        *tally.entry(verdict).or_insert(0) += 1;
        if verdict != Verdict::Agrees {
            findings.insert((number + 4_000_000_000).to_string(), verdict);
        }
    }
    (findings, tally)
}

#[test]
fn every_key_gets_the_verdict_that_a_match_gives_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (database, warehouse, client) = runtime.block_on(async {
        let database = TestDatabase::new().await;
        let warehouse = Warehouse::connect(database.config()).await.unwrap();
        let client = database.client().await;
        (database, warehouse, client)
    });
    let mut runner =
        TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&any_world(), |world| {
        runtime.block_on(async {
            fill(&client, 5, &world).await;
            compare(&warehouse, RunId(5), &[ShopId(SHOP), ShopId(OTHER_SHOP)], &[Subject::Orders])
                .await
                .unwrap();
            let (findings, tally) = stored(&client, 5).await;
            let (expected_findings, expected_tally) = expectation(&world);
            prop_assert_eq!(findings, expected_findings);
            prop_assert_eq!(tally, expected_tally);
            Ok(())
        })
    });
    drop((warehouse, client));
    drop(database);
    outcome.unwrap();
}
