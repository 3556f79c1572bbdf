//! The kinds of row that pages hold.

use crate::domain::vocabulary;

vocabulary! {
    /// What a row of a page is. The word stands in the counts, the rejects and the reference facts.
    Entity {
        /// One purchase.
        Receipt = "receipt",
        /// Something that is for sale.
        Listing = "listing",
        /// The products of a listing, asked for apart from it.
        Inventory = "inventory",
        /// A movement of the payment account.
        LedgerEntry = "ledger_entry",
        /// What a buyer paid.
        Payment = "payment",
        /// The shop itself.
        Shop = "shop",
        /// What shipping costs.
        ShippingProfile = "shipping_profile",
        /// Somebody who makes things for the shop.
        ProductionPartner = "production_partner",
        /// How long it takes until something ships.
        ReadinessState = "readiness_state",
        /// What may be sent back.
        ReturnPolicy = "return_policy",
    }
}

impl Entity {
    /// What the rows of a stream are; nothing for a stream that nobody knows.
    pub(super) fn of_stream(stream: &str) -> Option<Self> {
        Some(match stream {
            "receipts" | "receipts_created" | "cancelled_receipts" | "receipts_named" => {
                Self::Receipt
            }
            "listings_active" | "listings_inactive" | "listings_sold_out" | "listings_draft"
            | "listings_expired" => Self::Listing,
            "inventory" => Self::Inventory,
            "ledger" => Self::LedgerEntry,
            "payments" => Self::Payment,
            "shop" => Self::Shop,
            "shipping_profiles" => Self::ShippingProfile,
            "production_partners" => Self::ProductionPartner,
            "readiness_states" => Self::ReadinessState,
            "return_policies" => Self::ReturnPolicy,
            _ => return None,
        })
    }
}
