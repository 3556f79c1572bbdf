//! The nouns that every room shares. No input, no output.

mod advice;
mod clock;
mod finance;
mod ids;
mod money;
mod variant;
mod vocabulary;
mod window;

pub use advice::{Advice, Trouble};
pub use clock::{Ahead, Clock, FixedClock, SystemClock};
pub use finance::{
    BreakEvent, BreakKind, EntryObstacle, EntryStanding, LineUse, MoneyClass, MoneyTrouble,
};
pub use ids::{ReceiptId, RunId, ShopId};
pub use money::{Currency, Money, MoneyError};
pub use variant::VariantKey;
pub(crate) use vocabulary::vocabulary;
pub use vocabulary::{
    ActionKind, DecisionKind, MatchRule, OutcomeKind, Standing, StockBasis, Subject, UnknownWord,
    Verdict,
};
pub use window::Window;
