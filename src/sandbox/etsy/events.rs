//! What happens in the world between two calls: for tests, in which a buyer buys or a seller edits at the worst moment.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::sandbox::world::World;

type Happening = Box<dyn FnOnce(&mut World, DateTime<Utc>) + Send>;

/// What happens before which call. Clones share it; a clone kept by the caller can add to it while the server runs.
#[derive(Clone, Default)]
pub struct EventScript(Arc<Mutex<Vec<Event>>>);

struct Event {
    on: String,
    left: u64,
    happens: Happening,
}

impl fmt::Debug for EventScript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("EventScript").field(&self.events().len()).finish()
    }
}

impl EventScript {
    /// Lets something happen before the `nth` call from now on, counted from 1, whose method and path contain `on`.
    pub fn before(
        &self,
        on: impl Into<String>,
        nth: u64,
        happens: impl FnOnce(&mut World, DateTime<Utc>) + Send + 'static,
    ) {
        self.events().push(Event { on: on.into(), left: nth, happens: Box::new(happens) });
    }

    /// How many things have not happened yet.
    pub fn waiting(&self) -> usize {
        self.events().len()
    }

    /// Lets nothing happen any more.
    pub fn forget(&self) {
        self.events().clear();
    }

    /// Counts a call, and gives what happens before it.
    pub(super) fn due(&self, operation: &str) -> Vec<Happening> {
        let mut events = self.events();
        let mut due = Vec::new();
        let mut later = Vec::with_capacity(events.len());
        for mut event in events.drain(..) {
            if operation.contains(&event.on) {
                event.left = event.left.saturating_sub(1);
            }
            if event.left == 0 { due.push(event.happens) } else { later.push(event) }
        }
        *events = later;
        due
    }

    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_happens_once_before_its_call() {
        let script = EventScript::default();
        script.before("PUT", 2, |_, _| ());
        script.clone().before("GET", 1, |_, _| ());
        let happened = ["PUT /a", "POST /a", "GET /a", "GET /b", "PUT /b", "PUT /c"]
            .map(|call| script.due(call).len());
        assert_eq!(happened, [0, 0, 1, 0, 1, 0]);
        assert_eq!(script.waiting(), 0);
        script.before("GET", 1, |_, _| ());
        script.forget();
        assert!(script.due("GET /a").is_empty());
    }
}
