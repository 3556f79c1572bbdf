//! Against a real Odoo 18, driven by the binary, with the simulated Etsy. Ignored unless asked for: it needs a server
//! that may be filled, reset and killed. The README says which variables lead to it.

#![expect(clippy::print_stdout, reason = "seeds, and figures that are asked for")]

mod books;
mod killed;
mod later;
mod mistakes;
mod others;
mod refused;
mod stock;
mod terms;
mod whole;

use std::process::Stdio;
use std::sync::Arc;

use chrono::DateTime;
use etsy_odoo::domain::FixedClock;
use etsy_odoo::sandbox::pair::Pair;
use etsy_odoo::sandbox::world::WorldSize;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};
use tokio_postgres::Client;

use crate::support::{Ending, Program, TOKEN_KEY, TestDatabase, connect, house};

const ADMIN: &str = "admin";

/// The user of the runs, who is no administrator.
const BOT: &str = "etsy-odoo-runs";
const BOT_PASSWORD: &str = "4c1d-of-the-runs";

/// The groups that docs/operations.md lists, and no others.
const GROUPS: [&str; 5] = [
    "base.group_user",
    "base.group_partner_manager",
    "account.group_account_readonly",
    "sales_team.group_sale_salesman_all_leads",
    "product.group_product_manager",
];

/// There is one real Odoo, and each test wants it for itself.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A setting of these tests.
#[expect(clippy::disallowed_methods, reason = "a test has no settings file")]
fn variable(name: &str) -> Option<String> {
    std::env::var(format!("ETSY_ODOO_TEST_{name}")).ok().filter(|value| !value.is_empty())
}

fn required(name: &str) -> String {
    let value = variable(name);
    assert!(
        value.is_some(),
        "ETSY_ODOO_TEST_{name} is not set: see README.md, Tests, for what a real Odoo needs"
    );
    value.unwrap_or_default()
}

/// Runs a command of the person who owns the server.
async fn run_command(name: &str, command: &str) {
    // a server that it starts keeps its output open, so nobody reads it
    let status = tokio::process::Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .unwrap();
    assert!(status.success(), "ETSY_ODOO_TEST_{name} failed: {status}");
}

/// An office whose Odoo is real.
pub(super) struct RealOffice {
    program: Program,
    pair: Pair,
    /// Our database.
    ours: TestDatabase,
    /// The simulated Odoo that comes with the simulated Etsy, and is not asked.
    _unused: TestDatabase,
    /// Odoo's database.
    odoo: Client,
    _alone: MutexGuard<'static, ()>,
}

impl RealOffice {
    /// A fresh Odoo, everything ready for the first run.
    pub(super) async fn new(size: WorldSize) -> Self {
        let alone = ALONE.lock().await;
        if let Some(command) = variable("ODOO_RESET") {
            run_command("ODOO_RESET", &command).await;
        }
        let odoo = connect(&required("ODOO_READ_URL").parse().unwrap()).await;
        let used = "select exists (select from ir_model_data where module = 'etsy' and model = 'sale.order')";
        assert!(
            !odoo.query_one(used, &[]).await.unwrap().get::<_, bool>(0),
            "this Odoo holds orders of an earlier test: give it a fresh database, or set ETSY_ODOO_TEST_ODOO_RESET"
        );
        let (ours, unused) = (TestDatabase::empty().await, TestDatabase::empty().await);
        // long enough ago to be settled, whenever the tests run
        let clock = FixedClock::at(DateTime::from_timestamp(1_767_616_200, 0).unwrap());
        let mut options = house::options(size);
        // the program goes by this machine's clock, whatever day it is in the world
        options.etsy.dates_by_its_clock = false;
        let pair = Pair::start(options, &unused.config(), Arc::new(clock)).await.unwrap();
        let program = Program::new();
        program.write("etsy-odoo.toml", &settings(&pair, &ours));
        let office = Self { program, pair, ours, _unused: unused, odoo, _alone: alone };
        office.get_ready().await;
        office
    }

    async fn get_ready(&self) {
        self.make_user_of_the_runs().await;
        self.program.run_in("init --admin-login admin", &[], ADMIN).await.expect(0);
        for (name, id, token) in &self.shops().await {
            self.program.run(&format!("shop add {name} --shop-id {id}")).await.expect(0);
            let line = format!("shop login {name} --refresh-token-stdin");
            self.program.run_in(&line, &[], token).await.expect(0);
        }
    }

    /// Name, id and refresh token of each shop.
    pub(super) async fn shops(&self) -> Vec<(String, i64, String)> {
        let world = self.pair.world.lock().await;
        let known = world.shops().iter().map(|shop| {
            let token = shop.refresh_token.expose_secret().to_owned();
            (shop.name.to_lowercase(), shop.shop_id.0, token)
        });
        known.collect()
    }

    /// As a person does by step 2 of the README.
    async fn make_user_of_the_runs(&self) {
        let mut groups = Vec::new();
        for group in GROUPS {
            groups.push(self.record(group).await);
        }
        let values = json!([{
            "name": "Etsy", "login": BOT, "password": BOT_PASSWORD, "groups_id": [[6, 0, groups]],
        }]);
        self.execute("res.users", "create", values).await;
    }

    /// The record that bears an external id of Odoo's own.
    pub(super) async fn record(&self, external_id: &str) -> i32 {
        let query = "select res_id from ir_model_data where module || '.' || name = $1";
        self.odoo.query_one(query, &[&external_id]).await.unwrap().get(0)
    }

    /// Makes a plan, and gives its number.
    pub(super) async fn plan(&self) -> i64 {
        let ending = self.program.run("plan").await.expect(2);
        let last = "select max(run_id) from journal.run where command = 'plan'";
        let run = self.ours.client().await.query_one(last, &[]).await.unwrap().get(0);
        println!("plan {run}: {}", ending.stdout.lines().next_back().unwrap_or_default());
        run
    }

    /// Applies a plan to its end.
    pub(super) async fn apply(&self, plan: i64) -> Ending {
        self.program.run(&format!("apply --plan {plan}")).await
    }

    /// How the decisions of a plan that act stand, by kind of action.
    pub(super) async fn states(&self, plan: i64) -> Vec<(String, String, i64)> {
        let rows = self
            .ours
            .client()
            .await
            .query(
                "select decision.action, decision_state.state, count(*)
                 from journal.decision
                 join journal.decision_state using (run_id, decision_no)
                 where run_id = $1 and decision.decision = 'act'
                 group by 1, 2 order by 1, 2",
                &[&plan],
            )
            .await
            .unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    }

    /// What Odoo said to the orders of a plan that it refused, by receipt.
    pub(super) async fn refusals(&self, plan: i64) -> Vec<(i64, String)> {
        let rows = self
            .ours
            .client()
            .await
            .query(
                "select (decision.payload ->> 'receipt_id')::bigint, decision_state.said
                 from journal.decision
                 join journal.decision_state using (run_id, decision_no)
                 where run_id = $1 and decision.action = 'book_order' and decision_state.state = 'refused'
                 order by 1",
                &[&plan],
            )
            .await
            .unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// One number from Odoo's database.
    pub(super) async fn count(&self, query: &str) -> i64 {
        self.odoo.query_one(query, &[]).await.unwrap().get(0)
    }

    /// Calls Odoo as its administrator would.
    pub(super) async fn execute(&self, model: &str, method: &str, arguments: Value) -> Value {
        let database = required("ODOO_DATABASE");
        let login = json!([database, ADMIN, ADMIN, {}]);
        let user = call("common", "authenticate", login).await;
        let arguments = json!([database, user, ADMIN, model, method, arguments]);
        call("object", "execute_kw", arguments).await
    }
}

async fn call(service: &str, method: &str, arguments: Value) -> Value {
    let body = json!({
        "jsonrpc": "2.0", "method": "call", "id": 1,
        "params": {"service": service, "method": method, "args": arguments},
    });
    let url = format!("{}/jsonrpc", required("ODOO_URL").trim_end_matches('/'));
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    let mut answer: Value = answer.json().await.unwrap();
    assert!(answer.get("error").is_none(), "{method}: {:?}", answer.pointer("/error/data/message"));
    answer.get_mut("result").map(Value::take).unwrap_or_default()
}

fn settings(pair: &Pair, ours: &TestDatabase) -> String {
    let etsy = &pair.options.etsy;
    format!(
        "[database]\nurl = \"{ours}\"\n\n\
         [odoo]\nurl = \"{odoo_url}\"\ndatabase = \"{database}\"\nlogin = \"{BOT}\"\napi_key = \"{BOT_PASSWORD}\"\n\
         read_url = \"{read_url}\"\n\n\
         [etsy]\napi_url = \"{etsy_url}/v3\"\ntoken_url = \"{etsy_url}/v3/public/oauth/token\"\n\
         keystring = \"{keystring}\"\nshared_secret = \"{secret}\"\ntoken_key = \"{TOKEN_KEY}\"\n\
         calls_per_second = 1000\n",
        ours = ours.url(),
        odoo_url = required("ODOO_URL"),
        database = required("ODOO_DATABASE"),
        read_url = required("ODOO_READ_URL"),
        etsy_url = pair.etsy_url,
        keystring = etsy.keystring,
        secret = etsy.shared_secret.expose_secret(),
    )
}

/// A seed for a test, printed so that it can be repeated.
fn seed(test: &str) -> u64 {
    let seed = variable("SEED").and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(1..1_000_000));
    println!("{test}: ETSY_ODOO_TEST_SEED={seed}");
    seed
}
