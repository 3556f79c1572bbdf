//! What real answers have that the published schema does not: each deviation with a rate, all of them off by default.
//!
//! A row that deviates does so whenever it is read: what happens to it depends on the seed and its id alone.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::wire::with_entities;

/// Stands for half of a surrogate pair until the answer is bytes: a `String` cannot hold one.
const HALF_PAIR: char = '\u{F8FF}';

/// Deviations. A rate is of a thousand rows (receipts, ledger entries) or, for `repeated_rows`, of pages.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quirks {
    /// Which rows are struck.
    pub seed: u64,
    /// `Paid` for `paid` (<https://github.com/etsy/open-api/issues/469>). Some receipts are so without it.
    pub capitalised_status: u16,
    /// A status that the schema does not list.
    pub unknown_status: u16,
    /// A field that the schema does not have.
    pub unknown_field: u16,
    /// Entities in names, streets and titles (<https://github.com/etsy/open-api/issues/446>). Some receipts have them
    /// without it.
    pub html_entities: u16,
    /// Addresses that are null from the first line to the country.
    pub withheld_address: u16,
    /// Lines whose listing, product and SKU are null.
    pub deleted_listing: u16,
    /// A ledger's `reference_id` as a number (<https://github.com/etsy/open-api/issues/295>).
    pub integer_reference: u16,
    /// The ids of a receipt and its lines, or of an entry, as strings.
    pub ids_as_strings: u16,
    /// Pages after the first that begin one row early, so that a row is there twice and another not at all
    /// (<https://github.com/etsy/open-api/issues/510>). Reading the page again helps.
    pub repeated_rows: u16,
    /// A divisor of 0 in the total: the row cannot be read.
    pub zero_divisor: u16,
    /// `\ud800` alone in the buyer's name: valid to a lenient parser of JSON, and no text.
    pub lone_surrogate: u16,
    /// `\u0000` in the buyer's message, which no database takes.
    pub nul_character: u16,
    /// A total below zero.
    pub negative_amount: u16,
    /// What `was_canceled` means when it is left out.
    pub omitted_was_canceled: OmittedFilter,
    /// Whether a cancellation moves the receipt's `updated_timestamp`.
    pub cancellation_moves_updated: bool,
    /// Whether the application may not send tracking codes.
    pub tracking_is_refused: bool,
    /// Whether `PUT receipts/{id}` answers 200 and does nothing (<https://github.com/etsy/open-api/issues/637>).
    pub receipt_put_is_ignored: bool,
    /// Whether inactive listings read back as `edit` (<https://github.com/etsy/open-api/issues/473>).
    pub inactive_reads_as_edit: bool,
    /// Whether the batch of inventories is silent about processing profiles, as the reference allows it to be.
    pub batch_hides_readiness: bool,
}

/// What a filter means that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OmittedFilter {
    /// As when Etsy introduced it: `false`.
    #[default]
    MeansFalse,
    /// As Etsy announced it for later: `null`, both.
    MeansAll,
}

impl Quirks {
    /// Every deviation of rows and pages at this rate, of a thousand.
    pub fn everywhere(seed: u64, rate: u16) -> Self {
        Self {
            seed,
            capitalised_status: rate,
            unknown_status: rate,
            unknown_field: rate,
            html_entities: rate,
            withheld_address: rate,
            deleted_listing: rate,
            integer_reference: rate,
            ids_as_strings: rate,
            repeated_rows: rate,
            zero_divisor: rate,
            lone_surrogate: rate,
            nul_character: rate,
            negative_amount: rate,
            ..Self::default()
        }
    }

    /// Whether a deviation strikes the thing of this id. `name` keeps deviations apart.
    fn strikes(&self, rate: u16, name: &str, id: i64) -> bool {
        if rate == 0 {
            return false;
        }
        let salt = name.bytes().fold(self.seed, |sum, byte| {
            sum.wrapping_mul(0x0100_0000_01B3).wrapping_add(u64::from(byte))
        });
        let own = u64::from_ne_bytes(id.to_ne_bytes()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        fastrand::Rng::with_seed(salt ^ own).u16(..1_000) < rate
    }

    /// Whether the page that is the `number`th answer begins one row early.
    pub(super) fn repeats_a_row(&self, number: u64) -> bool {
        let number = i64::try_from(number).unwrap_or_default();
        self.strikes(self.repeated_rows, "repeated_rows", number)
    }

    /// A receipt as it is answered; `has_entities` when its text already carries them.
    pub(super) fn bend_receipt(&self, body: &mut Value, id: i64, has_entities: bool) {
        let strikes = |rate: u16, name: &str| self.strikes(rate, name, id);
        if strikes(self.capitalised_status, "capitalised_status") {
            capitalise(body, "status");
        }
        if strikes(self.unknown_status, "unknown_status") {
            set(body, "status", json!("on hold"));
        }
        if strikes(self.unknown_field, "unknown_field") {
            set(body, "fulfillment_priority", json!({ "tier": "gold", "score": 7 }));
        }
        if strikes(self.html_entities, "html_entities") && !has_entities {
            for name in ["name", "first_line", "second_line", "city", "formatted_address"] {
                escape(body, name);
            }
            for line in lines(body) {
                escape(line, "title");
            }
        }
        if strikes(self.withheld_address, "withheld_address") {
            let names = "first_line second_line city state zip formatted_address country_iso";
            names.split(' ').for_each(|name| set(body, name, Value::Null));
        }
        if strikes(self.deleted_listing, "deleted_listing") {
            for line in lines(body) {
                for name in ["listing_id", "product_id", "sku"] {
                    set(line, name, Value::Null);
                }
            }
        }
        self.spoil_receipt(body, id);
        if strikes(self.ids_as_strings, "ids_as_strings") {
            quote_ids(body);
            lines(body).iter_mut().for_each(quote_ids);
        }
    }

    /// What cannot be read as a receipt.
    fn spoil_receipt(&self, body: &mut Value, id: i64) {
        let strikes = |rate: u16, name: &str| self.strikes(rate, name, id);
        if strikes(self.zero_divisor, "zero_divisor")
            && let Some(total) = body.get_mut("grandtotal")
        {
            set(total, "divisor", json!(0));
        }
        if strikes(self.negative_amount, "negative_amount")
            && let Some(total) = body.get_mut("grandtotal")
        {
            let amount = total.get("amount").and_then(Value::as_i64).unwrap_or(1);
            set(total, "amount", json!(-amount));
        }
        if strikes(self.lone_surrogate, "lone_surrogate") {
            let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
            set(body, "name", json!(format!("{name} {HALF_PAIR}")));
        }
        if strikes(self.nul_character, "nul_character") {
            set(body, "message_from_buyer", json!("Please\u{0}call"));
        }
    }

    /// An entry of the ledger as it is answered.
    pub(super) fn bend_entry(&self, body: &mut Value, id: i64) {
        if self.strikes(self.integer_reference, "integer_reference", id)
            && let Some(reference) = body.get("reference_id").and_then(Value::as_str)
            && let Ok(number) = reference.parse::<i64>()
        {
            set(body, "reference_id", json!(number));
        }
        if self.strikes(self.unknown_field, "unknown_field", id) {
            set(body, "settlement_hint", json!("T+2"));
        }
        if self.strikes(self.ids_as_strings, "ids_as_strings", id) {
            quote_ids(body);
        }
    }
}

fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn lines(body: &mut Value) -> &mut [Value] {
    body.get_mut("transactions")
        .and_then(Value::as_array_mut)
        .map(Vec::as_mut_slice)
        .unwrap_or_default()
}

fn escape(body: &mut Value, name: &str) {
    if let Some(Value::String(text)) = body.get_mut(name) {
        *text = with_entities(text);
    }
}

fn capitalise(body: &mut Value, name: &str) {
    let Some(Value::String(text)) = body.get_mut(name) else { return };
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect::<String>()
            })
        })
        .collect();
    *text = words.join(" ");
}

fn quote_ids(body: &mut Value) {
    let Some(fields) = body.as_object_mut() else { return };
    for (name, value) in fields.iter_mut() {
        if (name.ends_with("_id") || name == "sequence_number") && value.is_i64() {
            *value = Value::String(value.to_string());
        }
    }
}

/// The answer with its halves of pairs as the escapes they are.
pub(super) fn answer(body: &impl Serialize) -> Response {
    let text = serde_json::to_string(body).unwrap_or_default().replace(HALF_PAIR, "\\ud800");
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Value {
        json!({
            "receipt_id": 5, "status": "fully refunded", "name": "A & B", "city": "X",
            "grandtotal": {"amount": 7, "divisor": 100},
            "transactions": [{"transaction_id": 9, "sku": "S", "listing_id": 3, "title": "T"}],
        })
    }

    #[test]
    fn nothing_deviates_unless_asked_for() {
        let mut body = receipt();
        Quirks::default().bend_receipt(&mut body, 5, false);
        assert_eq!(body, receipt());
    }

    #[test]
    fn a_row_deviates_the_same_way_every_time() {
        let quirks = Quirks { zero_divisor: 300, ..Quirks::default() };
        let struck = |id: i64| {
            let mut body = receipt();
            quirks.bend_receipt(&mut body, id, false);
            body["grandtotal"]["divisor"] == 0
        };
        let first: Vec<bool> = (0..1_000).map(struck).collect();
        assert_eq!(first, (0..1_000).map(struck).collect::<Vec<_>>());
        let number = first.iter().filter(|struck| **struck).count();
        assert!((240..360).contains(&number), "{number} of 1000");
    }

    #[tokio::test]
    async fn every_deviation_can_be_seen() {
        let mut body = receipt();
        Quirks { unknown_status: 0, ..Quirks::everywhere(1, 1_000) }
            .bend_receipt(&mut body, 5, false);
        assert_eq!(body["status"], "Fully Refunded");
        assert_eq!(
            (&body["receipt_id"], &body["transactions"][0]["sku"]),
            (&json!("5"), &Value::Null)
        );
        assert_eq!(body["grandtotal"], json!({"amount": -7, "divisor": 0}));
        assert!(body["name"].as_str().unwrap().starts_with("A &amp; B"));
        assert_eq!(body["country_iso"], Value::Null);
        let bytes = axum::body::to_bytes(answer(&body).into_body(), 10_000).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains("B \\ud800\"") && text.contains("Please\\u0000call"));
        assert!(
            serde_json::from_str::<Value>(&text).is_err(),
            "no strict parser takes half a pair"
        );
    }
}
