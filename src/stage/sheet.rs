//! What a page comes to: rows ready for COPY, and what was set aside. Nothing here is read again; rows are only dropped.

use std::ops::Range;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::binary::{self, Row};
use super::border::Fault;
use super::drift::Novelties;
use super::entity::Entity;

/// The incoming tables, in the order in which they are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Receipt,
    Transaction,
    Listing,
    Inventory,
    Offering,
    LedgerEntry,
    Payment,
    Adjustment,
    Reference,
}

impl Table {
    pub(super) const ALL: [Self; 9] = [
        Self::Receipt,
        Self::Transaction,
        Self::Listing,
        Self::Inventory,
        Self::Offering,
        Self::LedgerEntry,
        Self::Payment,
        Self::Adjustment,
        Self::Reference,
    ];

    /// The statement that takes its rows in.
    pub(super) fn statement(self) -> &'static str {
        match self {
            Self::Receipt => sql!("stage/incoming_receipt.sql"),
            Self::Transaction => sql!("stage/incoming_transaction.sql"),
            Self::Listing => sql!("stage/incoming_listing.sql"),
            Self::Inventory => sql!("stage/incoming_inventory.sql"),
            Self::Offering => sql!("stage/incoming_offering.sql"),
            Self::LedgerEntry => sql!("stage/incoming_ledger_entry.sql"),
            Self::Payment => sql!("stage/incoming_payment.sql"),
            Self::Adjustment => sql!("stage/incoming_payment_adjustment.sql"),
            Self::Reference => sql!("stage/incoming_reference.sql"),
        }
    }
}

impl Entity {
    pub(super) fn table(self) -> Table {
        match self {
            Self::Receipt => Table::Receipt,
            Self::Listing => Table::Listing,
            Self::Inventory => Table::Inventory,
            Self::LedgerEntry => Table::LedgerEntry,
            Self::Payment => Table::Payment,
            Self::Shop
            | Self::ShippingProfile
            | Self::ProductionPartner
            | Self::ReadinessState
            | Self::ReturnPolicy => Table::Reference,
        }
    }

    /// Where its parts go.
    pub(super) fn part_table(self) -> Option<Table> {
        match self {
            Self::Receipt => Some(Table::Transaction),
            Self::Inventory => Some(Table::Offering),
            Self::LedgerEntry | Self::Payment => Some(Table::Adjustment),
            Self::Listing
            | Self::Shop
            | Self::ShippingProfile
            | Self::ProductionPartner
            | Self::ReadinessState
            | Self::ReturnPolicy => None,
        }
    }
}

/// Where a page comes from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) shop_id: i64,
    pub(super) page_id: i64,
    pub(super) run_id: i64,
    pub(super) fetched_at: DateTime<Utc>,
    pub(super) entity: Entity,
    /// What the stream says of all its receipts: it is asked for the cancelled ones, for the others, or for neither.
    pub(super) is_cancelled: Option<bool>,
}

/// Something that was read well: its row, the rows of its parts, and what identifies it.
#[derive(Debug)]
pub(super) struct Good {
    pub(super) entity: Entity,
    pub(super) id: i64,
    pub(super) row: Range<usize>,
    pub(super) parts: Range<usize>,
    /// Of a receipt: what this reading says about it being cancelled; nothing when it does not say.
    pub(super) is_cancelled: Option<bool>,
    /// Whether it is a row of the page, and not the inventory within one.
    pub(super) is_row: bool,
    /// Which row of the page it is or belongs to, from 0.
    pub(super) index: usize,
}

/// A row that was set aside.
#[derive(Debug)]
pub(super) struct Bad {
    pub(super) entity: Entity,
    pub(super) entity_id: String,
    pub(super) index: usize,
    pub(super) fault: Fault,
}

/// A decoded page.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) origin: Origin,
    pub(super) good: Vec<Good>,
    pub(super) bad: Vec<Bad>,
    pub(super) novelties: Novelties,
    rows: [Vec<u8>; 9],
    /// Which row of the page is being decoded, from 0.
    pub(super) index: usize,
    /// To put texts together in.
    pub(super) scratch: String,
}

/// Where the rows of one thing begin, to go back to when it turns out bad.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    row: usize,
    parts: usize,
}

impl Sheet {
    pub(super) fn new(origin: Origin) -> Self {
        Self {
            origin,
            good: Vec::new(),
            bad: Vec::new(),
            novelties: Novelties::default(),
            rows: Default::default(),
            index: 0,
            scratch: String::new(),
        }
    }

    pub(super) fn rows(&self, table: Table) -> &[u8] {
        match table {
            Table::Receipt => &self.rows[0],
            Table::Transaction => &self.rows[1],
            Table::Listing => &self.rows[2],
            Table::Inventory => &self.rows[3],
            Table::Offering => &self.rows[4],
            Table::LedgerEntry => &self.rows[5],
            Table::Payment => &self.rows[6],
            Table::Adjustment => &self.rows[7],
            Table::Reference => &self.rows[8],
        }
    }

    pub(super) fn rows_mut(&mut self, table: Table) -> &mut Vec<u8> {
        match table {
            Table::Receipt => &mut self.rows[0],
            Table::Transaction => &mut self.rows[1],
            Table::Listing => &mut self.rows[2],
            Table::Inventory => &mut self.rows[3],
            Table::Offering => &mut self.rows[4],
            Table::LedgerEntry => &mut self.rows[5],
            Table::Payment => &mut self.rows[6],
            Table::Adjustment => &mut self.rows[7],
            Table::Reference => &mut self.rows[8],
        }
    }

    /// Begins a row; the caller writes as many columns as the table's COPY names.
    pub(super) fn begin(&mut self, table: Table, columns: i16) -> Row<'_> {
        binary::begin(self.rows_mut(table), columns)
    }

    fn parts_len(&self, entity: Entity) -> usize {
        entity.part_table().map_or(0, |table| self.rows(table).len())
    }

    pub(super) fn mark(&self, entity: Entity) -> Mark {
        Mark { row: self.rows(entity.table()).len(), parts: self.parts_len(entity) }
    }

    /// Takes back what has been written of something since the mark.
    pub(super) fn take_back(&mut self, entity: Entity, mark: Mark) {
        self.rows_mut(entity.table()).truncate(mark.row);
        if let Some(parts) = entity.part_table() {
            self.rows_mut(parts).truncate(mark.parts);
        }
    }

    /// Writes the three columns that end a row: a hash of what is kept, parts included; the page; the run. What is not kept
    /// does not count: a listing that was only looked at, or a receipt in another stream, has not changed.
    pub(super) fn seal(&mut self, entity: Entity, mark: Mark) {
        // adjustments are kept for themselves
        let counts = |table: &Table| matches!(table, Table::Transaction | Table::Offering);
        let parts = entity.part_table().filter(counts).map_or(&[][..], |table| self.rows(table));
        let seed = xxh3_64(parts.get(mark.parts..).unwrap_or_default());
        self.seal_rows(entity.table(), mark.row, seed);
    }

    /// The same for a part that is kept for itself.
    pub(super) fn seal_part(&mut self, table: Table, begun: usize) {
        self.seal_rows(table, begun, 0);
    }

    fn seal_rows(&mut self, table: Table, begun: usize, seed: u64) {
        let (page, run) = (self.origin.page_id, self.origin.run_id);
        let rows = self.rows_mut(table);
        let hash = xxh3_64_with_seed(rows.get(begun..).unwrap_or_default(), seed);
        let mut row = binary::go_on(rows);
        row.int8(i64::from_ne_bytes(hash.to_ne_bytes()));
        row.int8(page);
        row.int8(run);
    }

    /// Ends something that was read well.
    pub(super) fn keep(&mut self, entity: Entity, id: i64, mark: Mark, is_cancelled: Option<bool>) {
        let row = mark.row..self.rows(entity.table()).len();
        let parts = mark.parts..self.parts_len(entity);
        let is_row = entity == self.origin.entity;
        let index = self.index;
        self.good.push(Good { entity, id, row, parts, is_cancelled, is_row, index });
    }

    /// Sets a row of the page aside. A row without an id is named by its place, counted from 0.
    pub(super) fn set_aside(&mut self, id: Option<i64>, index: usize, fault: Fault) {
        let entity_id = id.map_or_else(|| self.place(index), |id| id.to_string());
        self.bad.push(Bad { entity: self.origin.entity, entity_id, index, fault });
    }

    /// What a row without an id is called.
    pub(super) fn place(&self, index: usize) -> String {
        format!("row {} of page {}", index.saturating_add(1), self.origin.page_id)
    }
}
