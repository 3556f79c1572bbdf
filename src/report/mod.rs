//! Says what a run found and did: a query, not a counter. The same rows give the same bytes.

mod bridge;
mod build;
mod error;
mod files;
mod foot;
mod html;
mod html_page;
mod json;
mod layout;
mod load;
mod model;
mod read;
mod rows;
mod scale;
mod standings;
mod summary;
mod text;
mod words;

pub use error::ReportError;
pub use files::{Format, write_report};
pub use load::load_report;
pub use model::{
    Application, Bounded, Bridge, BrokenSum, Cause, CurrencyTotal, DecisionLine, End, Evidence,
    Intake, OdooRead, OffRow, OutcomeLine, PersonRow, Progress, REPORT_SCHEMA, RejectRow,
    RunHeader, RunReport, Shop, ShopReport, StreamProof, SubjectReport, UnprovenWindow,
    VerdictLine,
};
