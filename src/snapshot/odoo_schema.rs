//! Whether Odoo's database is as we know it: asked of its catalogue before anything is read, so that a run whose Odoo was
//! upgraded or changed in between ends with the name of what has moved, and before it has spent a call.

use super::SnapshotError;
use crate::db::{OdooReader, OdooTransaction, Warehouse};
use crate::domain::RunId;

/// The modules whose tables we read.
const MODULES: [&str; 5] = ["sale", "stock", "sale_stock", "delivery", "account"];

/// How the version of Odoo's base module begins.
const KNOWN_VERSION: &str = "18.";

/// What a custom field of ours is called.
const OURS: &str = "x_etsy_";

/// A column that a run reads, and how it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    table: String,
    name: String,
    expected: String,
    /// Nothing: it is not there.
    found: Option<String>,
    is_readable: bool,
}

/// What a role sees that no run reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surplus {
    /// Columns that hold secrets, or people.
    pub private: Vec<String>,
    /// How many others.
    pub others: usize,
}

/// Refuses an Odoo whose database is not as a run reads it: another version, a module or a field of ours that is
/// missing, columns that have moved or changed their type, columns that our role may not read.
pub async fn see_that_odoo_fits(odoo: &mut OdooReader) -> Result<(), SnapshotError> {
    let place = odoo.place().to_owned();
    let failed = |source| SnapshotError::Odoo { source };
    let reading = odoo.transaction().await.map_err(failed)?;
    let columns = needed_columns(&reading).await?;
    if columns.iter().all(|column| column.found.is_none()) {
        return Err(SnapshotError::NoOdoo { place });
    }
    let knows_modules =
        columns.iter().filter(|column| column.table == "ir_module_module").all(Column::is_well);
    if knows_modules {
        let rows = reading
            .query("look at the modules of Odoo", sql!("odoo/modules.sql"), &[&MODULES.as_slice()])
            .await
            .map_err(failed)?;
        if let Some(row) = rows.first() {
            see_version(row.get("base_version"), row.get("missing"))?;
        }
    }
    see_columns(&columns, place)
}

/// What our role may read although no run does.
pub async fn surplus_columns(odoo: &mut OdooReader) -> Result<Surplus, SnapshotError> {
    let failed = |source| SnapshotError::Odoo { source };
    let reading = odoo.transaction().await.map_err(failed)?;
    let (tables, names): (Vec<String>, Vec<String>) = needed_columns(&reading)
        .await?
        .into_iter()
        .map(|column| (column.table, column.name))
        .unzip();
    let rows = reading
        .query(
            "see what else the role may read",
            sql!("snapshot/surplus_columns.sql"),
            &[&tables, &names],
        )
        .await
        .map_err(failed)?;
    let mut surplus = Surplus::default();
    for row in rows {
        if row.get("is_private") {
            surplus.private.push(row.get("name"));
        } else {
            surplus.others += 1;
        }
    }
    Ok(surplus)
}

/// The last run that has read this database of Odoo's: what was there once is no mistake in a setting.
pub async fn odoo_was_read(
    warehouse: &Warehouse,
    database: &str,
) -> Result<Option<RunId>, SnapshotError> {
    let failed = |source| SnapshotError::Odoo { source };
    let client = warehouse.client().await.map_err(failed)?;
    let row = client
        .query_one(sql!("snapshot/odoo_was_read.sql"), &[&database])
        .await
        .map_err(|error| failed(crate::db::DatabaseError::query("look for earlier runs", error)))?;
    Ok(row.get::<_, Option<i64>>("run_id").map(RunId))
}

async fn needed_columns(reading: &OdooTransaction<'_>) -> Result<Vec<Column>, SnapshotError> {
    let rows = reading
        .query("look at the columns of Odoo's database", sql!("snapshot/needed_columns.sql"), &[])
        .await
        .map_err(|source| SnapshotError::Odoo { source })?;
    Ok(rows
        .iter()
        .map(|row| Column {
            table: row.get("table_name"),
            name: row.get("column_name"),
            expected: row.get("expected_type"),
            found: row.get("found_type"),
            is_readable: row.get("is_readable"),
        })
        .collect())
}

fn see_version(found: Option<String>, missing: Vec<String>) -> Result<(), SnapshotError> {
    let found = found.unwrap_or_default();
    if !found.starts_with(KNOWN_VERSION) {
        return Err(SnapshotError::OdooVersion { found });
    }
    if !missing.is_empty() {
        return Err(SnapshotError::OdooModules { missing });
    }
    Ok(())
}

fn see_columns(columns: &[Column], place: String) -> Result<(), SnapshotError> {
    let named = |is_meant: &dyn Fn(&Column) -> bool| -> Vec<String> {
        columns.iter().filter(|column| is_meant(column)).map(Column::fault).collect()
    };
    let moved = named(&|column| column.has_moved() && !column.is_of_ours());
    if !moved.is_empty() {
        return Err(SnapshotError::OdooSchema { place, faults: moved });
    }
    let fields = named(&|column| column.has_moved() && column.is_of_ours());
    if !fields.is_empty() {
        return Err(SnapshotError::OdooFields { place, faults: fields });
    }
    let closed = named(&|column| !column.is_readable);
    if !closed.is_empty() {
        return Err(SnapshotError::OdooRights { place, faults: closed });
    }
    Ok(())
}

impl Column {
    fn has_moved(&self) -> bool {
        self.found.as_ref() != Some(&self.expected)
    }

    fn is_well(&self) -> bool {
        !self.has_moved() && self.is_readable
    }

    /// Whether it is of a field that `init` makes.
    fn is_of_ours(&self) -> bool {
        self.name.starts_with(OURS)
    }

    /// What is wrong with it, in a few words.
    fn fault(&self) -> String {
        let Self { table, name, expected, found, .. } = self;
        match found {
            None => format!("{table}.{name} is not there"),
            Some(found) if found != expected => {
                format!("{table}.{name} is {found}, not {expected}")
            }
            Some(_) => format!("{table}.{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(table: &str, name: &str, found: Option<&str>, is_readable: bool) -> Column {
        Column {
            table: table.to_owned(),
            name: name.to_owned(),
            expected: "text".to_owned(),
            found: found.map(str::to_owned),
            is_readable,
        }
    }

    fn said(columns: &[Column]) -> String {
        match see_columns(columns, "database `prod`".to_owned()) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_has_moved_is_told_before_what_is_closed() {
        let well = column("res_partner", "city", Some("text"), true);
        let closed = column("res_partner", "zip", Some("text"), false);
        let gone = column("res_partner", "street", None, false);
        let changed = column("res_country_state", "name", Some("jsonb"), true);
        let ours = column("sale_order", "x_etsy_shop", None, false);
        assert_eq!(said(std::slice::from_ref(&well)), "");
        assert_eq!(
            said(&[well.clone(), closed.clone()]),
            "the role may not read res_partner.zip of database `prod`"
        );
        assert_eq!(
            said(&[closed.clone(), ours.clone()]),
            "our fields in database `prod` are not as `init` makes them: sale_order.x_etsy_shop is not there"
        );
        assert_eq!(
            said(&[closed, changed, gone, ours]),
            "database `prod` is not as Odoo 18 makes it: res_country_state.name is jsonb, not text, \
             res_partner.street is not there"
        );
    }

    #[test]
    fn another_version_is_told() {
        assert!(see_version(Some("18.0.1.3".to_owned()), Vec::new()).is_ok());
        let other = see_version(Some("17.0.1.3".to_owned()), Vec::new()).unwrap_err();
        assert_eq!(other.to_string(), "Odoo's database is of version 17.0.1.3");
        assert!(see_version(None, Vec::new()).is_err());
        let lacks = see_version(Some("18.0.1.3".to_owned()), vec!["delivery".to_owned()]);
        assert_eq!(lacks.unwrap_err().to_string(), "Odoo lacks the module `delivery`");
    }
}
