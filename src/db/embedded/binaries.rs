//! Finds the server's programs.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Account, EmbeddedError};

/// The major versions of Postgres that we run: 14 is the oldest that is maintained.
pub const SUPPORTED_VERSIONS: RangeInclusive<u32> = 14..=18;

/// The programs that a cluster needs.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Where packages put one directory per version: the parent, how a name in it begins, and where the programs are
/// below that.
const INSTALLATIONS: [(&str, &str, &str); 10] = [
    ("/usr/lib/postgresql", "", "bin"),         // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),                  // Red Hat, from postgresql.org
    ("/usr/lib", "postgresql", "bin"),          // SUSE
    ("/usr/lib64", "postgresql-", "bin"),       // Gentoo
    ("/usr/libexec", "postgresql", ""),         // Alpine
    ("/opt/homebrew/opt", "postgresql", "bin"), // Homebrew, Apple silicon
    ("/usr/local/opt", "postgresql", "bin"),    // Homebrew, Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"), // Homebrew, Linux
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ("/Library/PostgreSQL", "", "bin"), // EDB's installer for macOS
];

/// One usable set of server programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    directory: PathBuf,
    major: u32,
}

impl Binaries {
    /// Finds the programs to run a cluster with, as an account that can run them.
    ///
    /// `explicit` is the only place looked at where it is given. `wanted` is the major version of an existing
    /// cluster (at `cluster`, which the error names); a new one gets the highest version there is.
    pub fn find(
        explicit: Option<&Path>,
        account: &Account,
        wanted: Option<u32>,
        cluster: &Path,
    ) -> Result<Self, EmbeddedError> {
        let usable = match explicit {
            Some(directory) => {
                vec![inspect(directory, account).map_err(|reason| EmbeddedError::Binaries {
                    directory: directory.to_path_buf(),
                    reason,
                })?]
            }
            None => installed(account),
        };
        let found: Vec<u32> = usable.iter().map(|binaries| binaries.major).collect();
        match (highest(usable, wanted), wanted) {
            (Some(binaries), _) => Ok(binaries),
            (None, Some(wanted)) => {
                Err(EmbeddedError::NoBinariesFor { cluster: cluster.to_path_buf(), wanted, found })
            }
            (None, None) => Err(EmbeddedError::NoBinaries),
        }
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// The major version, such as 15.
    pub fn major(&self) -> u32 {
        self.major
    }
}

/// The highest version, or the wanted one; of equals the one found first.
fn highest(usable: Vec<Binaries>, wanted: Option<u32>) -> Option<Binaries> {
    usable
        .into_iter()
        .filter(|binaries| wanted.is_none_or(|wanted| binaries.major == wanted))
        .rev()
        .max_by_key(|binaries| binaries.major)
}

fn installed(account: &Account) -> Vec<Binaries> {
    let mut directories: Vec<PathBuf> = Vec::new();
    for candidate in on_the_path().into_iter().chain(installations()) {
        // Links lead to the same programs by many names.
        if let Ok(directory) = candidate.canonicalize()
            && !directories.contains(&directory)
        {
            directories.push(directory);
        }
    }
    directories
        .iter()
        .filter_map(|directory| {
            inspect(directory, account)
                .inspect_err(|reason| {
                    tracing::debug!(directory = %directory.display(), reason, "no usable Postgres");
                })
                .ok()
        })
        .collect()
}

/// What the caller's `PATH` leads to: where `pg_config` points, and where `postgres` itself is.
fn on_the_path() -> Vec<PathBuf> {
    let configured = first_line(Command::new("pg_config").arg("--bindir")).map(PathBuf::from);
    let direct = first_line(Command::new("sh").args(["-c", "command -v postgres"]))
        .and_then(|program| Path::new(&program).canonicalize().ok())
        .and_then(|program| program.parent().map(Path::to_path_buf));
    [configured, direct].into_iter().flatten().collect()
}

fn installations() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = INSTALLATIONS
        .iter()
        .filter_map(|&(parent, prefix, programs)| {
            fs::read_dir(parent).ok().map(|entries| (entries, prefix, programs))
        })
        .flat_map(|(entries, prefix, programs)| {
            entries
                .flatten()
                .filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix))
                .map(move |entry| entry.path().join(programs))
        })
        .collect();
    found.sort();
    found
}

/// The programs of one directory, or why they will not do.
fn inspect(directory: &Path, account: &Account) -> Result<Binaries, String> {
    if let Some(missing) = PROGRAMS.iter().find(|name| !directory.join(name).is_file()) {
        return Err(format!("there is no `{missing}`"));
    }
    let answer =
        account.command(directory.join("postgres")).arg("--version").output().map_err(|error| {
            format!("`postgres` cannot be run as `{}`: {error}", account.name())
        })?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let Some(major) = major_version(&text).filter(|_| answer.status.success()) else {
        let complaint = String::from_utf8_lossy(&answer.stderr);
        return Err(format!("`postgres --version` does not work: {}", complaint.trim()));
    };
    if !SUPPORTED_VERSIONS.contains(&major) {
        return Err(format!("its version is {major}"));
    }
    Ok(Binaries { directory: directory.to_path_buf(), major })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; betas read `18beta1`.
fn major_version(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let end = version.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(version.len());
    version.get(..end)?.parse().ok()
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(directory: &str, major: u32) -> Binaries {
        Binaries { directory: directory.into(), major }
    }

    #[test]
    fn versions_are_read_from_every_vendor() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("postgres (PostgreSQL) 17.2 (Homebrew)"), Some(17));
        assert_eq!(major_version("postgres (EnterpriseDB) 17.2"), None);
    }

    #[test]
    fn a_new_cluster_gets_the_highest_version_and_an_old_one_its_own() {
        let usable = vec![at("/a", 15), at("/b", 17), at("/c", 17)];
        assert_eq!(highest(usable.clone(), None), Some(at("/b", 17)));
        assert_eq!(highest(usable.clone(), Some(15)), Some(at("/a", 15)));
        assert_eq!(highest(usable, Some(16)), None);
    }

    #[test]
    fn a_directory_without_the_programs_says_which_one_is_missing() {
        let account = Account::for_directory(Path::new("/nonexistent")).unwrap();
        let empty = Path::new("/usr/share");
        let error = Binaries::find(Some(empty), &account, None, Path::new("/x")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the server programs in /usr/share cannot be used: there is no `initdb`"
        );
    }
}
