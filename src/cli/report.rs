//! `report`: what a run found and did, or what days came to.

use std::path::Path;

use super::breaks::search;
use super::connections::chosen_shops;
use super::entries::entries;
use super::period_fault::PeriodFault;
use super::periods::{OfMonth, closed, file_stem, of_month, print_closed};
use super::report_arguments::{ReportArguments, ReportCommand, ReportFormat};
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};
use crate::journal::{self, Command};
use crate::report::period::{self, Period, PeriodFormat, PeriodRequest};
use crate::report::{self, Format, SiteMoney};

/// How far back the last plan is looked for.
const HISTORY: i64 = 200;

/// How many runs have a page in an index.
const PAGES: usize = 50;

/// `etsy-odoo report`.
pub(super) async fn report(
    session: &Session,
    arguments: &ReportArguments,
) -> Result<ExitStatus, CommandError> {
    let ours = session.ours().await?;
    let ended = written(session, &ours.warehouse, arguments).await;
    ours.close().await?;
    ended.map(|()| ExitStatus::Done)
}

async fn written(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ReportArguments,
) -> Result<(), CommandError> {
    if let Some(command) = &arguments.command {
        return match command {
            ReportCommand::Close(month) => {
                of_month(session, warehouse, month, OfMonth::Close).await
            }
            ReportCommand::Corrections { month, format } => {
                of_month(session, warehouse, month, OfMonth::Corrections(*format)).await
            }
            ReportCommand::Entries(arguments) => entries(session, warehouse, arguments).await,
        };
    }
    if let Some(folder) = &arguments.site {
        return site(session, warehouse, folder, &arguments.shop).await;
    }
    if let (Some(from), Some(to)) = (arguments.from, arguments.to) {
        let period = Period::new(from, to).ok_or(PeriodFault::Backwards { from, to })?;
        return days(session, warehouse, arguments, period).await;
    }
    let formats: Vec<Format> =
        arguments.format.iter().map(|format| form(*format)).collect::<Result<_, _>>()?;
    let run = match arguments.run {
        Some(run) => journal::run(warehouse, RunId(run)).await?.run,
        None => last_plan(warehouse).await?,
    };
    let report = report::load_report(warehouse, run).await?;
    if let Some(directory) = &arguments.out {
        for path in report::write_report(&report, directory, &formats)? {
            session.printer.line(&path.display().to_string())?;
        }
        return Ok(());
    }
    if session.printer.json {
        return session.printer.line(&report.to_json()?);
    }
    for format in formats {
        session.printer.text(&report.render(format)?)?;
    }
    Ok(())
}

/// A run has no rows, and so no workbook.
fn form(format: ReportFormat) -> Result<Format, CommandError> {
    match format {
        ReportFormat::Text => Ok(Format::Text),
        ReportFormat::Json => Ok(Format::Json),
        ReportFormat::Html => Ok(Format::Html),
        ReportFormat::Xlsx | ReportFormat::Csv => Err(PeriodFault::NoRowsOfARun.into()),
    }
}

fn period_form(format: ReportFormat) -> PeriodFormat {
    match format {
        ReportFormat::Text => PeriodFormat::Text,
        ReportFormat::Json => PeriodFormat::Json,
        ReportFormat::Html => PeriodFormat::Html,
        ReportFormat::Xlsx => PeriodFormat::Xlsx,
        ReportFormat::Csv => PeriodFormat::Csv,
    }
}

/// The report on days.
async fn days(
    session: &Session,
    warehouse: &Warehouse,
    arguments: &ReportArguments,
    period: Period,
) -> Result<(), CommandError> {
    let shops = chosen_shops(warehouse, &arguments.shop).await?;
    let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
    let formats: Vec<PeriodFormat> =
        arguments.format.iter().map(|format| period_form(*format)).collect();
    if let Some(closed) = closed(warehouse, &ids, period).await? {
        return print_closed(session, warehouse, &closed, &formats, arguments.out.as_deref()).await;
    }
    search(session, warehouse).await?;
    let run = period::last_money_run(warehouse, &ids).await?.ok_or_else(|| {
        let names: Vec<&str> = shops.iter().map(|shop| shop.name.as_str()).collect();
        PeriodFault::NoMoney { shops: names.join(", ") }
    })?;
    let request = PeriodRequest { run, shops: ids, period, close: None };
    if let Some(folder) = &arguments.out {
        let stem = file_stem(period, &arguments.shop);
        let (_, paths) = period::write_period(warehouse, &request, folder, &stem, &formats).await?;
        for path in paths {
            session.printer.line(&path.display().to_string())?;
        }
        return Ok(());
    }
    let report = period::load_period(warehouse, &request).await?;
    if session.printer.json {
        return session.printer.text(&report.to_json()?);
    }
    for format in &arguments.format {
        session.printer.text(&match format {
            ReportFormat::Text => report.to_text(),
            ReportFormat::Json => report.to_json()?,
            ReportFormat::Html => report.to_html()?,
            ReportFormat::Xlsx | ReportFormat::Csv => return Err(PeriodFault::NeedsOut.into()),
        })?;
    }
    Ok(())
}

/// Pages of past runs and months.
async fn site(
    session: &Session,
    warehouse: &Warehouse,
    folder: &Path,
    names: &[String],
) -> Result<(), CommandError> {
    let shops: Vec<ShopId> =
        chosen_shops(warehouse, names).await?.into_iter().map(|shop| shop.id).collect();
    let money = period::last_money_run(warehouse, &shops).await?;
    let money = money.map(|run| SiteMoney { run, shops });
    let runs: Vec<RunId> = plans(warehouse).await?.into_iter().take(PAGES).collect();
    let index = report::write_site(warehouse, folder, &runs, money.as_ref()).await?;
    session.printer.line(&index.display().to_string())
}

/// The runs that made a plan, the last first.
async fn plans(warehouse: &Warehouse) -> Result<Vec<RunId>, CommandError> {
    Ok(journal::runs(warehouse, HISTORY)
        .await?
        .into_iter()
        .filter(|run| matches!(run.command, Command::Plan | Command::Run | Command::Adopt))
        .map(|run| run.run)
        .collect())
}

async fn last_plan(warehouse: &Warehouse) -> Result<RunId, CommandError> {
    plans(warehouse).await?.into_iter().next().ok_or(CommandError::NoRuns)
}
