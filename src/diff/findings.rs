//! Findings with everything that a decision needs, as a stream.

use std::pin::Pin;

use futures_util::TryStreamExt as _;
use tokio_postgres::{Row, RowStream};

use super::DiffError;
use crate::db::{PooledClient, Warehouse};
use crate::domain::{RunId, ShopId, Subject, Verdict};

/// A buyer or an address that does not agree.
#[derive(Clone, PartialEq)]
pub struct CustomerFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The customer key, which is the external id without its module.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// The key of the buyer, for an address.
    pub parent_key: Option<String>,
    /// The buyer's partner, if Odoo has it.
    pub parent_id: Option<i32>,
    /// How many partners claim to be that buyer.
    pub parent_copies: i32,
    /// Whether this run found something about that buyer, so that its plan decides on it.
    pub parent_is_decided: bool,
    /// How many shops of this run want this very partner.
    pub claimants: i64,
    /// Etsy's buyer.
    pub buyer_user_id: i64,
    /// The name on the receipt.
    pub name: String,
    /// First line.
    pub street: Option<String>,
    /// Second line.
    pub street2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Post code.
    pub zip: Option<String>,
    /// Odoo's country.
    pub country_id: Option<i32>,
    /// Odoo's state.
    pub state_id: Option<i32>,
    /// The country as Etsy has it.
    pub country_iso: Option<String>,
    /// The country, if Odoo has none of that code; it stands in the second line.
    pub unknown_country: Option<String>,
    /// The state, if the country has none of that name in Odoo; it stands in the second line.
    pub unknown_state: Option<String>,
    /// The company that the partner shall belong to; nothing: all of them.
    pub company_id: Option<i32>,
    /// The languages that are active in Odoo, if the shop's is not among them.
    pub other_languages: Option<String>,
    /// The (first) partner found.
    pub partner_id: Option<i32>,
    /// How many were found.
    pub copies: i32,
}

impl std::fmt::Debug for CustomerFinding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CustomerFinding")
            .field("shop", &self.shop)
            .field("key", &self.key)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

/// How many findings are read at once.
const CHUNK: usize = 500;

/// The findings of a run about one subject, as they come from the database: a chunk at a time, so that memory does not
/// grow with them.
pub struct FindingStream<T> {
    // what is read from it ends with it
    _client: PooledClient,
    rows: Pin<Box<RowStream>>,
    has_ended: bool,
    run: RunId,
    subject: Subject,
    read: fn(RunId, &Row) -> Result<T, DiffError>,
}

impl<T> std::fmt::Debug for FindingStream<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FindingStream")
            .field("run", &self.run)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl<T> FindingStream<T> {
    pub(super) async fn open(
        warehouse: &Warehouse,
        run: RunId,
        subject: Subject,
        statement: &str,
        read: fn(RunId, &Row) -> Result<T, DiffError>,
    ) -> Result<Self, DiffError> {
        let client = warehouse.client().await.map_err(|source| DiffError::Database {
            run,
            subject,
            source,
        })?;
        let rows = client.query_raw(statement, [run.0]).await.map_err(DiffError::of(
            run,
            subject,
            "read the findings",
        ))?;
        Ok(Self { _client: client, rows: Box::pin(rows), has_ended: false, run, subject, read })
    }

    /// The next findings; none at the end.
    pub async fn next(&mut self) -> Result<Vec<T>, DiffError> {
        let mut findings = Vec::with_capacity(CHUNK);
        while findings.len() < CHUNK && !self.has_ended {
            let row = self.rows.try_next().await.map_err(DiffError::of(
                self.run,
                self.subject,
                "read the findings",
            ))?;
            match row {
                Some(row) => findings.push((self.read)(self.run, &row)?),
                // asked once more, it would take its end for a lost connection
                None => self.has_ended = true,
            }
        }
        Ok(findings)
    }
}

pub(super) fn verdict(run: RunId, row: &Row) -> Result<Verdict, DiffError> {
    row.get::<_, &str>("verdict").parse().map_err(|source| DiffError::Word { run, source })
}

/// The customer findings of a run: by shop, buyers before addresses.
pub async fn customer_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<CustomerFinding>, DiffError> {
    let statement = sql!("diff/customer_findings.sql");
    FindingStream::open(warehouse, run, Subject::Customers, statement, customer).await
}

fn customer(run: RunId, row: &Row) -> Result<CustomerFinding, DiffError> {
    Ok(CustomerFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        verdict: verdict(run, row)?,
        parent_key: row.get("parent_key"),
        parent_id: row.get("parent_id"),
        parent_copies: row.get("parent_copies"),
        parent_is_decided: row.get("parent_is_decided"),
        claimants: row.get("claimants"),
        buyer_user_id: row.get("buyer_user_id"),
        name: row.get("name"),
        street: row.get("street"),
        street2: row.get("street2"),
        city: row.get("city"),
        zip: row.get("zip"),
        country_id: row.get("country_id"),
        state_id: row.get("state_id"),
        country_iso: row.get("country_iso"),
        unknown_country: row.get("unknown_country"),
        unknown_state: row.get("unknown_state"),
        company_id: row.get("company_id"),
        other_languages: row.get("other_languages"),
        partner_id: row.get("partner_id"),
        copies: row.get::<_, Option<i32>>("copies").unwrap_or(0),
    })
}
