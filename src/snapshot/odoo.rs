//! Odoo's rows, in one moment, undecoded.

use chrono::{DateTime, Utc};

use super::SnapshotError;
use crate::db::{DatabaseError, OdooReader, OdooTransaction, Warehouse, pipe};
use crate::domain::RunId;

/// A table to read: what it holds, the COPY on Odoo's side, the COPY on ours.
struct Source {
    what: &'static str,
    out: &'static str,
    into: &'static str,
}

/// The COPY of a query that also serves elsewhere.
macro_rules! copied {
    ($path:literal) => {
        concat!("copy (\n", sql!($path), ") to stdout (format binary)")
    };
}

macro_rules! source {
    ($what:literal, $name:literal) => {
        Source {
            what: $what,
            out: sql!("snapshot/odoo_", $name, "_out.sql"),
            into: sql!("snapshot/odoo_", $name, "_in.sql"),
        }
    };
}

/// Everything that is read of Odoo.
const SOURCES: &[Source] = &[
    source!("the companies", "company"),
    source!("the currencies", "currency"),
    source!("the countries", "country"),
    source!("the states", "country_state"),
    source!("the languages", "lang"),
    source!("the pricelists", "pricelist"),
    source!("the taxes", "tax"),
    source!("the taxes of products", "product_tax"),
    source!("the external ids", "external_id"),
    source!("the partners", "partner"),
    source!("the product variants", "product"),
    source!("the product templates", "product_template"),
    source!("the sale orders", "sale_order"),
    source!("the order lines", "sale_order_line"),
    source!("the invoices and credit notes", "invoice"),
    source!("the accounts", "account"),
    source!("the journals", "journal"),
    source!("the rates of currencies", "rate"),
    source!("the entries for the books", "entry"),
    source!("the warehouses", "warehouse"),
    Source {
        what: "the stock",
        out: copied!("odoo/stock.sql"),
        into: sql!("snapshot/odoo_stock_in.sql"),
    },
];

/// What is read of an Odoo that makes kits.
const KITS: Source = source!("the bills of materials of kits", "kit");

/// How many runs' rows are kept, so that the last runs can be looked at again.
const KEPT_RUNS: i64 = 3;

/// Reads Odoo's database whole, in one repeatable-read transaction, into the snapshot of `run`. Returns how many rows
/// landed.
pub async fn take_odoo(
    warehouse: &Warehouse,
    odoo: &mut OdooReader,
    run: RunId,
    now: DateTime<Utc>,
) -> Result<u64, SnapshotError> {
    let failed = |source| SnapshotError::Odoo { source };
    let reading = odoo.transaction().await.map_err(failed)?;
    let horizon = reading
        .query(
            "begin reading Odoo's database",
            sql!("snapshot/odoo_horizon.sql"),
            &[&run.0.to_string()],
        )
        .await
        .map_err(failed)?;
    let (database, horizon): (String, String) =
        horizon.first().map(|row| (row.get("database"), row.get("horizon"))).unwrap_or_default();
    let mut client = warehouse.client().await.map_err(failed)?;
    let storing = |what: &'static str| {
        move |error| SnapshotError::Odoo { source: DatabaseError::query(what, error) }
    };
    let writing = client.transaction().await.map_err(storing("begin storing Odoo's rows"))?;
    writing
        .execute(sql!("snapshot/drop_old_odoo_rows.sql"), &[&run.0.saturating_sub(KEPT_RUNS)])
        .await
        .map_err(storing("drop the rows of older runs"))?;
    let kits = if makes_kits(&reading).await.map_err(failed)? { Some(&KITS) } else { None };
    let mut rows = 0_u64;
    for source in SOURCES.iter().chain(kits) {
        let landed =
            pipe(&reading, source.out, &writing, source.into, source.what).await.map_err(failed)?;
        tracing::debug!(rows = landed, "read {} of Odoo", source.what);
        rows = rows.saturating_add(landed);
    }
    let counted = i64::try_from(rows).unwrap_or(i64::MAX);
    writing
        .execute(
            sql!("snapshot/record_odoo_read.sql"),
            &[&run.0, &now, &database, &horizon, &counted],
        )
        .await
        .map_err(storing("record that Odoo was read"))?;
    writing.commit().await.map_err(storing("store Odoo's rows"))?;
    analyze(&client).await.map_err(storing("look at the sizes of Odoo's rows"))?;
    Ok(rows)
}

/// Whether Odoo has the module that makes kits. That our role may read it is seen before anything is read.
async fn makes_kits(reading: &OdooTransaction<'_>) -> Result<bool, DatabaseError> {
    let rows =
        reading.query("look for kits in Odoo", sql!("snapshot/odoo_makes_kits.sql"), &[]).await?;
    Ok(rows.first().is_some_and(|row| row.get("makes_kits")))
}

/// Without fresh statistics the planner takes the new rows for none.
async fn analyze(client: &crate::db::PooledClient) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(sql!("snapshot/analyze_odoo_rows.sql")).await
}
