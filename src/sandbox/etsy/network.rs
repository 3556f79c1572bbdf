//! The way to Etsy and back: calls travel, and Etsy thinks.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::options::Network;
use super::{Etsy, lock};

/// Throws the dice for the waits.
#[derive(Debug)]
pub(super) struct Traffic {
    network: Network,
    random: fastrand::Rng,
}

impl Traffic {
    pub(super) fn new(network: Network) -> Self {
        Self { network, random: fastrand::Rng::with_seed(network.seed) }
    }

    /// A wait of up to so long.
    pub(super) fn up_to(&mut self, longest: Duration) -> Duration {
        let longest = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.random.u64(..=longest))
    }
}

/// Before the call is counted, and after it was answered.
pub(super) async fn travel(
    State(etsy): State<Arc<Etsy>>,
    request: Request,
    next: Next,
) -> Response {
    let one_way = || {
        let mut traffic = lock(&etsy.traffic);
        let longest = traffic.network.one_way_jitter;
        traffic.up_to(longest)
    };
    wait(one_way()).await;
    let response = next.run(request).await;
    wait(one_way()).await;
    response
}

/// After the call was counted.
pub(super) async fn think(State(etsy): State<Arc<Etsy>>, request: Request, next: Next) -> Response {
    let delay = {
        let mut traffic = lock(&etsy.traffic);
        let longest = traffic.network.answer_delay;
        traffic.up_to(longest)
    };
    let response = next.run(request).await;
    wait(delay).await;
    response
}

async fn wait(delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}
