//! Etsy at its strictest: ten calls in any sliding second, counted on arrival.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub(crate) const PER_SECOND: usize = 10;

/// Of a scenario.
pub(crate) const CALLS: usize = 600;

/// The delays of one scenario, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network {
    /// Each way takes up to this long, before a call is counted and after it is answered.
    pub(crate) jitter_ms: u64,
    /// Between the count and the answer.
    pub(crate) answer_ms: (u64, u64),
}

/// What the server has seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    log: VecDeque<Instant>,
    accepted: usize,
    pub(crate) refused: usize,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Seen {
    /// Between the first accepted call and the last.
    pub(crate) fn took(&self) -> Duration {
        self.last.unwrap() - self.first.unwrap()
    }

    /// Whether the calls of the scenario have been made. What comes later is answered and not counted.
    pub(crate) fn is_over(&self) -> bool {
        self.accepted >= CALLS
    }

    /// Counts a call that arrives now; how many the second has left, or none if it is one too many.
    fn count(&mut self) -> Option<usize> {
        let now = Instant::now();
        while self.log.front().is_some_and(|oldest| now - *oldest >= Duration::from_secs(1)) {
            self.log.pop_front();
        }
        if self.log.len() >= PER_SECOND {
            self.refused += usize::from(!self.is_over());
            return None;
        }
        self.log.push_back(now);
        if !self.is_over() {
            self.accepted += 1;
            self.first.get_or_insert(now);
            self.last = Some(now);
        }
        Some(PER_SECOND - self.log.len())
    }
}

#[derive(Clone)]
struct Served {
    network: Network,
    seen: Arc<Mutex<Seen>>,
}

/// A server on a port of its own; it ends with the value.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) seen: Arc<Mutex<Seen>>,
    _serving: JoinSet<()>,
}

impl Server {
    pub(crate) async fn start(network: Network) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/v3", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let served = Served { network, seen: Arc::clone(&seen) };
        let router = Router::new().fallback(answer).with_state(served);
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, seen, _serving: serving }
    }
}

async fn answer(State(Served { network, seen }): State<Served>) -> Response {
    let way = || Duration::from_micros(fastrand::u64(0..=network.jitter_ms * 1_000));
    tokio::time::sleep(way()).await;
    let counted = seen.lock().unwrap().count();
    let (shortest, longest) = network.answer_ms;
    tokio::time::sleep(Duration::from_millis(fastrand::u64(shortest..=longest)) + way()).await;
    let limits = [
        ("x-limit-per-second", PER_SECOND.to_string()),
        ("x-remaining-this-second", counted.unwrap_or(0).to_string()),
        ("x-limit-per-day", "10000".to_owned()),
        ("x-remaining-today", "9000".to_owned()),
    ];
    match counted {
        Some(_) => (StatusCode::OK, limits, r#"{"application_id": 1}"#).into_response(),
        None => (
            StatusCode::TOO_MANY_REQUESTS,
            limits,
            [("retry-after", "1")],
            r#"{"error": "Exceeded per second rate limit"}"#,
        )
            .into_response(),
    }
}
