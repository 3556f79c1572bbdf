//! Reads breaks from where they stand.

use tokio_postgres::Row;

use super::{Break, BreakEntry, BreakFile, BreakHistory, words};
use crate::db::{DatabaseError, PooledClient, Warehouse};
use crate::domain::{BreakKind, ReceiptId, RunId, ShopId};
use crate::journal::BreakId;
use crate::report::ReportError;
use crate::report::model::Shop;

/// The last run that made a plan, and whether it was searched for breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastSearch {
    /// Which run.
    pub run: RunId,
    /// The shops that took part.
    pub shops: Vec<ShopId>,
    /// Whether all of them were searched.
    pub is_searched: bool,
}

/// The last run whose money can be searched; nothing: none has made a plan.
pub async fn last_search(warehouse: &Warehouse) -> Result<Option<LastSearch>, ReportError> {
    let client = client(warehouse).await?;
    let row = client
        .query_opt(sql!("report/last_search.sql"), &[])
        .await
        .map_err(failed("look for the last run that made a plan"))?;
    Ok(row.map(|row| LastSearch {
        run: RunId(row.get("run_id")),
        shops: row.get::<_, Vec<i64>>("shop_ids").into_iter().map(ShopId).collect(),
        is_searched: row.get("is_searched"),
    }))
}

/// The breaks of these shops (none: of all), those of the largest amount of each currency first; closed ones too unless
/// `open_only`.
pub async fn load_breaks(
    warehouse: &Warehouse,
    shops: &[ShopId],
    open_only: bool,
) -> Result<Vec<Break>, ReportError> {
    let client = client(warehouse).await?;
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let shop_ids = (!shop_ids.is_empty()).then_some(shop_ids);
    client
        .query(sql!("report/breaks.sql"), &[&None::<i64>, &shop_ids, &open_only])
        .await
        .map_err(failed("read the breaks"))?
        .iter()
        .map(of_row)
        .collect()
}

/// A break with its history and its evidence; nothing: there is none of that number.
pub async fn load_break(
    warehouse: &Warehouse,
    id: BreakId,
) -> Result<Option<BreakFile>, ReportError> {
    let client = client(warehouse).await?;
    let row = client
        .query_opt(sql!("report/breaks.sql"), &[&Some(id.0), &None::<Vec<i64>>, &false])
        .await
        .map_err(failed("read a break"))?;
    let Some(row) = row else { return Ok(None) };
    let of = of_row(&row)?;
    let events = client
        .query(sql!("report/break_events.sql"), &[&id.0])
        .await
        .map_err(failed("read what happened to a break"))?;
    let receipt = of.receipt.map(|receipt| receipt.0);
    let entry: Option<i64> = names_an_entry(of.kind).then(|| of.key.parse().ok()).flatten();
    let entries = client
        .query(sql!("report/break_entries.sql"), &[&of.shop.id.0, &receipt, &entry])
        .await
        .map_err(failed("read the entries of a break"))?;
    let events = events
        .iter()
        .map(|row| {
            Ok(BreakHistory {
                event: word(row, "event")?,
                run: row.get::<_, Option<i64>>("run_id").map(RunId),
                at: row.get("happened_at"),
                words: row.get("words"),
                amount: row.get("amount"),
            })
        })
        .collect::<Result<_, ReportError>>()?;
    let entries = entries
        .iter()
        .map(|row| {
            let trouble: Option<&str> = row.get("trouble");
            Ok(BreakEntry {
                entry: row.get("entry_id"),
                at: row.get("entered_at"),
                ledger_type: row.get("ledger_type"),
                class: word(row, "class")?,
                amount: row.get("amount"),
                balance: row.get("balance"),
                trouble: trouble.map(|_| word(row, "trouble")).transpose()?,
            })
        })
        .collect::<Result<_, ReportError>>()?;
    Ok(Some(BreakFile { of, events, entries }))
}

/// Whether the key of a kind is a ledger entry, and not a receipt.
fn names_an_entry(kind: BreakKind) -> bool {
    matches!(
        kind,
        BreakKind::UnknownLedgerType
            | BreakKind::UnknownUnit
            | BreakKind::UnknownReference
            | BreakKind::BrokenChain
            | BreakKind::ChargedTwice
    )
}

fn of_row(row: &Row) -> Result<Break, ReportError> {
    let kind: BreakKind = word(row, "kind")?;
    Ok(Break {
        id: BreakId(row.get("break_id")),
        shop: Shop { id: ShopId(row.get("shop_id")), name: row.get("shop_name") },
        kind,
        key: row.get("key"),
        is_open: row.get("is_open"),
        first_opened_at: row.get("first_opened_at"),
        opened_at: row.get("opened_at"),
        reopened: row.get("reopened"),
        run: RunId(row.get("run_id")),
        dated_at: row.get("dated_at"),
        currency: row.get::<_, &str>("currency").parse().ok(),
        etsy_amount: row.get("etsy_amount"),
        odoo_amount: row.get("odoo_amount"),
        amount: row.get("amount"),
        receipt: row.get::<_, Option<i64>>("receipt_id").map(ReceiptId),
        order_id: row.get("order_id"),
        order: row.get("order_name"),
        detail: row.get("detail"),
        country: row.get("country_iso"),
        tax_rate: row.get("tax_rate"),
        product_key: row.get("product_key"),
        likely_cause: words::likely_cause(kind),
        remedy: words::remedy(kind),
        note: row.get("note"),
        owner: row.get("owner"),
    })
}

fn word<T>(row: &Row, column: &'static str) -> Result<T, ReportError>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    row.get::<_, &str>(column).parse().map_err(|source: T::Err| ReportError::Word {
        run: NO_RUN,
        column,
        source: Box::new(source),
    })
}

/// Breaks are of no run.
const NO_RUN: RunId = RunId(0);

async fn client(warehouse: &Warehouse) -> Result<PooledClient, ReportError> {
    warehouse.client().await.map_err(|source| ReportError::Breaks { source })
}

fn failed(attempted: &'static str) -> impl FnOnce(tokio_postgres::Error) -> ReportError {
    move |error| ReportError::Breaks { source: DatabaseError::query(attempted, error) }
}
