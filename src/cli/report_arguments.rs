//! The shape of `report`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

/// `report`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ReportArguments {
    /// Of a month: close it, or see what came later.
    #[command(subcommand)]
    pub command: Option<ReportCommand>,
    /// Which run [default: the last one that made a plan]
    #[arg(long, value_name = "N")]
    pub run: Option<i64>,
    /// Not of a run, but of days: the first day, such as 2026-10-01, in UTC
    #[arg(long, value_name = "DATE", requires = "to", conflicts_with = "run")]
    pub from: Option<NaiveDate>,
    /// The last day, which belongs to it
    #[arg(long, value_name = "DATE", requires = "from")]
    pub to: Option<NaiveDate>,
    /// Of days: this shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
    /// The forms to write, comma separated; without --out they go to stdout, one at a time. `xlsx` and `csv` are forms of a
    /// report on days, and need --out
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = [ReportFormat::Text])]
    pub format: Vec<ReportFormat>,
    /// The directory to write to
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write an index of past runs and months to this directory, with a page for each
    #[arg(long, value_name = "DIR", conflicts_with_all = ["run", "from", "to", "out", "format"])]
    pub site: Option<PathBuf>,
}

/// `report …`.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Close a month: freeze its figures and keep its report, for ever
    ///
    /// It has to be over, its evidence complete, and every sum has to foot. From then on `report` gives the kept files for
    /// these days and shops, byte for byte.
    Close(MonthArguments),
    /// What has come, gone or changed since a month was closed
    Corrections {
        /// Which month.
        #[command(flatten)]
        month: MonthArguments,
        /// How to show it: text (sums), json or csv (every figure)
        #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
        format: ReportFormat,
    },
    /// Entries for the books: one for each payout, and one for the rest of each month
    ///
    /// The accounts are those of the shop's `accounts`; with `books=draft` runs make the same entries as drafts in Odoo.
    Entries(EntriesArguments),
}

/// Which entries for the books.
#[derive(Debug, Args)]
pub struct EntriesArguments {
    /// Dated from this day on, such as 2026-10-01
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Dated up to this day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// This shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
    /// The forms to write, comma separated: text, json, csv or xlsx (a row for each line); without --out they go to stdout,
    /// one at a time, and `xlsx` needs --out
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = [ReportFormat::Text])]
    pub format: Vec<ReportFormat>,
    /// The directory to write to
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A month, and whose.
#[derive(Debug, Args)]
pub struct MonthArguments {
    /// Such as 2026-10, in UTC
    #[arg(value_name = "YYYY-MM", value_parser = super::periods::month)]
    pub month: NaiveDate,
    /// This shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// For a browser.
    Html,
    /// A workbook.
    Xlsx,
    /// A file per section.
    Csv,
}
