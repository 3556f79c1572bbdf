//! Orders.

use rust_decimal::Decimal;

use super::order_terms::{pricelist_words, tax_words};
use super::{Prospect, Prospects, ShopPolicy, addresses, external_id};
use crate::diff::{OrderFinding, OrderInOdoo, OrderLine, OrderWanted};
use crate::domain::{Currency, Standing, Subject, Verdict};
use crate::plan::{
    Action, BookLine, BookNote, BookOrder, CancelOrder, Choice, Decision, Reference,
};
use crate::shop::{CancelledReceipt, OrderState, Taxes};

/// A choice with its reason; a reason alone is a hold.
pub(super) type Chosen = Result<(Choice, String), String>;

pub(super) fn decide(
    shop: &ShopPolicy,
    finding: &OrderFinding,
    placeholder: Option<i32>,
    prospects: &Prospects,
) -> Decision {
    let chosen = choose(&Needs { shop, finding, placeholder, prospects });
    let (choice, reason) = chosen.unwrap_or_else(|reason| (Choice::Hold, reason));
    Decision {
        shop: finding.shop,
        subject: Subject::Orders,
        key: finding.receipt.to_string(),
        verdict: finding.verdict,
        choice,
        reason,
        before: finding.there.as_ref().and_then(|there| serde_json::to_value(there).ok()),
        amount: finding
            .wanted
            .as_ref()
            .map(|wanted| wanted.total)
            .or_else(|| finding.there.as_ref().map(|there| there.total)),
        currency: finding.currency.parse().ok(),
    }
}

/// What a decision on an order looks at.
pub(super) struct Needs<'a> {
    pub(super) shop: &'a ShopPolicy,
    pub(super) finding: &'a OrderFinding,
    placeholder: Option<i32>,
    prospects: &'a Prospects,
}

fn choose(needs: &Needs<'_>) -> Chosen {
    let finding = needs.finding;
    match finding.verdict {
        Verdict::DuplicatedInOdoo => Err(format!(
            "{} orders in Odoo claim this receipt: {}; cancel all but one",
            finding.there.as_ref().map_or(2, |there| there.copies),
            finding.there.as_ref().map_or("", |there| there.name.as_str())
        )),
        Verdict::MissingInEtsy => Err(format!(
            "Odoo has {}, and Etsy shows no such receipt; look whether it was booked by hand",
            finding.there.as_ref().map_or("an order", |there| there.name.as_str())
        )),
        Verdict::OutsideWindow => Ok((Choice::Ignore, outside(needs))),
        Verdict::MissingInOdoo => {
            book(needs).map(|choice| (choice, "a paid receipt without an order".to_owned()))
        }
        Verdict::Differs => match (&finding.wanted, &finding.there) {
            (Some(wanted), Some(there)) => differs(needs, wanted, there),
            (None, _) | (_, None) => Err("one side is not known any more; plan again".to_owned()),
        },
        Verdict::Agrees => Ok((Choice::Ignore, "both sides agree".to_owned())),
    }
}

fn outside(needs: &Needs<'_>) -> String {
    match needs.shop.policy.orders_from {
        Some(from) => format!("older than orders_from, {}", from.format("%Y-%m-%d")),
        None => "older than everything that Etsy has shown of this shop".to_owned(),
    }
}

fn differs(needs: &Needs<'_>, wanted: &OrderWanted, there: &OrderInOdoo) -> Chosen {
    match needs.finding.standing {
        Standing::Cancelled => cancel(needs, there),
        Standing::Unpaid => {
            Err(format!("{} is {} in Odoo, and the receipt is not paid", there.name, there.state))
        }
        Standing::Due => {
            let is_open = matches!(there.state.as_str(), "draft" | "sent");
            if there.state == "cancel" {
                return Err(format!(
                    "{} is cancelled in Odoo, and the receipt is paid; set it back to a quotation or cancel on Etsy",
                    there.name
                ));
            }
            if needs.finding.differences.iter().any(|difference| difference == "address") {
                return addresses::follow(needs, wanted, there);
            }
            let is_half_made =
                needs.finding.differences.iter().all(|difference| match difference.as_str() {
                    "state" => is_open,
                    "date" => true,
                    _ => false,
                });
            if is_half_made && !there.has_external_id {
                // a load would not find it, and would make a second one
                return Err(by_hand(needs, there, is_open));
            }
            if is_half_made {
                let reason = if is_open {
                    format!("{} is there and not confirmed", there.name)
                } else {
                    format!("{} has another date than the receipt", there.name)
                };
                return book(needs).map(|choice| (choice, reason));
            }
            Err(contrast(needs.finding, wanted, there))
        }
    }
}

/// What a person has to do about an order that a person made, and that wants nothing but its state or date.
fn by_hand(needs: &Needs<'_>, there: &OrderInOdoo, is_open: bool) -> String {
    let remedy = if is_open && needs.shop.policy.order_state == OrderState::Sale {
        "confirm it in Odoo".to_owned()
    } else {
        let ordered_at = needs.finding.wanted.as_ref().map(|wanted| wanted.ordered_at);
        let date = ordered_at.map(|at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string());
        format!("set its date to {}", date.unwrap_or_default())
    };
    format!("{} was made by hand for this receipt; {remedy}", there.name)
}

/// Both sides of what differs, in words.
fn contrast(finding: &OrderFinding, wanted: &OrderWanted, there: &OrderInOdoo) -> String {
    let mut parts = Vec::new();
    for difference in &finding.differences {
        parts.push(match difference.as_str() {
            "total" => format!("total {} on Etsy, {} in Odoo", wanted.total, there.total),
            "lines" => {
                format!("{} lines on Etsy, {} in Odoo", wanted.lines.len(), there.line_count)
            }
            other => format!("{other} differs"),
        });
    }
    format!("{}: {}; correct it in Odoo", there.name, parts.join(", "))
}

fn cancel(needs: &Needs<'_>, there: &OrderInOdoo) -> Chosen {
    if needs.shop.policy.cancelled_receipt == CancelledReceipt::Hold {
        return Err(format!("cancelled on Etsy; cancel {} in Odoo", there.name));
    }
    if there.invoice_status == "invoiced" {
        return Err(format!(
            "cancelled on Etsy, and {} is invoiced; make a credit note",
            there.name
        ));
    }
    if !matches!(there.delivery_status.as_str(), "none" | "pending") {
        return Err(format!(
            "cancelled on Etsy, and {} is delivered in part or whole; take the goods back",
            there.name
        ));
    }
    let action = Action::CancelOrder(CancelOrder {
        order_id: there.order_id,
        receipt_id: needs.finding.receipt,
        seen_state: there.state.clone(),
    });
    Ok((Choice::Act(Box::new(action)), "cancelled on Etsy".to_owned()))
}

fn book(needs: &Needs<'_>) -> Result<Choice, String> {
    let finding = needs.finding;
    let wanted = finding.wanted.as_ref().ok_or("the receipt is not known any more; plan again")?;
    if wanted.residue != Decimal::ZERO {
        return Err(format!(
            "the receipt's own figures are {} {} apart; compare it on Etsy and book it by hand",
            wanted.residue.normalize(),
            finding.currency
        ));
    }
    if wanted.lines.is_empty() {
        return Err("the receipt has no lines; book it by hand".to_owned());
    }
    let currency: Currency =
        finding.currency.parse().map_err(|_none| "its currency does not read".to_owned())?;
    let policy = &needs.shop.policy;
    let pricelist_id = wanted
        .pricelist_id
        .ok_or_else(|| pricelist_words(wanted.pricelist_fault, policy.pricelist_id, currency))?;
    if let Some(fault) = wanted.tax_fault {
        return Err(tax_words(fault, policy));
    }
    let lines =
        wanted.lines.iter().map(|line| book_line(needs, line)).collect::<Result<_, String>>()?;
    let partner = buyer(needs, wanted)?;
    let shipping = match address(needs, wanted) {
        Some(address) => address?,
        None => partner.clone(),
    };
    let action = Action::BookOrder(BookOrder {
        external_id: external_id(&format!("receipt_{}", finding.receipt)),
        receipt_id: finding.receipt,
        shop_id: finding.shop,
        partner,
        shipping,
        pricelist_id,
        currency,
        ordered_at: wanted.ordered_at,
        total: wanted.total,
        taxed_by_odoo: policy.taxes == Taxes::ByOdoo,
        confirm: policy.order_state == OrderState::Sale,
        company_id: policy.company_id,
        warehouse_id: policy.warehouse_id,
        team_id: policy.team_id,
        salesperson_id: policy.salesperson_id,
        payment_term_id: policy.payment_term_id,
        fiscal_position_id: policy.fiscal_position_id,
        tag_ids: policy.tag_ids.clone(),
        lines,
        notes: wanted
            .notes
            .iter()
            .map(|note| BookNote {
                external_id: external_id(&note.line_key),
                text: note.text.clone(),
            })
            .collect(),
    });
    Ok(Choice::Act(Box::new(action)))
}

fn buyer(needs: &Needs<'_>, wanted: &OrderWanted) -> Result<Reference, String> {
    let buyer = Wanted {
        key: &wanted.customer_key,
        id: wanted.partner_id,
        copies: wanted.partner_copies,
        is_decided: wanted.partner_is_decided,
    };
    partner(needs, &buyer)
}

/// The delivery address; nothing where Etsy withholds it.
pub(super) fn address(
    needs: &Needs<'_>,
    wanted: &OrderWanted,
) -> Option<Result<Reference, String>> {
    let address = Wanted {
        key: wanted.address_key.as_ref()?,
        id: wanted.address_id,
        copies: wanted.address_copies,
        is_decided: wanted.address_is_decided,
    };
    Some(partner(needs, &address))
}

fn book_line(needs: &Needs<'_>, line: &OrderLine) -> Result<BookLine, String> {
    Ok(BookLine {
        external_id: external_id(&line.line_key),
        product: product(needs, line)?,
        name: line.name.clone(),
        quantity: line.quantity,
        price_unit: line.price_unit,
        is_delivery: line.is_delivery,
        transaction_id: line.transaction_id,
        tax_id: needs.shop.policy.tax_on(&line.product_key),
    })
}

fn product(needs: &Needs<'_>, line: &OrderLine) -> Result<Reference, String> {
    let key = (needs.finding.shop, line.product_key.clone());
    match needs.prospects.products.get(&key) {
        Some(Prospect::Created(external_id)) => Ok(Reference::ExternalId(external_id.clone())),
        Some(Prospect::Held(reason)) => Err(format!("a product of it is held: {reason}")),
        Some(Prospect::Placeholder) => needs.placeholder.map(Reference::OdooId).ok_or_else(|| {
            "the placeholder product is not in Odoo; run `etsy-odoo init`".to_owned()
        }),
        None => line.product_id.map(Reference::OdooId).ok_or_else(|| {
            if line.product_key == "placeholder" || line.product_key.starts_with("service_") {
                format!(
                    "the product etsy.{} is not in Odoo, or archived; run `etsy-odoo init`",
                    line.product_key
                )
            } else {
                "a product of it is not in Odoo; run again with products in --only".to_owned()
            }
        }),
    }
}

/// A partner that an order needs: by its key, as Odoo has it, and whether this plan decides on it.
struct Wanted<'a> {
    key: &'a str,
    id: Option<i32>,
    copies: i32,
    is_decided: bool,
}

fn partner(needs: &Needs<'_>, wanted: &Wanted<'_>) -> Result<Reference, String> {
    let key = (needs.finding.shop, wanted.key.to_owned());
    if let Some(reason) = needs.prospects.held_customers.get(&key) {
        return Err(format!("its customer is held: {reason}"));
    }
    match wanted.id {
        Some(id) if wanted.copies == 1 => Ok(Reference::OdooId(id)),
        Some(_) => Err("its customer is several partners in Odoo; merge them".to_owned()),
        None if wanted.is_decided => Ok(Reference::ExternalId(external_id(wanted.key))),
        None => Err("its customer is not in Odoo; plan again".to_owned()),
    }
}
