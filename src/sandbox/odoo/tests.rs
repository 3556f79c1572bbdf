//! The stand-in against what was recorded of a real Odoo 18.

mod bookkeeping;
mod client;
mod cluster;
mod counting;
mod drafts;
mod errors;
mod exactly_once;
mod posting;
mod rights;
mod selling;
mod stocking;
mod taxing;
