//! Quantities on Etsy: what is written, and that nothing else changes.
#![expect(
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it stands"
)]

mod killed;
mod lost;
mod many;
mod market;
mod off_and_on;
mod push;
mod round_trip;
mod simulation;
