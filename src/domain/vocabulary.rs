//! Closed vocabularies: an enum here, a `check` in SQL, and a test that both list the same words.

/// A word that is not in the vocabulary it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of: {known}")]
pub struct UnknownWord {
    /// The word that was given.
    pub word: String,
    /// The words that are known, comma separated.
    pub known: String,
}

/// Declares an enum together with the words that stand for it in SQL, JSON and on the command line.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word as SQL, JSON and the command line have it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::domain::UnknownWord {
                        word: word.to_owned(),
                        known: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// What is reconciled, in the order of application.
    Subject {
        /// Things that are listed or were sold.
        Products = "products",
        /// Buyers and their addresses.
        Customers = "customers",
        /// Receipts and sale orders.
        Orders = "orders",
        /// How many of each offering are for sale.
        Inventory = "inventory",
        /// Entries of Etsy's payment account. They are counted; nothing is decided about them.
        Ledger = "ledger",
        /// Entries for the books, one per payout and month's end.
        Books = "books",
    }
}

vocabulary! {
    /// How the two sides of one key stand.
    Verdict {
        /// Both sides say the same.
        Agrees = "agrees",
        /// Both sides have it, and something differs.
        Differs = "differs",
        /// Etsy asks for it, Odoo does not have it.
        MissingInOdoo = "missing_in_odoo",
        /// Odoo has it, Etsy does not.
        MissingInEtsy = "missing_in_etsy",
        /// Odoo has it more than once.
        DuplicatedInOdoo = "duplicated_in_odoo",
        /// One side lies outside what was compared.
        OutsideWindow = "outside_window",
    }
}

vocabulary! {
    /// Whether a key calls for a record in Odoo at all.
    Standing {
        /// A record must exist.
        Due = "due",
        /// The receipt is not paid: no order yet.
        Unpaid = "unpaid",
        /// The receipt was cancelled: no order, or a cancelled one.
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// What a plan does about a finding.
    DecisionKind {
        /// Do something, stated whole in the payload.
        Act = "act",
        /// Leave it to a person, for a reason.
        Hold = "hold",
        /// Leave it, for a reason.
        Ignore = "ignore",
    }
}

vocabulary! {
    /// The kinds of action, in the order of application.
    ActionKind {
        /// Create a product in Odoo.
        CreateProduct = "create_product",
        /// Write what Etsy owns of a product that Odoo has.
        UpdateProduct = "update_product",
        /// Count stock in Odoo as Etsy has it.
        CountStock = "count_stock",
        /// Create a partner, or a delivery address below one.
        CreateCustomer = "create_customer",
        /// Bring a sale order into being, or finish one that a crash left half made.
        BookOrder = "book_order",
        /// Send an order to the address that its receipt has now.
        ChangeAddress = "change_address",
        /// Cancel the sale order of a cancelled receipt.
        CancelOrder = "cancel_order",
        /// Take a listing off sale on Etsy: nothing of it is left.
        DeactivateListing = "deactivate_listing",
        /// Set quantities of a listing on Etsy, one of them lower.
        LowerInventory = "lower_inventory",
        /// Set quantities of a listing on Etsy, all of them higher.
        RaiseInventory = "raise_inventory",
        /// Put a listing on sale again on Etsy.
        ReactivateListing = "reactivate_listing",
        /// Create a draft of a journal entry in Odoo.
        CreateEntry = "create_entry",
    }
}

impl ActionKind {
    /// Whether it is done at Etsy. All others are done in Odoo.
    pub fn is_for_etsy(self) -> bool {
        match self {
            Self::DeactivateListing
            | Self::LowerInventory
            | Self::RaiseInventory
            | Self::ReactivateListing => true,
            Self::CreateProduct
            | Self::UpdateProduct
            | Self::CountStock
            | Self::CreateCustomer
            | Self::BookOrder
            | Self::ChangeAddress
            | Self::CancelOrder
            | Self::CreateEntry => false,
        }
    }
}

vocabulary! {
    /// By which rule a product in Odoo answers to a product key, the strongest first.
    MatchRule {
        /// A person linked the two.
        Link = "link",
        /// The external id that we gave it.
        ExternalId = "external_id",
        /// It names the listing, and has the SKU or the variant.
        Listing = "listing",
        /// Its internal reference is the SKU.
        Sku = "sku",
        /// Its barcode is the SKU.
        Barcode = "barcode",
        /// It was made for the same listing and variant, under an older SKU.
        Place = "place",
    }
}

vocabulary! {
    /// Which of Odoo's quantities is taken for what may be sold
    /// (<https://www.odoo.com/documentation/18.0/applications/inventory_and_mrp/inventory.html>).
    StockBasis {
        /// Free stock less confirmed demand that is not reserved.
        Sellable = "sellable",
        /// `free_qty`: on hand less reserved.
        Free = "free",
        /// `qty_available`: on hand.
        OnHand = "on_hand",
        /// `virtual_available`: on hand, with what open moves bring and take.
        Forecast = "forecast",
    }
}

vocabulary! {
    /// The verdict on a write. A 200 is not a verdict.
    OutcomeKind {
        /// Read back, and seen.
        Applied = "applied",
        /// The other side said no, in its own words.
        Refused = "refused",
        /// No answer, or none that can be trusted; the next run settles it.
        Unknown = "unknown",
        /// The world is no longer the one that the plan was made on.
        Stale = "stale",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_round_trip() {
        for verdict in Verdict::ALL {
            assert_eq!(verdict.as_str().parse(), Ok(*verdict));
        }
        let error = "finished".parse::<OutcomeKind>().unwrap_err();
        assert_eq!(error.to_string(), "`finished` is not one of: applied, refused, unknown, stale");
    }
}
