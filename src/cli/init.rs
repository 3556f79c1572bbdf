//! `init`: our tables, and what Odoo needs before the first run.

use super::arguments::InitArguments;
use super::shop::from_stdin;
use super::{CommandError, ExitStatus, Session};
use crate::odoo::{OdooError, OdooSettings, OdooWriter};

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
    // the administrator is asked for this once, and his password is kept nowhere
    let has_administrator = arguments.admin_login.is_some();
    let prepared = async {
        let odoo = OdooWriter::connect(&settings).await?;
        prepare_odoo(&odoo).await
    };
    let lines = prepared.await.map_err(if has_administrator {
        CommandError::AsAdministrator
    } else {
        CommandError::WithoutAdministrator
    })?;
    for line in lines {
        session.printer.line(&line)?;
    }
    Ok(ExitStatus::Done)
}

/// Creates what is missing in Odoo, and says what that was.
pub(super) async fn prepare_odoo(odoo: &OdooWriter) -> Result<Vec<String>, OdooError> {
    let version = odoo.known_version().await?;
    odoo.see_that_modules_are_there().await?;
    let mut lines = vec![format!("Odoo: {}, with all modules that are needed", version.text)];
    let created = odoo.ensure_fields().await?;
    if created.is_empty() {
        lines.push("fields in Odoo: all there".to_owned());
    } else {
        lines.push("fields in Odoo: created".to_owned());
        lines.extend(created.iter().map(|field| format!("  {}.{}", field.model, field.name)));
        lines.push(
            "  now give the role that reads its rights: `etsy-odoo init --print-grants`".to_owned(),
        );
    }
    odoo.ensure_service_products().await?;
    odoo.ensure_review_tag().await?;
    lines.push("service products in Odoo: in place".to_owned());
    Ok(lines)
}

/// The SQL for the read-only role. The name is quoted as an identifier.
fn grants(reader: &str) -> String {
    GRANTS.replace(":reader", &format!("\"{}\"", reader.replace('"', "\"\"")))
}
