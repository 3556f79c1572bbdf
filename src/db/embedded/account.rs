//! The account that runs the server.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{Gid, Uid, User, geteuid};

use super::EmbeddedError;

/// The accounts that root lends to the server, the best one first.
const LENT_BY_ROOT: [&str; 2] = ["postgres", "nobody"];

/// The account that runs the server: the one we run as, unless that is root, which Postgres refuses.
///
/// Root lends it the owner of the cluster; for a new cluster that is `postgres`, else `nobody`. A uid without an
/// entry in the system's user database will not do: `initdb` looks itself up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    name: String,
    uid: Uid,
    gid: Gid,
    is_lent: bool,
}

impl Account {
    /// The account for the server whose home is `directory`, which need not exist yet.
    pub fn for_directory(directory: &Path) -> Result<Self, EmbeddedError> {
        let owner = match fs::symlink_metadata(directory) {
            Ok(metadata) => Some(Uid::from_raw(metadata.uid())),
            // What is wrong with the way there is said by those who make the directory.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                None
            }
            Err(source) => return Err(EmbeddedError::access("read", directory, source)),
        };
        let ours = geteuid();
        if !ours.is_root() {
            let account =
                Self::known(ours)?.ok_or(EmbeddedError::NoEntry { uid: ours.as_raw() })?;
            return match owner {
                Some(owner) if owner != ours => {
                    Err(EmbeddedError::owned_by_another(directory, owner.as_raw(), &account.name))
                }
                Some(_) | None => Ok(account),
            };
        }
        match owner.filter(|owner| !owner.is_root()) {
            Some(owner) => Self::known(owner)?
                .ok_or_else(|| {
                    EmbeddedError::owned_by_another(directory, owner.as_raw(), "postgres")
                })
                .map(Self::lent),
            None => Self::first_lent(),
        }
    }

    /// The account's name in the system's user database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the server runs as another user than we do.
    pub fn is_lent(&self) -> bool {
        self.is_lent
    }

    /// A command that runs as this account, in an environment that no `PG…` variable of the caller reaches.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            // Messages are read by us, and macOS wants a locale to be set before the server starts.
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            // The directory that we were called in may be closed to the account.
            .current_dir("/")
            .stdin(Stdio::null());
        if self.is_lent {
            // With a uid, the standard library also drops root's supplementary groups.
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
        }
        command
    }

    /// Makes this account the owner of a file or directory that we made; a symbolic link is not followed.
    pub fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.is_lent {
            return Ok(());
        }
        lchown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
            .map_err(|source| EmbeddedError::access("change the owner of", path, source))
    }

    /// Whether the file or directory belongs to this account.
    pub(super) fn owns(&self, metadata: &fs::Metadata) -> bool {
        metadata.uid() == self.uid.as_raw()
    }

    /// The first directory on the way to `path` (itself included) that this account may not pass through.
    pub(super) fn first_closed_directory(&self, path: &Path) -> Option<PathBuf> {
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        way.into_iter()
            .find(|directory| {
                fs::metadata(directory).is_ok_and(|found| found.is_dir() && !self.may_pass(&found))
            })
            .map(Path::to_path_buf)
    }

    fn may_pass(&self, directory: &fs::Metadata) -> bool {
        let passing = if self.owns(directory) {
            0o100
        } else if directory.gid() == self.gid.as_raw() {
            0o010
        } else {
            0o001
        };
        directory.mode() & passing != 0
    }

    fn first_lent() -> Result<Self, EmbeddedError> {
        for name in LENT_BY_ROOT {
            let found = User::from_name(name)
                .map_err(|source| EmbeddedError::UserDatabase { source: source.into() })?;
            if let Some(user) = found {
                return Ok(Self::from(user).lent());
            }
        }
        Err(EmbeddedError::NoAccount)
    }

    fn known(uid: Uid) -> Result<Option<Self>, EmbeddedError> {
        User::from_uid(uid)
            .map(|found| found.map(Self::from))
            .map_err(|source| EmbeddedError::UserDatabase { source: source.into() })
    }

    fn lent(self) -> Self {
        Self { is_lent: true, ..self }
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self { name: user.name, uid: user.uid, gid: user.gid, is_lent: false }
    }
}

/// The name of a file's owner, or the bare number where the system does not know it.
pub(super) fn owner_name(owner: Uid) -> String {
    match User::from_uid(owner) {
        Ok(Some(user)) => user.name,
        Ok(None) | Err(_) => format!("uid {owner}"),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_server_has_none_of_roots_rights() {
        let account = Account::for_directory(Path::new("/nonexistent")).unwrap();
        let output = account.command("id").args(["-u"]).output().unwrap();
        let groups = account.command("id").args(["-G"]).output().unwrap();
        assert_ne!(output.stdout, b"0\n");
        assert!(!groups.stdout.split(u8::is_ascii_whitespace).any(|group| group == b"0"));
        assert_eq!(account.is_lent(), geteuid().is_root());
    }

    #[test]
    fn a_directory_without_search_permission_is_named() {
        let account =
            Account { name: "x".into(), uid: 4_000.into(), gid: 4_000.into(), is_lent: true };
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(account.first_closed_directory(&inner).as_deref(), Some(root.path()));
        assert_eq!(account.first_closed_directory(Path::new("/usr/bin")), None);
    }
}
