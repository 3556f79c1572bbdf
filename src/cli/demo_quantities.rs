//! The part of the demo that is about quantities: what Etsy offers is counted in Odoo, then Odoo's stock is the master.

use super::apply::apply_plan;
use super::arguments::{ApplyArguments, RunArguments};
use super::demo::run_once;
use super::inventory::plan_adoption;
use super::stand_ins::StandIns;
use super::{CommandError, Session};
use crate::db::Warehouse;
use crate::domain::{ActionKind, DecisionKind, OutcomeKind, RunId, Subject};
use crate::journal;
use crate::report::{self, Rows};
use crate::shop::{self, Goods, RuleKey, StockMaster};

/// Of how many goods Odoo trades some elsewhere.
const GOODS: i64 = 8;

/// What was seen of it.
pub(super) struct Quantities {
    pub(super) lines: Vec<String>,
    /// Whether the last run found nothing more to write.
    pub(super) is_quiet: bool,
}

/// Adopts, sets Odoo as the master, lets it trade elsewhere, and pushes.
pub(super) async fn show(
    session: &Session,
    warehouse: &Warehouse,
    stand_ins: &StandIns,
) -> Result<Quantities, CommandError> {
    let mut lines = Vec::new();
    let everything = RunArguments { shop: Vec::new(), full: false, from: None };
    let (plan, _) = plan_adoption(session, warehouse, &everything).await?;
    apply_plan(session, warehouse, &ApplyArguments { plan: plan.0, allow_large_plan: false })
        .await?;
    let counted = applied(warehouse, plan, &[ActionKind::CountStock]).await?;
    lines.push(format!(
        "inventory adopt: {counted} products counted in Odoo as Etsy offers them (plan {plan})"
    ));
    let left_out = leave_out(warehouse, plan).await?;
    lines.push(format!(
        "inventory rule: {left_out} products left out, which only a person can count"
    ));
    for mut shop in shop::list(warehouse).await? {
        shop.policy.stock.master = StockMaster::Odoo;
        shop::set_policy(warehouse, shop.id, &shop.policy).await?;
    }
    let traded = stand_ins.trade_elsewhere(GOODS).await?;
    let (pushed, _) = run_once(session, warehouse).await?;
    let kinds = [
        ActionKind::DeactivateListing,
        ActionKind::LowerInventory,
        ActionKind::RaiseInventory,
        ActionKind::ReactivateListing,
    ];
    let set = applied(warehouse, pushed, &kinds).await?;
    lines.push(format!(
        "stock_master=odoo: Odoo traded {traded} products elsewhere, and run {pushed} set the quantities of {set} listings on Etsy"
    ));
    let (last, _) = run_once(session, warehouse).await?;
    let decided = journal::decision_counts(warehouse, last).await?;
    let of = |kind| decided.iter().filter(|it| it.decision == kind).map(|it| it.count).sum();
    let (acts, held): (i64, i64) = (of(DecisionKind::Act), of(DecisionKind::Hold));
    lines.push(match (acts, held) {
        (0, 0) => "a last run: nothing to do".to_owned(),
        (0, _) => format!("a last run: nothing to do, and {held} held for a person, as before"),
        (_, _) => format!("a last run: it still found {acts} things to do"),
    });
    Ok(Quantities { lines, is_quiet: acts == 0 })
}

/// How many actions of these kinds were applied.
async fn applied(
    warehouse: &Warehouse,
    plan: RunId,
    kinds: &[ActionKind],
) -> Result<i64, CommandError> {
    let counts = journal::decision_counts(warehouse, plan).await?;
    Ok(counts
        .iter()
        .filter(|count| count.outcome == Some(OutcomeKind::Applied))
        .filter(|count| count.action.is_some_and(|action| kinds.contains(&action)))
        .map(|count| count.count)
        .sum())
}

/// Excludes what a plan left to a person.
async fn leave_out(warehouse: &Warehouse, plan: RunId) -> Result<usize, CommandError> {
    let plan = report::load_plan(warehouse, plan, Rows::All).await?;
    let mut left_out = 0_usize;
    for group in plan.groups {
        if group.subject != Subject::Inventory || group.decision != DecisionKind::Hold {
            continue;
        }
        for row in group.rows {
            let goods = Goods { product_key: row.key.clone(), label: row.detail };
            let mut rule = shop::stock_rule(warehouse, group.shop.id, &goods).await?;
            rule.set(RuleKey::Exclude, "yes")?;
            shop::set_stock_rule(warehouse, &rule).await?;
            left_out = left_out.saturating_add(1);
        }
    }
    Ok(left_out)
}
