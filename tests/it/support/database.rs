//! A database for one test.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::OnceCell;
use tokio_postgres::{Client, Config};

use super::{TestCluster, connect, finish};

/// The database with our migrations applied, of which every test gets a copy.
const MIGRATED: &str = "migrated";

/// A database of its own for one test, dropped at its end with whoever is still connected.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// A database with our migrations applied and no rows.
    pub(crate) async fn new() -> Self {
        static TEMPLATE: OnceCell<()> = OnceCell::const_new();
        TEMPLATE.get_or_init(make_template).await;
        Self::copy_of(MIGRATED).await
    }

    /// A database without anything.
    pub(crate) async fn empty() -> Self {
        Self::copy_of("template0").await
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How to connect to it.
    pub(crate) fn config(&self) -> Config {
        TestCluster::get().config(&self.name)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        TestCluster::get().url(&self.name)
    }

    /// A blocking connection to it, for tests that need no runtime.
    pub(crate) fn blocking_client(&self) -> postgres::Client {
        postgres::Config::from(self.config()).connect(postgres::NoTls).unwrap()
    }

    /// A connection to it, driven by the test's own runtime.
    pub(crate) async fn client(&self) -> Client {
        connect(&self.config()).await
    }

    async fn copy_of(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let cluster = TestCluster::get();
        cluster.execute(&format!("create database {name} template {template}")).await;
        Self { name }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A second panic would hide the first; the cluster goes away with this process anyhow.
            return;
        }
        let statement = format!("drop database {} with (force)", self.name);
        finish(|| TestCluster::get().execute(&statement));
    }
}

async fn make_template() {
    let cluster = TestCluster::get();
    cluster.execute(&format!("create database {MIGRATED}")).await;
    migrate(&mut connect(&cluster.config(MIGRATED)).await).await;
}

async fn migrate(client: &mut Client) {
    etsy_odoo::db::migrate(client).await.unwrap();
}
