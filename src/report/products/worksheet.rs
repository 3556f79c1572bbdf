//! The table that a person fills in: one row per product key, with a column for the Odoo product that it is.

use std::collections::BTreeMap;
use std::io::Write;

use super::super::words::inert;
use super::model::{OdooProduct, ProductList, ProductRow, Suggestion};
use super::text::remedy;
use super::worksheet_read::{BadCell, Sheet, SheetRow, Wish};
use crate::journal::NewLink;
use crate::report::ReportError;

/// The columns, in order. Only the key (or the SKU) and `link_to` are read again.
pub(super) const COLUMNS: [&str; 19] = [
    "product_key",
    "sku",
    "shop",
    "listing_id",
    "etsy_name",
    "state",
    "listings",
    "odoo_id",
    "odoo_reference",
    "odoo_name",
    "link_to",
    "suggestion_1_id",
    "suggestion_1",
    "suggestion_2_id",
    "suggestion_2",
    "suggestion_3_id",
    "suggestion_3",
    "matched_by",
    "to_do",
];

/// Writes these rows as CSV. No cell can become a formula, or goes over several lines.
pub fn write_worksheet(
    rows: &[&ProductRow],
    suggestions: &[Vec<Suggestion>],
    into: impl Write,
) -> Result<(), ReportError> {
    let mut writer = csv::Writer::from_writer(into);
    let written = (|| {
        writer.write_record(COLUMNS)?;
        for (row, suggested) in rows.iter().zip(suggestions) {
            writer.write_record(cells(row, suggested))?;
        }
        writer.flush().map_err(csv::Error::from)
    })();
    written.map_err(|source| ReportError::Worksheet { source })
}

fn cells(row: &ProductRow, suggested: &[Suggestion]) -> Vec<String> {
    let number = |number: Option<i32>| number.map(|it| it.to_string()).unwrap_or_default();
    let odoo = row.odoo.as_ref();
    let mut cells = vec![
        inert(&row.product_key),
        inert(row.sku.as_deref().unwrap_or_default()),
        inert(&row.shop.name),
        row.listing_id.map(|listing| listing.to_string()).unwrap_or_default(),
        inert(&row.name),
        row.state.to_string(),
        row.listings.to_string(),
        number(odoo.map(|odoo| odoo.id)),
        inert(odoo.and_then(|odoo| odoo.sku.as_deref()).unwrap_or_default()),
        inert(odoo.and_then(|odoo| odoo.name.as_deref()).unwrap_or_default()),
        number(row.linked_id),
    ];
    for place in 0..3 {
        let one = suggested.get(place);
        cells.push(number(one.map(|one| one.product_id)));
        cells.push(one.map(suggestion_words).unwrap_or_default());
    }
    cells.push(row.matched_by.map(|rule| rule.to_string()).unwrap_or_default());
    cells.push(inert(&remedy(row).unwrap_or_default()));
    cells
}

fn suggestion_words(one: &Suggestion) -> String {
    let sku = one.sku.as_ref().map(|sku| format!("[{sku}] ")).unwrap_or_default();
    inert(&format!("{sku}{} ({}: {})", one.name, one.score, one.reasons.join("; ")))
}

/// What a table comes to. Every row of it is in exactly one of the counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Links to make, and to undo.
    pub links: Vec<NewLink>,
    /// Rows that say what is so already.
    pub unchanged: usize,
    /// Rows that say nothing.
    pub empty: usize,
    /// Rows that cannot be followed, and why.
    pub bad: Vec<BadCell>,
    /// What a person has to know of rows that can.
    pub notes: Vec<BadCell>,
}

/// Looks at each row of a table against what is known. `products` are those of Odoo's that the rows name.
pub fn judge(sheet: &Sheet, list: &ProductList, products: &[OdooProduct]) -> Judged {
    let keys: BTreeMap<&str, &ProductRow> =
        list.rows.iter().map(|row| (row.product_key.as_str(), row)).collect();
    let mut skus: BTreeMap<&str, Vec<&ProductRow>> = BTreeMap::new();
    for row in &list.rows {
        if let Some(sku) = &row.sku {
            skus.entry(sku.as_str()).or_default().push(row);
        }
    }
    let known = Known {
        keys,
        skus,
        products: products.iter().map(|product| (product.id, product)).collect(),
    };
    let mut judged = Judged { bad: sheet.bad.clone(), ..Judged::default() };
    let mut said: BTreeMap<&str, (u64, Option<i32>)> = BTreeMap::new();
    for row in &sheet.rows {
        match known.look(row) {
            Ok(None) => judged.empty = judged.empty.saturating_add(1),
            Err(bad) => judged.bad.push(bad),
            Ok(Some((about, product_id))) => match said.get(about.product_key.as_str()) {
                Some((line, before)) if *before != product_id => judged.bad.push(BadCell {
                    line: row.line,
                    column: "link_to",
                    reason: format!("line {line} says otherwise of the same product"),
                }),
                Some(_) => judged.unchanged = judged.unchanged.saturating_add(1),
                None => {
                    said.insert(&about.product_key, (row.line, product_id));
                    known.follow(row, about, product_id, &mut judged);
                }
            },
        }
    }
    judged.bad.sort_by_key(|bad| bad.line);
    judged
}

/// What rows are looked up in.
struct Known<'a> {
    keys: BTreeMap<&'a str, &'a ProductRow>,
    skus: BTreeMap<&'a str, Vec<&'a ProductRow>>,
    products: BTreeMap<i32, &'a OdooProduct>,
}

impl<'a> Known<'a> {
    /// Which product a row is about and what it asks for, if it asks for anything.
    fn look(&self, row: &SheetRow) -> Result<Option<(&'a ProductRow, Option<i32>)>, BadCell> {
        let bad = |column, reason| BadCell { line: row.line, column, reason };
        let wanted = match row.wish {
            Wish::Nothing => return Ok(None),
            Wish::Unlink => None,
            Wish::Link(product) => Some(product),
        };
        let about = match (&row.product_key, &row.sku) {
            (Some(key), _) => *self.keys.get(key.as_str()).ok_or_else(|| {
                bad("product_key", format!("the last run knows no product `{key}`"))
            })?,
            (None, Some(sku)) => {
                let found = self.skus.get(sku.as_str()).or_else(|| {
                    // as it was written to keep it from becoming a formula
                    sku.strip_prefix('\'').and_then(|sku| self.skus.get(sku))
                });
                match found.map(Vec::as_slice) {
                    Some([one]) => *one,
                    Some(_) => return Err(bad("sku", "it is the SKU of several products".into())),
                    None => {
                        let sku = inert(sku);
                        return Err(bad("sku", format!("the last run knows no SKU `{sku}`")));
                    }
                }
            }
            (None, None) => return Err(bad("product_key", "it is empty, and so is sku".into())),
        };
        if let Some(id) = wanted.filter(|id| !self.products.contains_key(id)) {
            return Err(bad("link_to", format!("Odoo has no product {id}")));
        }
        Ok(Some((about, wanted)))
    }

    fn follow(
        &self,
        row: &SheetRow,
        about: &ProductRow,
        product_id: Option<i32>,
        judged: &mut Judged,
    ) {
        if about.linked_id == product_id {
            judged.unchanged = judged.unchanged.saturating_add(1);
            return;
        }
        if let Some(product) = product_id.and_then(|id| self.products.get(&id)) {
            judged.notes.extend(product.warnings(about).into_iter().map(|reason| BadCell {
                line: row.line,
                column: "link_to",
                reason,
            }));
        }
        judged.links.push(NewLink {
            shop: about.shop.id,
            product_key: about.product_key.clone(),
            label: about.label(),
            product_id,
        });
    }
}
