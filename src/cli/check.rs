//! `check`: every connection, right and setting; one line each, with the remedy.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::connections::Ours;
use super::login::{granted, see_what_is_missing};
use super::{CommandError, ExitStatus, Session};
use crate::domain::{Advice, Trouble};
use crate::etsy::EtsyError;
use crate::odoo::OdooRpc;
use crate::shop::{self, Shop, ShopError, Status, TokenState};
use crate::snapshot::EtsySide;

/// The Odoo that this version knows.
const SUPPORTED: u32 = 18;

/// A person waits: what does not answer within this long is called down.
const PATIENCE: Duration = Duration::from_secs(15);

/// How far this machine's clock may be off. Tokens are renewed five minutes ahead, and windows of time overlap by more.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// How a line begins that says nothing of whether all is well.
const NOT_ASKED: &str = "not asked";

/// What was looked at, and what came of it.
struct Checks<'a> {
    session: &'a Session,
    worst: Option<Trouble>,
}

impl Checks<'_> {
    fn say(&mut self, what: &str, found: Result<String, CommandError>) -> Result<(), CommandError> {
        match found {
            // what could not be looked at is neither well nor ill
            Ok(found) if found.starts_with(NOT_ASKED) => {
                self.session.printer.line(&format!("--    {what}: {found}"))
            }
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
pub(super) async fn check(session: &Session, only: &[String]) -> Result<ExitStatus, CommandError> {
    let mut checks = Checks { session, worst: None };
    let ours = session.ours().await;
    match ours {
        Ok(ours) => {
            checks.say("our database", Ok(ours.warehouse.place().to_owned()))?;
            let looked = our_side(&mut checks, session, &ours, only).await;
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
    only: &[String],
) -> Result<(), CommandError> {
    let pinged = async {
        let etsy = session.etsy_in_a_hurry(&ours.warehouse, PATIENCE)?;
        let ahead = etsy.ping().await?;
        Ok((etsy, ahead))
    };
    let etsy = match pinged.await {
        Ok((etsy, ahead)) => {
            checks.say("Etsy", Ok("answers".to_owned()))?;
            if let Some(ahead) = ahead {
                checks.say("clock", clock(ahead))?;
            }
            Some(etsy)
        }
        Err(error) => {
            checks.say("Etsy", Err(error))?;
            None
        }
    };
    match shop::list(&ours.warehouse).await {
        Ok(shops) => {
            for name in only {
                shop::find(&ours.warehouse, name).await?;
            }
            let is_meant = |shop: &&Shop| only.is_empty() || only.contains(&shop.name);
            for shop in shops.iter().filter(is_meant) {
                let found = one_shop(session, ours, etsy.as_ref(), shop).await;
                checks.say(&format!("shop {}", shop.name), found)?;
            }
            Ok(())
        }
        Err(error) => checks.say("shops", Err(error.into())),
    }
}

fn clock(ahead: TimeDelta) -> Result<String, CommandError> {
    if ahead.abs() <= CLOCK_TOLERANCE {
        return Ok("agrees with Etsy's".to_owned());
    }
    let (days, hours, minutes) =
        (ahead.abs().num_days(), ahead.abs().num_hours() % 24, ahead.abs().num_minutes() % 60);
    let amount = match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    };
    let way = if ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
    Err(CommandError::Clock { difference: format!("{amount} {way}") })
}

/// What is known here, and what Etsy says, if it answers.
async fn one_shop(
    session: &Session,
    ours: &Ours,
    etsy: Option<&EtsySide>,
    shop: &Shop,
) -> Result<String, CommandError> {
    let mut found = Vec::new();
    match (etsy, shop.status) {
        (Some(etsy), Status::Active) => {
            let token = working_token(etsy, ours, shop).await?;
            let refused = |source| CommandError::Check { name: shop.name.clone(), source };
            let name = etsy.shop_name(&token, shop).await;
            found.push(name.map_err(|source| refused(Box::new(source)))?);
            let granted = granted(etsy, &token).await;
            // what is known of a login stays known when Etsy does not say it this time
            if let Some(granted) = &granted {
                shop::store_scopes(&ours.warehouse, shop, &granted.words()).await?;
            }
            see_what_is_missing(shop, granted.as_ref())?;
            found.push(match granted {
                Some(granted) => format!("granted {granted}"),
                None => "Etsy does not say what was granted".to_owned(),
            });
        }
        (None, Status::Active) => {
            found.push(format!("{NOT_ASKED}, as Etsy could not be asked"));
        }
        // a shop that rests is not renewed, and need not be connected
        (_, Status::Paused) => found.push("paused".to_owned()),
    }
    // a renewal just now has begun the time anew
    let state = shop::token_states(&ours.warehouse).await?.remove(&shop.id);
    found.push(match (state, shop.status) {
        (Some(state), _) => life(session, shop, &state),
        (None, Status::Paused) => "not connected".to_owned(),
        (None, Status::Active) => {
            return Err(ShopError::NotConnected { name: shop.name.clone() }.into());
        }
    });
    Ok(found.join("; "))
}

/// A token that Etsy accepts, and that is of this shop's owner.
async fn working_token(
    etsy: &EtsySide,
    ours: &Ours,
    shop: &Shop,
) -> Result<SecretString, CommandError> {
    let mut token = etsy.token(&ours.warehouse, shop, None).await?;
    let mut owned = etsy.owned_shop(&token, shop).await;
    if owned.as_ref().is_err_and(EtsyError::is_of_token) {
        token = etsy.token(&ours.warehouse, shop, Some(&token)).await?;
        owned = etsy.owned_shop(&token, shop).await;
    }
    let owned = owned.map_err(|source| CommandError::Check {
        name: shop.name.clone(),
        source: Box::new(source),
    })?;
    if owned == Some(shop.id) {
        return Ok(token);
    }
    Err(CommandError::WrongShop { name: shop.name.clone(), asked: shop.id, owned })
}

fn life(session: &Session, shop: &Shop, state: &TokenState) -> String {
    let now = session.clock.now();
    match state.days_left(now) {
        Some(days) if !state.ends_soon(now) => format!("its login is good for {days} days"),
        Some(days) => format!(
            "its login ends in {days} days: connect it again with `etsy-odoo shop login {}`",
            shop.name
        ),
        None => format!(
            "its login has ended: connect it again with `etsy-odoo shop login {}`",
            shop.name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_from_two_minutes_on() {
        let told = |seconds| clock(TimeDelta::seconds(seconds)).map_err(|error| error.to_string());
        for right in [0, 120, -120] {
            assert!(told(right).is_ok());
        }
        for (seconds, words) in [
            (121, "2 min ahead of"),
            (-3 * 3_600 - 240, "3 h 4 min behind"),
            (50 * 3_600, "2 d 2 h ahead of"),
        ] {
            let expected = format!("this machine's clock is {words} Etsy's");
            assert_eq!(told(seconds), Err(expected));
        }
    }
}
