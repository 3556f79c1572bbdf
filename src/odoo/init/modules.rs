//! Whether an Odoo has the version and the modules that we work with.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use crate::odoo::{OdooError, OdooWriter, ServerVersion};

/// The Odoo that this version knows.
const SUPPORTED: u32 = 18;

/// The modules whose tables and fields we use: orders, their deliveries and shipping lines, taxes.
const NEEDED: [&str; 5] = ["sale", "stock", "sale_stock", "delivery", "account"];

#[derive(Deserialize)]
struct Module {
    name: String,
    state: String,
}

impl ServerVersion {
    /// Refuses a version that we do not know.
    pub fn see_that_it_is_known(&self) -> Result<(), OdooError> {
        if self.major == Some(SUPPORTED) {
            return Ok(());
        }
        Err(OdooError::Version { found: self.text.clone() })
    }
}

impl OdooWriter {
    /// Asks for Odoo's version, and refuses one that we do not know.
    pub async fn known_version(&self) -> Result<ServerVersion, OdooError> {
        let version = self.rpc().version().await?;
        version.see_that_it_is_known()?;
        Ok(version)
    }

    /// Refuses an Odoo that lacks a module; every internal user may see which ones are installed.
    pub async fn see_that_modules_are_there(&self) -> Result<(), OdooError> {
        let found: Vec<Module> = self
            .search(
                "look at the modules of Odoo",
                "ir.module.module",
                json!([["name", "in", NEEDED]]),
                &["name", "state"],
            )
            .await?;
        let missing = missing(&found);
        if missing.is_empty() { Ok(()) } else { Err(OdooError::Modules { missing }) }
    }
}

fn missing(found: &[Module]) -> Vec<&'static str> {
    let installed: BTreeSet<&str> = found
        .iter()
        // one that waits for its upgrade is there as well
        .filter(|module| matches!(module.state.as_str(), "installed" | "to upgrade"))
        .map(|module| module.name.as_str())
        .collect();
    NEEDED.into_iter().filter(|name| !installed.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_there_when_it_is_installed() {
        let module = |name: &str, state: &str| Module { name: name.into(), state: state.into() };
        let found = [
            module("sale", "installed"),
            module("stock", "to upgrade"),
            module("sale_stock", "uninstalled"),
            module("delivery", "to install"),
        ];
        assert_eq!(missing(&found), ["sale_stock", "delivery", "account"]);
    }
}
