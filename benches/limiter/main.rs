//! How much of Etsy's limit the limiter uses, and how often it is refused: the program's own way of calling, against a
//! strict server on this machine, in real time.
//!
//! `cargo bench --bench limiter` takes thirteen minutes; `-- 3` only measures the three processes. Each scenario is 600 calls from a fresh state, by one process with a
//! book in memory or by three processes that share a key through Postgres.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop where it stands"
)]
#![expect(clippy::print_stdout, reason = "the figures are what a benchmark is for")]

mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use etsy_odoo::db::embedded::{Embedded, EmbeddedSettings};
use etsy_odoo::db::{Warehouse, parse_url};
use etsy_odoo::domain::{Clock as _, SystemClock};
use etsy_odoo::etsy::{EtsyReader, EtsySettings};
use etsy_odoo::http::{Allowance, Ceilings, Limiter, Purpose};
use etsy_odoo::shop::CallBook;
use server::{CALLS, Network, PER_SECOND, Server};
use tokio::process::Command;
use tokio::task::JoinSet;

const IN_FLIGHT: usize = 16;
const PROCESSES: usize = 3;
const DATABASE: &str = "bench";

/// So many scenarios at once: they mostly sleep.
const AT_ONCE: usize = 2;

/// With this in its environment, the program is one of the processes: server, key, calls in flight, database.
const CHILD: &str = "BENCH_LIMITER_CHILD";

#[expect(clippy::disallowed_methods, reason = "a benchmark has no settings but these")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[derive(Debug, Clone, Copy)]
struct Scenario {
    number: usize,
    network: Network,
    processes: usize,
}

fn scenarios() -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for processes in [1, PROCESSES] {
        for jitter_ms in [0, 20, 100] {
            for answer_ms in [(0, 0), (100, 100), (300, 300), (0, 300)] {
                let network = Network { jitter_ms, answer_ms };
                scenarios.push(Scenario { number: scenarios.len(), network, processes });
            }
        }
    }
    scenarios
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        match environment(CHILD) {
            Some(orders) => as_child(&orders).await,
            None => measure().await,
        }
    });
}

async fn measure() {
    let directory = tempfile::Builder::new()
        .prefix("etsy-odoo-bench-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()
        .unwrap();
    let settings = EmbeddedSettings {
        data_dir: directory.path().join("cluster"),
        binaries: None,
        durable: true,
    };
    let embedded = Embedded::start(&settings).await.unwrap();
    embedded.create_database_if_missing(DATABASE).await.unwrap();
    let warehouse = Warehouse::connect(embedded.config(DATABASE)).await.unwrap();
    warehouse.migrate().await.unwrap();
    println!("processes | jitter ms | answer ms | % of the limit | 429s | load");
    let mut running = JoinSet::new();
    let url: Arc<str> = embedded.url(DATABASE).into();
    let wanted: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    for scenario in scenarios() {
        if !wanted.is_empty() && !wanted.contains(&scenario.processes) {
            continue;
        }
        if running.len() >= AT_ONCE {
            println!("{}", running.join_next().await.unwrap().unwrap());
        }
        running.spawn(one(scenario, Arc::clone(&url)));
    }
    for line in running.join_all().await {
        println!("{line}");
    }
    how_fast_is_the_book(&warehouse).await;
    drop(warehouse);
    embedded.stop().await.unwrap();
}

async fn one(scenario: Scenario, url: Arc<str>) -> String {
    let Scenario { number, network, processes } = scenario;
    let server = Server::start(network).await;
    // whoever calls ends with this
    let mut callers = JoinSet::new();
    if processes == 1 {
        let settings = settings(&server.url, "bench");
        let limiter = Limiter::in_memory(settings.ceilings(), SystemClock.now());
        callers.spawn(call_without_end(settings, limiter, IN_FLIGHT));
    } else {
        for _ in 0..processes {
            let in_flight = IN_FLIGHT.div_ceil(processes);
            let orders = format!("{} key-{number} {in_flight} {url}", server.url);
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.env(CHILD, orders).kill_on_drop(true);
            callers.spawn(async move { assert!(child.status().await.unwrap().success()) });
        }
    }
    while !server.seen.lock().unwrap().is_over() {
        assert!(callers.try_join_next().is_none(), "nobody may end before the last call");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let seen = server.seen.lock().unwrap();
    let ideal = Duration::from_secs(u64::try_from(CALLS / PER_SECOND).unwrap() - 1);
    // hundredths of a percent
    let share = ideal.as_micros() * 10_000 / seen.took().as_micros();
    let (shortest, longest) = network.answer_ms;
    format!(
        "{processes:9} | {:9} | {:>9} | {:11}.{:02} | {:4} | {}",
        network.jitter_ms,
        if shortest == longest { shortest.to_string() } else { format!("{shortest}-{longest}") },
        share / 100,
        share % 100,
        seen.refused,
        load()
    )
}

/// What else the machine does: a busy one sends late, which is jitter too.
fn load() -> String {
    let averages = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages.split(' ').next().unwrap_or_default().to_owned()
}

async fn as_child(orders: &str) {
    let mut words = orders.split(' ');
    let mut word = || words.next().unwrap();
    let settings = settings(word(), word());
    let in_flight = word().parse().unwrap();
    let warehouse = Warehouse::connect(parse_url("bench", word()).unwrap()).await.unwrap();
    let book = CallBook::new(warehouse, &settings.keystring);
    let limiter = Limiter::new(settings.ceilings(), Box::new(book));
    call_without_end(settings, limiter, in_flight).await;
}

fn settings(server: &str, key: &str) -> EtsySettings {
    EtsySettings {
        api_url: server.to_owned(),
        calls_per_second: u32::try_from(PER_SECOND).unwrap(),
        calls_per_day: 1_000_000,
        ..EtsySettings::new(key.into(), "secret".into())
    }
}

/// Calls as a run calls, so many at a time, until it is dropped.
async fn call_without_end(settings: EtsySettings, limiter: Limiter, in_flight: usize) {
    let reader =
        Arc::new(EtsyReader::new(&settings, Arc::new(limiter), Arc::new(SystemClock)).unwrap());
    let mut callers = JoinSet::new();
    for _ in 0..in_flight {
        let reader = Arc::clone(&reader);
        callers.spawn(async move {
            loop {
                reader.ping().await.unwrap();
            }
        });
    }
    callers.join_next().await.unwrap().unwrap();
}

/// How many calls a second the book could share out, if Etsy allowed them.
async fn how_fast_is_the_book(warehouse: &Warehouse) {
    let ceilings = Ceilings { per_second: 10, per_day: 100_000_000, reserved_for_orders: 0 };
    for askers in [1, 6] {
        let book = CallBook::new(warehouse.clone(), &format!("speed-{askers}").into());
        let limiter = Arc::new(Limiter::new(ceilings, Box::new(book)));
        let begun = Instant::now();
        let mut asking = JoinSet::new();
        for _ in 0..askers {
            let limiter = Arc::clone(&limiter);
            asking.spawn(async move {
                for _ in 0..2_000 / askers {
                    let slot = limiter.reserve(Purpose::Orders, Duration::MAX).await.unwrap();
                    limiter.learn(slot, &Allowance::default(), false).await.unwrap();
                }
            });
        }
        asking.join_all().await;
        let per_call = begun.elapsed() / (2_000 / askers * askers);
        println!("{askers} at once: {} us for a reservation and its lesson", per_call.as_micros());
    }
}
