//! Sets quantities on Etsy, takes listings off sale and puts them on again. Everything that a plan was made on is looked
//! at again just before: what no longer fits is left as it is.
//!
//! A write of an inventory replaces the whole listing and has no condition, so that a sale between the look and the write
//! is undone by it. So few listings are looked at together, they are written at once, read back together, and the
//! receipts of that moment are read: units that were sold in between are taken off again.

mod course;
mod group;
mod sales;
mod shelf;
mod shortage;
mod steps;
mod verdict;
mod writing;

use std::collections::BTreeMap;

use super::ApplyError;
use super::application::Application;
use super::queue::{Item, Queue};
use crate::domain::ActionKind;
use crate::journal::{self, AttemptId};
use crate::plan::{Action, SetInventory};
use course::Order;
use group::Group;

/// In this order: what goes down first, so that nothing is promised twice in between.
const KINDS: [ActionKind; 4] = [
    ActionKind::DeactivateListing,
    ActionKind::LowerInventory,
    ActionKind::RaiseInventory,
    ActionKind::ReactivateListing,
];

/// What is to be done with one listing.
#[derive(Debug, Clone)]
struct Task {
    decision_no: i32,
    /// Its last attempt.
    attempt: AttemptId,
    inventory: SetInventory,
    order: Order,
    /// Whether an earlier application tried it, and nobody knows with what success.
    was_tried: bool,
}

/// An action, read as what it is.
#[derive(Debug, Clone)]
struct Ordered {
    inventory: SetInventory,
    order: Order,
}

/// Does what the plan says about quantities on Etsy. Without such actions Etsy is not called.
pub(super) async fn push(application: &Application<'_>) -> Result<(), ApplyError> {
    for kind in KINDS {
        let mut queue = Queue::new(application, kind, read, |_| true);
        loop {
            let batch = queue.take_of_one_shop(application.options().largest_inventories).await?;
            let Some(first) = batch.first() else { break };
            let shop = first.shop;
            let etsy = application.etsy()?;
            let tasks = announced(application, batch).await?;
            Group::new(application, etsy, shop, tasks).run().await?;
        }
    }
    Ok(())
}

/// Announces a batch. A listing that a plan names twice is left for the second time.
async fn announced(
    application: &Application<'_>,
    batch: Vec<Item<Ordered>>,
) -> Result<BTreeMap<i64, Task>, ApplyError> {
    let plan = application.plan();
    let decision_nos: Vec<i32> = batch.iter().map(|item| item.decision_no).collect();
    let tried = journal::tried(application.warehouse(), plan, &decision_nos)
        .await
        .map_err(|source| ApplyError::Journal { plan, source })?;
    let attempts = application.announce(&decision_nos).await?;
    let tasks = batch.into_iter().zip(attempts).map(|(item, attempt)| {
        let Item { decision_no, action: Ordered { inventory, order }, .. } = item;
        let was_tried = tried.contains(&decision_no);
        (inventory.listing_id, Task { decision_no, attempt, inventory, order, was_tried })
    });
    Ok(tasks.collect())
}

fn read(action: Action) -> Option<Ordered> {
    match action {
        Action::DeactivateListing(inventory) => Some(Ordered { inventory, order: Order::TakeOff }),
        Action::LowerInventory(inventory) | Action::RaiseInventory(inventory) => {
            Some(Ordered { inventory, order: Order::Set })
        }
        Action::ReactivateListing(reactivation) => Some(Ordered {
            inventory: reactivation.inventory,
            order: Order::PutOn {
                is_renewed: reactivation.is_renewed,
                seen_updated_at: reactivation.seen_updated_at,
            },
        }),
        Action::CreateProduct(_)
        | Action::UpdateProduct(_)
        | Action::CreateCustomer(_)
        | Action::BookOrder(_)
        | Action::ChangeAddress(_)
        | Action::CancelOrder(_)
        | Action::CreateEntry(_)
        | Action::CountStock(_) => None,
    }
}
