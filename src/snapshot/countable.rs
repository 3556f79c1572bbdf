//! What stands where stock is counted in Odoo.

use super::SnapshotError;
use crate::db::{DatabaseError, OdooReader, Warehouse, pipe};
use crate::domain::RunId;

/// Reads what stands at the stock locations of Odoo's warehouses into the snapshot of `run`: for runs that count there. It may
/// be of another moment than the rest of Odoo's rows: what is counted is read again before it is counted. Returns how many
/// rows landed.
pub async fn take_countable(
    warehouse: &Warehouse,
    odoo: &mut OdooReader,
    run: RunId,
) -> Result<u64, SnapshotError> {
    let failed = |source| SnapshotError::Odoo { source };
    let reading = odoo.transaction().await.map_err(failed)?;
    reading
        .query(
            "begin reading what can be counted",
            sql!("snapshot/odoo_horizon.sql"),
            &[&run.0.to_string()],
        )
        .await
        .map_err(failed)?;
    let mut client = warehouse.client().await.map_err(failed)?;
    let storing = |what: &'static str| {
        move |error| SnapshotError::Odoo { source: DatabaseError::query(what, error) }
    };
    let writing =
        client.transaction().await.map_err(storing("begin storing what can be counted"))?;
    writing
        .execute(sql!("snapshot/forget_countable.sql"), &[&run.0])
        .await
        .map_err(storing("forget what could be counted"))?;
    let rows = pipe(
        &reading,
        sql!("snapshot/odoo_countable_out.sql"),
        &writing,
        sql!("snapshot/odoo_countable_in.sql"),
        "what can be counted",
    )
    .await
    .map_err(failed)?;
    writing.commit().await.map_err(storing("store what can be counted"))?;
    Ok(rows)
}
