//! What can go wrong below the meaning of an answer.

use crate::domain::Advice;

/// A call that brought no usable answer. Names no address and repeats no body: both can hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The TLS roots or the client's settings are unusable.
    #[error("the HTTP client cannot be set up")]
    SetUp(#[source] reqwest::Error),
    /// An address that is no `http` or `https` URL with a host.
    #[error("the address is not an `http` or `https` URL")]
    Address,
    /// A header value with characters that HTTP forbids.
    #[error("the value for the header `{name}` has characters that a header cannot carry")]
    Header {
        /// The name of the header.
        name: &'static str,
    },
    /// Nothing was sent: no name, no route, no TLS, nobody listening.
    #[error("no connection to {host}")]
    Connect {
        /// The host that was called.
        host: String,
        #[source]
        /// What the transport says.
        source: reqwest::Error,
    },
    /// No answer in time. The call may have had its effect.
    #[error("no complete answer from {host} in time")]
    Timeout {
        /// The host that was called.
        host: String,
        #[source]
        /// What the transport says.
        source: reqwest::Error,
    },
    /// The connection was reset, or the body was cut short. The call may have had its effect.
    #[error("the connection to {host} broke before the answer was complete")]
    Interrupted {
        /// The host that was called.
        host: String,
        #[source]
        /// What the transport says.
        source: reqwest::Error,
    },
    /// A body beyond the ceiling.
    #[error("the answer of {host} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The host that was called.
        host: String,
        /// The ceiling.
        limit_bytes: usize,
    },
    /// A redirect to another host, or a chain of redirects.
    #[error("{host} sends the call elsewhere")]
    Redirected {
        /// The host that was called.
        host: String,
        #[source]
        /// What the transport says.
        source: reqwest::Error,
    },
}

impl HttpError {
    /// Whether the same call may work a little later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Timeout { .. } | Self::Interrupted { .. } => true,
            Self::SetUp(_)
            | Self::Address
            | Self::Header { .. }
            | Self::TooLarge { .. }
            | Self::Redirected { .. } => false,
        }
    }

    /// Whether the other side cannot have seen the call: then a write may be repeated without looking first.
    pub fn was_not_sent(&self) -> bool {
        match self {
            Self::SetUp(_) | Self::Address | Self::Header { .. } | Self::Connect { .. } => true,
            Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::TooLarge { .. }
            | Self::Redirected { .. } => false,
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> Advice {
        match self {
            Self::SetUp(_) => Advice::needs_person(
                "install the system's certificate authorities (on Debian: ca-certificates)",
            ),
            Self::Address => {
                Advice::needs_person("give the address as https://host/path in the settings")
            }
            Self::Header { .. } => Advice::needs_person(
                "look for line breaks or stray characters in the key or token of the settings",
            ),
            Self::Connect { .. } => Advice::try_again(
                "check the address in the settings and the network, then run the same command again",
            ),
            Self::Timeout { .. } | Self::Interrupted { .. } => {
                Advice::try_again("run the same command again later")
            }
            Self::TooLarge { .. } => Advice::failed(),
            Self::Redirected { .. } => Advice::needs_person(
                "check the address in the settings: calls are never sent on to another host, \
                 because they carry credentials",
            ),
        }
    }
}
