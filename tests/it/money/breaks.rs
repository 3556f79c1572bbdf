//! The proof: a world of many receipts in which forty things are wrong.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use etsy_odoo::domain::{Clock as _, RunId, ShopId};
use etsy_odoo::report::period::Period;
use etsy_odoo::sandbox::world::LedgerOddity;
use rust_decimal::Decimal;
use serde_json::Value;

use super::evidence::{self, Sums, add};
use super::forms::written;
use super::period::{months, periods_are_what_the_pages_come_to, spans};
use super::{Found, found, full_plan, house, settled};
use crate::support::{Accounting, House};

/// Receipts of the world; `ETSY_ODOO_TEST_RECEIPTS=20000` makes it as large as the goal says.
fn receipts() -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "the size of a test is no setting of the program"
    )]
    let asked = std::env::var("ETSY_ODOO_TEST_RECEIPTS").ok();
    asked.map_or(1_500, |asked| asked.parse().unwrap())
}

/// What is done to an order in Odoo, and what it has to be called. `$1` is the number of the receipt.
const WRONGS: [(&str, &str); 7] = [
    (
        "missing_in_odoo",
        "with gone as (delete from ir_model_data where module = 'etsy' and name = 'receipt_' || $1::text)
         delete from sale_order where x_etsy_receipt_id = $1::text",
    ),
    ("cancelled_on_one_side", "update sale_order set state = 'cancel' where x_etsy_receipt_id = $1::text"),
    (
        "edited_by_hand",
        "update sale_order set amount_total = amount_total + 70, amount_untaxed = amount_untaxed + 70
         where x_etsy_receipt_id = $1::text",
    ),
    (
        "rounding",
        "update sale_order set amount_total = amount_total + res_currency.rounding
         from res_currency where res_currency.id = sale_order.currency_id and x_etsy_receipt_id = $1::text",
    ),
    (
        "duplicate_order",
        "insert into sale_order (company_id, partner_id, partner_invoice_id, partner_shipping_id, currency_id, name,
             state, date_order, picking_policy, amount_untaxed, amount_tax, amount_total, invoice_status,
             x_etsy_receipt_id, x_etsy_shop)
         select company_id, partner_id, partner_invoice_id, partner_shipping_id, currency_id, name || '-copy', state,
             date_order, picking_policy, amount_untaxed, amount_tax, amount_total, invoice_status, x_etsy_receipt_id,
             x_etsy_shop
         from sale_order where x_etsy_receipt_id = $1::text",
    ),
    (
        "currency",
        "update sale_order set currency_id = (
             select min(other.id) from res_currency as other where other.active and other.id <> sale_order.currency_id
         ) where x_etsy_receipt_id = $1::text",
    ),
    (
        "tax",
        "update sale_order set amount_tax = round(amount_total * 0.19 + 3), amount_total = amount_total + round(amount_total * 0.19 + 3)
         where x_etsy_receipt_id = $1::text",
    ),
];

const ODDITIES: [(LedgerOddity, &str); 4] = [
    (LedgerOddity::UnheardType, "unknown_ledger_type"),
    (LedgerOddity::UnknownReceipt, "unknown_reference"),
    (LedgerOddity::ChargedTwice, "charged_twice"),
    (LedgerOddity::BrokenChain, "broken_chain"),
];

/// Orders that nothing has happened to, spread over the shops: no refund, worth more than what is done to them.
async fn victims(accounting: &Accounting, run: RunId, many: usize) -> Vec<(i64, i64)> {
    accounting
        .ours
        .query(
            "select shop_id, receipt_id from staging.receipt_money
             where run_id = $1 and standing = 'due' and order_id is not null and receipt_refunded = 0
             order by row_number() over (partition by shop_id order by hashint8(receipt_id)), shop_id
             limit $2",
            &[&run.0, &i64::try_from(many).unwrap()],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect()
}

/// Does forty things wrong, of twelve kinds. Gives what has to be found.
pub(super) async fn plant_forty(
    house: &House,
    accounting: &Accounting,
    run: RunId,
) -> BTreeSet<Found> {
    let mut planted = BTreeSet::new();
    let victims = victims(accounting, run, WRONGS.len() * 4).await;
    for (number, (shop, receipt)) in victims.iter().enumerate() {
        let (kind, statement) = WRONGS[number % WRONGS.len()];
        accounting.tamper(*receipt, statement).await;
        planted.insert((*shop, kind.to_owned(), receipt.to_string()));
    }
    let (now, mut world) = (house.clock.now(), house.pair.world.lock().await);
    let shops: Vec<ShopId> = world.shops().iter().map(|shop| shop.shop_id).collect();
    for shop in &shops[..2] {
        for (oddity, kind) in ODDITIES {
            let entry = world.plant(*shop, oddity, now).unwrap();
            planted.insert((shop.0, kind.to_owned(), entry.to_string()));
        }
    }
    drop(world);
    // old enough that somebody should have made their credit notes
    let refunded = accounting
        .ours
        .query(
            "select shop_id, receipt_id from staging.receipt_money
             where run_id = $1 and receipt_refunded > 5 and credited > 5
                 and received_at < (select started_at from journal.run where run_id = $1) - interval '20 days'
             order by receipt_id limit 4",
            &[&run.0],
        )
        .await
        .unwrap();
    for row in refunded {
        let (shop, receipt): (i64, i64) = (row.get(0), row.get(1));
        accounting
            .tamper(
                receipt,
                "delete from account_move using sale_order
                 where account_move.invoice_origin = sale_order.name and account_move.move_type = 'out_refund'
                     and sale_order.x_etsy_receipt_id = $1::text",
            )
            .await;
        planted.insert((shop, "refund_not_credited".to_owned(), receipt.to_string()));
    }
    planted
}

#[tokio::test]
async fn forty_things_that_are_wrong_are_found_and_called_by_their_names() {
    let house = house(receipts(), 60, 3, 17).await;
    let (accounting, second) = settled(&house).await;
    totals_are_those_of_the_pages(&accounting, second).await;
    let (whole, _) = spans(&house).await;
    the_world_has_everything(&accounting, whole).await;
    let periods: Vec<Period> = [whole].into_iter().chain(months(whole)).collect();
    periods_are_what_the_pages_come_to(&house, &accounting, second, &periods).await;

    let planted = plant_forty(&house, &accounting, second).await;
    assert_eq!(planted.len(), 40);
    house.clock.advance(TimeDelta::hours(1));
    let third = full_plan(&house).await;
    assert_eq!(found(&accounting, third.id).await, planted);
    totals_are_those_of_the_pages(&accounting, third.id).await;
    let amounts_are_off = accounting
        .ours
        .query_one(
            "select count(*) from diff.break where run_id = $1 and amount = 0
                 and kind not in ('currency', 'duplicate_order')",
            &[&third.id.0],
        )
        .await
        .unwrap();
    assert_eq!(amounts_are_off.get::<_, i64>(0), 0, "each says how much is off");
    every_form_is_the_same_again(&house, whole).await;
}

/// Three currencies, six months, and in each currency every class of money that sales bring with them.
async fn the_world_has_everything(accounting: &Accounting, whole: Period) {
    assert!((whole.to - whole.from).num_days() >= 180, "{whole:?}");
    let usual = "'sale', 'refund', 'fee_transaction', 'fee_processing', 'fee_listing', 'payout'";
    let query = format!(
        "select currency, count(distinct class) from staging.money_entry where class in ({usual}) group by currency"
    );
    let rows = accounting.ours.query(&query, &[]).await.unwrap();
    let currencies: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert!(currencies.len() >= 3, "{currencies:?}");
    assert!(currencies.iter().all(|(_, classes)| *classes == 6), "{currencies:?}");
    let taxed = "select count(*) from staging.money_entry where class = 'etsy_tax'";
    assert!(accounting.ours.query_one(taxed, &[]).await.unwrap().get::<_, i64>(0) > 0);
}

/// Two renderings, days apart, are the same in every byte of every form.
async fn every_form_is_the_same_again(house: &House, whole: Period) {
    let (_one, _, paths) = written(house, whole).await;
    house.clock.advance(TimeDelta::days(3));
    let (_two, _, again) = written(house, whole).await;
    assert!(paths.len() > 10, "{paths:?}");
    for (first, second) in paths.iter().zip(&again) {
        let same = std::fs::read(first).unwrap() == std::fs::read(second).unwrap();
        assert!(same, "{}", first.display());
    }
}

/// Every total of ours, computed once more from the pages as Etsy sent them.
async fn totals_are_those_of_the_pages(accounting: &Accounting, run: RunId) {
    let (mut classes, mut payouts) = (Sums::new(), Sums::new());
    for ((shop, _), entry) in evidence::rows(accounting, &["ledger"], "entry_id").await {
        let currency = entry["currency"].as_str().unwrap();
        let amount = Decimal::new(entry["amount"].as_i64().unwrap(), evidence::decimals(currency));
        let class = evidence::class(entry["ledger_type"].as_str().unwrap());
        add(&mut classes, shop, currency, class, amount);
        if matches!(class, "payout" | "recoupment") {
            add(&mut payouts, shop, currency, class, -amount);
        }
    }
    assert!(classes.len() > 25, "{classes:?}");
    let ours = "select shop_id, currency, class, count(*), sum(amount) from staging.money_entry group by 1, 2, 3";
    assert_eq!(evidence::sums(accounting, ours).await, classes);
    let ours = "select shop_id, currency, class, count(*), sum(paid) from staging.settlement group by 1, 2, 3";
    assert_eq!(evidence::sums(accounting, ours).await, payouts);

    let mut receipts = Sums::new();
    let streams = ["receipts_created", "receipts", "cancelled_receipts", "receipts_named"];
    for ((shop, _), receipt) in evidence::rows(accounting, &streams, "receipt_id").await {
        let total = &receipt["grandtotal"];
        let currency = total["currency_code"].as_str().unwrap();
        let refunds = receipt["refunds"].as_array().unwrap();
        let refunded: Decimal =
            refunds.iter().map(|refund| evidence::money(&refund["amount"])).sum();
        let tax = evidence::money(&receipt["total_tax_cost"])
            + evidence::money(&receipt["total_vat_cost"]);
        add(&mut receipts, shop, currency, "total", evidence::money(total));
        add(&mut receipts, shop, currency, "refunded", refunded);
        add(&mut receipts, shop, currency, "tax", tax);
        if receipt["is_paid"] == Value::Bool(true) {
            add(&mut receipts, shop, currency, "sale", evidence::money(total));
        }
    }
    let ours = format!(
        "select money.shop_id, money.currency, part.name, count(*), sum(part.amount)
         from staging.receipt_money as money
         cross join lateral (values ('total', receipt_total), ('refunded', receipt_refunded), ('tax', receipt_tax),
             ('sale', ledger_sale)) as part (name, amount)
         where money.run_id = {run} and part.amount is not null
         group by 1, 2, 3"
    );
    assert_eq!(evidence::sums(accounting, &ours).await, receipts);

    nothing_is_torn(accounting, run).await;
}

/// What is paid out and what is not make the whole, for each receipt and for each payout.
async fn nothing_is_torn(accounting: &Accounting, run: RunId) {
    // each receipt's entries are either paid out or not
    let torn: i64 = accounting
        .ours
        .query_one(
            "select count(*) from staging.receipt_money as money
             where money.run_id = $1 and money.settled + money.unsettled <> (
                 select coalesce(sum(entry.amount), 0) from staging.money_entry as entry
                 where entry.shop_id = money.shop_id and entry.receipt_id = money.receipt_id
             )",
            &[&run.0],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(torn, 0);
    // a settlement's entries lead from its opening balance to its closing balance
    let torn: i64 = accounting
        .ours
        .query_one(
            "select count(*) from staging.settlement as settlement
             where settlement.opening_balance + (
                 select sum(entry.amount) from staging.money_entry as entry
                 where entry.shop_id = settlement.shop_id and entry.currency = settlement.currency
                     and entry.sequence_number between settlement.from_sequence and settlement.until_sequence
             ) <> settlement.closing_balance
             -- a broken chain is one that does not lead there
             and not exists (
                 select from diff.break as broken
                 join staging.money_entry as entry
                     on entry.shop_id = broken.shop_id and entry.entry_id::text = broken.key
                 where broken.run_id = $1 and broken.kind = 'broken_chain' and broken.shop_id = settlement.shop_id
                     and entry.sequence_number between settlement.from_sequence and settlement.until_sequence
             )",
            &[&run.0],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(torn, 0);
}
