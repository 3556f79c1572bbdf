//! Our Postgres ([`Warehouse`](self)) and the read-only door to Odoo's: two types that cannot be mistaken.

/// The text of a query in `sql/`, by its path there.
macro_rules! sql {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $path))
    };
}

pub mod embedded;
