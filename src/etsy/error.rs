//! What Etsy refuses, in Etsy's words.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::Advice;
use crate::etsy::advice;
use crate::etsy::document::Unwritable;
use crate::etsy::wire::Unreadable;
use crate::http::{Answer, BookError, DaySpent, HttpError, is_transient};

const CLIPPED_AT_CHARACTERS: usize = 300;

/// The words of an answer that was not a success: its `error` and `error_description`, or what it looked like.
/// Never a whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    /// Reads the words out of an answer.
    pub(super) fn of(answer: &Answer) -> Self {
        #[derive(Deserialize)]
        struct Words {
            error: Option<String>,
            error_description: Option<String>,
        }
        let words = serde_json::from_slice::<Words>(&answer.body);
        match words {
            Ok(Words { error: Some(error), error_description }) => {
                Self::in_words(&error, error_description.as_deref())
            }
            Ok(Words { error: None, error_description: Some(only) }) => Self::in_words(&only, None),
            Ok(Words { error: None, error_description: None }) => {
                Self("JSON without an `error`".to_owned())
            }
            Err(_) if answer.body.is_empty() => Self("an empty body".to_owned()),
            Err(_) if answer.is_html() => Self("an HTML page".to_owned()),
            Err(_) => Self(format!("{} bytes that are no JSON error", answer.body.len())),
        }
    }

    /// The two words of an OAuth error, which also come in an address.
    pub(super) fn in_words(error: &str, description: Option<&str>) -> Self {
        Self(match description {
            Some(description) => clipped(&format!("{error}: {description}")),
            None => clipped(error),
        })
    }

    /// Whether the words contain `phrase`, whatever their case.
    pub fn mentions(&self, phrase: &str) -> bool {
        self.0.to_ascii_lowercase().contains(&phrase.to_ascii_lowercase())
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One line, safe to print, no longer than a person reads.
fn clipped(text: &str) -> String {
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    let mut line: String = text.chars().take(CLIPPED_AT_CHARACTERS).map(printable).collect();
    if text.chars().nth(CLIPPED_AT_CHARACTERS).is_some() {
        line.push('…');
    }
    line
}

/// What went wrong between us and Etsy. `asked` completes "cannot …".
#[derive(Debug, thiserror::Error)]
pub enum EtsyError {
    /// The settings do not make a client.
    #[error("cannot set up the calls to Etsy")]
    SetUp(#[source] HttpError),
    /// A call that cannot be written down: a strange character in a token or key.
    #[error("cannot {asked}: the call cannot be written")]
    Unsendable {
        /// What was attempted.
        asked: String,
        /// What is wrong with it.
        #[source]
        source: HttpError,
    },
    /// What shall be written is nothing that Etsy takes; the call was not made.
    #[error("cannot {asked}")]
    Unwritable {
        /// What was attempted.
        asked: String,
        /// What is wrong with it.
        #[source]
        source: Unwritable,
    },
    /// 401: refresh the access token once, and ask again.
    #[error("cannot {asked}: the access token has expired")]
    TokenExpired {
        /// What was attempted.
        asked: String,
    },
    /// Any other status that is no success, after as many attempts as are sensible.
    #[error("cannot {asked}: Etsy answers {status}: {said}")]
    Refused {
        /// What was attempted.
        asked: String,
        /// The HTTP status.
        status: u16,
        /// Etsy's words.
        said: Said,
        /// How many attempts were made.
        attempts: u32,
    },
    /// No complete answer.
    #[error("cannot {asked}: no answer to attempt {attempts}, the last")]
    NoAnswer {
        /// What was attempted.
        asked: String,
        /// How many attempts were made.
        attempts: u32,
        /// The last failure.
        #[source]
        source: HttpError,
    },
    /// A success whose body is not what it should be.
    #[error("cannot {asked}: the answer to attempt {attempts}, the last, does not read")]
    Unreadable {
        /// What was attempted.
        asked: String,
        /// How many attempts were made.
        attempts: u32,
        /// What is wrong with the last body.
        #[source]
        source: Unreadable,
    },
    /// The day's budget is used up; the call was not made.
    #[error("cannot {asked}")]
    DaySpent {
        /// What was attempted.
        asked: String,
        /// Until when.
        #[source]
        source: DaySpent,
    },
    /// The next free moment lies beyond the deadline of the call; the call was not made.
    #[error(
        "cannot {asked}: the next call is free at {}, past the deadline",
        until.format("%Y-%m-%d %H:%M:%S UTC")
    )]
    HeldBack {
        /// What was attempted.
        asked: String,
        /// When the next call is free.
        until: DateTime<Utc>,
    },
    /// What is left of the day is kept for orders, and the call is not for them; it was not made.
    #[error(
        "cannot {asked}: what is left of the day's calls is kept for orders until {}",
        until.format("%Y-%m-%d %H:%M:%S UTC")
    )]
    Reserved {
        /// What was attempted.
        asked: String,
        /// When the call is free.
        until: DateTime<Utc>,
    },
    /// It is not known whether the call may be made; it was not made.
    #[error("cannot {asked}")]
    NoBook {
        /// What was attempted.
        asked: String,
        /// What is wrong with the book.
        #[source]
        source: BookError,
    },
    /// The refresh token is revoked, expired or unknown.
    #[error("Etsy does not renew the access: {said}")]
    RefreshRefused {
        /// Etsy's words.
        said: Said,
        /// How many attempts were made. After more than one the first may have had its effect, unheard.
        attempts: u32,
    },
    /// The code of a login is used, too old, or bound to another login.
    #[error("Etsy gives no tokens for this login: {said}")]
    CodeRefused {
        /// Etsy's words.
        said: Said,
    },
    /// The seller, or Etsy for him, said no.
    #[error("the login was declined: {said}")]
    Declined {
        /// Etsy's words.
        said: Said,
    },
    /// Nobody answered a login in the browser.
    #[error("nobody agreed in the browser within {} minutes", patience.as_secs() / 60)]
    NobodyCame {
        /// How long was waited.
        patience: Duration,
    },
    /// The redirect address leads to another machine, so no browser comes back here.
    #[error("the browser cannot come back to this machine: `etsy.redirect_uri` leads elsewhere")]
    NoLoopback,
    /// The port of the redirect address cannot be listened on.
    #[error("{address}, where the browser comes back, cannot be listened on")]
    Port {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The token endpoint does not know the app.
    #[error("Etsy does not know this app: {said}")]
    ClientRefused {
        /// Etsy's words.
        said: Said,
    },
}

impl EtsyError {
    /// Whether the same call may work a little later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { status, .. } => is_transient(*status),
            Self::NoAnswer { source, .. } => source.is_transient(),
            Self::Unreadable { source, .. } => source.is_unfinished(),
            Self::SetUp(_)
            | Self::Unsendable { .. }
            | Self::Unwritable { .. }
            | Self::TokenExpired { .. }
            | Self::DaySpent { .. }
            | Self::HeldBack { .. }
            | Self::Reserved { .. }
            | Self::NoBook { .. }
            | Self::RefreshRefused { .. }
            | Self::CodeRefused { .. }
            | Self::Declined { .. }
            | Self::NobodyCame { .. }
            | Self::NoLoopback
            | Self::Port { .. }
            | Self::ClientRefused { .. } => false,
        }
    }

    /// Whether a call that changes something may have done so although no good answer came: it was sent, and what came
    /// back is no refusal of Etsy's own.
    pub fn may_have_had_effect(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status == 408 || !(400..500).contains(status),
            Self::NoAnswer { source, .. } => !source.was_not_sent(),
            Self::Unreadable { .. } => true,
            Self::SetUp(_)
            | Self::Unsendable { .. }
            | Self::Unwritable { .. }
            | Self::TokenExpired { .. }
            | Self::DaySpent { .. }
            | Self::HeldBack { .. }
            | Self::Reserved { .. }
            | Self::NoBook { .. }
            | Self::RefreshRefused { .. }
            | Self::CodeRefused { .. }
            | Self::Declined { .. }
            | Self::NobodyCame { .. }
            | Self::NoLoopback
            | Self::Port { .. }
            | Self::ClientRefused { .. } => false,
        }
    }

    /// Whether the shop's access token is not accepted: it may have been renewed elsewhere, or can be renewed.
    pub fn is_of_token(&self) -> bool {
        match self {
            Self::TokenExpired { .. } => true,
            Self::Refused { status: 401, said, .. } => !said.mentions("api key"),
            Self::Refused { .. }
            | Self::NoAnswer { .. }
            | Self::Unreadable { .. }
            | Self::SetUp(_)
            | Self::Unsendable { .. }
            | Self::Unwritable { .. }
            | Self::DaySpent { .. }
            | Self::HeldBack { .. }
            | Self::Reserved { .. }
            | Self::NoBook { .. }
            | Self::RefreshRefused { .. }
            | Self::CodeRefused { .. }
            | Self::Declined { .. }
            | Self::NobodyCame { .. }
            | Self::NoLoopback
            | Self::Port { .. }
            | Self::ClientRefused { .. } => false,
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> Advice {
        self.advice_for("NAME")
    }

    /// What to do about it when `shop`, by its name, was asked for.
    pub fn advice_for(&self, shop: &str) -> Advice {
        match self {
            Self::SetUp(source)
            | Self::Unsendable { source, .. }
            | Self::NoAnswer { source, .. } => source.advice(),
            Self::Unwritable { .. } => advice::unwritable(),
            Self::TokenExpired { .. } => advice::token_expired(),
            Self::Refused { status, said, .. } => advice::refused(*status, said, shop),
            Self::Unreadable { source, .. } => advice::unreadable(source),
            Self::DaySpent { source, .. } => advice::day_spent(source.until),
            Self::HeldBack { until, .. } => advice::held_back(*until),
            Self::Reserved { until, .. } => advice::reserved(*until),
            Self::NoBook { source, .. } => source.advice(),
            Self::RefreshRefused { .. } => advice::refresh_refused(shop),
            Self::CodeRefused { .. } => advice::code_refused(shop),
            Self::Declined { .. } => advice::declined(shop),
            Self::NobodyCame { .. } => advice::nobody_came(shop),
            Self::NoLoopback => advice::no_loopback(shop),
            Self::Port { .. } => advice::port(shop),
            Self::ClientRefused { .. } => advice::client_refused(),
        }
    }
}

#[cfg(test)]
mod tests;
