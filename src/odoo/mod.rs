//! Odoo's RPC as it is: wire types, faults, the writer.
//!
//! Reading Odoo is done in its Postgres; what is called here changes something, or looks at what was just changed.
//! Records are created by `load`, which writes a record and its external id in one transaction: a repeated call gives
//! the same ids and touches nothing.

mod faults;
mod init;
mod load;
mod order_sheet;
mod records;
mod rpc;
mod scrub;
mod settings;
mod sheet;
#[cfg(test)]
mod wire_tests;
mod writer;

pub use faults::{Doubt, Fault, Nature, Refusal};
pub use init::{CustomField, ServiceProduct};
pub use load::{Load, LoadMessage};
pub use records::{
    CustomerRecord, NoteRecord, OrderLineRecord, OrderRecord, OrderShape, OrderTerms, ProductRecord,
};
pub use rpc::{OdooRpc, ServerVersion, UserId};
pub use settings::OdooSettings;
pub use sheet::Sheet;
pub use writer::{Amounts, OdooWriter, OrderState};

use crate::domain::Advice;

/// What can go wrong in a call of Odoo.
#[derive(Debug, thiserror::Error)]
pub enum OdooError {
    /// The address in the settings. It is not repeated: it may hold a password.
    #[error("odoo.url is not the address of a server")]
    Url,
    /// The HTTP client could not be made.
    #[error("could not make ready to call Odoo")]
    Client {
        /// What is wrong.
        #[source]
        source: reqwest::Error,
    },
    /// A call.
    #[error("could not {attempted}")]
    Call {
        /// A verb phrase.
        attempted: String,
        /// What came back.
        #[source]
        source: Fault,
    },
    /// A field that we need exists, and is something else.
    #[error("the field {field} of {model} is of type {found}, and must be of type char")]
    FieldType {
        /// Odoo's model.
        model: String,
        /// The field.
        field: String,
        /// Its type.
        found: String,
    },
    /// A service product that Odoo would not create.
    #[error("Odoo did not create the service products: {words}")]
    ServiceProducts {
        /// Odoo's words, scrubbed.
        words: String,
    },
}

impl OdooError {
    fn attempting(attempted: impl Into<String>) -> impl FnOnce(Fault) -> Self {
        let attempted = attempted.into();
        move |source| Self::Call { attempted, source }
    }

    /// What came back from the call, where there was one.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Call { source, .. } => Some(source),
            Self::Url
            | Self::Client { .. }
            | Self::FieldType { .. }
            | Self::ServiceProducts { .. } => None,
        }
    }

    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Url => Advice::needs_person(
                "write odoo.url as https://host, with the key in odoo.api_key and not in the address",
            ),
            Self::Client { .. } => Advice::failed(),
            Self::Call { source, .. } => source.advice(),
            Self::FieldType { model, field, .. } => Advice::needs_person(format!(
                "rename or remove the field {field} of {model} in Odoo (Settings, Technical, Fields), then run `etsy-odoo init` again"
            )),
            Self::ServiceProducts { .. } => Advice::needs_person(
                "see what Odoo says and mend it there, then run `etsy-odoo init` again",
            ),
        }
    }
}
