//! The JSON of a report on days against its schema, as far as the schema goes: types, words, patterns, and no other fields.

use std::collections::BTreeSet;

use serde_json::Value;

use super::forms::{troubled, written};
use super::period::spans;

const SCHEMA: &str = include_str!("../../../docs/period.schema.json");

struct Checker {
    schema: Value,
    /// The definitions that something was held against.
    seen: BTreeSet<String>,
}

impl Checker {
    /// What is wrong with a value; nothing: it fits.
    fn fault(&mut self, rule: &Value, value: &Value, place: &str) -> Option<String> {
        if let Some(name) = rule["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
            self.seen.insert(name.to_owned());
            let rule = self.schema["$defs"][name].clone();
            assert!(rule.is_object(), "no definition of {name}");
            return self.fault(&rule, value, place);
        }
        if let Some(rules) = rule["anyOf"].as_array() {
            let faults: Vec<_> = rules.iter().map(|rule| self.fault(rule, value, place)).collect();
            return faults.iter().all(Option::is_some).then(|| faults[0].clone()).flatten();
        }
        let wrong = || Some(format!("{place}: {value} against {rule}"));
        if let Some(constant) = rule.get("const") {
            return if value == constant { None } else { wrong() };
        }
        if let Some(words) = rule["enum"].as_array() {
            return if words.contains(value) { None } else { wrong() };
        }
        match (rule["type"].as_str().unwrap(), value) {
            ("object", Value::Object(fields)) => {
                let rules = rule["properties"].as_object().unwrap();
                let (known, has): (BTreeSet<_>, BTreeSet<_>) =
                    (rules.keys().collect(), fields.keys().collect());
                if known != has {
                    return Some(format!("{place}: {:?}", known.symmetric_difference(&has)));
                }
                fields.iter().find_map(|(name, value)| {
                    self.fault(&rules[name], value, &format!("{place}.{name}"))
                })
            }
            ("array", Value::Array(values)) => values
                .iter()
                .find_map(|value| self.fault(&rule["items"], value, &format!("{place}[]"))),
            ("string", Value::String(text)) => match rule["pattern"].as_str() {
                Some("^[A-Z]{3}$") => (text.len() != 3).then(wrong).flatten(),
                Some("^[0-9a-f]{64}$") => (text.len() != 64).then(wrong).flatten(),
                Some(_) => text.parse::<rust_decimal::Decimal>().is_err().then(wrong).flatten(),
                None => None,
            },
            ("integer", Value::Number(number)) if number.is_i64() => None,
            ("boolean", Value::Bool(_)) | ("null", Value::Null) => None,
            _ => wrong(),
        }
    }
}

/// What is wrong with a report's JSON; nothing: it is what its schema says.
pub(super) fn schema_fault(json: &Value) -> Option<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    Checker { schema: schema.clone(), seen: BTreeSet::new() }.fault(&schema, json, "")
}

#[tokio::test]
async fn the_json_is_what_its_schema_says() {
    let (house, _accounting) = troubled(300, 45).await;
    let (whole, _) = spans(&house).await;
    let (_, report, _) = written(&house, whole).await;
    let json: Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut checker = Checker { schema: schema.clone(), seen: BTreeSet::new() };
    assert_eq!(checker.fault(&schema, &json, ""), None);
    let defined: BTreeSet<String> = schema["$defs"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(checker.seen, defined, "every definition is in use");
    // a field that the schema does not know is found
    let mut other = json;
    other["accounts"][0]["secret"] = Value::Bool(true);
    assert!(checker.fault(&schema, &other, "").is_some_and(|fault| fault.contains("secret")));
}
