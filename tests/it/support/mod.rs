//! What the tests stand on: a Postgres for this process, and a database of its own for each test.

mod accounting;
mod cluster;
mod database;
pub(crate) mod house;
mod office;
mod program;

pub(crate) use accounting::Accounting;
pub(crate) use cluster::{TestCluster, connect};
pub(crate) use database::TestDatabase;
pub(crate) use house::House;
pub(crate) use office::{ADMIN_PASSWORD, BOT_PASSWORD, Office, TOKEN_KEY, as_role, of_database};
pub(crate) use program::{Ending, Program, transcript};

use std::future::Future;
use std::thread;

/// Runs a future to its end from any place, also from within a test's own runtime, where blocking on it is
/// refused: on a thread with a runtime of its own.
pub(crate) fn finish<F: Future<Output: Send>>(work: impl FnOnce() -> F + Send) -> F::Output {
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(work())
        });
        match worker.join() {
            Ok(output) => output,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
