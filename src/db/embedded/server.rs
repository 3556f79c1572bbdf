//! Creates, starts, probes and stops one server.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls};

use super::layout::{Layout, PORT};
use super::{Account, Binaries, Complaint, EmbeddedError, SUPERUSER, blocking};

/// How long a start may take: the server may have to replay what a crash interrupted.
const START_SECONDS: u64 = 120;

/// How long a stop may take: it waits for a last checkpoint.
const STOP_SECONDS: u64 = 60;

/// How long a server that was killed may take to vanish: its children have to notice, and the system has to
/// forget the process.
const PREDECESSOR: Duration = Duration::from_secs(10);

/// How often we look whether the server is ready.
const PAUSE: Duration = Duration::from_millis(50);

/// From this size on, the log of earlier starts is set aside.
const LOG_BYTES: u64 = 1_000_000;

/// How much of the log an error shows.
const TAIL_LINES: usize = 12;

/// How the server differs from its defaults, at every start. No value may need quoting: `pg_ctl` hands them to a
/// shell.
const SETTINGS: [&str; 15] = [
    // Reached by the socket only.
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=40",
    "timezone=UTC",
    "log_timezone=UTC",
    // Errors of statements are ours to report; the server's own log would repeat buyers' data in them.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    // One batch job beside whatever else this machine does.
    "shared_buffers=128MB",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    // Disks without a moving arm; compiling costs more than our joins gain.
    "random_page_cost=1.1",
    "jit=off",
    "autovacuum=on",
    "logging_collector=off",
    "ssl=off",
];

/// For data that can be made again.
const NOT_DURABLE: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// The journal must survive a power cut.
const DURABLE: [&str; 3] = ["fsync=on", "synchronous_commit=on", "full_page_writes=on"];

/// What a first look at the socket shows.
enum Presence {
    Ready,
    /// It starts, recovers or stops.
    Changing,
    Absent,
}

/// One cluster and how to run it.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) layout: Layout,
    pub(super) account: Account,
    pub(super) binaries: Binaries,
    pub(super) durable: bool,
}

impl Server {
    pub(super) fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config
            .host_path(self.layout.socket_dir())
            .port(PORT)
            .user(SUPERUSER)
            .dbname(database)
            .application_name("etsy-odoo");
        config
    }

    /// Creates the cluster beside its place and moves it there whole. Call it with the start lock held.
    pub(super) fn create_cluster(&self) -> Result<(), EmbeddedError> {
        let unfinished = self.layout.unfinished_cluster();
        tracing::info!(
            path = %self.layout.cluster().display(),
            version = self.binaries.major(),
            account = self.account.name(),
            "creating the embedded Postgres"
        );
        let mut initdb = self.account.command(self.binaries.program("initdb"));
        initdb
            .args(["--auth=trust", "--no-locale", "--encoding=UTF8", "--no-instructions"])
            .args(["--username", SUPERUSER])
            .arg("--pgdata")
            .arg(&unfinished);
        if !self.durable {
            initdb.arg("--no-sync");
        }
        let output = run("initdb", &mut initdb)?;
        if !output.status.success() {
            // What initdb leaves on failure is swept by the next start, if its own clean-up failed too.
            return Err(EmbeddedError::Create {
                path: self.layout.cluster(),
                complaint: Complaint::new(words(&output)),
            });
        }
        let cluster = self.layout.cluster();
        fs::rename(&unfinished, &cluster)
            .map_err(|source| EmbeddedError::access("create", &cluster, source))?;
        sync(&self.layout.server_home())
    }

    /// Starts the server unless it runs, and waits until it answers. Call it with the start lock held.
    pub(super) async fn bring_up(&self) -> Result<(), EmbeddedError> {
        let begun = Instant::now();
        loop {
            let waited = begun.elapsed();
            let patience_left = waited < Duration::from_secs(START_SECONDS);
            match self.presence().await? {
                Presence::Ready => return Ok(()),
                Presence::Changing if patience_left => {}
                Presence::Changing => {
                    return Err(EmbeddedError::NotReady { seconds: START_SECONDS });
                }
                Presence::Absent => {
                    let server = self.clone();
                    match blocking(move || server.start()).await {
                        Err(EmbeddedError::Start { complaint, .. })
                            if complaint.is_about_a_predecessor() && waited < PREDECESSOR => {}
                        done => done?,
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Stops the server: sessions end, transactions are rolled back. A server that does not run is no error.
    pub(super) fn stop(&self) -> Result<(), EmbeddedError> {
        if !self.is_listening() {
            return Ok(());
        }
        tracing::debug!("stopping the embedded Postgres");
        let mut pg_ctl = self.pg_ctl();
        pg_ctl.args(["stop", "--mode=fast", "--wait", "--silent", "--timeout"]);
        pg_ctl.arg(STOP_SECONDS.to_string());
        let output = run("pg_ctl", &mut pg_ctl)?;
        if output.status.success() || !self.is_listening() {
            self.layout.remove_short_socket_dir();
            return Ok(());
        }
        Err(EmbeddedError::Stop { complaint: Complaint::new(words(&output)) })
    }

    fn start(&self) -> Result<(), EmbeddedError> {
        self.set_log_aside()?;
        let log = self.layout.log_file();
        let log_begins = fs::metadata(&log).map_or(0, |found| found.len());
        tracing::debug!(account = self.account.name(), "starting the embedded Postgres");
        let mut pg_ctl = self.pg_ctl();
        pg_ctl
            .args(["start", "--wait", "--silent", "--timeout", &START_SECONDS.to_string()])
            // Relative, as pg_ctl pastes the name into a command of a shell.
            .args(["--log", "postgres.log"])
            .arg("--options")
            .arg(self.options())
            .current_dir(self.layout.server_home());
        let output = run("pg_ctl", &mut pg_ctl)?;
        if output.status.success() {
            return Ok(());
        }
        let mut said = tail(&log, log_begins);
        if said.is_empty() {
            said = words(&output);
        }
        Err(EmbeddedError::Start { log, complaint: Complaint::new(said) })
    }

    fn pg_ctl(&self) -> std::process::Command {
        let mut command = self.account.command(self.binaries.program("pg_ctl"));
        // Not `--pgdata`, which pg_ctl would paste into a command of a shell.
        command.env("PGDATA", self.layout.cluster());
        command
    }

    /// The server's options as one line for a shell. Nothing in it needs quoting: see `SETTINGS` and
    /// `Layout::socket_dir`.
    fn options(&self) -> String {
        let socket_dir = self.layout.socket_dir();
        let mut options =
            vec![format!("-c port={PORT} -c unix_socket_directories={}", socket_dir.display())];
        let care = if self.durable { DURABLE } else { NOT_DURABLE };
        options.extend(SETTINGS.iter().chain(&care).map(|setting| format!("-c {setting}")));
        options.join(" ")
    }

    fn is_listening(&self) -> bool {
        UnixStream::connect(self.layout.socket()).is_ok()
    }

    async fn presence(&self) -> Result<Presence, EmbeddedError> {
        let Err(error) = self.config("postgres").connect(NoTls).await else {
            return Ok(Presence::Ready);
        };
        if let Some(refusal) = error.as_db_error() {
            return match *refusal.code() {
                SqlState::CANNOT_CONNECT_NOW => Ok(Presence::Changing),
                // It is there, and only full.
                SqlState::TOO_MANY_CONNECTIONS => Ok(Presence::Ready),
                _ => Err(EmbeddedError::Connect { source: error }),
            };
        }
        match io_kind(&error) {
            Some(io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
                Ok(Presence::Absent)
            }
            // The server went away while it greeted us.
            Some(
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof,
            ) => Ok(Presence::Changing),
            Some(_) | None if error.is_closed() => Ok(Presence::Changing),
            Some(_) | None => Err(EmbeddedError::Connect { source: error }),
        }
    }

    fn set_log_aside(&self) -> Result<(), EmbeddedError> {
        let log = self.layout.log_file();
        if fs::metadata(&log).is_ok_and(|found| found.len() > LOG_BYTES) {
            fs::rename(&log, self.layout.old_log_file())
                .map_err(|source| EmbeddedError::access("set aside", &log, source))?;
        }
        Ok(())
    }
}

fn run(
    program: &'static str,
    command: &mut std::process::Command,
) -> Result<Output, EmbeddedError> {
    command.output().map_err(|source| EmbeddedError::Spawn { program, source })
}

/// What a program complained of; its progress where it did not complain.
fn words(output: &Output) -> String {
    let said = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
    last_lines(&String::from_utf8_lossy(said))
}

/// The last lines of the log that were written after `begin`; empty where it cannot be read.
fn tail(log: &Path, begin: u64) -> String {
    // Root must not be led to another file by a link in the server's directory.
    if !fs::symlink_metadata(log).is_ok_and(|found| found.is_file()) {
        return String::new();
    }
    let mut bytes = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        file.seek(SeekFrom::Start(begin))?;
        file.take(LOG_BYTES).read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => last_lines(&String::from_utf8_lossy(&bytes)),
        Err(_) => String::new(),
    }
}

fn last_lines(text: &str) -> String {
    let kept: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let first = kept.len().saturating_sub(TAIL_LINES);
    kept.get(first..).unwrap_or_default().join("\n")
}

fn sync(directory: &Path) -> Result<(), EmbeddedError> {
    File::open(directory)
        .and_then(|opened| opened.sync_all())
        .map_err(|source| EmbeddedError::access("write", directory, source))
}

/// The kind of the I/O error somewhere below an error of the driver.
fn io_kind(error: &tokio_postgres::Error) -> Option<io::ErrorKind> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(found) = cause.downcast_ref::<io::Error>() {
            return Some(found.kind());
        }
        source = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_setting_needs_quoting_in_a_shell() {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_=.".contains(&byte);
        for setting in SETTINGS.iter().chain(&DURABLE).chain(&NOT_DURABLE) {
            assert!(setting.bytes().all(is_plain), "{setting}");
        }
    }

    #[test]
    fn a_tail_begins_where_this_start_began() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        fs::write(&log, "old\nnew one\n\nnew two\n").unwrap();
        assert_eq!(tail(&log, 4), "new one\nnew two");
        assert_eq!(tail(&directory.path().join("none"), 0), "");
    }
}
