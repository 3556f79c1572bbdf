//! Buyers and their addresses, from the receipt to Odoo and its deliveries.

mod corrections;
mod names;
mod partners;
mod places;

use etsy_odoo::domain::{Clock as _, ReceiptId};
use etsy_odoo::sandbox::world::{Address, Receipt, ReceiptStatus};

use crate::support::House;

/// An address in Portland, of which a test changes what it is about.
pub(crate) fn address(country: &str, state: &str) -> Address {
    Address {
        first_line: "18 Alder Lane".to_owned(),
        second_line: None,
        city: "Somewhere".to_owned(),
        state: (!state.is_empty()).then(|| state.to_owned()),
        zip: "97205".to_owned(),
        country_iso: country.to_owned(),
    }
}

pub(crate) fn is_due(receipt: &Receipt) -> bool {
    receipt.is_paid() && receipt.status != ReceiptStatus::Canceled
}

/// The receipts that are orders, by their ids.
async fn due(house: &House) -> Vec<ReceiptId> {
    let world = house.pair.world.lock().await;
    world.receipts().iter().filter(|one| is_due(one)).map(|one| one.receipt_id).collect()
}

/// Gives a receipt another address, and lets time go on, so that the next run sees it.
async fn readdress(house: &House, receipt: ReceiptId, address: Option<Address>) {
    house.pair.world.lock().await.readdress(receipt, address, house.clock.now());
    house.clock.advance(chrono::TimeDelta::minutes(2));
}

/// The columns of the partner that the order of a receipt is delivered to.
async fn shipping(house: &House, receipt: ReceiptId) -> tokio_postgres::Row {
    house
        .odoo_database
        .client()
        .await
        .query_one(
            "select partner.id, partner.name, partner.parent_id, partner.street, partner.street2, partner.city, partner.zip,
                 partner.lang, partner.company_id, country.code as country, state.code as state, booked.id as order_id,
                 (select array_agg(picking.partner_id = partner.id) from stock_picking as picking
                  where picking.sale_id = booked.id and picking.state not in ('done', 'cancel')) as follows
             from sale_order as booked
             join res_partner as partner on partner.id = booked.partner_shipping_id
             left join res_country as country on country.id = partner.country_id
             left join res_country_state as state on state.id = partner.state_id
             where booked.x_etsy_receipt_id = $1 and booked.state <> 'cancel'",
            &[&receipt.to_string()],
        )
        .await
        .unwrap()
}

/// Nothing is left to do.
async fn assert_settled(house: &House, round: &str) {
    let (run, nothing) = house.plan().await;
    let reasons = reasons(house, run.id.0).await;
    assert_eq!((nothing.acts, nothing.holds), (0, 0), "{round}: {reasons:?}");
}

/// Why the decisions of a plan were taken, with what each does.
async fn reasons(house: &House, run: i64) -> Vec<(String, String)> {
    house
        .ours
        .client()
        .await
        .query(
            "select decision, reason from journal.decision where run_id = $1 order by decision_no",
            &[&run],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect()
}
