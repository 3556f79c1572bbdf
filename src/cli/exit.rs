//! Exit codes, and how an error is told.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use crate::domain::{Advice, Trouble};

/// How the program ends; the codes are a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing to do, or everything planned was applied.
    Done,
    /// A person should look.
    Failed,
    /// There are changes; nothing was written.
    Changes,
    /// Finished, but some rows were held, rejected, refused or are unknown.
    Partial,
    /// The guard refused the plan.
    Guarded,
    /// Could not now, try again.
    TryAgain,
    /// A setting or a credential needs a person.
    NeedsPerson,
}

impl ExitStatus {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Changes => 2,
            Self::Partial => 3,
            Self::Guarded => 4,
            Self::TryAgain => 75,
            Self::NeedsPerson => 78,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

impl From<Trouble> for ExitStatus {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Failed => Self::Failed,
            Trouble::TryAgain => Self::TryAgain,
            Trouble::NeedsPerson => Self::NeedsPerson,
        }
    }
}

/// Prints the chain of causes, once each, and the hint. A broken stderr is nobody's business.
pub fn explain(error: &dyn Error, advice: Option<&Advice>, status: ExitStatus) -> ExitStatus {
    let mut text = format!("error: {error}\n");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!("  caused by: {inner}\n"));
        cause = inner.source();
    }
    if let Some(hint) = advice.and_then(|advice| advice.hint.as_ref()) {
        text.push_str(&format!("hint: {hint}\n"));
    }
    if std::io::stderr().write_all(text.as_bytes()).is_err() {
        tracing::debug!("stderr is closed");
    }
    status
}

/// Tells what is wrong with a command line, or prints the help that was asked for.
pub fn explain_usage(error: &clap::Error) -> ExitStatus {
    if error.print().is_err() {
        tracing::debug!("the terminal is closed");
    }
    if error.use_stderr() { ExitStatus::NeedsPerson } else { ExitStatus::Done }
}
