//! A merchant's office: a settings file, a database of ours, and the simulated Etsy and Odoo that the settings lead to.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{FixedClock, ShopId};
use etsy_odoo::sandbox::etsy::EtsyOptions;
use etsy_odoo::sandbox::odoo::OdooOptions;
use etsy_odoo::sandbox::pair::{Pair, PairOptions, grant_reader};
use etsy_odoo::sandbox::world::WorldSize;
use secrecy::ExposeSecret as _;

use super::TestDatabase;
use super::program::{Ending, Program};

/// The key that the tokens of every office are sealed with.
pub(crate) const TOKEN_KEY: &str =
    "5f0c2a7be9d1438896c47f10ab3de5629e81f7340cb6d25a1873ef4906bd2c1a";
/// What the bot of the simulated Odoo, and the reader of its database, log in with; it has the form of an API key.
pub(crate) const BOT_PASSWORD: &str = "0d1f4c2b9a8e7d6c5b4a39281706f5e4d3c2b1a0";
/// What its administrator logs in with.
pub(crate) const ADMIN_PASSWORD: &str = "hush-admin-77c2";

/// The moment at which the world of every office is made: long enough ago to be settled, whenever the tests run.
fn founding() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_616_200, 0).unwrap()
}

/// A shop of the office's world.
#[derive(Debug, Clone)]
pub(crate) struct OfficeShop {
    pub(crate) name: String,
    pub(crate) id: ShopId,
    pub(crate) refresh_token: String,
}

/// Everything a merchant has.
pub(crate) struct Office {
    pub(crate) program: Program,
    pub(crate) ours: TestDatabase,
    pub(crate) odoo: TestDatabase,
    pub(crate) pair: Pair,
    pub(crate) shops: Vec<OfficeShop>,
}

impl Office {
    /// With its settings written, and nothing else done.
    pub(crate) async fn new(shops: usize) -> Self {
        let (ours, odoo) = (TestDatabase::empty().await, TestDatabase::empty().await);
        let size = WorldSize { receipts: 12, listings: 10, shops, seed: 1 };
        let clock = Arc::new(FixedClock::at(founding()));
        let mut options = options(size);
        // a database is called by one name, over RPC and in Postgres
        options.odoo.database = name_of(&odoo.url());
        let pair = Pair::start(options, &odoo.config(), clock).await.unwrap();
        let shops = pair.world.lock().await.shops().iter().map(known).collect();
        let mut program = Program::new();
        let text = settings(&pair, &ours, &odoo);
        program.write("etsy-odoo.toml", &text);
        for (hidden, placeholder) in [
            (&pair.etsy_url, "<etsy>"),
            (&pair.odoo_url, "<odoo>"),
            (&socket_of(&ours.url()), "<socket>"),
            (&name_of(&ours.url()), "<ours>"),
            (&name_of(&odoo.url()), "<odoo's>"),
            (&pair.options.reader, "<reader>"),
        ] {
            program.conceal(hidden, placeholder);
        }
        Self { program, ours, odoo, pair, shops }
    }

    /// After the first steps: everything is migrated, granted and connected.
    pub(crate) async fn ready(shops: usize) -> Self {
        let office = Self::new(shops).await;
        office.init().await.expect(0);
        for shop in &office.shops {
            office.add(shop).await.expect(0);
            office.log_in(shop).await.expect(0);
        }
        office
    }

    /// `init` as an administrator, and the rights of the reader after it.
    pub(crate) async fn init(&self) -> Ending {
        let ending = self.init_as("admin", ADMIN_PASSWORD).await;
        self.grant().await;
        ending
    }

    /// `init` as somebody who says to be an administrator.
    pub(crate) async fn init_as(&self, login: &str, password: &str) -> Ending {
        self.program.run_in(&format!("init --admin-login {login}"), &[], password).await
    }

    /// The rights of the reader, as `init --print-grants` prints them.
    pub(crate) async fn grant(&self) {
        grant_reader(&self.odoo.config(), &self.pair.options).await.unwrap();
        let line = format!("init --print-grants --reader {}", self.pair.options.reader);
        let printed = self.program.run(&line).await.expect(0).said;
        self.odoo.client().await.batch_execute(&printed).await.unwrap();
    }

    /// Changes something in Odoo's database, behind everybody's back.
    pub(crate) async fn in_odoo(&self, statement: &str) {
        self.odoo.client().await.batch_execute(statement).await.unwrap();
    }

    /// `shop add`.
    pub(crate) async fn add(&self, shop: &OfficeShop) -> Ending {
        self.program.run(&format!("shop add {} --shop-id {}", shop.name, shop.id)).await
    }

    /// `shop login`, with the token that the world's seller has.
    pub(crate) async fn log_in(&self, shop: &OfficeShop) -> Ending {
        let line = format!("shop login {} --refresh-token-stdin", shop.name);
        self.program.run_in(&line, &[], &shop.refresh_token).await
    }

    /// Our database, opened as the program opens it.
    pub(crate) async fn warehouse(&self) -> Warehouse {
        Warehouse::connect(self.ours.config()).await.unwrap()
    }

    /// Lets the shop's particulars have every further turn among what a run reads again a little at a time: which it is
    /// depends on how long a test takes, and what is read shows in reports.
    pub(crate) async fn settle_turns(&self) {
        let ours = self.warehouse().await;
        let client = ours.client().await.unwrap();
        client.execute("update snapshot.turn set taken_at = '2999-01-01'", &[]).await.unwrap();
    }

    /// How many rows the tables of Odoo hold that a run may write to.
    pub(crate) async fn rows_in_odoo(&self) -> Vec<(&'static str, i64)> {
        let client = self.odoo.client().await;
        let mut rows = Vec::new();
        for (table, count) in [
            ("sale_order", "select count(*) from sale_order"),
            ("sale_order_line", "select count(*) from sale_order_line"),
            ("res_partner", "select count(*) from res_partner"),
            ("product_product", "select count(*) from product_product"),
            ("ir_model_data", "select count(*) from ir_model_data"),
        ] {
            rows.push((table, client.query_one(count, &[]).await.unwrap().get(0)));
        }
        rows
    }

    /// Stops the test when a command said something that nobody but the merchant may know.
    pub(crate) async fn expect_discretion(&self, said: &str) {
        let world = self.pair.world.lock().await;
        let people = world.receipts().iter().flat_map(|receipt| {
            let address = receipt.address.as_ref().map(|address| address.first_line.clone());
            std::iter::once(receipt.name.clone()).chain(address)
        });
        let tokens = self.shops.iter().map(|shop| shop.refresh_token.clone());
        let ours = [BOT_PASSWORD, ADMIN_PASSWORD, TOKEN_KEY].map(str::to_owned);
        let etsys = self.pair.options.etsy.shared_secret.expose_secret().to_owned();
        for secret in people.chain(tokens).chain(ours).chain([etsys]) {
            assert!(!said.contains(&secret), "`{secret}` is said:\n{said}");
        }
    }
}

fn known(shop: &etsy_odoo::sandbox::world::Shop) -> OfficeShop {
    OfficeShop {
        name: shop.name.to_lowercase(),
        id: shop.shop_id,
        refresh_token: shop.refresh_token.expose_secret().to_owned(),
    }
}

/// A house's options, with passwords that can be told from everything else that is said.
fn options(size: WorldSize) -> PairOptions {
    let house = super::house::options(size);
    let odoo = OdooOptions {
        password: BOT_PASSWORD.into(),
        admin_password: ADMIN_PASSWORD.into(),
        ..house.odoo
    };
    // the program goes by this machine's clock, whatever day it is in the world
    let etsy = EtsyOptions { dates_by_its_clock: false, ..house.etsy };
    PairOptions { etsy, odoo, ..house }
}

fn settings(pair: &Pair, ours: &TestDatabase, odoo: &TestDatabase) -> String {
    let PairOptions { etsy, odoo: bot, reader, .. } = &pair.options;
    format!(
        "[database]\nurl = \"{ours}\"\n\n\
         [odoo]\nurl = \"{odoo_url}\"\ndatabase = \"{database}\"\nlogin = \"{login}\"\napi_key = \"{BOT_PASSWORD}\"\n\
         read_url = \"{read_url}\"\n\n\
         [etsy]\napi_url = \"{etsy_url}/v3\"\ntoken_url = \"{etsy_url}/v3/public/oauth/token\"\n\
         keystring = \"{keystring}\"\nshared_secret = \"{secret}\"\ntoken_key = \"{TOKEN_KEY}\"\n\
         calls_per_second = 1000\n",
        ours = ours.url(),
        odoo_url = pair.odoo_url,
        database = bot.database,
        login = bot.login,
        read_url = as_role(&odoo.url(), &format!("{reader}:{BOT_PASSWORD}")),
        etsy_url = pair.etsy_url,
        keystring = etsy.keystring,
        secret = etsy.shared_secret.expose_secret(),
    )
}

/// The address of a database for another role.
pub(crate) fn as_role(url: &str, role: &str) -> String {
    let (_, place) = url.split_once('@').unwrap();
    format!("postgres://{role}@{place}")
}

/// The address of another database of the same server.
pub(crate) fn of_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

fn socket_of(url: &str) -> String {
    let (_, place) = url.split_once('@').unwrap();
    place.split_once('/').unwrap().0.replace("%2F", "/")
}

fn name_of(url: &str) -> String {
    url.rsplit_once('/').unwrap().1.to_owned()
}
