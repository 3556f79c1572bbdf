//! Product findings with everything that a decision needs.

use rust_decimal::Decimal;
use tokio_postgres::Row;

use super::DiffError;
use super::findings::{FindingStream, verdict};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId, Subject, Verdict};

/// A product that does not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductFinding {
    /// Whose it is.
    pub shop: ShopId,
    /// The product key, which is the external id without its module.
    pub key: String,
    /// How the sides stand.
    pub verdict: Verdict,
    /// What differs: `archived`, `gone` (linked by hand to a product that is not in Odoo any more), the fields that Etsy owns (`name`, `description`, `sku`, `price`), `renumbered` (the SKU
    /// is a new one on Etsy, and Odoo owns it), `shared_price` (listings of the shop that share the product ask for
    /// other prices than the one that speaks for it).
    pub differences: Vec<String>,
    /// Etsy's SKU.
    pub sku: Option<String>,
    /// Etsy's listing.
    pub listing_id: Option<i64>,
    /// The normalised property values.
    pub variant_key: String,
    /// The name that a new product gets.
    pub name: String,
    /// Whether it is a download.
    pub is_digital: bool,
    /// The price on Etsy if it is in the currency that Odoo keeps prices in, else 0.
    pub price: Decimal,
    /// Etsy's description, as plain text: for a new product, or where it differs.
    pub description: Option<String>,
    /// Odoo's tag for products that a person should look at.
    pub review_tag_id: Option<i32>,
    /// The product that bears the external id of a missing one, and is another one by now.
    pub taken_by: Option<i32>,
    /// The (first) Odoo product found.
    pub product_id: Option<i32>,
    /// How many were found.
    pub copies: i32,
    /// By which rule.
    pub matched_by: Option<String>,
    /// What Odoo has, and what the listing that speaks for it says.
    pub contrast: Option<ProductContrast>,
}

/// A product in Odoo, and what Etsy says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductContrast {
    /// Its template.
    pub template_id: i32,
    /// How many variants share the template, and with it name, description and price.
    pub variants: i32,
    /// The listing that speaks for it.
    pub listing_id: i64,
    /// The name of that listing's shop.
    pub shop: String,
    /// In Odoo.
    pub there: ProductValues,
    /// On Etsy.
    pub said: ProductValues,
}

/// What a product says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductValues {
    /// Its name.
    pub name: String,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its sales price.
    pub price: Decimal,
    /// A hash of the words of its description; nothing where Etsy has none.
    pub description_hash: Option<String>,
}

/// The product findings of a run, by shop and key.
pub async fn product_findings(
    warehouse: &Warehouse,
    run: RunId,
) -> Result<FindingStream<ProductFinding>, DiffError> {
    let statement = sql!("diff/product_findings.sql");
    FindingStream::open(warehouse, run, Subject::Products, statement, product).await
}

fn product(run: RunId, row: &Row) -> Result<ProductFinding, DiffError> {
    Ok(ProductFinding {
        shop: ShopId(row.get("shop_id")),
        key: row.get("key"),
        verdict: verdict(run, row)?,
        differences: row.get("differences"),
        sku: row.get("sku"),
        listing_id: row.get("listing_id"),
        variant_key: row.get("variant_key"),
        name: row.get("name"),
        is_digital: row.get("is_digital"),
        price: row.get("price"),
        description: row.get("description"),
        review_tag_id: row.get("review_tag_id"),
        taken_by: row.get("taken_by"),
        product_id: row.get("product_id"),
        copies: row.get("copies"),
        matched_by: row.get("matched_by"),
        contrast: contrast(row),
    })
}

fn contrast(row: &Row) -> Option<ProductContrast> {
    Some(ProductContrast {
        template_id: row.get::<_, Option<i32>>("template_id")?,
        variants: row.get("variants"),
        listing_id: row.get::<_, Option<i64>>("speaking_listing_id")?,
        shop: row.get::<_, Option<String>>("speaking_shop").unwrap_or_default(),
        there: ProductValues {
            name: row.get("odoo_name"),
            sku: row.get("odoo_sku"),
            price: row.get::<_, Option<Decimal>>("odoo_price").unwrap_or_default(),
            description_hash: row.get("odoo_description_hash"),
        },
        said: ProductValues {
            name: row.get("said_name"),
            sku: row.get("said_sku"),
            price: row.get("said_price"),
            description_hash: row.get("said_description_hash"),
        },
    })
}
