//! `report entries`: what a payout, or a month's end, comes to on the accounts of the merchant's bookkeeping.

use super::connections::chosen_shops;
use super::period_fault::PeriodFault;
use super::report_arguments::{EntriesArguments, ReportFormat};
use super::{CommandError, Session};
use crate::db::Warehouse;
use crate::domain::ShopId;
use crate::journal;
use crate::report::period::PeriodFormat;
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
        made_at: journal::run(warehouse, last.run).await?.started_at,
        shops: ids,
        from: arguments.from,
        to: arguments.to,
    };
    let entries = period::load_entries(warehouse, &request).await?;
    lock.release().await;
    if let Some(folder) = &arguments.out {
        let formats: Vec<PeriodFormat> =
            arguments.format.iter().map(|format| form(*format)).collect::<Result<_, _>>()?;
        for path in entries.write(folder, &stem(arguments), &formats)? {
            session.printer.line(&path.display().to_string())?;
        }
        return Ok(());
    }
    if session.printer.json {
        return session.printer.text(&entries.to_json()?);
    }
    for format in &arguments.format {
        session.printer.text(&match form(*format)? {
            PeriodFormat::Json => entries.to_json()?,
            PeriodFormat::Csv => entries.to_csv()?,
            PeriodFormat::Xlsx => return Err(PeriodFault::NeedsOut.into()),
            PeriodFormat::Text | PeriodFormat::Html => entries.to_text(),
        })?;
    }
    Ok(())
}

fn form(format: ReportFormat) -> Result<PeriodFormat, PeriodFault> {
    match format {
        ReportFormat::Text => Ok(PeriodFormat::Text),
        ReportFormat::Json => Ok(PeriodFormat::Json),
        ReportFormat::Csv => Ok(PeriodFormat::Csv),
        ReportFormat::Xlsx => Ok(PeriodFormat::Xlsx),
        ReportFormat::Html => Err(PeriodFault::NoEntriesPage),
    }
}

/// `entries-2026-10-01_2026-10-31-acme`, as far as it was asked for.
fn stem(arguments: &EntriesArguments) -> String {
    let mut stem = "entries".to_owned();
    match (arguments.from, arguments.to) {
        (Some(from), Some(to)) => stem.push_str(&format!("-{from}_{to}")),
        (Some(from), None) => stem.push_str(&format!("-from-{from}")),
        (None, Some(to)) => stem.push_str(&format!("-to-{to}")),
        (None, None) => {}
    }
    for shop in &arguments.shop {
        stem.push('-');
        stem.push_str(shop);
    }
    stem
}
