//! What was looked at, and what came of it: a line at a time for a person, a document for a program.

use serde::Serialize;
use serde_json::json;

use crate::cli::{CommandError, ExitStatus, Session};
use crate::domain::{Advice, Trouble};

/// The name of the JSON. Its number moves when a field changes its meaning or goes away.
const SCHEMA: &str = "etsy-odoo/check/1";

/// How wide a line may be.
const WIDTH: usize = 80;

/// Where the text of a line begins, and every line after it.
const INDENT: &str = "      ";

/// How a finding begins that says nothing of whether all is well.
pub(super) const NOT_ASKED: &str = "not asked";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Ok,
    Warn,
    Fail,
    NotAsked,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
            Self::NotAsked => "--",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Line {
    what: String,
    status: Status,
    found: String,
    hint: Option<String>,
}

/// What was looked at, and what came of it.
pub(super) struct Checks<'a> {
    pub(super) session: &'a Session,
    lines: Vec<Line>,
    worst: Option<Trouble>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(session: &'a Session) -> Self {
        Self { session, lines: Vec::new(), worst: None }
    }

    /// What came of looking at something.
    pub(super) fn say(
        &mut self,
        what: &str,
        found: Result<String, CommandError>,
    ) -> Result<(), CommandError> {
        let (status, found, hint) = match found {
            // what could not be looked at is neither well nor ill
            Ok(found) if found.starts_with(NOT_ASKED) => (Status::NotAsked, found, None),
            Ok(found) => (Status::Ok, found, None),
            Err(error) => {
                let Advice { trouble, hint } = error.advice();
                self.worst = self.worst.max(Some(trouble));
                (Status::Fail, chain(&error), hint)
            }
        };
        self.add(Line { what: what.to_owned(), status, found, hint })
    }

    /// Something that works, and that the merchant would rather have otherwise. It changes no exit code.
    pub(super) fn warn(
        &mut self,
        what: &str,
        found: String,
        hint: String,
    ) -> Result<(), CommandError> {
        self.add(Line { what: what.to_owned(), status: Status::Warn, found, hint: Some(hint) })
    }

    fn add(&mut self, line: Line) -> Result<(), CommandError> {
        // a person waits, and reads what is known so far
        if !self.session.printer.json {
            self.session.printer.text(&line.text())?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// Ends with the worst of what was found.
    pub(super) fn end(self) -> Result<ExitStatus, CommandError> {
        if self.session.printer.json {
            let document = json!({ "schema": SCHEMA, "checks": self.lines });
            self.session.printer.document(&document)?;
        }
        Ok(self.worst.map_or(ExitStatus::Done, ExitStatus::from))
    }
}

/// An error with its causes, on one line.
fn chain(error: &CommandError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}

impl Line {
    fn text(&self) -> String {
        let Self { what, status, found, hint } = self;
        let mut text = String::new();
        fill(&mut text, &format!("{:<6}", status.word()), &format!("{what}: {found}"));
        if let Some(hint) = hint {
            fill(&mut text, INDENT, &format!("hint: {hint}"));
        }
        text
    }
}

/// Writes words, the first line behind `first` and the others indented; no line is wider than [`WIDTH`] unless a word is.
fn fill(text: &mut String, first: &str, words: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in words.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            INDENT.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    text.push_str(&line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_at_most_eighty_wide() {
        let line = Line {
            what: "Odoo's reader".to_owned(),
            status: Status::Warn,
            found: "it sees res_users.password, res_users_apikeys.key and 612 columns more that no run reads"
                .to_owned(),
            hint: Some("give it what `etsy-odoo init --print-grants` prints".to_owned()),
        };
        let expected = "warn  Odoo's reader: it sees res_users.password, res_users_apikeys.key and 612\n      \
             columns more that no run reads\n      hint: give it what `etsy-odoo init --print-grants` prints\n";
        assert_eq!(line.text(), expected);
        let mut long = String::new();
        fill(&mut long, INDENT, &"x".repeat(100));
        assert_eq!(long.lines().count(), 1);
    }
}
