//! The way to one shop: a call with a token that is fresh, and a drawer for what comes back.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use super::evidence::{Drawer, Place};
use super::{EtsySide, SnapshotError};
use crate::domain::{Ahead, Clock, Window};
use crate::etsy::wire::{Mark, Page};
use crate::etsy::{PAGE_CEILING, Query, RawPage};

/// Calls under way at once: at a round trip of a second fewer would leave part of 10 calls a second unused.
pub(super) const IN_FLIGHT: usize = 10;

/// The way to one shop.
pub(super) struct Door<'a> {
    pub(super) drawer: Drawer<'a>,
    pub(super) etsy: &'a EtsySide,
    pub(super) clock: &'a dyn Clock,
    token: Mutex<SecretString>,
    /// Pages that came.
    pages: AtomicI64,
}

impl<'a> Door<'a> {
    /// Opens the shop.
    pub(super) async fn open(
        drawer: Drawer<'a>,
        etsy: &'a EtsySide,
        clock: &'a dyn Clock,
    ) -> Result<Self, SnapshotError> {
        let token = Mutex::new(etsy.token(drawer.warehouse, drawer.shop, None).await?);
        Ok(Self { drawer, etsy, clock, token, pages: AtomicI64::new(0) })
    }

    /// How many pages have come so far.
    pub(super) fn pages(&self) -> i64 {
        self.pages.load(Ordering::Relaxed)
    }

    /// The present moment.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Asks once. A token that Etsy does not accept is replaced once, and the call made again. An answer from another time
    /// than ours is not taken: all windows are told in ours.
    pub(super) async fn ask(&self, query: &Query) -> Result<RawPage, SnapshotError> {
        let shop = self.drawer.shop;
        let token = self.token.lock().await.clone();
        let reader = &self.etsy.reader;
        let answered = match reader.page(&token, shop.id, query).await {
            Err(error) if error.is_of_token() => {
                let fresh = self.etsy.token(self.drawer.warehouse, shop, Some(&token)).await?;
                *self.token.lock().await = fresh.clone();
                reader.page(&fresh, shop.id, query).await
            }
            answered => answered,
        };
        let page = answered.map_err(|source| SnapshotError::Etsy {
            shop: shop.name.clone(),
            source: Box::new(source),
        })?;
        if let Some(ahead) = self.etsy.clock_fault(page.answered_at) {
            let (shop, ahead) = (shop.name.clone(), Ahead(ahead));
            return Err(SnapshotError::Clock { shop, ahead });
        }
        self.pages.fetch_add(1, Ordering::Relaxed);
        Ok(page)
    }

    /// Keeps a page that has rows.
    pub(super) async fn keep(&self, place: Place, page: &RawPage) -> Result<(), SnapshotError> {
        if page.rows == 0 {
            return Ok(());
        }
        // what is sold while the answer is on its way may be missing from it
        self.drawer.store_page(place, page, page.asked_at).await
    }

    /// Takes a page apart, as far as its rows are known by something.
    pub(super) fn marks(&self, page: &RawPage) -> Result<Vec<Mark>, SnapshotError> {
        self.rows(page, Mark::of)
    }

    /// Takes a page apart.
    pub(super) fn rows<T>(
        &self,
        page: &RawPage,
        read: impl Fn(&RawValue) -> T,
    ) -> Result<Vec<T>, SnapshotError> {
        let page = Page::read(&page.body).map_err(|source| SnapshotError::Page {
            shop: self.drawer.shop.name.clone(),
            source: Box::new(source),
        })?;
        Ok(page.results.into_iter().map(read).collect())
    }

    /// Asks about several ids at once, and keeps what comes. An id that Etsy does not know fails the whole call: the call
    /// is halved until the unknown ones stand alone, which are left out.
    pub(super) async fn ask_about(
        &self,
        ids: &[i64],
        place: Place,
        query: impl Fn(Vec<i64>) -> Query,
    ) -> Result<Vec<RawPage>, SnapshotError> {
        let mut pages = Vec::new();
        let mut waiting: Vec<Vec<i64>> =
            ids.chunks(usize::from(PAGE_CEILING)).map(<[i64]>::to_vec).rev().collect();
        while let Some(mut batch) = waiting.pop() {
            match self.ask(&query(batch.clone())).await {
                Ok(page) => {
                    self.keep(place, &page).await?;
                    pages.push(page);
                }
                Err(error) if error.is_not_found() && batch.len() > 1 => {
                    let later = batch.split_off(batch.len() / 2);
                    waiting.push(later);
                    waiting.push(batch);
                }
                Err(error) if error.is_not_found() => {
                    tracing::info!(ids = ?batch, "Etsy does not know this");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(pages)
    }
}

/// A moment that a row tells.
pub(super) fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

/// The window of a page that no window bounds: the moment it was asked for.
pub(super) fn at(now: DateTime<Utc>) -> Window {
    Window { from: now, until: now }
}
