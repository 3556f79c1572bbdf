//! A report on days: what was sold, what became of the money, and what does not fit.

mod account;
mod build;
mod foot;
mod json;
mod load;
mod model;
mod notices;
mod rows;
mod scale;
mod vocabulary;
mod words;

pub use account::{
    Account, Day, Figures, Month, Movement, Payout, Tie, TieStep, WaterfallLine,
};
pub use load::{PeriodRequest, load_period};
pub use model::{
    BreakGroup, BreakRow, EntryRow, Lack, PERIOD_SCHEMA, Period, PeriodEvidence, PeriodReport,
    ReceiptRow, Segment, Source, StockLine, Sum,
};
pub use vocabulary::{
    Age, Dimension, LackKind, PeriodState, StepKind, StepName, TieName,
};
