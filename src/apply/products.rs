//! Creates products.

use super::ApplyError;
use super::application::{Application, Entry};
use super::pace::Pace;
use super::queue::Queue;
use super::records;
use crate::domain::ActionKind;
use crate::odoo::{ProductRecord, Sheet};
use crate::plan::{Action, CreateProduct};

/// Creates the products of the plan, one batch after the other: each call clears caches in every worker of Odoo, so
/// parallel ones gain little.
pub(super) async fn create(application: &Application<'_>) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_products, options.target);
    let mut queue = Queue::new(application, ActionKind::CreateProduct, read, |_| true);
    loop {
        let batch = queue.take(pace.size()).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let begun = tokio::time::Instant::now();
        let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
        let attempts = application.announce(&decision_nos).await?;
        let entries = batch
            .iter()
            .zip(attempts)
            .map(|(item, attempt)| Entry {
                decision_no: item.decision_no,
                attempt,
                external_id: item.action.external_id.clone(),
            })
            .collect();
        let products: Vec<ProductRecord> =
            batch.iter().map(|item| records::product(&item.action)).collect();
        application.load_and_settle(entries, &Sheet::products(&products)).await?;
        application.check_silence()?;
        pace.learn(batch.len(), batch.len(), begun.elapsed());
    }
}

fn read(action: Action) -> Option<CreateProduct> {
    if let Action::CreateProduct(product) = action { Some(product) } else { None }
}
