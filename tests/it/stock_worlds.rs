//! Random stock against a real Postgres, and the quantities computed again in Rust: by walking up from each location, move
//! by move, and for kits as Odoo's own code goes about it, in floats.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it stands"
)]

mod kits;
mod mrp;
mod warehouses;
