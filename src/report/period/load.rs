//! Loads the report of a period: a handful of queries of one moment, each for a whole set.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use tokio_postgres::types::ToSql;

use super::build::AccountRows;
use super::foot::broken_sums;
use super::model::{
    BreakGroup, BreakRow, Close, EntryRow, Lack, PERIOD_SCHEMA, Period, PeriodEvidence,
    PeriodReport, ReceiptRow, Segment, Source, StockLine, after,
};
use super::rows::{self, AccountKey, BalanceRow, MoneyRow, TieRow};
use super::vocabulary::PeriodState;
use super::{scale, words};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};
use crate::report::ReportError;
use crate::report::load::header;
use crate::report::model::{Bounded, Shop};
use crate::report::read::{Fields, Reader};

/// How many differences a report lists.
const BREAKS: i64 = 5_000;
/// How many segments.
const SEGMENTS: i64 = 8;
/// How many receipts of each account are shown on a page; files of rows have all.
const RECEIPTS_OF_AN_ACCOUNT: i64 = 400;
/// How many movements of each class and account.
const ENTRIES_OF_A_CLASS: i64 = 40;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodRequest {
    /// The run whose evidence it is made from.
    pub run: RunId,
    /// Which shops.
    pub shops: Vec<ShopId>,
    /// Which days.
    pub period: Period,
    /// That they are closed.
    pub close: Option<Close>,
}

/// Loads the report of a period. Only stored times are shown, so the report of the same rows is the same to the byte.
pub async fn load_period(
    warehouse: &Warehouse,
    request: &PeriodRequest,
) -> Result<PeriodReport, ReportError> {
    let run = request.run;
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    let reader = Reader::begin(&mut client, run).await?;
    PeriodReader::begin(reader, request).await?.report().await
}

/// The last run that laid out the money of any of these shops.
pub async fn last_money_run(
    warehouse: &Warehouse,
    shops: &[ShopId],
) -> Result<Option<RunId>, ReportError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let attempted = "find the run that laid out the money";
    let rows =
        read_once(warehouse, RunId(0), attempted, sql!("report/period_run.sql"), &[&shop_ids])
            .await?;
    Ok(rows.first().map(|row| RunId(row.get("run_id"))))
}

/// The first and the last day on which these shops sold something or their payment accounts moved.
pub async fn money_span(
    warehouse: &Warehouse,
    run: RunId,
    shops: &[ShopId],
) -> Result<Option<(NaiveDate, NaiveDate)>, ReportError> {
    let shop_ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let attempted = "find the days of the money";
    let parameters: &[&(dyn ToSql + Sync)] = &[&run.0, &shop_ids];
    let rows = read_once(warehouse, run, attempted, sql!("report/period_span.sql"), parameters);
    let rows = rows.await?;
    let day = |column| rows.first().and_then(|row| row.get::<Option<NaiveDate>>(column));
    Ok(day("first_day").zip(day("last_day")))
}

async fn read_once(
    warehouse: &Warehouse,
    run: RunId,
    attempted: &str,
    statement: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Fields>, ReportError> {
    let mut client =
        warehouse.client().await.map_err(|source| ReportError::Database { run, source })?;
    Reader::begin(&mut client, run).await?.query(attempted, statement, parameters).await
}

/// A read of one moment, for one period.
pub(super) struct PeriodReader<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) shop_ids: Vec<i64>,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    names: BTreeMap<ShopId, Shop>,
    period: Period,
    close: Option<Close>,
    source: Source,
    /// Up to which place in an account which payout settles.
    payouts: BTreeMap<AccountKey, BTreeMap<i64, i64>>,
}

impl<'a> PeriodReader<'a> {
    pub(super) async fn begin(
        mut reader: Reader<'a>,
        request: &PeriodRequest,
    ) -> Result<Self, ReportError> {
        let (run, odoo) = header(&mut reader).await?;
        let shop_ids: Vec<i64> = request.shops.iter().map(|shop| shop.0).collect();
        let mut payouts: BTreeMap<AccountKey, BTreeMap<i64, i64>> = BTreeMap::new();
        let attempted = "read what each payout settles";
        for row in
            reader.query(attempted, sql!("report/period_settlements.sql"), &[&shop_ids]).await?
        {
            let account = rows::account(&row)?;
            payouts
                .entry(account)
                .or_default()
                .insert(row.get("until_sequence"), row.get("settlement_id"));
        }
        let names = reader.shop_names(&shop_ids).await?;
        Ok(Self {
            shop_ids,
            from: request.period.start(),
            until: request.period.end(),
            names,
            period: request.period,
            close: request.close.clone(),
            source: Source {
                run: run.number,
                started_at: run.started_at,
                version: run.version,
                odoo,
            },
            payouts,
            reader,
        })
    }

    /// The report.
    pub(super) async fn report(&self) -> Result<PeriodReport, ReportError> {
        let lacks = self.lacks().await?;
        let rows = self.account_rows().await?;
        let accounts = rows.accounts(self.period, |id| self.named(id));
        let mut report = PeriodReport {
            schema: PERIOD_SCHEMA,
            period: self.period,
            state: if self.close.is_some() { PeriodState::Closed } else { PeriodState::Open },
            close: self.close.clone(),
            source: self.source.clone(),
            shops: self.shop_ids.iter().map(|id| self.named(ShopId(*id))).collect(),
            evidence: PeriodEvidence { complete: lacks.is_empty(), lacks },
            foots: true,
            broken_sums: Vec::new(),
            accounts,
            breaks: self.breaks().await?,
            break_groups: self.break_groups().await?,
            segments: self.segments().await?,
            stock: self.stock().await?,
            corrections: self.correction_sums().await?,
            receipts: self.receipts().await?,
            entries: self.entries(&rows.movements).await?,
            decimals: BTreeMap::new(),
        };
        scale::settle(&mut report);
        report.broken_sums = broken_sums(&report);
        report.foots = report.broken_sums.is_empty();
        Ok(report)
    }

    /// The last day of the period.
    pub(super) fn last_day(&self) -> NaiveDate {
        self.period.to
    }

    /// A shop by its name.
    pub(super) fn named(&self, id: ShopId) -> Shop {
        Shop::of(&self.names, id)
    }

    /// The payout that settles what stands at this place of an account.
    pub(super) fn payout(&self, account: AccountKey, sequence: i64) -> Option<i64> {
        self.payouts.get(&account)?.range(sequence..).next().map(|(_, payout)| *payout)
    }

    /// The rows of a query that takes the run, the shops and the days.
    async fn of_run(&self, attempted: &str, statement: &str) -> Result<Vec<Fields>, ReportError> {
        let run = self.source.run.0;
        self.reader
            .query(attempted, statement, &[&run, &self.shop_ids, &self.from, &self.until])
            .await
    }

    /// The rows of a query that takes the shops and the days.
    async fn of_days(&self, attempted: &str, statement: &str) -> Result<Vec<Fields>, ReportError> {
        self.reader.query(attempted, statement, &[&self.shop_ids, &self.from, &self.until]).await
    }

    /// The same with the run, and a limit.
    async fn first_of_run(
        &self,
        attempted: &str,
        statement: &str,
        limit: i64,
    ) -> Result<Vec<Fields>, ReportError> {
        let run = self.source.run.0;
        let limit = Some(limit);
        self.reader
            .query(attempted, statement, &[&run, &self.shop_ids, &self.from, &self.until, &limit])
            .await
    }

    async fn lacks(&self) -> Result<Vec<Lack>, ReportError> {
        self.of_run("see what the evidence lacks", sql!("report/period_lacks.sql"))
            .await?
            .iter()
            .map(|row| {
                Ok(Lack {
                    shop: self.named(ShopId(row.get("shop_id"))),
                    lack: row.word("lack")?,
                    moment: row.get("moment"),
                    count: row.get("many"),
                })
            })
            .collect()
    }

    async fn account_rows(&self) -> Result<AccountRows, ReportError> {
        let movements =
            self.of_days("add up the movements", sql!("report/period_movements.sql")).await?;
        let balances =
            self.of_days("read the balances", sql!("report/period_balances.sql")).await?;
        let payouts = self.of_days("read the payouts", sql!("report/period_payouts.sql")).await?;
        let ties = self.of_run("tie the receipts' money", sql!("report/period_ties.sql")).await?;
        Ok(AccountRows {
            movements: movements.iter().map(MoneyRow::read).collect::<Result<_, _>>()?,
            balances: balances.iter().map(BalanceRow::read).collect::<Result<_, _>>()?,
            ties: ties.iter().map(TieRow::read).collect::<Result<_, _>>()?,
            payouts: payouts.iter().map(rows::payout).collect::<Result<_, _>>()?,
        })
    }

    async fn breaks(&self) -> Result<Bounded<BreakRow>, ReportError> {
        let rows =
            self.first_of_run("read the breaks", sql!("report/period_breaks.sql"), BREAKS).await?;
        Ok(Bounded {
            total: rows.first().map_or(0, |row| row.get("total")),
            rows: rows.iter().map(|row| self.break_row(row)).collect::<Result<_, _>>()?,
        })
    }

    fn break_row(&self, row: &Fields) -> Result<BreakRow, ReportError> {
        let kind = row.word("kind")?;
        let dated_at: DateTime<Utc> = row.get("dated_at");
        Ok(BreakRow {
            break_id: row.get("break_id"),
            shop: self.named(ShopId(row.get("shop_id"))),
            kind,
            key: row.get("key"),
            dated_at,
            age_days: (self.source.started_at - dated_at).num_days().max(0),
            currency: rows::currency(row)?,
            etsy_amount: row.get("etsy_amount"),
            odoo_amount: row.get("odoo_amount"),
            amount: row.get("amount"),
            receipt_id: row.get("receipt_id"),
            order_id: row.get("order_id"),
            order_name: row.get("order_name"),
            detail: row.get("detail"),
            country: row.get("country_iso"),
            tax_rate: row.get("tax_rate"),
            product_key: row.get("product_key"),
            cause: words::likely_cause(kind),
            remedy: words::remedy(kind),
            opened_at: row.get("opened_at"),
            reopened: row.get("reopened"),
            note: row.get("note"),
            owner: row.get("owner"),
        })
    }

    async fn break_groups(&self) -> Result<Vec<BreakGroup>, ReportError> {
        let (run, now) = (self.source.run.0, self.source.started_at);
        let statement = sql!("report/period_break_ages.sql");
        self.reader
            .query(
                "count the breaks",
                statement,
                &[&run, &self.shop_ids, &self.from, &self.until, &now],
            )
            .await?
            .iter()
            .map(|row| {
                Ok(BreakGroup {
                    shop: self.named(ShopId(row.get("shop_id"))),
                    currency: rows::currency(row)?,
                    kind: row.word("kind")?,
                    age: row.word("age")?,
                    breaks: row.get("breaks"),
                    amount: row.get("amount"),
                    size: row.get("size"),
                })
            })
            .collect()
    }

    async fn segments(&self) -> Result<Vec<Segment>, ReportError> {
        self.first_of_run("find what breaks share", sql!("report/period_segments.sql"), SEGMENTS)
            .await?
            .iter()
            .map(|row| {
                let value: String = row.get("value");
                let shop = value.parse().ok().map(|id| self.named(ShopId(id)).name);
                let dimension = row.word("dimension")?;
                Ok(Segment {
                    dimension,
                    value: match dimension {
                        super::vocabulary::Dimension::Shop => shop.unwrap_or(value),
                        super::vocabulary::Dimension::Country
                        | super::vocabulary::Dimension::TaxRate
                        | super::vocabulary::Dimension::Product => value,
                    },
                    breaks: row.get("breaks"),
                    receipts: row.get("receipts"),
                    all_breaks: row.get("all_breaks"),
                    all_receipts: row.get("all_receipts"),
                })
            })
            .collect()
    }

    async fn stock(&self) -> Result<Vec<StockLine>, ReportError> {
        self.of_days("read what was done about stock", sql!("report/period_stock.sql"))
            .await?
            .iter()
            .map(|row| {
                Ok(StockLine {
                    shop: self.named(ShopId(row.get("shop_id"))),
                    day: row.get("day"),
                    action: row.word("action")?,
                    progress: row.word("state")?,
                    actions: row.get("actions"),
                })
            })
            .collect()
    }

    async fn receipts(&self) -> Result<Bounded<ReceiptRow>, ReportError> {
        let rows = self
            .first_of_run(
                "read the first receipts",
                sql!("report/period_receipt_heads.sql"),
                RECEIPTS_OF_AN_ACCOUNT,
            )
            .await?;
        Ok(Bounded {
            total: rows.first().map_or(0, |row| row.get("total")),
            rows: rows.iter().map(|row| self.receipt(row)).collect::<Result<_, _>>()?,
        })
    }

    /// A receipt, with the payout that settled its sale.
    pub(super) fn receipt(&self, row: &Fields) -> Result<ReceiptRow, ReportError> {
        let account = rows::account(row)?;
        let (mut receipt, sequence) = ReceiptRow::read(row, self.named(account.0))?;
        receipt.payout = sequence.and_then(|sequence| self.payout(account, sequence));
        Ok(receipt)
    }

    async fn entries(&self, movements: &[MoneyRow]) -> Result<Bounded<EntryRow>, ReportError> {
        let total = movements.iter().map(|row| row.entries).sum();
        let limit = ENTRIES_OF_A_CLASS;
        let listed = rows::first_days(movements, limit);
        let shop_ids: Vec<i64> = listed.keys().map(|(account, _)| account.0.0).collect();
        let currencies: Vec<&str> = listed.keys().map(|(account, _)| account.1.as_str()).collect();
        let classes: Vec<&str> = listed.keys().map(|(_, class)| class.as_str()).collect();
        let until: Vec<DateTime<Utc>> = listed.values().map(|(day, _)| after(*day)).collect();
        let parameters: &[&(dyn ToSql + Sync)] =
            &[&self.from, &shop_ids, &currencies, &classes, &until, &limit];
        let statement = sql!("report/period_entry_heads.sql");
        let rows = self.reader.query("read the first movements", statement, parameters).await?;
        Ok(Bounded {
            total,
            rows: rows.iter().map(|row| self.entry(row)).collect::<Result<_, _>>()?,
        })
    }

    /// A movement, with the payout that settled it.
    pub(super) fn entry(&self, row: &Fields) -> Result<EntryRow, ReportError> {
        let account = rows::account(row)?;
        let mut entry = EntryRow::read(row, self.named(account.0))?;
        entry.payout = self.payout(account, entry.sequence_number);
        Ok(entry)
    }
}
