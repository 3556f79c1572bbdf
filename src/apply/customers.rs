//! Creates buyers, then their addresses.

use std::time::Duration;

use futures_util::future::try_join_all;

use super::ApplyError;
use super::application::{Application, Entry};
use super::pace::Pace;
use super::queue::{Item, Queue};
use super::records;
use super::verdict::Judged;
use crate::domain::{ActionKind, OutcomeKind};
use crate::odoo::Sheet;
use crate::plan::{Action, CreateCustomer};

/// Creates the customers of the plan: all buyers before the first address, which needs the id of its buyer.
pub(super) async fn create(application: &Application<'_>) -> Result<(), ApplyError> {
    create_those(application, |customer| customer.parent.is_none()).await?;
    create_those(application, |customer| customer.parent.is_some()).await
}

/// Partners do not get in one another's way: as many batches are under way as Odoo has connections for us.
async fn create_those(
    application: &Application<'_>,
    wanted: fn(&CreateCustomer) -> bool,
) -> Result<(), ApplyError> {
    let options = application.options();
    let mut pace = Pace::new(options.largest_customers, options.target);
    let mut queue = Queue::new(application, ActionKind::CreateCustomer, read, wanted);
    loop {
        let connections = usize::try_from(application.odoo().connections()).unwrap_or(1);
        let most = pace.size().saturating_mul(connections);
        let mut customers = queue.take_alike(most, records::customer_shape).await?;
        let largest = customers.len().div_ceil(connections);
        if largest == 0 {
            return Ok(());
        }
        let mut batches = Vec::with_capacity(connections);
        while !customers.is_empty() {
            let rest = customers.split_off(largest.min(customers.len()));
            batches.push(std::mem::replace(&mut customers, rest));
        }
        let elapsed =
            try_join_all(batches.into_iter().map(|batch| create_batch(application, batch))).await?;
        application.check_silence()?;
        pace.learn(largest, largest, elapsed.into_iter().max().unwrap_or_default());
    }
}

async fn create_batch(
    application: &Application<'_>,
    batch: Vec<Item<CreateCustomer>>,
) -> Result<Duration, ApplyError> {
    let begun = tokio::time::Instant::now();
    let shape = batch.first().map(|item| records::customer_shape(&item.action)).unwrap_or_default();
    let parents =
        records::external_ids(batch.iter().filter_map(|item| item.action.parent.as_ref()));
    let buyers = application.look_up("res.partner", &parents).await?;
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let attempts = application.announce(&decision_nos).await?;
    let mut entries = Vec::with_capacity(batch.len());
    let mut customers = Vec::with_capacity(batch.len());
    let mut refused = Vec::new();
    for (item, attempt) in batch.iter().zip(attempts) {
        match records::customer(&item.action, &buyers) {
            Ok(customer) => {
                customers.push(customer);
                entries.push(Entry {
                    decision_no: item.decision_no,
                    attempt,
                    external_id: item.action.external_id.clone(),
                });
            }
            Err(words) => refused.push((attempt, Judged::because(OutcomeKind::Refused, words))),
        }
    }
    application.settle(refused).await?;
    application.load_and_settle(entries, &Sheet::customers(shape, &customers)).await?;
    Ok(begun.elapsed())
}

fn read(action: Action) -> Option<CreateCustomer> {
    if let Action::CreateCustomer(customer) = action { Some(customer) } else { None }
}
