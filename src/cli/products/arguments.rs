//! The shape of `products`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::report::ProductFilter;

/// `products …`.
#[derive(Debug, Subcommand)]
pub enum ProductsCommand {
    /// What each product on Etsy is in Odoo, as the last run found it: the work list
    List(ListArguments),
    /// For products without a sure counterpart: up to three of Odoo's that it may be, and why
    Suggest(SuggestArguments),
    /// All that is known of one product: its places on Etsy, its links, what it may be
    Show {
        /// Its key or its SKU
        #[arg(value_name = "KEY|SKU")]
        product: String,
    },
    /// Say which of Odoo's products it is; stronger than every rule, and for all shops
    ///
    /// Counts from the next run on. A SKU is one product in all shops. Two products of Etsy's may be one in Odoo: they
    /// share its stock. Orders that are in Odoo stay as they are.
    Link {
        /// Its key or its SKU
        #[arg(value_name = "KEY|SKU")]
        product: String,
        /// The id of the variant in Odoo (product.product), as `products suggest` prints it
        #[arg(value_name = "ODOO_PRODUCT_ID")]
        odoo_product_id: i32,
        /// The shop that it is said for, where several know the SKU
        #[arg(long, value_name = "NAME")]
        shop: Option<String>,
    },
    /// Undo a link: the next run finds its product by the rules again
    Unlink {
        /// Its key or its SKU
        #[arg(value_name = "KEY|SKU")]
        product: String,
    },
    /// Write the work list as CSV, with suggestions and a column `link_to` to fill in
    Export(ExportArguments),
    /// Read `link_to` out of such a file, and link what it says
    ///
    /// `link_to` holds the id of a product in Odoo, or the word `unlink`; an empty cell changes nothing. Rows that cannot
    /// be followed are told with line, column and reason, and the others count: it ends with 3 then. Reading a file again
    /// changes nothing.
    Import(ImportArguments),
}

/// Which products.
#[derive(Debug, Args)]
pub struct Choice {
    /// This shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
    /// Those that are: open (ambiguous, gone, archived or missing), linked, created, matched, unlinked, shared, `no_sku`,
    /// all; comma separated [default: open]
    #[arg(long, value_delimiter = ',', value_name = "STATUS")]
    pub status: Vec<ProductFilter>,
}

/// `products list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Which products.
    #[command(flatten)]
    pub choice: Choice,
    /// So many at most; 0: all. JSON has always all
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
}

/// `products suggest`.
#[derive(Debug, Args)]
pub struct SuggestArguments {
    /// These products only, by key or SKU [default: all that are open]
    #[arg(value_name = "KEY|SKU")]
    pub products: Vec<String>,
    /// This shop only; may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub shop: Vec<String>,
    /// So many at most; 0: all. JSON has always all
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
}

/// `products export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// Which products.
    #[command(flatten)]
    pub choice: Choice,
    /// The file to write
    #[arg(long, value_name = "FILE.csv")]
    pub out: PathBuf,
}

/// `products import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The file to read, as `products export` wrote it
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// Say what would be linked, and link nothing; ends with 2 if there is something
    #[arg(long)]
    pub dry_run: bool,
}
