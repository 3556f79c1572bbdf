//! Which product in Odoo each thing on Etsy is: what the last run found, what people said since, and what is to be done.

mod load;
mod model;
mod names;
mod said;
mod suggest;
mod suggest_index;
#[cfg(test)]
mod tests;
mod text;
mod worksheet;
mod worksheet_read;

pub use load::{last_staging, load_products, odoo_products, product_places};
pub use model::{
    OdooProduct, PRODUCTS_SCHEMA, Place, ProductFilter, ProductList, ProductRow, ProductState,
    Staging, Suggestion,
};
pub use said::{imported_text, linked_text, unlinked_text};
pub use suggest::suggest;
pub use text::{products_text, show_text, suggestions_text};
pub use worksheet::{Judged, judge, write_worksheet};
pub use worksheet_read::{BadCell, Sheet, SheetRow, Wish, read_worksheet};
