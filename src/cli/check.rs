//! `check`: every connection, right and setting; one line each, with the remedy.

use chrono::TimeDelta;

use super::connections::Ours;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::{Advice, Trouble};
use crate::odoo::OdooRpc;
use crate::shop::{self, Shop, Status};

/// Etsy's refresh tokens live this long (<https://developers.etsy.com/documentation/essentials/authentication>).
const REFRESH_LIFE: TimeDelta = TimeDelta::days(90);

/// The Odoo that this version knows.
const SUPPORTED: u32 = 18;

/// A warning begins this long before they end.
const WARNING: TimeDelta = TimeDelta::days(14);

/// What was looked at, and what came of it.
struct Checks<'a> {
    session: &'a Session,
    worst: Option<Trouble>,
}

impl Checks<'_> {
    fn say(&mut self, what: &str, found: Result<String, CommandError>) -> Result<(), CommandError> {
        match found {
            Ok(found) => self.session.printer.line(&format!("ok    {what}: {found}")),
            Err(error) => {
                let Advice { trouble, hint } = error.advice();
                self.worst = self.worst.max(Some(trouble));
                let mut text = format!("FAIL  {what}: {error}");
                let mut cause = std::error::Error::source(&error);
                while let Some(inner) = cause {
                    text.push_str(&format!(": {inner}"));
                    cause = inner.source();
                }
                if let Some(hint) = hint {
                    text.push_str(&format!("\n      {hint}"));
                }
                self.session.printer.line(&text)
            }
        }
    }
}

/// `etsy-odoo check`.
pub(super) async fn check(session: &Session) -> Result<ExitStatus, CommandError> {
    let mut checks = Checks { session, worst: None };
    let ours = session.ours().await;
    match ours {
        Ok(ours) => {
            checks.say("our database", Ok(ours.warehouse.place().to_owned()))?;
            let looked = our_side(&mut checks, session, &ours).await;
            ours.close().await?;
            looked?;
        }
        Err(error) => checks.say("our database", Err(error))?,
    }
    let odoo = async {
        let rpc = OdooRpc::new(&session.settings.odoo()?)?;
        let version = rpc.version().await?;
        let user = rpc.authenticate().await?;
        if version.major != Some(SUPPORTED) {
            return Err(CommandError::OdooVersion { found: version.text });
        }
        Ok(format!("{}, as user {}", version.text, user.0))
    };
    checks.say("Odoo", odoo.await)?;
    let reading = async {
        let mut reader = session.odoo_reader().await?;
        let place = reader.place().to_owned();
        let missing = crate::snapshot::unreadable_columns(&mut reader).await?;
        match missing.first() {
            None => Ok(place),
            Some(column) => Err(CommandError::Unreadable { column: column.clone(), place }),
        }
    };
    checks.say("Odoo's database", reading.await)?;
    Ok(checks.worst.map_or(ExitStatus::Done, ExitStatus::from))
}

async fn our_side(
    checks: &mut Checks<'_>,
    session: &Session,
    ours: &Ours,
) -> Result<(), CommandError> {
    let etsy =
        async { Ok(session.etsy(&ours.warehouse)?.ping().await.map(|()| "answers".to_owned())?) };
    checks.say("Etsy", etsy.await)?;
    match shop::list(&ours.warehouse).await {
        Ok(shops) => {
            for shop in shops.iter().filter(|shop| shop.status == Status::Active) {
                let found = one_shop(session, &ours.warehouse, shop).await;
                checks.say(&format!("shop {}", shop.name), found)?;
            }
            Ok(())
        }
        Err(error) => checks.say("shops", Err(error.into())),
    }
}

async fn one_shop(
    session: &Session,
    warehouse: &Warehouse,
    shop: &Shop,
) -> Result<String, CommandError> {
    let etsy = session.etsy(warehouse)?;
    let token = etsy.token(warehouse, shop, None).await?;
    let name = etsy.shop_name(&token, shop).await?;
    let ends =
        shop::token_state(warehouse, shop.id).await?.map(|state| state.refreshed_at + REFRESH_LIFE);
    let left = ends.map(|ends| ends - session.clock.now());
    Ok(match left {
        Some(left) if left < WARNING => format!(
            "{name}; its login ends in {} days: connect it again with `etsy-odoo shop login {} --refresh-token-stdin`",
            left.num_days(),
            shop.name
        ),
        _ => name,
    })
}
