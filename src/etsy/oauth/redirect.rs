//! Where Etsy sends the seller's browser when he has agreed.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::http::Url;

/// Where the browser comes back unless it is set, as in Etsy's own first steps
/// (<https://developers.etsy.com/documentation/tutorials/quickstart>).
const USUAL: &str = "http://localhost:3003/oauth/redirect";

/// A redirect address as it is registered with the app, letter by letter: Etsy compares it exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    text: String,
    path: String,
    /// Where to listen for the browser; none for an address that is not this machine's.
    ports: Vec<SocketAddr>,
}

impl RedirectUri {
    /// What is expected of one, to complete "must be …".
    pub const EXPECTED: &str = "an address of this machine with a port, such as http://localhost:3003/oauth/redirect, \
                                or an https address for `shop login --no-browser`";

    /// Reads an `http` address of this machine with a port, or any `https` address. None with a query, a fragment
    /// or a password in it.
    pub fn parse(text: &str) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        let is_bare = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !is_bare {
            return None;
        }
        let ports = match url.scheme() {
            "http" => listening(&url)?,
            "https" => Vec::new(),
            _ => return None,
        };
        Some(Self { text: text.to_owned(), path: url.path().to_owned(), ports })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The places to listen at, the one that has to be had first.
    pub(super) fn ports(&self) -> &[SocketAddr] {
        &self.ports
    }
}

impl Default for RedirectUri {
    fn default() -> Self {
        Self {
            text: USUAL.to_owned(),
            path: "/oauth/redirect".to_owned(),
            ports: vec![
                SocketAddr::from((Ipv4Addr::LOCALHOST, 3003)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 3003)),
            ],
        }
    }
}

/// A browser may take `localhost` for either family.
fn listening(url: &Url) -> Option<Vec<SocketAddr>> {
    let port = url.port()?;
    let four = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let six = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    match url.host_str()? {
        "localhost" => Some(vec![four, six]),
        "127.0.0.1" => Some(vec![four]),
        "[::1]" => Some(vec![six]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_one_is_one() {
        assert_eq!(RedirectUri::parse(USUAL), Some(RedirectUri::default()));
    }

    #[test]
    fn it_leads_back_to_this_machine_or_is_https() {
        for good in
            ["http://127.0.0.1:8137/callback", "http://[::1]:8137/", "https://example.com/back"]
        {
            assert_eq!(RedirectUri::parse(good).map(|uri| uri.text).as_deref(), Some(good));
        }
        assert!(RedirectUri::parse("https://example.com/back").unwrap().ports().is_empty());
        for bad in [
            "",
            "localhost:3003",
            "http://localhost/callback",
            "http://example.com:3003/callback",
            "http://localhost.example.com:3003/",
            "http://10.0.0.1:3003/",
            "http://localhost:3003/?a=b",
            "http://localhost:3003/#a",
            "http://me@localhost:3003/",
            "ftp://localhost:3003/",
        ] {
            assert_eq!(RedirectUri::parse(bad), None, "{bad}");
        }
    }
}
