//! Suggestions and tables of products, without a database.

use std::collections::BTreeMap;

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::domain::{RunId, ShopId};
use crate::report::model::Shop;

fn row(number: i64, sku: Option<&str>, name: &str) -> ProductRow {
    ProductRow {
        product_key: format!("sku_{number:016x}"),
        sku: sku.map(str::to_owned),
        shop: Shop { id: ShopId(7), name: "acme".to_owned() },
        listing_id: Some(4_711_000 + number),
        variant_key: String::new(),
        name: name.to_owned(),
        is_digital: false,
        state: ProductState::Missing,
        unknown_product: "create".to_owned(),
        listings: 1,
        keys: 1,
        copies: 0,
        odoo: None,
        matched_by: None,
        linked_id: None,
        is_waiting: false,
    }
}

fn product(id: i32, sku: &str, name: &str) -> OdooProduct {
    OdooProduct {
        id,
        sku: Some(sku.to_owned()),
        barcode: None,
        name: name.to_owned(),
        is_active: true,
        is_service: false,
        listing_id: None,
        variant_key: String::new(),
    }
}

fn list(rows: Vec<ProductRow>) -> ProductList {
    let taken_at = DateTime::from_timestamp(1_793_534_400, 0).unwrap();
    ProductList { staging: Staging { run: RunId(3), taken_at }, rows }
}

fn written(rows: &[ProductRow]) -> Vec<u8> {
    let rows: Vec<&ProductRow> = rows.iter().collect();
    let mut bytes = Vec::new();
    write_worksheet(&rows, &vec![Vec::new(); rows.len()], &mut bytes).unwrap();
    bytes
}

#[test]
fn the_likeliest_product_comes_first_with_what_speaks_for_it() {
    let mut barcoded = product(33, "X", "Something else");
    barcoded.barcode = Some("BRD-WAL-L".to_owned());
    let mut of_listing = product(34, "Y", "Nothing alike");
    of_listing.listing_id = Some("4711001".to_owned());
    let mut archived = product(35, "BRD-WAL-L", "Serving board, walnut");
    archived.is_active = false;
    let products = [
        product(31, "brd wal l", "Serving board walnut"),
        product(32, "Z", "Rolling pin"),
        barcoded,
        of_listing,
        archived,
    ];
    let wanted = row(1, Some("BRD-WAL-L"), "Serving board, walnut");
    let found = suggest(&[&wanted], &products, &BTreeMap::new()).remove(0);
    let ids: Vec<(i32, u32)> = found.iter().map(|one| (one.product_id, one.score)).collect();
    assert_eq!(ids, [(31, 95), (33, 92), (34, 90)]);
    assert_eq!(
        found[0].reasons,
        ["it has the same SKU but for case and punctuation", "its name is 100 % alike"]
    );
    let taken = BTreeMap::from([(31, "SKU OTHER".to_owned())]);
    let found = suggest(&[&wanted], &products, &taken).remove(0);
    let ids: Vec<(i32, u32)> = found.iter().map(|one| (one.product_id, one.score)).collect();
    assert_eq!(ids, [(33, 92), (34, 90), (31, 85)]);
    assert_eq!(found[2].reasons[2], "SKU OTHER is it already");
    let unlike = row(2, None, "Teapot");
    assert_eq!(suggest(&[&unlike], &products, &BTreeMap::new()), [Vec::new()]);
}

#[test]
fn suggestions_are_the_same_however_often_they_are_asked_for() {
    let words = ["oak", "board", "serving", "mug", "stoneware", "pin", "rolling", "large"];
    let name = |seed: usize| {
        let pick = |step: usize| words[(seed * step + step) % words.len()];
        format!("{} {} {} {}", pick(3), pick(5), pick(7), seed % 200)
    };
    let products: Vec<OdooProduct> = (0..1_500)
        .zip(0_usize..)
        .map(|(id, seed)| product(id, &format!("S-{id}"), &name(seed)))
        .collect();
    let rows: Vec<ProductRow> =
        (0..300).zip(0_usize..).map(|(id, seed)| row(id, None, &name(seed * 31))).collect();
    let asked: Vec<&ProductRow> = rows.iter().collect();
    let first = suggest(&asked, &products, &BTreeMap::new());
    assert!(first.iter().all(|found| found.len() == 3));
    assert_eq!(first, suggest(&asked, &products, &BTreeMap::new()));
    let alone: Vec<_> =
        asked.iter().take(9).flat_map(|row| suggest(&[row], &products, &BTreeMap::new())).collect();
    assert_eq!(first[..9], alone);
}

#[test]
fn a_table_cannot_calculate_and_reads_back() {
    let hostile = "=HYPERLINK(\"http://evil\")";
    let rows =
        [row(1, Some("-5+3"), hostile), row(2, Some("\t@x"), "a \"quote\", a\nline; \u{1b}[2J")];
    let bytes = written(&rows);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes.as_slice());
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            assert!(!cell.contains(char::is_control), "{cell:?}");
        }
    }
    let sheet = read_worksheet(&bytes).unwrap();
    assert_eq!((sheet.rows.len(), sheet.bad.len()), (2, 0));
    assert!(sheet.rows.iter().all(|row| row.wish == Wish::Nothing));
    assert_eq!(judge(&sheet, &list(rows.to_vec()), &[]).empty, 2);
}

#[test]
fn what_spreadsheets_make_of_a_table_is_understood() {
    let text = "\u{feff}SKU;Link_To;note\r\nA-1;31,00;\r\n'-5;'32;x\r\nB-2;unlink;\r\nC-3;;\r\n";
    let mut linked = row(2, Some("B-2"), "B");
    linked.linked_id = Some(9);
    let known = list(vec![
        row(1, Some("A-1"), "A"),
        linked,
        row(3, Some("-5"), "C"),
        row(4, Some("C-3"), "D"),
    ]);
    let sheet = read_worksheet(text.as_bytes()).unwrap();
    assert_eq!(sheet.product_ids(), [31, 32]);
    let judged = judge(&sheet, &known, &[product(31, "", ""), product(32, "", "")]);
    assert_eq!(judged.bad, []);
    let said: Vec<_> =
        judged.links.iter().map(|link| (link.label.as_str(), link.product_id)).collect();
    assert_eq!(said, [("SKU A-1", Some(31)), ("SKU -5", Some(32)), ("SKU B-2", None)]);
    assert_eq!(judged.empty, 1);
}

#[test]
fn bad_rows_are_told_with_line_column_and_reason() {
    let text = b"product_key,sku,link_to\n\
        sku_0000000000000001,,31\n\
        sku_0000000000000001,,32\n\
        sku_ffff,,31\n\
        ,NO-SUCH,31\n\
        ,,31\n\
        sku_0000000000000002,,99\n\
        sku_0000000000000002,,a mug\n\
        sku_0000000000000002,,-3\n\
        sku_0000000000000002,31\n\
        sku_0000000000000002,,\"31\n,,\"\n\
        sku_0000000000000002,,\xff\n\
        sku_0000000000000002,TWICE,31\n\
        ,TWICE,31\n";
    let known =
        list(vec![row(1, Some("A"), "A"), row(2, Some("TWICE"), "B"), row(3, Some("TWICE"), "C")]);
    let sheet = read_worksheet(text).unwrap();
    let judged = judge(&sheet, &known, &[product(31, "", ""), product(32, "", "")]);
    assert_eq!(judged.links.len(), 2);
    let told: Vec<String> = judged
        .bad
        .iter()
        .map(|bad| format!("{} {}: {}", bad.line, bad.column, bad.reason))
        .collect();
    assert_eq!(
        told,
        [
            "3 link_to: line 2 says otherwise of the same product",
            "4 product_key: the last run knows no product `sku_ffff`",
            "5 sku: the last run knows no SKU `NO-SUCH`",
            "6 product_key: it is empty, and so is sku",
            "7 link_to: Odoo has no product 99",
            "8 link_to: `a mug` is not the id of a product in Odoo, and not `unlink`",
            "9 link_to: `'-3` is not the id of a product in Odoo, and not `unlink`",
            "10 product_key: the row has 2 cells, and the first line 3",
            "11 product_key: a cell goes over several lines; a quotation mark is missing, and what follows it was not read",
            "13 link_to: it is not UTF-8; save the file as CSV UTF-8",
            "15 sku: it is the SKU of several products",
        ]
    );
    for text in ["", "product_key,sku\n", "name,link_to\n", "\n\n"] {
        read_worksheet(text.as_bytes()).unwrap_err();
    }
}

/// What happens to a file between two programs.
#[derive(Debug, Clone)]
enum Damage {
    Cut(prop::sample::Index),
    Put(prop::sample::Index, u8),
    Drop(prop::sample::Index),
    Add(prop::sample::Index, Vec<u8>),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        place().prop_map(Damage::Cut),
        (place(), any::<u8>()).prop_map(|(place, byte)| Damage::Put(place, byte)),
        place().prop_map(Damage::Drop),
        (place(), prop::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(place, bytes)| Damage::Add(place, bytes)),
        (
            place(),
            prop::sample::select(vec![
                b"\"".to_vec(),
                b",".to_vec(),
                b"\n".to_vec(),
                b"=".to_vec()
            ])
        )
            .prop_map(|(place, bytes)| Damage::Add(place, bytes)),
    ]
}

impl Damage {
    /// Damages a file, and says from which byte on.
    fn strike(&self, bytes: &mut Vec<u8>, from: usize) -> usize {
        let place = |index: &prop::sample::Index| from + index.index(bytes.len() - from);
        match self {
            Self::Cut(index) => {
                let at = place(index);
                bytes.truncate(at);
                at
            }
            Self::Put(index, byte) => {
                let at = place(index);
                bytes[at] = *byte;
                at
            }
            Self::Drop(index) => {
                let at = place(index);
                bytes.remove(at);
                at
            }
            Self::Add(index, more) => {
                let at = place(index);
                bytes.splice(at..at, more.iter().copied());
                at
            }
        }
    }
}

proptest! {
    /// A damaged table is read without a fall; what stands before the damage counts, each row is accounted for, and
    /// nothing is linked that is not known.
    #[test]
    fn a_damaged_table_links_nothing_unknown(
        count in 1_usize..12,
        damages in prop::collection::vec(any_damage(), 1..4),
    ) {
        let mut rows: Vec<ProductRow> =
            (1..).take(count).map(|number| row(number, Some(&format!("S-{number}")), "a \"mug\", blue")).collect();
        for (row, id) in rows.iter_mut().zip(101..) {
            row.linked_id = Some(id);
        }
        let mut bytes = written(&rows);
        for row in &mut rows {
            row.linked_id = None;
        }
        let products: Vec<OdooProduct> = (101..).take(count).map(|id| product(id, "", "")).collect();
        let head = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let whole = judge(&read_worksheet(&bytes).unwrap(), &list(rows.clone()), &products);
        prop_assert_eq!(whole.links.len(), count);
        let mut first = bytes.len();
        for damage in &damages {
            if bytes.len() > head {
                first = first.min(damage.strike(&mut bytes, head));
            }
        }
        let sheet = read_worksheet(&bytes).unwrap();
        let read = sheet.rows.len() + sheet.bad.len();
        let judged = judge(&sheet, &list(rows.clone()), &products);
        prop_assert_eq!(judged.links.len() + judged.unchanged + judged.empty + judged.bad.len(), read);
        for link in &judged.links {
            prop_assert!(rows.iter().any(|row| row.product_key == link.product_key));
            prop_assert!(link.product_id.is_none_or(|id| products.iter().any(|it| it.id == id)));
        }
        // the lines that end before the damage
        let sound = bytes[..first].split(|byte| *byte == b'\n').count() - 2;
        let kept: Vec<_> = judged.links.iter().take(sound).collect();
        prop_assert_eq!(kept, whole.links.iter().take(sound).collect::<Vec<_>>());
    }
}
