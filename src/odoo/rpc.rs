//! JSON-RPC as Odoo speaks it (`POST /jsonrpc`,
//! <https://www.odoo.com/documentation/18.0/developer/reference/external_api.html>).

use std::error::Error as _;

use reqwest::redirect::Policy;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::{Doubt, ErrorBody, Fault};
use super::{OdooError, OdooSettings};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// The version that a server reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVersion {
    /// As Odoo writes it, for instance `18.0-20250421`.
    pub text: String,
    /// The first number of it.
    pub major: Option<u32>,
}

/// The number of a user in `res.users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserId(pub i32);

/// Calls Odoo, one HTTP request a call.
pub struct OdooRpc {
    http: reqwest::Client,
    endpoint: reqwest::Url,
    database: String,
    login: String,
    api_key: SecretString,
    timeout_seconds: u64,
}

impl std::fmt::Debug for OdooRpc {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("OdooRpc")
            .field("host", &self.endpoint.host_str())
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl OdooRpc {
    /// Makes ready to call; calls nothing yet.
    pub fn new(settings: &OdooSettings) -> Result<Self, OdooError> {
        let endpoint = endpoint(&settings.url)?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(settings.call_timeout)
            // a redirected POST arrives as a GET
            .redirect(Policy::none())
            // a kept connection that the server has closed would make a write ambiguous; batches are few and long
            .pool_max_idle_per_host(0)
            .user_agent(concat!("etsy-odoo/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| OdooError::Client { source })?;
        Ok(Self {
            http,
            endpoint,
            database: settings.database.clone(),
            login: settings.login.clone(),
            api_key: settings.api_key.clone(),
            timeout_seconds: settings.call_timeout.as_secs(),
        })
    }

    /// Asks for the version; needs no login.
    pub async fn version(&self) -> Result<ServerVersion, OdooError> {
        let answer = self
            .call("common", "version", json!([]))
            .await
            .map_err(of_a_stranger)
            .map_err(OdooError::attempting("ask Odoo for its version"))?;
        let text = answer.get("server_version").and_then(Value::as_str).unwrap_or_default();
        let major = answer
            .get("server_version_info")
            .and_then(|info| info.get(0))
            .and_then(Value::as_u64)
            .and_then(|major| u32::try_from(major).ok());
        Ok(ServerVersion { text: text.to_owned(), major })
    }

    /// Logs in: gives the user that every call names. Costs Odoo half a second of password hashing, so it is done
    /// once.
    pub async fn authenticate(&self) -> Result<UserId, OdooError> {
        let attempting = || OdooError::attempting("log in to Odoo");
        let arguments = json!([
            self.database,
            self.login,
            self.api_key.expose_secret(),
            Value::Object(<_>::default())
        ]);
        let answer = self
            .call("common", "authenticate", arguments)
            .await
            .map_err(of_a_stranger)
            .map_err(attempting())?;
        // a wrong login or key is `false`, not an error
        if answer == Value::Bool(false) {
            return Err(attempting()(Fault::AccessDenied));
        }
        id(&answer)
            .map(UserId)
            .ok_or_else(|| attempting()(Fault::Ambiguous(Doubt::Shape("the number of a user"))))
    }

    /// Whether the secret has the form of the API keys that Odoo makes: 40 hexadecimal digits.
    pub(super) fn uses_key(&self) -> bool {
        let secret = self.api_key.expose_secret();
        secret.len() == 40 && secret.bytes().all(|digit| digit.is_ascii_hexdigit())
    }

    /// Calls a method of a model. A method that returns nothing gives null.
    pub async fn execute_kw(
        &self,
        user: UserId,
        model: &str,
        method: &str,
        arguments: &Value,
        keywords: &Value,
    ) -> Result<Value, Fault> {
        let key = self.api_key.expose_secret();
        self.call(
            "object",
            "execute_kw",
            json!([self.database, user.0, key, model, method, arguments, keywords]),
        )
        .await
    }

    async fn call(&self, service: &str, method: &str, arguments: Value) -> Result<Value, Fault> {
        let body = json!({
            "jsonrpc": "2.0",
            "method": "call",
            "id": 1,
            "params": {"service": service, "method": method, "args": arguments},
        });
        let response = self
            .http
            .post(self.endpoint.clone())
            .json(&body)
            .send()
            .await
            .map_err(|error| self.transport_fault(error))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(Fault::of_status(status));
        }
        let bytes = response.bytes().await.map_err(|error| {
            if error.is_timeout() {
                Fault::Ambiguous(Doubt::Timeout(self.timeout_seconds))
            } else {
                Fault::Ambiguous(Doubt::CutShort)
            }
        })?;
        answer(&bytes)
    }

    fn transport_fault(&self, error: reqwest::Error) -> Fault {
        if error.is_connect() || error.is_builder() {
            return Fault::NotSent(innermost(&error.without_url()));
        }
        if error.is_timeout() {
            return Fault::Ambiguous(Doubt::Timeout(self.timeout_seconds));
        }
        Fault::Ambiguous(Doubt::ConnectionLost)
    }
}

/// The address that takes the calls, below the address of the server.
fn endpoint(url: &str) -> Result<reqwest::Url, OdooError> {
    let parsed: reqwest::Url = url.parse().map_err(|_parse_error| OdooError::Url)?;
    let is_plain = matches!(parsed.scheme(), "http" | "https")
        && parsed.has_host()
        && parsed.username().is_empty()
        && parsed.password().is_none();
    if !is_plain {
        return Err(OdooError::Url);
    }
    parsed.join("/jsonrpc").map_err(|_parse_error| OdooError::Url)
}

/// The last cause of a failure to connect: the others only say that it failed.
fn innermost(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    text
}

/// At the first call, an answer in another language is no lost answer, but a stranger's.
fn of_a_stranger(fault: Fault) -> Fault {
    if fault == Fault::Ambiguous(Doubt::NotJsonRpc) { Fault::NotOdoo(200) } else { fault }
}

#[derive(Deserialize)]
struct Envelope {
    // its presence tells Odoo's answer from any other JSON, for `result` may be absent
    #[serde(rename = "jsonrpc")]
    _protocol: String,
    #[serde(default)]
    result: Value,
    error: Option<ErrorBody>,
}

fn answer(bytes: &[u8]) -> Result<Value, Fault> {
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|error| {
        Fault::Ambiguous(match bytes.trim_ascii_start().first() {
            None | Some(b'<') => Doubt::Page,
            Some(_) if error.is_eof() => Doubt::CutShort,
            Some(_) => Doubt::NotJsonRpc,
        })
    })?;
    match envelope.error {
        Some(error) => Err(Fault::from(error)),
        None => Ok(envelope.result),
    }
}

/// A database id; `false` and anything else is none.
pub(super) fn id(value: &Value) -> Option<i32> {
    value.as_i64().and_then(|number| i32::try_from(number).ok()).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_answer() {
        assert_eq!(answer(br#"{"jsonrpc":"2.0","id":55}"#), Ok(Value::Null));
        assert_eq!(answer(br#"{"jsonrpc":"2.0","id":1,"result":[4]}"#), Ok(json!([4])));
    }

    #[test]
    fn what_cannot_be_read_is_ambiguous() {
        let cut = Err(Fault::Ambiguous(Doubt::CutShort));
        assert_eq!(answer(br#"{"jsonrpc":"2.0","id":1,"res"#), cut);
        let other = Err(Fault::Ambiguous(Doubt::NotJsonRpc));
        assert_eq!(answer(b"{}"), other);
        let page = Err(Fault::Ambiguous(Doubt::Page));
        assert_eq!(answer(b"\n<html>we are back soon</html>"), page);
        assert_eq!(answer(b""), page);
    }

    #[test]
    fn the_address_is_that_of_the_server() {
        let address = |url| endpoint(url).map(|url| url.to_string()).ok();
        assert_eq!(address("https://erp.test").as_deref(), Some("https://erp.test/jsonrpc"));
        assert_eq!(address("http://h:8069/web/").as_deref(), Some("http://h:8069/jsonrpc"));
        assert_eq!(address("https://me:word@erp.test"), None);
        assert_eq!(address("erp.test"), None);
    }
}
