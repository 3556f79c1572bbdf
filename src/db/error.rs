//! What can go wrong between us and a Postgres, said so that a person can act on it.

use std::fmt;

use tokio_postgres::error::SqlState;

use crate::domain::Advice;

/// A database call that failed: what was attempted, and why it failed.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A database URL that cannot be read. The URL is not repeated: it may hold a password.
    #[error("{setting} is not a database URL that can be read")]
    Url {
        /// The setting it came from.
        setting: String,
        /// What the parser said.
        #[source]
        source: ServerSaid,
    },
    /// No connection.
    #[error("could not connect to {place}")]
    Connect {
        /// Which database, without user or password.
        place: String,
        /// What the driver or the server said.
        #[source]
        source: ServerSaid,
    },
    /// A statement or a transaction.
    #[error("could not {attempted}")]
    Query {
        /// A verb phrase.
        attempted: String,
        /// What the server said.
        #[source]
        source: ServerSaid,
    },
    /// A migration.
    #[error("could not migrate our database")]
    Migrate {
        /// What refinery said.
        #[source]
        source: Box<refinery::Error>,
    },
    /// Another process holds the lock that a run needs.
    #[error("another run is under way on this database")]
    Locked,
}

impl DatabaseError {
    /// Wraps an error of the driver, with the verb phrase of what was attempted.
    pub fn query(attempted: impl Into<String>, source: tokio_postgres::Error) -> Self {
        Self::Query { attempted: attempted.into(), source: ServerSaid::from(source) }
    }

    /// Whether the server has no database of that name.
    pub fn is_of_no_database(&self) -> bool {
        matches!(self, Self::Connect { source, .. }
            if source.code.as_ref() == Some(&SqlState::INVALID_CATALOG_NAME))
    }

    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Url { setting, .. } => Advice::needs_person(format!(
                "write {setting} as postgres://user@host:port/database, with any password in {setting}_file"
            )),
            Self::Connect { source, place } => connect_advice(source, place),
            Self::Query { source, .. } => query_advice(source),
            Self::Migrate { .. } => Advice::needs_person(
                "the schema was made by another version of etsy-odoo, or changed by hand; use the newest version, or restore a backup",
            ),
            Self::Locked => {
                Advice::try_again("wait for the other run to end; `etsy-odoo runs` shows it")
            }
        }
    }
}

fn connect_advice(said: &ServerSaid, place: &str) -> Advice {
    match said.code.as_ref() {
        Some(code)
            if *code == SqlState::INVALID_PASSWORD
                || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION =>
        {
            Advice::needs_person(format!("check the user and the password in the URL of {place}"))
        }
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            Advice::needs_person(format!("create {place}, or correct the name in its URL"))
        }
        Some(code)
            if *code == SqlState::CANNOT_CONNECT_NOW
                || *code == SqlState::TOO_MANY_CONNECTIONS
                || *code == SqlState::ADMIN_SHUTDOWN =>
        {
            Advice::try_again(format!("{place} is busy or starting; try again in a minute"))
        }
        _ if said.needs_password => Advice::needs_person(
            "write its URL as postgres://user:password@host:port/database, into a file that `url_file` or `read_url_file` names",
        ),
        _ => Advice::try_again(format!(
            "see that the server is up and that host and port are right for {place}"
        )),
    }
}

fn query_advice(said: &ServerSaid) -> Advice {
    match said.code.as_ref() {
        Some(code) if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::UNDEFINED_COLUMN => {
            Advice::needs_person(
                "run `etsy-odoo init`: it makes our tables and the fields in Odoo; if that has been done, Odoo's schema has changed",
            )
        }
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Advice::needs_person(
            "grant the missing right; `etsy-odoo init --print-grants` prints the SQL for Odoo's read-only role",
        ),
        Some(code) if *code == SqlState::DISK_FULL => {
            Advice::try_again("make room on the disk of the database")
        }
        None if said.closed => Advice::try_again("the server closed the connection; try again"),
        _ => Advice::failed(),
    }
}

/// What a server or the driver said, without the DETAIL line, which can hold rows of personal data.
#[derive(Debug)]
pub struct ServerSaid {
    code: Option<SqlState>,
    text: String,
    needs_password: bool,
    closed: bool,
}

impl ServerSaid {
    /// A failure that no server took part in.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { code: None, text: text.into(), needs_password: false, closed: false }
    }
}

impl From<tokio_postgres::Error> for ServerSaid {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(said) = error.as_db_error() {
            let hint = said.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            return Self {
                code: Some(said.code().clone()),
                text: format!("{}: {}{hint}", said.severity(), said.message()),
                needs_password: false,
                closed: false,
            };
        }
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self {
            code: None,
            needs_password: text.contains("password missing"),
            closed: error.is_closed(),
            text,
        }
    }
}

impl fmt::Display for ServerSaid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(formatter, "{} [{}]", self.text, code.code()),
            None => formatter.write_str(&self.text),
        }
    }
}

impl std::error::Error for ServerSaid {}
