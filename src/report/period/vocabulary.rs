//! The closed vocabularies of a report on a period.

crate::domain::vocabulary! {
    /// Which two places a tie leads from and to.
    TieName {
        /// From the receipts to the orders in Odoo.
        Order = "order",
        /// From the orders to their invoices.
        Invoice = "invoice",
        /// From what was given back to the credit notes.
        Credit = "credit",
        /// From the receipts to the sales in the payment account.
        Payment = "payment",
        /// From what was given back to the refunds in the payment account.
        Refund = "refund",
        /// From the tax on the receipts to the tax that the payment account took.
        Tax = "tax",
        /// From the sales in the payment account to what was paid out of them.
        Payout = "payout",
    }
}

crate::domain::vocabulary! {
    /// Why two totals of a tie are not the same.
    StepName {
        /// The buyer has not paid.
        NotPaid = "not_paid",
        /// The receipt was cancelled on Etsy.
        Cancelled = "cancelled",
        /// Before the first day that is booked.
        BeforeStart = "before_start",
        /// Before the payment account was read.
        BeforeAccount = "before_account",
        /// Tax that Etsy collects and remits.
        EtsyTax = "etsy_tax",
        /// Tax that Odoo adds by its own rules.
        OdooTax = "odoo_tax",
        /// Given back to buyers.
        Refunds = "refunds",
        /// Invoiced, credited, and to be invoiced again.
        TakenBack = "taken_back",
        /// In a payment account of another currency.
        OtherCurrency = "other_currency",
        /// Etsy's fees, advertising and labels, and the tax on them.
        Fees = "fees",
        /// Credits, corrections and what nobody knows, of the same receipts.
        Other = "other",
        /// A plan of this run acts on it.
        Planned = "planned",
        /// Not invoiced yet.
        NotInvoiced = "not_invoiced",
        /// Given back, and not credited yet.
        NotCredited = "not_credited",
        /// Paid, and not in the payment account yet.
        NotInAccount = "not_in_account",
        /// Given back on one side, not yet on the other.
        RefundPending = "refund_pending",
        /// In the payment account, and not paid out yet.
        NotPaidOut = "not_paid_out",
        /// No more than a cent for each line.
        Rounding = "rounding",
        /// No rule explains it.
        Unexplained = "unexplained",
    }
}

crate::domain::vocabulary! {
    /// What a step is: the kind of answer that it gives.
    StepKind {
        /// Nothing was asked for.
        NotDue = "not_due",
        /// It passes to somebody else.
        Passed = "passed",
        /// It is counted in another place, which cannot be compared.
        Elsewhere = "elsewhere",
        /// A fee.
        Fee = "fee",
        /// A matter of time.
        Timing = "timing",
        /// A matter of cents.
        Rounding = "rounding",
        /// A person has to look.
        Unexplained = "unexplained",
    }
}

crate::domain::vocabulary! {
    /// What is missing from the evidence of a period.
    LackKind {
        /// No run has laid the money of the shop side by side.
        MoneyNotLaidOut = "money_not_laid_out",
        /// The receipts are not read up to the end.
        ReceiptsUntil = "receipts_until",
        /// The receipts are not read from the beginning.
        ReceiptsFrom = "receipts_from",
        /// The payment account is not read up to the end.
        LedgerUntil = "ledger_until",
        /// The payment account is not read from the beginning.
        LedgerFrom = "ledger_from",
        /// The payment account was not read in between.
        LedgerGap = "ledger_gap",
        /// Odoo was read before the end.
        OdooUntil = "odoo_until",
        /// Windows of Etsy's that did not prove whole.
        UnprovenWindows = "unproven_windows",
        /// Payments that the account names and that are not read.
        UnreadPayments = "unread_payments",
        /// Receipts, payments or movements that could not be read.
        Rejects = "rejects",
    }
}

crate::domain::vocabulary! {
    /// How old a difference is, when the evidence was taken.
    Age {
        /// Up to 7 days.
        Week = "week",
        /// Up to 30 days.
        Month = "month",
        /// Up to 90 days.
        Quarter = "quarter",
        /// More than 90 days.
        Older = "older",
        /// Dated before the period.
        Before = "before",
    }
}

crate::domain::vocabulary! {
    /// What differences have in common.
    Dimension {
        /// Where the goods go.
        Country = "country",
        /// Tax as a share of the price.
        TaxRate = "tax_rate",
        /// The shop.
        Shop = "shop",
        /// The first product of the receipt.
        Product = "product",
    }
}

crate::domain::vocabulary! {
    /// Whether the figures of a period can still change.
    PeriodState {
        /// They follow the evidence.
        Open = "open",
        /// They are frozen: what comes later is a correction.
        Closed = "closed",
    }
}

impl StepName {
    /// What kind of answer the step gives.
    pub fn kind(self) -> StepKind {
        match self {
            Self::NotPaid | Self::Cancelled | Self::BeforeStart | Self::BeforeAccount => {
                StepKind::NotDue
            }
            Self::EtsyTax | Self::OdooTax | Self::Refunds | Self::TakenBack | Self::Other => {
                StepKind::Passed
            }
            Self::OtherCurrency => StepKind::Elsewhere,
            Self::Fees => StepKind::Fee,
            Self::Planned
            | Self::NotInvoiced
            | Self::NotCredited
            | Self::NotInAccount
            | Self::RefundPending
            | Self::NotPaidOut => StepKind::Timing,
            Self::Rounding => StepKind::Rounding,
            Self::Unexplained => StepKind::Unexplained,
        }
    }
}
