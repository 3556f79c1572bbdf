//! Where the parts of the cluster are, and that nobody else can reach them.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;
use xxhash_rust::xxh3::xxh3_64;

use super::{Account, EmbeddedError};

/// Names the socket; no port is ever opened.
pub(super) const PORT: u16 = 5432;

/// What a socket's path may take, less the file name and the closing zero: `sun_path` has 108 bytes on Linux
/// and 104 on macOS. See unix(7).
const SOCKET_DIR_BYTES: usize = 104 - 1 - "/.s.PGSQL.5432".len();

/// The directory for sockets whose own place has too long a path. Not `$TMPDIR`: on macOS that is long itself.
const SHORT_PARENT: &str = "/tmp";

/// For the server's account alone.
const PRIVATE: u32 = 0o700;

/// Lets the server's account through to its own directory, without showing what else is there.
const PASSAGE: u32 = 0o711;

/// What marks a cluster that `initdb` has not finished; the rest of the name is the process that began it.
const UNFINISHED: &str = "data.new.";

/// The paths of one embedded cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    data_dir: PathBuf,
}

impl Layout {
    /// The layout below a directory that need not exist yet.
    pub(super) fn new(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let data_dir = std::path::absolute(data_dir)
            .map_err(|source| EmbeddedError::access("find", data_dir, source))?;
        Ok(Self { data_dir })
    }

    pub(super) fn start_lock(&self) -> PathBuf {
        self.data_dir.join("start.lock")
    }

    pub(super) fn users_lock(&self) -> PathBuf {
        self.data_dir.join("users.lock")
    }

    /// The directory that belongs to the server's account, and holds all that follows.
    pub(super) fn server_home(&self) -> PathBuf {
        self.data_dir.join("postgres")
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.server_home().join("data")
    }

    /// Where this process creates a cluster. Not one name for all: `initdb` may outlive the process that was
    /// killed while it ran, and must not write into the next attempt.
    pub(super) fn unfinished_cluster(&self) -> PathBuf {
        self.server_home().join(format!("{UNFINISHED}{}", std::process::id()))
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.server_home().join("postgres.log")
    }

    /// The log of earlier starts, once it has grown.
    pub(super) fn old_log_file(&self) -> PathBuf {
        self.server_home().join("postgres.log.old")
    }

    /// The directory of the socket: beside the cluster, or under `/tmp` by a hash of the data directory where
    /// that path is too long, or not plain enough for a server's command line.
    pub(super) fn socket_dir(&self) -> PathBuf {
        let beside = self.server_home().join("socket");
        let bytes = beside.as_os_str().as_bytes();
        if bytes.len() <= SOCKET_DIR_BYTES && bytes.iter().all(|byte| is_plain(*byte)) {
            return beside;
        }
        let hash = xxh3_64(self.data_dir.as_os_str().as_bytes());
        Path::new(SHORT_PARENT).join(format!("etsy-odoo-{hash:016x}"))
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir().join(format!(".s.PGSQL.{PORT}"))
    }

    /// Leaves nothing under `/tmp` where the socket had to be there. The next start makes it again.
    pub(super) fn remove_short_socket_dir(&self) {
        let directory = self.socket_dir();
        if directory.starts_with(&self.data_dir) {
            return;
        }
        if let Err(error) = fs::remove_dir(&directory) {
            tracing::debug!(path = %directory.display(), error = %error, "could not remove it");
        }
    }

    /// Makes the data directory where it is missing: private, except that root lets the server's account pass.
    /// Nothing is made where the account would not reach it.
    pub(super) fn create_data_dir(&self, account: &Account) -> Result<(), EmbeddedError> {
        if account.is_lent()
            && let Some(closed) = account.first_closed_directory(&self.data_dir)
        {
            return Err(EmbeddedError::Unreachable {
                path: self.data_dir.clone(),
                closed,
                account: account.name().to_owned(),
            });
        }
        match fs::metadata(&self.data_dir) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(EmbeddedError::NotADirectory { path: self.data_dir.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mode = if geteuid().is_root() { PASSAGE } else { PRIVATE };
                create_with_parents(&self.data_dir, mode)
            }
            Err(source) => Err(EmbeddedError::access("read", &self.data_dir, source)),
        }
    }

    /// Makes what the server's account has to own, and checks what is there already. Call it with the start lock
    /// held.
    pub(super) fn create_server_directories(&self, account: &Account) -> Result<(), EmbeddedError> {
        create_private(&self.server_home(), account)?;
        create_private(&self.socket_dir(), account)?;
        self.sweep()
    }

    /// The major version of the cluster that is there, or `None` where there is none yet.
    pub(super) fn cluster_version(&self) -> Result<Option<u32>, EmbeddedError> {
        let cluster = self.cluster();
        if !cluster
            .try_exists()
            .map_err(|source| EmbeddedError::access("read", &cluster, source))?
        {
            return Ok(None);
        }
        let file = cluster.join("PG_VERSION");
        let text = fs::read_to_string(&file)
            .map_err(|source| EmbeddedError::NotACluster { path: cluster.clone(), source })?;
        let version = text.trim().parse().map_err(|error| EmbeddedError::NotACluster {
            path: cluster,
            source: io::Error::new(io::ErrorKind::InvalidData, error),
        })?;
        Ok(Some(version))
    }

    /// Removes what interrupted first starts have left.
    fn sweep(&self) -> Result<(), EmbeddedError> {
        let home = self.server_home();
        let entries =
            fs::read_dir(&home).map_err(|source| EmbeddedError::access("read", &home, source))?;
        for entry in entries {
            let entry = entry.map_err(|source| EmbeddedError::access("read", &home, source))?;
            if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                continue;
            }
            let path = entry.path();
            tracing::info!(path = %path.display(), "removing an unfinished cluster");
            // An `initdb` that still runs can put files back while they are removed: then the next start sweeps.
            if let Err(error) = fs::remove_dir_all(&path) {
                tracing::warn!(path = %path.display(), error = %error, "could not remove it");
            }
        }
        Ok(())
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-')
}

/// A directory of the server's account and nobody else's.
fn create_private(directory: &Path, account: &Account) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(PRIVATE).create(directory) {
        Ok(()) => return account.own(directory),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(EmbeddedError::access("create", directory, source)),
    }
    let found = fs::symlink_metadata(directory)
        .map_err(|source| EmbeddedError::access("read", directory, source))?;
    if !found.is_dir() {
        return Err(EmbeddedError::NotADirectory { path: directory.to_path_buf() });
    }
    let is_ours = found.uid() == geteuid().as_raw();
    if !account.owns(&found) && !is_ours {
        return Err(EmbeddedError::owned_by_another(directory, found.uid(), account.name()));
    }
    if found.mode() & 0o077 != 0 {
        make_private(directory)?;
    }
    // Ours, though lent to the account: we were interrupted between making it and giving it away.
    if account.owns(&found) { Ok(()) } else { account.own(directory) }
}

fn make_private(directory: &Path) -> Result<(), EmbeddedError> {
    // By descriptor: the account that owns the directory could put a link in its place.
    let directory_only = nix::libc::O_NOFOLLOW | nix::libc::O_DIRECTORY;
    OpenOptions::new()
        .read(true)
        .custom_flags(directory_only)
        .open(directory)
        .and_then(|opened| opened.set_permissions(Permissions::from_mode(PRIVATE)))
        .map_err(|source| EmbeddedError::access("close to others", directory, source))
}

/// Creates a directory and the missing ones above it, with this mode whatever the umask.
fn create_with_parents(directory: &Path, mode: u32) -> Result<(), EmbeddedError> {
    let mut missing: Vec<&Path> = directory
        .ancestors()
        .take_while(|ancestor| fs::symlink_metadata(ancestor).is_err())
        .collect();
    missing.reverse();
    for path in missing {
        match fs::create_dir(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(source) => return Err(EmbeddedError::access("create", path, source)),
        }
        fs::set_permissions(path, Permissions::from_mode(mode))
            .map_err(|source| EmbeddedError::access("set the mode of", path, source))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_plain_path_keeps_the_socket_beside_the_cluster() {
        let layout = Layout::new(Path::new("/var/lib/etsy-odoo")).unwrap();
        assert_eq!(layout.socket_dir(), Path::new("/var/lib/etsy-odoo/postgres/socket"));
    }

    #[test]
    fn a_long_or_odd_path_moves_the_socket() {
        for data_dir in [format!("/srv/{}", "x".repeat(80)), "/srv/it's $HOME".to_owned()] {
            let layout = Layout::new(Path::new(&data_dir)).unwrap();
            let directory = layout.socket_dir();
            assert!(directory.starts_with(SHORT_PARENT), "{directory:?}");
            assert!(layout.socket().as_os_str().len() < 104);
        }
    }

    #[test]
    fn the_longest_path_that_stays_is_one_byte_short_of_the_limit() {
        let fitting = SOCKET_DIR_BYTES - "/postgres/socket".len();
        let at = |length: usize| {
            Layout::new(Path::new(&format!("/{}", "x".repeat(length - 1)))).unwrap().socket_dir()
        };
        assert!(!at(fitting).starts_with(SHORT_PARENT));
        assert!(at(fitting + 1).starts_with(SHORT_PARENT));
    }

    #[test]
    fn a_file_in_the_place_of_the_directory_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let account = Account::for_directory(Path::new("/nonexistent")).unwrap();
        let error = Layout::new(file.path()).unwrap().create_data_dir(&account).unwrap_err();
        assert!(matches!(error, EmbeddedError::NotADirectory { .. }), "{error}");
    }

    #[test]
    fn a_link_laid_in_the_place_of_a_private_directory_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(root.path()).unwrap();
        std::os::unix::fs::symlink("/etc", layout.server_home()).unwrap();
        let account = Account::for_directory(Path::new("/nonexistent")).unwrap();
        let error = layout.create_server_directories(&account).unwrap_err();
        assert!(matches!(error, EmbeddedError::NotADirectory { .. }), "{error}");
    }
}
