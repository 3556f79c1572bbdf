//! Decides, in Rust, pure.

mod action;
mod decision;

pub use action::{
    Action, BookLine, BookOrder, CancelOrder, CreateCustomer, CreateProduct, Reference,
};
pub use decision::{Choice, Decision};
