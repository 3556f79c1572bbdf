//! Buyers and their addresses.

use super::{Chosen, Prospect, Prospects, ShopPolicy, external_id, hold};
use crate::diff::CustomerFinding;
use crate::domain::{Subject, Verdict};
use crate::plan::{Action, Choice, CreateCustomer, Decision, Reference};
use crate::shop::Partners;

pub(super) fn decide(
    shop: &ShopPolicy,
    finding: &CustomerFinding,
    prospects: &mut Prospects,
) -> Decision {
    let (choice, reason, prospect) = choose(shop, finding, prospects);
    if let Some(prospect) = prospect {
        prospects.customers.insert((finding.shop, finding.key.clone()), prospect);
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

fn choose(shop: &ShopPolicy, finding: &CustomerFinding, prospects: &mut Prospects) -> Chosen {
    match finding.verdict {
        Verdict::DuplicatedInOdoo => {
            hold(format!("{} partners in Odoo carry this Etsy buyer; merge them", finding.copies))
        }
        Verdict::Differs => hold("its partner is archived in Odoo; unarchive it".to_owned()),
        Verdict::MissingInOdoo => create(shop, finding, prospects),
        Verdict::Agrees | Verdict::MissingInEtsy | Verdict::OutsideWindow => {
            (Choice::Ignore, "nothing is asked for".to_owned(), None)
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
    let prospect = Some(Prospect::Created(external_id.clone()));
    if let Some(owner) = prospects.claim(&external_id, shop) {
        let reason = format!("this plan creates the same partner for shop {owner}");
        return (Choice::Ignore, reason, prospect);
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
    (Choice::Act(Box::new(action)), reason, prospect)
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
    match prospects.customers.get(&(finding.shop, key.clone())) {
        Some(Prospect::Created(external_id)) => {
            Ok(Some(Reference::ExternalId(external_id.clone())))
        }
        Some(Prospect::Held(reason)) => Err(format!("its buyer is held: {reason}")),
        Some(Prospect::Placeholder) | None => finding
            .parent_id
            .map(|id| Some(Reference::OdooId(id)))
            .ok_or_else(|| "Odoo does not have its buyer".to_owned()),
    }
}
