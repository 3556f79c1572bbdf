//! Loads the report of a run: a handful of queries, each for a whole set.

use std::collections::BTreeMap;

use super::bridge::totals;
use super::build::shop_reports;
use super::foot::Sums;
use super::model::{
    Application, Bounded, Evidence, Novelty, OdooRead, OffRow, PersonRow, REPORT_SCHEMA, RejectRow,
    RunHeader, RunReport, Shop, StreamProof, UnprovenWindow,
};
use super::quantities::{quantity_totals, sellers_edits};
use super::read::{Fields, Reader};
use super::rows::{IntakeRow, MatterRow, TallyRow};
use super::{ReportError, scale};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};

/// How many rows of a list a report shows.
const LISTED: i64 = 200;

/// Exit codes of a run that came to its end, and so has stored its plan (0, 2 and 3: see the command line).
const CAME_TO_AN_END: [i16; 3] = [0, 2, 3];

/// Loads the report of a run. For a run of `apply` it is the report of the run whose plan was applied: that one has the
/// findings, the decisions and, in the end, the outcomes.
///
/// Only stored times are shown, so the report of the same rows is the same to the byte.
pub async fn load_report(warehouse: &Warehouse, run: RunId) -> Result<RunReport, ReportError> {
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let mut reader = Reader::begin(&mut client, run).await?;
    let (header, odoo) = header(&mut reader).await?;
    let shops = reader.shops().await?;
    let intake = intake(&reader).await?;
    let tally = tally(&reader).await?;
    let matters = matters(&reader).await?;
    let sums = Sums {
        shops: &shops,
        intake: &intake,
        tally: &tally,
        matters: &matters,
        planned: has_plan(&header, &matters),
    };
    let broken_sums = sums.broken();
    let [held, refused, unknown, stale] = people(&reader, &shops).await?;
    let rows =
        reader.first_rows("read the orders that are off", sql!("report/off.sql"), Some(LISTED));
    let off = bounded(&rows.await?, |row| off_row(row, &shops))?;
    let rows = reader.first_rows("read the rejects", sql!("report/rejects.sql"), Some(LISTED));
    let rejects = bounded(&rows.await?, |row| Ok(reject_row(row, &shops)))?;
    let shop_reports = shop_reports(&shops, &intake, &tally, &matters);
    let mut report = RunReport {
        schema: REPORT_SCHEMA,
        applications: applications(&reader).await?,
        evidence: evidence(&reader, &shops, odoo).await?,
        run: RunHeader { shops: shops.values().cloned().collect(), ..header },
        foots: broken_sums.is_empty(),
        broken_sums,
        totals: totals(&shop_reports),
        shops: shop_reports,
        held,
        refused,
        unknown,
        stale,
        off,
        rejects,
        quantities: quantity_totals(&reader, &shops).await?,
        sellers_edits: sellers_edits(&reader, &shops).await?,
    };
    scale::settle(&mut report);
    Ok(report)
}

/// Whether the run stored a plan, or came to an end by which it should have.
pub(super) fn has_plan(run: &RunHeader, matters: &[MatterRow]) -> bool {
    run.end.as_ref().is_some_and(|end| CAME_TO_AN_END.contains(&end.exit_code))
        || matters.iter().any(|row| row.decisions > 0)
}

/// The header, but for the shops; and from here on the reader reads the run that has the plan.
pub(super) async fn header(
    reader: &mut Reader<'_>,
) -> Result<(RunHeader, Option<OdooRead>), ReportError> {
    let rows = reader.rows("read a run", sql!("report/run.sql")).await?;
    let row = rows.first().ok_or(ReportError::NoSuchRun(reader.run))?;
    let run = RunId(row.get("run_id"));
    let subjects = row
        .get::<Vec<&str>>("subjects")
        .into_iter()
        .map(|word| {
            word.parse().map_err(|error| ReportError::Word {
                run,
                column: "subjects",
                source: Box::new(error),
            })
        })
        .collect::<Result<_, _>>()?;
    let header = RunHeader {
        number: run,
        command: row.word("command")?,
        shops: Vec::new(),
        subjects,
        full: row.get("full_read"),
        large_plan_allowed: row.get("large_plan_allowed"),
        started_at: row.get("started_at"),
        version: row.get("version"),
        end: row.end(),
    };
    let odoo = row.get::<Option<_>>("odoo_taken_at").map(|taken_at| OdooRead {
        taken_at,
        database: row.get("odoo_database"),
        rows: row.get("odoo_rows"),
    });
    reader.run = run;
    Ok((header, odoo))
}

pub(super) async fn applications(reader: &Reader<'_>) -> Result<Vec<Application>, ReportError> {
    let rows = reader.rows("read who applied a plan", sql!("report/applications.sql")).await?;
    Ok(rows
        .iter()
        .map(|row| Application {
            number: RunId(row.get("run_id")),
            large_plan_allowed: row.get("large_plan_allowed"),
            started_at: row.get("started_at"),
            end: row.end(),
        })
        .collect())
}

pub(super) async fn evidence(
    reader: &Reader<'_>,
    shops: &BTreeMap<ShopId, Shop>,
    odoo: Option<OdooRead>,
) -> Result<Evidence, ReportError> {
    let rows = reader.rows("read what was proven", sql!("report/streams.sql")).await?;
    let streams: Vec<StreamProof> = rows
        .iter()
        .map(|row| StreamProof {
            shop: row.shop(shops),
            stream: row.get("stream"),
            windows: row.get("windows"),
            proven: row.get("proven"),
            said: row.get("said"),
            landed: row.get("landed"),
            broken_links: row.get("broken_links"),
        })
        .collect();
    let rows =
        reader.first_rows("read what was not proven", sql!("report/unproven.sql"), Some(LISTED));
    let unproven = bounded(&rows.await?, |row| {
        Ok(UnprovenWindow {
            shop: row.shop(shops),
            stream: row.get("stream"),
            from: row.get("window_from"),
            until: row.get("window_until"),
            said: row.get("said"),
            landed: row.get("landed"),
        })
    })?;
    let rows = reader.rows("read what is new on Etsy", sql!("report/novelties.sql")).await?;
    let novelties = rows
        .iter()
        .map(|row| Novelty {
            shop: row.shop(shops),
            entity: row.get("entity"),
            field: row.get("field"),
            word: row.get("word"),
        })
        .collect();
    Ok(Evidence { novelties, ..Evidence::of(shops, streams, unproven, odoo) })
}

impl Evidence {
    /// Evidence is complete when every shop was read, no window lacks its proof, and Odoo was read.
    pub(super) fn of(
        shops: &BTreeMap<ShopId, Shop>,
        streams: Vec<StreamProof>,
        unproven: Bounded<UnprovenWindow>,
        odoo: Option<OdooRead>,
    ) -> Self {
        let shops_not_read: Vec<Shop> = shops
            .values()
            .filter(|shop| !streams.iter().any(|stream| stream.shop.id == shop.id))
            .cloned()
            .collect();
        Self {
            complete: unproven.is_empty() && shops_not_read.is_empty() && odoo.is_some(),
            streams,
            unproven,
            shops_not_read,
            odoo,
            novelties: Vec::new(),
        }
    }
}

pub(super) async fn intake(reader: &Reader<'_>) -> Result<Vec<IntakeRow>, ReportError> {
    let rows = reader.rows("read what staging came to", sql!("report/intake.sql")).await?;
    Ok(rows
        .iter()
        .map(|row| IntakeRow {
            shop: ShopId(row.get("shop_id")),
            entity: row.get("entity"),
            fetched: row.get("fetched"),
            staged: row.get("staged"),
            rejected: row.get("rejected"),
            repeated: row.get("repeated"),
            listed_rejects: row.get("listed_rejects"),
        })
        .collect())
}

pub(super) async fn tally(reader: &Reader<'_>) -> Result<Vec<TallyRow>, ReportError> {
    let rows = reader.rows("read the tally", sql!("report/tally.sql")).await?;
    rows.iter()
        .map(|row| {
            Ok(TallyRow {
                shop: ShopId(row.get("shop_id")),
                subject: row.word("subject")?,
                currency: row.currency()?,
                standing: row.word("standing")?,
                verdict: row.word("verdict")?,
                keys: row.get("keys"),
                etsy: row.get("etsy_amount"),
                odoo: row.get("odoo_amount"),
                odoo_tax: row.get("odoo_tax_added"),
            })
        })
        .collect()
}

pub(super) async fn matters(reader: &Reader<'_>) -> Result<Vec<MatterRow>, ReportError> {
    let rows = reader.rows("read findings and decisions", sql!("report/matters.sql")).await?;
    rows.iter()
        .map(|row| {
            Ok(MatterRow {
                shop: ShopId(row.get("shop_id")),
                subject: row.word("subject")?,
                currency: row.currency()?,
                standing: row.word("standing")?,
                verdict: row.word("verdict")?,
                decision: row.optional_word("decision")?,
                action: row.optional_word("action")?,
                progress: row.optional_word("state")?,
                findings: row.get("findings"),
                decisions: row.get("decisions"),
                in_another_currency: row.get("in_another_currency"),
                off: row.get("off"),
                etsy: row.get("etsy_amount"),
                odoo: row.get("odoo_amount"),
                at_stake: row.get("at_stake"),
                odoo_now: row.get("odoo_now"),
                odoo_tax: row.get("odoo_tax"),
                odoo_tax_now: row.get("odoo_tax_now"),
            })
        })
        .collect()
}

/// The lists of held, refused, unknown and stale decisions, in this order.
async fn people(
    reader: &Reader<'_>,
    shops: &BTreeMap<ShopId, Shop>,
) -> Result<[Bounded<PersonRow>; 4], ReportError> {
    let rows = reader
        .first_rows("read what a person should see", sql!("report/people.sql"), Some(LISTED))
        .await?;
    let [mut held, mut refused, mut unknown, mut stale] = <[Bounded<PersonRow>; 4]>::default();
    for row in &rows {
        let list = match row.get("list") {
            "held" => &mut held,
            "refused" => &mut refused,
            "unknown" => &mut unknown,
            _ => &mut stale,
        };
        list.total = row.get("total");
        list.rows.push(PersonRow {
            decision_no: row.get("decision_no"),
            shop: row.shop(shops),
            subject: row.word("subject")?,
            key: row.get("key"),
            verdict: row.word("verdict")?,
            action: row.optional_word("action")?,
            reason: row.get("reason"),
            said: row.get("said"),
            differences: row.get("differences"),
            odoo_id: row.get("odoo_id"),
            currency: row.currency()?,
            etsy_amount: row.get("etsy_amount"),
            odoo_amount: row.get("odoo_amount"),
        });
    }
    Ok([held, refused, unknown, stale])
}

fn off_row(row: &Fields, shops: &BTreeMap<ShopId, Shop>) -> Result<OffRow, ReportError> {
    Ok(OffRow {
        shop: row.shop(shops),
        key: row.get("key"),
        verdict: row.word("verdict")?,
        differences: row.get("differences"),
        decision: row.optional_word("decision")?,
        progress: row.optional_word("state")?,
        reason: row.get("reason"),
        odoo_id: row.get("odoo_id"),
        currency: row.currency()?,
        etsy_amount: row.get("etsy_amount"),
        odoo_amount: row.get("odoo_amount"),
        difference: row.get("difference"),
    })
}

fn reject_row(row: &Fields, shops: &BTreeMap<ShopId, Shop>) -> RejectRow {
    RejectRow {
        reject_id: row.get("reject_id"),
        since_run: RunId(row.get("since_run")),
        shop: row.shop(shops),
        entity: row.get("entity"),
        entity_id: row.get("entity_id"),
        field: row.get("field"),
        reason: row.get("reason"),
    }
}

/// A list whose every row carries the total.
fn bounded<T>(
    rows: &[Fields],
    read: impl Fn(&Fields) -> Result<T, ReportError>,
) -> Result<Bounded<T>, ReportError> {
    Ok(Bounded {
        total: rows.first().map_or(0, |row| row.get("total")),
        rows: rows.iter().map(read).collect::<Result<_, _>>()?,
    })
}
