//! Etsy and the shops, as `check` looks at them.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::lines::{Checks, NOT_ASKED};
use crate::cli::connections::Ours;
use crate::cli::login::{granted, see_what_is_missing};
use crate::cli::{CommandError, Session};
use crate::domain::Ahead;
use crate::etsy::EtsyError;
use crate::shop::{self, Shop, ShopError, Status, TokenState};
use crate::snapshot::EtsySide;

/// A person waits: what does not answer within this long is called down.
const PATIENCE: Duration = Duration::from_secs(15);

/// How far this machine's clock may be off. Tokens are renewed five minutes ahead, and runs stop when it is off by more.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// Looks at Etsy and at the shops that are meant, and gives those.
pub(super) async fn look(
    checks: &mut Checks<'_>,
    ours: &Ours,
    only: &[String],
) -> Result<Vec<Shop>, CommandError> {
    let session = checks.session;
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
            let is_meant = |shop: &Shop| only.is_empty() || only.contains(&shop.name);
            let meant: Vec<Shop> = shops.into_iter().filter(is_meant).collect();
            for shop in &meant {
                let found = one_shop(session, ours, etsy.as_ref(), shop).await;
                checks.say(&format!("shop {}", shop.name), found)?;
            }
            Ok(meant)
        }
        Err(error) => checks.say("shops", Err(error.into())).map(|()| Vec::new()),
    }
}

fn clock(ahead: TimeDelta) -> Result<String, CommandError> {
    if ahead.abs() <= CLOCK_TOLERANCE {
        return Ok("agrees with Etsy's".to_owned());
    }
    Err(CommandError::Clock { ahead: Ahead(ahead) })
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
        for (seconds, words) in [(121, "2 min ahead of"), (-121, "2 min behind")] {
            let expected = format!("this machine's clock is {words} Etsy's");
            assert_eq!(told(seconds), Err(expected));
        }
    }
}
