//! A stand-in for Odoo 18: its JSON-RPC interface over a real Postgres that has Odoo's own tables.
//!
//! [`seed()`] fills an empty database, [`grant_read_role`] makes the role that a reconciler reads it with, [`serve`]
//! answers calls. One transaction per call, repeatable read, up to five tries: as Odoo's `retrying()` does
//! (<https://github.com/odoo/odoo/blob/18.0/odoo/service/model.py>). It shares no code with our client of Odoo:
//! a stand-in that shares its client's types proves nothing.
//!
//! The registry of models and fields is in the database itself (`ir_model`, `ir_model_fields`), so that a custom
//! field that a client creates is a column a moment later.

mod access;
mod arguments;
mod call;
mod convert;
mod custom_fields;
mod deliveries;
mod domain_tree;
mod entries;
mod envelope;
mod error;
mod external_ids;
mod extract;
mod load;
mod orders;
mod partners;
mod products;
mod quants;
mod read;
mod references;
mod refusal;
mod registry;
mod save;
mod search;
mod seed;
mod server;
mod services;
mod values;
mod write;

#[cfg(test)]
mod tests;

pub use error::OdooSandboxError;
pub use seed::{CatalogueSeed, ReadRole, Seed, grant_read_role, seed, trade_elsewhere};
pub use server::{OdooOptions, serve};
