//! `shop`: the shops, their policies and their tokens.

use std::io::Read as _;
use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;

use super::arguments::ShopCommand;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::ShopId;
use crate::etsy::TokenEndpoint;
use crate::shop::{self, PolicyKey, Shop, Status, Tokens};

/// `etsy-odoo shop …`.
pub(super) async fn shop(
    session: &Session,
    command: ShopCommand,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = act(session, &ours.warehouse, command).await;
    ours.close().await?;
    ended.map(|()| ExitStatus::Done)
}

async fn act(
    session: &Session,
    warehouse: &Warehouse,
    command: ShopCommand,
) -> Result<(), CommandError> {
    match command {
        ShopCommand::Add { name, shop_id } => {
            shop::add(warehouse, &name, ShopId(shop_id), session.clock.now()).await?;
            session.printer.line(&format!(
                "added; connect it: etsy-odoo shop login {name} --refresh-token-stdin"
            ))?;
        }
        ShopCommand::Set { name, policies } => set(session, warehouse, &name, &policies).await?,
        ShopCommand::Show { name } => {
            show(session, warehouse, &shop::find(warehouse, &name).await?).await?;
        }
        ShopCommand::List => list(session, &shop::list(warehouse).await?)?,
        ShopCommand::Login { name, refresh_token_stdin: _ } => {
            login(session, warehouse, &shop::find(warehouse, &name).await?).await?;
        }
        ShopCommand::Logout { name } => {
            let shop = shop::find(warehouse, &name).await?;
            shop::forget_tokens(warehouse, shop.id).await?;
        }
        ShopCommand::Pause { name } => {
            let shop = shop::find(warehouse, &name).await?;
            shop::set_status(warehouse, shop.id, Status::Paused).await?;
        }
        ShopCommand::Resume { name } => {
            let shop = shop::find(warehouse, &name).await?;
            shop::set_status(warehouse, shop.id, Status::Active).await?;
        }
    }
    Ok(())
}

async fn set(
    session: &Session,
    warehouse: &Warehouse,
    name: &str,
    policies: &[String],
) -> Result<(), CommandError> {
    let mut shop = shop::find(warehouse, name).await?;
    let before = shop.policy.clone();
    for pair in policies {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| CommandError::NotAPolicy(pair.clone()))?;
        shop.policy.set(PolicyKey::find(key)?, value)?;
    }
    shop::set_policy(warehouse, shop.id, &shop.policy).await?;
    if before.orders_from != shop.policy.orders_from {
        session.printer.line(
            "orders_from: receipts older than what has been read come with `etsy-odoo run --from DATE`",
        )?;
    }
    if before.etsy_tax != shop.policy.etsy_tax {
        session.printer.line(
            "etsy_tax: orders that are in Odoo keep their lines; those with such tax are held from now on, as differing",
        )?;
    }
    Ok(())
}

async fn show(session: &Session, warehouse: &Warehouse, shop: &Shop) -> Result<(), CommandError> {
    let tokens = shop::token_state(warehouse, shop.id).await?;
    let connected = tokens.map(|state| state.refreshed_at.format("%Y-%m-%d %H:%M UTC").to_string());
    if session.printer.json {
        let policy: serde_json::Map<_, _> = shop
            .policy
            .words()
            .into_iter()
            .map(|(key, value)| (key.to_string(), json!(value)))
            .collect();
        return session.printer.document(&json!({
            "schema": "etsy-odoo/shop/1",
            "name": shop.name,
            "shop_id": shop.id,
            "status": shop.status,
            "tokens_of": connected,
            "policy": policy,
        }));
    }
    let mut text = format!(
        "{:<20} {}\n{:<20} {}\n{:<20} {}\n{:<20} {}\n",
        "name",
        shop.name,
        "shop_id",
        shop.id,
        "status",
        shop.status,
        "tokens of",
        connected.as_deref().unwrap_or("not connected"),
    );
    for (key, value) in shop.policy.words() {
        let value = if value.is_empty() { "(not set)" } else { &value };
        text.push_str(&format!("{:<20} {value}\n", key.as_str()));
    }
    session.printer.text(&text)
}

fn list(session: &Session, shops: &[Shop]) -> Result<(), CommandError> {
    if session.printer.json {
        let rows: Vec<_> = shops
            .iter()
            .map(|shop| json!({ "name": shop.name, "shop_id": shop.id, "status": shop.status }))
            .collect();
        return session.printer.document(&json!({ "schema": "etsy-odoo/shops/1", "shops": rows }));
    }
    let mut text = String::new();
    for shop in shops {
        text.push_str(&format!("{:<24} {:>14}  {}\n", shop.name, shop.id, shop.status));
    }
    session.printer.text(&text)
}

/// The refresh token is tried at once: what is stored works.
async fn login(session: &Session, warehouse: &Warehouse, shop: &Shop) -> Result<(), CommandError> {
    let key = session.token_key()?;
    let endpoint = TokenEndpoint::new(&session.settings.etsy()?, Arc::clone(&session.clock))?;
    let pair = endpoint.refresh(&from_stdin()?).await?;
    let now = session.clock.now();
    let lifetime = TimeDelta::from_std(pair.expires_in).unwrap_or(TimeDelta::hours(1));
    let tokens =
        Tokens { access: pair.access, refresh: pair.refresh, access_expires_at: now + lifetime };
    shop::store_tokens(warehouse, &key, shop.id, &tokens, now).await?;
    session.printer.line(&format!("{} is connected", shop.name))
}

/// A secret on stdin, without the line's end.
pub(super) fn from_stdin() -> Result<SecretString, CommandError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(CommandError::Input)?;
    let text = text.trim();
    if text.is_empty() {
        Err(CommandError::NoInput)
    } else {
        Ok(SecretString::from(text.to_owned()))
    }
}
