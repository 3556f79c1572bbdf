//! Parse, run, print the error chain, exit.

use std::process::ExitCode;

use clap::Parser as _;
use etsy_odoo::cli::{Cli, ExitStatus};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return etsy_odoo::cli::explain_usage(&error).into(),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return etsy_odoo::cli::explain(&error, None, ExitStatus::Failed).into(),
    };
    runtime.block_on(etsy_odoo::cli::execute(cli)).into()
}
