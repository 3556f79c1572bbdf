//! `inventory`: how many of each offering may be for sale, and why.

use std::collections::BTreeMap;

use serde_json::json;

use super::inventory_arguments::{AdoptArguments, InventoryCommand};
use super::plan::planned;
use super::run::{begin, finish};
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::{ShopId, Subject};
use crate::journal::Command;
use crate::report::{self, Rows};
use crate::shop::{self, RuleKey, Shop, ShopError, StockRule};

/// `etsy-odoo inventory …`.
pub(super) async fn inventory(
    session: &Session,
    command: InventoryCommand,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let warehouse = &ours.warehouse;
    let done = |()| ExitStatus::Done;
    let ended = match command {
        InventoryCommand::Explain { what, shop } => {
            explain(session, warehouse, &what, &shop).await.map(done)
        }
        InventoryCommand::Rule { shop, what, rules } => {
            set(session, warehouse, &shop, &what, &rules).await.map(done)
        }
        InventoryCommand::Rules { shop } => list(session, warehouse, &shop).await.map(done),
        InventoryCommand::Adopt(arguments) => adopt(session, warehouse, &arguments).await,
    };
    ours.close().await?;
    ended
}

/// The shops that were named, or all there are.
async fn named(warehouse: &Warehouse, names: &[String]) -> Result<Vec<Shop>, CommandError> {
    let mut shops = shop::list(warehouse).await?;
    for name in names {
        shop::find(warehouse, name).await?;
    }
    if !names.is_empty() {
        shops.retain(|shop| names.contains(&shop.name));
    }
    Ok(shops)
}

async fn explain(
    session: &Session,
    warehouse: &Warehouse,
    what: &str,
    shops: &[String],
) -> Result<(), CommandError> {
    let shops = named(warehouse, shops).await?;
    let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
    let explanation = report::explain(warehouse, &ids, what).await?;
    if explanation.offerings.is_empty() {
        return Err(ShopError::NoSuchGoods { what: what.to_owned() }.into());
    }
    if session.printer.json {
        let document = serde_json::to_value(&explanation).map_err(CommandError::Document)?;
        return session.printer.document(&document);
    }
    session.printer.text(&explanation.to_text())
}

async fn set(
    session: &Session,
    warehouse: &Warehouse,
    name: &str,
    what: &str,
    pairs: &[String],
) -> Result<(), CommandError> {
    let shop = shop::find(warehouse, name).await?;
    for goods in shop::goods_named(warehouse, shop.id, what).await? {
        let mut rule = shop::stock_rule(warehouse, shop.id, &goods).await?;
        for pair in pairs {
            let (key, value) =
                pair.split_once('=').ok_or_else(|| CommandError::NotARule(pair.clone()))?;
            rule.set(RuleKey::find(key)?, value)?;
        }
        shop::set_stock_rule(warehouse, &rule).await?;
        session.printer.line(&line(&shop, &rule))?;
    }
    Ok(())
}

fn line(shop: &Shop, rule: &StockRule) -> String {
    let words: Vec<String> =
        rule.words().into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    let words =
        if words.is_empty() { "as the shop's policy says".to_owned() } else { words.join(" ") };
    format!("{}  {}  {words}", shop.name, rule.label)
}

async fn list(
    session: &Session,
    warehouse: &Warehouse,
    shops: &[String],
) -> Result<(), CommandError> {
    let shops = named(warehouse, shops).await?;
    let mut rules = Vec::new();
    for shop in &shops {
        for rule in shop::stock_rules(warehouse, shop.id).await? {
            rules.push((shop, rule));
        }
    }
    if session.printer.json {
        let rows: Vec<_> = rules
            .iter()
            .map(|(shop, rule)| {
                let words: BTreeMap<_, _> =
                    rule.words().into_iter().map(|(key, value)| (key.as_str(), value)).collect();
                json!({
                    "shop": shop.name,
                    "product_key": rule.product_key,
                    "label": rule.label,
                    "rule": words,
                })
            })
            .collect();
        return session
            .printer
            .document(&json!({ "schema": "etsy-odoo/stock-rules/1", "rules": rows }));
    }
    for (shop, rule) in &rules {
        session.printer.line(&line(shop, rule))?;
    }
    Ok(())
}

async fn adopt(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &AdoptArguments,
) -> Result<ExitStatus, CommandError> {
    let lock = warehouse.lock_run().await?;
    let subjects = vec![Subject::Inventory];
    let run = begin(session, warehouse, Command::Adopt, &arguments.run, subjects, false).await?;
    let ended = planned(session, warehouse, &run).await;
    let status = finish(session, warehouse, run.id, ended).await?;
    drop(lock);
    let rows = if arguments.all { Rows::All } else { Rows::default() };
    let plan = report::load_plan(warehouse, run.id, rows).await?;
    if session.printer.json {
        let mut output = std::io::stdout();
        let payloads = report::Payloads::default();
        report::write_plan_json(warehouse, &plan, payloads, &mut output).await?;
    } else {
        session.printer.text(&plan.to_text())?;
    }
    Ok(status)
}
