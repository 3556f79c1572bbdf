//! The closed vocabularies of money. Where a type of Etsy's ledger belongs is in `sql/stage/ledger_class.sql`.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What a movement of Etsy's payment account is. Each entry has exactly one.
    MoneyClass {
        /// What a buyer paid, Etsy's tax in it.
        Sale = "sale",
        /// What went back to a buyer.
        Refund = "refund",
        /// Tax that Etsy collects and remits, out and back: nobody's revenue.
        EtsyTax = "etsy_tax",
        /// 6.5 % of goods, postage and gift wrap.
        FeeTransaction = "fee_transaction",
        /// For processing a payment.
        FeeProcessing = "fee_processing",
        /// For a listing, its renewal, and each further unit sold.
        FeeListing = "fee_listing",
        /// What some countries' rules cost.
        FeeRegulatory = "fee_regulatory",
        /// Subscriptions and the like.
        FeeOther = "fee_other",
        /// Value added tax on Etsy's fees.
        VatOnFees = "vat_on_fees",
        /// Advertising.
        Ads = "ads",
        /// Postage labels.
        Labels = "labels",
        /// What Etsy gives to the seller.
        Credit = "credit",
        /// What the seller paid in by card.
        Deposit = "deposit",
        /// What Etsy took from the seller's bank because the account was in debt.
        Recoupment = "recoupment",
        /// What was paid out to the seller's bank.
        Payout = "payout",
        /// Etsy's corrections and reserves.
        Adjustment = "adjustment",
        /// A type that nobody knows, or money whose unit nobody knows: it waits for a person.
        Suspense = "suspense",
    }
}

impl MoneyClass {
    /// Whether it is what Etsy charges for its services, the tax on it included.
    pub fn is_fee(self) -> bool {
        match self {
            Self::FeeTransaction
            | Self::FeeProcessing
            | Self::FeeListing
            | Self::FeeRegulatory
            | Self::FeeOther
            | Self::VatOnFees
            | Self::Ads
            | Self::Labels => true,
            Self::Sale
            | Self::Refund
            | Self::EtsyTax
            | Self::Credit
            | Self::Deposit
            | Self::Recoupment
            | Self::Payout
            | Self::Adjustment
            | Self::Suspense => false,
        }
    }
}

vocabulary! {
    /// Why an entry of the payment account is not tied to what it belongs to.
    MoneyTrouble {
        /// Nobody knows its type.
        UnknownType = "unknown_type",
        /// Nobody knows how many decimals its currency has.
        UnknownUnit = "unknown_unit",
        /// The payment that it names has not been read yet.
        UnreadPayment = "unread_payment",
        /// It names a receipt that is not there.
        UnknownReceipt = "unknown_receipt",
        /// It names a transaction that is not there.
        UnknownTransaction = "unknown_transaction",
        /// It names an adjustment of a payment that is not there.
        UnknownAdjustment = "unknown_adjustment",
    }
}

vocabulary! {
    /// What kind a difference in money is of.
    BreakKind {
        /// A receipt without an order.
        MissingInOdoo = "missing_in_odoo",
        /// An order without a receipt.
        MissingInEtsy = "missing_in_etsy",
        /// Cancelled in one place, alive in the other.
        CancelledOnOneSide = "cancelled_on_one_side",
        /// Several orders for one receipt.
        DuplicateOrder = "duplicate_order",
        /// An order in another currency.
        Currency = "currency",
        /// An order that is off by its tax.
        Tax = "tax",
        /// Off by no more than a cent for each line.
        Rounding = "rounding",
        /// An order that was right when it was booked, and is not any more.
        EditedByHand = "edited_by_hand",
        /// An order of another total, for none of these reasons.
        TotalDiffers = "total_differs",
        /// More is invoiced, or credited, than the order and its refunds come to.
        InvoiceDiffers = "invoice_differs",
        /// A refund of an invoiced order without a credit note.
        RefundNotCredited = "refund_not_credited",
        /// The receipt and the payment account differ in what went back.
        RefundDiffers = "refund_differs",
        /// The receipt and the payment account differ in Etsy's tax.
        TaxDiffers = "tax_differs",
        /// A paid receipt that never reached the payment account.
        PaymentMissing = "payment_missing",
        /// The payment account has another amount than the receipt.
        PaymentDiffers = "payment_differs",
        /// An entry whose type nobody knows.
        UnknownLedgerType = "unknown_ledger_type",
        /// An entry whose unit nobody knows.
        UnknownUnit = "unknown_unit",
        /// An entry that names something that is not there.
        UnknownReference = "unknown_reference",
        /// A balance that is not the one before and the amount.
        BrokenChain = "broken_chain",
        /// The same fee on the same thing, once more.
        ChargedTwice = "charged_twice",
        /// An entry for the books that does not come to what the payment account says.
        EntryDiffers = "entry_differs",
    }
}

vocabulary! {
    /// What happened to a break. Where it stands is what happened last.
    BreakEvent {
        /// It was found for the first time.
        Opened = "opened",
        /// It was not found any more.
        Closed = "closed",
        /// It was found again after it was closed.
        Reopened = "reopened",
        /// It was found with another amount.
        Changed = "changed",
        /// Somebody said something of it.
        Noted = "noted",
        /// Somebody was named who sees to it.
        Assigned = "assigned",
    }
}

vocabulary! {
    /// Why an entry for the books cannot be made.
    EntryObstacle {
        /// A part of the payment account was not read.
        Gap = "gap",
        /// Nobody knows how many decimals its currency has.
        UnknownUnit = "unknown_unit",
        /// The balances of the payment account do not follow from its amounts.
        BrokenChain = "broken_chain",
        /// The policy names no account for something in it.
        NoAccount = "no_account",
        /// Odoo has several companies, and the policy names none; or it has not the one that is named.
        UnknownCompany = "unknown_company",
        /// The currency is not active in Odoo.
        UnknownCurrency = "unknown_currency",
        /// Odoo has no such journal for miscellaneous operations.
        UnknownJournal = "unknown_journal",
        /// Odoo has no such accounts, or they are deprecated, or of another currency.
        UnknownAccount = "unknown_account",
        /// Odoo has no rate for the currency.
        NoRate = "no_rate",
        /// Odoo's books are locked up to a later day.
        Locked = "locked",
    }
}

vocabulary! {
    /// Whether an entry for the books is due.
    EntryStanding {
        /// It is.
        Due = "due",
        /// It is dated before the day from which on entries are made.
        BeforeStart = "before_start",
        /// Its month is not over, as far as the payment account was read.
        Open = "open",
    }
}

vocabulary! {
    /// What a line of an entry for the books is: a class of the payment account, or its balance.
    LineUse {
        /// The balance before.
        BroughtForward = "brought_forward",
        /// See [`MoneyClass::Sale`].
        Sale = "sale",
        /// See [`MoneyClass::Refund`].
        Refund = "refund",
        /// See [`MoneyClass::EtsyTax`].
        EtsyTax = "etsy_tax",
        /// See [`MoneyClass::FeeTransaction`].
        FeeTransaction = "fee_transaction",
        /// See [`MoneyClass::FeeProcessing`].
        FeeProcessing = "fee_processing",
        /// See [`MoneyClass::FeeListing`].
        FeeListing = "fee_listing",
        /// See [`MoneyClass::FeeRegulatory`].
        FeeRegulatory = "fee_regulatory",
        /// See [`MoneyClass::FeeOther`].
        FeeOther = "fee_other",
        /// See [`MoneyClass::VatOnFees`].
        VatOnFees = "vat_on_fees",
        /// See [`MoneyClass::Ads`].
        Ads = "ads",
        /// See [`MoneyClass::Labels`].
        Labels = "labels",
        /// See [`MoneyClass::Credit`].
        Credit = "credit",
        /// See [`MoneyClass::Deposit`].
        Deposit = "deposit",
        /// See [`MoneyClass::Recoupment`].
        Recoupment = "recoupment",
        /// See [`MoneyClass::Payout`].
        Payout = "payout",
        /// See [`MoneyClass::Adjustment`].
        Adjustment = "adjustment",
        /// See [`MoneyClass::Suspense`].
        Suspense = "suspense",
        /// The balance after.
        CarriedForward = "carried_forward",
    }
}
