//! Reports from hand-built rows.

mod fixture;
mod rendering;
mod sums;
