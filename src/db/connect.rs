//! Connections, over a Unix socket, plain TCP or TLS, as the URL says.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::task::JoinSet;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DatabaseError;
use super::error::ServerSaid;

/// Reads a URL (or a `key=value` string). `setting` names where it came from, for the error.
pub fn parse_url(setting: &str, url: &str) -> Result<Config, DatabaseError> {
    let mut config: Config = url.parse().map_err(|source| DatabaseError::Url {
        setting: setting.to_owned(),
        source: ServerSaid::from(source),
    })?;
    if config.get_hosts().is_empty() {
        return Err(DatabaseError::Url {
            setting: setting.to_owned(),
            source: ServerSaid::plain("it names no host"),
        });
    }
    config.application_name("etsy-odoo");
    config.connect_timeout(std::time::Duration::from_secs(10));
    Ok(config)
}

/// Host, port and database, without user or password.
pub(super) fn place(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("database `{}` at {host}:{port}", config.get_dbname().unwrap_or("postgres"))
}

/// Opens one connection, and gives with it the task that drives it: it ends when either is dropped.
pub(super) async fn open(config: &Config) -> Result<(Client, JoinSet<()>), DatabaseError> {
    let refuse = |source: tokio_postgres::Error| DatabaseError::Connect {
        place: place(config),
        source: ServerSaid::from(source),
    };
    let mut driving = JoinSet::new();
    let uses_socket = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
    let client = if uses_socket {
        let (client, driver) = config.connect(NoTls).await.map_err(refuse)?;
        driving.spawn(async move { report_end(driver.await) });
        client
    } else {
        let (client, driver) = config.connect(tls()?).await.map_err(refuse)?;
        driving.spawn(async move { report_end(driver.await) });
        client
    };
    Ok((client, driving))
}

fn report_end(end: Result<(), tokio_postgres::Error>) {
    if let Err(error) = end {
        tracing::debug!(error = %ServerSaid::from(error), "a connection to Odoo's database ended");
    }
}

/// The TLS half of a connection: the platform's own certificate store decides whom to trust.
pub(super) fn tls() -> Result<MakeRustlsConnect, DatabaseError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let refuse = |source: rustls::Error| DatabaseError::Connect {
        place: "a database over TLS".to_owned(),
        source: ServerSaid::plain(source.to_string()),
    };
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refuse)?
        .with_platform_verifier()
        .map_err(refuse)?
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(client))
}
