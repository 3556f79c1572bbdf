//! A run on one page: the stages in order, and nothing else.

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use secrecy::SecretString;

use crate::apply::{self, AccessError, ApplyError, EtsyAccess, OpenShop, Sides};
use crate::db::{OdooReader, Warehouse};
use crate::diff::{self, DiffError, FindingStream};
use crate::domain::{Advice, Clock, RunId, ShopId, Subject};
use crate::journal::{self, Command, JournalError, PlanBook};
use crate::odoo::OdooWriter;
use crate::plan::{self, Decision, Planner, Refusal, ShopPolicy};
use crate::shop::{self, Books, Shop, ShopError, StockMaster};
use crate::snapshot::{self, EtsySide, Extent, SnapshotError};
use crate::stage::{self, Entries, StageError, StockDirection};

/// A run under way.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number in the journal.
    pub id: RunId,
    /// The shops that take part.
    pub shops: Vec<Shop>,
    /// What is reconciled.
    pub subjects: Vec<Subject>,
    /// How much is read.
    pub extent: Extent,
}

impl Run {
    fn shop_ids(&self) -> Vec<ShopId> {
        self.shops.iter().map(|shop| shop.id).collect()
    }

    /// The shops whose entries for the books are made in Odoo, if this run makes any.
    fn shops_with_books(&self) -> Vec<ShopId> {
        if !self.subjects.contains(&Subject::Books) {
            return Vec::new();
        }
        drafting(&self.shops).collect()
    }

    /// Whose quantities are compared, and in which direction. `adopts`: Etsy's are counted in Odoo, whatever the policies say.
    fn stock_directions(&self, adopts: bool) -> Vec<(ShopId, StockDirection)> {
        if !self.subjects.contains(&Subject::Inventory) {
            return Vec::new();
        }
        let direction = |shop: &Shop| match shop.policy.stock.master {
            _ if adopts => Some(StockDirection::Count),
            StockMaster::None => None,
            StockMaster::Odoo => Some(StockDirection::Push),
            StockMaster::Etsy => Some(StockDirection::Count),
        };
        self.shops.iter().filter_map(|shop| Some((shop.id, direction(shop)?))).collect()
    }
}

/// The shops whose policy wants entries for the books made in Odoo.
fn drafting(shops: &[Shop]) -> impl Iterator<Item = ShopId> {
    shops.iter().filter(|shop| shop.policy.books.books == Books::Draft).map(|shop| shop.id)
}

/// A stored plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// How many decisions act.
    pub acts: usize,
    /// How many wait for a person.
    pub holds: usize,
    /// Why the guard refuses it; nothing: it may be applied.
    pub refusals: Vec<Refusal>,
    /// Until when listings wait because the calls that are left are kept for orders; nothing: they were read.
    pub rest_waits_until: Option<DateTime<Utc>>,
}

/// What taking evidence came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// Answers of Etsy.
    pub pages: i64,
    /// Rows of Odoo.
    pub rows: u64,
    /// Until when listings wait because the calls that are left are kept for orders; nothing: they were read.
    pub rest_waits_until: Option<DateTime<Utc>>,
}

/// Takes evidence of both sides. Fails when a side could not be read whole: from such evidence nothing is planned.
pub async fn observe(
    warehouse: &Warehouse,
    etsy: &EtsySide,
    odoo: &mut OdooReader,
    run: &Run,
    clock: &dyn Clock,
) -> Result<Observed, PipelineError> {
    let (mut pages, mut rest_waits_until) = (0_i64, None);
    let failed = |source| PipelineError::Snapshot { run: run.id, source };
    // before Etsy's calls are spent
    snapshot::see_that_odoo_fits(odoo).await.map_err(failed)?;
    for shop in &run.shops {
        let taken = snapshot::take_etsy(warehouse, etsy, run.id, shop, run.extent, clock)
            .await
            .map_err(failed)?;
        tracing::info!(shop.name = %shop.name, taken.pages, "read Etsy");
        pages = pages.saturating_add(taken.pages);
        rest_waits_until = rest_waits_until.max(taken.rest_waits_until);
    }
    let mut rows =
        snapshot::take_odoo(warehouse, odoo, run.id, clock.now()).await.map_err(failed)?;
    let begun = journal::run(warehouse, run.id)
        .await
        .map_err(|source| PipelineError::Journal { run: run.id, source })?;
    let directions = run.stock_directions(begun.command == Command::Adopt);
    if directions.iter().any(|(_, direction)| *direction == StockDirection::Count) {
        let counted = snapshot::take_countable(warehouse, odoo, run.id).await.map_err(failed)?;
        rows = rows.saturating_add(counted);
    }
    tracing::info!(rows, "read Odoo");
    Ok(Observed { pages, rows, rest_waits_until })
}

/// From evidence to a stored plan: stage, diff, plan, guard. Reads nothing outside our database. Where the payment account
/// takes part, the breaks are found, too.
pub async fn decide(warehouse: &Warehouse, run: &Run) -> Result<Planned, PipelineError> {
    let shops = run.shop_ids();
    let refuse = |source| PipelineError::Journal { run: run.id, source };
    let begun = journal::run(warehouse, run.id).await.map_err(refuse)?;
    let directions = run.stock_directions(begun.command == Command::Adopt);
    let staged = |source| PipelineError::Stage { run: run.id, source };
    let entries = if run.extent.full { Entries::All } else { Entries::New };
    let counts = stage::stage(warehouse, run.id, &shops, entries).await.map_err(staged)?;
    stage::stage_quantities(warehouse, run.id, &shops, &directions).await.map_err(staged)?;
    let with_books = run.shops_with_books();
    stage::make_books(warehouse, run.id, &with_books).await.map_err(staged)?;
    tracing::info!(?counts, "staged");
    let compared = |source| PipelineError::Diff { run: run.id, source };
    let subjects = run.subjects.iter().copied();
    let subjects: Vec<Subject> = subjects
        .filter(|subject| *subject != Subject::Inventory || !directions.is_empty())
        .filter(|subject| *subject != Subject::Books || !with_books.is_empty())
        .collect();
    diff::compare(warehouse, run.id, &shops, &subjects).await.map_err(compared)?;
    let standings = diff::standings(warehouse, run.id, &shops).await.map_err(compared)?;
    let placeholder = diff::placeholder_product(warehouse, run.id).await.map_err(compared)?;
    let policies: BTreeMap<ShopId, ShopPolicy> = run
        .shops
        .iter()
        .map(|shop| (shop.id, ShopPolicy { name: shop.name.clone(), policy: shop.policy.clone() }))
        .collect();
    let mut planner = Planner::new(&policies, placeholder);
    journal::record_decisions(warehouse, run.id, refuse, async |book| {
        let products = diff::product_findings(warehouse, run.id).await.map_err(compared)?;
        plan_each(run.id, book, products, |finding| planner.product(finding)).await?;
        let customers = diff::customer_findings(warehouse, run.id).await.map_err(compared)?;
        plan_each(run.id, book, customers, |finding| planner.customer(finding)).await?;
        let orders = diff::order_findings(warehouse, run.id).await.map_err(compared)?;
        plan_each(run.id, book, orders, |finding| planner.order(finding)).await?;
        if !directions.is_empty() {
            let now = begun.started_at;
            let counts = diff::count_findings(warehouse, run.id).await.map_err(compared)?;
            plan_each(run.id, book, counts, |finding| planner.count(finding)).await?;
            let quantities = diff::inventory_findings(warehouse, run.id).await.map_err(compared)?;
            plan_each(run.id, book, quantities, |finding| planner.inventory(finding, now)).await?;
        }
        let entries = diff::book_findings(warehouse, run.id).await.map_err(compared)?;
        plan_each(run.id, book, entries, |finding| planner.book(finding)).await
    })
    .await?;
    if run.subjects.contains(&Subject::Ledger) {
        search_for_breaks(warehouse, run.id, &shops).await?;
    }
    let stock = stock_standings(warehouse, run.id, &directions).await.map_err(compared)?;
    let standings = standings
        .into_iter()
        .map(|(shop, standing)| {
            let standing = plan::ShopStanding {
                orders_in_odoo: standing.orders_in_odoo,
                vanished_orders: standing.vanished_orders,
            };
            (shop, standing)
        })
        .collect();
    let (acts, holds) = planner.counts();
    Ok(Planned {
        acts,
        holds,
        refusals: planner.refusals(&standings, &stock),
        rest_waits_until: None,
    })
}

/// How the quantities of each shop stand, for the guard.
async fn stock_standings(
    warehouse: &Warehouse,
    run: RunId,
    directions: &[(ShopId, StockDirection)],
) -> Result<BTreeMap<ShopId, plan::StockStanding>, DiffError> {
    if directions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let standings = diff::stock_standings(warehouse, run).await?.into_iter();
    Ok(standings
        .map(|(shop, standing)| {
            let standing = plan::StockStanding {
                on_sale: standing.on_sale,
                compared: standing.compared,
                warehouse_ids: standing.warehouse_ids,
                absent_warehouse_ids: standing.absent_warehouse_ids,
                is_empty: standing.is_empty,
                allowed_before: standing.allowed_before,
            };
            (shop, standing)
        })
        .collect())
}

/// Lays out the money of what a run has staged, finds the breaks in it as of the moment that the run began, and writes down
/// what became of them.
pub async fn find_breaks(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<(), PipelineError> {
    let all = shop::list(warehouse)
        .await
        .map_err(|source| PipelineError::Shops { run, source: Box::new(source) })?;
    let with_books: Vec<ShopId> = drafting(&all).filter(|shop| shops.contains(shop)).collect();
    stage::make_books(warehouse, run, &with_books)
        .await
        .map_err(|source| PipelineError::Stage { run, source })?;
    search_for_breaks(warehouse, run, shops).await
}

async fn search_for_breaks(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<(), PipelineError> {
    let kept = |source| PipelineError::Journal { run, source };
    let now = journal::run(warehouse, run).await.map_err(kept)?.started_at;
    stage::lay_out_money(warehouse, run, shops)
        .await
        .map_err(|source| PipelineError::Stage { run, source })?;
    diff::find_breaks(warehouse, run, shops, now)
        .await
        .map_err(|source| PipelineError::Diff { run, source })?;
    let happened = journal::follow_breaks(warehouse, run, shops, now).await.map_err(kept)?;
    tracing::info!(happened, "followed the breaks");
    Ok(())
}

/// Decides on each finding, and writes the decisions down as they come.
async fn plan_each<T>(
    run: RunId,
    book: &mut PlanBook<'_>,
    mut findings: FindingStream<T>,
    mut decide: impl FnMut(&T) -> Option<Decision>,
) -> Result<(), PipelineError> {
    loop {
        let found = findings.next().await.map_err(|source| PipelineError::Diff { run, source })?;
        if found.is_empty() {
            return Ok(());
        }
        let decisions: Vec<Decision> = found.iter().filter_map(&mut decide).collect();
        book.add(&decisions).await.map_err(|source| PipelineError::Journal { run, source })?;
    }
}

/// Does what the plan of `plan` says. `applied_by` is the run that does it: the same one, or a later `apply`.
/// Etsy is called only if the plan sets quantities; a plan that does not needs no way to it.
pub async fn apply(
    warehouse: &Warehouse,
    etsy: Option<&EtsySide>,
    odoo: &OdooWriter,
    reader: &mut OdooReader,
    plan: RunId,
    applied_by: RunId,
    clock: &dyn Clock,
) -> Result<apply::Applied, PipelineError> {
    let options = apply::ApplyOptions::default();
    let etsy = etsy.map(|etsy| way_to_etsy(warehouse, etsy));
    let sides = Sides { odoo, odoo_reader: reader, etsy };
    apply::apply(warehouse, sides, plan, applied_by, clock, &options)
        .await
        .map_err(|source| PipelineError::Apply { run: plan, source })
}

/// What `apply` needs of Etsy: its shops are opened as the snapshot opens them.
pub fn way_to_etsy<'a>(warehouse: &'a Warehouse, etsy: &'a EtsySide) -> EtsyAccess<'a> {
    let open = move |id: ShopId, refused: Option<SecretString>| {
        async move {
            let barred = |advice: Advice, source: Box<dyn Error + Send + Sync>| AccessError {
                advice,
                source,
            };
            let shop = shop::with_id(warehouse, id)
                .await
                .map_err(|error| barred(error.advice(), Box::new(error)))?;
            let token = etsy
                .token(warehouse, &shop, refused.as_ref())
                .await
                .map_err(|error| barred(error.advice(), Box::new(error)))?;
            Ok(OpenShop { name: shop.name, token })
        }
        .boxed_local()
    };
    EtsyAccess { reader: etsy.reader(), writer: etsy.writer(), open: Box::new(open) }
}

/// A run that stopped, with the stage it stopped in.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Evidence could not be taken.
    #[error("run {run} stopped in stage `snapshot`")]
    Snapshot {
        /// Which run.
        run: RunId,
        /// What happened.
        #[source]
        source: SnapshotError,
    },
    /// The shops' policies could not be read.
    #[error("the money of run {run} could not be laid out")]
    Shops {
        /// Which run.
        run: RunId,
        /// What happened.
        #[source]
        source: Box<ShopError>,
    },
    /// The sides could not be made congruent.
    #[error("run {run} stopped in stage `stage`")]
    Stage {
        /// Which run.
        run: RunId,
        /// What happened.
        #[source]
        source: StageError,
    },
    /// The sides could not be compared.
    #[error("run {run} stopped in stage `diff`")]
    Diff {
        /// Which run.
        run: RunId,
        /// What happened.
        #[source]
        source: DiffError,
    },
    /// The plan could not be stored.
    #[error("run {run} stopped in stage `plan`")]
    Journal {
        /// Which run.
        run: RunId,
        /// What happened.
        #[source]
        source: JournalError,
    },
    /// The plan could not be applied to its end.
    #[error("the plan of run {run} stopped in stage `apply`")]
    Apply {
        /// Whose plan.
        run: RunId,
        /// What happened.
        #[source]
        source: ApplyError,
    },
}

impl PipelineError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Snapshot { source, .. } => source.advice(),
            Self::Shops { source, .. } => source.advice(),
            Self::Stage { source, .. } => source.advice(),
            Self::Diff { source, .. } => source.advice(),
            Self::Journal { source, .. } => source.advice(),
            Self::Apply { source, .. } => source.advice(),
        }
    }
}
