//! One call and its answer: timeouts, a ceiling on the body, no strangers, no secrets in errors.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url, redirect};
use secrecy::{ExposeSecret, SecretString};

use crate::http::allowance::retry_after;
use crate::http::error::HttpError;

const USER_AGENT: &str = concat!("etsy-odoo/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);
const REDIRECTS_AT_MOST: usize = 3;
const ALWAYS_KEPT: &[&str] = &["content-type", "retry-after"];

/// How a [`Client`] behaves.
#[derive(Debug, Clone, Copy)]
pub struct ClientSettings {
    /// From the first byte sent to the last received.
    pub call_timeout: Duration,
    /// After decompression; a larger body is an error.
    pub body_ceiling_bytes: usize,
    /// The headers of an answer that are kept, in lower case, beside `content-type` and `retry-after`.
    pub kept_headers: &'static [&'static str],
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            call_timeout: Duration::from_secs(30),
            body_ceiling_bytes: 64 * 1024 * 1024,
            kept_headers: &[],
        }
    }
}

/// A call that may be made twice: the mark of a [`Call`].
#[derive(Debug, Clone, Copy)]
pub enum Repeatable {}

/// A call whose second time may have a second effect: the mark of a [`Call`].
#[derive(Debug, Clone, Copy)]
pub enum Once {}

/// A call as it is sent. Whether it may be sent again is part of its type: only a `GET` is [`Repeatable`] by itself.
#[derive(Clone)]
pub struct Call<Repetition = Repeatable> {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Body,
    repetition: PhantomData<Repetition>,
}

#[derive(Clone)]
enum Body {
    Nothing,
    Form(Vec<(&'static str, SecretString)>),
    WrittenForm(SecretString),
    Json(Bytes),
}

impl Call<Repeatable> {
    /// A `GET`.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url, Body::Nothing)
    }
}

impl Call<Once> {
    /// A `POST` of an HTML form, `application/x-www-form-urlencoded`.
    pub fn post_form(url: Url, fields: Vec<(&'static str, SecretString)>) -> Self {
        Self::new(Method::POST, url, Body::Form(fields))
    }

    /// A `POST` of an HTML form that is already written as `application/x-www-form-urlencoded`.
    pub fn post_written_form(url: Url, form: SecretString) -> Self {
        Self::new(Method::POST, url, Body::WrittenForm(form))
    }

    /// A `POST` of JSON that is already written.
    pub fn post_json(url: Url, json: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, url, Body::Json(json.into()))
    }

    /// A `PUT` of JSON that is already written.
    pub fn put_json(url: Url, json: impl Into<Bytes>) -> Self {
        Self::new(Method::PUT, url, Body::Json(json.into()))
    }

    /// A `PATCH` by an HTML form, `application/x-www-form-urlencoded`.
    pub fn patch_form(url: Url, fields: Vec<(&'static str, SecretString)>) -> Self {
        Self::new(Method::PATCH, url, Body::Form(fields))
    }

    /// The same call, by somebody who knows why its second time does no harm. To say why beside it.
    pub fn harmless_twice(self) -> Call<Repeatable> {
        let Self { method, url, headers, body, repetition: PhantomData } = self;
        Call { method, url, headers, body, repetition: PhantomData }
    }
}

impl<Repetition> Call<Repetition> {
    fn new(method: Method, url: Url, body: Body) -> Self {
        Self { method, url, headers: HeaderMap::new(), body, repetition: PhantomData }
    }

    /// Adds a header that is kept out of every `Debug`.
    pub fn secret_header(
        mut self,
        name: &'static str,
        value: &SecretString,
    ) -> Result<Self, HttpError> {
        let mut value =
            HeaderValue::from_str(value.expose_secret()).ok().ok_or(HttpError::Header { name })?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    fn host(&self) -> String {
        self.url.host_str().unwrap_or("nowhere").to_owned()
    }
}

impl<Repetition> fmt::Debug for Call<Repetition> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("method", &self.method)
            .field("host", &self.host())
            .finish_non_exhaustive()
    }
}

/// What came back, whatever its status.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body as received, decompressed.
    pub body: Bytes,
    headers: BTreeMap<&'static str, String>,
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header that was kept; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// How long the other side asks to be left alone.
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        retry_after(self.header("retry-after")?, now)
    }

    /// Whether the body claims to be HTML: an error page of a proxy, usually.
    pub fn is_html(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Sends calls. Holds the pool of connections: make one and keep it.
#[derive(Debug)]
pub struct Client {
    inner: reqwest::Client,
    settings: ClientSettings,
}

impl Client {
    /// A client with its own pool of connections.
    pub fn new(settings: ClientSettings) -> Result<Self, HttpError> {
        let inner = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .gzip(true)
            .connect_timeout(CONNECT_TIMEOUT.min(settings.call_timeout))
            .timeout(settings.call_timeout)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(redirect::Policy::custom(follow_within_the_host))
            .build()
            .map_err(HttpError::SetUp)?;
        Ok(Self { inner, settings })
    }

    /// Sends the call once and reads the whole answer. A status is no error here.
    pub async fn send<Repetition>(&self, call: &Call<Repetition>) -> Result<Answer, HttpError> {
        let host = call.host();
        let request = self.inner.request(call.method.clone(), call.url.clone());
        let request = match &call.body {
            Body::Nothing => request,
            Body::Form(fields) => {
                let exposed: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.expose_secret())).collect();
                request.form(&exposed)
            }
            Body::WrittenForm(form) => request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.expose_secret().to_owned()),
            Body::Json(json) => request.header(CONTENT_TYPE, "application/json").body(json.clone()),
        };
        let answer = request
            .headers(call.headers.clone())
            .send()
            .await
            .map_err(|error| classify(host.clone(), error))?;
        self.read(host, answer).await
    }

    async fn read(&self, host: String, mut answer: reqwest::Response) -> Result<Answer, HttpError> {
        let status = answer.status().as_u16();
        let headers = self.keep(answer.headers());
        let limit_bytes = self.settings.body_ceiling_bytes;
        let mut body = BytesMut::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if chunk.len() > limit_bytes.saturating_sub(body.len()) => {
                    return Err(HttpError::TooLarge { host, limit_bytes });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(Answer { status, body: body.freeze(), headers }),
                Err(error) => return Err(classify(host, error)),
            }
        }
    }

    fn keep(&self, headers: &HeaderMap) -> BTreeMap<&'static str, String> {
        ALWAYS_KEPT
            .iter()
            .chain(self.settings.kept_headers)
            .filter_map(|name| {
                headers.get(*name)?.to_str().ok().map(|value| (*name, value.to_owned()))
            })
            .collect()
    }
}

/// Credentials travel in headers of their own, which no client library knows to drop at a strange host.
fn follow_within_the_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let stays =
        attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
    if stays && attempt.previous().len() <= REDIRECTS_AT_MOST {
        attempt.follow()
    } else {
        attempt.error("a redirect to another host, or one too many")
    }
}

fn classify(host: String, error: reqwest::Error) -> HttpError {
    let source = error.without_url();
    if source.is_redirect() {
        HttpError::Redirected { host, source }
    } else if source.is_connect() {
        HttpError::Connect { host, source }
    } else if source.is_timeout() {
        HttpError::Timeout { host, source }
    } else if source.is_builder() {
        HttpError::Address
    } else {
        HttpError::Interrupted { host, source }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::http::scripted_server::{Reply, ScriptedServer};

    async fn ask(server: &ScriptedServer, settings: ClientSettings) -> Result<Answer, HttpError> {
        Client::new(settings).unwrap().send(&Call::get(server.url("/thing?key=hush"))).await
    }

    #[tokio::test]
    async fn an_answer_is_status_kept_headers_and_bytes() {
        let server = ScriptedServer::start(vec![
            Reply::json(404, "{}").header("x-kept", "1").header("x-dropped", "2"),
        ])
        .await;
        let settings = ClientSettings { kept_headers: &["x-kept"], ..ClientSettings::default() };
        let answer = ask(&server, settings).await.unwrap();
        assert_eq!((answer.status, answer.body.as_ref()), (404, b"{}".as_ref()));
        assert_eq!((answer.header("x-kept"), answer.header("x-dropped")), (Some("1"), None));
        assert!(!answer.is_success() && !answer.is_html());
        let seen = server.seen();
        assert_eq!(seen[0].header("user-agent"), Some(USER_AGENT));
        assert_eq!(seen[0].header("accept-encoding"), Some("gzip"));
    }

    #[tokio::test]
    async fn a_gzipped_body_arrives_unpacked_and_is_measured_unpacked() {
        let bomb = "0".repeat(100_000);
        let server =
            ScriptedServer::start(vec![Reply::gzip(200, &bomb), Reply::gzip(200, &bomb)]).await;
        let answer = ask(&server, ClientSettings::default()).await.unwrap();
        assert_eq!(answer.body.len(), 100_000);
        let settings = ClientSettings { body_ceiling_bytes: 99_999, ..ClientSettings::default() };
        let error = ask(&server, settings).await.unwrap_err();
        assert!(matches!(error, HttpError::TooLarge { limit_bytes: 99_999, .. }), "{error}");
    }

    #[tokio::test]
    async fn a_body_that_is_cut_short_is_an_interruption() {
        let server = ScriptedServer::start(vec![Reply::json(200, "{\"a\":").cut_short()]).await;
        let error = ask(&server, ClientSettings::default()).await.unwrap_err();
        assert!(matches!(error, HttpError::Interrupted { .. }), "{error}");
        assert!(error.is_transient() && !error.was_not_sent());
    }

    #[tokio::test]
    async fn silence_is_a_timeout() {
        let server = ScriptedServer::start(vec![Reply::silence()]).await;
        let settings =
            ClientSettings { call_timeout: Duration::from_millis(50), ..ClientSettings::default() };
        let error = ask(&server, settings).await.unwrap_err();
        assert!(matches!(error, HttpError::Timeout { .. }), "{error}");
        assert!(error.is_transient() && !error.was_not_sent());
    }

    #[tokio::test]
    async fn credentials_are_not_carried_to_another_host() {
        let stranger = ScriptedServer::start(vec![Reply::json(200, "{}")]).await;
        let server = ScriptedServer::start(vec![
            Reply::json(307, "").header("location", stranger.url("/").as_str()),
            Reply::json(307, "").header("location", "/elsewhere"),
            Reply::json(200, "{}"),
        ])
        .await;
        let error = ask(&server, ClientSettings::default()).await.unwrap_err();
        assert!(matches!(error, HttpError::Redirected { .. }), "{error}");
        assert!(stranger.seen().is_empty());
        assert_eq!(ask(&server, ClientSettings::default()).await.unwrap().status, 200);
    }

    #[tokio::test]
    async fn an_error_names_the_host_and_nothing_of_the_query() {
        let address = {
            let server = ScriptedServer::start(Vec::new()).await;
            server.url("/thing?key=hush")
        };
        let client = Client::new(ClientSettings::default()).unwrap();
        let error = client.send(&Call::get(address)).await.unwrap_err();
        assert!(error.is_transient() && error.was_not_sent());
        let mut chain = format!("{error:?}");
        let mut cause: Option<&dyn Error> = Some(&error);
        while let Some(link) = cause {
            chain.push_str(&link.to_string());
            cause = link.source();
        }
        assert!(chain.contains("no connection to 127.0.0.1"), "{chain}");
        assert!(!chain.contains("hush") && !chain.contains("thing"), "{chain}");
    }

    #[tokio::test]
    async fn a_secret_is_sent_and_not_shown() {
        let server = ScriptedServer::start(vec![Reply::json(200, "{}")]).await;
        let secret = SecretString::from("hush");
        let call = Call::post_form(server.url("/token"), vec![("refresh_token", secret.clone())])
            .secret_header("x-api-key", &secret)
            .unwrap();
        assert!(!format!("{call:?}").contains("hush"));
        Client::new(ClientSettings::default()).unwrap().send(&call).await.unwrap();
        let seen = server.seen();
        assert_eq!(seen[0].body, "refresh_token=hush");
        assert_eq!(seen[0].header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(seen[0].header("x-api-key"), Some("hush"));
        let broken = Call::get(server.url("/")).secret_header("x-api-key", &"a\nb".into());
        assert!(matches!(broken, Err(HttpError::Header { name: "x-api-key" })));
    }
}
