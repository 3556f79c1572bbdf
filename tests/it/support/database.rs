//! A database for one test.

use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

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
    pub(crate) fn new() -> Self {
        static TEMPLATE: OnceLock<()> = OnceLock::new();
        TEMPLATE.get_or_init(|| {
            let cluster = TestCluster::get();
            cluster.execute(&format!("create database {MIGRATED}"));
            finish(|| async { migrate(&mut connect(&cluster.config(MIGRATED)).await).await });
        });
        Self::copy_of(MIGRATED)
    }

    /// A database without anything.
    pub(crate) fn empty() -> Self {
        Self::copy_of("template0")
    }

    /// How to connect to it.
    pub(crate) fn config(&self) -> Config {
        TestCluster::get().config(&self.name)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        TestCluster::get().url(&self.name)
    }

    /// A connection to it, driven by the test's own runtime.
    pub(crate) async fn connect(&self) -> Client {
        connect(&self.config()).await
    }

    fn copy_of(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{count}", process::id());
        TestCluster::get().execute(&format!("create database {name} template {template}"));
        Self { name }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let statement = format!("drop database {} with (force)", self.name);
        if std::thread::panicking() {
            // A second panic would hide the first; the cluster goes away with this process anyhow.
            return;
        }
        TestCluster::get().execute(&statement);
    }
}

async fn migrate(client: &mut Client) {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        client.batch_execute(&std::fs::read_to_string(&file).unwrap()).await.unwrap();
    }
}
