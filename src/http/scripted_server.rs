//! A server on the loopback that gives prepared answers in order and remembers what it was asked.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::http::Url;

/// A prepared answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    CutShort,
    Never,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        let kind = ("content-type".to_owned(), "application/json; charset=utf-8".to_owned());
        let body = Bytes::copy_from_slice(body.as_bytes());
        Self { status, headers: vec![kind], body, ending: Ending::Whole }
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        let kind = ("content-type".to_owned(), "text/html; charset=utf-8".to_owned());
        Self { headers: vec![kind], ..Self::json(status, body) }
    }

    pub(crate) fn gzip(status: u16, body: &str) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body.as_bytes()).unwrap();
        let body = encoder.finish().unwrap().into();
        Self { body, ..Self::json(status, "") }.header("content-encoding", "gzip")
    }

    pub(crate) fn silence() -> Self {
        Self { ending: Ending::Never, ..Self::json(200, "") }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The body ends before its announced length.
    pub(crate) fn cut_short(self) -> Self {
        let announced = (self.body.len() + 100).to_string();
        Self { ending: Ending::CutShort, ..self }.header("content-length", &announced)
    }
}

/// A call as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) method: String,
    pub(crate) path_and_query: String,
    pub(crate) body: String,
    headers: HeaderMap,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[derive(Debug, Default)]
struct Script {
    replies: VecDeque<Reply>,
    seen: Vec<Seen>,
}

/// Stops when it is dropped.
#[derive(Debug)]
pub(crate) struct ScriptedServer {
    address: std::net::SocketAddr,
    script: Arc<Mutex<Script>>,
    _tasks: JoinSet<()>,
}

impl ScriptedServer {
    /// Gives `replies` in order; after the last it answers 418.
    pub(crate) async fn start(replies: Vec<Reply>) -> Self {
        let script = Arc::new(Mutex::new(Script { replies: replies.into(), seen: Vec::new() }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&script));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, script, _tasks: tasks }
    }

    pub(crate) fn url(&self, path_and_query: &str) -> Url {
        format!("http://{}{path_and_query}", self.address).parse().unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.script.lock().unwrap().seen.clone()
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response<Body> {
    let at = Instant::now();
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let reply = {
        let mut script = script.lock().unwrap();
        script.seen.push(Seen {
            at,
            method: parts.method.to_string(),
            path_and_query: parts.uri.to_string(),
            body: String::from_utf8(body.to_vec()).unwrap(),
            headers: parts.headers,
        });
        script.replies.pop_front().unwrap_or_else(|| Reply::json(418, "{}"))
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    let body = match reply.ending {
        Ending::Whole => Body::from(reply.body),
        Ending::CutShort => Body::from_stream(stream::iter([
            Ok(reply.body),
            Err(std::io::Error::other("cut short on purpose")),
        ])),
        Ending::Never => {
            std::future::pending::<()>().await;
            Body::empty()
        }
    };
    response.body(body).unwrap()
}
