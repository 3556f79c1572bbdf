//! The shape of `breaks`.

use clap::{Args, Subcommand};

/// `breaks`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BreaksArguments {
    /// What of them; nothing: list them.
    #[command(subcommand)]
    pub command: Option<BreaksCommand>,
    /// Which.
    #[command(flatten)]
    pub which: WhichBreaks,
}

/// Which breaks are listed.
#[derive(Debug, Default, Args)]
pub struct WhichBreaks {
    /// This shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
    /// Those that are gone, too
    #[arg(long)]
    pub all: bool,
}

/// `breaks …`.
#[derive(Debug, Subcommand)]
pub enum BreaksCommand {
    /// Those that are open, the largest amounts of each currency first
    List(WhichBreaks),
    /// One, with all that happened to it and the ledger entries behind it
    Show {
        /// Its number
        #[arg(value_name = "BREAK")]
        id: i64,
    },
    /// Say something of it, for whoever reads it next
    Note {
        /// Its number
        #[arg(value_name = "BREAK")]
        id: i64,
        /// What
        #[arg(required = true, value_name = "TEXT")]
        words: Vec<String>,
    },
    /// Say who sees to it
    Assign {
        /// Its number
        #[arg(value_name = "BREAK")]
        id: i64,
        /// Who
        #[arg(required = true, value_name = "WHO")]
        owner: Vec<String>,
    },
}
