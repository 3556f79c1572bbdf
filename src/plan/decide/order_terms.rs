//! What stands against the terms of an order, in words, and what to do about it.

use crate::diff::{PricelistFault, TaxFault};
use crate::domain::Currency;
use crate::shop::Policy;

/// Why there is no pricelist for an order.
pub(super) fn pricelist_words(
    fault: Option<PricelistFault>,
    named: Option<i32>,
    currency: Currency,
) -> String {
    let what = match named {
        Some(id) => format!("the shop's pricelist {id}"),
        None => format!("every pricelist in {currency}"),
    };
    match fault {
        Some(PricelistFault::Missing) => {
            format!("{what} is not in Odoo; set pricelist_id to one in {currency}")
        }
        Some(PricelistFault::Archived) => {
            format!(
                "{what} is archived in Odoo; restore it, or set pricelist_id to another in {currency}"
            )
        }
        Some(PricelistFault::OtherCompany) => format!(
            "{what} is of another company than the shop; make one in {currency} for its company, or set pricelist_id"
        ),
        Some(PricelistFault::OtherCurrency) => {
            format!("{what} is not in {currency}; set pricelist_id to one that is, or to nothing")
        }
        Some(PricelistFault::CurrencyArchived) => {
            format!("{currency} is not active in Odoo; activate it and make a pricelist in it")
        }
        Some(PricelistFault::NoPricelist) | None => {
            format!("Odoo has no pricelist in {currency}; make one")
        }
    }
}

/// Why the lines of a shop's orders cannot be taxed as its policy says.
pub(super) fn tax_words(fault: TaxFault, policy: &Policy) -> String {
    let tax = match policy.tax_id {
        Some(id) => format!("the shop's tax {id}"),
        None => "the shop's tax".to_owned(),
    };
    let instead = "set tax_id to a sale tax that is included in the price";
    match fault {
        TaxFault::Missing => format!("{tax} is not in Odoo; {instead}"),
        TaxFault::Archived => format!("{tax} is archived in Odoo; restore it, or {instead}"),
        TaxFault::NoSaleTax => format!("{tax} is not a tax on sales; {instead}"),
        TaxFault::NoPercentage => format!("{tax} is not a percentage of the price; {instead}"),
        TaxFault::NotIncluded => format!(
            "{tax} comes on top of the price, and the buyer paid what Etsy says; {instead}, or taxes to by_odoo"
        ),
        TaxFault::RoundsApart => format!(
            "{tax} is a percentage of the price with tax, and its company rounds globally: totals would differ by \
             cents; {instead} and computed as a percentage of the price"
        ),
        TaxFault::UnknownCompany => format!(
            "Odoo has several companies, and {tax} may be of another one than the shop; set company_id"
        ),
        TaxFault::OtherCompany => {
            format!("{tax} is of another company than the shop; {instead} and of its company")
        }
        TaxFault::TaxOnTax => {
            "Odoo would tax the tax that Etsy collected; take the customer taxes off the product \
             etsy.service_etsy_tax, or set etsy_tax to left_out"
                .to_owned()
        }
    }
}
