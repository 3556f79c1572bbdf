//! Writes for several listings at once, and what became of them: by Etsy's answer, and by looking.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};

use super::shelf::{self, Shelf, Shown};
use crate::apply::etsy_access::{Counter, Halt};
use crate::etsy::{EtsyError, InventoryDocument, SaleState};

/// One write.
#[derive(Debug, Clone)]
pub(super) enum Write {
    /// Another inventory.
    Put(InventoryDocument),
    /// Another state.
    State(SaleState),
}

/// What Etsy said of a write.
#[derive(Debug)]
enum Said {
    /// That it is done.
    Done,
    /// No, in these words.
    No(String),
    /// Nothing that can be relied on.
    Nothing(String),
}

/// What became of a write, as far as anybody can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Etsy took it; what it shows is still to be compared.
    Taken,
    /// Etsy refused it.
    Refused(String),
    /// Nobody knows.
    Unknown(String),
}

/// What became of some writes, and what Etsy shows after them.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) fates: BTreeMap<i64, Fate>,
    pub(super) shelf: Shelf,
}

/// How writes are made.
pub(super) struct Way<'a> {
    /// So many at once.
    pub(super) in_flight: usize,
    /// How often one that had no effect is made again.
    pub(super) resends: u32,
    /// The listings of which a write may have had its effect.
    pub(super) sent: &'a mut BTreeSet<i64>,
}

/// Makes some writes side by side, and reads the listings back together. What got no good answer is looked at: if it had
/// no effect it is made again, `resends` times at most. `before` is what Etsy showed before.
pub(super) async fn perform(
    counter: &Counter<'_, '_>,
    writes: &BTreeMap<i64, Write>,
    before: &BTreeMap<i64, Shown>,
    way: Way<'_>,
) -> Result<Written, Halt> {
    let mut fates: BTreeMap<i64, Fate> = BTreeMap::new();
    let mut due: Vec<i64> = writes.keys().copied().collect();
    let mut sends = 0_u32;
    loop {
        let said = send(counter, writes, &due, way.in_flight, way.sent).await?;
        sends = sends.saturating_add(1);
        let ids: Vec<i64> = writes.keys().copied().collect();
        let shelf = shelf::read(counter, &ids).await?;
        due.clear();
        for (id, said) in said {
            let fate = match said {
                Said::Done => Fate::Taken,
                Said::No(words) => Fate::Refused(words),
                Said::Nothing(words) => {
                    let landed = writes.get(&id).is_some_and(|write| {
                        has_landed(write, before.get(&id), shelf.listings.get(&id))
                    });
                    if !landed && sends <= way.resends {
                        due.push(id);
                    }
                    if landed { Fate::Taken } else { Fate::Unknown(words) }
                }
            };
            fates.insert(id, fate);
        }
        if due.is_empty() {
            return Ok(Written { fates, shelf });
        }
        tracing::info!(listings = due.len(), "writes to Etsy had no effect; they are made again");
    }
}

/// Every write gives all offerings other ids (<https://github.com/etsy/open-api/issues/523>).
fn has_landed(write: &Write, before: Option<&Shown>, after: Option<&Shown>) -> bool {
    let Some(after) = after else { return false };
    match write {
        Write::Put(_) => before.is_some_and(|before| before.offering_ids != after.offering_ids),
        Write::State(SaleState::Active) => {
            before.is_some_and(|before| before.state != after.state) || after.state == "active"
        }
        Write::State(SaleState::Inactive) => after.state == "inactive",
    }
}

async fn send(
    counter: &Counter<'_, '_>,
    writes: &BTreeMap<i64, Write>,
    due: &[i64],
    in_flight: usize,
    sent: &mut BTreeSet<i64>,
) -> Result<Vec<(i64, Said)>, Halt> {
    let calls = due
        .iter()
        .filter_map(|id| Some((*id, writes.get(id)?)))
        .map(|(id, write)| async move { (id, one(counter, id, write).await) });
    let answers: Vec<_> = stream::iter(calls).buffer_unordered(in_flight).collect().await;
    let mut said = Vec::with_capacity(answers.len());
    let mut halted = None;
    for (id, answer) in answers {
        let error = match answer {
            Ok(Ok(())) => {
                sent.insert(id);
                said.push((id, Said::Done));
                continue;
            }
            Ok(Err(error)) => error,
            Err(halt) => {
                halted.get_or_insert(halt);
                continue;
            }
        };
        if error.may_have_had_effect() {
            sent.insert(id);
            said.push((id, Said::Nothing(error.to_string())));
        } else if concerns_all(&error) {
            let halt = counter.halt(error).await;
            halted.get_or_insert(halt);
        } else {
            said.push((id, Said::No(with_remedy(&error))));
        }
    }
    if let Some(halt) = halted {
        return Err(halt);
    }
    Ok(said)
}

async fn one(
    counter: &Counter<'_, '_>,
    listing_id: i64,
    write: &Write,
) -> Result<Result<(), EtsyError>, Halt> {
    let shop = counter.shop;
    counter
        .call(async |access, token| match write {
            Write::Put(inventory) => {
                access.writer.put_inventory(token, listing_id, inventory).await
            }
            Write::State(state) => {
                access.writer.set_listing_state(token, shop, listing_id, *state).await
            }
        })
        .await
}

/// Whether the next call would fare no better. What Etsy says of one listing does not concern the others.
fn concerns_all(error: &EtsyError) -> bool {
    match error {
        EtsyError::Refused { status, .. } => !matches!(status, 400 | 404 | 409 | 422),
        EtsyError::Unwritable { .. } => false,
        EtsyError::SetUp(_)
        | EtsyError::Unsendable { .. }
        | EtsyError::TokenExpired { .. }
        | EtsyError::NoAnswer { .. }
        | EtsyError::Unreadable { .. }
        | EtsyError::DaySpent { .. }
        | EtsyError::HeldBack { .. }
        | EtsyError::Reserved { .. }
        | EtsyError::NoBook { .. }
        | EtsyError::RefreshRefused { .. }
        | EtsyError::CodeRefused { .. }
        | EtsyError::Declined { .. }
        | EtsyError::NobodyCame { .. }
        | EtsyError::NoLoopback
        | EtsyError::Port { .. }
        | EtsyError::ClientRefused { .. } => true,
    }
}

/// Etsy's words, and what to do about them.
fn with_remedy(error: &EtsyError) -> String {
    let mut words = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        words = format!("{words}: {source}");
    }
    match error.advice().hint {
        Some(hint) => format!("{words} ({hint})"),
        None => words,
    }
}
