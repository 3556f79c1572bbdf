//! Rows in the binary form of COPY, written by hand: a row costs no list of references and no conversion of amounts
//! (<https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4>).

use chrono::{DateTime, Utc};

/// What comes before the rows: the signature, no flags, no extension.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What comes behind them.
pub(super) const TRAILER: &[u8] = &(-1_i16).to_be_bytes();

/// Between 1970 and 2000, where the server's clock begins.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

const NULL: [u8; 4] = (-1_i32).to_be_bytes();

/// A sign bit in the server's form of a numeric.
const NEGATIVE: u16 = 0x4000;

/// Begins a row of so many columns.
pub(super) fn begin(rows: &mut Vec<u8>, columns: i16) -> Row<'_> {
    rows.extend_from_slice(&columns.to_be_bytes());
    Row(rows)
}

/// Goes on with the row that was written last.
pub(super) fn go_on(rows: &mut Vec<u8>) -> Row<'_> {
    Row(rows)
}

/// A row that is being written, column by column.
pub(super) struct Row<'rows>(&'rows mut Vec<u8>);

impl Row<'_> {
    fn length(&mut self, bytes: usize) {
        // texts are checked to be short, so the length always fits
        let length = i32::try_from(bytes).unwrap_or(i32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
    }

    pub(super) fn null(&mut self) {
        self.0.extend_from_slice(&NULL);
    }

    pub(super) fn int8(&mut self, number: i64) {
        self.length(8);
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    pub(super) fn int8_or_null(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.int8(number),
            None => self.null(),
        }
    }

    pub(super) fn int4(&mut self, number: i32) {
        self.length(4);
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    pub(super) fn boolean(&mut self, is_so: bool) {
        self.length(1);
        self.0.push(u8::from(is_so));
    }

    pub(super) fn boolean_or_null(&mut self, is_so: Option<bool>) {
        match is_so {
            Some(is_so) => self.boolean(is_so),
            None => self.null(),
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(super) fn text_or_null(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(super) fn moment(&mut self, at: DateTime<Utc>) {
        self.int8(at.timestamp_micros().saturating_sub(EPOCH_MICROSECONDS));
    }

    /// `minor / 10^decimals`, of at most four decimals: the fraction is then one digit of the server's, which counts in
    /// ten thousands.
    pub(super) fn numeric(&mut self, minor: i64, decimals: u8) {
        let unit = 10_u64.pow(u32::from(decimals.min(4)));
        let magnitude = minor.unsigned_abs();
        let fraction = (magnitude % unit) * (10_000 / unit);
        let mut whole = magnitude / unit;
        // the highest digit first; 64 bits are at most five of them before the point
        let mut digits = [0_u16; 6];
        let mut places = digits.iter_mut().rev();
        if let Some(place) = places.next() {
            *place = u16::try_from(fraction).unwrap_or_default();
        }
        let mut before_point = 0_i16;
        for place in places {
            if whole == 0 {
                break;
            }
            *place = u16::try_from(whole % 10_000).unwrap_or_default();
            whole /= 10_000;
            before_point += 1;
        }
        let leading = 5 - usize::try_from(before_point).unwrap_or_default();
        let kept = digits.get(leading..).unwrap_or_default();
        let (kept, weight) = match kept.split_first() {
            Some((0, rest)) => (rest, before_point - 2),
            Some(_) | None => (kept, before_point - 1),
        };
        let trailing = kept.iter().rev().take_while(|digit| **digit == 0).count();
        let kept = kept.get(..kept.len() - trailing).unwrap_or_default();
        let (weight, sign, shown) = match (kept.is_empty(), minor < 0) {
            (true, _) => (0, 0, 0),
            (false, true) => (weight, NEGATIVE, decimals),
            (false, false) => (weight, 0, decimals),
        };
        self.length(8 + 2 * kept.len());
        let count = i16::try_from(kept.len()).unwrap_or_default();
        self.0.extend_from_slice(&count.to_be_bytes());
        self.0.extend_from_slice(&weight.to_be_bytes());
        self.0.extend_from_slice(&sign.to_be_bytes());
        self.0.extend_from_slice(&i16::from(shown).to_be_bytes());
        for digit in kept {
            self.0.extend_from_slice(&digit.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use proptest::prelude::{any, proptest};
    use rust_decimal::Decimal;
    use tokio_postgres::types::{FromSql, ToSql, Type};

    use super::*;

    fn written(write: impl FnOnce(&mut Row<'_>)) -> Vec<u8> {
        let mut rows = Vec::new();
        write(&mut begin(&mut rows, 1));
        rows
    }

    /// The value behind the number of columns and its length.
    fn value(row: &[u8]) -> &[u8] {
        let length = i32::from_be_bytes(row[2..6].try_into().unwrap());
        assert_eq!(row.len(), 6 + usize::try_from(length).unwrap());
        &row[6..]
    }

    fn check(minor: i64, decimals: u8) {
        let row = written(|row| row.numeric(minor, decimals));
        let read = Decimal::from_sql(&Type::NUMERIC, value(&row)).unwrap();
        assert_eq!(read, Decimal::new(minor, u32::from(decimals)), "{minor} / 10^{decimals}");
    }

    #[test]
    fn amounts_at_the_edges_are_exact() {
        for decimals in 0..=4 {
            for minor in [0, 1, 9, 99, 100, 9_999, 10_000, 10_001, 100_000_000, 123_456_789_012] {
                check(minor, decimals);
                check(-minor, decimals);
            }
            check(i64::MAX, decimals);
            check(i64::MIN, decimals);
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_library() {
        for (minor, decimals) in [(0, 0), (0, 2), (1, 2), (2_725, 2), (-100_000, 1), (90_000, 4)] {
            let row = written(|row| row.numeric(minor, decimals));
            let mut expected = BytesMut::new();
            Decimal::new(minor, u32::from(decimals)).to_sql(&Type::NUMERIC, &mut expected).unwrap();
            let read = Decimal::from_sql(&Type::NUMERIC, &expected).unwrap();
            assert_eq!(Decimal::from_sql(&Type::NUMERIC, value(&row)).unwrap(), read);
            // the number of decimals that is shown
            assert_eq!(value(&row)[6..8], expected[6..8], "{minor} / 10^{decimals}");
        }
    }

    #[test]
    fn moments_and_words_read_back() {
        let at = DateTime::from_timestamp(1_788_264_025, 0).unwrap();
        let row = written(|row| row.moment(at));
        assert_eq!(DateTime::<Utc>::from_sql(&Type::TIMESTAMPTZ, value(&row)).unwrap(), at);
        let row = written(|row| row.text_or_null(Some("18 Alder Lane")));
        assert_eq!(value(&row), b"18 Alder Lane");
        assert_eq!(written(|row| row.boolean_or_null(None)), [0, 1, 255, 255, 255, 255]);
    }

    proptest! {
        #[test]
        fn any_amount_is_exact(minor in any::<i64>(), decimals in 0_u8..=4) {
            check(minor, decimals);
        }
    }
}
