//! `init`: our tables, and what Odoo needs before the first run.

use super::arguments::InitArguments;
use super::shop::from_stdin;
use super::{CommandError, ExitStatus, Session};
use crate::odoo::{OdooSettings, OdooWriter};

/// The grants of Odoo's read-only role; the role's name stands where `:reader` does.
const GRANTS: &str = sql!("odoo/grants.sql");

/// `etsy-odoo init`.
pub(super) async fn init(
    session: &Session,
    arguments: &InitArguments,
) -> Result<ExitStatus, CommandError> {
    if arguments.print_grants {
        session.printer.text(&grants(&arguments.reader))?;
        return Ok(ExitStatus::Done);
    }
    let ours = session.ours().await?;
    let applied = ours.warehouse.migrate().await;
    let closed = ours.close().await;
    let applied = applied?;
    closed?;
    session.printer.line(&match applied.len() {
        0 => "our database: up to date".to_owned(),
        count => format!("our database: {count} migrations applied"),
    })?;
    let settings = session.settings.odoo()?;
    let settings = match &arguments.admin_login {
        Some(login) => OdooSettings { login: login.clone(), api_key: from_stdin()?, ..settings },
        None => settings,
    };
    let odoo = OdooWriter::connect(&settings).await?;
    let are_fields_there = arguments.admin_login.is_none() && fields_are_there(session).await;
    for line in prepare_odoo(&odoo, are_fields_there).await? {
        session.printer.line(&line)?;
    }
    Ok(ExitStatus::Done)
}

/// Whether Odoo's database shows every column that a run reads. Then there is nothing to create, and the API user, who
/// may not look at fields over RPC, is enough: an upgrade of ours needs no administrator.
async fn fields_are_there(session: &Session) -> bool {
    let looked = async {
        let mut reader = session.odoo_reader().await?;
        Ok::<_, CommandError>(crate::snapshot::unreadable_columns(&mut reader).await?)
    };
    looked.await.is_ok_and(|missing| missing.is_empty())
}

/// Creates what is missing in Odoo, and says what that was.
pub(super) async fn prepare_odoo(
    odoo: &OdooWriter,
    are_fields_there: bool,
) -> Result<Vec<String>, CommandError> {
    let created = if are_fields_there { Vec::new() } else { odoo.ensure_fields().await? };
    let mut lines = vec![match created.len() {
        0 => "fields in Odoo: all there".to_owned(),
        _ => format!(
            "fields in Odoo: created {}",
            created
                .iter()
                .map(|field| format!("{}.{}", field.model, field.name))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }];
    odoo.ensure_service_products().await?;
    lines.push("service products in Odoo: all there".to_owned());
    Ok(lines)
}

/// The SQL for the read-only role. The name is quoted as an identifier.
fn grants(reader: &str) -> String {
    GRANTS.replace(":reader", &format!("\"{}\"", reader.replace('"', "\"\"")))
}
