//! The read-only door to Odoo's database.
//!
//! Read-only three times over: this type has no verb that writes, the session is opened with
//! `default_transaction_read_only`, and the role that the merchant gives us has `select` and nothing else.

use tokio_postgres::{Client, Config, IsolationLevel, Transaction};

use super::DatabaseError;
use super::connect::{open, place};

/// A connection to Odoo's Postgres that can only read.
#[derive(Debug)]
pub struct OdooReader {
    client: Client,
    place: String,
    database: String,
    connection: tokio::task::JoinSet<()>,
}

impl OdooReader {
    /// Connects.
    pub async fn connect(mut config: Config) -> Result<Self, DatabaseError> {
        let place = place(&config);
        let database = config.get_dbname().unwrap_or_default().to_owned();
        config.options(
            "-c default_transaction_read_only=on -c statement_timeout=120s -c extra_float_digits=3",
        );
        let (client, connection) = open(&config).await?;
        Ok(Self { client, place, database, connection })
    }

    /// Where it is, without user or password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Whether the connection is still driven.
    pub fn is_open(&self) -> bool {
        !self.connection.is_empty() && !self.client.is_closed()
    }

    /// One repeatable-read, read-only transaction: everything read through it is of one moment.
    pub async fn transaction(&mut self) -> Result<OdooTransaction<'_>, DatabaseError> {
        let inner = self
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await
            .map_err(|error| DatabaseError::query("begin reading Odoo's database", error))?;
        Ok(OdooTransaction { inner })
    }
}

/// A read of one moment. Its verbs are reading verbs.
pub struct OdooTransaction<'a> {
    inner: Transaction<'a>,
}

impl std::fmt::Debug for OdooTransaction<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("OdooTransaction").finish_non_exhaustive()
    }
}

impl OdooTransaction<'_> {
    /// Rows of a query.
    pub async fn query(
        &self,
        attempted: &str,
        statement: &str,
        parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>, DatabaseError> {
        self.inner
            .query(statement, parameters)
            .await
            .map_err(|error| DatabaseError::query(attempted, error))
    }

    /// The bytes of a `copy (…) to stdout`, undecoded.
    pub async fn copy_out(
        &self,
        attempted: &str,
        statement: &str,
    ) -> Result<tokio_postgres::CopyOutStream, DatabaseError> {
        self.inner.copy_out(statement).await.map_err(|error| DatabaseError::query(attempted, error))
    }
}
