//! Who may do what: a few groups' worth of Odoo's access rights.

use super::call::Session;
use super::refusal::Refusal;
use super::registry::Model;

/// Refuses what only an administrator may do. The bot stands for an internal user who may create contacts and sell, use
/// the inventory and manage products.
pub(super) fn check(session: &Session, model: &Model, method: &str) -> Result<(), Refusal> {
    if session.is_admin {
        return Ok(());
    }
    let (verb, writes) = match method {
        "create" | "load" => ("create", true),
        "write" => ("modify", true),
        "unlink" => ("delete", true),
        _ => ("access", false),
    };
    let group = match model.name.as_str() {
        "ir.model" | "ir.model.fields" | "ir.model.data" => "Administration/Access Rights",
        "ir.module.module" | "res.users" | "res.company" | "res.currency" | "res.currency.rate"
        | "res.country" | "res.country.state"
            if writes =>
        {
            "Administration/Settings"
        }
        "product.pricelist" | "crm.team" | "delivery.carrier" if writes => "Sales/Administrator",
        "stock.warehouse" | "stock.location" | "stock.picking.type" if writes => {
            "Inventory/Administrator"
        }
        "account.tax"
        | "account.tax.group"
        | "account.payment.term"
        | "account.fiscal.position"
        | "account.fiscal.position.tax"
            if writes =>
        {
            "Invoicing/Administrator"
        }
        _ => return Ok(()),
    };
    Err(Refusal::access(format!(
        "You are not allowed to {verb} '{}' ({}) records.\n\nThis operation is allowed for the following groups:\n\t- \
         {group}\n\nContact your administrator to request access if necessary.",
        model.label, model.name
    )))
}
