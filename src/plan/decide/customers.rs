//! Buyers and their addresses.

use super::{Chosen, Prospect, Prospects, ShopPolicy, external_id, hold};
use crate::diff::CustomerFinding;
use crate::domain::{Subject, Verdict};
use crate::plan::{Action, Choice, CreateCustomer, Decision, Reference};

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
    let external_id = external_id(&finding.key);
    let prospect = Some(Prospect::Created(external_id.clone()));
    if let Some(owner) = prospects.claim(&external_id, shop) {
        let reason = format!("this plan creates the same partner for shop {owner}");
        return (Choice::Ignore, reason, prospect);
    }
    let reason = match parent {
        None => "a buyer that Odoo does not have".to_owned(),
        Some(_) => "a delivery address that Odoo does not have".to_owned(),
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
    });
    (Choice::Act(Box::new(action)), reason, prospect)
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
