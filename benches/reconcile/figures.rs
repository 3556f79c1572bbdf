//! What was measured, by name and size, in the order in which it was first seen.

use std::time::Duration;

/// Times of the same thing, and what else is worth a line.
#[derive(Default)]
pub(crate) struct Figures {
    times: Vec<(String, usize, Vec<Duration>)>,
    notes: Vec<String>,
}

impl Figures {
    /// Adds a time.
    pub(crate) fn took(&mut self, name: &str, size: usize, time: Duration) {
        match self.times.iter_mut().find(|(known, of, _)| known == name && *of == size) {
            Some((_, _, times)) => times.push(time),
            None => self.times.push((name.to_owned(), size, vec![time])),
        }
    }

    /// Adds a line.
    pub(crate) fn note(&mut self, line: String) {
        self.notes.push(line);
    }

    /// The time in the middle; nothing where nothing was measured.
    pub(crate) fn median(&self, name: &str, size: usize) -> Option<Duration> {
        let (_, _, times) =
            self.times.iter().find(|(known, of, _)| known == name && *of == size)?;
        let mut sorted = times.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }

    /// How often `part` goes into `whole`, of the medians of one size.
    pub(crate) fn ratio(&mut self, whole: &str, part: &str, size: usize) {
        let (Some(of), Some(by)) = (self.median(whole, size), self.median(part, size)) else {
            return;
        };
        self.note(format!("{size:>9}  {whole} / {part} = {:.2}", of.div_duration_f64(by)));
    }

    /// The medians, then the lines.
    pub(crate) fn print(&self) {
        println!("\n{:>9}  {:>10}  {:>9}  {:>6}  what", "receipts", "median", "a second", "rounds");
        for (name, size, times) in &self.times {
            let median = self.median(name, *size).unwrap_or_default();
            let rate = u128::try_from(*size).unwrap() * 1_000_000 / median.as_micros().max(1);
            let milliseconds = median.as_micros() / 1000;
            println!("{size:>9}  {milliseconds:>7} ms  {rate:>9}  {:>6}  {name}", times.len());
        }
        println!();
        for line in &self.notes {
            println!("{line}");
        }
    }
}
