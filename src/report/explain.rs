//! How the quantity of an offering comes about, from what is staged: each number with what it is made of.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use tokio_postgres::Row;

use super::ReportError;
use super::model::Shop;
use super::read::failed;
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};

/// The version of the explanation's JSON.
pub const EXPLANATION_SCHEMA: &str = "etsy-odoo/inventory/1";

/// How some quantities come about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// [`EXPLANATION_SCHEMA`].
    pub schema: &'static str,
    /// Offering by offering.
    pub offerings: Vec<ExplainedOffering>,
}

/// How the quantity of one offering comes about: `free = available - pending_elsewhere`, rounded down;
/// `target = share × (free - buffer)`, rounded down, `- pending_here - unexplained`, within `floor` and `cap`; then the least
/// of its group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedOffering {
    /// The run that compared it.
    pub run: RunId,
    /// Whose it is.
    pub shop: Shop,
    /// Etsy's listing.
    pub listing_id: i64,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: String,
    /// The property values as people read them.
    pub variations: String,
    /// Its SKU.
    pub sku: Option<String>,
    /// `push`: Odoo's stock goes to Etsy; `count`: Etsy's quantity is counted in Odoo.
    pub direction: String,
    /// Odoo's product, if there is exactly one.
    pub product_id: Option<i32>,
    /// Whether it is a kit.
    pub is_kit: bool,
    /// Why it is left as it is.
    pub obstacle: Option<String>,
    /// Which of Odoo's quantities counts.
    pub basis: String,
    /// What Odoo has of it, or of its parts, warehouse by warehouse; empty if a later run has read Odoo since.
    pub stock: Vec<ExplainedStock>,
    /// In Odoo, over these warehouses; of a kit, how many its parts allow.
    pub available: Decimal,
    /// Sold in other shops and not booked.
    pub pending_elsewhere: Decimal,
    /// How many are kept back.
    pub buffer: Decimal,
    /// The share of the shop.
    pub share: Decimal,
    /// Sold in this shop and not booked.
    pub pending_here: Decimal,
    /// May be sold, and no receipt shows it yet.
    pub unexplained: i32,
    /// Fewer are not offered.
    pub floor: i32,
    /// More are not shown.
    pub cap: i32,
    /// Always so many.
    pub made_to_order: Option<i32>,
    /// What this offering may have by itself.
    pub own_target: i32,
    /// How many may be for sale: the least of its quantity group.
    pub target: i32,
    /// What Etsy showed.
    pub observed: i32,
    /// When that was seen.
    pub observed_at: Option<DateTime<Utc>>,
    /// What has been sold since.
    pub sold_since_read: i32,
    /// What Etsy has by now, as far as is known.
    pub known: i32,
    /// What both sides last agreed on.
    pub base_quantity: Option<i32>,
    /// What Odoo allowed then.
    pub base_target: Option<i32>,
    /// When that was.
    pub agreed_at: Option<DateTime<Utc>>,
    /// What has been sold since.
    pub sold_since_base: i32,
    /// Who moved since.
    pub moved: String,
}

/// What Odoo has of a product in a warehouse.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedStock {
    /// Odoo's `product.product`; of a kit, one of its parts.
    pub part_id: i32,
    /// Its name, if it is linked itself.
    pub part_name: Option<String>,
    /// How many of it one unit takes.
    pub per_unit: Decimal,
    /// Odoo's `stock.warehouse`.
    pub warehouse_id: i32,
    /// Its name; empty if Odoo does not have it.
    pub warehouse_name: String,
    /// Odoo's `qty_available`.
    pub on_hand: Decimal,
    /// Reserved of it.
    pub reserved: Decimal,
    /// Odoo's `free_qty`.
    pub free: Decimal,
    /// On its way in.
    pub incoming: Decimal,
    /// On its way out.
    pub outgoing: Decimal,
    /// Confirmed demand that is not reserved.
    pub unreserved_out: Decimal,
    /// By the shop's basis.
    pub counted: Decimal,
}

/// Says how the quantities of a SKU or a listing come about, as the last run had it that compared them.
pub async fn explain(
    warehouse: &Warehouse,
    shops: &[ShopId],
    what: &str,
) -> Result<Explanation, ReportError> {
    let no_run = RunId(0);
    let client =
        warehouse.client().await.map_err(|source| ReportError::Database { run: no_run, source })?;
    let ids: Vec<i64> = shops.iter().map(|shop| shop.0).collect();
    let rows = client
        .query(sql!("report/explained_offerings.sql"), &[&ids, &what])
        .await
        .map_err(|error| failed(no_run, "look for an offering", error))?;
    let mut offerings = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut explained = offering(row);
        let product_ids: Vec<i32> = explained.product_id.into_iter().collect();
        let warehouse_ids: Vec<i32> = row.get("warehouse_ids");
        let stock = client
            .query(
                sql!("report/explained_stock.sql"),
                &[&explained.run.0, &product_ids, &warehouse_ids],
            )
            .await
            .map_err(|error| failed(explained.run, "look at the stock of an offering", error))?;
        explained.stock = stock.iter().map(|row| place(row, &explained.basis)).collect();
        offerings.push(explained);
    }
    Ok(Explanation { schema: EXPLANATION_SCHEMA, offerings })
}

fn offering(row: &Row) -> ExplainedOffering {
    ExplainedOffering {
        run: RunId(row.get("run_id")),
        shop: Shop { id: ShopId(row.get("shop_id")), name: row.get("shop_name") },
        listing_id: row.get("listing_id"),
        title: row.get("title"),
        state: row.get("state"),
        variations: row.get("variations"),
        sku: row.get("sku"),
        direction: row.get("direction"),
        product_id: row.get("product_id"),
        is_kit: row.get("is_kit"),
        obstacle: row.get("obstacle"),
        basis: row.get("basis"),
        stock: Vec::new(),
        available: row.get("available"),
        pending_elsewhere: row.get("pending_elsewhere"),
        buffer: row.get("buffer"),
        share: row.get("share"),
        pending_here: row.get("pending_here"),
        unexplained: row.get("unexplained_units"),
        floor: row.get("floor"),
        cap: row.get("cap"),
        made_to_order: row.get("made_to_order"),
        own_target: row.get("own_target"),
        target: row.get("target"),
        observed: row.get("observed"),
        observed_at: row.get("observed_at"),
        sold_since_read: row.get("sold_since_read"),
        known: row.get("known"),
        base_quantity: row.get("base_quantity"),
        base_target: row.get("base_target"),
        agreed_at: row.get("agreed_at"),
        sold_since_base: row.get("sold_since_base"),
        moved: row.get("moved"),
    }
}

fn place(row: &Row, basis: &str) -> ExplainedStock {
    ExplainedStock {
        part_id: row.get("part_id"),
        part_name: row.get("part_name"),
        per_unit: row.get("per_unit"),
        warehouse_id: row.get("warehouse_id"),
        warehouse_name: row.get("warehouse_name"),
        on_hand: row.get("on_hand"),
        reserved: row.get("reserved"),
        free: row.get("free"),
        incoming: row.get("incoming"),
        outgoing: row.get("outgoing"),
        unreserved_out: row.get("unreserved_out"),
        // the columns are named after the bases
        counted: row.get(basis),
    }
}
