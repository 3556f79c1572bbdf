//! What is read a little at a time, one thing in each run: what is most overdue has its turn. So a run on a quiet shop takes
//! a handful of calls, and nothing is left unread for long.

use chrono::{DateTime, TimeDelta, Utc};

use super::door::{Door, at};
use super::evidence::Place;
use super::{SnapshotError, Stream, ledger, listings, receipts};
use crate::domain::vocabulary;
use crate::etsy::{ListingState, Query, Reference};

vocabulary! {
    /// What can have its turn.
    Turn {
        /// A page of the receipts of the last days.
        Reread = "reread",
        /// Payments that the ledger names.
        Payments = "payments",
        /// A page of the listings for sale.
        ListingsActive = "listings_active",
        /// The head of the listings taken off sale.
        ListingsInactive = "listings_inactive",
        /// The head of the listings with nothing left.
        ListingsSoldOut = "listings_sold_out",
        /// The head of the listings that were never published.
        ListingsDraft = "listings_draft",
        /// The head of the listings that were not renewed.
        ListingsExpired = "listings_expired",
        /// The shop's particulars.
        Shop = "shop",
        /// How parcels travel.
        ShippingProfiles = "shipping_profiles",
        /// Who else makes the things.
        ProductionPartners = "production_partners",
        /// How long the things take to be ready.
        ReadinessStates = "readiness_states",
        /// Whether and how things may be sent back.
        ReturnPolicies = "return_policies",
    }
}

impl Turn {
    /// How often it should have its turn.
    fn interval(self) -> TimeDelta {
        match self {
            Self::Reread => TimeDelta::minutes(5),
            Self::Payments => TimeDelta::minutes(10),
            Self::ListingsSoldOut | Self::ListingsInactive => TimeDelta::minutes(20),
            Self::ListingsActive => TimeDelta::minutes(30),
            Self::ListingsDraft | Self::ListingsExpired => TimeDelta::hours(1),
            Self::Shop
            | Self::ShippingProfiles
            | Self::ProductionPartners
            | Self::ReadinessStates
            | Self::ReturnPolicies => TimeDelta::days(1),
        }
    }
}

/// When something had its turn, and where it goes on.
#[derive(Debug, Clone, Copy)]
struct Taken {
    turn: Turn,
    at: Option<DateTime<Utc>>,
    next_from: Option<DateTime<Utc>>,
    next_offset: u16,
}

impl Taken {
    /// How many of its intervals have passed, in thousandths; what never had its turn comes first.
    fn overdue(&self, now: DateTime<Utc>) -> i64 {
        let interval = self.turn.interval().num_seconds().max(1);
        self.at.map_or(i64::MAX, |at| {
            (now - at).num_seconds().saturating_mul(1000).div_euclid(interval)
        })
    }
}

async fn taken(door: &Door<'_>) -> Result<Vec<Taken>, SnapshotError> {
    let shop = door.drawer.shop.id.0;
    let rows = door.drawer.read("read the turns", sql!("snapshot/turns.sql"), &[&shop]).await?;
    Ok(Turn::ALL
        .iter()
        .map(|turn| {
            let row = rows.iter().find(|row| row.get::<_, &str>("turn") == turn.as_str());
            Taken {
                turn: *turn,
                at: row.map(|row| row.get("taken_at")),
                next_from: row.and_then(|row| row.get("next_from")),
                next_offset: row
                    .and_then(|row| u16::try_from(row.get::<_, i32>("next_offset")).ok())
                    .unwrap_or_default(),
            }
        })
        .collect())
}

async fn note(
    door: &Door<'_>,
    turn: Turn,
    next_from: Option<DateTime<Utc>>,
    next_offset: u16,
) -> Result<(), SnapshotError> {
    door.drawer
        .write(
            "note a turn",
            sql!("snapshot/take_turn.sql"),
            &[
                &door.drawer.shop.id.0,
                &turn.as_str(),
                &door.now(),
                &next_from,
                &i32::from(next_offset),
            ],
        )
        .await
}

/// Gives what is most overdue its turn.
pub(super) async fn take_one(door: &Door<'_>, until: DateTime<Utc>) -> Result<(), SnapshotError> {
    let now = door.now();
    let mut waiting = taken(door).await?;
    // of equals, the first of the vocabulary: the sort is stable
    waiting.sort_by_key(|taken| std::cmp::Reverse(taken.overdue(now)));
    for next in waiting {
        if take(door, until, next).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Returns whether there was anything to read.
async fn take(door: &Door<'_>, until: DateTime<Utc>, next: Taken) -> Result<bool, SnapshotError> {
    let (mut next_from, mut next_offset) = (None, 0);
    let mut has_read = true;
    match next.turn {
        Turn::Reread => next_from = receipts::reread_page(door, until, next.next_from).await?,
        Turn::Payments => has_read = ledger::read_payments(door, false).await?,
        Turn::ListingsActive => {
            next_offset =
                listings::read_page(door, ListingState::Active, next.next_offset, until).await?;
        }
        Turn::ListingsInactive => head(door, ListingState::Inactive, until).await?,
        Turn::ListingsSoldOut => head(door, ListingState::SoldOut, until).await?,
        Turn::ListingsDraft => head(door, ListingState::Draft, until).await?,
        Turn::ListingsExpired => head(door, ListingState::Expired, until).await?,
        Turn::Shop => read_shop(door).await?,
        Turn::ShippingProfiles => read_reference(door, Reference::ShippingProfiles).await?,
        Turn::ProductionPartners => read_reference(door, Reference::ProductionPartners).await?,
        Turn::ReadinessStates => read_reference(door, Reference::ReadinessStates).await?,
        Turn::ReturnPolicies => read_reference(door, Reference::ReturnPolicies).await?,
    }
    note(door, next.turn, next_from, next_offset).await?;
    Ok(has_read)
}

async fn head(
    door: &Door<'_>,
    state: ListingState,
    until: DateTime<Utc>,
) -> Result<(), SnapshotError> {
    listings::read_head(door, state, until).await
}

async fn read_shop(door: &Door<'_>) -> Result<(), SnapshotError> {
    let page = door.ask(&Query::Shop).await?;
    door.keep(Place { stream: Stream::Shop, window: at(door.now()), offset: 0 }, &page).await
}

async fn read_reference(door: &Door<'_>, reference: Reference) -> Result<(), SnapshotError> {
    let page = door.ask(&Query::Reference(reference)).await?;
    let place =
        Place { stream: Stream::of_reference(reference), window: at(door.now()), offset: 0 };
    door.keep(place, &page).await
}

/// Gives every list its turn, whole: the first time, and with `--full`.
pub(super) async fn take_listings(
    door: &Door<'_>,
    until: DateTime<Utc>,
) -> Result<(), SnapshotError> {
    for (state, turn) in [
        (ListingState::Active, Turn::ListingsActive),
        (ListingState::Inactive, Turn::ListingsInactive),
        (ListingState::SoldOut, Turn::ListingsSoldOut),
        (ListingState::Draft, Turn::ListingsDraft),
        (ListingState::Expired, Turn::ListingsExpired),
    ] {
        listings::read_all(door, state, until).await?;
        note(door, turn, None, 0).await?;
    }
    Ok(())
}

/// Gives what hardly ever changes its turn, where a day has passed.
pub(super) async fn take_references(door: &Door<'_>) -> Result<(), SnapshotError> {
    let now = door.now();
    for taken in taken(door).await? {
        let is_due = taken.at.is_none_or(|at| now - at >= taken.turn.interval());
        let is_daily = taken.turn.interval() == TimeDelta::days(1);
        if is_daily && is_due {
            take(door, now, taken).await?;
        }
    }
    Ok(())
}

/// Notes that the shop's particulars were read just now.
pub(super) async fn note_shop(door: &Door<'_>) -> Result<(), SnapshotError> {
    note(door, Turn::Shop, None, 0).await
}

/// Notes that what is read again was read as a whole just now.
pub(super) async fn note_whole(door: &Door<'_>) -> Result<(), SnapshotError> {
    note(door, Turn::Reread, None, 0).await?;
    note(door, Turn::Payments, None, 0).await
}
