//! Policies, without a database.

use super::*;

#[test]
fn every_key_reads_what_it_shows() {
    let mut shown = Policy::default();
    shown.set(PolicyKey::OrdersFrom, "2026-01-31").unwrap();
    shown.set(PolicyKey::WarehouseId, "7").unwrap();
    shown.set(PolicyKey::EtsyTax, "own_line").unwrap();
    shown.set(PolicyKey::ProductSku, "etsy").unwrap();
    shown.set(PolicyKey::TagIds, "7,3").unwrap();
    shown.set(PolicyKey::Taxes, "included").unwrap();
    shown.set(PolicyKey::Partners, "own").unwrap();
    shown.set(PolicyKey::Language, "sr@latin").unwrap();
    shown.set(PolicyKey::StockMaster, "odoo").unwrap();
    shown.set(PolicyKey::StockBasis, "forecast").unwrap();
    shown.set(PolicyKey::StockWarehouseIds, "4,1").unwrap();
    shown.set(PolicyKey::StockBuffer, "2.5").unwrap();
    shown.set(PolicyKey::StockShare, "0.25").unwrap();
    shown.set(PolicyKey::StockFloor, "3").unwrap();
    shown.set(PolicyKey::StockCap, "20").unwrap();
    shown.set(PolicyKey::StockFreeze, "22:00-06:00").unwrap();
    shown.set(PolicyKey::StockConflict, "hold").unwrap();
    shown.set(PolicyKey::SoldOutListing, "renew").unwrap();
    shown.set(PolicyKey::GuardZeroedShare, "0.1").unwrap();
    shown.set(PolicyKey::GuardQuantityShare, "1").unwrap();
    shown.set(PolicyKey::Books, "draft").unwrap();
    shown.set(PolicyKey::BooksFrom, "2026-11-01").unwrap();
    shown.set(PolicyKey::BooksJournal, "MISC").unwrap();
    shown.set(PolicyKey::Accounts, "sale:121000,fees:620000").unwrap();
    let mut read = Policy::default();
    for (key, value) in shown.words() {
        read.set(key, &value).unwrap();
    }
    assert_eq!(read, shown);
}

#[test]
fn an_included_tax_has_a_name() {
    let mut policy = Policy::default();
    policy.set(PolicyKey::Taxes, "included").unwrap();
    assert!(matches!(policy.check(), Err(ShopError::TaxNotNamed)));
    policy.set(PolicyKey::TaxId, "3").unwrap();
    assert!(policy.check().is_ok());
}

#[test]
fn what_does_not_read_is_refused_with_what_does() {
    let mut policy = Policy::default();
    for (key, value) in [
        (PolicyKey::EtsyTax, "sometimes"),
        (PolicyKey::ProductPrice, "both"),
        (PolicyKey::OrdersFrom, "31.1.2026"),
        (PolicyKey::WarehouseId, "-1"),
        (PolicyKey::GuardNewOrders, "0"),
        (PolicyKey::GuardChangedShare, "1.5"),
        (PolicyKey::RereadDays, "0"),
        (PolicyKey::LedgerFrom, "yesterday"),
        (PolicyKey::TagIds, "3;7"),
        (PolicyKey::Taxes, "some"),
        (PolicyKey::Language, "German"),
        (PolicyKey::StockMaster, "both"),
        (PolicyKey::StockBuffer, "-1"),
        (PolicyKey::StockCap, "1000"),
        (PolicyKey::StockFreeze, "always"),
        (PolicyKey::Language, "de-DE"),
        (PolicyKey::Partners, "mine"),
        (PolicyKey::Books, "post"),
        (PolicyKey::BooksJournal, "Misc Journal"),
        (PolicyKey::Accounts, "sale"),
    ] {
        assert!(matches!(policy.set(key, value), Err(ShopError::Value { .. })), "{key}");
    }
    assert_eq!(policy, Policy::default());
    assert!(matches!(
        PolicyKey::find("warehouse"),
        Err(ShopError::Key { nearest: "warehouse_id", .. })
    ));
}
