//! The book of calls that everybody shares who holds the same API key, in our database.
//!
//! Whoever asks holds the key's lock for two round trips. The clock is the server's, read after the lock is held: machines
//! whose clocks differ share a key none the worse. A process that dies takes its lock with it, and at most the
//! calls that it had reserved; one that is frozen loses the lock after ten seconds.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{self, BoxFuture, FutureExt as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_postgres::IsolationLevel;
use tokio_postgres::types::Json;

use super::ShopError;
use crate::db::{DatabaseError, Warehouse};
use crate::domain::Clock;
use crate::http::{Allowance, Book, BookError, Budget, Ceilings, NoSlot, Purpose, Slot};

/// The shared book of one API key.
#[derive(Debug)]
pub struct CallBook {
    warehouse: Warehouse,
    /// SHA-256 of the keystring.
    key_hash: Vec<u8>,
    clock: Option<Arc<dyn Clock>>,
    /// Whoever of this process asks waits here, not on a connection that others could use.
    queue: Mutex<()>,
}

impl CallBook {
    /// The book of the app with this keystring, by the database server's clock.
    pub fn new(warehouse: Warehouse, keystring: &SecretString) -> Self {
        let key_hash = Sha256::digest(keystring.expose_secret().as_bytes()).to_vec();
        Self { warehouse, key_hash, clock: None, queue: Mutex::new(()) }
    }

    /// The same book by another clock, which all who share the key must share.
    #[must_use]
    pub fn by(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Lets `ask` have the budget to itself. Also answers how long ago the server was asked for the time.
    async fn with<T>(
        &self,
        ask: impl FnOnce(&mut Budget, DateTime<Utc>) -> T,
    ) -> Result<(T, Instant), DatabaseError> {
        let failed = |error| DatabaseError::query("share the calls of the API key", error);
        let turn = self.queue.lock().await;
        let mut client = self.warehouse.client().await?;
        let (lock, read, store) = future::try_join3(
            client.prepare_cached(sql!("shop/lock_call_budget.sql")),
            client.prepare_cached(sql!("shop/call_budget.sql")),
            client.prepare_cached(sql!("shop/store_call_budget.sql")),
        )
        .await
        .map_err(failed)?;
        // each statement sees what was committed before it began, whatever the database's default is
        let transaction = client
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .start()
            .await
            .map_err(failed)?;
        let fixed = self.clock.as_ref().map(|clock| clock.now());
        // sent together, run in this order
        let (_locked, row) = future::try_join(
            transaction.query_one(&lock, &[&self.key_hash]),
            transaction.query_one(&read, &[&self.key_hash, &fixed]),
        )
        .await
        .map_err(failed)?;
        let told_the_time = Instant::now();
        let now: DateTime<Utc> = row.get("now");
        let known: Option<Json<serde_json::Value>> = row.get("state");
        let mut budget = known.and_then(|Json(state)| readable(state)).unwrap_or_default();
        let answer = ask(&mut budget, now);
        transaction
            .execute(&store, &[&self.key_hash, &Json(&budget), &now])
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        drop(turn);
        Ok((answer, told_the_time))
    }
}

/// Another version may have written what this one cannot read: then the budget is learned anew.
fn readable(state: serde_json::Value) -> Option<Budget> {
    serde_json::from_value(state)
        .inspect_err(|error| {
            tracing::warn!(%error, "what is known of the calls with this API key does not read; it is learned anew");
        })
        .ok()
}

fn out_of_reach(source: DatabaseError) -> BookError {
    BookError::new(source.advice(), ShopError::Database(source))
}

impl Book for CallBook {
    fn reserve(
        &self,
        ceilings: Ceilings,
        purpose: Purpose,
        patience: TimeDelta,
    ) -> BoxFuture<'_, Result<Slot, NoSlot>> {
        async move {
            let (reserved, told_the_time) = self
                .with(|budget, now| budget.reserve(now, ceilings, purpose, patience))
                .await
                .map_err(out_of_reach)?;
            Ok(reserved?.heard_after(told_the_time.elapsed()))
        }
        .boxed()
    }

    fn learn(
        &self,
        slot: Slot,
        allowance: Allowance,
        refused: bool,
    ) -> BoxFuture<'_, Result<(), BookError>> {
        async move {
            self.with(|budget, now| {
                budget.learn(now, slot, &allowance, refused);
            })
            .await
            .map_err(out_of_reach)?;
            Ok(())
        }
        .boxed()
    }
}
