//! The tracing subscriber: talk goes to stderr, and a healthy run says nothing.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Warnings too: what a person may want to know.
    Normal,
    /// The stages of a run.
    Verbose,
    /// Every call and statement.
    Chatty,
}

impl Verbosity {
    /// From the counts of `-v` and `-q`.
    pub fn from_flags(verbose: u8, quiet: bool) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (false, 0) => Self::Normal,
            (false, 1) => Self::Verbose,
            (false, _) => Self::Chatty,
        }
    }

    fn filter(self) -> &'static str {
        match self {
            Self::Quiet => "error",
            Self::Normal => "warn",
            Self::Verbose => "warn,etsy_odoo=info",
            Self::Chatty => "info,etsy_odoo=debug",
        }
    }
}

/// Starts logging to stderr. A second start in one process changes nothing.
pub fn start(verbosity: Verbosity, is_coloured: bool) {
    let started = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(verbosity.filter()))
        .with_writer(std::io::stderr)
        .with_ansi(is_coloured)
        .with_target(false)
        .with_span_events(FmtSpan::NONE)
        .try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
