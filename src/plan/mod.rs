//! Decides, in Rust, pure.

mod action;

pub use action::{
    Action, BookLine, BookOrder, CancelOrder, CreateCustomer, CreateProduct, Reference,
};
