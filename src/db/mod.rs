//! Our Postgres ([`Warehouse`]) and the read-only door to Odoo's ([`OdooReader`]): two types that cannot be
//! mistaken for one another. Transactions have names, rows travel by COPY, queries are files below `sql/`.

/// The text of a query in `sql/`, by its path there.
macro_rules! sql {
    ($($path:literal),+) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $($path),+))
    };
}

mod connect;
pub mod embedded;
mod error;
mod migrate;
mod odoo_reader;
mod pipe;
mod trespass;
mod warehouse;

pub use connect::parse_url;
pub use error::DatabaseError;
pub use migrate::migrate;
pub use odoo_reader::{OdooReader, OdooTransaction};
pub use pipe::pipe;
pub use trespass::{Trespasses, try_to_write};
pub use warehouse::{PooledClient, PooledTransaction, RunLock, Warehouse};
