//! The integration tests: one binary, so that they share one Postgres.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod architecture;
mod bad_input;
mod books;
mod call_book;
mod calls;
mod clocks;
mod counts;
mod customers;
mod demo;
mod diff_worlds;
mod drift;
mod embedded;
mod faults;
mod golden;
mod inventory;
mod killed;
mod login;
mod money;
mod odoo_side;
mod order_holds;
mod order_terms;
mod products;
mod quantities;
mod queries;
mod real_odoo;
mod set_aside;
mod staging;
mod stock_worlds;
mod support;
mod transcripts;
mod vanished;
mod vocabulary;
mod work_list;
