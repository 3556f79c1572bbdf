//! Who can mend an embedded cluster that does not work, and how.

use std::io::{self, ErrorKind};
use std::path::Path;

use nix::unistd::geteuid;

use super::EmbeddedError;
use crate::domain::Advice;

const FREE_SPACE: &str = "free some space on that disk, then run the command again";
const WRITABLE_DISK: &str =
    "set `[database].data_dir` to a directory on a disk that can be written";
const RIGHTS: &str = "give this user the right to write there, or set `[database].data_dir` to a directory where it has it";
const ANOTHER_DIRECTORY: &str = "set `[database].data_dir` to another directory";

/// The words of a server program, which are all that it gives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Complaint {
    words: String,
}

impl Complaint {
    pub(super) fn new(words: String) -> Self {
        Self { words }
    }

    /// Whether an earlier server of this cluster still seems to be there: its memory, or its process.
    pub(super) fn is_about_a_predecessor(&self) -> bool {
        self.words.contains("pre-existing shared memory block") || self.names_a_process()
    }

    fn names_a_process(&self) -> bool {
        self.words.contains("lock file \"postmaster.pid\" already exists")
    }

    /// The hints follow the words of the C library, which the server repeats (in English: we set `LC_ALL`).
    fn advice(&self) -> Advice {
        let says = |words: &str| self.words.contains(words);
        if says("No space left on device") || says("Disk quota exceeded") {
            return Advice::try_again(FREE_SPACE);
        }
        if says("Read-only file system") {
            return Advice::needs_person(WRITABLE_DISK);
        }
        if says("Permission denied") || says("Operation not permitted") {
            return Advice::needs_person(RIGHTS);
        }
        if says("Cannot allocate memory") {
            return Advice::try_again("free some memory, then run the command again");
        }
        if self.names_a_process() {
            return Advice::needs_person(
                "the process named in `postmaster.pid` is taken for the server: if it is not one, remove that file",
            );
        }
        if self.is_about_a_predecessor() {
            return Advice::try_again("an earlier server is still ending; run the command again");
        }
        Advice::failed()
    }
}

impl EmbeddedError {
    /// Whose turn it is, and what to do.
    pub fn advice(&self) -> Advice {
        match self {
            Self::NoBinaries => Advice::needs_person(format!(
                "install it with `{}`, or name its directory in `[database].binaries`, or set \
                 `[database].url`",
                install_command(None)
            )),
            Self::NoBinariesFor { wanted, .. } => Advice::needs_person(format!(
                "install it with `{}`; the cluster holds the journal, so do not remove it",
                install_command(Some(*wanted))
            )),
            Self::Binaries { .. } => Advice::needs_person(
                "set `[database].binaries` to the directory of `initdb`, `pg_ctl` and `postgres` of \
                 PostgreSQL 14 to 18",
            ),
            Self::Access { source, .. }
            | Self::UserDatabase { source }
            | Self::Spawn { source, .. } => advice_on(source),
            Self::NotADirectory { .. } | Self::NotACluster { .. } => {
                Advice::needs_person(ANOTHER_DIRECTORY)
            }
            Self::Owner { owner, .. } => Advice::needs_person(format!(
                "run as {owner}, or set `[database].data_dir` to another directory"
            )),
            Self::Unreachable { closed, account, .. } => Advice::needs_person(format!(
                "let `{account}` pass with `chmod o+x {}`, or set `[database].data_dir` elsewhere, \
                 such as below /var/lib",
                closed.display()
            )),
            Self::NoAccount => Advice::needs_person("create an account with `useradd postgres`"),
            Self::NoEntry { .. } => Advice::needs_person(
                "run as a user that /etc/passwd knows, or set `[database].url`",
            ),
            Self::Busy { .. } | Self::NotReady { .. } => {
                Advice::try_again("wait for the other run to end, then run the command again")
            }
            Self::Create { complaint, .. }
            | Self::Start { complaint, .. }
            | Self::Stop { complaint } => complaint.advice(),
            Self::Connect { .. }
            | Self::DatabaseName { .. }
            | Self::Database { .. }
            | Self::Interrupted { .. } => Advice::failed(),
        }
    }
}

fn advice_on(error: &io::Error) -> Advice {
    let kind = error.kind();
    if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        return Advice::try_again(FREE_SPACE);
    }
    if kind == ErrorKind::ReadOnlyFilesystem {
        return Advice::needs_person(WRITABLE_DISK);
    }
    if kind == ErrorKind::PermissionDenied {
        return Advice::needs_person(RIGHTS);
    }
    if matches!(kind, ErrorKind::NotADirectory | ErrorKind::Unsupported) {
        return Advice::needs_person(ANOTHER_DIRECTORY);
    }
    if kind == ErrorKind::OutOfMemory {
        return Advice::try_again("free some memory, then run the command again");
    }
    Advice::failed()
}

/// The one command that installs the server on this machine.
fn install_command(major: Option<u32>) -> String {
    let sudo = if geteuid().is_root() { "" } else { "sudo " };
    let version = major.map(|major| major.to_string()).unwrap_or_default();
    let of_debian = major.map(|major| format!("-{major}")).unwrap_or_default();
    let of_homebrew = major.unwrap_or(17);
    if cfg!(target_os = "macos") {
        return format!("brew install postgresql@{of_homebrew}");
    }
    let installers = [
        ("/usr/bin/apt-get", format!("apt-get install -y postgresql{of_debian}")),
        ("/usr/bin/dnf", format!("dnf install -y postgresql{version}-server")),
        ("/usr/bin/zypper", format!("zypper install -y postgresql{version}-server")),
        ("/sbin/apk", format!("apk add postgresql{version}")),
        ("/usr/bin/pacman", "pacman -S postgresql".to_owned()),
    ];
    installers.into_iter().find(|(program, _)| Path::new(program).exists()).map_or_else(
        || "your system's package of the PostgreSQL server".to_owned(),
        |(_, command)| format!("{sudo}{command}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Trouble;

    fn trouble_of(words: &str) -> Trouble {
        Complaint::new(words.to_owned()).advice().trouble
    }

    #[test]
    fn the_words_of_a_server_decide_who_can_help() {
        assert_eq!(trouble_of("could not write: No space left on device"), Trouble::TryAgain);
        assert_eq!(trouble_of("could not create: Read-only file system"), Trouble::NeedsPerson);
        assert_eq!(trouble_of("could not open: Permission denied"), Trouble::NeedsPerson);
        assert_eq!(trouble_of("FATAL: could not locate a checkpoint"), Trouble::Failed);
    }

    #[test]
    fn the_systems_errors_decide_who_can_help() {
        let of =
            |kind| EmbeddedError::access("create", Path::new("/x"), io::Error::from(kind)).advice();
        assert_eq!(of(ErrorKind::ReadOnlyFilesystem).trouble, Trouble::NeedsPerson);
        assert_eq!(of(ErrorKind::PermissionDenied).trouble, Trouble::NeedsPerson);
        assert_eq!(of(ErrorKind::StorageFull).trouble, Trouble::TryAgain);
        assert_eq!(of(ErrorKind::InvalidData).trouble, Trouble::Failed);
    }

    #[test]
    fn missing_programs_come_with_the_command_that_installs_them() {
        let hint = EmbeddedError::NoBinaries.advice().hint.unwrap();
        assert!(hint.starts_with("install it with `"), "{hint}");
        let error =
            EmbeddedError::NoBinariesFor { cluster: "/x/data".into(), wanted: 16, found: vec![15] };
        assert_eq!(
            error.to_string(),
            "the cluster in /x/data needs PostgreSQL 16, and only 15 is installed"
        );
    }
}
