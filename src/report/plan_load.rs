//! Loads a plan: what was decided, and the first rows of each kind.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::ReportError;
use super::foot::Sums;
use super::load::{applications, evidence, has_plan, header, intake, matters, tally};
use super::model::{BrokenSum, RunHeader, Shop};
use super::plan_view::{Cost, PLAN_SCHEMA, PlanGroup, PlanMoney, PlanRow, PlanTotal, PlanView};
use super::quantities::QuantityTotal;
use super::quantities::{quantity_totals, sellers_edits};
use super::read::{Fields, Reader};
use super::rows::TallyRow;
use super::scale::Scales;
use super::{entry_detail, product_update, quantities, words};
use crate::db::Warehouse;
use crate::domain::{ActionKind, Currency, DecisionKind, RunId, ShopId, Subject, Verdict};

/// How many rows of each group a plan shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The first so many.
    First(u32),
    /// All of them.
    All,
}

impl Default for Rows {
    fn default() -> Self {
        Self::First(20)
    }
}

/// Loads the plan of a run; for a run of `apply`, the plan that it applied.
pub async fn load_plan(
    warehouse: &Warehouse,
    run: RunId,
    rows: Rows,
) -> Result<PlanView, ReportError> {
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let mut reader = Reader::begin(&mut client, run).await?;
    let (header, odoo) = header(&mut reader).await?;
    let shops = reader.shops().await?;
    let (intake, tally, matters) =
        (intake(&reader).await?, tally(&reader).await?, matters(&reader).await?);
    let sums = Sums {
        shops: &shops,
        intake: &intake,
        tally: &tally,
        matters: &matters,
        planned: has_plan(&header, &matters),
    };
    let mut broken_sums = sums.broken();
    let mut groups = groups(&reader, &shops, rows).await?;
    let mut totals = totals(&shops, &tally, &groups);
    broken_sums.extend(totals.iter().filter_map(PlanTotal::broken));
    let mut quantities = quantity_totals(&reader, &shops).await?;
    let sellers_edits = sellers_edits(&reader, &shops).await?;
    settle(&mut groups, &mut totals, &mut quantities);
    Ok(PlanView {
        schema: PLAN_SCHEMA,
        applications: applications(&reader).await?,
        evidence: evidence(&reader, &shops, odoo).await?,
        run: RunHeader { shops: shops.into_values().collect(), ..header },
        foots: broken_sums.is_empty(),
        broken_sums,
        cost: Cost::of(groups.iter().filter_map(|group| Some((group.action?, group.count)))),
        totals,
        sellers_edits,
        quantities,
        groups,
    })
}

type GroupKey = (ShopId, Subject, DecisionKind, Option<ActionKind>);

async fn groups(
    reader: &Reader<'_>,
    shops: &BTreeMap<ShopId, Shop>,
    rows: Rows,
) -> Result<Vec<PlanGroup>, ReportError> {
    let limit = match rows {
        Rows::First(limit) => Some(i64::from(limit)),
        Rows::All => None,
    };
    let sums = reader.rows("sum up a plan", sql!("report/plan_groups.sql")).await?;
    let mut groups: BTreeMap<GroupKey, PlanGroup> = BTreeMap::new();
    for row in &sums {
        let group = groups.entry(group_key(row)?).or_insert(PlanGroup {
            shop: row.shop(shops),
            subject: row.word("subject")?,
            decision: row.word("decision")?,
            action: row.optional_word("action")?,
            count: 0,
            money: Vec::new(),
            rows: Vec::new(),
        });
        group.count += row.get::<i64>("decisions");
        group.money.extend(row.currency()?.map(|currency| (currency, row.get("amount"))));
    }
    let first = reader.first_rows("list a plan", sql!("report/plan_rows.sql"), limit).await?;
    for row in &first {
        if let Some(group) = groups.get_mut(&group_key(row)?) {
            group.rows.push(plan_row(row)?);
        }
    }
    Ok(groups.into_values().collect())
}

fn group_key(row: &Fields) -> Result<GroupKey, ReportError> {
    Ok((
        ShopId(row.get("shop_id")),
        row.word("subject")?,
        row.word("decision")?,
        row.optional_word("action")?,
    ))
}

fn plan_row(row: &Fields) -> Result<PlanRow, ReportError> {
    Ok(PlanRow {
        decision_no: row.get("decision_no"),
        key: row.get("key"),
        verdict: row.word("verdict")?,
        reason: row.get("reason"),
        detail: detail(row),
        amount: row.get("amount"),
        currency: row.currency()?,
    })
}

/// What a person may see of an action. Each column is null for the other kinds.
fn detail(row: &Fields) -> String {
    let mut known = Vec::new();
    known.extend(row.get::<Option<&str>>("sku").map(|sku| format!("SKU {}", words::clean(sku))));
    known.extend(row.get::<Option<&str>>("product_name").map(|name| words::clipped(name, 60)));
    let update: Option<serde_json::Value> = row.get("product_update");
    known.extend(update.iter().flat_map(product_update::changes));
    known.extend(row.get::<Option<&str>>("goods").map(|goods| words::clipped(goods, 40)));
    let set: Option<serde_json::Value> = row.get("quantities");
    let action: Option<&str> = row.get("action");
    let numbers = set.iter().flat_map(|set| quantities::changes(action.unwrap_or_default(), set));
    known.extend(numbers);
    if row.get::<Option<bool>>("is_renewed") == Some(true) {
        known.push("renewed for a fee of 0.20 USD".to_owned());
    }
    let count: Option<serde_json::Value> = row.get("stock_count");
    known.extend(count.as_ref().map(quantities::counted));
    let entry: Option<serde_json::Value> = row.get("entry");
    known.extend(entry.iter().flat_map(entry_detail::detail));
    let country: Option<&str> = row.get("country");
    known.extend(
        row.get::<Option<i32>>("country_id")
            .map(|id| country.map_or_else(|| format!("country {id} in Odoo"), words::clean)),
    );
    known.extend(
        row.get::<Option<DateTime<Utc>>>("ordered_at")
            .map(|ordered_at| format!("ordered {}", ordered_at.format("%Y-%m-%d"))),
    );
    known.extend(
        row.get::<Option<i32>>("lines").map(|lines| words::count_of(i64::from(lines), "line")),
    );
    if row.get::<Option<bool>>("confirm") == Some(false) {
        known.push("left as a draft".to_owned());
    }
    if row.get::<Option<bool>>("taxed_by_odoo") == Some(true) {
        known.push("Odoo's own taxes come on top".to_owned());
    }
    known.extend(row.get::<Option<i32>>("order_id").map(|id| format!("Odoo order {id}")));
    known.join(", ")
}

fn totals(
    shops: &BTreeMap<ShopId, Shop>,
    tally: &[TallyRow],
    groups: &[PlanGroup],
) -> Vec<PlanTotal> {
    let mut totals: BTreeMap<(ShopId, Subject), PlanTotal> = BTreeMap::new();
    for row in tally {
        let shop = Shop::of(shops, row.shop);
        let total = totals
            .entry((row.shop, row.subject))
            .or_insert_with(|| PlanTotal::empty(shop, row.subject));
        total.compared += row.keys;
        if let Some(currency) = row.currency
            && !row.odoo_tax.is_zero()
        {
            *total.odoo_tax.entry(currency).or_default() += row.odoo_tax;
        }
        if row.verdict == Verdict::Agrees {
            total.agrees += row.keys;
        }
    }
    for group in groups {
        let total = totals
            .entry((group.shop.id, group.subject))
            .or_insert_with(|| PlanTotal::empty(group.shop.clone(), group.subject));
        match group.decision {
            DecisionKind::Act => total.act += group.count,
            DecisionKind::Hold => total.hold += group.count,
            DecisionKind::Ignore => total.ignore += group.count,
        }
        total.money.extend(group.money.iter().map(|(currency, amount)| PlanMoney {
            decision: group.decision,
            action: group.action,
            currency: *currency,
            amount: *amount,
        }));
    }
    totals.into_values().collect()
}

impl PlanTotal {
    fn empty(shop: Shop, subject: Subject) -> Self {
        Self {
            shop,
            subject,
            compared: 0,
            agrees: 0,
            act: 0,
            hold: 0,
            ignore: 0,
            money: Vec::new(),
            odoo_tax: BTreeMap::new(),
        }
    }

    /// The sum that does not foot, if `compared` is not made up of what was decided and what agrees.
    pub(super) fn broken(&self) -> Option<BrokenSum> {
        let accounted = self.agrees + self.act + self.hold + self.ignore;
        (accounted != self.compared).then(|| BrokenSum {
            place: words::place(&self.shop, Some(self.subject)),
            first_name: "compared".to_owned(),
            first: words::count(self.compared),
            second_name: "agreeing, acted on, held and left alone".to_owned(),
            second: words::count(accounted),
        })
    }
}

/// All amounts of a currency with the same number of decimals.
fn settle(groups: &mut [PlanGroup], totals: &mut [PlanTotal], quantities: &mut [QuantityTotal]) {
    let mut scales = Scales::default();
    let each = |quantities: &mut [QuantityTotal],
                visit: &mut dyn FnMut(Option<Currency>, &mut Decimal)| {
        for total in quantities {
            visit(total.currency, &mut total.revenue_off);
            visit(total.currency, &mut total.revenue_on);
        }
    };
    each(quantities, &mut |currency, amount| scales.see(currency, *amount));
    each_amount(groups, totals, &mut |currency, amount| scales.see(currency, *amount));
    each_amount(groups, totals, &mut |currency, amount| scales.apply(currency, amount));
    each(quantities, &mut |currency, amount| scales.apply(currency, amount));
}

fn each_amount(
    groups: &mut [PlanGroup],
    totals: &mut [PlanTotal],
    visit: &mut dyn FnMut(Option<Currency>, &mut Decimal),
) {
    for group in groups {
        for (currency, amount) in &mut group.money {
            visit(Some(*currency), amount);
        }
        for row in &mut group.rows {
            row.amount.iter_mut().for_each(|amount| visit(row.currency, amount));
        }
    }
    for money in totals.iter_mut().flat_map(|total| &mut total.money) {
        visit(Some(money.currency), &mut money.amount);
    }
    for (currency, tax) in totals.iter_mut().flat_map(|total| &mut total.odoo_tax) {
        visit(Some(*currency), tax);
    }
}
