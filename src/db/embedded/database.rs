//! Creates and drops databases. Their names cannot be parameters of those statements, so Postgres itself writes
//! the statement, with the name quoted by its own rules.

use futures_util::future::join;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

use super::EmbeddedError;

/// The longest name that Postgres does not cut short.
const NAME_BYTES: usize = 63;

/// The databases that every cluster has.
const RESERVED: [&str; 3] = ["postgres", "template0", "template1"];

pub(super) async fn create_if_missing(config: &Config, name: &str) -> Result<(), EmbeddedError> {
    check(name)?;
    let attempt = on_connection(config, async |client| create(&client, name).await).await?;
    match attempt {
        // Somebody else created it between our look and our statement.
        Err(error) if is_duplicate(&error) => Ok(()),
        done => done.map_err(|source| EmbeddedError::Database { name: name.to_owned(), source }),
    }
}

pub(super) async fn recreate(config: &Config, name: &str) -> Result<(), EmbeddedError> {
    check(name)?;
    on_connection(config, async |client| {
        let drop = client.query_one(sql!("db/drop_database.sql"), &[&name]).await?;
        client.batch_execute(drop.try_get("statement")?).await?;
        create(&client, name).await
    })
    .await?
    .map_err(|source| EmbeddedError::Database { name: name.to_owned(), source })
}

async fn create(client: &Client, name: &str) -> Result<(), tokio_postgres::Error> {
    match client.query_opt(sql!("db/create_database.sql"), &[&name]).await? {
        Some(row) => client.batch_execute(row.try_get("statement")?).await,
        None => Ok(()),
    }
}

/// Runs work on a connection of its own, which ends with it.
async fn on_connection<T>(
    config: &Config,
    work: impl AsyncFnOnce(Client) -> T,
) -> Result<T, EmbeddedError> {
    let (client, connection) =
        config.connect(NoTls).await.map_err(|source| EmbeddedError::Connect { source })?;
    let (done, closed) = join(work(client), connection).await;
    if let Err(error) = closed {
        // The work saw it too, unless it had finished.
        tracing::debug!(error = %error, "the connection did not end well");
    }
    Ok(done)
}

fn is_duplicate(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [SqlState::DUPLICATE_DATABASE, SqlState::UNIQUE_VIOLATION].contains(code)
    })
}

fn check(name: &str) -> Result<(), EmbeddedError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let fits = (1..=NAME_BYTES).contains(&name.len());
    if fits && name.bytes().all(plain) && !RESERVED.contains(&name) {
        return Ok(());
    }
    Err(EmbeddedError::DatabaseName { name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_short_and_not_the_clusters_own() {
        for name in ["etsy_odoo", "odoo18", "x"] {
            check(name).unwrap();
        }
        let long = "x".repeat(64);
        for name in ["", "Shop", "a b", "a\";drop", "ü", "postgres", "template1", &long] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
