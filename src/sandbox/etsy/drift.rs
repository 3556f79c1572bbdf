//! Receipts that arrive, change and leave while somebody pages through them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::sandbox::world::{Drifted, World};

/// How often something happens after a page of receipts was answered, of a thousand pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DriftRates {
    /// A receipt arrives.
    pub buy: u16,
    /// Any receipt of the shop changes: its `updated` is now.
    pub edit: u16,
    /// Any receipt of the shop whose money has not gone back is cancelled, and leaves `was_canceled=false`.
    pub cancel: u16,
    /// A receipt that arrives was made up to so many seconds before.
    pub late_seconds: u32,
}

/// What happens between the pages of one simulated Etsy. Clones share it; a clone kept by the caller can switch it on
/// and off while the server runs. The same seed and the same calls make the same things happen.
#[derive(Debug, Clone)]
pub struct DriftScript(Arc<Mutex<Drift>>);

#[derive(Debug)]
struct Drift {
    random: fastrand::Rng,
    rates: DriftRates,
    is_on: bool,
    happened: Vec<Drifted>,
}

impl Default for DriftScript {
    fn default() -> Self {
        Self::new(0, DriftRates::default())
    }
}

impl DriftScript {
    /// A script that is switched on.
    pub fn new(seed: u64, rates: DriftRates) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self(Arc::new(Mutex::new(Drift { random, rates, is_on: true, happened: Vec::new() })))
    }

    /// Lets things happen, or not, from the next page on.
    pub fn switch(&self, is_on: bool) {
        self.drift().is_on = is_on;
    }

    /// Puts these rates in the place of the old ones.
    pub fn set_rates(&self, rates: DriftRates) {
        self.drift().rates = rates;
    }

    /// All that happened so far, in order.
    pub fn happened(&self) -> Vec<Drifted> {
        self.drift().happened.clone()
    }

    /// What happens after a page of this shop's receipts was answered.
    pub(super) fn after_page(&self, world: &mut World, shop: usize, now: DateTime<Utc>) {
        let mut drift = self.drift();
        if !drift.is_on || drift.rates == DriftRates::default() {
            return;
        }
        let Drift { random, rates, happened, .. } = &mut *drift;
        // Drawn in any case, so that one rate does not change what another does.
        let [buys, edits, cancels] =
            [rates.buy, rates.edit, rates.cancel].map(|rate| random.u16(..1_000) < rate);
        let late = TimeDelta::seconds(random.i64(0..=i64::from(rates.late_seconds)));
        if buys {
            happened.extend(world.drift_in(shop, late, now));
        }
        if edits {
            happened.extend(world.drift_edit(shop, random, now));
        }
        if cancels {
            happened.extend(world.drift_cancel(shop, random, now));
        }
    }

    fn drift(&self) -> MutexGuard<'_, Drift> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::WorldSize;

    fn run(seed: u64) -> (DriftScript, World) {
        let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
        let size = WorldSize { receipts: 200, listings: 32, shops: 2, seed: 3 };
        let mut world = World::new(size, now);
        let script = DriftScript::new(
            seed,
            DriftRates { buy: 500, edit: 500, cancel: 500, late_seconds: 60 },
        );
        for page in 0..40 {
            script.switch(page < 20);
            script.after_page(&mut world, 1, now + TimeDelta::seconds(page));
        }
        (script, world)
    }

    #[test]
    fn the_same_seed_lets_the_same_happen() {
        let (script, world) = run(1);
        let happened = script.happened();
        assert!((15..45).contains(&happened.len()), "{} in 20 pages", happened.len());
        assert_eq!(happened, run(1).0.happened());
        assert_ne!(happened, run(2).0.happened());
        for event in happened {
            let (Drifted::Arrived(id) | Drifted::Edited(id) | Drifted::Cancelled(id)) = event;
            assert!(world.receipt(1, id.0).is_some(), "{event:?} is of another shop");
        }
    }
}
