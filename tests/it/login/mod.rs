//! Connecting a shop, keeping it connected, and what becomes of a login that ends: with the real program, a simulated
//! Etsy, and a client that plays the seller's browser.

mod connecting;
mod renewing;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{Clock as _, ShopId, SystemClock};
use etsy_odoo::etsy::RedirectUri;
use etsy_odoo::sandbox::faults::{Fault, FaultRule};
use etsy_odoo::shop::{self, TokenKey, Tokens, lock_session, store_tokens};
use reqwest::{Client, Url, redirect};
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStderr};

use crate::support::{Ending, Office, TOKEN_KEY};

/// What the loopback address of a test has for a path.
const PATH: &str = "/oauth/redirect";

/// A login under way: the program, the page that it printed, and what it has said so far.
struct Login {
    child: Child,
    stderr: BufReader<ChildStderr>,
    page: Url,
    said: String,
    redirect_uri: String,
}

fn key() -> TokenKey {
    TokenKey::from_hex(&TOKEN_KEY.into()).unwrap()
}

/// An office that was prepared, with shops that are not connected.
async fn unconnected(shops: usize) -> Office {
    let office = Office::new(shops).await;
    office.init().await.expect(0);
    for shop in &office.shops {
        office.add(shop).await.expect(0);
    }
    let bin = office.program.path("bin");
    fs::create_dir(&bin).unwrap();
    let opener = bin.join("xdg-open");
    let script =
        format!("#!/bin/sh\necho \"$1\" > '{}'\n", office.program.path("opened").display());
    fs::write(&opener, script).unwrap();
    fs::set_permissions(&opener, Permissions::from_mode(0o755)).unwrap();
    office
}

/// Starts a login and reads up to the page's address.
async fn begin(office: &Office, line: &str) -> Login {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let redirect_uri = format!("http://localhost:{port}{PATH}");
    assert!(RedirectUri::parse(&redirect_uri).unwrap().is_here());
    let path = format!("{}:/usr/bin:/bin", office.program.path("bin").display());
    let auth_url = format!("{}/oauth/connect", office.pair.etsy_url);
    let variables = [
        ("ETSY_ODOO_ETSY__REDIRECT_URI", redirect_uri.as_str()),
        ("ETSY_ODOO_ETSY__AUTH_URL", auth_url.as_str()),
        ("PATH", path.as_str()),
    ];
    let mut child = office.program.start(line, &variables);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    let page = loop {
        let mut line = String::new();
        assert!(stderr.read_line(&mut line).await.unwrap() > 0, "no page in:\n{said}");
        said.push_str(&line);
        if let Ok(page) = line.trim().parse::<Url>() {
            break page;
        }
    };
    Login { child, stderr, page, said, redirect_uri }
}

impl Login {
    /// The page with more in its question, as when its form is sent.
    fn page_with(&self, more: &str) -> String {
        format!("{}&{more}", self.page)
    }

    /// A visit of the seller's browser, redirects included.
    async fn visit(&self, address: &str) -> (u16, String) {
        let answer = Client::new().get(address).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The exit code, what stood on stdout, and all that was said.
    async fn end(mut self) -> (Option<i32>, String, String) {
        self.stderr.read_to_string(&mut self.said).await.unwrap();
        let output = self.child.wait_with_output().await.unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let said = format!("{stdout}{}", self.said);
        (output.status.code(), stdout, said)
    }
}

/// The pair of a shop as it is stored.
async fn stored(warehouse: &Warehouse, name: &str) -> Tokens {
    let shop = shop::find(warehouse, name).await.unwrap();
    lock_session(warehouse, &key(), &shop).await.unwrap().release().await
}

/// Stops the test when a token of the shop was said.
async fn expect_discretion(office: &Office, name: &str, said: &str) {
    office.expect_discretion(said).await;
    let tokens = stored(&office.warehouse().await, name).await;
    for secret in [tokens.access.expose_secret(), tokens.refresh.expose_secret()] {
        assert!(!said.contains(secret), "{said}");
    }
    for secret in ["sandbox-code", "sandbox-access", "sandbox-refresh", "code_verifier"] {
        assert!(!said.contains(secret), "{said}");
    }
}

async fn token_calls(office: &Office) -> u64 {
    calls(office, "POST /v3/public/oauth/token").await
}

async fn calls(office: &Office, operation: &str) -> u64 {
    let address = format!("{}/_sandbox/calls", office.pair.etsy_url);
    let counted: serde_json::Value =
        Client::new().get(address).send().await.unwrap().json().await.unwrap();
    let of_operation = counted.get("calls").and_then(|calls| calls.get(operation));
    of_operation.and_then(serde_json::Value::as_u64).unwrap_or_default()
}

async fn revoke(office: &Office, id: ShopId) {
    let address = format!("{}/_sandbox/revoke?shop_id={id}", office.pair.etsy_url);
    assert_eq!(Client::new().post(address).send().await.unwrap().status(), 200);
}

/// Makes the next use of a shop's tokens renew them.
async fn expire_access(office: &Office, name: &str) {
    let client = office.ours.client().await;
    let past: DateTime<Utc> = SystemClock.now() - TimeDelta::minutes(1);
    let changed = client
        .execute(
            "update shop.token set access_expires_at = $1 where shop_id = \
             (select shop_id from shop.shop where name = $2)",
            &[&past, &name],
        )
        .await
        .unwrap();
    assert_eq!(changed, 1);
}

async fn age_login(office: &Office, name: &str, days: i64) {
    let client = office.ours.client().await;
    let then: DateTime<Utc> = SystemClock.now() - TimeDelta::days(days);
    client
        .execute(
            "update shop.token set refreshed_at = $1, warned_at = null where shop_id = \
             (select shop_id from shop.shop where name = $2)",
            &[&then, &name],
        )
        .await
        .unwrap();
}

fn strike(office: &Office, rules: Vec<FaultRule>) {
    office.pair.options.etsy.faults.replace(rules);
}

fn refusal(code: u16, body: &str) -> Fault {
    Fault::Status { code, body: body.to_owned(), after_effect: false }
}
