//! How a quantity comes about, for a terminal of 80 columns.

use rust_decimal::Decimal;

use super::explain::{ExplainedOffering, ExplainedStock, Explanation};
use super::layout::{Page, Table};
use super::words::{self, clean, clipped, moment};

impl Explanation {
    /// The explanation as text.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        for offering in &self.offerings {
            write_offering(&mut page, offering);
        }
        page.into_text()
    }
}

fn number(number: Decimal) -> String {
    words::amount(number.normalize())
}

fn units(units: i32) -> String {
    words::count(units.into())
}

fn less(taken: Decimal) -> String {
    if taken.is_zero() { "0".to_owned() } else { words::change(-taken.normalize()) }
}

fn write_offering(page: &mut Page, offering: &ExplainedOffering) {
    let variations = clean(&offering.variations);
    let variations = if variations.is_empty() { variations } else { format!(", {variations}") };
    let title = format!(
        "Listing {} of {}{variations}: {}",
        offering.listing_id,
        offering.shop.name,
        clipped(&offering.title, 60)
    );
    page.title(&title, '-');
    let sku = offering
        .sku
        .as_deref()
        .map_or_else(|| "no SKU".to_owned(), |sku| format!("SKU {}", clean(sku)));
    let product = match (offering.product_id, offering.is_kit) {
        (Some(id), false) => format!("product {id} in Odoo"),
        (Some(id), true) => format!("product {id} in Odoo, a kit"),
        (None, _) => "no product in Odoo".to_owned(),
    };
    page.words(&format!("{sku}, {product}, as of run {}", offering.run), "  ", "  ");
    if let Some(obstacle) = &offering.obstacle {
        let why = format!("left as it is on Etsy: {}", obstacle.replace('_', " "));
        page.words(&why, "  ", "  ");
    }
    page.gap();
    if let Some(always) = offering.made_to_order {
        let mut table = Table::new(["Made to order", "units"]);
        table.row(["always (made_to_order)".to_owned(), units(always)]);
        page.table(&table);
    } else if offering.product_id.is_some() {
        page.table(&stock(offering));
        page.gap();
        page.table(&allowed(offering));
    }
    page.gap();
    page.table(&etsy(offering));
    write_base(page, offering);
}

fn stock(offering: &ExplainedOffering) -> Table {
    let title = format!("In Odoo ({})", offering.basis.replace('_', " "));
    let mut table = Table::new([title.as_str(), "units"]);
    for place in &offering.stock {
        table.row([place_name(offering, place), number(place.counted)]);
        table.row([format!("- {}", made_of(offering, place)), String::new()]);
    }
    if offering.stock.is_empty() {
        let why = "warehouse by warehouse: Odoo was read again since, plan again".to_owned();
        table.row([why, String::new()]);
    }
    table.rule();
    let sum = if offering.is_kit { "kits that the scarcest part allows" } else { "available" };
    table.row([sum.to_owned(), number(offering.available)]);
    table
}

fn place_name(offering: &ExplainedOffering, place: &ExplainedStock) -> String {
    let name = clean(&place.warehouse_name);
    let place_name = if name.is_empty() {
        format!("warehouse {} (not in Odoo)", place.warehouse_id)
    } else {
        format!("{name} (warehouse {})", place.warehouse_id)
    };
    if !offering.is_kit {
        return place_name;
    }
    let part = place
        .part_name
        .as_deref()
        .map_or_else(String::new, |name| format!(" {}", clipped(name, 30)));
    format!("{} of part {}{part}, {place_name}", number(place.per_unit), place.part_id)
}

/// What a quantity of Odoo's is made of.
fn made_of(offering: &ExplainedOffering, place: &ExplainedStock) -> String {
    let on_hand = format!("on hand {}", number(place.on_hand));
    match offering.basis.as_str() {
        "on_hand" => on_hand,
        "forecast" => format!(
            "{on_hand}, on its way in {}, out {}",
            number(place.incoming),
            number(place.outgoing)
        ),
        "free" => format!("{on_hand}, reserved {}", number(place.reserved)),
        _ => format!(
            "{on_hand}, reserved {}, sold and not reserved {}",
            number(place.reserved),
            number(place.unreserved_out)
        ),
    }
}

fn allowed(offering: &ExplainedOffering) -> Table {
    let mut table = Table::new(["For sale on Etsy", "units"]);
    let free = (offering.available - offering.pending_elsewhere).floor();
    let left_over =
        (offering.available - offering.pending_elsewhere - offering.pending_here).floor();
    table.row(["available in Odoo".to_owned(), number(offering.available)]);
    table.row(["sold in other shops and not booked".to_owned(), less(offering.pending_elsewhere)]);
    table.row(["kept back (buffer)".to_owned(), less(offering.buffer)]);
    let shared = (offering.share * (free - offering.buffer)).floor();
    table.row([
        format!(
            "share {} of {}, rounded down",
            number(offering.share),
            number(free - offering.buffer)
        ),
        number(shared),
    ]);
    table.row(["sold in this shop and not booked".to_owned(), less(free - left_over)]);
    if offering.unexplained > 0 {
        let words = "fewer on Etsy than known sales explain".to_owned();
        table.row([words, less(offering.unexplained.into())]);
    }
    table.rule();
    let plain = shared - (free - left_over) - Decimal::from(offering.unexplained);
    table.row(["left for this shop".to_owned(), number(plain)]);
    if offering.floor > 0 {
        table.row(["fewer than this are not offered (floor)".to_owned(), units(offering.floor)]);
    }
    table.row(["more than this are not shown (cap)".to_owned(), units(offering.cap)]);
    table.row(["allowed".to_owned(), units(offering.own_target)]);
    if offering.obstacle.is_none() && offering.target != offering.own_target {
        table
            .row(["the least of those that share the quantity".to_owned(), units(offering.target)]);
    }
    table
}

fn etsy(offering: &ExplainedOffering) -> Table {
    let mut table = Table::new(["On Etsy", "units"]);
    let when = offering.observed_at.map_or_else(|| "at an unknown time".to_owned(), moment);
    table.row([format!("shown, read {when}"), units(offering.observed)]);
    table.row(["sold since".to_owned(), less(offering.sold_since_read.into())]);
    table.rule();
    table.row([
        format!("known now, listing {}", offering.state.replace('_', " ")),
        units(offering.known),
    ]);
    table
}

fn write_base(page: &mut Page, offering: &ExplainedOffering) {
    page.gap();
    let text = match (offering.base_quantity, offering.base_target, offering.agreed_at) {
        (Some(quantity), Some(target), Some(agreed_at)) => format!(
            "Both sides last agreed {}: {quantity} on Etsy, {target} allowed by Odoo. Sold since: {}. Moved since: {}.",
            moment(agreed_at),
            offering.sold_since_base,
            offering.moved
        ),
        _ => "Both sides have not agreed yet.".to_owned(),
    };
    page.words(&text, "  ", "  ");
    let known = if offering.state == "active" { offering.known } else { 0 };
    let next = if offering.obstacle.is_some() || known == offering.target {
        "Nothing changes.".to_owned()
    } else if offering.direction == "count" {
        format!("Etsy offers {known}, Odoo allows {}: Odoo is counted.", offering.target)
    } else {
        format!("So it goes from {known} to {}.", offering.target)
    };
    page.words(&next, "  ", "  ");
}
