//! What listings refer to, and the shop itself: read for their names.

use std::borrow::Cow;

use super::lenient::{Code, FlagOrNo, Id, MaybeWhole, Text};
use super::object::wire_object;
use crate::domain::Currency;

wire_object! {
    /// A shop (<https://developers.etsy.com/documentation/reference/#operation/getShop>).
    #[derive(Debug, Clone)]
    pub struct ShopFacts {
        /// The shop.
        shop_id: i64 => Id,
        /// Its name in addresses.
        shop_name: Cow<'text, str> => Text<'text>,
        /// The currency of its receipts.
        currency_code: Currency => Code,
    }
    known:
        "user_id" | "create_date" | "created_timestamp" | "title" | "announcement" | "is_vacation"
        | "vacation_message" | "sale_message" | "digital_sale_message" | "update_date"
        | "updated_timestamp" | "listing_active_count" | "digital_listing_count" | "login_name"
        | "accepts_custom_requests" | "policy_welcome" | "policy_payment" | "policy_shipping"
        | "policy_refunds" | "policy_additional" | "policy_seller_info" | "policy_update_date"
        | "policy_has_private_receipt_info" | "has_unstructured_policies" | "policy_privacy"
        | "vacation_autoreply" | "url" | "image_url_760x100" | "num_favorers" | "languages"
        | "icon_url_fullxfull" | "is_using_structured_policies"
        | "has_onboarded_structured_policies" | "include_dispute_form_link"
        | "is_direct_checkout_onboarded" | "is_etsy_payments_onboarded" | "is_calculated_eligible"
        | "is_opted_in_to_buyer_promise" | "is_shop_us_based" | "transaction_sold_count"
        | "shipping_from_country_iso" | "shop_location_country_iso" | "review_count"
        | "review_average"
}

wire_object! {
    /// What shipping costs (<https://developers.etsy.com/documentation/reference/#operation/getShopShippingProfiles>).
    #[derive(Debug, Clone)]
    pub struct ShippingProfile {
        /// Its id.
        shipping_profile_id: i64 => Id,
        /// Its name.
        title: Cow<'text, str> => Text<'text>,
    }
    known:
        "user_id" | "origin_country_iso" | "is_deleted" | "shipping_profile_destinations"
        | "shipping_profile_upgrades" | "origin_postal_code" | "profile_type"
        | "domestic_handling_fee" | "international_handling_fee"
}

wire_object! {
    /// Somebody who makes things for the shop
    /// (<https://developers.etsy.com/documentation/reference/#operation/getShopProductionPartners>).
    #[derive(Debug, Clone)]
    pub struct ProductionPartner {
        /// Its id.
        production_partner_id: i64 => Id,
        /// Its name.
        partner_name: Cow<'text, str> => Text<'text>,
    }
    known: "location"
}

wire_object! {
    /// How long it takes until something ships
    /// (<https://developers.etsy.com/documentation/reference/#operation/getShopReadinessStateDefinitions>).
    #[derive(Debug, Clone)]
    pub struct ReadinessState {
        /// Its id.
        readiness_state_id: i64 => Id,
        /// `ready_to_ship` or `made_to_order`.
        readiness_state: Cow<'text, str> => Text<'text>,
        /// For instance `3 - 5 days`.
        processing_days_display_label: Cow<'text, str> => Text<'text>,
    }
    known: "shop_id" | "min_processing_days" | "max_processing_days"
}

wire_object! {
    /// What may be sent back (<https://developers.etsy.com/documentation/reference/#operation/getShopReturnPolicies>).
    #[derive(Debug, Clone)]
    pub struct ReturnPolicy {
        /// Its id.
        return_policy_id: i64 => Id,
        /// Whether things may be returned.
        accepts_returns: bool => FlagOrNo,
        /// Whether things may be exchanged.
        accepts_exchanges: bool => FlagOrNo,
        /// Within how many days.
        return_deadline: Option<i64> => MaybeWhole,
    }
    known: "shop_id"
}
