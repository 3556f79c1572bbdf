//! The whole application of plans against a real Odoo 18. Ignored unless asked for: it needs a server, and leaves
//! records in it.
//!
//! ```sh
//! ETSY_ODOO_TEST_ODOO_URL=http://127.0.0.1:8069 ETSY_ODOO_TEST_ODOO_DATABASE=scratch \
//! ETSY_ODOO_TEST_ODOO_READ_URL=postgres://… ETSY_ODOO_TEST_DATABASE_URL=postgres://… \
//! cargo test --lib apply::live -- --ignored
//! ```

mod proxy;
mod stock;

use std::time::Duration;

use chrono::DateTime;
use rust_decimal::Decimal;
use secrecy::SecretString;

use proxy::Proxy;

use super::*;
use crate::domain::{
    ActionKind, Currency, FixedClock, OutcomeKind, ReceiptId, ShopId, Subject, Verdict,
};
use crate::journal::{Command, NewRun, begin_run, record_decisions};
use crate::odoo::OdooSettings;
use crate::plan::{
    Action, BookLine, BookNote, BookOrder, CancelOrder, Choice, CreateCustomer, CreateProduct,
    Decision, Reference,
};

#[expect(clippy::disallowed_methods, reason = "a test has no settings file")]
fn setting(name: &str) -> String {
    std::env::var(format!("ETSY_ODOO_TEST_{name}")).unwrap()
}

struct Live {
    warehouse: Warehouse,
    odoo: OdooWriter,
    reader: OdooReader,
    clock: FixedClock,
    /// Keeps the ids of one run of the tests apart from those of others.
    base: i64,
}

impl Live {
    async fn start() -> Self {
        Self::start_at(setting("ODOO_URL")).await
    }

    /// Starts with Odoo behind another address.
    async fn start_at(url: String) -> Self {
        let parse = |name: &str| crate::db::parse_url(name, &setting(name)).unwrap();
        let warehouse = Warehouse::connect(parse("DATABASE_URL")).await.unwrap();
        warehouse.migrate().await.unwrap();
        let odoo = OdooWriter::connect(&OdooSettings {
            url,
            database: setting("ODOO_DATABASE"),
            login: "admin".to_owned(),
            api_key: SecretString::from("admin"),
            connections: 2,
            call_timeout: Duration::from_secs(10),
            chatter: crate::odoo::Chatter::default(),
        })
        .await
        .unwrap();
        odoo.ensure_fields().await.unwrap();
        assert_eq!(odoo.fields_missing().await.unwrap(), vec![]);
        let reader = OdooReader::connect(parse("ODOO_READ_URL")).await.unwrap();
        let clock = FixedClock::at(DateTime::from_timestamp(1_790_000_000, 0).unwrap());
        Self { warehouse, odoo, reader, clock, base: fastrand::i64(1_000_000..9_000_000) * 1_000 }
    }

    async fn plan(&self, actions: Vec<Action>) -> RunId {
        let decisions: Vec<Decision> = (1..)
            .zip(actions)
            .map(|(number, action): (i32, _)| Decision {
                shop: ShopId(5),
                subject: Subject::Orders,
                key: number.to_string(),
                verdict: Verdict::MissingInOdoo,
                choice: Choice::Act(Box::new(action)),
                reason: "it is missing".to_owned(),
                before: None,
                amount: None,
                currency: None,
            })
            .collect();
        let run = self.begin(Command::Plan, None).await;
        let refuse = std::convert::identity;
        record_decisions(&self.warehouse, run, refuse, async |book| book.add(&decisions).await)
            .await
            .unwrap();
        run
    }

    async fn begin(&self, command: Command, plan: Option<RunId>) -> RunId {
        let new = NewRun {
            command,
            plan,
            shops: &[ShopId(5)],
            subjects: &[Subject::Orders],
            full: false,
            large_plan_allowed: false,
            started_at: self.clock.now(),
        };
        begin_run(&self.warehouse, new).await.unwrap()
    }

    async fn apply(&mut self, plan: RunId) -> Applied {
        self.try_apply(plan).await.unwrap()
    }

    async fn try_apply(&mut self, plan: RunId) -> Result<Applied, ApplyError> {
        let applied_by = self.begin(Command::Apply, Some(plan)).await;
        let options = ApplyOptions {
            largest_orders: 40,
            pause: Duration::from_millis(100),
            ..ApplyOptions::default()
        };
        apply(
            &self.warehouse,
            Sides { odoo: &self.odoo, odoo_reader: &mut self.reader, etsy: None },
            plan,
            applied_by,
            &self.clock,
            &options,
        )
        .await
    }

    /// State, words, id and total of each decision, in order.
    async fn states(&self, plan: RunId) -> Vec<(String, String, Option<i32>, Option<Decimal>)> {
        let client = self.warehouse.client().await.unwrap();
        let rows = client
            .query(
                "select state, coalesce(said, ''), odoo_id, odoo_total from journal.decision_state \
                 where run_id = $1 order by decision_no",
                &[&plan.0],
            )
            .await
            .unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
    }

    fn product(&self, number: i64, is_service: bool) -> Action {
        Action::CreateProduct(CreateProduct {
            external_id: format!("etsy.sku_{}", self.base + number),
            name: format!("Mug no. {number}"),
            sku: (!is_service).then(|| format!("MUG-{}", self.base + number)),
            is_service,
            list_price: Decimal::new(1750, 2),
            listing_id: Some(self.base + number),
            variant_key: "colour=blue".to_owned(),
            description: None,
            review_tag_id: None,
        })
    }

    fn customer(&self, number: i64, country_id: i32, parent: bool) -> Action {
        let buyer = format!("etsy.buyer_{}", self.base + number);
        Action::CreateCustomer(CreateCustomer {
            external_id: if parent { format!("{buyer}_address") } else { buyer.clone() },
            parent: parent.then_some(Reference::ExternalId(buyer)),
            name: "Zoë O'Buyer".to_owned(),
            street: Some("1 Main St, \"rear\"".to_owned()),
            street2: None,
            city: Some("Springfield".to_owned()),
            zip: Some("02139".to_owned()),
            country_id: Some(country_id),
            state_id: None,
            buyer_user_id: self.base + number,
            company_id: None,
            language: None,
        })
    }

    fn order(&self, number: i64) -> BookOrder {
        let receipt = self.base + number;
        let sku = |number: i64| Reference::ExternalId(format!("etsy.sku_{}", self.base + number));
        let line = |what: &str, product, cents, is_delivery| BookLine {
            external_id: format!("etsy.{what}_{receipt}"),
            product,
            name: format!("a {what} line"),
            quantity: Decimal::ONE,
            price_unit: Decimal::new(cents, 2),
            is_delivery,
            transaction_id: (what == "tx").then_some(receipt * 10),
            tax_id: None,
        };
        BookOrder {
            external_id: format!("etsy.receipt_{receipt}"),
            receipt_id: ReceiptId(receipt),
            shop_id: ShopId(5),
            partner: Reference::ExternalId(format!("etsy.buyer_{}", self.base)),
            shipping: Reference::ExternalId(format!("etsy.buyer_{}_address", self.base)),
            pricelist_id: 1,
            currency: "USD".parse::<Currency>().unwrap(),
            ordered_at: DateTime::from_timestamp(1_772_600_767 + number, 0).unwrap(),
            total: Decimal::new(2049, 2),
            taxed_by_odoo: false,
            confirm: true,
            company_id: None,
            warehouse_id: None,
            team_id: None,
            salesperson_id: None,
            payment_term_id: None,
            fiscal_position_id: None,
            tag_ids: Vec::new(),
            notes: vec![BookNote {
                external_id: format!("etsy.note_message_{receipt}"),
                text: "Message from the buyer:\n<b>hurry</b>".to_owned(),
            }],
            lines: vec![
                line("tx", sku(0), 1750, false),
                line("shipping", sku(1), 499, true),
                line("discount", sku(1), -200, false),
            ],
        }
    }
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn a_plan_is_what_happens() {
    let mut live = Live::start().await;
    let services = live.odoo.ensure_service_products().await.unwrap();
    assert_eq!(services, live.odoo.ensure_service_products().await.unwrap());
    assert_eq!(services.len(), 5);

    let mut actions = vec![
        live.product(0, false),
        live.product(1, true),
        live.customer(0, 233, true),
        live.customer(0, 233, false),
        live.customer(1, 99_999_999, false),
        live.customer(1, 233, true),
    ];
    let orders = 90;
    for number in 0..orders {
        let mut order = live.order(number);
        match number {
            10 => order.total = Decimal::new(2050, 2),
            20 => order.confirm = false,
            30 => order.lines[0].product = Reference::OdooId(99_999_999),
            40 => order.partner = Reference::ExternalId(format!("etsy.buyer_{}", live.base + 1)),
            50..60 => {
                order.pricelist_id = 2;
                order.currency = "EUR".parse().unwrap();
                order.warehouse_id = Some(1);
                order.company_id = Some(1);
                order.team_id = Some(1);
                order.salesperson_id = Some(2);
            }
            _ => {}
        }
        actions.push(Action::BookOrder(order));
    }
    let plan = live.plan(actions).await;
    let begun = std::time::Instant::now();
    let applied = live.apply(plan).await;
    println!("{} s: {applied:?}", begun.elapsed().as_secs());

    let states = live.states(plan).await;
    for (number, state) in states.iter().enumerate().filter(|(_, state)| state.0 != "applied") {
        println!("{number}: {state:?}");
        assert!(!state.1.contains("Buyer") && !state.1.contains("Main"), "personal: {}", state.1);
    }
    let orders_of = |outcome| applied.count_of(ActionKind::BookOrder, outcome);
    assert_eq!(orders_of(OutcomeKind::Applied), orders - 3);
    assert_eq!(orders_of(OutcomeKind::Refused), 3);
    assert_eq!(applied.count_of(ActionKind::CreateCustomer, OutcomeKind::Refused), 2);
    assert_eq!(applied.count(OutcomeKind::Unknown), 0);
    let said = |number: usize| states[6 + number].1.as_str();
    assert_eq!(said(10), "Odoo computed 20.49 USD, the plan said 20.50 USD");
    assert!(said(30).contains("99999999"), "{}", said(30));
    assert!(said(40).contains(&format!("etsy.buyer_{}", live.base + 1)), "{}", said(40));

    // the same again: what is applied stays, what was refused is refused again, nothing is made twice
    let again = live.apply(plan).await;
    assert_eq!(again.count(OutcomeKind::Applied), 0, "{again:?}");
    assert_eq!(again.count(OutcomeKind::Refused), 5, "{again:?}");
    assert_eq!(live.states(plan).await, states);

    cancels_what_is_as_seen(&mut live, &states).await;
}

async fn cancels_what_is_as_seen(
    live: &mut Live,
    states: &[(String, String, Option<i32>, Option<Decimal>)],
) {
    let cancel = |number: usize, seen_state: &str| {
        Action::CancelOrder(CancelOrder {
            order_id: states[6 + number].2.unwrap(),
            receipt_id: ReceiptId(live.base + i64::try_from(number).unwrap()),
            seen_state: seen_state.to_owned(),
        })
    };
    let actions = vec![cancel(0, "sale"), cancel(1, "draft"), cancel(2, "sale")];
    let plan = live.plan(actions).await;
    let applied = live.apply(plan).await;
    assert_eq!(applied.count_of(ActionKind::CancelOrder, OutcomeKind::Applied), 2);
    assert_eq!(applied.count_of(ActionKind::CancelOrder, OutcomeKind::Stale), 1);
    assert_eq!(
        live.states(plan).await[1].1,
        "the order is `sale` in Odoo now, the plan saw `draft`"
    );
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn lost_calls_make_nothing_twice() {
    let proxy = Proxy::start(&setting("ODOO_URL")).await;
    let mut live = Live::start_at(proxy.url().to_owned()).await;
    let customers =
        [live.customer(0, 233, false), live.customer(0, 233, true), live.product(0, false)];
    let orders = 120;
    let actions: Vec<Action> = customers
        .into_iter()
        .chain([live.product(1, true)])
        .chain((0..orders).map(|number| Action::BookOrder(live.order(number))))
        .collect();
    let plan = live.plan(actions).await;
    for round in 0..4 {
        let odds = if round < 3 { 3 } else { 0 };
        proxy.lose_one_in(odds);
        match live.try_apply(plan).await {
            Ok(applied) => println!("round {round}: {applied:?}"),
            Err(error) => println!("round {round}: {error}: {:?}", error.advice()),
        }
    }
    let states = live.states(plan).await;
    assert!(states.iter().all(|state| state.0 == "applied"), "{states:?}");
    let mut order_ids: Vec<i32> = states.iter().skip(4).filter_map(|state| state.2).collect();
    order_ids.sort_unstable();
    order_ids.dedup();
    assert_eq!(order_ids.len(), usize::try_from(orders).unwrap());
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn two_clients_with_one_plan_make_it_once() {
    let (mut live, mut other) = (Live::start().await, Live::start().await);
    let orders = 100;
    let actions: Vec<Action> = [live.customer(0, 233, false), live.customer(0, 233, true)]
        .into_iter()
        .chain([live.product(0, false), live.product(1, true)])
        .chain((0..orders).map(|number| Action::BookOrder(live.order(number))))
        .collect();
    let plan = live.plan(actions).await;
    // no lock of ours keeps them apart: what they collide over, Odoo's database decides
    let (one, two) = tokio::join!(live.try_apply(plan), other.try_apply(plan));
    println!("{one:?}\n{two:?}");
    live.apply(plan).await;
    let states = live.states(plan).await;
    assert!(states.iter().all(|state| state.0 == "applied"), "{states:?}");
    let order_ids: std::collections::BTreeSet<i32> =
        states.iter().skip(4).filter_map(|state| state.2).collect();
    assert_eq!(order_ids.len(), usize::try_from(orders).unwrap());
    let order_ids: Vec<i32> = order_ids.into_iter().collect();
    let transaction = live.reader.transaction().await.unwrap();
    let deliveries =
        "select count(*), count(distinct sale_id) from stock_picking where sale_id = any($1)";
    let rows = transaction.query("count deliveries", deliveries, &[&order_ids]).await.unwrap();
    assert_eq!((rows[0].get::<_, i64>(0), rows[0].get::<_, i64>(1)), (orders, orders));
}

#[tokio::test]
#[ignore = "needs a real Odoo 18"]
async fn a_dead_server_stops_the_application() {
    let proxy = Proxy::start(&setting("ODOO_URL")).await;
    let mut live = Live::start_at(proxy.url().to_owned()).await;
    let orders = (0..200).map(|number| {
        let mut order = live.order(number);
        (order.partner, order.shipping) = (Reference::OdooId(1), Reference::OdooId(1));
        for line in &mut order.lines {
            line.product = Reference::OdooId(1);
        }
        Action::BookOrder(order)
    });
    let plan = live.plan(orders.collect()).await;
    drop(proxy);
    let error = live.try_apply(plan).await.unwrap_err();
    assert!(matches!(error, ApplyError::Silent { batches: 3, .. }), "{error:?}");
    assert_eq!(error.advice().trouble, crate::domain::Trouble::TryAgain);
    let states = live.states(plan).await;
    let in_state = |word: &str| states.iter().filter(|state| state.0 == word).count();
    // two connections may be at it when the third batch is given up
    assert!(matches!(in_state("unknown"), 60 | 80), "{states:?}");
    assert_eq!(in_state("unknown") + in_state("planned"), 200);
}
