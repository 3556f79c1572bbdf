//! A report on days: what was sold, what became of the money, and what does not fit.

mod account;
mod build;
mod closed;
mod corrected;
mod corrections;
mod csv;
mod entries;
mod files;
mod foot;
mod foot_sheet;
mod html;
mod html_account;
mod html_breaks;
mod html_rows;
mod json;
mod load;
mod model;
mod notices;
mod rows;
mod scale;
mod sections;
mod specs;
mod table;
mod text;
mod title_sheet;
mod vocabulary;
mod words;
mod xlsx;

pub use account::{Account, Day, Figures, Month, Movement, Payout, Tie, TieStep, WaterfallLine};
pub(super) use build::month_of;
pub use closed::{ClosedAccount, closed_accounts, closed_text, write_closed};
pub use corrected::CorrectionSum;
pub use corrections::{CORRECTIONS_SCHEMA, Correction, Corrections, load_corrections};
pub use entries::{BookEntry, BookLine, ENTRIES_SCHEMA, Entries, EntriesRequest, load_entries};
pub use files::{PeriodFormat, write_period};
pub use load::{PeriodRequest, last_money_run, load_period, money_span};
pub use model::{
    BreakGroup, BreakRow, Close, EntryRow, Lack, PERIOD_SCHEMA, Period, PeriodEvidence,
    PeriodReport, ReceiptRow, Segment, Source, StockLine, Sum,
};
pub use vocabulary::{Age, Dimension, LackKind, PeriodState, StepKind, StepName, TieName};
