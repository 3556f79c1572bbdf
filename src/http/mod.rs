//! Manners of calling, knowing no vendor: when to call ([`Limiter`]), when to call again ([`Attempts`]), how to
//! call ([`Client`]).
//!
//! Nothing in here sleeps: the limiter and the schedule answer *when*, and whoever calls waits.

mod allowance;
mod budget;
mod client;
mod day;
mod error;
mod limiter;
mod margin;
mod retry;
#[cfg(test)]
pub(crate) mod scripted_server;

pub use allowance::Allowance;
pub use budget::Budget;
pub use client::{Answer, Call, Client, ClientSettings, Once, Repeatable};
pub use day::DaySpent;
pub use error::HttpError;
pub use limiter::{Book, BookError, Ceilings, Limiter, NoSlot, Purpose, Slot};
pub use reqwest::Url;
pub use retry::{Attempts, Backoff, is_transient};
