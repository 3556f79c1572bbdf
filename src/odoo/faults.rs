//! What an unsuccessful call means: above all, whether it may have had an effect.

use serde::Deserialize;

use super::Denial;
use super::scrub::scrub;
use crate::domain::Advice;

/// Why it is not known whether a call had an effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Nothing came back in time.
    #[error("Odoo did not answer within {0} s")]
    Timeout(u64),
    /// The connection was closed or reset after the request had left. Odoo does so when a request exceeds its time
    /// limit.
    #[error("the connection to Odoo was lost before the answer came")]
    ConnectionLost,
    /// A status that a proxy gives for a server that it cannot hear.
    #[error("HTTP {0} came back instead of an answer from Odoo")]
    Status(u16),
    /// The answer ends before it is complete.
    #[error("Odoo's answer was cut short")]
    CutShort,
    /// The answer is a web page, as proxies show one while Odoo is being maintained.
    #[error("a web page came back instead of an answer from Odoo")]
    Page,
    /// The answer is no JSON-RPC.
    #[error("something that is no JSON-RPC answer came back")]
    NotJsonRpc,
    /// The answer is JSON-RPC, but not what the method returns.
    #[error("Odoo answered, but not with {0}")]
    Shape(&'static str),
    /// Odoo lost its own database during the call.
    #[error("Odoo could not use its database")]
    OdooDatabase,
}

/// Odoo's own refusal of a call: nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The Python class, for instance `odoo.exceptions.UserError`.
    pub kind: String,
    /// Odoo's words, scrubbed; empty where they cannot be separated from row data.
    pub words: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.words.is_empty() {
            write!(formatter, "Odoo refused it with {}", self.kind)
        } else {
            formatter.write_str(&self.words)
        }
    }
}

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The request never left: certainly without effect.
    #[error("no connection to Odoo: {0}")]
    NotSent(String),
    /// The request left and no answer can be trusted: it may have had its effect.
    #[error("{0}")]
    Ambiguous(Doubt),
    /// Another change came in between, and Odoo rolled the call back: the same call may succeed.
    #[error("the call kept conflicting with other changes in Odoo")]
    Conflict,
    /// Odoo said no, for this data.
    #[error("{0}")]
    Refused(Refusal),
    /// Wrong login, key or password, or a user that is gone.
    #[error("Odoo does not accept this login with this key or password")]
    AccessDenied,
    /// The database that the settings name is not there.
    #[error("Odoo's server has no such database")]
    NoSuchDatabase,
    /// There is a database without an Odoo in it: one is being restored or installed there, or never was.
    #[error("Odoo's server has that database, but there is no Odoo in it")]
    EmptyDatabase,
    /// The user has no right to the model.
    #[error("{0}")]
    NotAllowed(Box<Denial>),
    /// A field that we need is not there.
    #[error("Odoo lacks a field: {0}")]
    NoSuchField(String),
    /// What answers is no Odoo.
    #[error("HTTP {0} came back: there is no Odoo at this address")]
    NotOdoo(u16),
    /// Something before Odoo does not let the call through.
    #[error("HTTP {0} came back: something before Odoo keeps us out")]
    KeptOut(u16),
}

/// What a fault means for the rows of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// No answer: look before anything is sent again.
    Silence,
    /// No effect, and the same call may pass.
    Conflict,
    /// No effect, for something in the data: others may pass.
    Data,
    /// No effect, for a reason that holds for every call: a person has to mend it.
    Everything,
}

impl Fault {
    /// What it means for the rows of the call.
    pub fn nature(&self) -> Nature {
        match self {
            Self::NotSent(_) | Self::Ambiguous(_) => Nature::Silence,
            Self::Conflict => Nature::Conflict,
            Self::Refused(_) => Nature::Data,
            Self::AccessDenied
            | Self::NoSuchDatabase
            | Self::EmptyDatabase
            | Self::NotAllowed(_)
            | Self::NoSuchField(_)
            | Self::NotOdoo(_)
            | Self::KeptOut(_) => Nature::Everything,
        }
    }

    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::NotSent(_) => Advice::try_again("see that Odoo is up and that odoo.url is right"),
            Self::Ambiguous(Doubt::Status(502..=504) | Doubt::Page) => Advice::try_again(
                "wait until Odoo is up: it is being maintained or restarted, or the proxy before it does not reach it; then run the same command again: what was done is found, and not done twice",
            ),
            Self::Ambiguous(_) => Advice::try_again(
                "see that Odoo is up (its log may tell more), then run the same command again: what was done is found, and not done twice",
            ),
            Self::Conflict => {
                Advice::try_again("try again when fewer people change the same records")
            }
            Self::Refused(_) => Advice::failed(),
            Self::AccessDenied => Advice::needs_person(
                "check odoo.login, odoo.api_key and odoo.database; the API key of a user who is no administrator ends after 90 days at most",
            ),
            Self::NoSuchDatabase => Advice::needs_person(
                "correct odoo.database: it is the name that the login page of Odoo shows, or that the address of its database ends with",
            ),
            Self::EmptyDatabase => Advice::try_again(
                "wait, if Odoo is being restored or installed there; if not, correct odoo.database",
            ),
            Self::NotAllowed(denial) => Advice::needs_person(denial.remedy()),
            Self::NoSuchField(_) => Advice::needs_person(
                "run `etsy-odoo init`, which makes the x_etsy fields; is_delivery and is_storable come with Odoo's modules `delivery` and `stock`",
            ),
            Self::NotOdoo(_) => Advice::needs_person(
                "correct odoo.url: it is the address of the server without a path, and https where the server redirects to it",
            ),
            Self::KeptOut(_) => Advice::needs_person(
                "let this machine through to /jsonrpc, in the proxy or the firewall before Odoo; odoo.url is the address of Odoo itself",
            ),
        }
    }

    /// What a status other than 200 means. Odoo answers 200 even to refuse; the rest is its front door or a proxy.
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            301..=308 | 404 | 405 | 410 => Self::NotOdoo(status),
            401 | 403 | 407 => Self::KeptOut(status),
            400 | 413..=415 => {
                Self::Refused(Refusal { kind: format!("HTTP {status}"), words: String::new() })
            }
            _ => Self::Ambiguous(Doubt::Status(status)),
        }
    }
}

/// The `error` of a JSON-RPC answer. `debug` and `arguments` repeat row data and are not even read.
#[derive(Deserialize)]
pub(super) struct ErrorBody {
    data: Option<ErrorData>,
}

#[derive(Deserialize)]
struct ErrorData {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
}

impl From<ErrorBody> for Fault {
    fn from(body: ErrorBody) -> Self {
        let Some(ErrorData { name, message }) = body.data else {
            return Self::Refused(Refusal {
                kind: "an error without a name".to_owned(),
                words: String::new(),
            });
        };
        if let Some(class) = name.strip_prefix("psycopg2.") {
            return of_postgres(&name, class, &message);
        }
        let class = name.rsplit('.').next().unwrap_or_default();
        match class {
            "AccessDenied" => Self::AccessDenied,
            "MissingError" if message.contains("res.users(") => Self::AccessDenied,
            "AccessError" if Denial::is_one(&message) => {
                Self::NotAllowed(Box::new(Denial::read(&message)))
            }
            // Odoo has no registry of models for a database that holds none of its tables
            "KeyError" if message.trim_matches('\'') == "res.users" => Self::EmptyDatabase,
            "ValueError" if message.starts_with("Invalid field") => {
                Self::NoSuchField(scrub(&message))
            }
            _ => Self::Refused(Refusal { words: scrub(&message), kind: name }),
        }
    }
}

/// The message of Postgres quotes the statement with its values: only its class is kept.
fn of_postgres(name: &str, class: &str, message: &str) -> Fault {
    match class {
        "errors.SerializationFailure" | "errors.DeadlockDetected" | "errors.LockNotAvailable" => {
            Fault::Conflict
        }
        "OperationalError"
            if message.contains("database") && message.contains("does not exist") =>
        {
            Fault::NoSuchDatabase
        }
        "OperationalError" | "InterfaceError" | "errors.AdminShutdown" => {
            Fault::Ambiguous(Doubt::OdooDatabase)
        }
        _ => Fault::Refused(Refusal { kind: name.to_owned(), words: String::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(name: &str, message: &str) -> Fault {
        let body = serde_json::json!({
            "code": 200, "message": "Odoo Server Error",
            "data": {"name": name, "debug": "secret", "message": message, "arguments": ["secret"]},
        });
        Fault::from(serde_json::from_value::<ErrorBody>(body).unwrap())
    }

    #[test]
    fn reads_odoos_errors() {
        assert_eq!(fault("odoo.exceptions.AccessDenied", "Access Denied"), Fault::AccessDenied);
        let gone = "Record does not exist or has been deleted.\n(Record: res.users(9,), User: 9)";
        assert_eq!(fault("odoo.exceptions.MissingError", gone), Fault::AccessDenied);
        assert_eq!(fault("builtins.KeyError", "res.users"), Fault::EmptyDatabase);
        let lost = "connection to server failed: FATAL:  database \"nope\" does not exist\n";
        assert_eq!(fault("psycopg2.OperationalError", lost), Fault::NoSuchDatabase);
        assert_eq!(
            fault("psycopg2.OperationalError", "server closed the connection unexpectedly"),
            Fault::Ambiguous(Doubt::OdooDatabase)
        );
        assert_eq!(
            fault("psycopg2.errors.SerializationFailure", "could not serialize access"),
            Fault::Conflict
        );
        let right = "You are not allowed to create 'Quants' (stock.quant) records.";
        assert!(matches!(
            fault("odoo.exceptions.AccessError", right),
            Fault::NotAllowed(denial) if denial.model() == Some("stock.quant")
        ));
        assert!(matches!(
            fault("builtins.ValueError", "Invalid field name 'x_etsy_shop'"),
            Fault::NoSuchField(words) if words.contains("x_etsy_shop")
        ));
    }

    #[test]
    fn keeps_no_row_data() {
        let said = "invalid input syntax\nLINE 1: INSERT INTO res_partner VALUES ('Ann Buyer')";
        let refused = fault("psycopg2.errors.InvalidTextRepresentation", said);
        assert_eq!(
            refused.to_string(),
            "Odoo refused it with psycopg2.errors.InvalidTextRepresentation"
        );
        let refused = fault("odoo.exceptions.UserError", "'Ann Buyer' has no credit");
        assert!(!format!("{refused} {refused:?}").contains("Ann"));
    }

    #[test]
    fn knows_what_may_have_had_an_effect() {
        assert_eq!(Fault::of_status(502).nature(), Nature::Silence);
        assert_eq!(Fault::of_status(503).nature(), Nature::Silence);
        assert_eq!(Fault::of_status(413).nature(), Nature::Data);
        assert_eq!(Fault::of_status(404).nature(), Nature::Everything);
        assert_eq!(Fault::of_status(302).nature(), Nature::Everything);
        assert_eq!(Fault::of_status(403), Fault::KeptOut(403));
    }
}
