//! One Postgres per test process, which ends with it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use etsy_odoo::db::embedded::{Account, Binaries, SUPERUSER};
use tokio_postgres::{Client, Config, NoTls};

use super::finish;

/// Runs the server until our end of the pipe on its standard input is closed, which the system does however this
/// process ends; then stops it at once and removes all traces.
///
/// Arguments: the directory, the program, then the program's own arguments.
const KEEPER: &str = r#"
directory=$1
shift
"$@" </dev/null >"$directory/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
rm -rf "$directory"
"#;

/// Speed before safety: nothing here outlives the test.
const SETTINGS: [&str; 9] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
    "max_connections=200",
    "autovacuum=off",
    "jit=off",
    "timezone=UTC",
];

const PATIENCE: Duration = Duration::from_mins(1);

/// The Postgres of this test process.
#[derive(Debug)]
pub(crate) struct TestCluster {
    directory: PathBuf,
    /// Holds the pipe that keeps the server alive.
    _keeper: Child,
}

impl TestCluster {
    /// The cluster, started at the first call.
    pub(crate) fn get() -> &'static Self {
        static CLUSTER: OnceLock<TestCluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::start)
    }

    /// How to connect to one of its databases.
    pub(crate) fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config.host_path(&self.directory).user(SUPERUSER).dbname(database);
        config
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        let host = self.directory.display().to_string().replace('/', "%2F");
        format!("postgres://{SUPERUSER}@{host}/{database}")
    }

    /// Runs statements on the cluster as a whole.
    pub(crate) async fn execute(&self, statement: &str) {
        let client = connect(&self.config("postgres")).await;
        client.batch_execute(statement).await.unwrap();
    }

    /// Lets a role in by its password alone; all others come in as they did.
    pub(crate) async fn demand_password_of(&self, role: &str) {
        let rules = format!("local all {role} scram-sha-256\nlocal all all trust\n");
        let file = self.directory.join("data/pg_hba.conf");
        fs::write(&file, rules).unwrap();
        self.execute("select pg_reload_conf()").await;
    }

    fn start() -> Self {
        let account = Account::for_directory(Path::new("/nonexistent")).unwrap();
        let binaries = Binaries::find(None, &account, None, Path::new("the tests")).unwrap();
        // Short, for the socket is in it.
        let directory =
            tempfile::Builder::new().prefix("etsy-odoo-it-").tempdir_in("/tmp").unwrap().keep();
        fs::set_permissions(&directory, Permissions::from_mode(0o700)).unwrap();
        account.own(&directory).unwrap();
        let data = directory.join("data");
        let created = account
            .command(binaries.program("initdb"))
            .args(["--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"])
            .args(["--username", SUPERUSER, "--pgdata"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
        let keeper = account
            .command("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&directory)
            .arg(binaries.program("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&directory)
            .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for us; the server then follows by the pipe.
            .process_group(0)
            .spawn()
            .unwrap();
        let cluster = Self { directory, _keeper: keeper };
        cluster.wait_until_ready();
        cluster
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        let config = self.config("postgres");
        while let Err(error) = finish(|| config.connect(NoTls)).map(drop) {
            let log = || {
                File::open(self.directory.join("log"))
                    .and_then(std::io::read_to_string)
                    .unwrap_or_default()
            };
            assert!(begun.elapsed() < PATIENCE, "no test cluster: {error:?}\n{}", log());
            sleep(Duration::from_millis(20));
        }
    }
}

/// Opens a connection that lives as long as the client.
pub(crate) async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "the connection ends with its client")]
    tokio::spawn(async move {
        // A test drops its database with the connections to it still open.
        connection.await.ok();
    });
    client
}
