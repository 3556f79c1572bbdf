//! Countries and states as people and Etsy write them, and what Odoo has for them.

use super::{address, assert_settled, due, readdress, reasons, shipping};
use crate::support::House;

/// Country and state as on the receipt; country, state and second line as in Odoo.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    // codes and names, with accents and without, in any case
    ("US", "OR", "US", "OR", ""),
    ("us", "or", "US", "OR", ""),
    ("US", "Oregon", "US", "OR", ""),
    ("US", "US-OR", "US", "OR", ""),
    ("US", "State of California", "US", "CA", ""),
    ("US", "Washington, D.C.", "US", "DC", ""),
    ("US", "Washington State", "US", "WA", ""),
    ("CA", "Québec", "CA", "QC", ""),
    ("CA", "QUEBEC", "CA", "QC", ""),
    ("CA", "Colombie-Britannique", "CA", "BC", ""),
    ("AU", "N.S.W.", "AU", "NSW", ""),
    ("AU", "Victoria", "AU", "VIC", ""),
    ("IT", "MI", "IT", "MI", ""),
    ("IT", "Città Metropolitana di Milano", "IT", "MI", ""),
    ("IT", "Rome", "IT", "RM", ""),
    ("IT", "Forli-Cesena", "IT", "FC", ""),
    ("JP", "東京都", "JP", "13", ""),
    ("JP", "Tōkyō-to", "JP", "13", ""),
    ("JP", "Kyoto Prefecture", "JP", "26", ""),
    ("IN", "Odisha", "IN", "OR", ""),
    ("IN", "TG", "IN", "TS", ""),
    ("IN", "Maharashtra", "IN", "MH", ""),
    ("ES", "A Coruña", "ES", "C", ""),
    ("ES", "Álava", "ES", "VI", ""),
    ("DE", "BY", "DE", "DE-BY", ""),
    ("DE", "Bavaria", "DE", "DE-BY", ""),
    ("BR", "Sao Paulo", "BR", "SP", ""),
    ("MX", "CDMX", "MX", "CMX", ""),
    ("MX", "Edo. Mex.", "MX", "MEX", ""),
    ("IE", "Co. Dublin", "IE", "D", ""),
    ("GB", "County Durham", "GB", "E1", ""),
    ("KR", "서울", "KR", "KR-11", ""),
    ("CN", "Guangdong Province", "CN", "粤", ""),
    ("AE", "دبي", "AE", "DU", ""),
    ("CH", "Zuerich", "CH", "ZH", ""),
    ("AR", "CABA", "AR", "C", ""),
    // aliases of countries
    ("UK", "", "GB", "", ""),
    ("EL", "", "GR", "", ""),
    ("XK", "", "XK", "", ""),
    ("AN", "Curaçao", "CW", "", ""),
    ("USA", "CA", "US", "CA", ""),
    // territories, as countries and as states
    ("PR", "", "US", "PR", ""),
    ("PR", "PR", "US", "PR", ""),
    ("US", "Puerto Rico", "US", "PR", ""),
    ("GU", "", "US", "GU", ""),
    ("VI", "Virgin Islands", "US", "VI", ""),
    ("AS", "", "US", "AS", ""),
    ("MP", "", "US", "MP", ""),
    ("PR", "Ponce", "US", "PR", "Ponce"),
    // military post
    ("US", "AE", "US", "AE", ""),
    ("US", "Armed Forces Pacific", "US", "AP", ""),
    // nations are no states, and nothing is lost with them
    ("GB", "England", "GB", "", ""),
    ("GB", "NORTHERN IRELAND", "GB", "", ""),
    // what Odoo does not have stands where people see it
    ("GR", "Attica", "GR", "", "Attica"),
    ("US", "Nowhere", "US", "", "Nowhere"),
    ("AN", "", "", "", "AN"),
    ("ZZ", "Foo", "", "", "Foo, ZZ"),
    ("Narnia", "", "", "", "NARNIA"),
    ("", "Foo", "", "", "Foo"),
    // a state that repeats the town says nothing new
    ("GR", "SOMEWHERE", "GR", "", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn places_are_found_as_people_write_them() {
    let house = House::new(160, 14, 1, 23).await;
    let receipts = due(&house).await;
    assert!(receipts.len() >= CASES.len(), "only {} receipts are due", receipts.len());
    for (receipt, (country, state, ..)) in receipts.iter().zip(CASES) {
        readdress(&house, *receipt, Some(address(country, state))).await;
    }
    let (run, _) = house.run().await;
    for (receipt, (from_country, from_state, country, state, second)) in receipts.iter().zip(CASES)
    {
        let row = shipping(&house, *receipt).await;
        let word = |column: &str| row.get::<_, Option<String>>(column).unwrap_or_default();
        assert_eq!(
            (word("country").as_str(), word("state").as_str(), word("street2").as_str()),
            (*country, *state, *second),
            "{from_country} {from_state}"
        );
    }
    let said = reasons(&house, run.id.0).await;
    for words in ["no state `Attica` of GR", "no country `NARNIA`"] {
        assert!(said.iter().any(|(_, reason)| reason.contains(words)), "{words}");
    }
    assert!(said.iter().all(|(decision, _)| decision == "act" || decision == "ignore"));
    assert_settled(&house, "the second plan").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_military_post_office_is_where_its_post_code_says() {
    let cases = [
        ("APO", "AE", "09012", "AE"),
        ("APO", "NY", "09012-1234", "AE"),
        ("FPO, AP", "", "96601", "AP"),
        ("DPO", "Florida", "34002", "AA"),
        // a town is none
        ("Apollo Beach", "FL", "34002", "FL"),
    ];
    let house = House::new(12, 14, 1, 29).await;
    let receipts = due(&house).await;
    for (receipt, (city, state, zip, _)) in receipts.iter().zip(cases) {
        let mut address = address("US", state);
        city.clone_into(&mut address.city);
        zip.clone_into(&mut address.zip);
        readdress(&house, *receipt, Some(address)).await;
    }
    house.run().await;
    for (receipt, (city, written, _, state)) in receipts.iter().zip(cases) {
        let row = shipping(&house, *receipt).await;
        assert_eq!(
            row.get::<_, Option<String>>("state").as_deref(),
            Some(state),
            "{city} {written}"
        );
    }
}
