//! `report close` and `report corrections`: months that are signed, and what came later.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use super::breaks::search;
use super::connections::chosen_shops;
use super::period_fault::PeriodFault;
use super::report_arguments::{MonthArguments, ReportFormat};
use super::{CommandError, Session};
use crate::db::Warehouse;
use crate::domain::{RunId, ShopId};
use crate::journal::{self, ClosedMonth, JournalError, MonthToClose};
use crate::report::period::{self, Close, Period, PeriodFormat, PeriodRequest};
use crate::shop::Shop;

/// What a person wants of a month.
#[derive(Debug, Clone, Copy)]
pub(super) enum OfMonth {
    /// To close it.
    Close,
    /// To see what came later, in a form.
    Corrections(ReportFormat),
}

/// What a close is about.
struct Asked {
    run: RunId,
    shops: Vec<Shop>,
    period: Period,
}

impl Asked {
    fn ids(&self) -> Vec<ShopId> {
        self.shops.iter().map(|shop| shop.id).collect()
    }
}

/// Does what is asked of a month.
pub(super) async fn of_month(
    session: &Session,
    warehouse: &Warehouse,
    month: &MonthArguments,
    wish: OfMonth,
) -> Result<(), CommandError> {
    let period =
        Period::month_of(month.month).ok_or(PeriodFault::NoSuchMonth { month: month.month })?;
    let shops = chosen_shops(warehouse, &month.shop).await?;
    if matches!(wish, OfMonth::Close) {
        // a close waits for no other run, and says so before anything is said of breaks
        warehouse.lock_run().await?.release().await;
    }
    search(session, warehouse).await?;
    let ids: Vec<ShopId> = shops.iter().map(|shop| shop.id).collect();
    let run = period::last_money_run(warehouse, &ids).await?.ok_or_else(|| {
        let names: Vec<&str> = shops.iter().map(|shop| shop.name.as_str()).collect();
        PeriodFault::NoMoney { shops: names.join(", ") }
    })?;
    let asked = Asked { run, shops, period };
    match wish {
        OfMonth::Close => close(session, warehouse, &asked, &month.shop).await,
        OfMonth::Corrections(format) => {
            let closed = closed(warehouse, &asked.ids(), period)
                .await?
                .ok_or(PeriodFault::NotClosed { month: period.from })?;
            print_corrections(session, warehouse, &closed, &asked, format).await
        }
    }
}

/// The close of exactly these shops, if these days are a month that was closed for them.
pub(super) async fn closed(
    warehouse: &Warehouse,
    shops: &[ShopId],
    period: Period,
) -> Result<Option<ClosedMonth>, CommandError> {
    if !period.is_month() {
        return Ok(None);
    }
    let months = journal::closed_months(warehouse).await?;
    Ok(months.into_iter().find(|closed| closed.month == period.from && closed.shops == shops))
}

/// How the files of a report on days are named.
pub(super) fn file_stem(period: Period, names: &[String]) -> String {
    match names {
        [] => period.file_stem(),
        names => format!("{}-{}", period.file_stem(), names.join("-")),
    }
}

/// Freezes a month, makes its report in every form, and keeps both.
async fn close(
    session: &Session,
    warehouse: &Warehouse,
    asked: &Asked,
    names: &[String],
) -> Result<(), CommandError> {
    // no run may stage anything meanwhile
    let lock = warehouse.lock_run().await?;
    let ids = asked.ids();
    let months = journal::closed_months(warehouse).await?;
    let is_closed = |closed: &ClosedMonth| {
        closed.month == asked.period.from && closed.shops.iter().any(|shop| ids.contains(shop))
    };
    if months.iter().any(is_closed) {
        return Err(JournalError::AlreadyClosed { month: asked.period.from }.into());
    }
    let mut request =
        PeriodRequest { run: asked.run, shops: ids.clone(), period: asked.period, close: None };
    let against = period::load_period(warehouse, &request).await?.against_closing();
    if !against.is_empty() {
        return Err(
            PeriodFault::CannotClose { month: asked.period.from, why: against.join("; ") }.into()
        );
    }
    let now = session.clock.now();
    let month = MonthToClose {
        run: asked.run,
        shops: ids,
        month: asked.period.from,
        from: asked.period.start(),
        until: asked.period.end(),
    };
    let frozen = journal::freeze_month(warehouse, &month, now).await?;
    request.close = Some(Close { closed_at: now, evidence: frozen.evidence.clone() });
    let folder = session.settings.data_dir()?.join(format!("closing-{}", frozen.id.0));
    let stem = file_stem(asked.period, names);
    let written =
        period::write_period(warehouse, &request, &folder, &stem, PeriodFormat::ALL).await;
    let kept = match written {
        Ok((_, paths)) => {
            journal::close_month(warehouse, &frozen, &month, &paths, now).await.map_err(Into::into)
        }
        Err(error) => Err(CommandError::from(error)),
    };
    forget(&folder)?;
    kept?;
    lock.release().await;
    session.printer.line(&format!(
        "{} is closed; evidence SHA-256 {}",
        asked.period.from.format("%B %Y"),
        frozen.evidence
    ))
}

/// Removes the files that a close was made of: they are kept in the database.
fn forget(folder: &Path) -> Result<(), CommandError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(CommandError::DataDir { path: folder.to_path_buf(), source })
        }
        _ => Ok(()),
    }
}

async fn print_corrections(
    session: &Session,
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    asked: &Asked,
    format: ReportFormat,
) -> Result<(), CommandError> {
    let corrections = period::load_corrections(warehouse, closed, asked.period, asked.run).await?;
    if session.printer.json {
        return session.printer.text(&corrections.to_json()?);
    }
    session.printer.text(&match format {
        ReportFormat::Text => corrections.to_text(),
        ReportFormat::Json => corrections.to_json()?,
        ReportFormat::Csv => corrections.to_csv()?,
        ReportFormat::Html | ReportFormat::Xlsx => return Err(PeriodFault::PlainCorrections.into()),
    })
}

/// The report of a closed month, as it was kept.
pub(super) async fn print_closed(
    session: &Session,
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    formats: &[PeriodFormat],
    out: Option<&Path>,
) -> Result<(), CommandError> {
    if let Some(folder) = out {
        for path in period::write_closed(warehouse, closed, folder, formats).await? {
            session.printer.line(&path.display().to_string())?;
        }
        return Ok(());
    }
    let json = [PeriodFormat::Json];
    for format in if session.printer.json { &json } else { formats } {
        if matches!(format, PeriodFormat::Xlsx | PeriodFormat::Csv) {
            return Err(PeriodFault::NeedsOut.into());
        }
        if let Some(text) = period::closed_text(warehouse, closed, *format).await? {
            session.printer.text(&text)?;
        }
    }
    Ok(())
}

/// A month such as 2026-10, as its first day.
pub(super) fn month(text: &str) -> Result<NaiveDate, String> {
    let is_written_so = text.len() == 7;
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .ok()
        .filter(|_| is_written_so)
        .ok_or_else(|| "expected a month such as 2026-10".to_owned())
}
