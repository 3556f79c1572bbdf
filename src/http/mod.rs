//! Manners of calling, knowing no vendor: when to call ([`Limiter`]), when to call again ([`Attempts`]), how to
//! call ([`Client`]).
//!
//! Nothing in here sleeps: the limiter and the schedule answer *when*, and whoever calls waits.

mod allowance;
mod client;
mod day;
mod error;
mod limiter;
mod retry;
#[cfg(test)]
pub(crate) mod scripted_server;

pub use allowance::Allowance;
pub use client::{Answer, Call, Client, ClientSettings};
pub use day::DaySpent;
pub use error::HttpError;
pub use limiter::{Ceilings, Limiter, NoSlot, Slot};
pub use reqwest::Url;
pub use retry::{Attempts, Backoff, is_transient};
