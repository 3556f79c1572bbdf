//! The streams that evidence comes in.

use crate::domain::vocabulary;
use crate::etsy::{ListingState, Reference};

vocabulary! {
    /// Where a page of Etsy comes from.
    Stream {
        /// Receipts by the time they changed.
        Receipts = "receipts",
        /// Receipts by the time they were made: the first import, and what is read again.
        ReceiptsCreated = "receipts_created",
        /// Cancelled receipts.
        CancelledReceipts = "cancelled_receipts",
        /// Receipts that something else named, a refund for instance.
        ReceiptsNamed = "receipts_named",
        /// Listings for sale.
        ListingsActive = "listings_active",
        /// Listings taken off sale.
        ListingsInactive = "listings_inactive",
        /// Listings with nothing left.
        ListingsSoldOut = "listings_sold_out",
        /// Listings that were never published.
        ListingsDraft = "listings_draft",
        /// Listings that were not renewed.
        ListingsExpired = "listings_expired",
        /// What listings offer, where the lists no longer say so.
        Inventory = "inventory",
        /// The payment account's ledger.
        Ledger = "ledger",
        /// Payments that the ledger names.
        Payments = "payments",
        /// The shop's particulars.
        Shop = "shop",
        /// How parcels travel.
        ShippingProfiles = "shipping_profiles",
        /// Who else makes the things.
        ProductionPartners = "production_partners",
        /// How long the things take to be ready.
        ReadinessStates = "readiness_states",
        /// Whether and how things may be sent back.
        ReturnPolicies = "return_policies",
    }
}

impl Stream {
    /// The stream of a list of listings.
    pub(super) fn of_listings(state: ListingState) -> Self {
        match state {
            ListingState::Active => Self::ListingsActive,
            ListingState::Inactive => Self::ListingsInactive,
            ListingState::SoldOut => Self::ListingsSoldOut,
            ListingState::Draft => Self::ListingsDraft,
            ListingState::Expired => Self::ListingsExpired,
        }
    }

    /// The stream of what hardly ever changes.
    pub(super) fn of_reference(reference: Reference) -> Self {
        match reference {
            Reference::ShippingProfiles => Self::ShippingProfiles,
            Reference::ProductionPartners => Self::ProductionPartners,
            Reference::ReadinessStates => Self::ReadinessStates,
            Reference::ReturnPolicies => Self::ReturnPolicies,
        }
    }
}
