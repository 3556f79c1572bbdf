//! Fields that follow Etsy, and fields that stay.

use etsy_odoo::domain::OutcomeKind;
use etsy_odoo::sandbox::faults::{Fault, FaultRule};
use etsy_odoo::sandbox::world::Edit;
use etsy_odoo::shop::FieldOwner;
use rust_decimal::Decimal;

use super::{
    Product, a_listing_of_ours, all_of_etsy, decide, decisions, edit, expect_nothing_to_do,
    in_odoo, made_for, outcomes, products, shelves,
};
use crate::support::House;

fn four_edits() -> [Edit; 4] {
    [
        Edit::Title("Alder bowl".to_owned()),
        Edit::Description("Turned by hand.\n\nOiled.".to_owned()),
        Edit::Price(0, 12_345),
        Edit::Sku(0, "BOWL-1".to_owned()),
    ]
}

/// The listings that have one variant and a product that we made.
async fn listings_of_ours(house: &House) -> Vec<i64> {
    let made = products(house).await;
    let is_ours = |listing: &i64| {
        made.values().any(|it| it.listing.as_deref() == Some(listing.to_string().as_str()))
    };
    shelves(house)
        .await
        .into_iter()
        .filter(|listing| listing.skus.len() == 1)
        .map(|listing| listing.listing_id)
        .filter(is_ours)
        .collect()
}

#[tokio::test]
async fn what_odoo_owns_stays_whatever_etsy_says() {
    let house = House::new(0, 24, 1, 5).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let before = products(&house).await;
    edit(&house, listing.listing_id, four_edits()).await;
    let (run, planned) = house.run().await;
    assert_eq!((planned.acts, planned.holds), (0, 0));
    assert_eq!(products(&house).await, before);
    let reasons = decisions(&house, run.id).await;
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    let old = listing.skus[0].as_str();
    assert_eq!(
        reasons[0].3,
        format!(
            "its SKU is BOWL-1 on Etsy now and stays {old} in Odoo, which owns it (product_sku=odoo)"
        )
    );
    // and when a person has written the new SKU into Odoo, there is nothing to tell
    let product = made_for(&house, listing.listing_id).await;
    in_odoo(
        &house,
        &format!("update product_product set default_code = 'BOWL-1' where id = {}", product.id),
    )
    .await;
    let (run, _) = house.plan().await;
    assert_eq!(decisions(&house, run.id).await, []);
}

#[tokio::test]
async fn what_etsy_owns_follows_etsy() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let before = products(&house).await;
    let listing = a_listing_of_ours(&house, true).await;
    let old = made_for(&house, listing.listing_id).await;
    edit(&house, listing.listing_id, four_edits()).await;
    let (run, planned) = house.run().await;
    let decisions = decisions(&house, run.id).await;
    assert_eq!((planned.acts, planned.holds), (1, 0), "{decisions:?}");
    let expected = Product {
        name: format!("[Etsy {}] Alder bowl", listing.listing_id),
        sku: Some("BOWL-1".to_owned()),
        price: Decimal::new(12_345, 2),
        description: "<p>Turned by hand.</p><p>Oiled.</p>".to_owned(),
        ..old.clone()
    };
    assert_eq!(made_for(&house, listing.listing_id).await, expected);
    assert_eq!(products(&house).await.len(), before.len(), "a second product was made");
    expect_nothing_to_do(&house).await;

    // somebody writes into Odoo, and Etsy's values come back; what HTML is made of its description does not matter
    in_odoo(
        &house,
        &format!(
            "update product_template set name = '{{\"en_US\": \"Bowl\"}}',
                 description = '{{\"en_US\": \"<div>Turned  by&nbsp;hand.<br/></div>\\n<p>Oiled.</p>\"}}'
             where id = {}",
            old.template_id
        ),
    )
    .await;
    let (run, _) = house.run().await;
    let (action, state, said) = outcomes(&house, run.id).await.remove(0);
    assert_eq!((action.as_str(), state.as_str(), said.as_str()), ("update_product", "applied", ""));
    let back = made_for(&house, listing.listing_id).await;
    assert_eq!(back.name, expected.name);
    assert!(back.description.starts_with("<div>"));
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn each_field_has_its_own_owner() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, |policy| policy.product_price = FieldOwner::Etsy).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, false).await;
    let old = made_for(&house, listing.listing_id).await;
    let edits = four_edits().into_iter().take(3);
    edit(&house, listing.listing_id, edits).await;
    house.run().await;
    let expected = Product { price: Decimal::new(12_345, 2), ..old };
    assert_eq!(made_for(&house, listing.listing_id).await, expected);
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn a_product_that_somebody_changed_since_the_plan_is_left_and_the_rest_goes_on() {
    let house = House::new(0, 32, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let ours = listings_of_ours(&house).await;
    let [renamed, archived, left, ..] = *ours else { panic!("too few: {ours:?}") };
    for listing in [renamed, archived, left] {
        edit(&house, listing, [Edit::Title(format!("New {listing}"))]).await;
    }
    let (run, planned) = house.plan().await;
    assert_eq!(planned.acts, 3);
    let changed = made_for(&house, renamed).await;
    let gone = made_for(&house, archived).await;
    in_odoo(
        &house,
        &format!(
            "update product_template set name = '{{\"en_US\": \"By hand\"}}' where id = {};
             update product_template set active = false where id = {};
             update product_product set active = false where id = {}",
            changed.template_id, gone.template_id, gone.id
        ),
    )
    .await;
    house.apply(run.id).await.unwrap();
    let mut outcomes = outcomes(&house, run.id).await;
    outcomes.sort();
    let words: Vec<(&str, &str)> =
        outcomes.iter().map(|(_, state, said)| (state.as_str(), said.as_str())).collect();
    let stale = OutcomeKind::Stale.as_str();
    assert_eq!(
        words,
        [
            ("applied", ""),
            (stale, "somebody changed its name in Odoo since"),
            (stale, "the product is archived in Odoo now"),
        ]
    );
    assert_eq!(made_for(&house, renamed).await.name, "By hand");
    assert_eq!(made_for(&house, left).await.name, format!("[Etsy {left}] New {left}"));
}

#[tokio::test]
async fn an_order_whose_product_was_archived_since_the_plan_waits_and_the_others_are_booked() {
    let house = House::new(60, 16, 1, 7).await;
    let (run, _) = house.plan().await;
    let client = house.ours.client().await;
    // a product that Odoo has, and that some orders need and others do not
    let product_id: i32 = client
        .query_one(
            "select (line -> 'product' ->> 'odoo_id')::integer as product_id
             from journal.decision, jsonb_array_elements(payload -> 'lines') as line
             where run_id = $1 and action = 'book_order' and line ->> 'transaction_id' is not null
                 and line -> 'product' ->> 'odoo_id' is not null
             group by 1 order by count(*) desc limit 1",
            &[&run.id.0],
        )
        .await
        .unwrap()
        .get(0);
    in_odoo(&house, &format!("update product_product set active = false where id = {product_id}"))
        .await;
    house.apply(run.id).await.unwrap();
    let rows = client
        .query(
            "select state, coalesce(said, ''), count(*),
                 bool_and(exists (
                     select from jsonb_array_elements(d.payload -> 'lines') as line
                     where (line -> 'product' ->> 'odoo_id')::integer = $2
                 ))
             from journal.decision_state s
             join journal.decision d using (run_id, decision_no)
             where s.run_id = $1 and s.action = 'book_order'
             group by 1, 2 order by 1",
            &[&run.id.0, &product_id],
        )
        .await
        .unwrap();
    let found: Vec<(String, String, bool)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(3))).collect();
    let said = "a product of it was archived or removed in Odoo since the plan";
    assert_eq!(
        found,
        [("applied".to_owned(), String::new(), false), ("stale".to_owned(), said.to_owned(), true)]
    );
}

#[tokio::test]
async fn what_several_variants_share_is_left_to_a_person_and_their_skus_are_not() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let old = made_for(&house, listing.listing_id).await;
    in_odoo(
        &house,
        &format!(
            "insert into product_product (product_tmpl_id, default_code, active, combination_indices, x_etsy_variant_key)
             values ({}, 'OTHER', true, '9', 'blue')",
            old.template_id
        ),
    )
    .await;
    edit(&house, listing.listing_id, four_edits()).await;
    let (run, planned) = house.run().await;
    assert_eq!((planned.acts, planned.holds), (1, 0));
    let decided = decisions(&house, run.id).await;
    let reason = decided.iter().find(|(_, decision, ..)| decision == "act").unwrap().3.as_str();
    assert!(reason.contains("which 2 variants share in Odoo"), "{reason}");
    let now = products(&house).await.remove(&old.id).unwrap();
    assert_eq!(now, Product { sku: Some("BOWL-1".to_owned()), ..old });
    // what is left is a person's, in every plan until it is done; orders do not wait for it
    let (_, planned) = house.plan().await;
    assert_eq!((planned.acts, planned.holds), (0, 1));
}

#[tokio::test]
async fn a_price_in_another_currency_than_the_products_is_left_out() {
    let house = House::new(0, 48, 2, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let shops = house.shops().await;
    let foreign = shops.iter().find(|shop| shop.name == "atelierlumiere").unwrap().id;
    let ours = listings_of_ours(&house).await;
    let listing = shelves(&house)
        .await
        .into_iter()
        .find(|listing| listing.shop_id == foreign && ours.contains(&listing.listing_id))
        .unwrap();
    assert_eq!(made_for(&house, listing.listing_id).await.price, Decimal::ZERO);
    edit(&house, listing.listing_id, [Edit::Price(0, 777)]).await;
    expect_nothing_to_do(&house).await;
    // a product of a company is priced in the currency of that company
    let template = made_for(&house, listing.listing_id).await.template_id;
    in_odoo(
        &house,
        &format!(
            "insert into res_company (name, partner_id, currency_id, sequence, parent_path, active,
                 tax_calculation_rounding_method, quotation_validity_days)
             select 'Maison', 1, id, 0, '2/', true, 'round_per_line', 30 from res_currency where name = 'EUR';
             update product_template set company_id = (select max(id) from res_company) where id = {template}"
        ),
    )
    .await;
    house.run().await;
    assert_eq!(made_for(&house, listing.listing_id).await.price, Decimal::new(777, 2));
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn one_product_that_odoo_refuses_does_not_keep_the_others() {
    let house = House::new(0, 48, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let ours = listings_of_ours(&house).await;
    assert!(ours.len() > 4, "{ours:?}");
    for listing in &ours {
        let title = if *listing == ours[2] { "Bad".to_owned() } else { format!("Good {listing}") };
        edit(&house, *listing, [Edit::Title(title)]).await;
    }
    in_odoo(
        &house,
        "alter table product_template add constraint no_bad_names check (name ->> 'en_US' not like '%Bad')",
    )
    .await;
    let (run, _) = house.run().await;
    let outcomes = outcomes(&house, run.id).await;
    assert_eq!(outcomes.len(), ours.len());
    let refused: Vec<_> = outcomes.iter().filter(|(_, state, _)| state == "refused").collect();
    assert_eq!(refused.len(), 1, "{outcomes:?}");
    assert!(refused[0].2.contains("no_bad_names"), "{refused:?}");
    assert!(outcomes.iter().filter(|(_, state, _)| state == "applied").count() == ours.len() - 1);
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_looking() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, all_of_etsy).await;
    house.run().await;
    let listing = listings_of_ours(&house).await[0];
    let faults = house.pair.options.odoo.faults.clone();
    let gone = |after_effect| Fault::Status { code: 502, body: String::new(), after_effect };
    let lost = [Fault::ResetBefore, Fault::ResetAfter, Fault::Truncated, gone(false), gone(true)];
    for (round, fault) in lost.into_iter().enumerate() {
        edit(&house, listing, [Edit::Title(format!("Title {round}"))]).await;
        let (run, planned) = house.plan().await;
        assert_eq!(planned.acts, 1);
        let struck = faults.struck();
        // the first call logs in, the second one writes
        faults.replace(vec![FaultRule::nth("", 2, fault.clone())]);
        house.apply(run.id).await.unwrap();
        assert_eq!(faults.struck(), struck + 1, "{fault:?}");
        faults.replace(Vec::new());
        let states: Vec<String> =
            outcomes(&house, run.id).await.into_iter().map(|(_, state, _)| state).collect();
        assert_eq!(states, ["applied"], "{fault:?}");
        assert_eq!(made_for(&house, listing).await.name, format!("[Etsy {listing}] Title {round}"));
    }
    expect_nothing_to_do(&house).await;
}
