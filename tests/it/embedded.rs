//! The embedded cluster, with real servers in directories of their own.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use etsy_odoo::db::embedded::{Embedded, EmbeddedError, EmbeddedSettings};
use etsy_odoo::domain::Trouble;
use tempfile::TempDir;
use tokio_postgres::Client;

use crate::support::{TestDatabase, connect};

/// Tells the other process of a test which cluster to hold.
const HELD_DIRECTORY: &str = "ETSY_ODOO_TEST_HELD_DIRECTORY";

/// A place for a cluster, which its server's account can reach.
struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o711)).unwrap();
        Self { root }
    }

    fn settings(&self) -> EmbeddedSettings {
        settings(self.root.path().join("data"))
    }

    fn cluster(&self) -> PathBuf {
        self.settings().data_dir.join("postgres/data")
    }

    /// The process of the server; `None` where none has a claim on the cluster.
    fn postmaster(&self) -> Option<String> {
        let file = fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?;
        file.lines().next().map(str::to_owned)
    }
}

fn settings(data_dir: PathBuf) -> EmbeddedSettings {
    EmbeddedSettings { data_dir, binaries: None, durable: false }
}

async fn open(embedded: &Embedded, database: &str) -> Client {
    connect(&embedded.config(database)).await
}

async fn count_of_notes(client: &Client) -> i64 {
    client.query_one("select count(*) from note", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn what_was_written_is_there_after_a_stop() {
    let place = Place::new();
    let embedded = Embedded::start(&place.settings()).await.unwrap();
    embedded.create_database_if_missing("shop").await.unwrap();
    let client = open(&embedded, "shop").await;
    client.batch_execute("create table note (); insert into note default values").await.unwrap();
    embedded.stop().await.unwrap();
    assert_eq!(place.postmaster(), None);

    let embedded = Embedded::start(&place.settings()).await.unwrap();
    embedded.create_database_if_missing("shop").await.unwrap();
    assert_eq!(count_of_notes(&open(&embedded, "shop").await).await, 1);

    embedded.recreate_database("shop").await.unwrap();
    let tables = "select count(*) from pg_tables where tablename = 'note'";
    let client = open(&embedded, "shop").await;
    assert_eq!(client.query_one(tables, &[]).await.unwrap().get::<_, i64>(0), 0);
    embedded.stop().await.unwrap();
}

#[tokio::test]
async fn a_durable_cluster_waits_for_the_disk_and_the_url_leads_to_it() {
    let place = Place::new();
    let settings = EmbeddedSettings { durable: true, ..place.settings() };
    let embedded = Embedded::start(&settings).await.unwrap();
    let client = connect(&embedded.url("postgres").parse().unwrap()).await;
    for (name, value) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("timezone", "UTC"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
    ] {
        let row = client.query_one("select current_setting($1)", &[&name]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), value, "{name}");
    }
    embedded.stop().await.unwrap();
}

#[tokio::test]
async fn the_last_user_stops_the_server() {
    let place = Place::new();
    let first = Embedded::start(&place.settings()).await.unwrap();
    let server = place.postmaster();
    let second = Embedded::start(&place.settings()).await.unwrap();
    assert_eq!(place.postmaster(), server);

    first.stop().await.unwrap();
    open(&second, "postgres").await.batch_execute("select 1").await.unwrap();
    // Not told to stop, only dropped.
    drop(second);
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn starts_at_the_same_time_make_one_cluster() {
    let place = Place::new();
    let settings = place.settings();
    let (first, second, third) = tokio::join!(
        Embedded::start(&settings),
        Embedded::start(&settings),
        Embedded::start(&settings)
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    third.unwrap().stop().await.unwrap();
    first.create_database_if_missing("shop").await.unwrap();
    open(&second, "shop").await.batch_execute("select 1").await.unwrap();
    first.stop().await.unwrap();
    second.stop().await.unwrap();
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn a_server_that_was_killed_is_started_again_and_keeps_what_was_committed() {
    let place = Place::new();
    let settings = EmbeddedSettings { durable: true, ..place.settings() };
    let embedded = Embedded::start(&settings).await.unwrap();
    let client = open(&embedded, "postgres").await;
    client.batch_execute("create table note (); insert into note default values").await.unwrap();
    let killed = place.postmaster().unwrap();
    kill(&killed);

    let again = Embedded::start(&settings).await.unwrap();
    assert_ne!(place.postmaster().unwrap(), killed);
    assert_eq!(count_of_notes(&open(&again, "postgres").await).await, 1);
    again.stop().await.unwrap();
    embedded.stop().await.unwrap();
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn a_server_whose_user_was_killed_is_found_and_stopped() {
    let place = Place::new();
    let mut user = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "embedded::holds_a_cluster_until_killed", "--ignored", "--nocapture"])
        .env(HELD_DIRECTORY, &place.settings().data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(user.stdout.take().unwrap());
    assert!(said.lines().map_while(Result::ok).any(|line| line.contains("holding")));
    let server = place.postmaster().unwrap();
    user.kill().unwrap();
    user.wait().unwrap();

    let embedded = Embedded::start(&place.settings()).await.unwrap();
    assert_eq!(place.postmaster().unwrap(), server);
    embedded.stop().await.unwrap();
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
#[ignore = "the other process of a_server_whose_user_was_killed_is_found_and_stopped"]
async fn holds_a_cluster_until_killed() {
    let Some(data_dir) = std::env::var_os(HELD_DIRECTORY) else { return };
    let embedded = Embedded::start(&settings(data_dir.into())).await.unwrap();
    println!("holding");
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    end.await.unwrap().unwrap();
    embedded.stop().await.unwrap();
}

#[tokio::test]
async fn a_cluster_of_another_version_needs_its_own_programs() {
    let place = Place::new();
    Embedded::start(&place.settings()).await.unwrap().stop().await.unwrap();
    fs::write(place.cluster().join("PG_VERSION"), "13\n").unwrap();
    let error = Embedded::start(&place.settings()).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NoBinariesFor { wanted: 13, .. }), "{error}");
    assert_eq!(error.advice().trouble, Trouble::NeedsPerson);
    assert!(error.advice().hint.unwrap().contains("13"));
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_names_itself_and_the_setting() {
    let place = Place::new();
    let file = place.root.path().join("file");
    fs::write(&file, "").unwrap();
    for data_dir in [file.clone(), file.join("below")] {
        let error = Embedded::start(&settings(data_dir)).await.unwrap_err();
        let advice = error.advice();
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
        assert_eq!(advice.trouble, Trouble::NeedsPerson, "{error}");
        assert!(advice.hint.unwrap().contains("[database].data_dir"), "{error}");
    }
}

#[tokio::test]
async fn what_a_crashed_first_start_left_is_swept() {
    let place = Place::new();
    let home = place.settings().data_dir.join("postgres");
    let half_made = home.join("data.new.1");
    fs::create_dir_all(half_made.join("base")).unwrap();
    fs::set_permissions(place.settings().data_dir, Permissions::from_mode(0o711)).unwrap();
    fs::write(half_made.join("base/1"), "half a file").unwrap();

    let embedded = Embedded::start(&place.settings()).await.unwrap();
    let mut left: Vec<_> =
        fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["data", "postgres.log", "socket"]);
    assert_eq!(fs::metadata(&home).unwrap().mode() & 0o777, 0o700);
    embedded.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_works() {
    let place = Place::new();
    let data_dir = place.root.path().join("long-".repeat(30)).join("it's \"$HOME\" `x`");
    let embedded = Embedded::start(&settings(data_dir)).await.unwrap();
    let socket_dir = connect(&embedded.config("postgres"))
        .await
        .query_one("select current_setting('unix_socket_directories')", &[])
        .await
        .unwrap()
        .get::<_, String>(0);
    let found = fs::symlink_metadata(&socket_dir).unwrap();
    assert!(found.is_dir());
    assert_eq!(found.mode() & 0o777, 0o700);
    embedded.stop().await.unwrap();
    assert!(!Path::new(&socket_dir).exists());
}

#[tokio::test]
async fn a_server_that_does_not_start_shows_the_end_of_its_log() {
    let place = Place::new();
    Embedded::start(&place.settings()).await.unwrap().stop().await.unwrap();
    fs::remove_file(place.cluster().join("global/pg_control")).unwrap();
    let error = Embedded::start(&place.settings()).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::Start { .. }), "{error}");
    let said = std::error::Error::source(&error).unwrap().to_string();
    assert!(said.contains("pg_control") || said.contains("could not find the database"), "{said}");
}

#[tokio::test]
async fn a_name_that_is_not_plain_is_no_database() {
    let place = Place::new();
    let embedded = Embedded::start(&place.settings()).await.unwrap();
    let error = embedded.recreate_database("x\"; drop table y; --").await.unwrap_err();
    assert!(matches!(error, EmbeddedError::DatabaseName { .. }), "{error}");
    embedded.stop().await.unwrap();
}

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let first = TestDatabase::new().await;
    let second = TestDatabase::new().await;
    let empty = TestDatabase::empty().await;
    assert_ne!(first.url(), second.url());
    let schemas = "select count(*) from pg_namespace where nspname in ('shop', 'journal')";
    for (database, expected) in [(&first, 2_i64), (&second, 2), (&empty, 0)] {
        let row = database.client().await.query_one(schemas, &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), expected);
    }
}

fn kill(process: &str) {
    assert!(Command::new("kill").args(["-9", process]).status().unwrap().success());
    // The system's own bookkeeping: gone, or a zombie that nobody has waited for yet.
    let status = Path::new("/proc").join(process).join("status");
    while fs::read_to_string(&status).is_ok_and(|text| !text.contains("State:\tZ")) {
        std::thread::yield_now();
    }
}
