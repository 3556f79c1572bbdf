//! Reports as JSON: the model, field by field.

use serde::Serialize;

use super::ReportError;
use super::model::RunReport;
use crate::domain::RunId;

impl RunReport {
    /// The report as JSON, indented, with a line end. Amounts are strings: JSON's numbers are not exact.
    pub fn to_json(&self) -> Result<String, ReportError> {
        document(self.run.number, self)
    }
}

/// What is said of a run as JSON, indented, with a line end.
pub(super) fn document(run: RunId, model: &impl Serialize) -> Result<String, ReportError> {
    let mut json =
        serde_json::to_string_pretty(model).map_err(|source| ReportError::Json { run, source })?;
    json.push('\n');
    Ok(json)
}
