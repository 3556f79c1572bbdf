//! Misbehaviour on demand: a script says which calls of a simulated side go wrong, and how.
//!
//! A lost request and a lost answer are different faults: after [`Fault::ResetBefore`] nothing has happened, after
//! [`Fault::ResetAfter`] everything has, and the caller sees the same broken connection.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What a front end answers while the house behind it is closed.
const FRONT_END_PAGE: &str = "<!DOCTYPE html><html><head><title>Etsy - Service Unavailable</title></head>\
     <body><h1>Oops!</h1></body></html>\n";

/// How long the first half of a truncated body has to leave before the connection closes.
const HALF_BODY_HEAD_START: Duration = Duration::from_millis(20);

/// Why a script of faults cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FaultScriptError {
    /// The JSON is not a list of rules.
    #[error("the fault script does not read")]
    Read(#[source] serde_json::Error),
}

impl FaultScriptError {
    /// What to do about it.
    pub fn advice(&self) -> crate::domain::Advice {
        match self {
            Self::Read(_) => crate::domain::Advice::needs_person(
                "a script is a list such as [{\"on\": \"GET /v3\", \"nth\": 2, \"kind\": \"reset_after\"}]",
            ),
        }
    }
}

/// One way for a call to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// An answer of this status and body; the call has no effect unless `after_effect` is set.
    Status {
        /// The HTTP status.
        code: u16,
        /// The body, sent as JSON when it opens like JSON and as plain text otherwise.
        #[serde(default)]
        body: String,
        /// Whether the call takes effect all the same, as behind a gateway that lost patience.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection closes without an answer, and nothing has happened.
    ResetBefore,
    /// The connection closes without an answer, and the call has taken effect.
    ResetAfter,
    /// The call takes effect; the connection closes in the middle of the answer.
    Truncated,
    /// The call takes effect, this late.
    Delay {
        /// How late.
        milliseconds: u64,
    },
    /// The call takes effect at once; the answer comes this late.
    LateAnswer {
        /// How late.
        milliseconds: u64,
    },
    /// A 503 with a web page instead of JSON, and nothing has happened.
    Html,
}

/// Which of the matching calls a rule strikes.
#[derive(Debug, Clone)]
enum Trigger {
    Nth(u64),
    Every(u64),
    Probability { share: f64, random: fastrand::Rng },
}

/// A fault and the calls that it strikes.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "WrittenRule")]
pub struct FaultRule {
    on: String,
    trigger: Trigger,
    fault: Fault,
    seen: u64,
}

impl FaultRule {
    /// Strikes the `nth` call, counted from 1, whose operation contains `on`.
    pub fn nth(on: impl Into<String>, nth: u64, fault: Fault) -> Self {
        Self::new(on, Trigger::Nth(nth), fault)
    }

    /// Strikes each `every`th call whose operation contains `on`; 1 strikes them all, 0 none.
    pub fn every(on: impl Into<String>, every: u64, fault: Fault) -> Self {
        Self::new(on, Trigger::Every(every), fault)
    }

    /// Strikes this share (0 to 1) of the calls whose operation contains `on`, the same ones for the same seed.
    pub fn probability(on: impl Into<String>, share: f64, seed: u64, fault: Fault) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self::new(on, Trigger::Probability { share, random }, fault)
    }

    fn new(on: impl Into<String>, trigger: Trigger, fault: Fault) -> Self {
        Self { on: on.into(), trigger, fault, seen: 0 }
    }

    /// Counts the call if the rule is about it, and says whether it strikes.
    fn strikes(&mut self, operation: &str) -> bool {
        if !operation.contains(&self.on) {
            return false;
        }
        self.seen = self.seen.saturating_add(1);
        match &mut self.trigger {
            Trigger::Nth(nth) => self.seen == *nth,
            Trigger::Every(every) => self.seen.checked_rem(*every) == Some(0),
            Trigger::Probability { share, random } => random.f64() < *share,
        }
    }
}

/// A rule as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    on: String,
    nth: Option<u64>,
    every: Option<u64>,
    probability: Option<f64>,
    seed: Option<u64>,
    kind: Fault,
}

impl TryFrom<WrittenRule> for FaultRule {
    type Error = String;

    fn try_from(written: WrittenRule) -> Result<Self, String> {
        let WrittenRule { on, nth, every, probability, seed, kind } = written;
        match (nth, every, probability) {
            (Some(nth), None, None) if nth > 0 => Ok(Self::nth(on, nth, kind)),
            (None, Some(every), None) if every > 0 => Ok(Self::every(on, every, kind)),
            (None, None, Some(share)) if (0.0..=1.0).contains(&share) => {
                Ok(Self::probability(on, share, seed.unwrap_or_default(), kind))
            }
            _ => Err(format!(
                "the rule on `{on}` needs exactly one of `nth` (from 1), `every` (from 1) and `probability` (0 to 1)"
            )),
        }
    }
}

/// The rules of one simulated side. Clones share the rules and their counts.
#[derive(Debug, Clone, Default)]
pub struct FaultScript(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    rules: Vec<FaultRule>,
    struck: u64,
}

impl FaultScript {
    /// A script of these rules; without any, nothing goes wrong.
    pub fn new(rules: Vec<FaultRule>) -> Self {
        Self(Arc::new(Mutex::new(Script { rules, struck: 0 })))
    }

    /// Reads a list of rules:
    /// `[{"on": "receipts", "nth": 2, "kind": {"status": {"code": 500, "body": "{}"}}}]`, where `nth` may be `every`
    /// or `probability` (with `seed`), and `kind` one of `"reset_before"`, `"reset_after"`, `"truncated"`, `"html"`,
    /// `{"delay": {"milliseconds": 300}}`, `{"status": {…, "after_effect": true}}`.
    pub fn rules_from_json(json: &[u8]) -> Result<Vec<FaultRule>, FaultScriptError> {
        serde_json::from_slice(json).map_err(FaultScriptError::Read)
    }

    /// Puts these rules in the place of the old ones, for every clone; counts begin anew.
    pub fn replace(&self, rules: Vec<FaultRule>) {
        self.script().rules = rules;
    }

    /// What goes wrong with this call, if anything. `operation` is the method and path of an HTTP call
    /// (`GET /v3/application/users/me`), or the name of an RPC method. Every rule counts the call; the first that
    /// strikes is answered.
    pub fn next(&self, operation: &str) -> Option<Fault> {
        let mut script = self.script();
        let mut found = None;
        for rule in &mut script.rules {
            if rule.strikes(operation) && found.is_none() {
                found = Some(rule.fault.clone());
            }
        }
        script.struck = script.struck.saturating_add(u64::from(found.is_some()));
        found
    }

    /// How many calls were struck so far.
    pub fn struck(&self) -> u64 {
        self.script().struck
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers a call under a fault: runs `effect`, the real handling, as the fault allows.
pub async fn act(fault: Option<Fault>, effect: impl Future<Output = Response>) -> Response {
    match fault {
        None => effect.await,
        Some(Fault::Status { code, body, after_effect }) => {
            if after_effect {
                drop(effect.await);
            }
            status_response(code, body)
        }
        Some(Fault::ResetBefore) => connection_reset(),
        Some(Fault::ResetAfter) => {
            drop(effect.await);
            connection_reset()
        }
        Some(Fault::Truncated) => truncate(effect.await).await,
        Some(Fault::Delay { milliseconds }) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            effect.await
        }
        Some(Fault::LateAnswer { milliseconds }) => {
            let answer = effect.await;
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            answer
        }
        Some(Fault::Html) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (RETRY_AFTER, HeaderValue::from_static("30")),
            ];
            (StatusCode::SERVICE_UNAVAILABLE, headers, FRONT_END_PAGE).into_response()
        }
    }
}

fn status_response(code: u16, body: String) -> Response {
    let kind = if body.starts_with(['{', '[']) {
        "application/json; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// A response that never leaves: hyper drops the connection when the first poll of a body fails, before it has
/// flushed the head.
pub fn connection_reset() -> Response {
    let lost = futures_util::stream::once(async { Err::<Bytes, _>(broken()) });
    Response::new(Body::from_stream(lost))
}

/// Announces the whole body and sends the first half.
async fn truncate(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return connection_reset();
    };
    announce_length(&mut head.headers, whole.len());
    let half = whole.slice(..whole.len() / 2);
    let cut = futures_util::stream::unfold(Some(half), |left| async {
        let Some(half) = left else {
            tokio::time::sleep(HALF_BODY_HEAD_START).await;
            return Some((Err(broken()), None));
        };
        Some((Ok(half), None))
    });
    Response::from_parts(head, Body::from_stream(cut))
}

fn announce_length(headers: &mut HeaderMap, length: usize) {
    if let Ok(value) = HeaderValue::try_from(length.to_string()) {
        headers.insert(CONTENT_LENGTH, value);
    }
}

fn broken() -> std::io::Error {
    std::io::Error::from(std::io::ErrorKind::ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(rule: FaultRule, calls: usize) -> Vec<usize> {
        let script = FaultScript::new(vec![rule]);
        (1..=calls).filter(|_| script.next("GET /receipts").is_some()).collect()
    }

    #[test]
    fn a_rule_strikes_the_calls_it_names() {
        assert_eq!(struck(FaultRule::nth("receipts", 3, Fault::Html), 9), [3]);
        assert_eq!(struck(FaultRule::every("receipts", 4, Fault::Html), 9), [4, 8]);
        assert_eq!(struck(FaultRule::every("listings", 1, Fault::Html), 9), [0_usize; 0]);
        let once = struck(FaultRule::probability("GET", 0.25, 7, Fault::Html), 400);
        assert_eq!(once, struck(FaultRule::probability("GET", 0.25, 7, Fault::Html), 400));
        assert!((60..140).contains(&once.len()), "a quarter of 400, not {}", once.len());
    }

    #[test]
    fn scripts_read_as_documented() {
        let rules = FaultScript::rules_from_json(
            br#"[{"on": "load", "nth": 1, "kind": {"status": {"code": 502, "after_effect": true}}},
                 {"on": "load", "every": 1, "kind": "reset_after"},
                 {"on": "confirm", "probability": 1.0, "seed": 3, "kind": {"delay": {"milliseconds": 5}}}]"#,
        )
        .unwrap();
        let script = FaultScript::new(rules);
        let gateway = Fault::Status { code: 502, body: String::new(), after_effect: true };
        assert_eq!(script.next("sale.order/load"), Some(gateway));
        assert_eq!(script.next("sale.order/load"), Some(Fault::ResetAfter));
        assert_eq!(script.next("action_confirm"), Some(Fault::Delay { milliseconds: 5 }));
        assert_eq!(script.next("read"), None);
        assert_eq!(script.struck(), 3);
    }

    #[test]
    fn a_rule_without_a_trigger_is_refused() {
        for script in [
            r#"[{"on": "x", "kind": "html"}]"#,
            r#"[{"on": "x", "nth": 1, "every": 2, "kind": "html"}]"#,
            r#"[{"on": "x", "nth": 0, "kind": "html"}]"#,
            r#"[{"on": "x", "nth": 1, "kind": "explode"}]"#,
        ] {
            let error = FaultScript::rules_from_json(script.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), "the fault script does not read");
        }
    }
}
