//! Whether the role that reads Odoo's database could also write to it: found out by trying.
//!
//! [`OdooReader`](super::OdooReader) has no verb that writes, and this adds none: a connection of its own lives for one
//! call, runs the few statements below `sql/odoo/try_*.sql`, which reach no row, inside one transaction that is rolled
//! back, and is closed. Should the role have every right there is, nothing is changed.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Transaction};

use super::DatabaseError;
use super::connect::open;

/// What is tried, and what it is called.
const ATTEMPTS: [(&str, &str); 5] = [
    ("create tables", sql!("odoo/try_create_table.sql")),
    ("create temporary tables", sql!("odoo/try_create_temporary_table.sql")),
    ("insert orders", sql!("odoo/try_insert.sql")),
    ("change orders", sql!("odoo/try_update.sql")),
    ("delete orders", sql!("odoo/try_delete.sql")),
];

/// What a role may do that a reader must not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trespasses {
    /// What was tried, and was not refused.
    pub deeds: Vec<&'static str>,
    /// The tables of Odoo that it may write to.
    pub tables: Vec<String>,
}

impl Trespasses {
    /// Whether it can only read.
    pub fn is_empty(&self) -> bool {
        let Self { deeds, tables } = self;
        deeds.is_empty() && tables.is_empty()
    }
}

/// Tries to write to Odoo's database as the role of `config`, in vain or rolled back, and lists what that role may write
/// to.
pub async fn try_to_write(mut config: Config) -> Result<Trespasses, DatabaseError> {
    // nothing that happens here may wait for Odoo, or make it wait
    config.options("-c statement_timeout=10s -c lock_timeout=2s");
    let (mut client, driver) = open(&config).await?;
    let found = attempt_all(&mut client).await;
    drop(client);
    drop(driver);
    found
}

async fn attempt_all(client: &mut Client) -> Result<Trespasses, DatabaseError> {
    let failed = |error| DatabaseError::query("see whether the role can write", error);
    // the session of the role may be read only by default, which the role could end as we do here
    let started = client.build_transaction().read_only(false).start().await;
    let mut transaction = match started {
        Ok(transaction) => transaction,
        // a standby takes no writes from anybody
        Err(error) if error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) => {
            return Ok(Trespasses::default());
        }
        Err(error) => return Err(failed(error)),
    };
    let mut found = Trespasses::default();
    for row in transaction.query(sql!("odoo/writable_tables.sql"), &[]).await.map_err(failed)? {
        found.tables.push(row.get("name"));
    }
    for (deed, statement) in ATTEMPTS {
        if is_let(&mut transaction, statement).await.map_err(failed)? {
            found.deeds.push(deed);
        }
    }
    transaction.rollback().await.map_err(failed)?;
    Ok(found)
}

/// Whether a statement is let through. It is undone in either case.
async fn is_let(
    transaction: &mut Transaction<'_>,
    statement: &str,
) -> Result<bool, tokio_postgres::Error> {
    let savepoint = transaction.savepoint("attempt").await?;
    let tried = savepoint.batch_execute(statement).await;
    savepoint.rollback().await?;
    match tried {
        Ok(()) => Ok(true),
        Err(error) if error.is_closed() => Err(error),
        // not allowed, or not to be had: in no case was it let through
        Err(_refused) => Ok(false),
    }
}
