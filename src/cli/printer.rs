//! The one door to stdout.

use std::io::{ErrorKind, Write as _};

use super::CommandError;

/// Writes results to stdout. A reader that has gone away (`| head`) is no fault.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printer {
    /// Whether data is printed as JSON.
    pub(super) json: bool,
}

impl Printer {
    /// Writes text as it is.
    #[expect(
        clippy::unused_self,
        reason = "who holds the printer may print; nobody else reaches stdout"
    )]
    pub(super) fn text(self, text: &str) -> Result<(), CommandError> {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(source) => Err(CommandError::Output(source)),
        }
    }

    /// Writes a line.
    pub(super) fn line(self, line: &str) -> Result<(), CommandError> {
        self.text(&format!("{line}\n"))
    }

    /// Says something to a person, on stderr: it is no result.
    #[expect(
        clippy::unused_self,
        reason = "who holds the printer may print; nobody else reaches the terminal"
    )]
    pub(super) fn talk(self, text: &str) -> Result<(), CommandError> {
        let mut stderr = std::io::stderr().lock();
        stderr.write_all(format!("{text}\n").as_bytes()).map_err(CommandError::Output)
    }

    /// Writes a JSON document.
    pub(super) fn document(self, document: &serde_json::Value) -> Result<(), CommandError> {
        self.text(&format!("{document:#}\n"))
    }
}
