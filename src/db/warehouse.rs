//! Our own database.

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Transaction};

use super::connect::{place, tls};
use super::error::ServerSaid;
use super::{DatabaseError, migrate};

/// A connection out of the pool.
pub type PooledClient = Object;

/// A transaction on such a connection.
pub type PooledTransaction<'a> = deadpool_postgres::Transaction<'a>;

/// How often a transaction is run before a serialization failure or a deadlock is news.
const TRIES: u32 = 5;

/// The advisory lock that a run holds; the number is arbitrary and ours.
const RUN_LOCK: i64 = 0x4554_5359_4f44_4f4f;

/// Our Postgres: evidence, staging, findings and the journal.
#[derive(Clone)]
pub struct Warehouse {
    pool: Pool,
    place: String,
}

impl std::fmt::Debug for Warehouse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Warehouse").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Warehouse {
    /// Opens the pool and makes sure that the database answers.
    pub async fn connect(config: Config) -> Result<Self, DatabaseError> {
        let place = place(&config);
        let manager = Manager::from_config(
            config,
            tls()?,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = Pool::builder(manager).max_size(6).build().map_err(|source| {
            DatabaseError::Connect {
                place: place.clone(),
                source: ServerSaid::plain(source.to_string()),
            }
        })?;
        let warehouse = Self { pool, place };
        drop(warehouse.client().await?);
        Ok(warehouse)
    }

    /// Where it is, without user or password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// A connection.
    pub async fn client(&self) -> Result<PooledClient, DatabaseError> {
        self.pool.get().await.map_err(|error| DatabaseError::Connect {
            place: self.place.clone(),
            source: match error {
                PoolError::Backend(source) => ServerSaid::from(source),
                PoolError::Timeout(_)
                | PoolError::Closed
                | PoolError::NoRuntimeSpecified
                | PoolError::PostCreateHook(_) => ServerSaid::plain(error.to_string()),
            },
        })
    }

    /// Brings the schema up to date; see [`migrate()`].
    pub async fn migrate(&self) -> Result<Vec<String>, DatabaseError> {
        let mut client = self.client().await?;
        migrate(&mut client).await
    }

    /// Runs `work` in one transaction. It is run again, a few times, when the server reports a serialization failure
    /// or a deadlock, so it must bear being run twice. `name` is a verb phrase: it is what the error says.
    pub async fn transaction<T, W>(&self, name: &str, work: W) -> Result<T, DatabaseError>
    where
        W: AsyncFn(&Transaction<'_>) -> Result<T, tokio_postgres::Error>,
    {
        let mut client = self.client().await?;
        let mut tries = 1;
        loop {
            match attempt(&mut client, &work).await {
                Ok(value) => return Ok(value),
                Err(error) if tries < TRIES && may_pass(&error) => {
                    tracing::debug!(transaction = name, tries, "the transaction is run again");
                    tries += 1;
                }
                Err(error) => return Err(DatabaseError::query(name, error)),
            }
        }
    }

    /// Takes the lock of a run, or says that another run holds it. It is freed by
    /// [`RunLock::release`], when the value is dropped, and by the server when this process dies.
    pub async fn lock_run(&self) -> Result<RunLock, DatabaseError> {
        let client = self.client().await?;
        let row = client
            .query_one("select pg_try_advisory_lock($1)", &[&RUN_LOCK])
            .await
            .map_err(|error| DatabaseError::query("take the lock of a run", error))?;
        if row.get::<_, bool>(0) {
            Ok(RunLock { client: Object::take(client) })
        } else {
            Err(DatabaseError::Locked)
        }
    }
}

async fn attempt<T, W>(client: &mut PooledClient, work: &W) -> Result<T, tokio_postgres::Error>
where
    W: AsyncFn(&Transaction<'_>) -> Result<T, tokio_postgres::Error>,
{
    let transaction = client.build_transaction().start().await?;
    let value = work(&transaction).await?;
    transaction.commit().await?;
    Ok(value)
}

fn may_pass(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
    })
}

/// The lock of a run, held on a connection of its own: closing that connection frees it.
#[derive(Debug)]
pub struct RunLock {
    client: deadpool_postgres::ClientWrapper,
}

impl RunLock {
    /// Frees the lock, and returns when it is free: whoever asks next gets it. (A connection that is only closed is
    /// noticed by the server a moment later.)
    pub async fn release(self) {
        // it fails when the connection is gone, and with it the lock
        if let Err(error) =
            self.client.query_one("select pg_advisory_unlock($1)", &[&RUN_LOCK]).await
        {
            tracing::debug!(%error, "the lock of the run was gone");
        }
    }
}
