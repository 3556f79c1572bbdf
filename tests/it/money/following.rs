//! What becomes of a break: opened once, closed when gone, reopened when back; and what people say of it.

use chrono::TimeDelta;
use etsy_odoo::db::Warehouse;
use etsy_odoo::domain::{BreakEvent, BreakKind, Clock as _};
use etsy_odoo::journal::{self, BreakId, JournalError, Remark};
use etsy_odoo::report::{Break, load_break, load_breaks};

use super::{full_plan, house, settled};
use crate::support::{Accounting, House};

const TURNED: &str =
    "update sale_order set amount_total = amount_total + 70 where x_etsy_receipt_id = $1::text";
const TURNED_FURTHER: &str =
    "update sale_order set amount_total = amount_total + 5 where x_etsy_receipt_id = $1::text";
const TURNED_BACK: &str =
    "update sale_order set amount_total = amount_untaxed where x_etsy_receipt_id = $1::text";

async fn an_hour_later(house: &House) -> i64 {
    house.clock.advance(TimeDelta::hours(1));
    full_plan(house).await.id.0
}

async fn events(warehouse: &Warehouse, id: BreakId) -> Vec<BreakEvent> {
    load_break(warehouse, id).await.unwrap().unwrap().events.iter().map(|each| each.event).collect()
}

async fn all(house: &House) -> Vec<Break> {
    load_breaks(&house.warehouse, &[], false).await.unwrap()
}

async fn any_order(accounting: &Accounting) -> i64 {
    let row = accounting
        .odoo
        .query_one(
            "select min(x_etsy_receipt_id::bigint) from sale_order where x_etsy_receipt_id is not null",
            &[],
        )
        .await
        .unwrap();
    row.get(0)
}

#[tokio::test]
async fn a_break_is_opened_once_closed_when_gone_and_reopened_when_back() {
    let house = house(60, 30, 1, 5).await;
    let (accounting, _) = settled(&house).await;
    let receipt = any_order(&accounting).await;
    accounting.tamper(receipt, TURNED).await;
    let second = an_hour_later(&house).await;
    let [opened] = &all(&house).await[..] else { panic!("one break") };
    assert_eq!((opened.kind, opened.is_open), (BreakKind::EditedByHand, true));
    assert_eq!((opened.amount.to_string(), opened.run.0), ("70.00".to_owned(), second));
    assert_eq!(opened.receipt.unwrap().0, receipt);
    let id = opened.id;

    // looked at again, it is the same
    let third = an_hour_later(&house).await;
    assert_eq!(events(&house.warehouse, id).await, [BreakEvent::Opened]);
    assert_eq!(all(&house).await[0].run.0, third);

    let now = house.clock.now();
    let note = Remark::Note("asked Ana");
    journal::remark_on_break(&house.warehouse, id, note, now).await.unwrap();
    journal::remark_on_break(&house.warehouse, id, Remark::Owner("Ana"), now).await.unwrap();

    accounting.tamper(receipt, TURNED_FURTHER).await;
    an_hour_later(&house).await;
    accounting.tamper(receipt, TURNED_BACK).await;
    an_hour_later(&house).await;
    assert!(load_breaks(&house.warehouse, &[], true).await.unwrap().is_empty());
    let closed = all(&house).await.remove(0);
    assert_eq!((closed.id, closed.is_open, closed.reopened), (id, false, 0));

    accounting.tamper(receipt, TURNED).await;
    an_hour_later(&house).await;
    let back = all(&house).await.remove(0);
    assert_eq!((back.id, back.is_open, back.reopened), (id, true, 1));
    assert_eq!((back.owner.as_deref(), back.note.as_deref()), (Some("Ana"), Some("asked Ana")));
    assert!(back.opened_at > back.first_opened_at);
    assert_eq!(
        events(&house.warehouse, id).await,
        [
            BreakEvent::Opened,
            BreakEvent::Noted,
            BreakEvent::Assigned,
            BreakEvent::Changed,
            BreakEvent::Closed,
            BreakEvent::Reopened,
        ]
    );
}

#[tokio::test]
async fn a_break_that_could_not_be_looked_for_stays_as_it_was() {
    let house = house(60, 30, 1, 6).await;
    let (accounting, _) = settled(&house).await;
    // the payment of a receipt never reached the account
    accounting
        .ours
        .batch_execute(
            "with gone as (
                 select shop_id, receipt_id from staging.money_entry where class = 'sale' order by entry_id limit 1
             )
             update staging.etsy_ledger_entry as entry set ledger_type = 'deposit', reference_type = 'etsy', changed_in_run = 1000
             from gone, staging.money_entry as money
             where money.shop_id = gone.shop_id and money.receipt_id = gone.receipt_id and money.class = 'sale'
                 and entry.shop_id = money.shop_id and entry.entry_id = money.entry_id",
        )
        .await
        .unwrap();
    an_hour_later(&house).await;
    let open = || async { load_breaks(&house.warehouse, &[], true).await.unwrap() };
    assert_eq!(
        open().await.iter().map(|each| each.kind).collect::<Vec<_>>(),
        [BreakKind::PaymentMissing]
    );
    // with a hole in the account nobody can say that it is there
    accounting
        .ours
        .batch_execute(
            "insert into snapshot.ledger_gap (shop_id, gap_from, gap_until)
             select shop_id, '2020-01-01', '2020-01-02' from shop.shop",
        )
        .await
        .unwrap();
    let run = journal::runs(&house.warehouse, 1).await.unwrap().remove(0);
    etsy_odoo::pipeline::find_breaks(&house.warehouse, run.run, &run.shops).await.unwrap();
    assert_eq!(open().await.len(), 1, "not closed");
}

#[tokio::test]
async fn a_break_that_nobody_knows_cannot_be_spoken_of() {
    let house = House::new(5, 16, 1, 7).await;
    let now = house.clock.now();
    let said =
        journal::remark_on_break(&house.warehouse, BreakId(17), Remark::Note("?"), now).await;
    assert!(matches!(said, Err(JournalError::NoSuchBreak(BreakId(17)))), "{said:?}");
    assert_eq!(load_break(&house.warehouse, BreakId(17)).await.unwrap(), None);
}
