//! Whatever a person can get wrong: one clear error, the right exit code, nothing said that is private, and a next start
//! that works.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use chrono::TimeDelta;
use etsy_odoo::db::Warehouse;
use etsy_odoo::db::embedded::Account;
use etsy_odoo::domain::{Clock as _, SystemClock};
use etsy_odoo::shop::{TokenKey, Tokens, store_tokens};

use crate::support::{
    Ending, Office, Program, TOKEN_KEY, TestCluster, TestDatabase, as_role, of_database, transcript,
};

/// Nothing listens on the first port of a machine.
const NOBODY: &str = "127.0.0.1:1";

/// A command line with variables in its environment, and the exit code that it has to end with.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], i32);

/// Every case fails as it should and gives nothing away, and the office works again right after it.
async fn expect_errors(office: &Office, cases: &[Case<'_>]) -> Vec<Ending> {
    let mut endings = Vec::new();
    for (line, variables, code) in cases {
        let ending = office.program.run_with(line, variables).await.expect_one_error(*code);
        office.expect_discretion(&ending.stderr).await;
        office.expect_discretion(&ending.stdout).await;
        office.program.run("check").await.expect(0);
        endings.push(ending);
    }
    endings
}

#[tokio::test]
async fn settings_that_do_not_read() {
    let program = Program::new();
    let mut endings = Vec::new();
    for text in [
        "[odoo]\nbase = \"prod\"\n",
        "[oddo]\nurl = \"https://erp.example.com\"\n",
        "url = \"https://erp.example.com\"\n",
        "[odoo]\nurl = https://erp.example.com\n",
        "[odoo]\napi_key = \"hush\n",
        "[etsy]\ncalls_per_second = true\n",
    ] {
        program.write("etsy-odoo.toml", text);
        endings.push(program.run("runs").await.expect_one_error(78));
    }
    fs::write(program.path("etsy-odoo.toml"), b"[odoo]\nlogin = \"\xff\"\n").unwrap();
    endings.push(program.run("runs").await.expect_one_error(78));
    fs::remove_file(program.path("etsy-odoo.toml")).unwrap();
    for (line, variables) in [
        ("runs --config nowhere.toml", &[][..]),
        ("runs --config .", &[]),
        ("runs", &[("ETSY_ODOO_CONFIG", "nowhere.toml")]),
        ("runs", &[("ETSY_ODOO_ETSY__KEY_STRING", "hush")]),
        ("runs", &[("ETSY_ODOO_DATABASE_URL", "postgres://hush@localhost/ours")]),
        (
            "runs",
            &[
                ("ETSY_ODOO_DATABASE__URL", "postgres://hush@localhost/ours"),
                ("ETSY_ODOO_DATABASE__URL_FILE", "url"),
            ],
        ),
        ("runs", &[("ETSY_ODOO_DATABASE__URL_FILE", "nowhere")]),
        ("runs", &[("ETSY_ODOO_DATABASE__URL_FILE", "/dev/null")]),
        ("runs", &[("ETSY_ODOO_DATABASE__DATA_DIR", "~/etsy-odoo")]),
    ] {
        endings.push(program.run_with(line, variables).await.expect_one_error(78));
    }
    for ending in &endings {
        assert!(!ending.said.contains("hush"), "{}", ending.said);
    }
    insta::assert_snapshot!("settings", transcript(&endings));
}

#[tokio::test]
async fn settings_that_a_command_misses_or_cannot_use() {
    let office = Office::ready(1).await;
    let ours = office.ours.url();
    office.program.write("partial.toml", &format!("[database]\nurl = \"{ours}\"\n"));
    let line = "init --config partial.toml";
    let cases: [Case<'_>; 5] = [
        (line, &[], 78),
        ("plan --config partial.toml", &[], 78),
        (line, &[("ETSY_ODOO_ODOO__URL", "http://localhost")], 78),
        ("init", &[("ETSY_ODOO_ODOO__CONNECTIONS", "many")], 78),
        ("init", &[("ETSY_ODOO_ODOO__TIMEOUT_SECONDS", "0")], 78),
    ];
    insta::assert_snapshot!("missing_settings", transcript(&expect_errors(&office, &cases).await));
}

#[tokio::test]
async fn our_database_is_not_to_be_had() {
    let office = Office::ready(1).await;
    let ours = office.ours.url();
    let cluster = TestCluster::get();
    cluster.execute("create role clerk login password 'hush'").await;
    cluster.demand_password_of("clerk").await;
    let empty = TestDatabase::empty().await;
    let url = "ETSY_ODOO_DATABASE__URL";
    let cases: [Case<'_>; 9] = [
        ("runs", &[(url, &format!("postgres://ours@{NOBODY}/ours"))], 75),
        ("runs", &[(url, &of_database(&ours, "nowhere"))], 78),
        ("runs", &[(url, &as_role(&ours, "nobody_knows"))], 78),
        ("runs", &[(url, &as_role(&ours, "clerk"))], 78),
        ("runs", &[(url, &as_role(&ours, "clerk:guess"))], 78),
        ("runs", &[(url, "mysql://ours@localhost/ours")], 78),
        ("runs", &[(url, "postgres:///ours")], 78),
        ("runs", &[(url, "postgres://ours@%2Fnowhere/ours")], 75),
        ("runs", &[(url, &empty.url())], 78),
    ];
    let endings = expect_errors(&office, &cases).await;
    cluster.execute("drop role clerk").await;
    let name = empty.url().rsplit_once('/').unwrap().1.to_owned();
    insta::assert_snapshot!("our_database", transcript(&endings).replace(&name, "<empty>"));
}

#[tokio::test]
async fn odoo_is_not_to_be_had() {
    let office = Office::ready(1).await;
    let etsy_url = office.pair.etsy_url.clone();
    let cases: [Case<'_>; 7] = [
        ("init", &[("ETSY_ODOO_ODOO__URL", &format!("http://{NOBODY}"))], 75),
        ("init", &[("ETSY_ODOO_ODOO__URL", &etsy_url)], 78),
        ("init", &[("ETSY_ODOO_ODOO__URL", "erp.example.com")], 78),
        ("init", &[("ETSY_ODOO_ODOO__API_KEY", "guess")], 78),
        ("init", &[("ETSY_ODOO_ODOO__DATABASE", "nowhere")], 78),
        ("run", &[("ETSY_ODOO_ODOO__URL", &format!("http://{NOBODY}"))], 75),
        ("apply --plan 1", &[("ETSY_ODOO_ODOO__API_KEY", "guess")], 78),
    ];
    let endings = expect_errors(&office, &cases).await;
    insta::assert_snapshot!("odoo", transcript(&endings));
    office.program.run("apply --plan 1").await.expect(0);
}

#[tokio::test]
async fn odoos_database_is_not_to_be_had() {
    let office = Office::ready(1).await;
    let read_url = office.odoo.url();
    let cluster = TestCluster::get();
    cluster.execute("create role stranger login").await;
    let url = "ETSY_ODOO_ODOO__READ_URL";
    let cases: [Case<'_>; 5] = [
        ("plan", &[(url, &format!("postgres://reader@{NOBODY}/odoo"))], 75),
        ("plan", &[(url, &of_database(&read_url, "nowhere"))], 78),
        ("plan", &[(url, &as_role(&read_url, "nobody_knows"))], 78),
        ("plan", &[(url, &as_role(&read_url, "stranger"))], 78),
        ("plan", &[(url, "")], 78),
    ];
    let endings = expect_errors(&office, &cases).await;
    cluster.execute("drop role stranger").await;
    insta::assert_snapshot!("odoos_database", transcript(&endings));
}

/// Our tables are there, as another Odoo was prepared before; the fields in this one are not.
#[tokio::test]
async fn an_odoo_without_our_fields_asks_for_init() {
    let office = Office::new(1).await;
    let unprepared = office.program.run("plan").await.expect_one_error(78);
    office.warehouse().await.migrate().await.unwrap();
    office.add(&office.shops[0]).await.expect(0);
    office.log_in(&office.shops[0]).await.expect(0);
    let without_fields = office.program.run("plan").await.expect_one_error(78);
    let check = office.program.run("check").await.expect(78);
    let bot = office.program.run("init").await.expect_one_error(78);
    office.init().await.expect(0);
    office.program.run("plan").await.expect(2);
    let endings = [unprepared, without_fields, check, bot];
    insta::assert_snapshot!("without_init", transcript(&endings));
}

#[tokio::test]
async fn etsy_is_not_to_be_had() {
    let office = Office::ready(1).await;
    let shop = &office.shops[0];
    let cases: [Case<'_>; 4] = [
        (
            "plan -q",
            &[
                ("ETSY_ODOO_ETSY__API_URL", &format!("http://{NOBODY}/v3")),
                ("ETSY_ODOO_ETSY__PATIENCE_SECONDS", "1"),
            ],
            75,
        ),
        ("plan", &[("ETSY_ODOO_ETSY__API_URL", "etsy")], 78),
        ("plan", &[("ETSY_ODOO_ETSY__KEYSTRING", "guess")], 78),
        ("plan", &[("ETSY_ODOO_ETSY__SHARED_SECRET", "guess")], 78),
    ];
    let mut endings = expect_errors(&office, &cases).await;
    // The token that the office logged in with was good for one use.
    endings.push(office.log_in(shop).await.expect_one_error(78));
    let now = SystemClock.now();
    let tokens = Tokens {
        access: "61.past".into(),
        refresh: "61.revoked".into(),
        access_expires_at: now - TimeDelta::hours(1),
    };
    let key = TokenKey::from_hex(&TOKEN_KEY.into()).unwrap();
    let warehouse = office.warehouse().await;
    store_tokens(&warehouse, &key, shop.id, &tokens, now).await.unwrap();
    endings.push(office.program.run("plan").await.expect_one_error(78));
    office.program.run(&format!("shop logout {}", shop.name)).await.expect(0);
    endings.push(office.program.run("plan").await.expect_one_error(78));
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
    }
    insta::assert_snapshot!("etsy", transcript(&endings));
}

#[tokio::test]
async fn the_key_of_the_tokens_is_not_the_one() {
    let office = Office::ready(1).await;
    let key = "ETSY_ODOO_ETSY__TOKEN_KEY";
    let other = TOKEN_KEY.replace('5', "6");
    let cases: [Case<'_>; 4] = [
        ("plan", &[(key, "")], 78),
        ("plan", &[(key, "hush")], 78),
        ("plan", &[(key, &other)], 78),
        ("plan", &[("ETSY_ODOO_ETSY__TOKEN_KEY_FILE", "nowhere.key")], 78),
    ];
    let mut endings = expect_errors(&office, &cases).await;
    for ending in &mut endings {
        assert!(!ending.stderr.contains("hush") && !ending.stderr.contains(&other));
    }
    insta::assert_snapshot!("token_key", transcript(&endings).replace(&other, "<another key>"));
}

#[tokio::test]
async fn names_and_numbers_that_are_not_there() {
    let office = Office::ready(1).await;
    let name = &office.shops[0].name;
    let lines = [
        "apply --plan 77".to_owned(),
        "runs show 77".to_owned(),
        "report --run 77".to_owned(),
        "report".to_owned(),
        "rejects show 77".to_owned(),
        "plan --shop acme".to_owned(),
        "shop show acme".to_owned(),
        "shop set acme order_state=draft".to_owned(),
        "shop login acme --refresh-token-stdin".to_owned(),
        format!("shop login {name} --refresh-token-stdin"),
        format!("shop set {name} order_status=draft"),
        format!("shop set {name} order_state=invoiced"),
        format!("shop set {name} guard_new_orders=-1"),
        format!("shop set {name} guard_changed_share=2"),
        format!("shop set {name} orders_from=yesterday"),
        format!("shop set {name} draft"),
        format!("shop add {name} --shop-id 5"),
        "shop add Acme! --shop-id 5".to_owned(),
        "shop add acme --shop-id 0".to_owned(),
    ];
    let cases: Vec<Case<'_>> = lines.iter().map(|line| (line.as_str(), &[][..], 78)).collect();
    insta::assert_snapshot!("names", transcript(&expect_errors(&office, &cases).await));
    office.program.run(&format!("shop pause {name}")).await.expect(0);
    let nobody = office.program.run("plan").await.expect_one_error(78);
    office.program.run("snapshot").await.expect_one_error(78);
    office.program.run(&format!("shop resume {name}")).await.expect(0);
    office.program.run("snapshot").await.expect(0);
    let no_plan = office.program.run("apply --plan 1").await.expect_one_error(78);
    insta::assert_snapshot!("nothing_to_go_by", transcript(&[nobody, no_plan]));
}

#[tokio::test]
async fn a_run_waits_for_nobody() {
    let office = Office::ready(1).await;
    office.program.run("plan").await.expect(2);
    let warehouse = office.warehouse().await;
    let held = warehouse.lock_run().await.unwrap();
    let mut endings = Vec::new();
    for line in ["plan", "apply --plan 1", "run", "snapshot"] {
        endings.push(office.program.run(line).await.expect_one_error(75));
    }
    office.program.run("runs").await.expect(0);
    held.release().await;
    insta::assert_snapshot!("locked", transcript(&endings));
    office.program.run("run").await.expect(0);
}

#[tokio::test]
async fn a_lock_that_is_released_can_be_taken_at_once() {
    let database = TestDatabase::new().await;
    let warehouse = Warehouse::connect(database.config()).await.unwrap();
    for _ in 0..50 {
        warehouse.lock_run().await.unwrap().release().await;
    }
}

#[tokio::test]
async fn a_port_that_is_taken() {
    let program = Program::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let data_dir = program.path("data");
    let variables = [("ETSY_ODOO_DATABASE__DATA_DIR", data_dir.to_str().unwrap())];
    let line =
        format!("sandbox --receipts 1 --listings 1 --shops 1 --odoo-port 0 --etsy-port {port}");
    let ending = program.run_with(&line, &variables).await.expect_one_error(78);
    let text = ending.transcript().replace(&port.to_string(), "<port>");
    insta::assert_snapshot!("port", text);
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_used() {
    let program = Program::new();
    program.write("file", "");
    let data_dir = |name: &str| program.path(name).display().to_string();
    let mut endings = Vec::new();
    for (line, name) in [
        ("runs", "file"),
        ("runs", "file/below"),
        ("demo", "file"),
        ("demo", "file/below"),
        ("sandbox", "file/below"),
    ] {
        let variables = [("ETSY_ODOO_DATABASE__DATA_DIR", &*data_dir(name))];
        endings.push(program.run_with(line, &variables).await.expect_one_error(78));
    }
    fs::create_dir(program.path("closed")).unwrap();
    fs::set_permissions(program.path("closed"), Permissions::from_mode(0o700)).unwrap();
    let variables = [("ETSY_ODOO_DATABASE__DATA_DIR", &*data_dir("closed/data"))];
    let account = Account::for_directory(&program.path("closed")).unwrap();
    if account.is_lent() {
        let ending = program.run_with("runs", &variables).await.expect_one_error(78);
        assert!(ending.stderr.contains(account.name()), "{}", ending.stderr);
    }
    let old = program.path("old");
    let variables = [("ETSY_ODOO_DATABASE__DATA_DIR", &*data_dir("old"))];
    program.run_with("init", &variables).await.expect_one_error(78);
    fs::write(old.join("postgres/data/PG_VERSION"), "13\n").unwrap();
    // Which versions are installed, and how others are, differs from machine to machine.
    let other_version = program.run_with("runs", &variables).await.expect_one_error(78);
    assert!(other_version.stderr.contains("needs PostgreSQL 13"), "{}", other_version.stderr);
    let nowhere = [("ETSY_ODOO_DATABASE__BINARIES", "/usr/share"), variables[0]];
    endings.push(program.run_with("runs", &nowhere).await.expect_one_error(78));
    insta::assert_snapshot!("data_dir", transcript(&endings));
}
