//! `etsy-odoo`: reconciles Etsy shops with Odoo 18, in batches that a person can read before they run.
//!
//! ```text
//!       Etsy API ─┐
//!                 ├─▶ snapshot ─▶ stage ─▶ diff ─▶ plan ─────▶ apply ─▶ Odoo RPC, Etsy API
//!  Odoo Postgres ─┘   evidence    congruent findings decisions    │
//!   (read only)       as it came  sides                │          │
//!                                                      ▼          ▼
//!                                                    journal ◀── outcomes
//!                                                      │
//!                                                      ▼
//!                                                    report
//! ```
//!
//! Data moves right and down, never back. The loop is closed by the next run: it takes a new snapshot and sees
//! what is true. Recovery is not special code: it is a run.
//!
//! # Glossary
//!
//! | word | meaning |
//! |---|---|
//! | receipt | Etsy's record of one purchase; what Odoo calls a sale order |
//! | transaction | one line of a receipt |
//! | listing, offering | what a shop sells on Etsy; the price and quantity of one of its variants |
//! | ledger | Etsy's payment account; never ours |
//! | journal | what we meant to do and what we did |
//! | snapshot | evidence of one side at one time, uninterpreted |
//! | staging | both sides with the same columns, units and keys |
//! | finding | one key that does not agree, with its verdict |
//! | decision | what a plan does about a finding: act, hold or ignore |
//! | outcome | the verdict on a write: applied, refused, unknown or stale |
//!
//! # The import rule
//!
//! A room imports only the rooms that `tests/it/architecture.rs` allows it. `domain` imports nothing; `sandbox`
//! shares no code with the clients that it stands in for; nobody but the binary imports `cli` and `config`.

#[macro_use]
pub mod db;

pub mod apply;
pub mod cli;
pub mod config;
pub mod diff;
pub mod domain;
pub mod etsy;
pub mod http;
pub mod journal;
pub mod odoo;
pub mod pipeline;
pub mod plan;
pub mod report;
pub mod sandbox;
pub mod shop;
pub mod snapshot;
pub mod stage;
pub mod telemetry;
