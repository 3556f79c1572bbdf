//! The shape of the command line.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::breaks_arguments::BreaksArguments;
use super::inventory_arguments::InventoryCommand;
use super::products::ProductsCommand;
use super::report_arguments::ReportArguments;
use super::shop_arguments::ShopCommand;

/// The oldest moment that Etsy's filters take, 2000-01-01
/// (<https://developers.etsy.com/documentation/reference/#operation/getShopReceipts>).
const OLDEST: i64 = 946_684_800;

/// Reconciles Etsy shops with Odoo 18.
#[derive(Debug, Parser)]
#[command(
    name = "etsy-odoo",
    version,
    about = "Reconciles Etsy shops with Odoo 18, in batches that a person can read before they run",
    long_about = "Reconciles Etsy shops with Odoo 18.\n\n\
        A run takes a snapshot of both sides, compares them, and makes a plan: which products, customers and orders \
        to create or change. `plan` shows it and writes nothing; `apply --plan N` does what plan N says and nothing \
        else; `run` is both, for cron; `report` tells finance what was found and done.\n\n\
        Try it without any account: `etsy-odoo demo`.",
    after_long_help = super::help::settings_and_exit_codes(),
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = false
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The settings file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "The settings file [default: $ETSY_ODOO_CONFIG, else ./etsy-odoo.toml]"
    )]
    pub config: Option<PathBuf>,
    /// Print data as JSON, where a command prints data
    #[arg(long, global = true)]
    pub json: bool,
    /// Say more on stderr; twice for every call
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Colour on stderr
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole job on an embedded Postgres, a simulated Etsy and a simulated Odoo
    ///
    /// Makes a small world (500 receipts in 3 shops), reconciles it, and ends with the path of the report. Needs no
    /// account and no settings, only the programs of a Postgres server. Each demo starts afresh.
    Demo(DemoArguments),
    /// Keep a simulated Etsy and a simulated Odoo running, for trying things by hand
    ///
    /// Prints the settings to use them, and runs until it is interrupted. The simulated Etsy lives on when told to:
    /// `--buy-every 10` lets somebody buy every ten seconds.
    Sandbox(SandboxArguments),
    /// Migrate our database, and create the fields and service products in Odoo
    ///
    /// Needs an Odoo login with administrator's rights once, for the fields: give it with --admin-login and put the
    /// password on stdin. It is not kept. Without them the API user of every run is used.
    Init(InitArguments),
    /// Look at every connection, right and setting: one line each, with the remedy
    Check(CheckArguments),
    /// Add, set, show and connect shops
    Shop {
        /// What to do with them.
        #[command(subcommand)]
        command: ShopCommand,
    },
    /// Take evidence of both sides, and nothing else
    Snapshot(RunArguments),
    /// Take evidence, compare, and show what would be done; writes nothing outside our own database
    ///
    /// Ends with 2 when there is something to do and 0 when there is not.
    Plan(PlanArguments),
    /// Do what a plan says, and nothing else
    Apply(ApplyArguments),
    /// Plan and apply at once: what cron calls
    Run(RunAndApplyArguments),
    /// Which product in Odoo each thing on Etsy is, and what to do about those in doubt
    #[command(subcommand)]
    Products(ProductsCommand),
    /// How many of each offering may be for sale, and why
    Inventory {
        /// What to do with them.
        #[command(subcommand)]
        command: InventoryCommand,
    },
    /// Write the report of a run, or of days
    ///
    /// Without days: what a run found and did. With --from and --to: what was sold on these days, what became of the money,
    /// and what does not fit, in each payment account. It is made from the evidence of the last run with --full.
    Report(ReportArguments),
    /// The history of runs
    Runs {
        /// One run, or all.
        #[command(subcommand)]
        command: Option<RunsCommand>,
    },
    /// Differences in money: with age, amount, likely cause and what to do
    Breaks(BreaksArguments),
    /// What could not be read, and why
    Rejects {
        /// One reject, or all.
        #[command(subcommand)]
        command: Option<RejectsCommand>,
    },
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// This shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// How large the world is.
    #[command(flatten)]
    pub world: WorldArguments,
    /// Where the report is written [default: demo/reports in the data directory]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// The size of a simulated world.
#[derive(Debug, Clone, Copy, Args)]
pub struct WorldArguments {
    /// Receipts, over all shops
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub receipts: u32,
    /// Listings, over all shops
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub listings: u32,
    /// Shops
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub shops: u32,
    /// The same seed makes the same world
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArguments {
    /// How large the world is.
    #[command(flatten)]
    pub world: WorldArguments,
    /// The port of the simulated Etsy, on loopback
    #[arg(long, default_value_t = 4010)]
    pub etsy_port: u16,
    /// The port of the simulated Odoo, on loopback
    #[arg(long, default_value_t = 4069)]
    pub odoo_port: u16,
    /// Let somebody buy every so many seconds; 0: never
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    pub buy_every: u32,
    /// Let a seller edit a listing every so many seconds; 0: never
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    pub edit_every: u32,
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The login of an Odoo administrator; the password is read from stdin
    #[arg(long, value_name = "LOGIN")]
    pub admin_login: Option<String>,
    /// Print the SQL for Odoo's read-only role, and do nothing
    #[arg(long)]
    pub print_grants: bool,
    /// The name of that role
    #[arg(long, default_value = "etsy_odoo_reader", requires = "print_grants")]
    pub reader: String,
}

/// Which shops, and how much.
#[derive(Debug, Clone, Args)]
pub struct RunArguments {
    /// This shop only; may be repeated [default: all that are not paused]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
    /// Read again what may have changed without a trace: the receipts of the last days, all listings
    #[arg(long)]
    pub full: bool,
    /// Read all receipts that were made since this day (UTC), whether they have been read or not
    #[arg(long, value_name = "DATE", value_parser = midnight)]
    pub from: Option<DateTime<Utc>>,
}

/// A day such as 2026-01-31.
fn midnight(text: &str) -> Result<DateTime<Utc>, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .and_then(|date| date.and_hms_opt(0, 0, 0))
        .map(|midnight| midnight.and_utc())
        .filter(|midnight| midnight.timestamp() >= OLDEST)
        .ok_or_else(|| "expected a day such as 2026-01-31, after 1999".to_owned())
}

/// `plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// Which shops, and how much.
    #[command(flatten)]
    pub run: RunArguments,
    /// These subjects only, comma separated: products, orders, inventory, ledger
    #[arg(long, value_delimiter = ',', value_name = "SUBJECTS")]
    pub only: Vec<OnlySubject>,
    /// How to show it
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
    /// Show every row, not the first of each kind
    #[arg(long)]
    pub all: bool,
    /// With --format json: the actions whole, with the buyers' names and addresses
    #[arg(long)]
    pub with_payloads: bool,
    /// Write it to a file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What can be asked for with `--only`. Customers go with the orders that need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnlySubject {
    /// Things that are listed or were sold.
    Products,
    /// Receipts, with their customers.
    Orders,
    /// How many of each offering are for sale.
    Inventory,
    /// The payment account: the differences in money, and entries for the books.
    Ledger,
}

/// How a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// For a browser.
    Html,
}

/// `apply`.
#[derive(Debug, Args)]
pub struct ApplyArguments {
    /// The number of the plan, as `plan` printed it
    #[arg(long, value_name = "N")]
    pub plan: i64,
    /// Apply it although the guard refused it
    #[arg(long)]
    pub allow_large_plan: bool,
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunAndApplyArguments {
    /// Which shops, and how much.
    #[command(flatten)]
    pub run: RunArguments,
    /// These subjects only, comma separated: products, orders, inventory, ledger
    #[arg(long, value_delimiter = ',', value_name = "SUBJECTS")]
    pub only: Vec<OnlySubject>,
    /// Plan only: write nothing outside our own database
    #[arg(long)]
    pub dry_run: bool,
    /// Apply it even if the guard refuses it
    #[arg(long)]
    pub allow_large_plan: bool,
}

/// `runs …`.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// One run, with what it decided and did
    Show {
        /// Its number
        run: i64,
    },
}

/// `rejects …`.
#[derive(Debug, Subcommand)]
pub enum RejectsCommand {
    /// All that are open
    List,
    /// One, with its reason
    Show {
        /// Its number
        reject: i64,
    },
    /// Read them again: the stored page by today's rules, then a receipt from Etsy
    Retry {
        /// Their numbers
        #[arg(required = true, value_name = "REJECT")]
        rejects: Vec<i64>,
    },
}
