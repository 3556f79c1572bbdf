//! `check`: every connection, right and setting; one line each, with the remedy.

mod books;
mod etsy_side;
mod fault;
mod lines;
mod odoo_side;

use super::{CommandError, ExitStatus, Session};
use crate::shop::Shop;
pub(crate) use fault::CheckFault;
use lines::Checks;

/// `etsy-odoo check`.
pub(super) async fn check(session: &Session, only: &[String]) -> Result<ExitStatus, CommandError> {
    let mut checks = Checks::new(session);
    let mut shops: Vec<Shop> = Vec::new();
    match session.ours().await {
        Ok(ours) => {
            checks.say("our database", Ok(ours.warehouse.place().to_owned()))?;
            let looked = etsy_side::look(&mut checks, &ours, only).await;
            ours.close().await?;
            shops = looked?;
        }
        Err(error) => checks.say("our database", Err(error))?,
    }
    odoo_side::look(&mut checks, &shops).await?;
    checks.end()
}
