//! The processor time that Odoo and its database spend, where they are on this machine. On a machine that does other
//! things too, it says more than the clock.

use std::time::Duration;

/// Sums up processes by words in their command lines.
#[derive(Debug, Clone)]
pub(crate) struct Effort {
    words: Vec<String>,
}

impl Effort {
    /// From a list with commas, for instance `odoo-bin,postgres: odoo`.
    pub(crate) fn of(list: &str) -> Self {
        let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
        Self { words: words.map(str::to_owned).collect() }
    }

    /// What they have spent so far; nothing when none is named.
    pub(crate) fn spent(&self) -> Duration {
        let Ok(processes) = std::fs::read_dir("/proc") else { return Duration::ZERO };
        let ticks: u64 = processes
            .flatten()
            .filter(|process| {
                let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                self.words.iter().any(|word| line.contains(word.as_str()))
            })
            .filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok())
            .map(|stat| ticks(&stat))
            .sum();
        // a tick is 10 ms on all usual systems
        Duration::from_millis(ticks * 10)
    }
}

/// User and system time of a process.
fn ticks(stat: &str) -> u64 {
    // the name before it may hold spaces
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let mut fields = fields.split(' ').skip(11);
    let mut next = || fields.next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    next() + next()
}
