//! Waits on this machine for the browser that Etsy sends back.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::etsy::error::EtsyError;
use crate::etsy::oauth::{Authorization, RedirectUri, Redirected};

/// For the last answer to reach the browser, once it is known.
const FAREWELL: Duration = Duration::from_secs(2);

/// A listener at the redirect address, on the loopback interface only.
#[derive(Debug)]
pub struct Loopback {
    first: TcpListener,
    second: Option<TcpListener>,
    path: String,
}

/// What the seller's answer is given on, once.
struct Waiting {
    path: String,
    authorization: Arc<Authorization>,
    answered: Mutex<Option<oneshot::Sender<Result<SecretString, EtsyError>>>>,
}

impl Loopback {
    /// Begins to listen, before the browser is opened.
    ///
    /// # Errors
    ///
    /// [`EtsyError::NoLoopback`] when the redirect address is not this machine's, [`EtsyError::Port`] when its port
    /// cannot be had.
    pub async fn listen(redirect: &RedirectUri) -> Result<Self, EtsyError> {
        let (first, others) = redirect.ports().split_first().ok_or(EtsyError::NoLoopback)?;
        let taken = |source| EtsyError::Port { address: *first, source };
        let second = match others.first() {
            // a machine without IPv6 has no such address, and its browser does not use it
            Some(other) => TcpListener::bind(other).await.ok(),
            None => None,
        };
        let first = TcpListener::bind(first).await.map_err(taken)?;
        Ok(Self { first, second, path: redirect.path().to_owned() })
    }

    /// The code that the seller brings within `patience`. What else comes to the door is turned away.
    ///
    /// # Errors
    ///
    /// [`EtsyError::Declined`] when the seller said no, [`EtsyError::NobodyCame`] when the time is over.
    pub async fn wait(
        self,
        authorization: &Arc<Authorization>,
        patience: Duration,
    ) -> Result<SecretString, EtsyError> {
        let (answered, answer) = oneshot::channel();
        let waiting = Arc::new(Waiting {
            path: self.path,
            authorization: Arc::clone(authorization),
            answered: Mutex::new(Some(answered)),
        });
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let serve = |listener: TcpListener| {
            let router = Router::new().fallback(receive).with_state(Arc::clone(&waiting));
            let mut stopped = stopped.clone();
            axum::serve(listener, router)
                .with_graceful_shutdown(async move {
                    if stopped.wait_for(|stop| *stop).await.is_err() {
                        tracing::debug!("nobody waits for the seller any more");
                    }
                })
                .into_future()
        };
        let servers = async {
            let second = async {
                match self.second {
                    Some(listener) => serve(listener).await,
                    None => Ok(()),
                }
            };
            tokio::try_join!(serve(self.first), second).map(drop)
        };
        let mut servers = std::pin::pin!(servers);
        let outcome = tokio::select! {
            outcome = answer => outcome.unwrap_or(Err(EtsyError::NobodyCame { patience })),
            () = tokio::time::sleep(patience) => Err(EtsyError::NobodyCame { patience }),
            ended = &mut servers => {
                tracing::debug!(?ended, "the listener for the browser has ended");
                Err(EtsyError::NobodyCame { patience })
            }
        };
        stop.send_replace(true);
        if tokio::time::timeout(FAREWELL, servers).await.is_err() {
            tracing::debug!("a browser keeps its connection open");
        }
        outcome
    }
}

async fn receive(State(waiting): State<Arc<Waiting>>, request: Request) -> Response {
    let uri = request.uri();
    if uri.path() != waiting.path {
        return page(
            StatusCode::NOT_FOUND,
            "Nothing is here",
            "This is not the page you look for.",
        );
    }
    if request.method() != Method::GET {
        return page(StatusCode::METHOD_NOT_ALLOWED, "Nothing is here", "Only GET is answered.");
    }
    match waiting.authorization.read(uri.query().unwrap_or_default()) {
        Redirected::Agreed(code) => waiting.answer(Ok(code)),
        Redirected::Declined(said) => waiting.answer(Err(EtsyError::Declined { said })),
        Redirected::Foreign => page(
            StatusCode::BAD_REQUEST,
            "This belongs to another login",
            "It is not the answer to the login that is waiting. Open the address that etsy-odoo printed last.",
        ),
        Redirected::Strange => page(
            StatusCode::BAD_REQUEST,
            "Nothing was answered",
            "Etsy appends a code to this address, and there is none. Open the address that etsy-odoo printed.",
        ),
    }
}

impl Waiting {
    /// The first answer counts; a page that is loaded again is told the same.
    fn answer(&self, answer: Result<SecretString, EtsyError>) -> Response {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (title, text) = match &answer {
            Ok(_) => (
                "Etsy has answered",
                "You can close this window. The terminal says whether the shop is connected.",
            ),
            Err(_) => (
                "The shop is not connected",
                "The request was declined. You can close this window; the terminal says what to do next.",
            ),
        };
        if answered.is_some_and(|answered| answered.send(answer).is_err()) {
            tracing::debug!("the seller's answer came too late");
        }
        page(StatusCode::OK, title, text)
    }
}

/// A page that loads nothing and tells nobody where it was: the code is in its address.
fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
    );
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (status, headers, Html(html)).into_response()
}

impl RedirectUri {
    /// Whether a browser on this machine can come back to it.
    pub fn is_here(&self) -> bool {
        self.ports().iter().any(|port: &SocketAddr| port.ip().is_loopback())
    }
}

#[cfg(test)]
mod tests;
