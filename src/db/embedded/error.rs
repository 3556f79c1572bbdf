//! What can be wrong with an embedded cluster, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use nix::unistd::Uid;
use tokio::task::JoinError;

use super::account::owner_name;
use super::remedy::Complaint;

/// Why the embedded cluster cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server programs on this machine.
    #[error("no database is set, and the programs of PostgreSQL 14 to 18 are not installed")]
    NoBinaries,

    /// There is a cluster, but only programs of other versions.
    #[error("the cluster in {} needs PostgreSQL {wanted}, and {}", .cluster.display(), installed(.found))]
    NoBinariesFor {
        /// The data directory of the cluster.
        cluster: PathBuf,
        /// The major version in its `PG_VERSION`.
        wanted: u32,
        /// The major versions that are there.
        found: Vec<u32>,
    },

    /// The directory that was named for the server programs does not hold usable ones.
    #[error("the server programs in {} cannot be used: {reason}", .directory.display())]
    Binaries {
        /// As it was named.
        directory: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A file or directory could not be handled.
    #[error("could not {action} {}", .path.display())]
    Access {
        /// The verb, such as `create`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },

    /// Something else is where a directory should be.
    #[error("{} is in the place of a directory", .path.display())]
    NotADirectory {
        /// What is there.
        path: PathBuf,
    },

    /// A directory belongs to somebody else.
    #[error("{} belongs to {owner}, not to {account}", .path.display())]
    Owner {
        /// The directory.
        path: PathBuf,
        /// Who has it.
        owner: String,
        /// Who should have it.
        account: String,
    },

    /// The account that root lends to the server cannot reach the cluster.
    #[error("{} cannot be reached by the account `{account}`, as which the server runs", .path.display())]
    Unreachable {
        /// The server's directory.
        path: PathBuf,
        /// The first directory on the way that is closed to the account.
        closed: PathBuf,
        /// The account.
        account: String,
    },

    /// We run as root and there is no other account.
    #[error(
        "PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`"
    )]
    NoAccount,

    /// We run as a uid that the system does not know.
    #[error(
        "PostgreSQL does not run as uid {uid}, which has no entry in the system's user database"
    )]
    NoEntry {
        /// The uid.
        uid: u32,
    },

    /// The system's user database could not be read.
    #[error("could not read the system's user database")]
    UserDatabase {
        /// What the system said.
        #[source]
        source: io::Error,
    },

    /// The data directory holds something that is not a cluster.
    #[error("{} is not a PostgreSQL cluster: its PG_VERSION does not read", .path.display())]
    NotACluster {
        /// The directory.
        path: PathBuf,
        /// Why it does not read.
        #[source]
        source: io::Error,
    },

    /// Another process starts or stops the server, and does not come to an end.
    #[error("another process has held {} for more than {seconds} seconds", .path.display())]
    Busy {
        /// The lock.
        path: PathBuf,
        /// How long we waited.
        seconds: u64,
    },

    /// A server program could not be run at all.
    #[error("could not run `{program}`")]
    Spawn {
        /// Its name.
        program: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },

    /// `initdb` failed.
    #[error("could not create the cluster {}", .path.display())]
    Create {
        /// The data directory of the cluster.
        path: PathBuf,
        /// What `initdb` said.
        #[source]
        complaint: Complaint,
    },

    /// The server did not start.
    #[error("the embedded PostgreSQL did not start; its log is {}", .log.display())]
    Start {
        /// The server's log.
        log: PathBuf,
        /// The end of it.
        #[source]
        complaint: Complaint,
    },

    /// The server runs, but takes no connections yet, or no more.
    #[error("the embedded PostgreSQL was not ready after {seconds} seconds")]
    NotReady {
        /// How long we waited.
        seconds: u64,
    },

    /// The server did not stop.
    #[error("the embedded PostgreSQL did not stop")]
    Stop {
        /// What `pg_ctl` said.
        #[source]
        complaint: Complaint,
    },

    /// A connection to the embedded server failed.
    #[error("could not connect to the embedded PostgreSQL")]
    Connect {
        /// What the driver said.
        #[source]
        source: tokio_postgres::Error,
    },

    /// A name that we do not give to a database: 1 to 63 of `a` to `z`, `0` to `9` and `_`, and not one of the
    /// cluster's own.
    #[error("`{name}` is no name for a database")]
    DatabaseName {
        /// The name.
        name: String,
    },

    /// A database could not be created or dropped.
    #[error("could not create the database `{name}`")]
    Database {
        /// The name of the database.
        name: String,
        /// What the server said.
        #[source]
        source: tokio_postgres::Error,
    },

    /// The work was cut off: the program is ending.
    #[error("the work on the embedded PostgreSQL was interrupted")]
    Interrupted {
        /// How it ended.
        #[source]
        source: JoinError,
    },
}

impl EmbeddedError {
    pub(super) fn access(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Access { action, path: path.to_path_buf(), source }
    }

    pub(super) fn owned_by_another(path: &Path, owner: u32, account: &str) -> Self {
        Self::Owner {
            path: path.to_path_buf(),
            owner: owner_name(Uid::from_raw(owner)),
            account: account.to_owned(),
        }
    }
}

fn installed(found: &[u32]) -> String {
    if found.is_empty() {
        return "no version is installed".to_owned();
    }
    let versions: Vec<String> = found.iter().map(u32::to_string).collect();
    format!("only {} is installed", versions.join(", "))
}
