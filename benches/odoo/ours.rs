//! The same orders as the program books them: a plan in the journal, and its application.

use std::time::{Duration, Instant};

use chrono::DateTime;
use etsy_odoo::apply::{ApplyOptions, Sides, apply};
use etsy_odoo::db::{OdooReader, Warehouse, parse_url};
use etsy_odoo::domain::{
    ActionKind, Clock as _, OutcomeKind, ReceiptId, RunId, ShopId, Subject, SystemClock, Verdict,
};
use etsy_odoo::journal::{self, Command, NewRun};
use etsy_odoo::odoo::{Chatter, OdooSettings, OdooWriter};
use etsy_odoo::plan::{Action, BookLine, BookOrder, Choice, CreateCustomer, Decision, Reference};
use rust_decimal::Decimal;

use super::server::Server;
use super::{Load, Place};

const SHOP: ShopId = ShopId(5);

/// The program, ready to apply.
pub(crate) struct Ours {
    warehouse: Warehouse,
    reader: OdooReader,
    settings: OdooSettings,
    /// The next receipt; no other run of the bench has it.
    receipt: i64,
}

impl Ours {
    pub(crate) async fn new(place: &Place, warehouse: Warehouse) -> Self {
        let settings = OdooSettings {
            url: place.url.clone(),
            database: place.database.clone(),
            login: "admin".to_owned(),
            api_key: "admin".into(),
            connections: 1,
            call_timeout: Duration::from_secs(150),
            chatter: Chatter::Quiet,
        };
        OdooWriter::connect(&settings).await.unwrap().ensure_fields().await.unwrap();
        let read_url = parse_url("the bench", &place.read_url).unwrap();
        let reader = OdooReader::connect(read_url).await.unwrap();
        let receipt = SystemClock.now().timestamp_millis() * 1_000;
        Self { warehouse, reader, settings, receipt }
    }

    /// Makes a plan, applies it, and says how long the application took.
    pub(crate) async fn book(
        &mut self,
        load: Load,
        server: &Server,
        orders: usize,
        connections: u32,
        target: Duration,
    ) -> Duration {
        let mut decisions = Vec::with_capacity(orders * 2);
        for order in 0..orders {
            self.receipt += 1;
            decisions.push(decision(Action::CreateCustomer(self.customer(server))));
            decisions.push(decision(Action::BookOrder(self.order(load, server, order))));
        }
        let plan = self.begin(Command::Plan, None).await;
        let refuse = std::convert::identity;
        journal::record_decisions(&self.warehouse, plan, refuse, async |book| {
            book.add(&decisions).await
        })
        .await
        .unwrap();
        let applied_by = self.begin(Command::Apply, Some(plan)).await;
        let settings = OdooSettings { connections, ..self.settings.clone() };
        let writer = OdooWriter::connect(&settings).await.unwrap();
        let options = ApplyOptions { target, ..ApplyOptions::default() };
        let begun = Instant::now();
        let applied = apply(
            &self.warehouse,
            Sides { odoo: &writer, odoo_reader: &mut self.reader, etsy: None },
            plan,
            applied_by,
            &SystemClock,
            &options,
        )
        .await
        .unwrap();
        let took = begun.elapsed();
        let booked = applied.count_of(ActionKind::BookOrder, OutcomeKind::Applied);
        assert_eq!(usize::try_from(booked).unwrap(), orders, "{applied:?}");
        took
    }

    async fn begin(&self, command: Command, plan: Option<RunId>) -> RunId {
        let new = NewRun {
            command,
            plan,
            shops: &[SHOP],
            subjects: &[Subject::Orders],
            full: false,
            large_plan_allowed: false,
            started_at: SystemClock.now(),
        };
        journal::begin_run(&self.warehouse, new).await.unwrap()
    }

    fn customer(&self, server: &Server) -> CreateCustomer {
        CreateCustomer {
            external_id: format!("etsy.buyer_{}", self.receipt),
            parent: None,
            name: "Ann Buyer".to_owned(),
            street: Some("1 Main St".to_owned()),
            street2: None,
            city: Some("Springfield".to_owned()),
            zip: Some("02139".to_owned()),
            country_id: i32::try_from(server.country).ok(),
            state_id: None,
            buyer_user_id: self.receipt,
            company_id: None,
            language: None,
        }
    }

    fn order(&self, load: Load, server: &Server, order: usize) -> BookOrder {
        let buyer = Reference::ExternalId(format!("etsy.buyer_{}", self.receipt));
        let products = server.products(load.goods, order).into_iter().zip([1750, 425]);
        let lines = (1..).zip(products).map(|(line, (product, cents))| BookLine {
            external_id: format!("etsy.tx_{}{line}", self.receipt),
            product: Reference::OdooId(i32::try_from(product).unwrap()),
            name: "a line".to_owned(),
            quantity: Decimal::ONE,
            price_unit: Decimal::new(cents, 2),
            tax_id: None,
            is_delivery: false,
            transaction_id: Some(self.receipt * 10 + line),
        });
        BookOrder {
            external_id: format!("etsy.receipt_{}", self.receipt),
            receipt_id: ReceiptId(self.receipt),
            shop_id: SHOP,
            partner: buyer.clone(),
            shipping: buyer,
            pricelist_id: 1,
            currency: "USD".parse().unwrap(),
            ordered_at: DateTime::from_timestamp(1_772_600_767, 0).unwrap(),
            total: Decimal::new(2175, 2),
            taxed_by_odoo: false,
            confirm: load.confirm,
            company_id: None,
            warehouse_id: None,
            team_id: None,
            salesperson_id: None,
            payment_term_id: None,
            fiscal_position_id: None,
            tag_ids: Vec::new(),
            notes: Vec::new(),
            lines: lines.collect(),
        }
    }
}

fn decision(action: Action) -> Decision {
    let key = match &action {
        Action::CreateCustomer(customer) => customer.external_id.clone(),
        Action::BookOrder(order) => order.external_id.clone(),
        Action::CreateProduct(product) => product.external_id.clone(),
        Action::UpdateProduct(product) => product.product_id.to_string(),
        Action::ChangeAddress(order) => order.order_id.to_string(),
        Action::CancelOrder(order) => order.order_id.to_string(),
        Action::CountStock(count) => count.product_id.to_string(),
        Action::CreateEntry(entry) => entry.external_id.clone(),
        Action::DeactivateListing(set)
        | Action::LowerInventory(set)
        | Action::RaiseInventory(set) => set.listing_id.to_string(),
        Action::ReactivateListing(reactivation) => reactivation.inventory.listing_id.to_string(),
    };
    Decision {
        shop: SHOP,
        subject: Subject::Orders,
        key,
        verdict: Verdict::MissingInOdoo,
        choice: Choice::Act(Box::new(action)),
        reason: "it is missing".to_owned(),
        before: None,
        amount: None,
        currency: None,
    }
}
