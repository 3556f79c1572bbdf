//! The money of many receipts, seven ledger entries each: classed whole, classed when nothing is new, laid out, made into
//! entries for the books, searched.

use std::time::Instant;

use etsy_odoo::diff::find_breaks;
use etsy_odoo::domain::RunId;
use etsy_odoo::stage::{Entries, keep_money, lay_out_money, make_books};

use crate::figures::Figures;
use crate::stand::{SHOP, Stand};

const ALL: &str = "stage::keep_money, all entries, footing and commit included";
const NOTHING_NEW: &str = "stage::keep_money, nothing new: what a quiet run takes";
const LAID_OUT: &str = "stage::lay_out_money";
const BOOKS: &str = "stage::make_books";
const SEARCHED: &str = "diff::find_breaks";

const ROUNDS: usize = 3;

/// Measures one size.
pub(crate) fn bench(stand: &Stand, size: usize, figures: &mut Figures) {
    let run = fill(stand, size);
    for _ in 0..ROUNDS {
        stand.prepare("truncate staging.money_entry, staging.settlement, staging.money_kept");
        let mut took = |name: &str, begun: Instant| figures.took(name, size, begun.elapsed());
        let keep = |entries| keep_money(&stand.warehouse, run, &[SHOP], entries);
        let begun = Instant::now();
        stand.runtime.block_on(keep(Entries::All)).unwrap();
        took(ALL, begun);
        let begun = Instant::now();
        stand.runtime.block_on(keep(Entries::New)).unwrap();
        took(NOTHING_NEW, begun);
        let begun = Instant::now();
        stand.runtime.block_on(lay_out_money(&stand.warehouse, run, &[SHOP])).unwrap();
        took(LAID_OUT, begun);
        let begun = Instant::now();
        stand.runtime.block_on(make_books(&stand.warehouse, run, &[SHOP])).unwrap();
        took(BOOKS, begun);
        let begun = Instant::now();
        let found = find_breaks(&stand.warehouse, run, &[SHOP], chrono::DateTime::UNIX_EPOCH);
        stand.runtime.block_on(found).unwrap();
        took(SEARCHED, begun);
    }
}

fn fill(stand: &Stand, size: usize) -> RunId {
    let run = stand.next_run();
    let receipts = i64::try_from(size).unwrap();
    stand.prepare(
        "truncate staging.etsy_receipt, staging.etsy_transaction, staging.etsy_order, staging.odoo_order,
             staging.etsy_payment, staging.etsy_ledger_entry, staging.receipt_money, diff.break, diff.break_search",
    );
    stand.runtime.block_on(async {
        for statement in [
            include_str!("sql/receipt_side.sql"),
            include_str!("sql/sold_side.sql"),
            include_str!("sql/payment_side.sql"),
            include_str!("sql/ledger_side.sql"),
            include_str!("sql/etsy_side.sql"),
        ] {
            stand.client.execute(statement, &[&SHOP.0, &receipts]).await.unwrap();
        }
        let odoo = include_str!("sql/odoo_side.sql");
        stand.client.execute(odoo, &[&SHOP.0, &receipts, &run.0]).await.unwrap();
    });
    stand.prepare(
        "vacuum (analyze) staging.etsy_receipt, staging.etsy_transaction, staging.etsy_order, staging.odoo_order",
    );
    run
}
