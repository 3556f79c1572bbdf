//! Decides, in Rust, pure: values in, values out. Every finding gets exactly one decision, and an `act` carries its whole
//! action. The guard then looks at the plan as a whole.

mod action;
mod decide;
mod decision;
mod guard;
mod stock_guard;

pub use action::{
    Action, BookLine, BookNote, BookOrder, CancelOrder, Change, ChangeAddress, CountStock,
    CreateCustomer, CreateProduct, DescriptionChange, OfferingChange, ReactivateListing, Reference,
    SetInventory, StockSeen, UpdateProduct,
};
pub use decide::{Planner, ShopPolicy};
pub use decision::{Choice, Decision};
pub use guard::{Refusal, ShopStanding};
pub use stock_guard::StockStanding;

#[cfg(test)]
mod customer_tests;
#[cfg(test)]
mod inventory_tests;
#[cfg(test)]
mod tests;
