//! Buyers and their addresses.

use super::{Prospects, ShopPolicy, external_id};
use crate::diff::CustomerFinding;
use crate::domain::{Subject, Verdict};
use crate::plan::{Action, Choice, CreateCustomer, Decision, Reference};
use crate::shop::Partners;

pub(super) fn decide(
    shop: &ShopPolicy,
    finding: &CustomerFinding,
    prospects: &mut Prospects,
) -> Decision {
    let (choice, reason) = choose(shop, finding, prospects);
    if choice == Choice::Hold {
        prospects.held_customers.insert((finding.shop, finding.key.clone()), reason.clone());
    }
    Decision {
        shop: finding.shop,
        subject: Subject::Customers,
        key: finding.key.clone(),
        verdict: finding.verdict,
        choice,
        reason,
        before: finding
            .partner_id
            .map(|id| serde_json::json!({ "partner_id": id, "copies": finding.copies })),
        amount: None,
        currency: None,
    }
}

/// A choice with its reason.
type Chosen = (Choice, String);

fn hold(reason: impl Into<String>) -> Chosen {
    (Choice::Hold, reason.into())
}

fn choose(shop: &ShopPolicy, finding: &CustomerFinding, prospects: &mut Prospects) -> Chosen {
    match finding.verdict {
        Verdict::DuplicatedInOdoo => {
            hold(format!("{} partners in Odoo carry this Etsy buyer; merge them", finding.copies))
        }
        Verdict::Differs => hold("its partner is archived in Odoo; unarchive it"),
        Verdict::MissingInOdoo => create(shop, finding, prospects),
        Verdict::Agrees | Verdict::MissingInEtsy | Verdict::OutsideWindow => {
            (Choice::Ignore, "nothing is asked for".to_owned())
        }
    }
}

fn create(shop: &ShopPolicy, finding: &CustomerFinding, prospects: &mut Prospects) -> Chosen {
    let parent = match parent(finding, prospects) {
        Ok(parent) => parent,
        Err(reason) => return hold(reason),
    };
    if let Some(reason) = missing_in_odoo(shop, finding) {
        return hold(reason);
    }
    let external_id = external_id(&finding.key);
    // few are wanted by two shops, and only those need to be remembered
    if finding.claimants > 1
        && let Some(owner) = prospects.claim(&external_id, shop)
    {
        return (Choice::Ignore, format!("this plan creates the same partner for shop {owner}"));
    }
    let reason = match parent {
        None => format!("a buyer that Odoo does not have{}", unplaced(finding)),
        Some(_) => format!("a delivery address that Odoo does not have{}", unplaced(finding)),
    };
    let action = Action::CreateCustomer(CreateCustomer {
        external_id,
        parent,
        name: finding.name.clone(),
        street: finding.street.clone(),
        street2: finding.street2.clone(),
        city: finding.city.clone(),
        zip: finding.zip.clone(),
        country_id: finding.country_id,
        state_id: finding.state_id,
        buyer_user_id: finding.buyer_user_id,
        company_id: finding.company_id,
        language: shop.policy.language.clone(),
    });
    (Choice::Act(Box::new(action)), reason)
}

/// What the shop's policy names for new partners and Odoo, or the policy, does not have.
fn missing_in_odoo(shop: &ShopPolicy, finding: &CustomerFinding) -> Option<String> {
    if shop.policy.partners == Partners::Own && shop.policy.company_id.is_none() {
        return Some(format!(
            "partners is `own`, and no company is named; set company_id for shop {}",
            shop.name
        ));
    }
    let others = finding.other_languages.as_ref()?;
    let language = shop.policy.language.as_deref().unwrap_or_default();
    Some(format!(
        "the language {language} is not active in Odoo; activate it there (Settings, Translations, Languages), or set language to one that is: {others}"
    ))
}

/// What Odoo has no place for, in words; nothing else is lost by it.
fn unplaced(finding: &CustomerFinding) -> String {
    let country = finding.country_iso.as_deref().unwrap_or("no country");
    match (&finding.unknown_country, &finding.unknown_state) {
        (Some(unknown), _) => {
            format!(
                "; Odoo has no country `{unknown}`: it stands in the second line of the address"
            )
        }
        (None, Some(unknown)) => format!(
            "; Odoo has no state `{unknown}` of {country}: it stands in the second line of the address"
        ),
        (None, None) => String::new(),
    }
}

/// The partner that an address belongs to; nothing for a buyer; the reason why there is none.
fn parent(finding: &CustomerFinding, prospects: &Prospects) -> Result<Option<Reference>, String> {
    let Some(key) = &finding.parent_key else { return Ok(None) };
    if finding.parent_copies > 1 {
        return Err("its buyer is several partners in Odoo".to_owned());
    }
    if let Some(reason) = prospects.held_customers.get(&(finding.shop, key.clone())) {
        return Err(format!("its buyer is held: {reason}"));
    }
    match finding.parent_id {
        Some(id) => Ok(Some(Reference::OdooId(id))),
        None if finding.parent_is_decided => Ok(Some(Reference::ExternalId(external_id(key)))),
        None => Err("Odoo does not have its buyer".to_owned()),
    }
}
