//! The shape of `etsy-odoo shop …`.

use clap::Subcommand;

/// `shop …`.
#[derive(Debug, Subcommand)]
pub enum ShopCommand {
    /// Add a shop
    Add {
        /// Our name for it
        name: String,
        /// Etsy's numeric id of the shop
        #[arg(long)]
        shop_id: i64,
    },
    /// Change its policy: key=value…
    Set {
        /// Which shop
        name: String,
        /// What to change
        #[arg(
            required = true,
            value_name = "KEY=VALUE",
            help = "What to change, such as order_state=draft; an empty value unsets"
        )]
        policies: Vec<String>,
    },
    /// Show its policy
    Show {
        /// Which shop
        name: String,
    },
    /// List the shops
    List,
    /// Connect it to Etsy: its seller agrees in a browser
    ///
    /// Opens Etsy's page, on which the seller agrees, and waits five minutes for the browser to come back to
    /// `etsy.redirect_uri`, which has to be registered with the Etsy app, letter by letter. Asks for the rights to read
    /// what is reconciled, and for no others. Nothing is stored unless the login is that of the shop's owner.
    Login {
        /// Which shop
        name: String,
        /// Open no browser and wait for none: print the page, and read the address that it leads to from stdin
        #[arg(long, conflicts_with = "refresh_token_stdin")]
        no_browser: bool,
        /// Read a refresh token from stdin; Etsy gives another one for it, so it is used up
        #[arg(long)]
        refresh_token_stdin: bool,
    },
    /// Seal all shops' tokens with `etsy.new_token_key`
    ///
    /// First make a key (`openssl rand -hex 32`) and set `etsy.new_token_key_file` beside `etsy.token_key_file` on every
    /// machine: from then on either of the two opens. Then run this command once: it changes all shops or none. At last,
    /// on every machine, set `etsy.token_key_file` to the new key and remove `etsy.new_token_key_file`.
    RotateKey,
    /// Forget its tokens
    Logout {
        /// Which shop
        name: String,
    },
    /// Leave it out of runs
    Pause {
        /// Which shop
        name: String,
    },
    /// Take it into runs again
    Resume {
        /// Which shop
        name: String,
    },
}
