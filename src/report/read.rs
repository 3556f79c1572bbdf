//! Reads the rows of a run, all of one moment.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{IsolationLevel, Row};

use super::ReportError;
use super::model::{End, Shop};
use crate::db::{DatabaseError, PooledClient};
use crate::domain::{Currency, RunId, ShopId};

/// A read of one moment, for one run: sums that are compared must not move in between.
pub(super) struct Reader<'a> {
    /// The run that is read.
    pub(super) run: RunId,
    transaction: Transaction<'a>,
}

impl<'a> Reader<'a> {
    /// Begins to read.
    pub(super) async fn begin(
        client: &'a mut PooledClient,
        run: RunId,
    ) -> Result<Self, ReportError> {
        let transaction = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await
            .map_err(|error| failed(run, "begin to read a report", error))?;
        transaction
            .query_one(sql!("report/read_settings.sql"), &[])
            .await
            .map_err(|error| failed(run, "set up the read of a report", error))?;
        Ok(Self { run, transaction })
    }

    /// All rows of a query that takes the run.
    pub(super) async fn rows(
        &self,
        attempted: &str,
        statement: &str,
    ) -> Result<Vec<Fields>, ReportError> {
        self.query(attempted, statement, &[&self.run.0]).await
    }

    /// The rows of a query that takes the run and a limit; no limit: all rows.
    pub(super) async fn first_rows(
        &self,
        attempted: &str,
        statement: &str,
        limit: Option<i64>,
    ) -> Result<Vec<Fields>, ReportError> {
        self.query(attempted, statement, &[&self.run.0, &limit]).await
    }

    /// All rows of a query.
    pub(super) async fn query(
        &self,
        attempted: &str,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Fields>, ReportError> {
        let rows = self
            .transaction
            .query(statement, parameters)
            .await
            .map_err(|error| failed(self.run, attempted, error))?;
        Ok(rows.into_iter().map(|row| Fields { run: self.run, row }).collect())
    }

    /// The rows of a query as they come, for results that do not fit into memory.
    pub(super) async fn stream(
        &self,
        attempted: &str,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<tokio_postgres::RowStream, ReportError> {
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.to_vec();
        self.transaction
            .query_raw(statement, parameters)
            .await
            .map_err(|error| failed(self.run, attempted, error))
    }

    /// A row of such a stream.
    pub(super) fn fields(&self, row: Row) -> Fields {
        Fields { run: self.run, row }
    }

    /// The shops that took part.
    pub(super) async fn shops(&self) -> Result<BTreeMap<ShopId, Shop>, ReportError> {
        let rows = self.rows("read the shops of a run", sql!("report/shops.sql")).await?;
        Ok(names(&rows))
    }

    /// The names of some shops.
    pub(super) async fn shop_names(
        &self,
        shop_ids: &[i64],
    ) -> Result<BTreeMap<ShopId, Shop>, ReportError> {
        let attempted = "read the names of the shops";
        let rows = self.query(attempted, sql!("report/period_shops.sql"), &[&shop_ids]).await?;
        Ok(names(&rows))
    }
}

fn names(rows: &[Fields]) -> BTreeMap<ShopId, Shop> {
    rows.iter()
        .map(|row| {
            let id = ShopId(row.get("shop_id"));
            let name: Option<String> = row.get("name");
            (id, name.map_or_else(|| Shop::unnamed(id), |name| Shop { id, name }))
        })
        .collect()
}

/// Wraps an error of the driver.
pub(super) fn failed(run: RunId, attempted: &str, error: tokio_postgres::Error) -> ReportError {
    ReportError::Database { run, source: DatabaseError::query(attempted, error) }
}

/// A row, and the run that it belongs to.
pub(super) struct Fields {
    run: RunId,
    row: Row,
}

impl Fields {
    /// A column as it is.
    pub(super) fn get<'r, T: FromSql<'r>>(&'r self, column: &str) -> T {
        self.row.get(column)
    }

    /// A column that holds a word of a closed vocabulary.
    pub(super) fn word<T>(&self, column: &'static str) -> Result<T, ReportError>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
    {
        self.read(column, self.get(column))
    }

    /// The same, for a column that may be null.
    pub(super) fn optional_word<T>(&self, column: &'static str) -> Result<Option<T>, ReportError>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
    {
        self.get::<Option<&str>>(column).map(|word| self.read(column, word)).transpose()
    }

    /// A currency; null and the empty text stand for none.
    pub(super) fn currency(&self) -> Result<Option<Currency>, ReportError> {
        match self.get::<Option<&str>>("currency") {
            None | Some("") => Ok(None),
            Some(code) => self.read("currency", code).map(Some),
        }
    }

    /// The shop by its name.
    pub(super) fn shop(&self, shops: &BTreeMap<ShopId, Shop>) -> Shop {
        Shop::of(shops, ShopId(self.get("shop_id")))
    }

    /// How a run ended; all three columns are null for a run without an end.
    pub(super) fn end(&self) -> Option<End> {
        self.get::<Option<i16>>("exit_code").map(|exit_code| End {
            exit_code,
            message: self.get("message"),
            ended_at: self.get("ended_at"),
        })
    }

    /// A word out of a column.
    pub(super) fn read<T>(&self, column: &'static str, word: &str) -> Result<T, ReportError>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
    {
        word.parse().map_err(|error: T::Err| ReportError::Word {
            run: self.run,
            column,
            source: Box::new(error),
        })
    }
}
