//! What the merchant decided about entries for the books.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::values::{day, word};
use super::{PolicyKey, ShopError};
use crate::domain::vocabulary;

vocabulary! {
    /// What becomes of the entries for the books.
    Books {
        /// They are made for reading: `etsy-odoo report entries`.
        File = "file",
        /// They are made in Odoo, too, as drafts that a person posts.
        Draft = "draft",
    }
}

vocabulary! {
    /// What an account of the bookkeeping is used for: the classes of the payment account, and what stands in for several.
    AccountUse {
        /// What buyers paid; for refunds and Etsy's tax as well, unless they have their own.
        Sale = "sale",
        /// What went back to buyers.
        Refund = "refund",
        /// Tax that Etsy collects and remits.
        EtsyTax = "etsy_tax",
        /// All of Etsy's fees, ads, labels and credits that do not have their own.
        Fees = "fees",
        /// Transaction fees.
        FeeTransaction = "fee_transaction",
        /// Processing fees.
        FeeProcessing = "fee_processing",
        /// Listing fees.
        FeeListing = "fee_listing",
        /// Regulatory fees.
        FeeRegulatory = "fee_regulatory",
        /// Other fees.
        FeeOther = "fee_other",
        /// Value added tax on fees.
        VatOnFees = "vat_on_fees",
        /// Advertising.
        Ads = "ads",
        /// Postage labels.
        Labels = "labels",
        /// What Etsy gives.
        Credit = "credit",
        /// Paid out, on its way to the bank; for deposits and recoupments as well, unless they have their own.
        Payout = "payout",
        /// Bills that were paid by card.
        Deposit = "deposit",
        /// Taken from the bank.
        Recoupment = "recoupment",
        /// Etsy's corrections and reserves.
        Adjustment = "adjustment",
        /// What nobody knows the type of.
        Suspense = "suspense",
        /// The balance of the payment account.
        CarriedForward = "carried_forward",
    }
}

/// Without these no entry can be made.
const NEEDED: [AccountUse; 4] =
    [AccountUse::Sale, AccountUse::Fees, AccountUse::Payout, AccountUse::CarriedForward];

/// How entries for the books come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPolicy {
    /// See [`Books`].
    pub books: Books,
    /// Entries that are dated before this day are not made in Odoo.
    pub from: Option<DateTime<Utc>>,
    /// The short code of Odoo's journal.
    pub journal: Option<String>,
    /// The code of the account for each use.
    pub accounts: BTreeMap<AccountUse, String>,
}

impl Default for BookPolicy {
    fn default() -> Self {
        Self { books: Books::File, from: None, journal: None, accounts: BTreeMap::new() }
    }
}

impl BookPolicy {
    /// Sets one key; nothing: the key is none of these.
    pub(super) fn set(&mut self, key: PolicyKey, value: &str) -> Result<Option<()>, ShopError> {
        if key == PolicyKey::Books {
            self.books = word(key, value)?;
        } else if key == PolicyKey::BooksFrom {
            self.from = day(key, value)?;
        } else if key == PolicyKey::BooksJournal {
            self.journal = code(key, value)?;
        } else if key == PolicyKey::Accounts {
            self.accounts = accounts(key, value)?;
        } else {
            return Ok(None);
        }
        Ok(Some(()))
    }

    /// The value of a key in words; nothing: the key is none of these.
    pub(super) fn words(&self, key: PolicyKey) -> Option<String> {
        let named = |(used_for, code): (&AccountUse, &String)| format!("{used_for}:{code}");
        let values = [
            (PolicyKey::Books, self.books.to_string()),
            (
                PolicyKey::BooksFrom,
                self.from.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default(),
            ),
            (PolicyKey::BooksJournal, self.journal.clone().unwrap_or_default()),
            (PolicyKey::Accounts, self.accounts.iter().map(named).collect::<Vec<_>>().join(",")),
        ];
        values.into_iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// Refuses drafts that nobody could make.
    pub(super) fn check(&self) -> Result<(), ShopError> {
        if self.books == Books::File {
            return Ok(());
        }
        let mut missing = self.uses_without_account();
        if self.from.is_none() {
            missing.push("books_from".to_owned());
        }
        if self.journal.is_none() {
            missing.push("books_journal".to_owned());
        }
        if missing.is_empty() { Ok(()) } else { Err(ShopError::BooksNotNamed { missing }) }
    }

    /// The accounts without which no entry can be made, as far as they are not named.
    pub fn uses_without_account(&self) -> Vec<String> {
        NEEDED
            .iter()
            .filter(|needed| !self.accounts.contains_key(needed))
            .map(|needed| format!("accounts={needed}:…"))
            .collect()
    }

    /// The accounts as our database keeps them.
    pub(super) fn accounts_document(&self) -> serde_json::Value {
        self.accounts
            .iter()
            .map(|(used_for, code)| (used_for.to_string(), serde_json::Value::from(code.as_str())))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// The accounts from how our database keeps them.
    pub(super) fn accounts_from(
        document: &serde_json::Value,
    ) -> Result<BTreeMap<AccountUse, String>, ShopError> {
        document
            .as_object()
            .into_iter()
            .flatten()
            .map(|(used_for, code)| {
                let used_for = used_for.parse().map_err(ShopError::Word)?;
                Ok((used_for, code.as_str().unwrap_or_default().to_owned()))
            })
            .collect()
    }
}

fn refuse(key: PolicyKey, value: &str, expected: String) -> ShopError {
    ShopError::Value { key: key.as_str(), value: value.to_owned(), expected }
}

/// Letters, digits and dots: what Odoo's accounts and journals are coded with.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b".-_/".contains(&letter))
}

fn code(key: PolicyKey, value: &str) -> Result<Option<String>, ShopError> {
    if value.is_empty() {
        return Ok(None);
    }
    if is_code(value) {
        return Ok(Some(value.to_owned()));
    }
    Err(refuse(
        key,
        value,
        "the short code of a journal in Odoo, such as MISC, or nothing".to_owned(),
    ))
}

fn accounts(key: PolicyKey, value: &str) -> Result<BTreeMap<AccountUse, String>, ShopError> {
    let expected = || {
        let uses: Vec<&str> = AccountUse::ALL.iter().map(|used_for| used_for.as_str()).collect();
        format!(
            "uses with the codes of accounts, such as sale:121000,fees:620000, or nothing; uses are: {}",
            uses.join(", ")
        )
    };
    let mut accounts = BTreeMap::new();
    for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (used_for, code) =
            part.split_once(':').ok_or_else(|| refuse(key, value, expected()))?;
        let used_for: AccountUse =
            used_for.trim().parse().map_err(|_unknown| refuse(key, value, expected()))?;
        let code = code.trim();
        let is_first = accounts.insert(used_for, code.to_owned()).is_none();
        if !is_code(code) || !is_first {
            return Err(refuse(key, value, expected()));
        }
    }
    Ok(accounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<BTreeMap<AccountUse, String>, ShopError> {
        accounts(PolicyKey::Accounts, value)
    }

    #[test]
    fn accounts_are_a_code_for_each_use() {
        let accounts = read("fees:620000, sale:121000").unwrap();
        assert_eq!(accounts[&AccountUse::Sale], "121000");
        assert_eq!(accounts[&AccountUse::Fees], "620000");
        assert!(read("").unwrap().is_empty());
        for bad in ["sale", "sale:", "sales:1", "sale:1,sale:2", "sale:12 34", "sale=1"] {
            assert!(matches!(read(bad), Err(ShopError::Value { .. })), "{bad}");
        }
    }

    #[test]
    fn the_database_keeps_what_was_named() {
        let accounts = read("carried_forward:101000,etsy_tax:251000").unwrap();
        let policy = BookPolicy { accounts, ..BookPolicy::default() };
        let kept = BookPolicy::accounts_from(&policy.accounts_document()).unwrap();
        assert_eq!(kept, policy.accounts);
    }

    #[test]
    fn drafts_need_names() {
        let mut policy = BookPolicy { books: Books::Draft, ..BookPolicy::default() };
        let Err(ShopError::BooksNotNamed { missing }) = policy.check() else {
            panic!("drafts without accounts")
        };
        assert_eq!(missing.len(), 6, "{missing:?}");
        policy.accounts = read("sale:1,fees:2,payout:3,carried_forward:4").unwrap();
        policy.from = DateTime::from_timestamp(1_790_812_800, 0);
        policy.journal = Some("MISC".to_owned());
        assert!(policy.check().is_ok());
    }
}
