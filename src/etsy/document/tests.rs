//! What is written back is what was read, over inventories of all shapes.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const PROPERTIES: &[(i64, &str)] = &[(200, "Colour"), (513, "Size"), (47_626_759_834, "Finish")];

#[derive(Debug, Clone)]
struct World {
    inventory: Value,
    on_quantity: Vec<i64>,
}

fn read(inventory: &Value) -> Result<InventoryDocument, Unwritable> {
    InventoryDocument::read(&serde_json::from_str::<Inventory<'_>>(&inventory.to_string()).unwrap())
}

fn combinations(values: &[usize]) -> Vec<Vec<usize>> {
    values.iter().fold(vec![Vec::new()], |all, count| {
        let with = |head: &Vec<usize>| {
            let head = head.clone();
            (0..*count).map(move |value| [head.clone(), vec![value]].concat())
        };
        all.iter().flat_map(with).collect()
    })
}

/// An inventory of 0 to 3 properties, each of which decides or does not decide on quantity, price and SKU.
fn any_world() -> impl Strategy<Value = World> {
    let property = (1_usize..4, any::<[bool; 3]>(), any::<bool>());
    (
        prop::collection::vec(property, 0..4),
        prop::sample::select(vec![1_i64, 10, 100, 1000]),
        prop::collection::vec((1_i64..1_000_000, 0_i32..1000, any::<bool>()), 64),
        any::<bool>(),
    )
        .prop_map(|(properties, divisor, draws, is_digital)| {
            build(&properties, divisor, &draws, is_digital)
        })
}

fn build(
    properties: &[(usize, [bool; 3], bool)],
    divisor: i64,
    draws: &[(i64, i32, bool)],
    is_digital: bool,
) -> World {
    let on = |which: usize| -> Vec<i64> {
        let chosen = properties.iter().zip(PROPERTIES).filter(|((_, on, _), _)| on[which]);
        chosen.map(|(_, (id, _))| *id).collect()
    };
    let [on_quantity, on_price, on_sku] = [on(0), on(1), on(2)];
    let pool = |combination: &[usize], on: &[i64]| -> usize {
        let mut number = 0;
        for (value, (id, _)) in combination.iter().zip(PROPERTIES) {
            number = number * 4 + if on.contains(id) { value + 1 } else { 0 };
        }
        number % draws.len()
    };
    let counts: Vec<usize> = properties.iter().map(|(count, ..)| *count).collect();
    let products: Vec<Value> = (1_i64..)
        .zip(combinations(&counts))
        .map(|(number, combination)| {
            let values: Vec<Value> = combination
                .iter()
                .zip(PROPERTIES)
                .zip(properties)
                .map(|((value, (id, name)), (_, _, is_scaled))| {
                    json!({
                        "property_id": id, "property_name": name,
                        "scale_id": is_scaled.then_some(19), "scale_name": is_scaled.then_some("US"),
                        "value_ids": [id * 10 + i64::try_from(*value).unwrap()],
                        "values": [format!("Größe {value}")]
                    })
                })
                .collect();
            json!({
                "product_id": number, "sku": format!("S-{}", pool(&combination, &on_sku)),
                "is_deleted": false, "property_values": values,
                "offerings": [{
                    "offering_id": number + 1_000, "is_deleted": false,
                    "quantity": draws[pool(&combination, &on_quantity)].1,
                    "is_enabled": draws[usize::try_from(number).unwrap() % draws.len()].2,
                    "price": {"amount": draws[pool(&combination, &on_price)].0, "divisor": divisor, "currency_code": "USD"},
                    "readiness_state_id": (!is_digital).then_some(71_234_567_890_i64)
                }]
            })
        })
        .collect();
    World {
        inventory: json!({
            "products": products, "price_on_property": on_price, "quantity_on_property": on_quantity,
            "sku_on_property": on_sku, "readiness_state_on_property": []
        }),
        on_quantity,
    }
}

/// What Etsy would show after it took a body: the same fields under other ids, amounts in the divisor that it has.
fn shown_after(body: &[u8], before: &Value) -> Value {
    let mut shown: Value = serde_json::from_slice(body).unwrap();
    let divisor = before.pointer("/products/0/offerings/0/price/divisor").unwrap().clone();
    let scale = rust_decimal::Decimal::from(divisor.as_i64().unwrap());
    for (number, product) in (90_000..).zip(shown["products"].as_array_mut().unwrap()) {
        product["product_id"] = json!(number);
        product["is_deleted"] = json!(false);
        let offering = &mut product["offerings"][0];
        let price: rust_decimal::Decimal = offering["price"].to_string().parse().unwrap();
        let amount = (price * scale).normalize();
        assert_eq!(amount.scale(), 0, "{price} is exact in units of 1/{scale}");
        offering["price"] = json!({
            "amount": i64::try_from(amount.mantissa()).unwrap(), "divisor": divisor, "currency_code": "USD"
        });
        offering["offering_id"] = json!(number + 1);
        offering["is_deleted"] = json!(false);
    }
    shown["products"].as_array_mut().unwrap().reverse();
    shown
}

proptest! {
    #[test]
    fn what_is_written_back_unchanged_is_the_same(world in any_world()) {
        let document = read(&world.inventory).unwrap();
        let shown = shown_after(&document.to_put_body().unwrap(), &world.inventory);
        let again = read(&shown).unwrap();
        prop_assert!(document.same_but_for_ids(&again), "{:?}", document.difference_but_for_quantities(&again));
    }

    #[test]
    fn a_quantity_changes_in_its_group_and_nowhere_else(
        world in any_world(),
        chosen in any::<prop::sample::Index>(),
        quantity in 0_i32..1000,
    ) {
        let document = read(&world.inventory).unwrap();
        let offerings: Vec<Offered<'_>> = document.offerings().collect();
        let key = chosen.get(&offerings).variant_key.to_owned();
        let changed = document.with_quantities(&[(key.clone(), quantity)].into()).unwrap();
        let shown = read(&shown_after(&changed.to_put_body().unwrap(), &world.inventory)).unwrap();
        prop_assert_eq!(document.difference_but_for_quantities(&shown), None);
        let shares = |one: &str, other: &str| {
            let on = |key: &str| -> Vec<String> {
                key.split(';').filter(|value| {
                    world.on_quantity.iter().any(|id| value.starts_with(&format!("{id}=")))
                }).map(str::to_owned).collect()
            };
            on(one) == on(other)
        };
        for offered in shown.offerings() {
            let before = document.offerings().find(|it| it.variant_key == offered.variant_key).unwrap();
            let expected = if shares(&key, offered.variant_key) { quantity } else { before.quantity };
            prop_assert_eq!(offered.quantity, expected, "{}", offered.variant_key);
            prop_assert_eq!(offered.is_enabled, before.is_enabled);
        }
    }

    #[test]
    fn any_other_change_is_seen(world in any_world(), which in 0_usize..7) {
        let document = read(&world.inventory).unwrap();
        let mut other = world.inventory.clone();
        let product = other.pointer_mut("/products/0").unwrap();
        match which {
            0 => product["sku"] = json!("other"),
            1 => product["offerings"][0]["price"]["amount"] = json!(1_234_567),
            2 => {
                let was = product["offerings"][0]["is_enabled"].as_bool().unwrap();
                product["offerings"][0]["is_enabled"] = json!(!was);
            }
            3 => product["offerings"][0]["readiness_state_id"] = json!(5),
            4 => other["price_on_property"] = json!([77]),
            5 if product["property_values"][0].is_object() => product["property_values"][0]["scale_id"] = json!(3),
            5 => product["offerings"][0]["price"]["currency_code"] = json!("EUR"),
            _ if product["property_values"][0].is_object() => product["property_values"][0]["values"] = json!(["new"]),
            _ => product["sku"] = json!(""),
        }
        let other = read(&other).unwrap();
        prop_assert!(document.difference_but_for_quantities(&other).is_some());
        prop_assert!(!document.same_but_for_ids(&other));
    }
}

#[test]
fn what_cannot_be_wanted_is_said() {
    let property = (2, [false, false, false], false);
    let draws = vec![(100, 5, true); 64];
    let shared = build(&[property], 100, &draws, false);
    let document = read(&shared.inventory).unwrap();
    let wanted = |wanted: &[(&str, i32)]| {
        let wanted = wanted.iter().map(|(key, quantity)| ((*key).to_owned(), *quantity)).collect();
        document.with_quantities(&wanted).map_err(|error| error.to_string())
    };
    assert!(wanted(&[("200=größe 0", 3), ("200=größe 1", 3)]).is_ok());
    for (asked, words) in [
        (&[("200=größe 7", 3)][..], "it has no variation `200=größe 7`"),
        (&[("200=größe 0", 1000)], "1000 of `200=größe 0` are not between 0 and 999"),
        (&[("200=größe 0", -1)], "-1 of `200=größe 0` are not between 0 and 999"),
        (
            &[("200=größe 0", 3), ("200=größe 1", 4)],
            "`200=größe 1` shares its quantity with variations that shall have another",
        ),
    ] {
        assert_eq!(wanted(asked), Err(words.to_owned()));
    }
    assert!(document.with_quantities(&[("200=größe 0".to_owned(), 0)].into()).unwrap().is_empty());
}

#[test]
fn a_name_that_etsy_does_not_tell_is_left_out() {
    let draws = vec![(100, 5, true); 64];
    let mut world = build(&[(1, [true; 3], false)], 100, &draws, true).inventory;
    world["products"][0]["property_values"][0]["property_name"] = Value::Null;
    let body: Value =
        serde_json::from_slice(&read(&world).unwrap().to_put_body().unwrap()).unwrap();
    let written = &body["products"][0]["property_values"][0];
    assert!(written.get("property_name").is_none() && written["scale_id"].is_null(), "{written}");
    assert_eq!(body["products"][0]["offerings"][0]["readiness_state_id"], Value::Null);
}
