//! The nouns that every room shares. No input, no output.

mod advice;
mod clock;
mod finance;
mod ids;
mod money;
mod vocabulary;
mod window;

pub use advice::{Advice, Trouble};
pub use clock::{Clock, FixedClock, SystemClock};
pub use finance::{BreakEvent, BreakKind, MoneyClass, MoneyTrouble};
pub use ids::{ReceiptId, RunId, ShopId};
pub use money::{Currency, Money, MoneyError};
pub(crate) use vocabulary::vocabulary;
pub use vocabulary::{
    ActionKind, DecisionKind, OutcomeKind, Standing, StockBasis, Subject, UnknownWord, Verdict,
};
pub use window::Window;
