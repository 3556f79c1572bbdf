//! From Etsy and back: what is read, written and read again is the same in everything but ids and the quantities meant,
//! whatever listings sellers think of.

use std::collections::BTreeMap;

use etsy_odoo::etsy::InventoryDocument;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::market::Market;

const PROPERTIES: [(i64, &str); 3] = [(200, "Primary color"), (513, "Größe"), (514, "仕上げ")];

#[derive(Debug, Clone)]
struct Draw {
    /// How many values each property has.
    values: Vec<usize>,
    scaled: Vec<bool>,
    /// For price, quantity, SKU and processing profile: which properties they depend on.
    on: Vec<Vec<bool>>,
    prices: Vec<i64>,
    quantities: Vec<i64>,
    enabled: Vec<bool>,
    is_digital: bool,
}

fn any_draw() -> impl Strategy<Value = Draw> {
    (
        prop::collection::vec(1_usize..4, 0..4),
        prop::collection::vec(any::<bool>(), 3),
        prop::collection::vec(prop::collection::vec(any::<bool>(), 3), 4),
        prop::collection::vec(1_i64..99_999, 27),
        prop::collection::vec(prop_oneof![Just(0_i64), 1_i64..=999], 27),
        prop::collection::vec(prop::bool::weighted(0.8), 27),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(values, scaled, on, prices, quantities, enabled, is_digital)| Draw {
            values,
            scaled,
            on,
            prices,
            quantities,
            enabled,
            is_digital,
        })
}

/// The body with which a seller's own tool would write it.
fn body(draw: &Draw) -> Value {
    let chosen = |which: usize| -> Vec<usize> {
        let all: Vec<usize> =
            (0..draw.values.len()).filter(|place| draw.on[which][*place]).collect();
        // with three variations: none, one, or all
        if draw.values.len() == 3 && all.len() == 2 { (0..3).collect() } else { all }
    };
    let ids =
        |places: &[usize]| -> Vec<i64> { places.iter().map(|it| PROPERTIES[*it].0).collect() };
    let [price, quantity, sku, profile] = [chosen(0), chosen(1), chosen(2), chosen(3)];
    let mut combinations = vec![Vec::new()];
    for count in &draw.values {
        combinations = combinations
            .iter()
            .flat_map(|head: &Vec<usize>| {
                (0..*count).map(move |it| [head.clone(), vec![it]].concat())
            })
            .collect();
    }
    let pool = |combination: &[usize], places: &[usize]| -> usize {
        places.iter().fold(0, |sum, place| sum * 3 + combination[*place])
    };
    let products: Vec<Value> = combinations
        .iter()
        .enumerate()
        .map(|(number, combination)| {
            let values: Vec<Value> = combination
                .iter()
                .enumerate()
                .map(|(place, value)| {
                    json!({
                        "property_id": PROPERTIES[place].0, "property_name": PROPERTIES[place].1,
                        "scale_id": draw.scaled[place].then_some(19),
                        "value_ids": [1_000 + place * 10 + value], "values": [format!("Wert {value}")]
                    })
                })
                .collect();
            let cents = draw.prices[pool(combination, &price)];
            let price: serde_json::Number =
                format!("{}.{:02}", cents / 100, cents % 100).parse().unwrap();
            json!({
                "sku": format!("S-{}", pool(combination, &sku)),
                "property_values": values,
                "offerings": [{
                    "price": price, "quantity": draw.quantities[pool(combination, &quantity)],
                    "is_enabled": draw.enabled[number],
                    "readiness_state_id": (!draw.is_digital).then(|| 70_000 + pool(combination, &profile))
                }]
            })
        })
        .collect();
    json!({
        "products": products, "price_on_property": ids(&price), "quantity_on_property": ids(&quantity),
        "sku_on_property": ids(&sku), "readiness_state_on_property": ids(&profile)
    })
}

struct Seller {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Seller {
    async fn of(market: &Market, listing: i64) -> Self {
        let world = market.house.pair.world.lock().await;
        let token = world.shops()[0].access_token.expose_secret().to_owned();
        let url =
            format!("{}/v3/application/listings/{listing}/inventory", market.house.pair.etsy_url);
        Self { client: reqwest::Client::new(), url, token }
    }

    async fn call(&self, method: reqwest::Method, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}?max_variations_supported=3", self.url);
        let call = self.client.request(method, url).bearer_auth(&self.token);
        let call = call.header("x-api-key", "sandbox-keystring:sandbox-secret");
        let call = if let Some(body) = body { call.json(body) } else { call };
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// What Etsy shows, by variant: all of it but ids that change, and the quantities apart.
    async fn sees(&self) -> (Value, BTreeMap<String, i64>) {
        let (_, mut shown) = self.call(reqwest::Method::GET, None).await;
        let mut quantities = BTreeMap::new();
        for product in shown["products"].as_array_mut().unwrap() {
            product["product_id"] = Value::Null;
            let key = product["property_values"].to_string();
            let offering = &mut product["offerings"][0];
            offering["offering_id"] = Value::Null;
            quantities.insert(key, offering["quantity"].take().as_i64().unwrap());
        }
        (shown, quantities)
    }
}

#[tokio::test]
async fn whatever_a_seller_thinks_of_comes_back_as_it_was() {
    let market = Market::open().await;
    let listing = market.plain().await[0];
    let seller = Seller::of(&market, listing).await;
    let shop = market.house.shops().await.remove(0);
    let token = market.house.etsy.token(&market.house.warehouse, &shop, None).await.unwrap();
    let mut runner = TestRunner::deterministic();
    let (mut written, mut third) = (0, 0);
    for round in 0..150 {
        let draw = any_draw().new_tree(&mut runner).unwrap().current();
        let (status, answer) = seller.call(reqwest::Method::PUT, Some(&body(&draw))).await;
        if status == 400 && answer.to_string().contains("greater than 0") {
            continue;
        }
        assert_eq!(status, 200, "{answer} for {draw:?}");
        let (before, _) = seller.sees().await;
        let (_, _, document) = market.shown(listing).await;
        let first =
            document.offerings().find(|it| it.is_enabled).map(|it| it.variant_key.to_owned());
        let Some(key) = first else { continue };
        let wanted: BTreeMap<String, i32> = [(key, 1 + round)].into();
        let changed = document.with_quantities(&wanted).unwrap();
        market.house.etsy.writer().put_inventory(&token, listing, &changed).await.unwrap();
        let (after, quantities) = seller.sees().await;
        assert_eq!(before, after, "{draw:?}");
        let shown: InventoryDocument = market.shown(listing).await.2;
        assert!(changed.same_but_for_ids(&shown), "{draw:?}");
        assert!(quantities.values().any(|it| *it == i64::from(1 + round)), "{quantities:?}");
        written += 1;
        third += usize::from(draw.values.len() == 3);
    }
    assert!(written > 80 && third > 10, "{written} inventories, {third} of three variations");
    assert_eq!(market.shop_id(), shop.id);
}
