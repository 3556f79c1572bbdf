//! What can be asked of Etsy about a shop, and how it is written down.

use crate::domain::{ShopId, Window};

/// The most rows that Etsy puts on a page, and the most ids that it takes in a list.
pub const PAGE_CEILING: u16 = 100;

/// The largest offset that Etsy accepts; what lies beyond is reached by shorter windows only
/// (<https://developers.etsy.com/documentation/essentials/urlsyntax>).
pub const OFFSET_CEILING: u16 = 12_000;

/// The longest window of the payment account's ledger, in seconds: 31 days
/// (<https://github.com/etsy/open-api/issues/346>).
pub const LEDGER_WINDOW_SECONDS: i64 = 2_678_400;

/// Which of a receipt's times a window is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceiptTime {
    /// When it came into being.
    Created,
    /// When it last changed. Refunds do not count as a change.
    Modified,
}

/// In which order rows come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Oldest first: what changes meanwhile goes to the end.
    Ascending,
    /// Newest first: what is new is on the first page.
    Descending,
}

/// Which receipts are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptQuery {
    /// What the window is about, and what the rows are ordered by.
    pub time: ReceiptTime,
    /// In whole seconds; Etsy does not say whether its bounds are inclusive, so expect rows on both edges. Nothing: all
    /// receipts there are.
    pub window: Option<Window>,
    /// Cancelled ones only, all others only, or whatever Etsy takes for the default today.
    pub was_canceled: Option<bool>,
    /// The order.
    pub order: Order,
    /// How many to skip, at most [`OFFSET_CEILING`].
    pub offset: u16,
}

/// The states of listings, each with a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListingState {
    /// For sale.
    Active,
    /// Taken off sale by the seller, or by us.
    Inactive,
    /// Nothing left.
    SoldOut,
    /// Never published.
    Draft,
    /// Not renewed.
    Expired,
}

impl ListingState {
    /// Every state.
    pub const ALL: &[Self] =
        &[Self::Active, Self::Inactive, Self::SoldOut, Self::Draft, Self::Expired];

    /// Etsy's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::SoldOut => "sold_out",
            Self::Draft => "draft",
            Self::Expired => "expired",
        }
    }
}

/// Which listings are asked for, with their inventory where Etsy still offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingQuery {
    /// The list.
    pub state: ListingState,
    /// Oldest first by the time they were created, or newest first by the time they last changed.
    pub order: Order,
    /// How many to skip, at most [`OFFSET_CEILING`].
    pub offset: u16,
}

/// What hardly ever changes about a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// How parcels travel.
    ShippingProfiles,
    /// Who else makes the things.
    ProductionPartners,
    /// How long the things take to be ready.
    ReadinessStates,
    /// Whether and how things may be sent back.
    ReturnPolicies,
}

/// One call about a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A page of receipts, with their lines, shipments and refunds.
    Receipts(ReceiptQuery),
    /// One receipt.
    Receipt(i64),
    /// A page of listings.
    Listings(ListingQuery),
    /// The inventory of up to [`PAGE_CEILING`] listings. One that Etsy does not know fails the call
    /// (<https://developers.etsy.com/documentation/reference/#operation/getListingsInventoryByListingIds>).
    Inventory(Vec<i64>),
    /// The inventory of one listing, which tells processing profiles where the batch may not
    /// (<https://developers.etsy.com/documentation/reference/#operation/updateListingInventory>).
    ListingInventory(i64),
    /// A page of the payment account's ledger, in no promised order.
    Ledger {
        /// At most [`LEDGER_WINDOW_SECONDS`] long.
        window: Window,
        /// How many to skip.
        offset: u16,
    },
    /// Up to [`PAGE_CEILING`] payments.
    Payments(Vec<i64>),
    /// The shop's particulars.
    Shop,
    /// What hardly ever changes.
    Reference(Reference),
}

/// Whom a call is about, in words and in the address.
pub(super) struct Wording {
    /// Completes "cannot …".
    pub(super) asked: String,
    /// Behind `application`.
    pub(super) path: Vec<String>,
    pub(super) parameters: Vec<(&'static str, String)>,
}

impl Query {
    /// How the call is written down.
    pub(super) fn wording(&self, shop: ShopId) -> Wording {
        let of_shop = |rest: &[&str]| {
            let rest = rest.iter().map(|part| (*part).to_owned());
            ["shops".to_owned(), shop.to_string()].into_iter().chain(rest).collect::<Vec<_>>()
        };
        let (asked, path, parameters) = match self {
            Self::Receipts(query) => (
                format!("read the receipts of shop {shop} from offset {}", query.offset),
                of_shop(&["receipts"]),
                query.parameters(),
            ),
            Self::Receipt(id) => (
                format!("read receipt {id} of shop {shop}"),
                of_shop(&["receipts", &id.to_string()]),
                Vec::new(),
            ),
            Self::Listings(query) => (
                format!(
                    "read the {} listings of shop {shop} from offset {}",
                    query.state.as_str(),
                    query.offset
                ),
                of_shop(&["listings"]),
                query.parameters(),
            ),
            Self::Inventory(ids) => (
                format!("read the inventory of {} listings of shop {shop}", ids.len()),
                ["listings", "batch", "inventory"].map(str::to_owned).to_vec(),
                vec![("listing_ids", joined(ids))],
            ),
            Self::ListingInventory(id) => (
                format!("read the inventory of listing {id} of shop {shop}"),
                ["listings", &id.to_string(), "inventory"].map(str::to_owned).to_vec(),
                Vec::new(),
            ),
            Self::Ledger { window, offset } => (
                format!("read the ledger of shop {shop} from offset {offset}"),
                of_shop(&["payment-account", "ledger-entries"]),
                vec![
                    ("min_created", window.from.timestamp().to_string()),
                    ("max_created", window.until.timestamp().to_string()),
                    ("limit", PAGE_CEILING.to_string()),
                    ("offset", offset.to_string()),
                ],
            ),
            Self::Payments(ids) => (
                format!("read {} payments of shop {shop}", ids.len()),
                of_shop(&["payments"]),
                vec![("payment_ids", joined(ids))],
            ),
            Self::Shop => (format!("read shop {shop}"), of_shop(&[]), Vec::new()),
            Self::Reference(reference) => {
                let (what, rest, is_paged) = reference.wording();
                let mut parameters = Vec::new();
                if is_paged {
                    parameters.push(("limit", PAGE_CEILING.to_string()));
                }
                (format!("read the {what} of shop {shop}"), of_shop(rest), parameters)
            }
        };
        Wording { asked, path, parameters }
    }

    /// Whether the answer is one record rather than a page of them.
    pub(super) fn is_single(&self) -> bool {
        matches!(self, Self::Receipt(_) | Self::ListingInventory(_) | Self::Shop)
    }
}

/// Etsy takes lists comma separated (<https://developers.etsy.com/documentation/essentials/urlsyntax>).
fn joined(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

impl Order {
    fn word(self) -> String {
        match self {
            Self::Ascending => "asc".to_owned(),
            Self::Descending => "desc".to_owned(),
        }
    }
}

impl ReceiptQuery {
    fn parameters(&self) -> Vec<(&'static str, String)> {
        let (from, until, sort_on) = match self.time {
            ReceiptTime::Created => ("min_created", "max_created", "created"),
            ReceiptTime::Modified => ("min_last_modified", "max_last_modified", "updated"),
        };
        let mut parameters = Vec::new();
        if let Some(window) = self.window {
            parameters.push((from, window.from.timestamp().to_string()));
            parameters.push((until, window.until.timestamp().to_string()));
        }
        parameters.extend([
            ("sort_on", sort_on.to_owned()),
            ("sort_order", self.order.word()),
            ("offset", self.offset.to_string()),
            ("limit", PAGE_CEILING.to_string()),
        ]);
        if let Some(was_canceled) = self.was_canceled {
            parameters.push(("was_canceled", was_canceled.to_string()));
        }
        parameters
    }
}

impl ListingQuery {
    fn parameters(self) -> Vec<(&'static str, String)> {
        let sort_on = match self.order {
            Order::Ascending => "created",
            Order::Descending => "updated",
        };
        vec![
            ("state", self.state.as_str().to_owned()),
            ("includes", "Inventory".to_owned()),
            ("sort_on", sort_on.to_owned()),
            ("sort_order", self.order.word()),
            ("offset", self.offset.to_string()),
            ("limit", PAGE_CEILING.to_string()),
        ]
    }
}

impl Reference {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::ShippingProfiles,
        Self::ProductionPartners,
        Self::ReadinessStates,
        Self::ReturnPolicies,
    ];

    /// In words, in the address, and whether it comes in pages: only one of them does
    /// (<https://developers.etsy.com/documentation/reference/#operation/getShopReadinessStateDefinitions>).
    fn wording(self) -> (&'static str, &'static [&'static str], bool) {
        match self {
            Self::ShippingProfiles => ("shipping profiles", &["shipping-profiles"], false),
            Self::ProductionPartners => ("production partners", &["production-partners"], false),
            Self::ReadinessStates => ("readiness states", &["readiness-state-definitions"], true),
            Self::ReturnPolicies => ("return policies", &["policies", "return"], false),
        }
    }
}
