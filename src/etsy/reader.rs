//! Reads from Etsy, and cannot write.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::de::IgnoredAny;

use crate::domain::{Clock, ShopId};
use crate::etsy::allowance::DATE;
use crate::etsy::caller::{Errand, purpose};
use crate::etsy::connection::{Connection, name_expiry};
use crate::etsy::error::EtsyError;
use crate::etsy::query::{Query, Wording};
use crate::etsy::scope::Granted;
use crate::etsy::settings::EtsySettings;
use crate::etsy::wire::{self, Me, Page, Shop, Unreadable};
use crate::http::{Answer, Call, HttpError, Limiter};

/// A page as it came, known to be whole.
#[derive(Clone, PartialEq, Eq)]
pub struct RawPage {
    /// The body as received; [`Page::read`] takes it apart.
    pub body: Bytes,
    /// How many rows match in all, as Etsy says.
    pub count: i32,
    /// How many rows this page has.
    pub rows: i32,
    /// When it was asked for: what it shows is no older.
    pub asked_at: DateTime<Utc>,
    /// When it was answered, by Etsy's clock, if Etsy says so.
    pub answered_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for RawPage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawPage")
            .field("count", &self.count)
            .field("rows", &self.rows)
            .field("answered_at", &self.answered_at)
            .finish_non_exhaustive()
    }
}

/// Reads from Etsy with one app's key, for any number of shops.
///
/// Calls may be in flight side by side, and must be for full speed: awaiting each answer before the next call
/// halves the rate at 200 ms of round trip. But no more than the limit serves within the deadline: a call that would
/// have to wait longer than that is not made.
#[derive(Debug)]
pub struct EtsyReader {
    connection: Connection,
}

impl EtsyReader {
    /// A reader that calls nobody yet. `limiter` is to be shared by all who call with the same key.
    pub fn new(
        settings: &EtsySettings,
        limiter: Arc<Limiter>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EtsyError> {
        Ok(Self { connection: Connection::new(settings, limiter, clock)? })
    }

    /// Whether Etsy is there and accepts the app's key; needs no seller. Answers Etsy's time, if it says so.
    pub async fn ping(&self) -> Result<Option<DateTime<Utc>>, EtsyError> {
        let asked = "ping Etsy".to_owned();
        let errand = self.errand(asked, None, &["openapi-ping"], &[])?;
        self.ask(&errand, |answer, _| {
            wire::read::<IgnoredAny>(&answer.body).map(|_| answered_at(answer))
        })
        .await
    }

    /// What the seller granted with a token, as far as the answer can be understood
    /// (<https://developers.etsy.com/documentation/reference/#operation/tokenScopes>).
    pub async fn scopes(&self, token: &SecretString) -> Result<Option<Granted>, EtsyError> {
        let asked = "ask Etsy what the token may do".to_owned();
        let form = vec![("token", token.clone())];
        let call = self.connection.url(&["scopes"], &[]).and_then(|url| {
            self.connection.signed(Call::post_form(url, form).harmless_twice(), Some(token))
        });
        let call = call.map_err(|source| EtsyError::Unsendable { asked: asked.clone(), source })?;
        let errand = Errand { asked, call, purpose: purpose(&["scopes"]) };
        self.ask(&errand, |answer, _| wire::read(&answer.body).map(|value| Granted::read(&value)))
            .await
    }

    /// Whose token it is.
    pub async fn me(&self, token: &SecretString) -> Result<Me, EtsyError> {
        let asked = "ask Etsy whose token it is".to_owned();
        let errand = self.errand(asked, Some(token), &["users", "me"], &[])?;
        self.ask(&errand, |answer, _| wire::read(&answer.body)).await
    }

    /// A shop's particulars.
    pub async fn shop(&self, token: &SecretString, shop: ShopId) -> Result<Shop, EtsyError> {
        let asked = format!("read shop {shop}");
        let errand = self.errand(asked, Some(token), &["shops", &shop.to_string()], &[])?;
        self.ask(&errand, |answer, _| wire::read(&answer.body)).await
    }

    /// The answer to a question about a shop, as it came.
    pub async fn page(
        &self,
        token: &SecretString,
        shop: ShopId,
        query: &Query,
    ) -> Result<RawPage, EtsyError> {
        let Wording { asked, path, parameters } = query.wording(shop);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let errand = self.errand(asked, Some(token), &path, &parameters)?;
        let read = if query.is_single() { raw_record } else { raw_page };
        self.ask(&errand, read).await
    }

    async fn ask<T>(
        &self,
        errand: &Errand,
        read: impl Fn(&Answer, DateTime<Utc>) -> Result<T, Unreadable>,
    ) -> Result<T, EtsyError> {
        let Connection { caller, limiter, .. } = &self.connection;
        caller.ask(errand, Some(limiter), read).await.map_err(name_expiry)
    }

    fn errand(
        &self,
        asked: String,
        token: Option<&SecretString>,
        path: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<Errand, EtsyError> {
        match self.call(token, path, parameters) {
            Ok(call) => Ok(Errand { asked, call, purpose: purpose(path) }),
            Err(source) => Err(EtsyError::Unsendable { asked, source }),
        }
    }

    fn call(
        &self,
        token: Option<&SecretString>,
        path: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<Call, HttpError> {
        self.connection.signed(Call::get(self.connection.url(path, parameters)?), token)
    }
}

/// Etsy's time, as HTTP writes dates.
fn answered_at(answer: &Answer) -> Option<DateTime<Utc>> {
    let date = answer.header(DATE)?;
    DateTime::parse_from_rfc2822(date).ok().map(|date| date.to_utc())
}

fn raw_page(answer: &Answer, asked_at: DateTime<Utc>) -> Result<RawPage, Unreadable> {
    let page = Page::read(&answer.body)?;
    let rows = i32::try_from(page.results.len()).unwrap_or(i32::MAX);
    let answered_at = answered_at(answer);
    Ok(RawPage { body: answer.body.clone(), count: page.count, rows, asked_at, answered_at })
}

/// One record, which counts for a page of one.
fn raw_record(answer: &Answer, asked_at: DateTime<Utc>) -> Result<RawPage, Unreadable> {
    wire::read::<IgnoredAny>(&answer.body)?;
    let answered_at = answered_at(answer);
    Ok(RawPage { body: answer.body.clone(), count: 1, rows: 1, asked_at, answered_at })
}

#[cfg(test)]
mod tests;
