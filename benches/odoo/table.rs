//! The figures of the rounds.

use std::fmt;
use std::time::Duration;

use super::scripts::Way;

/// What one way came to, round by round.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) way: Way,
    /// Microseconds an order took.
    each: Vec<u128>,
    /// Microseconds of processor time that Odoo and its database spent on an order.
    effort: Vec<u128>,
}

impl Measured {
    pub(crate) fn new(way: Way) -> Self {
        Self { way, each: Vec::new(), effort: Vec::new() }
    }

    pub(crate) fn add(&mut self, orders: usize, took: Duration, effort: Duration) {
        let orders = u128::try_from(orders).unwrap();
        self.each.push(took.as_micros() / orders);
        self.effort.push(effort.as_micros() / orders);
    }

    fn median(&self) -> u128 {
        middle(self.each.clone())
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.each.last().copied().unwrap_or(1);
        let effort = self.effort.last().copied().unwrap_or(0);
        let (rate, effort) = (tenths(per_second(last)), tenths(effort / 100));
        write!(formatter, "{}: {rate} /s, {effort} ms of CPU each", self.way)
    }
}

/// The rounds of all ways, as a table in Markdown. Ratios are taken within each round.
pub(crate) fn print(measured: &[Measured], rounds: usize) {
    let is_script =
        |measured: &&Measured| !matches!(measured.way, Way::Ours { .. } | Way::OneByOne);
    let fastest = measured.iter().filter(is_script).min_by_key(|way| way.median());
    let slowest = measured.iter().find(|way| way.way == Way::OneByOne);
    let (Some(fastest), Some(slowest)) = (fastest, slowest) else { return };
    println!("\n{rounds} rounds; the fastest script is: {}\n", fastest.way);
    println!(
        "| way | orders a second, median | best | ms an order | CPU ms an order | of the fastest script | of one at a time |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for way in measured {
        let best = way.each.iter().min().copied().unwrap_or(1);
        println!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            way.way,
            tenths(per_second(way.median())),
            tenths(per_second(best)),
            tenths(way.median() / 100),
            tenths(middle(way.effort.clone()) / 100),
            hundredths(ratio(way, fastest)),
            tenths(ratio(way, slowest) / 10),
        );
    }
    for way in measured.iter().filter(|way| matches!(way.way, Way::Ours { .. })) {
        let ratios = fastest.each.iter().zip(&way.each).map(|(other, ours)| other * 100 / ours);
        let ratios: Vec<String> = ratios.map(hundredths).collect();
        println!("{}, of the fastest script, round by round: {}", way.way, ratios.join(" "));
    }
}

/// How fast a way is beside another, in hundredths: the middle of the rounds.
fn ratio(way: &Measured, other: &Measured) -> u128 {
    middle(other.each.iter().zip(&way.each).map(|(other, ours)| other * 100 / ours).collect())
}

fn middle(mut values: Vec<u128>) -> u128 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(1)
}

/// In tenths.
fn per_second(micros: u128) -> u128 {
    10_000_000 / micros.max(1)
}

fn tenths(value: u128) -> String {
    format!("{}.{}", value / 10, value % 10)
}

fn hundredths(value: u128) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

/// How much else the machine does.
pub(crate) fn busy() -> String {
    let averages = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages.split(' ').next().unwrap_or_default().to_owned()
}
