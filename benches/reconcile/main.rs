//! How fast the two sides are staged and compared, beside what the same machine does with the bare parts: one run, one
//! server, ratios.
//!
//! `cargo bench` takes 10,000, 100,000 and, for the comparison, 1,000,000 receipts a side. `BENCH_SIZES=10000,50000` takes
//! others for both; a filter takes some: `cargo bench -- diff`.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop where it stands"
)]
#![expect(clippy::print_stdout, reason = "the figures are what a benchmark is for")]

mod alone;
mod diff;
mod figures;
mod money;
mod pages;
mod period;
mod quantities;
mod stage;
mod stand;

use criterion::Criterion;
use figures::Figures;
use stand::Stand;

/// Of the comparison, receipts a side.
const DIFF_SIZES: &[usize] = &[10_000, 100_000, 1_000_000];

/// Of the quantities, listings with three offerings each.
const QUANTITY_SIZES: &[usize] = &[5_000, 100_000];

/// Of staging, receipts.
const STAGE_SIZES: &[usize] = &[10_000, 100_000];

/// Of money, receipts; the payment account has seven entries for each.
const MONEY_SIZES: &[usize] = &[10_000, 100_000];

/// Of the report on days, receipts of a quarter.
const PERIOD_SIZES: &[usize] = &[10_000, 100_000];

/// Whether the filter of the command line, if there is one, takes what criterion does not measure.
fn takes(part: &str) -> bool {
    let mut filters =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    filters.peek().is_none() || filters.any(|filter| part.contains(filter.as_str()))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has no settings but these")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn sizes(usual: &[usize]) -> Vec<usize> {
    environment("BENCH_SIZES").map_or_else(
        || usual.to_vec(),
        |sizes| {
            sizes.split(',').map(|size| size.trim().replace('_', "").parse().unwrap()).collect()
        },
    )
}

fn main() {
    if let Some(url) = environment(alone::CHILD_URL) {
        alone::as_child(&url, &environment(alone::CHILD_PURPOSE).unwrap());
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut figures = Figures::default();
    let stand = Stand::start();
    println!("{}", stand.machine());
    for size in sizes(DIFF_SIZES) {
        diff::bench(&mut criterion, &stand, size, &mut figures);
    }
    for size in sizes(STAGE_SIZES) {
        stage::bench(&mut criterion, &stand, size, &mut figures);
    }
    for size in sizes(QUANTITY_SIZES) {
        quantities::bench(&mut criterion, &stand, size, &mut figures);
    }
    if takes("money") {
        for size in sizes(MONEY_SIZES) {
            money::bench(&stand, size, &mut figures);
        }
    }
    if takes("period") {
        for size in sizes(PERIOD_SIZES) {
            period::bench(&stand, size, &mut figures);
        }
    }
    stand.stop();
    criterion.final_summary();
    figures.print();
}
