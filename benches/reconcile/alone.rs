//! What one thread of one process takes for its part of staging, in time and in CPU seconds of its own: the server's are not
//! in them.

use std::io::Read as _;
use std::time::{Duration, Instant};

use bytes::Bytes;
use etsy_odoo::db::{Warehouse, parse_url};
use etsy_odoo::domain::RunId;
use etsy_odoo::etsy::wire::{Page, Receipt};
use etsy_odoo::stage::{rehearse, stage_pages};
use flate2::read::GzDecoder;
use futures_util::{SinkExt as _, TryStreamExt as _};
use tokio_postgres::{Client, NoTls};

use crate::figures::Figures;
use crate::stage::child;
use crate::stand::{SHOP, Stand};
use crate::{period, quantities};

/// Names the database to a process that is started to be measured, and what it is to do.
pub(crate) const CHILD_URL: &str = "BENCH_STAGE_IN";
pub(crate) const CHILD_PURPOSE: &str = "BENCH_STAGE_WHAT";

const ROUNDS: usize = 7;

const PURE: &str = "pure staging: gunzip, parse, check every field, COPY; no merge";
const GUNZIP: &str = "gunzip alone";
const PARSE: &str = "gunzip and parse alone";
const COPY: &str = "COPY of the same rows alone";
const TOGETHER: &str = "parse and COPY alone, one after the other";

/// Measures in a process of its own what is staged already, and takes its figures over.
pub(crate) fn measure(stand: &Stand, size: usize, figures: &mut Figures) {
    stand.prepare("truncate staging.progress");
    for line in child(stand, "alone").lines() {
        let mut parts = line.splitn(3, ' ');
        let mut next = || parts.next().unwrap();
        let wall = Duration::from_micros(next().parse().unwrap());
        let cpu = Duration::from_micros(next().parse().unwrap());
        let name = next();
        figures.took(&format!("{name} (time of one thread)"), size, wall);
        figures.took(&format!("{name} (CPU of our process)"), size, cpu);
    }
    for of in ["time of one thread", "CPU of our process"] {
        figures.ratio(&format!("{PURE} ({of})"), &format!("{TOGETHER} ({of})"), size);
    }
}

/// What the child does.
pub(crate) fn as_child(url: &str, purpose: &str) {
    match purpose {
        "memory" => stage_once(url),
        "quantities" => quantities::peak(url),
        "period" | "close" => period::peak(url, purpose),
        _ => return each(url),
    }
    say_peak();
}

/// Stages.
fn stage_once(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let warehouse = Warehouse::connect(parse_url(CHILD_URL, url).unwrap()).await.unwrap();
        stage_pages(&warehouse, RunId(i64::MAX), &[SHOP]).await.unwrap();
    });
}

/// How much memory this process has held at most.
fn say_peak() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("{}", peak.trim());
}

/// Each part once a round, one after the other.
fn each(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let config = parse_url(CHILD_URL, url).unwrap();
        let warehouse = Warehouse::connect(config.clone()).await.unwrap();
        let (client, connection) = config.connect(NoTls).await.unwrap();
        let work = async {
            let bodies = client
                .query("select body from snapshot.etsy_page order by page_id", &[])
                .await
                .unwrap()
                .iter()
                .map(|page| page.get("body"))
                .collect::<Vec<Vec<u8>>>();
            let tables = staged_rows(&client).await;
            for _ in 0..ROUNDS {
                let begun = Moment::now();
                let counts = rehearse(&warehouse, RunId(i64::MAX), &[SHOP]).await.unwrap();
                begun.say(PURE);
                assert!(counts.iter().map(|count| count.staged).sum::<i64>() > 0);
                let begun = Moment::now();
                for body in &bodies {
                    drop(unzipped(body));
                }
                begun.say(GUNZIP);
                let together = Moment::now();
                let begun = Moment::now();
                let read: usize = bodies.iter().map(|body| parse(body)).sum();
                begun.say(PARSE);
                assert!(read > 0);
                let begun = Moment::now();
                for (table, rows) in &tables {
                    copy(&client, table, rows).await;
                }
                begun.say(COPY);
                together.say(TOGETHER);
            }
        };
        tokio::select! {
            () = work => {}
            ended = connection => ended.unwrap(),
        }
    });
}

fn unzipped(body: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(body).read_to_end(&mut text).unwrap();
    text
}

/// A page unpacked and every receipt read into its wire type, and dropped.
fn parse(body: &[u8]) -> usize {
    let text = String::from_utf8(unzipped(body)).unwrap();
    Page::rows::<Receipt>(&text).unwrap().len()
}

/// The rows that staging made, as they go over the wire.
async fn staged_rows(client: &Client) -> Vec<(&'static str, Vec<Bytes>)> {
    let mut tables = Vec::new();
    for table in ["etsy_receipt", "etsy_transaction"] {
        let outward = format!("copy staging.{table} to stdout (format binary)");
        let rows: Vec<Bytes> =
            client.copy_out(&outward).await.unwrap().try_collect().await.unwrap();
        // as large pieces as staging sends
        tables.push((table, rows.chunks(100).map(|rows| rows.concat().into()).collect()));
    }
    tables
}

/// Sends rows into a table without indexes.
async fn copy(client: &Client, table: &str, rows: &[Bytes]) {
    let target = format!("create temporary table copied (like staging.{table})");
    client.batch_execute(&target).await.unwrap();
    let sink = client.copy_in("copy copied from stdin (format binary)").await.unwrap();
    let mut sink = std::pin::pin!(sink);
    for rows in rows {
        sink.feed(rows.clone()).await.unwrap();
    }
    sink.finish().await.unwrap();
    client.batch_execute("drop table copied").await.unwrap();
}

/// A moment by the clock and by the CPU time of this process.
struct Moment(Instant, Duration);

impl Moment {
    fn now() -> Self {
        Self(Instant::now(), cpu_time())
    }

    fn say(self, name: &str) {
        let (wall, cpu) = (self.0.elapsed(), cpu_time().saturating_sub(self.1));
        println!("{} {} {name}", wall.as_micros(), cpu.as_micros());
    }
}

/// User and system time of all threads of this process, in steps of ten milliseconds.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // behind the name of the program, which may hold spaces
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks: u64 =
        fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
