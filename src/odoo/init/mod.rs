//! What `etsy-odoo init` makes in Odoo, and how it is found again: the fields that carry Etsy's ids, the products of
//! lines that sell no goods, and the tag of products that a person should look at.

mod fields;
mod modules;
mod records;

pub use fields::CustomField;
pub use records::{REVIEW_TAG, ServiceProduct, Standing};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::faults::{Doubt, Fault};
use super::{OdooError, OdooWriter};

impl OdooWriter {
    /// The rows of a search, archived ones left out.
    pub(super) async fn search<T: DeserializeOwned>(
        &self,
        attempted: &str,
        model: &str,
        domain: Value,
        fields: &[&str],
    ) -> Result<Vec<T>, OdooError> {
        let arguments = json!([domain, fields]);
        let answer =
            self.execute(attempted, model, "search_read", &arguments, self.context(None)).await?;
        shaped(attempted, answer, "rows of a search")
    }
}

/// An answer as what the method returns.
pub(super) fn shaped<T: DeserializeOwned>(
    attempted: &str,
    answer: Value,
    expected: &'static str,
) -> Result<T, OdooError> {
    serde_json::from_value(answer).map_err(|_shape_error| {
        OdooError::attempting(attempted)(Fault::Ambiguous(Doubt::Shape(expected)))
    })
}
