//! Products for a terminal of 80 columns.

use super::super::layout::{Page, Table};
use super::super::words::{clean, clipped, count, count_of, moment};
use super::model::{
    Counterpart, Place, ProductList, ProductRow, ProductState, Staging, Suggestion,
};
use crate::domain::MatchRule;
use crate::journal::{Link, LinkSource};

/// Names are cut here: a title on Etsy has up to 140 letters, and its first ones tell.
const LONGEST_NAME: usize = 100;

/// The work list: the first `limit` of these rows, and how many there are in each state.
pub fn products_text(list: &ProductList, rows: &[&ProductRow], limit: usize) -> String {
    let mut page = Page::default();
    page.title(&format!("Products, as run {} found them", list.staging.run), '=');
    write_staging(&mut page, list.staging);
    for row in rows.iter().take(limit) {
        page.gap();
        write_row(&mut page, row);
    }
    write_more(&mut page, rows.len(), limit);
    page.gap();
    let mut table = Table::new(["All products", "keys"]);
    for (state, keys) in list.counts() {
        table.row([state_words(state).to_owned(), count(keys)]);
    }
    page.table(&table);
    if rows.iter().any(|row| row.state.is_open()) {
        page.gap();
        page.words("what they may be: etsy-odoo products suggest", "", "  ");
        page.words("all at once: etsy-odoo products export --out products.csv", "", "  ");
    }
    page.into_text()
}

/// Suggestions for the first `limit` of these rows.
pub fn suggestions_text(
    staging: Staging,
    rows: &[&ProductRow],
    suggestions: &[Vec<Suggestion>],
    limit: usize,
) -> String {
    let mut page = Page::default();
    page.title(&format!("What products may be in Odoo, as run {} found it", staging.run), '=');
    write_staging(&mut page, staging);
    if rows.is_empty() {
        page.gap();
        page.words("No product waits for a decision.", "", "");
    }
    for (row, suggested) in rows.iter().zip(suggestions).take(limit) {
        page.gap();
        write_head(&mut page, row);
        for one in suggested {
            let product =
                product_words(one.product_id, one.sku.as_deref(), Some(one.name.as_str()));
            let words = format!("{product}: {}", clean(&one.reasons.join("; ")));
            page.words(&words, &format!("  {:>3}  ", one.score), "       ");
        }
        let next = match suggested.first() {
            Some(best) => {
                format!(
                    "if it is the first: etsy-odoo products link {} {}",
                    row.product_key, best.product_id
                )
            }
            None => "Odoo has nothing like it".to_owned(),
        };
        page.words(&next, "  ", "    ");
    }
    write_more(&mut page, rows.len(), limit);
    page.into_text()
}

/// All that is known of one product.
pub fn show_text(
    row: &ProductRow,
    places: &[Place],
    links: &[Link],
    suggestions: &[Suggestion],
) -> String {
    let mut page = Page::default();
    page.title(&clean(&row.label()), '=');
    page.field("key", &row.product_key);
    page.field("name", &clean(&row.name));
    page.field("shop", &clean(&row.shop.name));
    page.field("state", state_words(row.state));
    page.field("Odoo", &odoo_words(row));
    if let Some(sharing) = sharing_words(row) {
        page.field("shared", &sharing);
    }
    if let Some(remedy) = remedy(row) {
        page.field("to do", &remedy);
    }
    page.heading("On Etsy");
    if places.is_empty() {
        page.words("on no listing any more; only sales ask for it", "  ", "  ");
    }
    for place in places {
        let kept = if place.is_enabled { "" } else { ", not for sale" };
        let words = format!(
            "listing {} of {}, {}, {} left{kept}: {}",
            place.listing_id,
            clean(&place.shop),
            clean(&place.state),
            count(place.quantity.into()),
            clipped(&place.name, LONGEST_NAME)
        );
        page.words(&words, "  ", "    ");
        let before = match place.earlier_ids {
            0 => String::new(),
            1 => "; one other pair before".to_owned(),
            many => format!("; {} other pairs before", count(many)),
        };
        let ids = format!(
            "Etsy's ids: product {}, offering {}{before}",
            place.etsy_product_id, place.etsy_offering_id,
        );
        page.words(&ids, "    ", "    ");
    }
    page.heading("Links made by hand");
    if links.is_empty() {
        page.words("none", "  ", "  ");
    }
    for link in links {
        let what = match link.product_id {
            Some(product) => format!("linked to product {product}"),
            None => "unlinked".to_owned(),
        };
        let how = if link.said_by == LinkSource::Import { ", by an import" } else { "" };
        page.words(&format!("{}  {what}{how}", moment(link.linked_at)), "  ", "    ");
    }
    if !suggestions.is_empty() {
        page.heading("What it may be in Odoo");
        for one in suggestions {
            let product =
                product_words(one.product_id, one.sku.as_deref(), Some(one.name.as_str()));
            let words = format!("{product}: {}", clean(&one.reasons.join("; ")));
            page.words(&words, &format!("  {:>3}  ", one.score), "       ");
        }
    }
    page.into_text()
}

fn write_staging(page: &mut Page, staging: Staging) {
    page.words(&format!("Odoo as of {}.", moment(staging.taken_at)), "", "");
}

fn write_more(page: &mut Page, rows: usize, limit: usize) {
    let more = rows.saturating_sub(limit);
    if more > 0 {
        page.gap();
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        page.words(&format!("… and {} more; --limit 0 shows all", count(more)), "", "");
    }
}

fn write_head(page: &mut Page, row: &ProductRow) {
    let place = row.listing_id.map(|listing| format!("listing {listing}"));
    let known_by: Vec<String> = row
        .sku
        .as_ref()
        .map(|sku| format!("SKU {}", clean(sku)))
        .into_iter()
        .chain(place)
        .collect();
    let head =
        format!("{:<10} {} of {}", row.state.as_str(), known_by.join(", "), clean(&row.shop.name));
    page.words(&head, "", "           ");
    page.words(&clipped(&row.name, LONGEST_NAME), "  Etsy:    ", "           ");
}

fn write_row(page: &mut Page, row: &ProductRow) {
    write_head(page, row);
    page.words(&odoo_words(row), "  Odoo:    ", "           ");
    if let Some(sharing) = sharing_words(row) {
        page.words(&sharing, "  shared:  ", "           ");
    }
    if let Some(remedy) = remedy(row) {
        page.words(&remedy, "  to do:   ", "           ");
    }
}

/// How a key stands, in words.
fn state_words(state: ProductState) -> &'static str {
    match state {
        ProductState::Ambiguous => "ambiguous: several in Odoo answer to it",
        ProductState::Gone => "gone: linked to a product that Odoo has no more",
        ProductState::Archived => "archived in Odoo",
        ProductState::Missing => "missing in Odoo",
        ProductState::Unlinked => "unlinked since: the next run looks again",
        ProductState::Linked => "linked by hand",
        ProductState::Created => "created by the last run",
        ProductState::Matched => "matched by a rule",
    }
}

fn rule_words(rule: MatchRule) -> &'static str {
    match rule {
        MatchRule::Link => "linked by hand",
        MatchRule::ExternalId => "by our external id",
        MatchRule::Listing => "by its listing",
        MatchRule::Sku => "by its SKU",
        MatchRule::Barcode => "by its barcode",
        MatchRule::Place => "made for this listing under another SKU",
    }
}

fn product_words(id: i32, sku: Option<&str>, name: Option<&str>) -> String {
    let mut words = format!("product {id}");
    if let Some(sku) = sku.filter(|sku| !sku.is_empty()) {
        words.push_str(&format!(" [{}]", clean(sku)));
    }
    if let Some(name) = name {
        words.push_str(&format!(" {}", clipped(name, LONGEST_NAME)));
    }
    words
}

/// A product in Odoo, in words.
pub(super) fn counterpart_words(odoo: &Counterpart) -> String {
    product_words(odoo.id, odoo.sku.as_deref(), odoo.name.as_deref())
}

fn odoo_words(row: &ProductRow) -> String {
    let Some(odoo) = &row.odoo else { return "none".to_owned() };
    let product = counterpart_words(odoo);
    let rule = row.matched_by.map(rule_words);
    match row.state {
        ProductState::Ambiguous => {
            format!("{} products, {}; the first is {product}", row.copies, rule.unwrap_or_default())
        }
        ProductState::Linked if row.is_waiting => {
            format!("{product}, linked by hand; counts from the next run on")
        }
        ProductState::Created
        | ProductState::Gone
        | ProductState::Archived
        | ProductState::Missing
        | ProductState::Unlinked
        | ProductState::Linked
        | ProductState::Matched => match rule {
            Some(rule) => format!("{product}, {rule}"),
            None => product,
        },
    }
}

/// What shares the product in Odoo, and with it the stock.
fn sharing_words(row: &ProductRow) -> Option<String> {
    let listings = (row.listings > 1).then(|| count_of(row.listings, "listing"));
    let keys = (row.keys > 1).then(|| format!("{} product keys", count(row.keys)));
    let parts: Vec<String> = [listings, keys].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{} have one stock", parts.join(", ")))
}

/// What a person can do, if something has to be done.
pub(super) fn remedy(row: &ProductRow) -> Option<String> {
    let key = &row.product_key;
    match row.state {
        ProductState::Ambiguous => Some(format!(
            "choose one: etsy-odoo products link {key} ID; or archive or renumber all but one in Odoo"
        )),
        ProductState::Gone => {
            Some(format!("etsy-odoo products link {key} ID, or etsy-odoo products unlink {key}"))
        }
        ProductState::Archived => {
            Some(format!("unarchive it in Odoo, or etsy-odoo products link {key} ID"))
        }
        ProductState::Missing => Some(match row.unknown_product.as_str() {
            "create" => format!(
                "nothing: the next run creates it; if Odoo has it under another name, etsy-odoo products link {key} ID before that"
            ),
            "placeholder" => format!(
                "its orders are booked on the placeholder; etsy-odoo products link {key} ID"
            ),
            _ => format!(
                "its orders wait: etsy-odoo products link {key} ID, or make a product with that SKU"
            ),
        }),
        ProductState::Matched | ProductState::Created if row.sku.is_none() => {
            Some("it is known by listing and variation only; give it a SKU on Etsy".to_owned())
        }
        ProductState::Unlinked
        | ProductState::Linked
        | ProductState::Created
        | ProductState::Matched => None,
    }
}
