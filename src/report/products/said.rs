//! What is said to a person who links products: what happens at the next run.

use super::super::layout::Page;
use super::super::words::{clean, clipped};
use super::model::{Counterpart, OdooProduct, ProductRow};
use super::text::counterpart_words;
use super::worksheet::Judged;
use super::worksheet_read::BadCell;

/// So many of the products that share one are named.
const NAMED: usize = 5;

/// The answer to a link.
pub fn linked_text(
    row: &ProductRow,
    product: &OdooProduct,
    is_new: bool,
    sharers: &[&ProductRow],
) -> String {
    let mut page = Page::default();
    let name = counterpart_words(&Counterpart {
        id: product.id,
        sku: product.sku.clone(),
        name: Some(product.name.clone()),
    });
    let label = clean(&row.label());
    if !is_new {
        page.words(&format!("{label} is linked to {name} already"), "", "  ");
        return page.into_text();
    }
    page.words(&format!("{label} is linked to {name}"), "", "  ");
    let before = row.odoo.as_ref().filter(|odoo| odoo.id != product.id);
    let instead = before.map(|odoo| format!(" instead of {}", counterpart_words(odoo)));
    page.words(
        &format!(
            "from the next run on it is that product{}; orders that are in Odoo stay as they are",
            instead.unwrap_or_default()
        ),
        "  ",
        "  ",
    );
    for warning in product.warnings(row) {
        page.words(&warning, "  look: ", "        ");
    }
    if !sharers.is_empty() {
        let mut named: Vec<String> =
            sharers.iter().take(NAMED).map(|sharer| clean(&sharer.label())).collect();
        let more = sharers.len().saturating_sub(NAMED);
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        let words = format!("it shares that product, and its stock, with {}", named.join("; "));
        page.words(&words, "  look: ", "        ");
    }
    let undo = format!("to undo it: etsy-odoo products unlink {}", row.product_key);
    page.words(&undo, "  ", "    ");
    page.into_text()
}

/// The answer to an unlink.
pub fn unlinked_text(row: &ProductRow) -> String {
    let label = clean(&row.label());
    let mut page = Page::default();
    match row.linked_id {
        Some(product) => page.words(
            &format!(
                "{label} is not linked to product {product} any more; the next run finds its product by the rules"
            ),
            "",
            "  ",
        ),
        None => page.words(&format!("{label} was not linked; nothing is changed"), "", "  "),
    }
    page.into_text()
}

/// What an import came to, row by row where there is something to say.
pub fn imported_text(judged: &Judged, is_dry: bool) -> String {
    let mut page = Page::default();
    let linked = judged.links.iter().filter(|link| link.product_id.is_some()).count();
    let unlinked = judged.links.len().saturating_sub(linked);
    let (made, undone) =
        if is_dry { ("would be linked", "would be unlinked") } else { ("linked", "unlinked") };
    page.words(
        &format!(
            "{linked} {made}, {unlinked} {undone}, {} as before, {} left empty, {} bad",
            judged.unchanged,
            judged.empty,
            judged.bad.len()
        ),
        "",
        "  ",
    );
    for cell in &judged.bad {
        write_cell(&mut page, cell, "bad");
    }
    for cell in &judged.notes {
        write_cell(&mut page, cell, "look");
    }
    if !judged.links.is_empty() && !is_dry {
        page.words("they count from the next run on: etsy-odoo plan", "", "  ");
    }
    page.into_text()
}

fn write_cell(page: &mut Page, cell: &BadCell, kind: &str) {
    let words = format!("line {}, {}: {}", cell.line, cell.column, clipped(&cell.reason, 300));
    page.words(&words, &format!("  {kind}: "), "       ");
}
