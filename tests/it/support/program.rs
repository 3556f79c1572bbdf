//! The program as a person runs it: the real binary, in a directory of its own, with nothing but that in its environment.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

/// Digits of moments and durations, each `#` one of them, and what is shown in their place. The longer ones first.
const MOMENTS: [(&str, &str); 8] = [
    ("####-##-##T##:##:##.######Z", "<moment>"),
    ("####-##-## ##:##:## UTC", "<moment>"),
    ("####-##-## ##:## UTC", "<minute>"),
    ("####-##-## ##:##", "<minute>"),
    ("after ## s", "after <n> s"),
    ("after # s", "after <n> s"),
    ("to attempt #,", "to attempt <n>,"),
    ("our database: ## migrations", "our database: <n> migrations"),
];

/// The binary, and the directory that it is run in.
#[derive(Debug)]
pub(crate) struct Program {
    directory: TempDir,
    /// What differs from test run to test run, with what is shown in its place.
    concealed: Vec<(String, String)>,
}

impl Program {
    /// In a new directory, which the account of an embedded server can reach.
    pub(crate) fn new() -> Self {
        let directory =
            tempfile::Builder::new().prefix("etsy-odoo-it-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o711)).unwrap();
        let concealed = vec![(directory.path().display().to_string(), "<here>".to_owned())];
        Self { directory, concealed }
    }

    /// The path of a file in its directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file into its directory.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Shows `placeholder` in transcripts wherever `text` is said.
    pub(crate) fn conceal(&mut self, text: &str, placeholder: &str) {
        self.concealed.push((text.to_owned(), placeholder.to_owned()));
    }

    /// Runs a command line; its words are separated by spaces.
    pub(crate) async fn run(&self, line: &str) -> Ending {
        self.run_in(line, &[], "").await
    }

    /// Runs a command line with variables in its environment.
    pub(crate) async fn run_with(&self, line: &str, variables: &[(&str, &str)]) -> Ending {
        self.run_in(line, variables, "").await
    }

    /// Runs a command line with something on its standard input.
    pub(crate) async fn run_in(
        &self,
        line: &str,
        variables: &[(&str, &str)],
        input: &str,
    ) -> Ending {
        let mut child = self.start(line, variables);
        let mut stdin = child.stdin.take().unwrap();
        // A command that asks for no input may have ended before it is written.
        stdin.write_all(input.as_bytes()).await.ok();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let text = |bytes: &[u8]| self.shown(std::str::from_utf8(bytes).unwrap());
        let prefix = variables.iter().map(|(name, value)| format!("{name}={value} "));
        Ending {
            line: self.shown(&format!("{}etsy-odoo {line}", prefix.collect::<String>())),
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            said: String::from_utf8([output.stdout, output.stderr].concat()).unwrap(),
        }
    }

    /// Starts a command line and leaves it running; it is killed when the value is dropped.
    pub(crate) fn start(&self, line: &str, variables: &[(&str, &str)]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_etsy-odoo"))
            .args(line.split_whitespace())
            .current_dir(self.directory.path())
            .env_clear()
            // Never the machine's own.
            .env("ETSY_ODOO_DATABASE__DATA_DIR", self.path("data"))
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    fn shown(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for (hidden, placeholder) in &self.concealed {
            shown = shown.replace(hidden, placeholder);
            // As a URL has it.
            shown = shown.replace(&hidden.replace('/', "%2F"), placeholder);
        }
        for (pattern, placeholder) in MOMENTS {
            shown = masked(&shown, pattern, placeholder);
        }
        shown
    }
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ending {
    line: String,
    pub(crate) code: Option<i32>,
    /// What stood on standard output, fit for a transcript.
    pub(crate) stdout: String,
    /// What stood on standard error, fit for a transcript.
    pub(crate) stderr: String,
    /// Both, as they were.
    pub(crate) said: String,
}

impl Ending {
    /// Stops the test unless the command ended with this code.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.transcript());
        self
    }

    /// Stops the test unless the command failed with this code and one error that is fit to be read: a chain of
    /// causes, each said once, and one hint.
    pub(crate) fn expect_one_error(self, code: i32) -> Self {
        let told = self.transcript();
        let mut lines = self.stderr.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("error: ")), "{told}");
        let rest: Vec<&str> = lines.collect();
        let causes = rest.iter().take_while(|line| line.starts_with("  caused by: ")).count();
        let hints = rest.iter().filter(|line| line.starts_with("hint: ")).count();
        assert_eq!(hints, 1, "{told}");
        assert_eq!(causes + hints, rest.len(), "{told}");
        assert!(!self.said.contains("panicked"), "{told}");
        let mut once: Vec<&str> = self.stderr.lines().map(said_of).collect();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), self.stderr.lines().count(), "something is said twice:\n{told}");
        self.expect(code)
    }

    /// Standard output as if no line had been broken.
    pub(crate) fn unbroken(&self) -> String {
        self.stdout.lines().map(str::trim_start).collect::<Vec<_>>().join(" ")
    }

    /// Command, exit code, standard output and standard error.
    pub(crate) fn transcript(&self) -> String {
        let code = self.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        format!(
            "$ {}\nexit {code}\n--- stdout\n{}--- stderr\n{}",
            self.line, self.stdout, self.stderr
        )
    }
}

/// The transcripts of several commands, one after the other.
pub(crate) fn transcript(endings: &[Ending]) -> String {
    endings.iter().map(Ending::transcript).collect::<Vec<_>>().join("\n")
}

fn said_of(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, said)| said)
}

/// Replaces every stretch of text that fits `pattern`, in which `#` stands for a digit.
fn masked(text: &str, pattern: &str, placeholder: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if fits(rest, pattern) {
            masked.push_str(placeholder);
            rest = rest.get(pattern.len()..).unwrap_or_default();
        } else {
            masked.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
    masked
}

fn fits(text: &str, pattern: &str) -> bool {
    text.len() >= pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'#' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

#[test]
fn moments_are_masked_and_other_digits_are_not() {
    assert_eq!(
        masked("at 2026-11-23 22:46:19 UTC, 12", "####-##-## ##:##:## UTC", "<moment>"),
        "at <moment>, 12"
    );
    assert_eq!(masked("é 1", "#", "<n>"), "é <n>");
}
