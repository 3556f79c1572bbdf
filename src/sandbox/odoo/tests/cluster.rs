//! A Postgres of our own for the tests of this room: a socket in a temporary directory, no durability.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio_postgres::{Config, NoTls};

/// Lives as long as a test uses it.
pub(crate) struct Cluster {
    directory: tempfile::TempDir,
    server: Child,
    databases: AtomicU32,
}

static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

impl Cluster {
    /// The cluster that tests running at the same time share.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let started = Arc::new(Self::start());
        *shared = Arc::downgrade(&started);
        started
    }

    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let owner = nix::unistd::User::from_name("postgres")
            .unwrap()
            .filter(|_| nix::unistd::Uid::effective().is_root());
        if let Some(owner) = &owner {
            nix::unistd::chown(directory.path(), Some(owner.uid), Some(owner.gid)).unwrap();
        }
        let program = |name: &str| {
            let mut command = Command::new(binaries().join(name));
            if let Some(owner) = &owner {
                command.uid(owner.uid.as_raw()).gid(owner.gid.as_raw());
            }
            command.current_dir(directory.path()).stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        let made = program("initdb")
            .args([
                "--pgdata=data",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-sync",
            ])
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed in {}", directory.path().display());
        let server = program("postgres")
            .args([
                "-D",
                "data",
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
                "-k",
            ])
            .arg(directory.path())
            .spawn()
            .unwrap();
        Self { directory, server, databases: AtomicU32::new(0) }
    }

    pub(crate) fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config.host_path(self.directory.path()).user("postgres").dbname(database);
        config
    }

    /// An empty database.
    pub(crate) async fn database(&self) -> Config {
        let name = format!("odoo_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let statement = format!("create database {name}");
        for _ in 0..200 {
            if let Ok((client, connection)) = self.config("postgres").connect(NoTls).await {
                let (made, _) =
                    tokio::join!(async move { client.batch_execute(&statement).await }, connection);
                made.unwrap();
                return self.config(&name);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the test cluster in {} does not answer", self.directory.path().display());
    }
}

/// The newest of the installed versions, or whatever is on the path.
fn binaries() -> PathBuf {
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|binaries| binaries.join("initdb").exists())
        .collect();
    installed.sort();
    installed.pop().unwrap_or_else(|| Path::new("").to_path_buf())
}
