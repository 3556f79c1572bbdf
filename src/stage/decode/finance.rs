//! The payment account and the payments behind it.

use super::Kept;
use crate::domain::{Currency, Money};
use crate::etsy::wire::{LedgerEntry, Payment, PaymentAdjustment, WireMoney};
use crate::stage::binary::Row;
use crate::stage::border::{self, Fault};
use crate::stage::drift::Novelties;
use crate::stage::entity::Entity;
use crate::stage::sheet::{Sheet, Table};

const ENTRY_COLUMNS: i16 = 15;
const PAYMENT_COLUMNS: i16 = 21;
const ADJUSTMENT_COLUMNS: i16 = 14;

/// Types that were seen in real ledgers; no list is published (<https://github.com/etsy/open-api/issues/442>). Most also
/// come with `_refund` behind them.
const LEDGER_TYPES: &[&str] = &[
    "auto_renew_expired",
    "billing_payment",
    "buyer_fee",
    "disburse",
    "disburse2",
    "gift_wrap_fees",
    "listing",
    "listing_private",
    "offsite_ads_fee",
    "payment_gross",
    "payment_processing_fee",
    "prolist",
    "recoup",
    "refund",
    "refund_gross",
    "refund_processing_fee",
    "regulatory_operating_fee",
    "renew_expired",
    "renew_sold",
    "renew_sold_auto",
    "sales_tax",
    "seller_driven_traffic_credit",
    "shipping_label_usps_adjustment_credit",
    "shipping_labels",
    "shipping_transaction",
    "transaction",
    "transaction_quantity",
    "vat_on_processing_fees",
    "vat_seller_services",
];

/// What entries were seen to point at.
const REFERENCE_TYPES: &[&str] = &[
    "disbursement",
    "etsy",
    "listing",
    "payment_adjustment",
    "processing_fee",
    "receipt",
    "shipping_label",
    "shop_payment",
    "transaction",
];

impl<'text> Kept<'text> for LedgerEntry<'text> {
    const ID: &'static str = "entry_id";

    fn id(&self) -> i64 {
        self.entry_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let mark = sheet.mark(Entity::LedgerEntry);
        write_adjustments(&self.payment_adjustments, sheet)?;
        if self.sequence_number < 0 {
            return Err(Fault::new("sequence_number", "is negative"));
        }
        let amount = border::bare_amount("amount", self.amount)?;
        let balance = border::bare_amount("balance", self.balance)?;
        let kind = border::word("ledger_type", &self.ledger_type)?;
        let points_at = self.reference_type.as_deref();
        let points_at = points_at.map(|word| border::word("reference_type", word)).transpose()?;
        let reference = self.reference_id.as_deref();
        let reference = reference.map(|id| border::word("reference_id", id)).transpose()?;
        let description = border::optional("description", self.description.as_ref())?;
        let at =
            border::moment("created_timestamp", self.created_timestamp, sheet.origin.fetched_at)?;
        let shop_id = sheet.origin.shop_id;
        let mut row = sheet.begin(Table::LedgerEntry, ENTRY_COLUMNS);
        row.int8(shop_id);
        row.int8(self.entry_id);
        row.int8(self.sequence_number);
        row.int8(amount);
        row.int8(balance);
        row.text(self.currency.as_str());
        row.text(&kind);
        row.text_or_null(points_at.as_deref());
        row.text_or_null(reference.as_deref());
        row.int8_or_null(self.parent_entry_id);
        row.text_or_null(description.as_deref());
        row.moment(at);
        sheet.seal(Entity::LedgerEntry, mark);
        note_entry(self, &mut sheet.novelties);
        sheet.keep(Entity::LedgerEntry, self.entry_id, mark, None);
        Ok(())
    }
}

fn note_entry(entry: &LedgerEntry<'_>, novelties: &mut Novelties) {
    novelties.fields("ledger_entry", &entry.unknown_fields);
    let kind = entry.ledger_type.to_lowercase();
    let root = kind.strip_suffix("_refund").unwrap_or(&kind);
    if !kind.is_empty() && !LEDGER_TYPES.contains(&root) && !LEDGER_TYPES.contains(&kind.as_str()) {
        novelties.word("ledger_entry", "ledger_type", &kind);
    }
    if let Some(word) = entry.reference_type.as_deref().filter(|word| !word.is_empty())
        && !REFERENCE_TYPES.iter().any(|known| known.eq_ignore_ascii_case(word))
    {
        novelties.word("ledger_entry", "reference_type", word);
    }
    note_adjustments(&entry.payment_adjustments, novelties);
}

fn note_adjustments(adjustments: &[PaymentAdjustment<'_>], novelties: &mut Novelties) {
    for adjustment in adjustments {
        novelties.fields("payment_adjustment", &adjustment.unknown_fields);
    }
}

impl<'text> Kept<'text> for Payment<'text> {
    const ID: &'static str = "payment_id";

    fn id(&self) -> i64 {
        self.payment_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let mark = sheet.mark(Entity::Payment);
        write_adjustments(&self.payment_adjustments, sheet)?;
        let amounts = Three::read(
            ["amount_gross", "amount_fees", "amount_net"],
            [Some(&self.amount_gross), Some(&self.amount_fees), Some(&self.amount_net)],
        )?;
        let posted = Three::read(
            ["posted_gross", "posted_fees", "posted_net"],
            [self.posted_gross.as_ref(), self.posted_fees.as_ref(), self.posted_net.as_ref()],
        )?;
        let adjusted = Three::read(
            ["adjusted_gross", "adjusted_fees", "adjusted_net"],
            [self.adjusted_gross.as_ref(), self.adjusted_fees.as_ref(), self.adjusted_net.as_ref()],
        )?;
        let status = border::word("status", &self.status)?;
        let fetched_at = sheet.origin.fetched_at;
        let created = border::moment("created_timestamp", self.created_timestamp, fetched_at)?;
        let updated = border::moment("updated_timestamp", self.updated_timestamp, fetched_at)?;
        let shop_id = sheet.origin.shop_id;
        let mut row = sheet.begin(Table::Payment, PAYMENT_COLUMNS);
        row.int8(shop_id);
        row.int8(self.payment_id);
        row.int8(self.receipt_id);
        row.text(&status.to_lowercase());
        amounts.write(&mut row);
        posted.write(&mut row);
        adjusted.write(&mut row);
        row.moment(created);
        row.moment(updated);
        sheet.seal(Entity::Payment, mark);
        sheet.novelties.fields("payment", &self.unknown_fields);
        note_adjustments(&self.payment_adjustments, &mut sheet.novelties);
        sheet.keep(Entity::Payment, self.payment_id, mark, None);
        Ok(())
    }
}

/// Gross, fees and net, in one currency that need not be that of the next three.
struct Three {
    currency: Option<Currency>,
    amounts: [Option<Money>; 3],
}

impl Three {
    fn read(fields: [&str; 3], wires: [Option<&WireMoney>; 3]) -> Result<Self, Fault> {
        let mut three = Self { currency: None, amounts: [None; 3] };
        for ((field, wire), amount) in fields.iter().zip(wires).zip(&mut three.amounts) {
            let Some(wire) = wire else { continue };
            let money = border::money(field, wire)?;
            if *three.currency.get_or_insert(money.currency()) != money.currency() {
                return Err(Fault::new(*field, "is in another currency than its neighbours"));
            }
            *amount = Some(money);
        }
        Ok(three)
    }

    fn write(&self, row: &mut Row<'_>) {
        row.text_or_null(self.currency.as_ref().map(Currency::as_str));
        for amount in self.amounts {
            match amount {
                Some(amount) => row.numeric(amount.minor(), amount.decimals()),
                None => row.null(),
            }
        }
    }
}

fn write_adjustments(
    adjustments: &[PaymentAdjustment<'_>],
    sheet: &mut Sheet,
) -> Result<(), Fault> {
    for (index, adjustment) in adjustments.iter().enumerate() {
        write_adjustment(adjustment, sheet)
            .map_err(|fault| fault.within(&format!("payment_adjustments[{index}]")))?;
    }
    Ok(())
}

fn write_adjustment(adjustment: &PaymentAdjustment<'_>, sheet: &mut Sheet) -> Result<(), Fault> {
    let status = border::word("status", &adjustment.status)?;
    let fetched_at = sheet.origin.fetched_at;
    let created = border::moment("created_timestamp", adjustment.created_timestamp, fetched_at)?;
    let updated = border::moment("updated_timestamp", adjustment.updated_timestamp, fetched_at)?;
    let amounts = [
        ("total_adjustment_amount", adjustment.total_adjustment_amount),
        ("shop_total_adjustment_amount", adjustment.shop_total_adjustment_amount),
        ("buyer_total_adjustment_amount", adjustment.buyer_total_adjustment_amount),
        ("total_fee_adjustment_amount", adjustment.total_fee_adjustment_amount),
    ];
    let shop_id = sheet.origin.shop_id;
    let begun = sheet.rows(Table::Adjustment).len();
    let mut row = sheet.begin(Table::Adjustment, ADJUSTMENT_COLUMNS);
    row.int8(shop_id);
    row.int8(adjustment.payment_adjustment_id);
    row.int8(adjustment.payment_id);
    row.text(&status.to_lowercase());
    row.boolean(adjustment.is_success);
    for (field, amount) in amounts {
        row.int8_or_null(amount.map(|amount| border::bare_amount(field, amount)).transpose()?);
    }
    row.moment(created);
    row.moment(updated);
    sheet.seal_part(Table::Adjustment, begun);
    Ok(())
}
