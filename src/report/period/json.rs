//! The report as JSON: the model, field by field. `docs/period.schema.json` describes it.

use super::model::PeriodReport;
use crate::report::{ReportError, json};

impl PeriodReport {
    /// The report as JSON, indented, with a line end. Amounts are strings: JSON's numbers are not exact.
    pub fn to_json(&self) -> Result<String, ReportError> {
        json::document(self.source.run, self)
    }
}
