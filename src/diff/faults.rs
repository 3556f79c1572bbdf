//! What stands against the pricelist and the taxes of a shop, as the comparison finds it in Odoo.

use crate::domain::vocabulary;

vocabulary! {
    /// Why an order has no pricelist.
    PricelistFault {
        /// Odoo has no record of the number that the shop names.
        Missing = "missing",
        /// It is archived.
        Archived = "archived",
        /// It is of another company.
        OtherCompany = "other_company",
        /// It is in another currency than the receipt.
        OtherCurrency = "other_currency",
        /// The currency of the receipt is archived in Odoo, or unknown.
        CurrencyArchived = "currency_archived",
        /// The currency has no pricelist at all.
        NoPricelist = "none",
    }
}

vocabulary! {
    /// Why lines cannot be taxed as the shop's policy says.
    TaxFault {
        /// Odoo has no record of the number that the shop names.
        Missing = "missing",
        /// It is archived.
        Archived = "archived",
        /// It is a tax on purchases, or on nothing by itself.
        NoSaleTax = "no_sale_tax",
        /// It is a group, a fixed amount or a formula.
        NoPercentage = "no_percentage",
        /// It comes on top of the price.
        NotIncluded = "not_included",
        /// It is counted from the price with tax, in a company that rounds the taxes of an order as a whole.
        RoundsApart = "rounds_apart",
        /// There are several companies, and the shop names none.
        UnknownCompany = "unknown_company",
        /// It is of another company.
        OtherCompany = "other_company",
        /// The product of the tax that Etsy collects is taxed itself.
        TaxOnTax = "tax_on_tax",
    }
}
