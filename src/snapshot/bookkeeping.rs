//! Whether Odoo has what entries for the books are made of.

use super::SnapshotError;
use crate::db::OdooReader;

/// Something of Odoo's bookkeeping that a policy names, and that no entry can be made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BooksFault {
    /// `company`, `journal` or `account`.
    pub what: String,
    /// Its number or its code.
    pub name: String,
    /// `missing`, `several` (and none is named), `archived`, `other_type`, `deprecated`.
    pub fault: String,
}

/// Looks for the company, the journal and the accounts that a policy names, by their codes. Nothing: all of them are there and
/// can be used.
pub async fn books_faults(
    odoo: &mut OdooReader,
    company_id: Option<i32>,
    journal: &str,
    codes: &[&str],
) -> Result<Vec<BooksFault>, SnapshotError> {
    let failed = |source| SnapshotError::Odoo { source };
    let reading = odoo.transaction().await.map_err(failed)?;
    let rows = reading
        .query(
            "look for the accounts of the books",
            sql!("odoo/bookkeeping.sql"),
            &[&company_id, &journal, &codes],
        )
        .await
        .map_err(failed)?;
    Ok(rows
        .iter()
        .map(|row| BooksFault {
            what: row.get("what"),
            name: row.get("name"),
            fault: row.get("fault"),
        })
        .collect())
}
