//! The books of shops whose entries are made in Odoo, as `check` looks at them.

use super::fault::CheckFault;
use super::lines::Checks;
use crate::cli::CommandError;
use crate::db::OdooReader;
use crate::shop::{Books, Shop, Status};
use crate::snapshot::books_faults;

/// Whether Odoo has the journal and the accounts that the shops' policies name.
pub(super) async fn look(
    checks: &mut Checks<'_>,
    reader: &mut OdooReader,
    shops: &[Shop],
) -> Result<(), CommandError> {
    for shop in shops.iter().filter(|shop| shop.status == Status::Active) {
        let what = format!("books of {}", shop.name);
        let policy = &shop.policy.books;
        match policy.books {
            Books::File if policy.accounts.is_empty() => {}
            Books::File => {
                let missing = policy.uses_without_account();
                if missing.is_empty() {
                    checks.say(&what, Ok(accounts(policy.accounts.len(), "kept as a file")))?;
                } else {
                    checks.warn(
                        &what,
                        format!("no account is named for {}", missing.join(", ")),
                        format!("`etsy-odoo shop set {} accounts=…`", shop.name),
                    )?;
                }
            }
            Books::Draft => {
                let mut codes: Vec<&str> = policy.accounts.values().map(String::as_str).collect();
                codes.sort_unstable();
                codes.dedup();
                let journal = policy.journal.as_deref().unwrap_or_default();
                match books_faults(reader, shop.policy.company_id, journal, &codes).await {
                    Ok(faults) if faults.is_empty() => {
                        let found =
                            accounts(codes.len(), &format!("in Odoo, and journal {journal}"));
                        checks.say(&what, Ok(found))?;
                    }
                    Ok(faults) => {
                        for fault in faults {
                            let shop = shop.name.clone();
                            checks.say(&what, Err(CheckFault::Books { shop, fault }.into()))?;
                        }
                    }
                    Err(error) => checks.say(&what, Err(error.into()))?,
                }
            }
        }
    }
    Ok(())
}

fn accounts(count: usize, where_they_are: &str) -> String {
    format!("{count} accounts {where_they_are}")
}
