//! The report of a closed month: the files that were kept when it was closed, as they were.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::Deserialize;

use super::files::PeriodFormat;
use super::model::PeriodReport;
use super::vocabulary::StepKind;
use super::words;
use crate::db::Warehouse;
use crate::domain::MoneyClass;
use crate::journal::{self, ClosedMonth};
use crate::report::ReportError;
use crate::report::files::PartFile;

impl PeriodFormat {
    /// The end of the names of its files.
    fn extension(self) -> &'static str {
        match self {
            Self::Html => ".html",
            Self::Xlsx => ".xlsx",
            Self::Csv => ".csv",
            Self::Json => ".json",
            Self::Text => ".txt",
        }
    }
}

impl PeriodReport {
    /// What stands against closing it: nothing, when it is a whole month whose evidence is complete and whose sums foot.
    pub fn against_closing(&self) -> Vec<String> {
        let lacks = self.evidence.lacks.iter().map(words::lack);
        let sums = self.broken_sums.iter().map(|sum| format!("a sum does not foot: {sum}"));
        lacks.chain(sums).collect()
    }
}

/// What a kept report says of a payment account, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedAccount {
    /// In which currency.
    pub currency: String,
    /// Sales, gross.
    pub sales: Decimal,
    /// To the bank, less what was taken from there.
    pub paid: Decimal,
    /// How many places no rule explains.
    pub unexplained: i64,
}

/// The part of a kept JSON that is read back.
#[derive(Deserialize)]
struct Kept {
    accounts: Vec<KeptAccount>,
}

#[derive(Deserialize)]
struct KeptAccount {
    currency: String,
    waterfall: Vec<KeptLine>,
    payouts: Vec<KeptPayout>,
    ties: Vec<KeptTie>,
}

#[derive(Deserialize)]
struct KeptLine {
    class: String,
    total: Decimal,
}

#[derive(Deserialize)]
struct KeptPayout {
    paid: Decimal,
}

#[derive(Deserialize)]
struct KeptTie {
    steps: Vec<KeptStep>,
}

#[derive(Deserialize)]
struct KeptStep {
    answer: String,
    receipts: i64,
}

/// The accounts of a closed month, by its kept JSON.
pub async fn closed_accounts(
    warehouse: &Warehouse,
    closed: &ClosedMonth,
) -> Result<Vec<ClosedAccount>, ReportError> {
    let json = closed_text(warehouse, closed, PeriodFormat::Json).await?.unwrap_or_default();
    let kept: Kept = serde_json::from_str(&json)
        .map_err(|source| ReportError::Json { run: closed.run, source })?;
    let (sale, unexplained) = (MoneyClass::Sale.as_str(), StepKind::Unexplained.as_str());
    Ok(kept
        .accounts
        .into_iter()
        .map(|account| ClosedAccount {
            sales: account
                .waterfall
                .iter()
                .filter(|line| line.class == sale)
                .map(|line| line.total)
                .sum(),
            paid: account.payouts.iter().map(|payout| payout.paid).sum(),
            unexplained: account
                .ties
                .iter()
                .flat_map(|tie| &tie.steps)
                .filter(|step| step.answer == unexplained)
                .map(|step| step.receipts)
                .sum(),
            currency: account.currency,
        })
        .collect())
}

/// Writes the kept files of these formats into a folder, and gives their paths.
pub async fn write_closed(
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    folder: &Path,
    formats: &[PeriodFormat],
) -> Result<Vec<PathBuf>, ReportError> {
    let failed = |source| ReportError::Closed { source };
    let mut paths = Vec::new();
    for name in journal::period_files(warehouse, closed.id).await.map_err(failed)? {
        if formats.iter().any(|format| name.ends_with(format.extension())) {
            let file = PartFile::begin(folder, &name)?;
            let mut output = BufWriter::new(file.handle()?);
            journal::copy_period_file(warehouse, closed.id, &name, &mut output)
                .await
                .map_err(failed)?;
            output.into_inner().map_err(|error| file.failed(error.into_error()))?;
            paths.push(file.finish()?);
        }
    }
    Ok(paths)
}

/// The kept report of a format that is one text; nothing: none was kept.
pub async fn closed_text(
    warehouse: &Warehouse,
    closed: &ClosedMonth,
    format: PeriodFormat,
) -> Result<Option<String>, ReportError> {
    let failed = |source| ReportError::Closed { source };
    for name in journal::period_files(warehouse, closed.id).await.map_err(failed)? {
        if name.ends_with(format.extension()) {
            let mut text = Vec::new();
            journal::copy_period_file(warehouse, closed.id, &name, &mut text)
                .await
                .map_err(failed)?;
            return Ok(Some(String::from_utf8_lossy(&text).into_owned()));
        }
    }
    Ok(None)
}
