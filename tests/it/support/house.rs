//! A merchant's whole house for one test: our database, a simulated Etsy, a simulated Odoo, and a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::db::{OdooReader, Warehouse};
use etsy_odoo::domain::{Clock, FixedClock, RunId, Subject};
use etsy_odoo::etsy::{EtsySettings, Limiter};
use etsy_odoo::journal::{self, Command, NewRun, RunEnd};
use etsy_odoo::odoo::{Chatter, OdooSettings, OdooWriter};
use etsy_odoo::pipeline::{self, Planned, Run};
use etsy_odoo::sandbox::etsy::EtsyOptions;
use etsy_odoo::sandbox::faults::FaultScript;
use etsy_odoo::sandbox::odoo::OdooOptions;
use etsy_odoo::sandbox::pair::{Pair, PairOptions, grant_reader};
use etsy_odoo::sandbox::world::WorldSize;
use etsy_odoo::shop::{self, Shop, TokenKey, Tokens};
use etsy_odoo::snapshot::{EtsySide, Extent};

use super::TestDatabase;

/// The name of the simulated Odoo's database, as callers give it.
pub(crate) const ODOO_DATABASE: &str = "simulated_odoo";

/// Everything.
pub(crate) struct House {
    pub(crate) ours: TestDatabase,
    pub(crate) odoo_database: TestDatabase,
    pub(crate) warehouse: Warehouse,
    pub(crate) pair: Pair,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) etsy: EtsySide,
    pub(crate) token_key: secrecy::SecretString,
}

/// The moment at which every test world is made.
pub(crate) fn today() -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_534_400, 0).unwrap()
}

impl House {
    /// A house over a world of that size.
    pub(crate) async fn new(receipts: usize, listings: usize, shops: usize, seed: u64) -> Self {
        Self::with(WorldSize { receipts, listings, shops, seed }, |_| ()).await
    }

    /// A house whose other sides behave otherwise than usual.
    pub(crate) async fn with(size: WorldSize, change: impl FnOnce(&mut PairOptions)) -> Self {
        let ours = TestDatabase::new().await;
        let odoo_database = TestDatabase::empty().await;
        let clock = Arc::new(FixedClock::at(today()));
        let mut options = options(size);
        change(&mut options);
        let shared: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
        let pair =
            Pair::start(options, &odoo_database.config(), Arc::clone(&shared)).await.unwrap();
        let warehouse = Warehouse::connect(ours.config()).await.unwrap();
        let token_key = TokenKey::generate_hex();
        let etsy = way_to_etsy(&pair, &token_key, shared);
        let house = Self { ours, odoo_database, warehouse, pair, clock, etsy, token_key };
        house.prepare().await;
        house
    }

    /// Forgets what was learned of Etsy's limits, as if days had passed.
    pub(crate) fn begin_a_new_day(&mut self) {
        let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(&self.clock);
        self.etsy = way_to_etsy(&self.pair, &self.token_key, clock);
    }

    /// The way to Etsy through something that stands before it.
    pub(crate) fn way_through(&self, url: &str) -> EtsySide {
        let settings =
            EtsySettings { api_url: format!("{url}/v3"), ..settings_of_etsy(&self.pair) };
        let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(&self.clock);
        way_with(&settings, &self.token_key, clock)
    }

    /// The way to Etsy of a machine with a clock of its own, which is compared with Etsy's.
    pub(crate) fn way_by(&self, clock: Arc<dyn Clock>) -> EtsySide {
        let usual = EtsySettings::new("".into(), "".into());
        let settings =
            EtsySettings { clock_tolerance: usual.clock_tolerance, ..settings_of_etsy(&self.pair) };
        way_with(&settings, &self.token_key, clock)
    }

    /// What `init` and `shop login` do.
    async fn prepare(&self) {
        let admin = OdooSettings {
            login: self.pair.options.odoo.admin_login.clone(),
            api_key: self.pair.options.odoo.admin_password.clone(),
            ..self.odoo_settings()
        };
        let admin = OdooWriter::connect(&admin).await.unwrap();
        admin.ensure_fields().await.unwrap();
        admin.ensure_service_products().await.unwrap();
        admin.ensure_review_tag().await.unwrap();
        grant_reader(&self.odoo_database.config(), &self.pair.options).await.unwrap();
        let key = TokenKey::from_hex(&self.token_key).unwrap();
        let world = self.pair.world.lock().await;
        for simulated in world.shops() {
            let now = self.clock.now();
            shop::add(&self.warehouse, &simulated.name.to_lowercase(), simulated.shop_id, now)
                .await
                .unwrap();
            let tokens = Tokens {
                access: simulated.access_token.clone(),
                refresh: simulated.refresh_token.clone(),
                access_expires_at: now + TimeDelta::hours(1),
            };
            shop::store_tokens(&self.warehouse, &key, simulated.shop_id, &tokens, now)
                .await
                .unwrap();
        }
    }

    pub(crate) fn odoo_settings(&self) -> OdooSettings {
        OdooSettings {
            url: self.pair.odoo_url.clone(),
            database: ODOO_DATABASE.to_owned(),
            login: self.pair.options.odoo.login.clone(),
            api_key: self.pair.options.odoo.password.clone(),
            connections: 2,
            call_timeout: Duration::from_mins(1),
            chatter: Chatter::default(),
        }
    }

    pub(crate) async fn writer(&self) -> OdooWriter {
        OdooWriter::connect(&self.odoo_settings()).await.unwrap()
    }

    /// Odoo's database, as the role that may only read.
    pub(crate) async fn reader(&self) -> OdooReader {
        let mut config = self.odoo_database.config();
        config.user(&self.pair.options.reader);
        OdooReader::connect(config).await.unwrap()
    }

    pub(crate) async fn shops(&self) -> Vec<Shop> {
        let mut shops = shop::list(&self.warehouse).await.unwrap();
        shops.sort_by_key(|shop| shop.id);
        shops
    }

    pub(crate) async fn begin(&self, command: Command) -> Run {
        let shops = self.shops().await;
        let ids: Vec<_> = shops.iter().map(|shop| shop.id).collect();
        let id = journal::begin_run(
            &self.warehouse,
            NewRun {
                command,
                plan: None,
                shops: &ids,
                subjects: Subject::ALL,
                full: false,
                large_plan_allowed: false,
                started_at: self.clock.now(),
            },
        )
        .await
        .unwrap();
        Run { id, shops, subjects: Subject::ALL.to_vec(), extent: Extent::default() }
    }

    pub(crate) async fn end(&self, run: RunId, exit_code: i16) {
        let end = RunEnd { exit_code, message: "done".to_owned(), ended_at: self.clock.now() };
        journal::end_run(&self.warehouse, run, &end).await.unwrap();
    }

    /// Evidence and a stored plan.
    pub(crate) async fn plan(&self) -> (Run, Planned) {
        let run = self.begin(Command::Run).await;
        let mut reader = self.reader().await;
        pipeline::observe(&self.warehouse, &self.etsy, &mut reader, &run, self.clock.as_ref())
            .await
            .unwrap();
        let planned = pipeline::decide(&self.warehouse, &run).await.unwrap();
        (run, planned)
    }

    /// Does what the plan of a run says.
    pub(crate) async fn apply(&self, run: RunId) -> Result<(), pipeline::PipelineError> {
        let mut reader = self.reader().await;
        let writer = self.writer().await;
        pipeline::apply(&self.warehouse, &writer, &mut reader, run, run, self.clock.as_ref())
            .await
            .map(drop)
    }

    /// A plan, its application, and its end.
    pub(crate) async fn run(&self) -> (Run, Planned) {
        let (run, planned) = self.plan().await;
        self.apply(run.id).await.unwrap();
        self.end(run.id, 0).await;
        (run, planned)
    }
}

fn settings_of_etsy(pair: &Pair) -> EtsySettings {
    EtsySettings {
        api_url: format!("{}/v3", pair.etsy_url),
        token_url: format!("{}/v3/public/oauth/token", pair.etsy_url),
        calls_per_second: 10_000,
        calls_per_day: 1_000_000,
        // the world's clock stands still, and the answers have the time of the machine
        clock_tolerance: None,
        ..EtsySettings::new(
            pair.options.etsy.keystring.clone().into(),
            pair.options.etsy.shared_secret.clone(),
        )
    }
}

fn way_to_etsy(pair: &Pair, token_key: &secrecy::SecretString, clock: Arc<dyn Clock>) -> EtsySide {
    way_with(&settings_of_etsy(pair), token_key, clock)
}

fn way_with(
    settings: &EtsySettings,
    token_key: &secrecy::SecretString,
    clock: Arc<dyn Clock>,
) -> EtsySide {
    let limiter = Arc::new(Limiter::in_memory(settings.ceilings(), today()));
    let key = TokenKey::from_hex(token_key).unwrap();
    EtsySide::new(settings, key, limiter, clock).unwrap()
}

/// Options that clash with no other test's: ports and the reader's role are the house's own.
pub(crate) fn options(size: WorldSize) -> PairOptions {
    static HOUSES: AtomicU32 = AtomicU32::new(0);
    PairOptions {
        size,
        etsy_port: 0,
        odoo_port: 0,
        reader: format!("reader_{}", HOUSES.fetch_add(1, Ordering::Relaxed)),
        etsy: EtsyOptions { calls_per_second: None, calls_per_day: None, ..EtsyOptions::default() },
        odoo: OdooOptions {
            database: ODOO_DATABASE.to_owned(),
            login: "etsy-odoo".to_owned(),
            password: "sandbox".into(),
            admin_login: "admin".to_owned(),
            admin_password: "sandbox".into(),
            workers: 2,
            longest_first_wait: Duration::from_millis(20),
            faults: FaultScript::default(),
        },
    }
}
