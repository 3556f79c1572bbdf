//! Orders a second into a real Odoo 18: ours, beside the script that makes one order at a time, and beside the fastest
//! bulk calls that do nothing else.
//!
//! `cargo bench --bench odoo` takes half an hour, and needs the variables that the README names under *Tests*: the Odoo
//! is filled with some ten thousand orders, so it should be a copy to throw away. All ways are measured one after the
//! other in every round, each time in another order, so that a slow moment of the machine meets all of them.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop where it stands"
)]
#![expect(clippy::print_stdout, reason = "the figures are what a benchmark is for")]

mod effort;
mod ours;
mod scripts;
mod server;
mod table;

use std::time::Duration;

use effort::Effort;
use etsy_odoo::apply::ApplyOptions;
use etsy_odoo::db::Warehouse;
use etsy_odoo::db::embedded::{Embedded, EmbeddedSettings};
use ours::Ours;
use scripts::Way;
use server::{Goods, Server};
use table::Measured;

/// How many orders a way makes in a round; the script that makes one at a time makes fewer.
const ORDERS: usize = 200;
const ORDERS_ONE_BY_ONE: usize = 30;

const DATABASE: &str = "bench";

#[expect(clippy::disallowed_methods, reason = "a benchmark has no settings but these")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where the real Odoo is.
struct Place {
    url: String,
    database: String,
    read_url: String,
}

impl Place {
    fn find() -> Result<Self, String> {
        let mut missing = Vec::new();
        let mut get = |name: &'static str| {
            variable(name).unwrap_or_else(|| {
                missing.push(name);
                String::new()
            })
        };
        let found = Self {
            url: get("ETSY_ODOO_TEST_ODOO_URL"),
            database: get("ETSY_ODOO_TEST_ODOO_DATABASE"),
            read_url: get("ETSY_ODOO_TEST_ODOO_READ_URL"),
        };
        if missing.is_empty() { Ok(found) } else { Err(missing.join(", ")) }
    }
}

/// Which orders are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Load {
    goods: Goods,
    confirm: bool,
}

fn main() {
    match Place::find() {
        Err(missing) => println!(
            "the bench `odoo` is left out: it needs a real Odoo 18, and {missing} (see README.md, Tests)"
        ),
        Ok(place) => tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
            .block_on(measure(place)),
    }
}

async fn measure(place: Place) {
    let directory = tempfile::Builder::new()
        .prefix("etsy-odoo-bench-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()
        .unwrap();
    let data_dir = directory.path().join("cluster");
    // the journal is as durable as it is in use
    let embedded = EmbeddedSettings { data_dir, binaries: None, durable: true };
    let embedded = Embedded::start(&embedded).await.unwrap();
    embedded.create_database_if_missing(DATABASE).await.unwrap();
    let warehouse = Warehouse::connect(embedded.config(DATABASE)).await.unwrap();
    warehouse.migrate().await.unwrap();

    let server = Server::new(&place).await;
    let mut ours = Ours::new(&place, warehouse).await;
    let rounds = variable("BENCH_ROUNDS").and_then(|text| text.parse().ok()).unwrap_or(5);
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for (name, load) in [
        ("confirmed", Load { goods: Goods::SoldApart, confirm: true }),
        ("confirmed-any", Load { goods: Goods::AnyTwo, confirm: true }),
        ("draft", Load { goods: Goods::AnyTwo, confirm: false }),
    ] {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            println!("\n## {name}\n");
            table::print(&run(&server, &mut ours, load, rounds).await, rounds);
        }
    }
    drop(ours);
    embedded.stop().await.unwrap();
}

async fn run(server: &Server, ours: &mut Ours, load: Load, rounds: usize) -> Vec<Measured> {
    let many = variable("BENCH_ORDERS").and_then(|text| text.parse().ok()).unwrap_or(ORDERS);
    let effort = Effort::of(&variable("BENCH_CPU_OF").unwrap_or_default());
    let batches = variable("BENCH_BATCHES").unwrap_or_else(|| "50,100,200".to_owned());
    let batches: Vec<usize> = batches.split(',').filter_map(|size| size.parse().ok()).collect();
    let mut ways = scripts::ways(&batches);
    let usual = ApplyOptions::default().target;
    let targets = variable("BENCH_TARGETS").unwrap_or_else(|| usual.as_secs().to_string());
    for target in targets.split(',').filter_map(|text| text.parse().ok()).map(Duration::from_secs) {
        ways.extend([1, 2].map(|connections| Way::Ours { connections, target }));
    }
    if let Some(wanted) = variable("BENCH_WAYS") {
        let is_wanted = |way: &Way| wanted.split(',').any(|word| way.to_string().contains(word));
        ways.retain(is_wanted);
    }
    let mut measured: Vec<Measured> = ways.iter().map(|way| Measured::new(*way)).collect();
    for round in 0..rounds {
        for turn in 0..measured.len() {
            let place = (turn + round * 3) % ways.len();
            let Some(way) = measured.get_mut(place) else { continue };
            // both workers of Odoo have their caches, and what was written is on its way to the disk
            server.warm_up().await;
            tokio::time::sleep(Duration::from_millis(500)).await;
            let orders = if way.way == Way::OneByOne { ORDERS_ONE_BY_ONE } else { many };
            let spent = effort.spent();
            let took = match way.way {
                Way::Ours { connections, target } => {
                    ours.book(load, server, orders, connections, target).await
                }
                Way::OneByOne | Way::Create { .. } | Way::Load { .. } => {
                    scripts::book(server, load, way.way, orders).await
                }
            };
            way.add(orders, took, effort.spent().saturating_sub(spent));
            println!("round {}: {way}, load {}", round + 1, table::busy());
        }
    }
    measured
}
