//! The server that everything is measured on: a cluster of its own, in a directory that goes away.

use std::cell::Cell;

use etsy_odoo::db::Warehouse;
use etsy_odoo::db::embedded::{Embedded, EmbeddedSettings};
use etsy_odoo::domain::{RunId, ShopId};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// The shop that everything belongs to.
pub(crate) const SHOP: ShopId = ShopId(61_234_567);

const DATABASE: &str = "bench";

/// A migrated database and the ways to it.
pub(crate) struct Stand {
    pub(crate) runtime: Runtime,
    pub(crate) warehouse: Warehouse,
    /// A connection of the benchmark's own, for what the program does not do.
    pub(crate) client: Client,
    embedded: Embedded,
    runs: Cell<i64>,
    // dropped last: the cluster lives in it
    _directory: TempDir,
}

impl Stand {
    /// Starts the cluster and makes the schema, with one shop.
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        // short, and open to the account that root lends the server
        let directory = tempfile::Builder::new()
            .prefix("etsy-odoo-bench-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .unwrap();
        let (embedded, warehouse, client) = runtime.block_on(async {
            let settings = EmbeddedSettings {
                data_dir: directory.path().join("cluster"),
                binaries: None,
                durable: false,
            };
            let embedded = Embedded::start(&settings).await.unwrap();
            embedded.create_database_if_missing(DATABASE).await.unwrap();
            let warehouse = Warehouse::connect(embedded.config(DATABASE)).await.unwrap();
            warehouse.migrate().await.unwrap();
            let (client, connection) = embedded.config(DATABASE).connect(NoTls).await.unwrap();
            tokio::task::spawn_blocking(move || {
                tokio::runtime::Handle::current().block_on(connection)
            });
            client.execute(include_str!("sql/shop.sql"), &[&SHOP.0]).await.unwrap();
            (embedded, warehouse, client)
        });
        Self { runtime, warehouse, client, embedded, runs: Cell::new(0), _directory: directory }
    }

    /// Where the database is, for another process.
    pub(crate) fn url(&self) -> String {
        self.embedded.url(DATABASE)
    }

    /// A run that nobody has had.
    pub(crate) fn next_run(&self) -> RunId {
        self.runs.set(self.runs.get() + 1);
        RunId(self.runs.get())
    }

    /// Runs statements that nobody measures.
    pub(crate) fn prepare(&self, statements: &str) {
        self.runtime.block_on(self.client.batch_execute(statements)).unwrap();
    }

    /// How many bytes the write-ahead log has grown to since the cluster was made.
    pub(crate) fn wal_bytes(&self) -> i64 {
        let row = self.runtime.block_on(
            self.client.query_one("select (pg_current_wal_insert_lsn() - '0/0')::bigint", &[]),
        );
        row.unwrap().get(0)
    }

    /// What the figures are of.
    pub(crate) fn machine(&self) -> String {
        let row = self
            .runtime
            .block_on(self.client.query_one("select current_setting('server_version')", &[]))
            .unwrap();
        let cores = std::thread::available_parallelism().unwrap();
        format!("{cores} cores, Postgres {}", row.get::<_, &str>(0))
    }

    /// Stops the cluster.
    pub(crate) fn stop(self) {
        let Self { runtime, warehouse, client, embedded, runs: _, _directory } = self;
        drop((warehouse, client));
        runtime.block_on(embedded.stop()).unwrap();
    }
}
