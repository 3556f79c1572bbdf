//! The shape of `etsy-odoo inventory …`.

use clap::{Args, Subcommand};

use super::arguments::RunArguments;

/// `inventory …`.
#[derive(Debug, Subcommand)]
pub enum InventoryCommand {
    /// Show how the quantity of each offering comes about, line by line
    ///
    /// As the last run that compared the shop had it: what Odoo has per warehouse, what is sold and not booked, the
    /// rules, and what Etsy shows.
    Explain {
        /// A SKU, or the number of a listing
        #[arg(value_name = "SKU")]
        what: String,
        /// This shop only; may be repeated [default: all]
        #[arg(long, value_name = "NAME")]
        shop: Vec<String>,
    },
    /// Set what holds for one product instead of the shop's policy: key=value…
    Rule {
        /// Which shop
        shop: String,
        /// A SKU, or the number of a listing
        #[arg(value_name = "SKU")]
        what: String,
        /// What to change
        #[arg(
            required = true,
            value_name = "KEY=VALUE",
            help = "buffer, share, floor, cap, made_to_order, exclude or freeze, such as buffer=2; an empty value unsets"
        )]
        rules: Vec<String>,
    },
    /// List the rules that hold for single products
    Rules {
        /// This shop only; may be repeated [default: all]
        #[arg(long, value_name = "NAME")]
        shop: Vec<String>,
    },
    /// Plan to count in Odoo what Etsy offers: for the first connection of a shop
    ///
    /// Takes evidence and makes a plan, and writes nothing outside our own database; `apply --plan N` does it. Ends with 2
    /// when there is something to count.
    Adopt(AdoptArguments),
}

/// `inventory adopt`.
#[derive(Debug, Args)]
pub struct AdoptArguments {
    /// Which shops, and how much.
    #[command(flatten)]
    pub run: RunArguments,
    /// Show every row, not the first of each kind
    #[arg(long)]
    pub all: bool,
}
