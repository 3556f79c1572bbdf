//! The HTTP side: two paths, one of them unknown.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::post;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use secrecy::SecretString;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

use crate::domain::Clock;
use crate::sandbox::faults::{FaultScript, act};

use super::envelope::{NOT_FOUND_PAGE, Request, Unreadable, failure, read_request, success};
use super::error::OdooSandboxError;
use super::services::{Login, Services};

/// Odoo takes 128 MiB (`odoo/http.py`, `DEFAULT_MAX_CONTENT_LENGTH`).
const LARGEST_BODY_BYTES: usize = 128 * 1024 * 1024;

/// What a simulated Odoo is set up with.
#[derive(Debug, Clone)]
pub struct OdooOptions {
    /// The name of the database that callers have to give; another one does not exist.
    pub database: String,
    /// The login of the bot: it may do all but administer.
    pub login: String,
    /// The bot's password or API key; Odoo takes either in the same place.
    pub password: SecretString,
    /// The login of the administrator, who may create fields.
    pub admin_login: String,
    /// The administrator's password.
    pub admin_password: SecretString,
    /// How many calls run at once. A further one waits, as for one of Odoo's workers.
    pub workers: usize,
    /// The longest wait before the second try of a call that met a conflict; it doubles with every try. Odoo waits up
    /// to two seconds.
    pub longest_first_wait: Duration,
    /// What shall go wrong, by operations such as `sale.order.load` and `common.authenticate`.
    pub faults: FaultScript,
}

/// Everything a request needs.
struct Server {
    services: Services,
    faults: FaultScript,
}

/// Answers calls until `shutdown` is ready. The database is one that [`seed`](super::seed()) has filled.
pub async fn serve(
    listener: TcpListener,
    config: tokio_postgres::Config,
    options: OdooOptions,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), OdooSandboxError> {
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let pool = Pool::builder(Manager::from_config(config.clone(), NoTls, manager))
        .max_size(options.workers.max(1))
        .build()
        .map_err(OdooSandboxError::Pool)?;
    let logins = vec![
        Login { name: options.login, password: options.password, is_admin: false },
        Login { name: options.admin_login, password: options.admin_password, is_admin: true },
    ];
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let services =
        Services::new(pool, options.database, logins, clock, options.longest_first_wait, port)
            .await?;
    let server = Arc::new(Server { services, faults: options.faults });
    let app = Router::new()
        .route("/jsonrpc", post(answer))
        .fallback(unknown_path)
        .layer(DefaultBodyLimit::max(LARGEST_BODY_BYTES))
        .with_state(server);
    axum::serve(listener, app)
        .with_graceful_shutdown(shutdown)
        .await
        .map_err(OdooSandboxError::Serve)
}

async fn answer(State(server): State<Arc<Server>>, body: Bytes) -> Response {
    let request = match read_request(&body) {
        Ok(request) => request,
        Err(Unreadable::NotJson) => return page(StatusCode::BAD_REQUEST, "Invalid JSON data"),
        Err(Unreadable::Incomplete(id, refusal)) => return document(&failure(&id, &refusal)),
    };
    // The one place where faults come in: `act` decides whether the call has its effect and what is seen of it.
    let fault = server.faults.next(&operation(&request));
    act(fault, Box::pin(effect(&server, &request))).await
}

async fn effect(server: &Server, request: &Request) -> Response {
    match server.services.answer(request).await {
        Ok(result) => document(&success(&request.id, result)),
        Err(refusal) => document(&failure(&request.id, &refusal)),
    }
}

/// The name that faults are scripted by: `sale.order.load`, `common.authenticate`.
fn operation(request: &Request) -> String {
    let word = |place: usize| request.arguments.get(place).and_then(Value::as_str);
    match (request.service.as_str(), word(3), word(4)) {
        ("object", Some(model), Some(method)) => format!("{model}.{method}"),
        (service, _, _) => format!("{service}.{}", request.method),
    }
}

async fn unknown_path() -> Response {
    page(StatusCode::NOT_FOUND, NOT_FOUND_PAGE)
}

fn document(body: &Value) -> Response {
    response(StatusCode::OK, "application/json; charset=utf-8", Body::from(body.to_string()))
}

fn page(status: StatusCode, body: &str) -> Response {
    response(status, "text/html; charset=utf-8", Body::from(body.to_owned()))
}

/// Odoo's prefork server keeps no connection open.
fn response(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
