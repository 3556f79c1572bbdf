//! Reads the table back, as people and their programs leave it: other columns, another order, semicolons, a byte order
//! mark, numbers with a fraction.

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder};

use super::super::words::inert;

/// A cell that cannot be followed, or that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BadCell {
    /// The line of the file on which its row begins.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What is to be said of it.
    pub reason: String,
}

/// What a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing: the cell is empty.
    Nothing,
    /// This product of Odoo's.
    Link(i32),
    /// That the link be undone: the cell says `unlink`.
    Unlink,
}

/// A row that reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The line of the file on which it begins.
    pub line: u64,
    /// Of which product.
    pub product_key: Option<String>,
    /// Or of which SKU.
    pub sku: Option<String>,
    /// What it asks for.
    pub wish: Wish,
}

/// A table as it was read. Each row of the file is in exactly one of the two.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Those that read.
    pub rows: Vec<SheetRow>,
    /// Those that do not.
    pub bad: Vec<BadCell>,
}

impl Sheet {
    /// The products of Odoo's that it names.
    pub fn product_ids(&self) -> Vec<i32> {
        let named = |row: &SheetRow| match row.wish {
            Wish::Link(id) => Some(id),
            Wish::Nothing | Wish::Unlink => None,
        };
        let mut ids: Vec<i32> = self.rows.iter().filter_map(named).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Reads a table. A table without the columns that are needed does not read as a whole.
pub fn read_worksheet(bytes: &[u8]) -> Result<Sheet, BadCell> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(bytes))
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut columns: Option<Columns> = None;
    let mut sheet = Sheet::default();
    loop {
        let line = reader.position().line();
        let broken = |error: &csv::Error| BadCell {
            line,
            column: "product_key",
            reason: inert(&error.to_string()),
        };
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                sheet.bad.push(broken(&error));
                break;
            }
        }
        let line = record.position().map_or(line, csv::Position::line);
        match &columns {
            None => columns = Some(Columns::find(&record, line)?),
            Some(columns) => match columns.row(&record, line) {
                Ok(row) => sheet.rows.push(row),
                Err(bad) => sheet.bad.push(bad),
            },
        }
    }
    match columns {
        Some(_) => Ok(sheet),
        None => Err(BadCell {
            line: 1,
            column: "product_key",
            reason: "the file is empty; `etsy-odoo products export` writes the table".to_owned(),
        }),
    }
}

/// What the first line is separated by: spreadsheets of some countries write semicolons.
fn delimiter(bytes: &[u8]) -> u8 {
    let head = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let cells = |between: u8| head.split(|byte| *byte == between).count();
    let (commas, semicolons, tabs) = (cells(b','), cells(b';'), cells(b'\t'));
    if semicolons > commas && semicolons >= tabs {
        b';'
    } else if tabs > commas {
        b'\t'
    } else {
        b','
    }
}

/// Where the columns are that are read.
struct Columns {
    product_key: Option<usize>,
    sku: Option<usize>,
    link_to: usize,
    count: usize,
}

impl Columns {
    fn find(head: &ByteRecord, line: u64) -> Result<Self, BadCell> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (place, cell) in head.iter().enumerate() {
            let name = String::from_utf8_lossy(cell).trim().to_lowercase();
            places.entry(name).or_insert(place);
        }
        let lacks = |column| BadCell {
            line,
            column,
            reason: "the first line does not name this column".to_owned(),
        };
        let (product_key, sku) = (places.get("product_key").copied(), places.get("sku").copied());
        if product_key.is_none() && sku.is_none() {
            return Err(lacks("product_key"));
        }
        let link_to = places.get("link_to").copied().ok_or_else(|| lacks("link_to"))?;
        Ok(Self { product_key, sku, link_to, count: head.len() })
    }

    fn row(&self, record: &ByteRecord, line: u64) -> Result<SheetRow, BadCell> {
        let bad = |column, reason: &str| BadCell { line, column, reason: reason.to_owned() };
        if record.len() != self.count {
            let reason =
                format!("the row has {} cells, and the first line {}", record.len(), self.count);
            return Err(BadCell { line, column: "product_key", reason });
        }
        // the export writes no such cell: a quotation mark is missing, and rows that follow are in it
        if record.iter().any(|cell| cell.iter().any(|byte| matches!(byte, b'\n' | b'\r'))) {
            return Err(bad(
                "product_key",
                "a cell goes over several lines; a quotation mark is missing, and what follows it was not read",
            ));
        }
        let text = |column: &'static str, place: Option<usize>| {
            let cell = place.and_then(|place| record.get(place)).unwrap_or_default();
            std::str::from_utf8(cell)
                .map(|cell| Some(cell.trim().to_owned()).filter(|cell| !cell.is_empty()))
                .map_err(|_bytes| bad(column, "it is not UTF-8; save the file as CSV UTF-8"))
        };
        let wish = wish(text("link_to", Some(self.link_to))?.unwrap_or_default().as_str())
            .map_err(|reason| BadCell { line, column: "link_to", reason })?;
        let product_key = text("product_key", self.product_key)?
            .map(|key| key.strip_prefix('\'').map_or(key.clone(), str::to_owned));
        // a SKU in any other encoding matters only where there is no key
        let sku = if product_key.is_some() { None } else { text("sku", self.sku)? };
        Ok(SheetRow { line, product_key, sku, wish })
    }
}

/// What a cell of `link_to` asks for.
fn wish(cell: &str) -> Result<Wish, String> {
    let plain = cell.strip_prefix('\'').unwrap_or(cell).trim();
    if plain.is_empty() {
        return Ok(Wish::Nothing);
    }
    if plain.eq_ignore_ascii_case("unlink") {
        return Ok(Wish::Unlink);
    }
    // spreadsheets make 31.0 or 31,00 of 31
    let whole = match plain.split_once(['.', ',']) {
        Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole,
        Some(_) | None => plain,
    };
    let is_number = !whole.is_empty() && whole.bytes().all(|digit| digit.is_ascii_digit());
    match whole.parse::<i32>() {
        Ok(id) if is_number && id > 0 => Ok(Wish::Link(id)),
        Ok(_) | Err(_) => Err(format!(
            "`{}` is not the id of a product in Odoo, and not `unlink`",
            super::super::words::clipped(&inert(plain), 40)
        )),
    }
}
