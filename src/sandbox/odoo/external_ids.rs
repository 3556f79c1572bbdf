//! External ids: `ir_model_data` and its unique index, on which exactly-once rests.

use std::collections::BTreeMap;

use super::call::{Call, CallError};

/// A record behind an external id.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) model: String,
    pub(super) id: i32,
    /// Whether `load` in mode `update` leaves the record alone.
    pub(super) noupdate: bool,
}

/// Module and name of a full external id; the module that `load` puts before a bare one is Odoo's own choice.
pub(super) fn split(external_id: &str, module: &str) -> (String, String) {
    external_id.split_once('.').map_or_else(
        || (module.to_owned(), external_id.to_owned()),
        |(module, name)| (module.to_owned(), name.to_owned()),
    )
}

/// The records behind full external ids.
pub(super) async fn find(
    call: Call<'_>,
    external_ids: &[String],
) -> Result<BTreeMap<String, Known>, CallError> {
    let (modules, names): (Vec<String>, Vec<String>) =
        external_ids.iter().map(|external_id| split(external_id, "")).unzip();
    let mut found = BTreeMap::new();
    for row in call.rows(sql!("sandbox/odoo/external_ids_find.sql"), &[&modules, &names]).await? {
        if let Some(id) = row.try_get("res_id")? {
            let known =
                Known { model: row.try_get("model")?, id, noupdate: row.try_get("noupdate")? };
            found.insert(row.try_get("external_id")?, known);
        }
    }
    Ok(found)
}

/// Gives new records of a model their external ids, in the transaction that made them.
pub(super) async fn assign(
    call: Call<'_>,
    model: &str,
    given: &[(String, i32)],
) -> Result<(), CallError> {
    if given.is_empty() {
        return Ok(());
    }
    let module = call.session.context.text("module").unwrap_or("__import__");
    let mut modules = Vec::new();
    let mut names = Vec::new();
    let mut ids = Vec::new();
    for (external_id, id) in given {
        let (module, name) = split(external_id, module);
        modules.push(module);
        names.push(name);
        ids.push(*id);
    }
    let noupdate = call.session.context.is_set("noupdate");
    let session = call.session;
    call.rows(
        sql!("sandbox/odoo/external_ids_write.sql"),
        &[&modules, &names, &model, &ids, &noupdate, &session.now, &session.uid],
    )
    .await?;
    Ok(())
}
