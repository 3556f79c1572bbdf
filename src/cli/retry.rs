//! `rejects retry`: what was set aside is read again, first from the stored page, then from Etsy.

use super::run::finish;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::RunId;
use crate::journal::{self, Command, NewRun};
use crate::shop::{self, Shop};
use crate::snapshot::take_receipts;
use crate::stage::{self, Reject, Retried};

/// `etsy-odoo rejects retry ID…`.
pub(super) async fn retry(
    session: &Session,
    warehouse: &Warehouse,
    numbers: &[i64],
) -> Result<ExitStatus, CommandError> {
    let lock = warehouse.lock_run().await?;
    let rejects = found(warehouse, numbers).await?;
    let mut shops = shop::list(warehouse).await?;
    shops.retain(|shop| rejects.iter().any(|reject| reject.shop == shop.id));
    let ids: Vec<_> = shops.iter().map(|shop| shop.id).collect();
    let run = journal::begin_run(
        warehouse,
        NewRun {
            command: Command::Snapshot,
            plan: None,
            shops: &ids,
            subjects: &[],
            full: false,
            large_plan_allowed: false,
            started_at: session.clock.now(),
        },
    )
    .await?;
    let ended = read_again(session, warehouse, run, &shops, &rejects).await;
    let status = finish(session, warehouse, run, ended).await?;
    lock.release().await;
    for reject in found(warehouse, numbers).await? {
        let ending = if reject.resolved_in_run.is_some() {
            "is read, and counts from the next run on".to_owned()
        } else {
            format!("still does not read: `{}` {}", reject.field, reject.reason)
        };
        session.printer.line(&format!(
            "{:>6}  {} {} of shop {} {ending}",
            reject.id, reject.entity, reject.entity_id, reject.shop
        ))?;
    }
    Ok(status)
}

async fn found(warehouse: &Warehouse, numbers: &[i64]) -> Result<Vec<Reject>, CommandError> {
    let mut found = Vec::new();
    for number in numbers {
        let reject = stage::rejects(warehouse, Some(*number)).await?.pop();
        found.push(reject.ok_or(CommandError::NoReject(*number))?);
    }
    Ok(found)
}

async fn read_again(
    session: &Session,
    warehouse: &Warehouse,
    run: RunId,
    shops: &[Shop],
    rejects: &[Reject],
) -> Result<(ExitStatus, String), CommandError> {
    let numbers: Vec<i64> = rejects.iter().map(|reject| reject.id).collect();
    let endings = stage::retry_rejects(warehouse, run, &numbers).await?;
    let is_settled = |reject: &&Reject| {
        reject.resolved_in_run.is_some()
            || matches!(endings.get(&reject.id), Some(Retried::Staged | Retried::Superseded))
    };
    let bad: Vec<&Reject> = rejects.iter().filter(|reject| !is_settled(reject)).collect();
    for shop in shops {
        let ids: Vec<i64> = bad
            .iter()
            .filter(|reject| reject.shop == shop.id && reject.entity == "receipt")
            .filter_map(|reject| reject.entity_id.parse().ok())
            .collect();
        if !ids.is_empty() {
            let etsy = session.etsy(warehouse)?;
            let clock = session.clock.as_ref();
            take_receipts(warehouse, &etsy, run, shop, &ids, clock).await?;
            stage::stage_pages(warehouse, run, &[shop.id]).await?;
        }
    }
    let open = found(warehouse, &numbers)
        .await?
        .iter()
        .filter(|reject| reject.resolved_in_run.is_none())
        .count();
    let settled = numbers.len().saturating_sub(open);
    let message = format!("{settled} of {} rejects read", numbers.len());
    let status = if open == 0 { ExitStatus::Done } else { ExitStatus::Partial };
    Ok((status, message))
}
