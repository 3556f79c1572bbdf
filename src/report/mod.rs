//! Says what a run found and did: a query, not a counter. The same rows give the same bytes.

mod breaks;
mod bridge;
mod build;
mod entry_detail;
mod error;
mod explain;
mod explain_text;
mod figures;
mod files;
mod foot;
mod html;
mod html_chart;
mod html_lists;
mod html_page;
mod json;
mod layout;
mod load;
mod model;
pub mod period;
mod plan_html;
mod plan_json;
mod plan_load;
mod plan_text;
mod plan_view;
mod product_update;
mod products;
mod quantities;
mod read;
mod rows;
mod scale;
mod site;
mod standings;
mod summary;
#[cfg(test)]
mod tests;
mod text;
mod text_bridge;
mod words;

pub use breaks::words as break_words;
pub use breaks::{
    BREAKS_SCHEMA, Break, BreakEntry, BreakFile, BreakHistory, LastSearch, break_text, breaks_text,
    last_search, load_break, load_breaks,
};
pub use error::ReportError;
pub use explain::{EXPLANATION_SCHEMA, ExplainedOffering, ExplainedStock, Explanation, explain};
pub use figures::{
    Bridge, Cause, CurrencyTotal, DecisionLine, Intake, OutcomeLine, Progress, ShopReport,
    SubjectReport, VerdictLine,
};
pub use files::{Format, write_report};
pub use load::load_report;
pub use model::{
    Application, Bounded, BrokenSum, End, Evidence, OdooRead, OffRow, PersonRow, REPORT_SCHEMA,
    RejectRow, RunHeader, RunReport, Shop, StreamProof, UnprovenWindow,
};
pub use plan_json::{Payloads, write_plan_json};
pub use plan_load::{Rows, load_plan};
pub use plan_view::{Cost, PLAN_SCHEMA, PlanGroup, PlanMoney, PlanRow, PlanTotal, PlanView};
pub use products::{
    BadCell, Judged, OdooProduct, PRODUCTS_SCHEMA, Place, ProductFilter, ProductList, ProductRow,
    ProductState, Sheet, SheetRow, Staging, Suggestion, Wish, imported_text, judge, last_staging,
    linked_text, load_products, odoo_products, product_places, products_text, read_worksheet,
    show_text, suggest, suggestions_text, unlinked_text, write_worksheet,
};
pub use quantities::{QuantityTotal, SellersEdits};
pub use site::{SiteMoney, write_site};
