//! `products`: which product in Odoo each thing on Etsy is, and what a person says of it.

mod arguments;
mod fault;
mod import;
mod link;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use serde_json::json;

pub(super) use arguments::ProductsCommand;
use arguments::{ExportArguments, ListArguments, SuggestArguments};
pub(super) use fault::ProductFault;

use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::ShopId;
use crate::journal;
use crate::report::{self, PRODUCTS_SCHEMA, ProductList, ProductRow, Suggestion};
use crate::shop;

/// `etsy-odoo products …`.
pub(super) async fn products(
    session: &Session,
    command: ProductsCommand,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = act(session, &ours.warehouse, command).await;
    ours.close().await?;
    ended
}

async fn act(
    session: &Session,
    warehouse: &Warehouse,
    command: ProductsCommand,
) -> Result<ExitStatus, CommandError> {
    match command {
        ProductsCommand::List(arguments) => list(session, warehouse, &arguments).await?,
        ProductsCommand::Suggest(arguments) => suggest(session, warehouse, &arguments).await?,
        ProductsCommand::Show { product } => show(session, warehouse, &product).await?,
        ProductsCommand::Link { product, odoo_product_id, shop } => {
            link::link(session, warehouse, &product, odoo_product_id, shop.as_deref()).await?;
        }
        ProductsCommand::Unlink { product } => link::unlink(session, warehouse, &product).await?,
        ProductsCommand::Export(arguments) => export(session, warehouse, &arguments).await?,
        ProductsCommand::Import(arguments) => {
            return import::import(session, warehouse, &arguments).await;
        }
    }
    Ok(ExitStatus::Done)
}

/// The products of these shops; of all shops if none is named.
async fn known(warehouse: &Warehouse, names: &[String]) -> Result<ProductList, CommandError> {
    let mut shops = Vec::new();
    for name in names {
        shops.push(shop::find(warehouse, name).await?.id);
    }
    if names.is_empty() {
        shops.extend(shop::list(warehouse).await?.iter().map(|shop| shop.id));
    }
    of_shops(warehouse, &shops).await
}

async fn of_shops(warehouse: &Warehouse, shops: &[ShopId]) -> Result<ProductList, CommandError> {
    let staging = report::last_staging(warehouse).await?;
    Ok(report::load_products(warehouse, staging, shops).await?)
}

fn found<'a>(list: &'a ProductList, asked: &str) -> Result<&'a ProductRow, CommandError> {
    let unknown = || ProductFault::Unknown { asked: asked.to_owned(), run: list.staging.run };
    Ok(list.find(asked).ok_or_else(unknown)?)
}

async fn list(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ListArguments,
) -> Result<(), CommandError> {
    let list = known(warehouse, &arguments.choice.shop).await?;
    let rows = list.chosen(&arguments.choice.status);
    if session.printer.json {
        let counts: BTreeMap<String, i64> =
            list.counts().into_iter().map(|(state, count)| (state.to_string(), count)).collect();
        return session.printer.document(&json!({
            "schema": PRODUCTS_SCHEMA,
            "staging": list.staging,
            "counts": counts,
            "products": rows,
        }));
    }
    session.printer.text(&report::products_text(&list, &rows, limit(arguments.limit)))
}

/// Zero asks for all.
fn limit(given: usize) -> usize {
    if given == 0 { usize::MAX } else { given }
}

async fn suggest(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &SuggestArguments,
) -> Result<(), CommandError> {
    let list = known(warehouse, &arguments.shop).await?;
    let mut rows = Vec::new();
    for asked in &arguments.products {
        rows.push(found(&list, asked)?);
    }
    if arguments.products.is_empty() {
        rows = list.chosen(&[]);
    }
    if session.printer.json {
        let suggestions = suggestions(warehouse, &list, &rows).await?;
        let rows: Vec<_> = rows
            .iter()
            .zip(&suggestions)
            .map(|(row, suggested)| json!({ "product": row, "suggestions": suggested }))
            .collect();
        return session.printer.document(&json!({
            "schema": PRODUCTS_SCHEMA,
            "staging": list.staging,
            "suggestions": rows,
        }));
    }
    let limit = limit(arguments.limit);
    let shown: Vec<&ProductRow> = rows.iter().take(limit).copied().collect();
    let suggestions = suggestions(warehouse, &list, &shown).await?;
    session.printer.text(&report::suggestions_text(list.staging, &rows, &suggestions, limit))
}

/// Suggestions for these rows, from all that Odoo had.
async fn suggestions(
    warehouse: &Warehouse,
    list: &ProductList,
    rows: &[&ProductRow],
) -> Result<Vec<Vec<Suggestion>>, CommandError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let products = report::odoo_products(warehouse, list.staging, None).await?;
    // another shop's key may be what a product is already
    let taken = known(warehouse, &[]).await?.taken();
    Ok(report::suggest(rows, &products, &taken))
}

async fn show(session: &Session, warehouse: &Warehouse, asked: &str) -> Result<(), CommandError> {
    let list = known(warehouse, &[]).await?;
    let row = found(&list, asked)?;
    let places = report::product_places(warehouse, &row.product_key).await?;
    let links = journal::product_links(warehouse, &row.product_key).await?;
    let open: Vec<&ProductRow> = [row].into_iter().filter(|row| row.state.is_open()).collect();
    let suggestions = suggestions(warehouse, &list, &open).await?.pop().unwrap_or_default();
    if session.printer.json {
        let links: Vec<_> = links
            .iter()
            .map(|link| {
                json!({
                    "product_id": link.product_id,
                    "said_by": link.said_by,
                    "linked_at": link.linked_at,
                })
            })
            .collect();
        return session.printer.document(&json!({
            "schema": PRODUCTS_SCHEMA,
            "staging": list.staging,
            "product": row,
            "places": places,
            "links": links,
            "suggestions": suggestions,
        }));
    }
    session.printer.text(&report::show_text(row, &places, &links, &suggestions))
}

async fn export(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ExportArguments,
) -> Result<(), CommandError> {
    let list = known(warehouse, &arguments.choice.shop).await?;
    let rows = list.chosen(&arguments.choice.status);
    // what has a counterpart needs no other
    let open: Vec<&ProductRow> = rows.iter().filter(|row| row.state.is_open()).copied().collect();
    let suggested = suggestions(warehouse, &list, &open).await?;
    let mut suggested: BTreeMap<&str, Vec<Suggestion>> =
        open.iter().map(|row| row.product_key.as_str()).zip(suggested).collect();
    let beside: Vec<Vec<Suggestion>> = rows
        .iter()
        .map(|row| suggested.remove(row.product_key.as_str()).unwrap_or_default())
        .collect();
    let unwritten = |source| CommandError::File { path: arguments.out.clone(), source };
    let mut file = BufWriter::new(File::create(&arguments.out).map_err(unwritten)?);
    report::write_worksheet(&rows, &beside, &mut file)?;
    file.flush().map_err(unwritten)?;
    if session.printer.json {
        return session.printer.document(&json!({
            "schema": PRODUCTS_SCHEMA,
            "staging": list.staging,
            "file": arguments.out,
            "rows": rows.len(),
        }));
    }
    session.printer.text(&format!(
        "{} rows in {}\nfill in link_to, then: etsy-odoo products import {}\n",
        rows.len(),
        arguments.out.display(),
        arguments.out.display()
    ))
}
