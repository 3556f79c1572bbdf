//! What a row is known by, read without reading the row: enough to prove that pages join, and nothing of a buyer.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A row of a page: its number, and when it was made and last changed. What does not read is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The receipt's, listing's, entry's or payment's id.
    pub id: Option<i64>,
    /// Seconds since 1970.
    pub created: Option<i64>,
    /// Seconds since 1970.
    pub updated: Option<i64>,
    /// Whether the row came with its inventory.
    pub has_inventory: bool,
}

#[derive(Deserialize)]
struct Fields<'row> {
    #[serde(borrow)]
    receipt_id: Option<&'row RawValue>,
    #[serde(borrow)]
    listing_id: Option<&'row RawValue>,
    #[serde(borrow)]
    entry_id: Option<&'row RawValue>,
    #[serde(borrow)]
    created_timestamp: Option<&'row RawValue>,
    #[serde(borrow)]
    updated_timestamp: Option<&'row RawValue>,
    #[serde(borrow)]
    last_modified_timestamp: Option<&'row RawValue>,
    #[serde(borrow)]
    inventory: Option<&'row RawValue>,
}

fn number(raw: Option<&RawValue>) -> Option<i64> {
    raw?.get().trim_matches('"').parse().ok()
}

impl Mark {
    /// Reads a row as far as it reads.
    pub fn of(row: &RawValue) -> Self {
        let Ok(fields) = serde_json::from_str::<Fields<'_>>(row.get()) else {
            return Self::default();
        };
        Self {
            id: number(fields.receipt_id.or(fields.listing_id).or(fields.entry_id)),
            created: number(fields.created_timestamp),
            updated: number(fields.updated_timestamp).max(number(fields.last_modified_timestamp)),
            has_inventory: fields.inventory.is_some(),
        }
    }
}

/// What an entry of the ledger says about the chain, and whom it names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryMark {
    /// Its place in the shop's ledger.
    pub sequence: i64,
    /// What it adds.
    pub amount: i64,
    /// What the account holds after it.
    pub balance: i64,
    /// Seconds since 1970.
    pub created: i64,
    /// Payments that it names: money that came, or an adjustment of it.
    pub payments: Vec<i64>,
    /// A receipt that a refund names.
    pub refunded_receipt: Option<i64>,
    /// Lines of a receipt that a refund names.
    pub refunded_transactions: Vec<i64>,
}

#[derive(Deserialize)]
struct EntryFields<'row> {
    sequence_number: i64,
    amount: i64,
    balance: i64,
    created_timestamp: i64,
    #[serde(default)]
    ledger_type: Option<String>,
    #[serde(default)]
    reference_type: Option<String>,
    #[serde(default, borrow)]
    reference_id: Option<&'row RawValue>,
    #[serde(default)]
    payment_adjustments: Option<Vec<Adjustment>>,
}

#[derive(Deserialize)]
struct Adjustment {
    payment_id: Option<i64>,
    #[serde(default)]
    payment_adjustment_items: Option<Vec<AdjustmentItem>>,
}

#[derive(Deserialize)]
struct AdjustmentItem {
    transaction_id: Option<i64>,
}

impl EntryMark {
    /// Reads an entry; nothing when it does not read.
    ///
    /// Types and references are words that no list names (<https://github.com/etsy/open-api/issues/442>), and ids come as
    /// numbers or as digits (<https://github.com/etsy/open-api/issues/295>).
    pub fn of(row: &RawValue) -> Option<Self> {
        let fields: EntryFields<'_> = serde_json::from_str(row.get()).ok()?;
        let reference = number(fields.reference_id).filter(|id| *id > 0);
        let is = |word: &str| {
            fields.reference_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(word))
        };
        let is_refund = fields
            .ledger_type
            .as_deref()
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("refund"));
        let adjustments = fields.payment_adjustments.unwrap_or_default();
        let mut refunded_transactions: Vec<i64> = adjustments
            .iter()
            .flat_map(|adjustment| adjustment.payment_adjustment_items.iter().flatten())
            .filter_map(|item| item.transaction_id)
            .collect();
        if is_refund && is("transaction") {
            refunded_transactions.extend(reference);
        }
        let mut payments: Vec<i64> =
            adjustments.iter().filter_map(|adjustment| adjustment.payment_id).collect();
        if is("shop_payment") {
            payments.extend(reference);
        }
        Some(Self {
            sequence: fields.sequence_number,
            amount: fields.amount,
            balance: fields.balance,
            created: fields.created_timestamp,
            payments,
            refunded_receipt: reference.filter(|_| is_refund && is("receipt")),
            refunded_transactions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_row_is_known_although_it_does_not_read() {
        let mark = Mark::of(row(
            r#"{"receipt_id": "7", "created_timestamp": 5, "updated_timestamp": 6, "name": "\ud800",
                "grandtotal": {"divisor": 0}, "transactions": [{"listing_id": 1}]}"#,
        ));
        assert_eq!((mark.id, mark.created, mark.updated), (Some(7), Some(5), Some(6)));
        assert_eq!(Mark::of(row("[1]")), Mark::default());
        assert_eq!(Mark::of(row(r#"{"receipt_id": "x"}"#)).id, None);
    }

    #[test]
    fn an_inventory_comes_or_does_not() {
        assert!(Mark::of(row(r#"{"listing_id": 1, "inventory": {"products": []}}"#)).has_inventory);
        for without in [r#"{"listing_id": 1, "inventory": null}"#, r#"{"listing_id": 1}"#] {
            assert!(!Mark::of(row(without)).has_inventory);
        }
    }

    #[test]
    fn a_refund_names_whom_it_is_about() {
        let head = r#""sequence_number": 2, "amount": -5, "balance": 0, "created_timestamp": 9"#;
        let gross = EntryMark::of(row(&format!(
            r#"{{{head}, "ledger_type": "REFUND_GROSS", "reference_type": "payment_adjustment", "reference_id": "100",
                "payment_adjustments": [{{"payment_id": 11, "payment_adjustment_items":
                    [{{"transaction_id": 4}}, {{"transaction_id": null}}]}}]}}"#
        )))
        .unwrap();
        assert_eq!((gross.payments, gross.refunded_transactions), (vec![11], vec![4]));
        let tax = EntryMark::of(row(&format!(
            r#"{{{head}, "ledger_type": "sales_tax_refund", "reference_type": "receipt", "reference_id": 3}}"#
        )))
        .unwrap();
        assert_eq!((tax.refunded_receipt, tax.payments.len()), (Some(3), 0));
        let sale = EntryMark::of(row(&format!(
            r#"{{{head}, "ledger_type": "sales_tax", "reference_type": "receipt", "reference_id": "3"}}"#
        )))
        .unwrap();
        assert_eq!(sale.refunded_receipt, None, "a sale is no refund");
    }
}
