//! Odoo's RPC as it is: wire types, faults, the writer.
//!
//! Reading Odoo is done in its Postgres; what is called here changes something, or looks at what was just changed.
//! Records are created by `load`, which writes a record and its external id in one transaction: a repeated call gives
//! the same ids and touches nothing.

mod addresses;
mod counts;
mod denial;
mod entry_sheet;
mod faults;
mod init;
mod load;
mod order_sheet;
mod product_sheet;
mod records;
mod rights;
mod rpc;
mod scrub;
mod settings;
mod sheet;
#[cfg(test)]
mod wire_tests;
mod writer;

pub use addresses::{AddressChange, Delivery, OrderAddress};
pub use counts::{CountAnswer, StockCount};
pub use denial::Denial;
pub use entry_sheet::{EntryLineRecord, EntryRecord};
pub use faults::{Doubt, Fault, Nature, Refusal};
pub use init::{CustomField, REVIEW_TAG, ServiceProduct, Standing};
pub use load::{Load, LoadMessage};
pub use records::{
    CustomerRecord, CustomerShape, NoteRecord, OrderLineRecord, OrderRecord, OrderShape,
    OrderTerms, ProductRecord, ProductShape, ProductUpdate,
};
pub use rights::{ApiUser, KeyEnd, MissingRight, Uses};
pub use rpc::{OdooRpc, ServerVersion, UserId};
pub use settings::{Chatter, OdooSettings};
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
    #[error("the field {field} of {model} {found}, and has to be plain text")]
    FieldType {
        /// Odoo's model.
        model: String,
        /// The field.
        field: String,
        /// What it is, as the rest of the sentence.
        found: String,
    },
    /// Another Odoo than the one we know.
    #[error("this is Odoo {found}, and this version of etsy-odoo knows Odoo 18")]
    Version {
        /// As Odoo writes it.
        found: String,
    },
    /// Modules that are not installed.
    #[error("Odoo lacks {}", listed(missing))]
    Modules {
        /// Their technical names.
        missing: Vec<&'static str>,
    },
    /// Something of ours that Odoo would not create.
    #[error("Odoo did not create {what}: {words}")]
    NotCreated {
        /// What it was.
        what: &'static str,
        /// Odoo's words, scrubbed.
        words: String,
    },
    /// A service product that lines cannot refer to.
    #[error("the product \"{name}\" is archived in Odoo")]
    Archived {
        /// What people see.
        name: &'static str,
    },
}

fn listed(modules: &[&str]) -> String {
    let noun = if modules.len() == 1 { "module" } else { "modules" };
    format!("the {noun} `{}`", modules.join("`, `"))
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
            | Self::Version { .. }
            | Self::Modules { .. }
            | Self::NotCreated { .. }
            | Self::Archived { .. } => None,
        }
    }

    /// The same to somebody who gave an administrator's login and, on stdin, what goes with it.
    pub fn advice_to_administrator(&self) -> Advice {
        match self.fault() {
            Some(Fault::AccessDenied) => Advice::needs_person(
                "check the login behind --admin-login, the password on stdin and odoo.database; a user with two-factor authentication gives an API key instead of the password",
            ),
            Some(Fault::NotAllowed(_)) => Advice::needs_person(
                "give --admin-login the login of a user with the groups Administration/Settings and Sales/Administrator",
            ),
            Some(_) | None => self.advice(),
        }
    }

    /// The same to somebody who gave none.
    pub fn advice_without_administrator(&self) -> Advice {
        match self.fault() {
            Some(Fault::NotAllowed(_)) => Advice::needs_person(
                "let an administrator make what is missing, once: `etsy-odoo init --admin-login LOGIN`, with the password on stdin",
            ),
            Some(_) | None => self.advice(),
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
                "rename or remove the field {field} of {model} in Odoo (developer mode: Settings, Technical, Fields), then run `etsy-odoo init` again"
            )),
            Self::Version { .. } => {
                Advice::needs_person("see whether there is a version of etsy-odoo for your Odoo")
            }
            Self::Modules { .. } => {
                Advice::needs_person("install them in Odoo (Apps), then run `etsy-odoo init` again")
            }
            Self::NotCreated { .. } => Advice::needs_person(
                "see what Odoo says and mend it there, then run `etsy-odoo init` again",
            ),
            Self::Archived { .. } => Advice::needs_person(
                "unarchive it in Odoo (Products, filter Archived): order lines refer to it",
            ),
        }
    }
}
