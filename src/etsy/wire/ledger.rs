//! Entries of a shop's payment account
//! (<https://developers.etsy.com/documentation/reference/#tag/Ledger-Entry>).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::lenient::{Code, Id, Many, MaybeId, MaybeName, MaybeText, Moment, Text, Whole};
use super::object::wire_object;
use crate::domain::Currency;
use crate::etsy::wire::{PaymentAdjustment, Unreadable, lenient, read};

wire_object! {
    /// Money that went into or out of the payment account.
    #[derive(Debug, Clone)]
    pub struct LedgerEntry {
        /// Its id.
        entry_id: i64 => Id,
        /// Its place: entries follow one another in this order.
        sequence_number: i64 => Whole,
        /// What it moves, signed. Etsy sends no divisor with it.
        amount: i64 => Whole,
        /// The account's balance after it, in the unit of `amount`.
        balance: i64 => Whole,
        /// Of the amount and the balance.
        currency: Currency => Code,
        /// What kind of movement, for instance `PAYMENT_GROSS`, `transaction` or `DISBURSE2`; no list of the words is
        /// published (<https://github.com/etsy/open-api/issues/442>). Empty in entries that predate the field.
        ledger_type: Cow<'text, str> => Text<'text>,
        /// What `reference_id` is an id of.
        reference_type: Option<Cow<'text, str>> => MaybeText<'text>,
        /// As text: the reference says a string, real entries carry a number
        /// (<https://github.com/etsy/open-api/issues/295>).
        reference_id: Option<Cow<'text, str>> => MaybeName<'text>,
        /// The entry that this one belongs to, for instance the fee of a VAT entry.
        parent_entry_id: Option<i64> => MaybeId,
        /// As written; usually the type again.
        description: Option<Cow<'text, str>> => MaybeText<'text>,
        /// When.
        created_timestamp: DateTime<Utc> => Moment,
        /// What a refund gave back.
        payment_adjustments: Vec<PaymentAdjustment<'text>> => Many<PaymentAdjustment<'text>>,
    }
    known: "ledger_id" | "create_date"
}

impl<'text> LedgerEntry<'text> {
    /// Reads a row of a page.
    pub fn read(row: &'text RawValue) -> Result<Self, Unreadable> {
        read(row.get().as_bytes())
    }

    /// The id of a row that may not read otherwise.
    pub fn id_of(row: &RawValue) -> Option<i64> {
        lenient::id_of(row, "entry_id")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{
        "entry_id": 21000001016, "ledger_id": 8080291000, "sequence_number": 1016, "amount": -4445,
        "currency": "USD", "description": "REFUND_GROSS", "balance": 6715, "create_date": 1788264091,
        "created_timestamp": 1788264091, "ledger_type": "REFUND_GROSS",
        "reference_type": "payment_adjustment", "reference_id": REFERENCE, "parent_entry_id": 0,
        "payment_adjustments": []
    }"#;

    fn reading(text: &str) -> Result<LedgerEntry<'_>, Unreadable> {
        read(text.as_bytes())
    }

    #[test]
    fn a_reference_is_a_string_or_a_number() {
        for (written, read) in [
            ("\"100307830003\"", Some("100307830003")),
            ("100307830003", Some("100307830003")),
            ("null", None),
            ("\"\"", None),
        ] {
            let text = ENTRY.replace("REFERENCE", written);
            let entry = reading(&text).unwrap();
            assert_eq!(entry.reference_id.as_deref(), read, "{written}");
            assert_eq!((entry.amount, entry.balance), (-4445, 6715));
            assert_eq!((entry.parent_entry_id, entry.unknown_fields.len()), (None, 0));
        }
        let text = ENTRY.replace("REFERENCE", "[1]");
        let complaint = reading(&text).unwrap_err().to_string();
        assert_eq!(
            complaint,
            "`reference_id`: found sequence, expected an id as a number or a string"
        );
    }
}
