//! Faults on demand, in the words of `sandbox::faults`, which takes the place of this file.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;

/// One way for a call to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection closes without an answer, and nothing has happened.
    ResetBefore,
    /// The connection closes without an answer, and the call has taken effect.
    ResetAfter,
}

/// The faults to come, in their order; clones share the list.
#[derive(Debug, Clone, Default)]
pub struct FaultScript(Arc<Mutex<VecDeque<(String, Fault)>>>);

impl FaultScript {
    /// Strikes the next call of an operation (`sale.order.load`, `common.authenticate`).
    pub fn push(&self, operation: &str, fault: Fault) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back((operation.to_owned(), fault));
    }

    /// What goes wrong with this call, if anything.
    pub fn next(&self, operation: &str) -> Option<Fault> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = waiting.iter().position(|(awaited, _)| awaited == operation)?;
        waiting.remove(place).map(|(_, fault)| fault)
    }
}

/// Answers a call under a fault: runs `effect`, the real handling, as the fault allows.
pub(super) async fn act(fault: Option<Fault>, effect: impl Future<Output = Response>) -> Response {
    match fault {
        None => effect.await,
        Some(Fault::ResetBefore) => connection_reset(),
        Some(Fault::ResetAfter) => {
            drop(effect.await);
            connection_reset()
        }
    }
}

/// A response that never leaves: hyper drops the connection when the first poll of a body fails.
fn connection_reset() -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Response::new(Body::from_stream(futures_util::stream::iter([Err::<Bytes, _>(broken)])))
}
