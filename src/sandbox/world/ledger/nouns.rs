//! What a payment account is made of.

use crate::domain::ReceiptId;

/// What an entry is about. Etsy publishes no list of the words; these have been seen
/// (<https://github.com/etsy/open-api/issues/442>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    PaymentGross,
    PaymentProcessingFee,
    RefundGross,
    Refund,
    RefundProcessingFee,
    Transaction,
    TransactionRefund,
    TransactionQuantity,
    ShippingTransaction,
    GiftWrapFees,
    SalesTax,
    SalesTaxRefund,
    Listing,
    RenewSoldAuto,
    AutoRenewExpired,
    RenewExpired,
    OffsiteAdsFee,
    Prolist,
    ShippingLabels,
    RegulatoryOperatingFee,
    VatSellerServices,
    VatOnProcessingFees,
    SellerDrivenTrafficCredit,
    Disburse,
    Disburse2,
    Recoup,
    /// A word that nobody has seen yet.
    Unheard,
}

impl EntryKind {
    /// The `ledger_type`, in the case that Etsy writes it in.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::PaymentGross => "PAYMENT_GROSS",
            Self::PaymentProcessingFee => "PAYMENT_PROCESSING_FEE",
            Self::RefundGross => "REFUND_GROSS",
            Self::Refund => "REFUND",
            Self::RefundProcessingFee => "REFUND_PROCESSING_FEE",
            Self::Transaction => "transaction",
            Self::TransactionRefund => "transaction_refund",
            Self::TransactionQuantity => "transaction_quantity",
            Self::ShippingTransaction => "shipping_transaction",
            Self::GiftWrapFees => "gift_wrap_fees",
            Self::SalesTax => "sales_tax",
            Self::SalesTaxRefund => "sales_tax_refund",
            Self::Listing => "listing",
            Self::RenewSoldAuto => "renew_sold_auto",
            Self::AutoRenewExpired => "auto_renew_expired",
            Self::RenewExpired => "renew_expired",
            Self::OffsiteAdsFee => "offsite_ads_fee",
            Self::Prolist => "prolist",
            Self::ShippingLabels => "shipping_labels",
            Self::RegulatoryOperatingFee => "regulatory_operating_fee",
            Self::VatSellerServices => "vat_seller_services",
            Self::VatOnProcessingFees => "vat_on_processing_fees",
            Self::SellerDrivenTrafficCredit => "SELLER_DRIVEN_TRAFFIC_CREDIT",
            Self::Disburse => "DISBURSE",
            Self::Disburse2 => "DISBURSE2",
            Self::Recoup => "RECOUP",
            Self::Unheard => "goodwill_levy",
        }
    }
}

/// What an entry points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Referent {
    Payment(i64),
    ProcessingFee(i64),
    Adjustment(i64),
    Transaction(i64),
    Listing(i64),
    Receipt(i64),
    Label(i64),
    Disbursement(i64),
    Etsy,
}

impl Referent {
    /// `reference_type` and `reference_id`.
    pub(crate) fn reference(self) -> (&'static str, i64) {
        match self {
            Self::Payment(id) => ("shop_payment", id),
            Self::ProcessingFee(id) => ("processing_fee", id),
            Self::Adjustment(id) => ("payment_adjustment", id),
            Self::Transaction(id) => ("transaction", id),
            Self::Listing(id) => ("listing", id),
            Self::Receipt(id) => ("receipt", id),
            Self::Label(id) => ("shipping_label", id),
            Self::Disbursement(id) => ("disbursement", id),
            Self::Etsy => ("etsy", 0),
        }
    }
}

/// One movement of a shop's payment account. Amounts are signed minor units of the shop's currency.
#[derive(Debug, Clone)]
pub(crate) struct LedgerEntry {
    pub(crate) entry_id: i64,
    pub(crate) sequence_number: i64,
    pub(crate) amount: i64,
    /// What is on the account after this entry.
    pub(crate) balance: i64,
    pub(crate) created: i64,
    pub(crate) kind: EntryKind,
    pub(crate) referent: Referent,
    /// The fee that a tax belongs to; 0 for all others.
    pub(crate) parent_entry_id: i64,
    /// The place of the payment that it belongs to, for entries of payments and refunds.
    pub(crate) payment: Option<usize>,
}

/// The money of one paid receipt.
#[derive(Debug, Clone)]
pub(crate) struct Payment {
    /// Etsy's `payment_id`.
    pub(crate) id: i64,
    pub(crate) receipt_id: ReceiptId,
    pub(crate) gross: i64,
    /// For processing the card; Etsy's other fees are in the ledger only.
    pub(crate) fees: i64,
    /// The part of the fees that no refund brings back.
    pub(crate) fixed_fee: i64,
    pub(crate) created: i64,
    pub(crate) adjustments: Vec<Adjustment>,
    /// Whether it has been settled if a postage label was bought.
    pub(super) is_shipped: bool,
}

impl Payment {
    /// What went back so far.
    pub(crate) fn refunded(&self) -> i64 {
        self.adjustments.iter().map(|adjustment| adjustment.amount).sum()
    }

    /// The fees that came back so far.
    pub(crate) fn refunded_fees(&self) -> i64 {
        self.adjustments.iter().map(|adjustment| adjustment.fee).sum()
    }
}

/// A refund as the payment account sees it.
#[derive(Debug, Clone)]
pub(crate) struct Adjustment {
    pub(crate) payment_adjustment_id: i64,
    pub(crate) item_id: i64,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) created: i64,
    pub(crate) reason: &'static str,
    pub(crate) transaction_id: Option<i64>,
}
