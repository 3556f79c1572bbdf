//! A Postgres of our own, for those who name none in `[database].url`.
//!
//! The server's programs are the system's; the cluster is private: its own data directory, a Unix socket that
//! only its owner can reach, no port and no password. It runs while somebody uses it: the first [`Embedded`]
//! starts it, later ones (also of other processes) share it, the last one stops it.
//!
//! ```text
//! data_dir/
//!   start.lock      held while the server is started or stopped
//!   users.lock      shared by everybody who uses the server
//!   postgres/       owned by the account that runs the server, mode 0700
//!     data/         the cluster; `data.new.<pid>` until initdb has finished
//!     socket/       or a short directory under /tmp, where this path is too long for a socket
//!     postgres.log
//! ```
//!
//! Postgres refuses to run as root, so root lends the server an account: see [`Account`].

mod account;
mod binaries;
mod database;
mod error;
mod layout;
mod locks;
mod remedy;
mod server;

use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;
use tokio_postgres::Config;

pub use account::Account;
pub use binaries::{Binaries, SUPPORTED_VERSIONS};
pub use error::EmbeddedError;
pub use remedy::Complaint;

use layout::Layout;
use locks::{StartLock, UsersLock};
use server::Server;

/// The superuser of the embedded cluster, independent of the account that runs it.
pub const SUPERUSER: &str = "etsy_odoo";

/// Where the embedded cluster lives and how careful it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// The directory that holds the cluster; made where it is missing. See [`default_data_dir`].
    pub data_dir: PathBuf,
    /// The directory of `initdb`, `pg_ctl` and `postgres`; searched for where it is left out.
    pub binaries: Option<PathBuf>,
    /// Whether a commit survives a power cut. `false` is for data that can be made again (`demo`, tests): it
    /// is faster, but a killed server loses its last commits, and a crash of the machine can ruin the cluster.
    pub durable: bool,
}

/// The data directory of a user who names none: `/var/lib/etsy-odoo` for root, else
/// `$XDG_DATA_HOME/etsy-odoo`, else `~/.local/share/etsy-odoo`.
///
/// `None` where neither of the two directories is given. A relative `$XDG_DATA_HOME` is ignored, as the
/// [specification](https://specifications.freedesktop.org/basedir-spec/latest/) asks.
pub fn default_data_dir(home: Option<&Path>, xdg_data_home: Option<&Path>) -> Option<PathBuf> {
    if nix::unistd::geteuid().is_root() {
        return Some(PathBuf::from("/var/lib/etsy-odoo"));
    }
    xdg_data_home
        .filter(|path| path.is_absolute())
        .map(Path::to_path_buf)
        .or_else(|| home.map(|path| path.join(".local/share")))
        .map(|path| path.join("etsy-odoo"))
}

/// A running embedded cluster, as long as this value lives.
///
/// Dropping it stops the server where nobody else uses it, but cannot say what went wrong: prefer
/// [`Embedded::stop`].
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    /// Held only while the server is being started; `release` takes it again.
    start: Option<StartLock>,
    /// `None` once the cluster was given back.
    users: Option<UsersLock>,
}

impl Embedded {
    /// Starts the cluster, or joins the one that already runs in this data directory.
    ///
    /// The first start creates the cluster (about a second); later ones take a tenth of that.
    pub async fn start(settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let settings = settings.clone();
        let mut embedded = blocking(move || Self::prepare(&settings)).await?;
        embedded.server.bring_up().await?;
        embedded.start = None;
        Ok(embedded)
    }

    /// The address of a database of this cluster, with the socket directory as percent-encoded host.
    pub fn url(&self, database: &str) -> String {
        // Both the user and the socket directory are plain by construction: only `/` needs an escape.
        let host = self.server.layout.socket_dir().display().to_string().replace('/', "%2F");
        format!("postgres://{SUPERUSER}@{host}/{database}")
    }

    /// How to connect to a database of this cluster.
    pub fn config(&self, database: &str) -> Config {
        self.server.config(database)
    }

    /// The file that the server writes its own messages to.
    pub fn log_file(&self) -> PathBuf {
        self.server.layout.log_file()
    }

    /// Creates a database unless there is one of that name. See [`EmbeddedError::DatabaseName`] for what a
    /// name may be.
    pub async fn create_database_if_missing(&self, name: &str) -> Result<(), EmbeddedError> {
        database::create_if_missing(&self.config("postgres"), name).await
    }

    /// Drops a database, whoever is connected to it, and creates it anew, empty.
    pub async fn recreate_database(&self, name: &str) -> Result<(), EmbeddedError> {
        database::recreate(&self.config("postgres"), name).await
    }

    /// Gives the cluster back: stops the server where nobody else uses it.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        blocking(move || self.release()).await
    }

    /// Everything that comes before the server's start: the locks, the account, the programs, the cluster.
    fn prepare(settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let layout = Layout::new(&settings.data_dir)?;
        let account = Account::for_directory(&layout.server_home())?;
        layout.create_data_dir(&account)?;
        let start = StartLock::acquire(&layout)?;
        let users = UsersLock::join(&layout)?;
        layout.create_server_directories(&account)?;
        let wanted = layout.cluster_version()?;
        let binaries =
            Binaries::find(settings.binaries.as_deref(), &account, wanted, &layout.cluster())?;
        let server = Server { layout, account, binaries, durable: settings.durable };
        if wanted.is_none() {
            server.create_cluster()?;
        }
        Ok(Self { server, start: Some(start), users: Some(users) })
    }

    fn release(&mut self) -> Result<(), EmbeddedError> {
        let Some(users) = self.users.take() else { return Ok(()) };
        // A start that failed or was cancelled still holds the lock.
        let _start = match self.start.take() {
            Some(lock) => lock,
            None => StartLock::acquire(&self.server.layout)?,
        };
        if users.leave()? { self.server.stop() } else { Ok(()) }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Err(error) = self.release() {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "the embedded Postgres was not stopped; the next run finds it");
        }
    }
}

/// Runs work that blocks (locks, child processes) where it holds up no other task.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EmbeddedError> + Send + 'static,
) -> Result<T, EmbeddedError> {
    spawn_blocking(work).await.map_err(|source| EmbeddedError::Interrupted { source })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_directory_follows_the_user() {
        let home = Path::new("/home/ada");
        let found = |xdg| default_data_dir(Some(home), xdg).unwrap();
        if nix::unistd::geteuid().is_root() {
            assert_eq!(found(None), Path::new("/var/lib/etsy-odoo"));
            return;
        }
        assert_eq!(found(None), Path::new("/home/ada/.local/share/etsy-odoo"));
        assert_eq!(found(Some(Path::new("/data"))), Path::new("/data/etsy-odoo"));
        assert_eq!(found(Some(Path::new("data"))), Path::new("/home/ada/.local/share/etsy-odoo"));
        assert_eq!(default_data_dir(None, None), None);
    }
}
