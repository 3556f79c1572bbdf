//! Shops, their policies, their tokens at rest, and the book of the calls that they share.

mod book_policy;
mod call_book;
mod freeze;
mod login;
mod policy;
mod registry;
mod rotation;
mod sealing;
mod stock_policy;
mod stock_rule;
mod taxes;
mod tokens;
mod values;

pub use book_policy::{AccountUse, BookPolicy, Books};
pub use call_book::CallBook;
pub use freeze::Freeze;
pub use login::{EndingLogin, TokenState, logins_to_warn_of, store_scopes, token_states};
pub use policy::{
    CancelledReceipt, EtsyTax, FieldOwner, OrderState, Partners, Policy, PolicyKey, UnknownProduct,
};
pub use registry::{Shop, Status, add, find, list, set_policy, set_status, with_id};
pub use rotation::{Rotated, rotate_key};
pub use sealing::TokenKey;
pub use stock_policy::{MOST_UNITS, SoldOutListing, StockConflict, StockMaster, StockPolicy};
pub use stock_rule::{
    Goods, RuleKey, StockRule, goods_named, set_stock_rule, stock_rule, stock_rules,
};
pub use taxes::Taxes;
pub use tokens::{Session, Tokens, forget_tokens, lock_session, store_tokens};

use crate::db::DatabaseError;
use crate::domain::{Advice, MoneyError, UnknownWord};

/// What can go wrong with a shop's settings and tokens.
#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    /// The database.
    #[error("the settings of the shops could not be read or written")]
    Database(#[source] DatabaseError),
    /// A name that cannot be a shop's.
    #[error("`{0}` cannot be the name of a shop: use small letters, digits, `-` and `_`, up to 40")]
    Name(String),
    /// A shop id that is not positive.
    #[error("{0} cannot be an Etsy shop id")]
    Id(i64),
    /// A name or id that is taken.
    #[error("a shop named `{name}` or with Etsy's id {shop_id} is there already")]
    Taken {
        /// The name asked for.
        name: String,
        /// The id asked for.
        shop_id: i64,
    },
    /// No such shop.
    #[error("there is no shop named `{name}`")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A policy key that does not exist.
    #[error("`{key}` is not a policy of a shop")]
    Key {
        /// The key asked for.
        key: String,
        /// The nearest one there is.
        nearest: &'static str,
    },
    /// A key of a rule that does not exist.
    #[error("`{key}` is not a rule for a product")]
    RuleKey {
        /// The key asked for.
        key: String,
        /// The nearest one there is.
        nearest: &'static str,
    },
    /// Nothing is listed under that name.
    #[error("nothing is listed under `{what}`")]
    NoSuchGoods {
        /// The SKU or listing asked for.
        what: String,
    },
    /// A policy value that does not read.
    #[error("`{value}` is not a value for `{key}`")]
    Value {
        /// The key.
        key: &'static str,
        /// What was given.
        value: String,
        /// What is expected.
        expected: String,
    },
    /// An included tax that is not named.
    #[error("`taxes=included` does not say which tax")]
    TaxNotNamed,
    /// Drafts for the books without what they are made of.
    #[error("`books=draft` lacks {}", missing.join(", "))]
    BooksNotNamed {
        /// The keys that are missing.
        missing: Vec<String>,
    },
    /// A stored word that this version does not know.
    #[error("the settings of a shop hold a word that this version does not know")]
    Word(#[source] UnknownWord),
    /// A stored currency that is none.
    #[error("the settings of a shop hold a currency that is none")]
    Currency(#[source] MoneyError),
    /// No tokens.
    #[error("shop `{name}` is not connected to Etsy")]
    NotConnected {
        /// Which shop.
        name: String,
    },
    /// No key to seal tokens with.
    #[error("no key is set to seal the shops' tokens with")]
    NoKey,
    /// No key to change to.
    #[error("no new key is set for the shops' tokens")]
    NoNewKey,
    /// A key that is no key.
    #[error("the key for the shops' tokens is not 64 hexadecimal digits")]
    BadKey,
    /// A new key that is the old one.
    #[error("the new key for the shops' tokens is the one that they are sealed with")]
    SameKey,
    /// A lock that was given back already.
    #[error("the tokens of a shop are not locked any more")]
    Unlocked,
    /// A renewed pair that could not be stored, and is lost.
    #[error("Etsy renewed the tokens of shop `{name}`, and they could not be stored")]
    Unstored {
        /// Which shop.
        name: String,
        /// What failed.
        #[source]
        source: DatabaseError,
    },
    /// Tokens that the key does not open.
    #[error("the tokens of shop `{name}` cannot be opened with this key")]
    Sealed {
        /// Which shop.
        name: String,
    },
}

impl ShopError {
    /// Which exit code fits, and what to do next.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Database(source) => source.advice(),
            Self::Name(_) | Self::Id(_) => Advice::needs_person(
                "`etsy-odoo shop add NAME --shop-id N`; N is in the address of your shop manager",
            ),
            Self::Taken { .. } => {
                Advice::needs_person("`etsy-odoo shop list` shows the shops there are")
            }
            Self::Unknown { known, .. } if known.is_empty() => {
                Advice::needs_person("add one: `etsy-odoo shop add NAME --shop-id N`")
            }
            Self::Unknown { known, .. } => {
                Advice::needs_person(format!("the shops are: {}", known.join(", ")))
            }
            Self::NoSuchGoods { .. } => Advice::needs_person(
                "give a SKU as Etsy has it, or the number of a listing; what a run has not read yet is not known",
            ),
            Self::Key { nearest, .. } | Self::RuleKey { nearest, .. } => {
                Advice::needs_person(format!("did you mean `{nearest}`?"))
            }
            Self::Value { expected, .. } => Advice::needs_person(format!("it takes {expected}")),
            Self::TaxNotNamed => Advice::needs_person(
                "name a sale tax of Odoo that is included in the price: `tax_id=N taxes=included`",
            ),
            Self::BooksNotNamed { .. } => Advice::needs_person(
                "set them together: `books=draft books_from=2026-11-01 books_journal=MISC accounts=sale:…,fees:…,payout:…,carried_forward:…`; docs/finance.md says which account is for what",
            ),
            Self::Word(_) | Self::Currency(_) => Advice::needs_person(
                "the database was written by a newer etsy-odoo: use that version",
            ),
            Self::NotConnected { name } => Advice::needs_person(format!(
                "connect it: `etsy-odoo shop login {name}` (on a server, add `--no-browser`)"
            )),
            Self::NoKey | Self::BadKey => Advice::needs_person(
                "make one with `openssl rand -hex 32 > token.key && chmod 600 token.key` and set `etsy.token_key_file`",
            ),
            Self::SameKey | Self::NoNewKey => Advice::needs_person(
                "make one with `openssl rand -hex 32 > new-token.key && chmod 600 new-token.key` and set `etsy.new_token_key_file` to its file; `etsy.token_key` stays until the rotation is done",
            ),
            Self::Unlocked => Advice::failed(),
            Self::Unstored { name, .. } => Advice::needs_person(format!(
                "the ones that are stored may be dead: when the database answers again, run `etsy-odoo check`, and if it says so, `etsy-odoo shop login {name}`"
            )),
            Self::Sealed { name } => Advice::needs_person(format!(
                "set the key that the tokens were sealed with, or connect the shop again: `etsy-odoo shop login {name}`"
            )),
        }
    }
}
