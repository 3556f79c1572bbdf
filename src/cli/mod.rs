//! The command line: one file per command; stdout carries the result and nothing else.

mod apply;
mod arguments;
mod breaks;
mod breaks_arguments;
mod check;
mod connections;
mod demo;
mod demo_quantities;
mod entries;
mod error;
mod exit;
mod help;
mod init;
mod inventory;
mod inventory_arguments;
mod login;
mod period_fault;
mod periods;
mod plan;
mod printer;
mod products;
mod rejects;
mod report;
mod report_arguments;
mod retry;
mod run;
mod runs;
mod sandbox;
mod shop;
mod shop_arguments;
mod signals;
mod stand_ins;

use std::io::IsTerminal as _;
use std::sync::Arc;

pub use arguments::{Cli, Command};
pub use error::CommandError;
pub use exit::{ExitStatus, explain, explain_usage};

use crate::config::Settings;
use crate::domain::{Clock, SystemClock};
use crate::telemetry::{self, Verbosity};
use arguments::{Colour, Global};
use printer::Printer;
use signals::Signals;

/// What every command works with.
pub(crate) struct Session {
    settings: Settings,
    clock: Arc<dyn Clock>,
    printer: Printer,
}

/// Runs a command to its end, or until it is interrupted.
pub async fn execute(cli: Cli) -> ExitStatus {
    let Global { config, json, verbose, quiet, color } = cli.global;
    let is_coloured = match color {
        Colour::Auto => std::io::stderr().is_terminal(),
        Colour::Always => true,
        Colour::Never => false,
    };
    telemetry::start(Verbosity::from_flags(verbose, quiet), is_coloured);
    let settings = match Settings::read(config.as_deref()) {
        Ok(settings) => settings,
        Err(error) => return told(&CommandError::Config(error)),
    };
    let session = Session { settings, clock: Arc::new(SystemClock), printer: Printer { json } };
    // the sandbox lasts until it is told to stop, and then has to clear up
    let is_awaited = matches!(cli.command, Command::Sandbox(_));
    let ended = tokio::select! {
        ended = Box::pin(dispatch(&session, cli.command)) => ended,
        interrupted = interruption(is_awaited) => interrupted,
    };
    match ended {
        Ok(status) => status,
        Err(error) => told(&error),
    }
}

async fn dispatch(session: &Session, command: Command) -> Result<ExitStatus, CommandError> {
    match command {
        Command::Demo(arguments) => demo::demo(session, &arguments).await,
        Command::Sandbox(arguments) => sandbox::sandbox(session, &arguments).await,
        Command::Init(arguments) => init::init(session, &arguments).await,
        Command::Check(arguments) => check::check(session, &arguments.shop).await,
        Command::Shop { command } => shop::shop(session, command).await,
        Command::Snapshot(arguments) => run::snapshot(session, &arguments).await,
        Command::Plan(arguments) => plan::plan(session, &arguments).await,
        Command::Apply(arguments) => apply::apply(session, &arguments).await,
        Command::Run(arguments) => run::run(session, &arguments).await,
        Command::Products(command) => products::products(session, command).await,
        Command::Inventory { command } => inventory::inventory(session, command).await,
        Command::Report(arguments) => report::report(session, &arguments).await,
        Command::Runs { command } => runs::runs(session, command).await,
        Command::Breaks(arguments) => breaks::breaks(session, arguments).await,
        Command::Rejects { command } => rejects::rejects(session, command).await,
    }
}

/// Ends a command that is asked to stop. What was being applied is in the journal, so the next run goes on from there.
async fn interruption(is_awaited: bool) -> Result<ExitStatus, CommandError> {
    if is_awaited {
        return std::future::pending().await;
    }
    Signals::listen()?.received().await;
    Err(CommandError::Interrupted)
}

fn told(error: &CommandError) -> ExitStatus {
    let advice = error.advice();
    explain(error.innermost(), Some(&advice), error.status())
}
