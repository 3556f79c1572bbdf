//! `shop`: the shops, their policies and their tokens.

use std::collections::BTreeMap;
use std::io::Read as _;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;

use super::login::{Way, login};
use super::shop_arguments::ShopCommand;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::ShopId;
use crate::shop::{self, PolicyKey, Rotated, Shop, ShopError, Status, TokenState};

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
            session.printer.line(&format!("added; connect it: etsy-odoo shop login {name}"))?;
        }
        ShopCommand::Set { name, policies } => set(session, warehouse, &name, &policies).await?,
        ShopCommand::Show { name } => {
            show(session, warehouse, &shop::find(warehouse, &name).await?).await?;
        }
        ShopCommand::List => {
            let states = shop::token_states(warehouse).await?;
            list(session, &shop::list(warehouse).await?, &states)?;
        }
        ShopCommand::Login { name, no_browser, refresh_token_stdin } => {
            let way = match (no_browser, refresh_token_stdin) {
                (_, true) => Way::RefreshToken,
                (true, false) => Way::Paste,
                (false, false) => Way::Browser,
            };
            login(session, warehouse, &shop::find(warehouse, &name).await?, way).await?;
        }
        ShopCommand::RotateKey => rotate_key(session, warehouse).await?,
        ShopCommand::Logout { name } => {
            let shop = shop::find(warehouse, &name).await?;
            if !shop::forget_tokens(warehouse, shop.id).await? {
                session.printer.line(&format!("{name} was not connected"))?;
            }
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
    shop.policy.check()?;
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
    if before.taxes != shop.policy.taxes {
        session.printer.line(
            "taxes: orders that are in Odoo keep their taxes; those that cost more by a tax of Odoo's are held under `none` and `included`, as differing",
        )?;
    }
    Ok(())
}

async fn show(session: &Session, warehouse: &Warehouse, shop: &Shop) -> Result<(), CommandError> {
    let states = shop::token_states(warehouse).await?;
    let state = states.get(&shop.id);
    let minute = |moment: DateTime<Utc>| moment.format("%Y-%m-%d %H:%M UTC").to_string();
    let connected = state.map(|state| minute(state.refreshed_at));
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
            "login_ends_at": state.map(|state| minute(state.login_ends_at())),
            "granted_scopes": state.map(|state| &state.granted_scopes),
            "policy": policy,
        }));
    }
    let scopes = state.and_then(|state| state.granted_scopes.as_ref());
    let scopes = scopes.map(|scopes| scopes.join(", "));
    let mut text = format!(
        "{:<20} {}\n{:<20} {}\n{:<20} {}\n{:<20} {}\n{:<20} {}\n{:<20} {}\n",
        "name",
        shop.name,
        "shop_id",
        shop.id,
        "status",
        shop.status,
        "tokens of",
        connected.as_deref().unwrap_or("(none)"),
        "login",
        standing(session, shop, state),
        "granted",
        scopes.as_deref().unwrap_or("(not known)"),
    );
    for (key, value) in shop.policy.words() {
        let value = if value.is_empty() { "(not set)" } else { &value };
        text.push_str(&format!("{:<20} {value}\n", key.as_str()));
    }
    session.printer.text(&text)
}

/// How a shop's login stands, in words.
fn standing(session: &Session, shop: &Shop, state: Option<&TokenState>) -> String {
    let now = session.clock.now();
    let again = format!("connect it again: etsy-odoo shop login {}", shop.name);
    match state.map(|state| (state.days_left(now), state.ends_soon(now))) {
        None => format!("not connected; connect it: etsy-odoo shop login {}", shop.name),
        Some((None, _)) => format!("ended; {again}"),
        Some((Some(days), true)) => format!("ends in {days} days; {again}"),
        Some((Some(days), false)) => format!("good for {days} days without a run"),
    }
}

fn list(
    session: &Session,
    shops: &[Shop],
    states: &BTreeMap<ShopId, TokenState>,
) -> Result<(), CommandError> {
    if session.printer.json {
        let rows: Vec<_> = shops
            .iter()
            .map(|shop| {
                let state = states.get(&shop.id);
                json!({
                    "name": shop.name,
                    "shop_id": shop.id,
                    "status": shop.status,
                    "login_ends_at": state.map(TokenState::login_ends_at),
                })
            })
            .collect();
        return session.printer.document(&json!({ "schema": "etsy-odoo/shops/1", "shops": rows }));
    }
    let mut text = String::new();
    for shop in shops {
        let standing = standing(session, shop, states.get(&shop.id));
        text.push_str(&format!(
            "{:<24} {:>14}  {:<6}  {standing}\n",
            shop.name, shop.id, shop.status
        ));
    }
    session.printer.text(&text)
}

async fn rotate_key(session: &Session, warehouse: &Warehouse) -> Result<(), CommandError> {
    let old = session.token_key()?;
    let new = session.new_token_key()?.ok_or(ShopError::NoNewKey)?;
    let Rotated { resealed, already } = shop::rotate_key(warehouse, &old, &new).await?;
    session.printer.line(&format!(
        "{resealed} shops are sealed with the new key now, {already} were before\n\
         now, on every machine: set etsy.token_key (or token_key_file) to the new key, and remove etsy.new_token_key; \
         keep the old key as long as backups that it opens"
    ))
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
