//! From a page to the rows that are kept. Every field that is kept is checked on the way in; what fails names its field.

mod facts;
mod finance;
mod listing;
mod receipt;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::border::Fault;
use super::entity::Entity;
use super::sheet::{Origin, Sheet};
use crate::etsy::wire::{
    LedgerEntry, Listing, ListingInventory, Page, Payment, ProductionPartner, ReadinessState,
    Receipt, ReturnPolicy, ShippingProfile, ShopFacts, Unreadable,
};

/// Something that a row of a page is read into, and that is then checked and written down.
trait Kept<'text>: Deserialize<'text> {
    /// The field that names it.
    const ID: &'static str;

    /// Its id.
    fn id(&self) -> i64;

    /// Checks every field that is kept, and writes them down. What a bad one leaves behind is taken back.
    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault>;
}

/// Decodes a page. Of a page that is read again for some of its rows, only these are taken: by id, or by place where they
/// have none.
pub(super) fn page(
    origin: Origin,
    body: &[u8],
    only: Option<&BTreeSet<String>>,
) -> Result<Sheet, Unreadable> {
    let entity = origin.entity;
    let page = Reading { sheet: Sheet::new(origin), body, only };
    match entity {
        Entity::Receipt => page.read::<Receipt>(),
        Entity::Listing => page.read::<Listing>(),
        Entity::Inventory => page.read::<ListingInventory>(),
        Entity::LedgerEntry => page.read::<LedgerEntry>(),
        Entity::Payment => page.read::<Payment>(),
        Entity::Shop => page.read::<ShopFacts>(),
        Entity::ShippingProfile => page.read::<ShippingProfile>(),
        Entity::ProductionPartner => page.read::<ProductionPartner>(),
        Entity::ReadinessState => page.read::<ReadinessState>(),
        Entity::ReturnPolicy => page.read::<ReturnPolicy>(),
    }
}

struct Reading<'page> {
    sheet: Sheet,
    body: &'page [u8],
    only: Option<&'page BTreeSet<String>>,
}

impl<'page> Reading<'page> {
    fn read<T: Kept<'page>>(mut self) -> Result<Sheet, Unreadable> {
        let text = std::str::from_utf8(self.body);
        // one pass when every row reads; a bad one is told from its neighbours by a second look
        if let Some(rows) = text.ok().and_then(Page::rows::<T>) {
            for (index, row) in rows.iter().enumerate() {
                self.take(index, row);
            }
            return Ok(self.sheet);
        }
        for (index, row) in self.split()?.into_iter().enumerate() {
            match serde_json::from_str::<T>(row.get()) {
                Ok(read) => self.take(index, &read),
                Err(error) => self.refuse::<T>(index, row, &error),
            }
        }
        Ok(self.sheet)
    }

    /// The raw rows; of an answer that is a bare object, that one.
    fn split(&self) -> Result<Vec<&'page RawValue>, Unreadable> {
        let is_one = match self.sheet.origin.entity {
            Entity::Shop => true,
            // what is asked for by name comes alone or on a page
            Entity::Receipt | Entity::Payment => Page::read(self.body).is_err(),
            Entity::Listing
            | Entity::Inventory
            | Entity::LedgerEntry
            | Entity::ShippingProfile
            | Entity::ProductionPartner
            | Entity::ReadinessState
            | Entity::ReturnPolicy => false,
        };
        let page = if is_one { Page::of_one(self.body)? } else { Page::read(self.body)? };
        Ok(page.results)
    }

    fn is_asked_for(&self, id: Option<i64>, index: usize) -> bool {
        self.only.is_none_or(|only| {
            id.is_some_and(|id| only.contains(&id.to_string()))
                || only.contains(&self.sheet.place(index))
        })
    }

    fn take<T: Kept<'page>>(&mut self, index: usize, row: &T) {
        if !self.is_asked_for(Some(row.id()), index) {
            return;
        }
        self.sheet.index = index;
        let mark = self.sheet.mark(self.sheet.origin.entity);
        if let Err(fault) = row.write(&mut self.sheet) {
            self.sheet.take_back(self.sheet.origin.entity, mark);
            self.sheet.set_aside(Some(row.id()), index, fault);
        }
    }

    fn refuse<T: Kept<'page>>(
        &mut self,
        index: usize,
        row: &'page RawValue,
        error: &serde_json::Error,
    ) {
        let id = Page::id_of(row, T::ID);
        if self.is_asked_for(id, index) {
            let fault = Page::complaint::<T>(row, error).into();
            self.sheet.set_aside(id, index, fault);
        }
    }
}

#[cfg(test)]
mod tests;
