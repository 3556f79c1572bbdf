//! Decides, in Rust, pure: values in, values out. Every finding gets exactly one decision, and an `act` carries its whole
//! action. The guard then looks at the plan as a whole.

mod action;
mod decide;
mod decision;
mod entry_action;
mod guard;
mod stock_action;
mod stock_guard;

pub use action::{
    Action, BookLine, BookNote, BookOrder, CancelOrder, Change, ChangeAddress, CreateCustomer,
    CreateProduct, DescriptionChange, Reference, UpdateProduct,
};
pub use decide::{Planner, ShopPolicy, entry_reference, line_text, obstacle_words};
pub use decision::{Choice, Decision};
pub use entry_action::{CreateEntry, EntryLine};
pub use guard::{Refusal, ShopStanding};
pub use stock_action::{CountStock, OfferingChange, ReactivateListing, SetInventory, StockSeen};
pub use stock_guard::StockStanding;

#[cfg(test)]
mod customer_tests;
#[cfg(test)]
mod inventory_tests;
#[cfg(test)]
mod tests;
