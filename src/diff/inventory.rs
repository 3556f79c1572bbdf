//! Findings on quantities: what Etsy offers of a listing, and what Odoo allows.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio_postgres::Row;

use super::DiffError;
use super::findings::{FindingStream, verdict};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, StockBasis, Subject, Verdict, vocabulary};

vocabulary! {
    /// Who changed a quantity since both sides last agreed. What was sold on Etsy changes both, and is nobody's doing.
    Mover {
        /// Both are where they were.
        Nobody = "nobody",
        /// Odoo allows another number.
        Odoo = "odoo",
        /// The seller set another number on Etsy.
        Etsy = "etsy",
        /// Both.
        Both = "both",
        /// They have never agreed yet.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Why an offering is left as it is.
    Obstacle {
        /// Odoo has no product for it.
        Unlinked = "unlinked",
        /// Several products in Odoo answer to it.
        Ambiguous = "ambiguous",
        /// Its product is archived in Odoo.
        Archived = "archived",
        /// Odoo keeps no stock of its product.
        NotStocked = "not_stocked",
        /// Its product was made by us, and Odoo has never shown any stock of it.
        Uncounted = "uncounted",
        /// The merchant has excluded it.
        Excluded = "excluded",
        /// It shares its quantity with an offering that cannot be set.
        GroupUnlinked = "group_unlinked",
    }
}

/// What an offering takes out of Odoo's stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StockPart {
    /// Odoo's `product.product`; for a kit one of its parts.
    pub product_id: i32,
    /// How many there are, over the shop's warehouses, by its basis.
    pub available: Decimal,
}

/// An enabled offering of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StockOffering {
    /// The normalised property values; empty for a plain listing.
    pub variant_key: String,
    /// Those that have the same quantity are in one group.
    pub quantity_group: String,
    /// The property values as people read them; empty for a plain listing.
    #[serde(default)]
    pub variations: Option<String>,
    /// Its SKU.
    pub sku: Option<String>,
    /// The price of one, in the currency of the listing.
    pub price: Decimal,
    /// What Etsy showed when it was read.
    pub observed: i32,
    /// What it has by now, as far as is known: less what has been sold since.
    pub known: i32,
    /// How many may be for sale; as many as are, if there is an obstacle.
    pub target: i32,
    /// Fewer on Etsy than known sales explain, while a sale may be on its way.
    pub unexplained: i32,
    /// What both sides last agreed on, on Etsy.
    pub base_quantity: Option<i32>,
    /// What Odoo allowed then.
    pub base_target: Option<i32>,
    /// When that was.
    pub agreed_at: Option<DateTime<Utc>>,
    /// What has been sold since.
    pub sold_since_base: i32,
    /// Who moved since then.
    pub moved: Mover,
    /// Why it is left as it is.
    pub obstacle: Option<Obstacle>,
    /// Whether it is known when it was read.
    pub is_read: bool,
    /// When it is not raised; nothing: the shop's policy.
    pub frozen: Option<String>,
    /// What it sells.
    pub product_key: String,
    /// Odoo's product, if there is exactly one.
    pub product_id: Option<i32>,
    /// How many products in Odoo answer to it.
    pub copies: i32,
    /// What one of it takes out of stock.
    pub parts: Vec<StockPart>,
}

/// A listing whose quantities do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The key: the listing, as text.
    pub key: String,
    /// Etsy's listing.
    pub listing_id: i64,
    /// How the sides stand.
    pub verdict: Verdict,
    /// What differs: `lower`, `raise`, `zero` (nothing is left of it), `sold_out` and `inactive` (it is not for sale now),
    /// `edited` and `conflict` (its seller moved, alone or with Odoo), `unexplained`, `unlinked`, `ambiguous`, `archived`,
    /// `uncounted`, `group_unlinked`, `fault` (it cannot be written), `unread`, `no_inventory`.
    pub differences: Vec<String>,
    /// Its title.
    pub title: String,
    /// Its state, in Etsy's words; `inactive` if we took it off sale.
    pub state: String,
    /// When it last changed on Etsy.
    pub updated_at: DateTime<Utc>,
    /// The currency of its prices.
    pub currency: String,
    /// Why it cannot be written back as it is.
    pub fault: Option<String>,
    /// Which of Odoo's quantities counts.
    pub basis: StockBasis,
    /// In which of Odoo's warehouses.
    pub warehouse_ids: Vec<i32>,
    /// What it offers.
    pub offerings: Vec<StockOffering>,
}

/// The findings of a run on quantities that Odoo sets, by shop and listing.
pub async fn inventory_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<InventoryFinding>, DiffError> {
    let statement = sql!("diff/inventory_findings.sql");
    FindingStream::open(warehouse, run, Subject::Inventory, statement, inventory).await
}

fn inventory(run: RunId, row: &Row) -> Result<InventoryFinding, DiffError> {
    let unreadable = |source| DiffError::Offerings { key: row.get("key"), source };
    Ok(InventoryFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        listing_id: row.get("listing_id"),
        verdict: verdict(run, row)?,
        differences: row.get("differences"),
        title: row.get("title"),
        state: row.get("state"),
        updated_at: row.get("updated_at"),
        currency: row.get("currency"),
        fault: row.get("fault"),
        basis: row
            .get::<_, &str>("basis")
            .parse()
            .map_err(|source| DiffError::Word { run, source })?,
        warehouse_ids: row.get("warehouse_ids"),
        offerings: serde_json::from_value(row.get("offerings")).map_err(unreadable)?,
    })
}

/// What a listing offers of a product that is counted in Odoo.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CountedOffering {
    /// Etsy's listing.
    pub listing_id: i64,
    /// The property values as people read them; empty for a plain listing.
    #[serde(default)]
    pub variations: Option<String>,
    /// What it has by now, as far as is known.
    pub known: i32,
    /// Whether it shares its quantity with offerings of other products.
    pub is_shared: bool,
}

/// A product of which Etsy offers another number than Odoo allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The key: what is sold.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// What differs: `count`, `archived`.
    pub differences: Vec<String>,
    /// Its SKU.
    pub sku: Option<String>,
    /// What offers it, in all shops of the run that are counted.
    pub offerings: Vec<CountedOffering>,
    /// Whether its product is counted here; otherwise under another key, or for another shop of the run.
    pub is_counted_here: bool,
    /// Odoo's product, if there is exactly one.
    pub product_id: Option<i32>,
    /// How many products in Odoo answer to it.
    pub copies: i32,
    /// Whether it is a kit.
    pub is_kit: bool,
    /// Whether Odoo counts its lots or serial numbers.
    pub is_tracked: bool,
    /// Whether any of it stands there in a lot, in a package, or for another owner.
    pub has_others: bool,
    /// Where it is counted.
    pub location_id: Option<i32>,
    /// How many stand there without lot, package and owner.
    pub seen: Decimal,
    /// How many Odoo has for sale, over the shop's warehouses, less what other shops have sold and not booked.
    pub free: Decimal,
    /// The same, less what this shop has sold and not booked.
    pub left_over: Decimal,
    /// How many are kept back.
    pub buffer: Decimal,
    /// The shop's share.
    pub share: Decimal,
}

/// The findings of a run on quantities that are counted in Odoo, by shop and product.
pub async fn count_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<CountFinding>, DiffError> {
    let statement = sql!("diff/count_findings.sql");
    FindingStream::open(warehouse, run, Subject::Inventory, statement, count).await
}

fn count(run: RunId, row: &Row) -> Result<CountFinding, DiffError> {
    let unreadable = |source| DiffError::Offerings { key: row.get("key"), source };
    Ok(CountFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        verdict: verdict(run, row)?,
        differences: row.get("differences"),
        sku: row.get("sku"),
        offerings: serde_json::from_value(row.get("offerings")).map_err(unreadable)?,
        is_counted_here: row.get("is_counted_here"),
        product_id: row.get("product_id"),
        copies: row.get("copies"),
        is_kit: row.get("is_kit"),
        is_tracked: row.get("is_tracked"),
        has_others: row.get("has_others"),
        location_id: row.get("location_id"),
        seen: row.get("seen"),
        free: row.get("free"),
        left_over: row.get("left_over"),
        buffer: row.get("buffer"),
        share: row.get("share"),
    })
}
