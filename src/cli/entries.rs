//! `report entries`: what a payout, or a month's end, comes to on the accounts of the merchant's bookkeeping.

use super::connections::chosen_shops;
use super::period_fault::PeriodFault;
use super::report_arguments::{EntriesArguments, ReportFormat};
use super::{CommandError, Session};
use crate::db::Warehouse;
use crate::domain::ShopId;
use crate::report::{self, period};
use crate::stage;

/// Makes the entries by the policies as they are now, from the evidence of the last run, and prints them.
pub(super) async fn entries(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &EntriesArguments,
) -> Result<(), CommandError> {
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && to < from
    {
        return Err(PeriodFault::Backwards { from, to }.into());
    }
    let shops = chosen_shops(warehouse, &arguments.shop).await?;
    let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
    // no run may stage anything meanwhile
    let lock = warehouse.lock_run().await?;
    let last = report::last_search(warehouse).await?.ok_or_else(|| {
        let names: Vec<&str> = shops.iter().map(|shop| shop.name.as_str()).collect();
        PeriodFault::NoMoney { shops: names.join(", ") }
    })?;
    stage::make_books(warehouse, last.run, &ids).await?;
    let request = period::EntriesRequest {
        run: last.run,
        shops: ids,
        from: arguments.from,
        to: arguments.to,
    };
    let entries = period::load_entries(warehouse, &request).await?;
    lock.release().await;
    if session.printer.json {
        return session.printer.text(&entries.to_json()?);
    }
    session.printer.text(&match arguments.format {
        ReportFormat::Text => entries.to_text(),
        ReportFormat::Json => entries.to_json()?,
        ReportFormat::Csv => entries.to_csv()?,
        ReportFormat::Html | ReportFormat::Xlsx => return Err(PeriodFault::PlainEntries.into()),
    })
}
