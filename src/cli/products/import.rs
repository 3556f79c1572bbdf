//! `products import`: what a person filled in, row by row.

use serde_json::json;

use super::arguments::ImportArguments;
use super::{ProductFault, known};
use crate::cli::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::journal::{self, LinkSource};
use crate::report::{self, Judged, PRODUCTS_SCHEMA};

pub(super) async fn import(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ImportArguments,
) -> Result<ExitStatus, CommandError> {
    let path = &arguments.file;
    let bytes = std::fs::read(path)
        .map_err(|source| ProductFault::Unreadable { path: path.clone(), source })?;
    let sheet = report::read_worksheet(&bytes)
        .map_err(|cell| ProductFault::NoTable { path: path.clone(), cell })?;
    let list = known(warehouse, &[]).await?;
    let ids = sheet.product_ids();
    let products = report::odoo_products(warehouse, list.staging, Some(&ids)).await?;
    let judged = report::judge(&sheet, &list, &products);
    if !arguments.dry_run && !judged.links.is_empty() {
        let now = session.clock.now();
        journal::link_products(warehouse, &judged.links, LinkSource::Import, now).await?;
    }
    tell(session, &judged, arguments.dry_run)?;
    Ok(if !judged.bad.is_empty() {
        ExitStatus::Partial
    } else if arguments.dry_run && !judged.links.is_empty() {
        ExitStatus::Changes
    } else {
        ExitStatus::Done
    })
}

fn tell(session: &Session, judged: &Judged, is_dry: bool) -> Result<(), CommandError> {
    if !session.printer.json {
        return session.printer.text(&report::imported_text(judged, is_dry));
    }
    let links: Vec<_> = judged
        .links
        .iter()
        .map(|link| json!({ "product_key": link.product_key, "product_id": link.product_id }))
        .collect();
    session.printer.document(&json!({
        "schema": PRODUCTS_SCHEMA,
        "dry_run": is_dry,
        "links": links,
        "unchanged": judged.unchanged,
        "empty": judged.empty,
        "bad": judged.bad,
        "notes": judged.notes,
    }))
}
