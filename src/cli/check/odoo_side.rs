//! Odoo, its user and its database, as `check` looks at them.

use super::books;
use super::fault::{CheckFault, NARROW};
use super::lines::{Checks, NOT_ASKED};
use crate::cli::{CommandError, Session};
use crate::db::{OdooReader, try_to_write};
use crate::odoo::{
    ApiUser, CustomField, KeyEnd, OdooError, OdooWriter, ServiceProduct, Standing, UserId, Uses,
};
use crate::shop::{Books, FieldOwner, Policy, Shop, Status, StockMaster, UnknownProduct};
use crate::snapshot::{Surplus, see_that_odoo_fits, surplus_columns};

/// How many columns are named of those that a role need not see.
const NAMED: usize = 3;

/// Looks at Odoo over RPC, and at its database.
pub(super) async fn look(checks: &mut Checks<'_>, shops: &[Shop]) -> Result<(), CommandError> {
    match connected(checks.session).await {
        Ok((odoo, version)) => {
            let UserId(user) = odoo.user();
            checks.say("Odoo", Ok(format!("{version}, as user {user}")))?;
            prepared(checks, &odoo).await?;
            user_of_runs(checks, &odoo, shops).await?;
        }
        Err(error) => checks.say("Odoo", Err(error))?,
    }
    match checks.session.odoo_reader().await {
        Ok(mut reader) => {
            database(checks, &mut reader).await?;
            books::look(checks, &mut reader, shops).await
        }
        Err(error) => checks.say("Odoo's database", Err(error)),
    }
}

async fn connected(session: &Session) -> Result<(OdooWriter, String), CommandError> {
    let odoo = session.odoo().await?;
    let version = odoo.known_version().await?;
    Ok((odoo, version.text))
}

/// What `init` makes, and what it needs.
async fn prepared(checks: &mut Checks<'_>, odoo: &OdooWriter) -> Result<(), CommandError> {
    let modules =
        odoo.see_that_modules_are_there().await.map(|()| "all that are needed".to_owned());
    checks.say("Odoo's modules", modules.map_err(CommandError::from))?;
    let fields = match odoo.fields_missing().await {
        Ok(missing) => match missing.first() {
            None => Ok(format!("{} of ours, all plain text", CustomField::ALL.len())),
            Some(field) => {
                Err(CheckFault::NoField { model: field.model, field: field.name }.into())
            }
        },
        Err(error) => Err(error.into()),
    };
    checks.say("Odoo's fields", fields)?;
    products(checks, odoo).await
}

async fn products(checks: &mut Checks<'_>, odoo: &OdooWriter) -> Result<(), CommandError> {
    const WHAT: &str = "Odoo's products";
    let (services, tag) = match (odoo.service_products().await, odoo.review_tag().await) {
        (Ok(services), Ok(tag)) => (services, tag),
        (Err(error), _) | (_, Err(error)) => return checks.say(WHAT, Err(error.into())),
    };
    let mut missing: Vec<&str> = Vec::new();
    let mut is_well = true;
    for (ServiceProduct { name, .. }, standing) in services {
        match standing {
            Standing::There(_) => {}
            Standing::Missing => missing.push(name),
            Standing::Archived => {
                is_well = false;
                checks.say(WHAT, Err(OdooError::Archived { name }.into()))?;
            }
            Standing::Changed(_, how) => {
                is_well = false;
                checks.warn(
                    WHAT,
                    format!("\"{name}\" {how}"),
                    "if that is not meant so, put it right on the product in Odoo".to_owned(),
                )?;
            }
        }
    }
    if tag.is_none() {
        missing.push("the tag \"Etsy: to review\"");
    }
    if !missing.is_empty() {
        return checks.say(WHAT, Err(CheckFault::NoRecords { missing }.into()));
    }
    if !is_well {
        return Ok(());
    }
    let count = ServiceProduct::ALL.len();
    checks.say(WHAT, Ok(format!("{count} services and the tag for reviews are there")))
}

fn writes_products(policy: &Policy) -> bool {
    let owners =
        [policy.product_name, policy.product_description, policy.product_sku, policy.product_price];
    policy.unknown_product == UnknownProduct::Create || owners.contains(&FieldOwner::Etsy)
}

/// Whether the user may do what the shops' policies want done, and no more.
async fn user_of_runs(
    checks: &mut Checks<'_>,
    odoo: &OdooWriter,
    shops: &[Shop],
) -> Result<(), CommandError> {
    const WHAT: &str = "Odoo's user";
    let active = || shops.iter().filter(|shop| shop.status == Status::Active);
    let uses = Uses {
        products: active().any(|shop| writes_products(&shop.policy)),
        counts: active().any(|shop| shop.policy.stock.master == StockMaster::Etsy),
        entries: active().any(|shop| shop.policy.books.books == Books::Draft),
    };
    match odoo.missing_rights(uses).await {
        Ok(missing) if missing.is_empty() => {
            let products = if uses.products { ", products" } else { "" };
            let counts = if uses.counts { ", counts of stock" } else { "" };
            let entries = if uses.entries { ", entries for the books" } else { "" };
            checks
                .say(WHAT, Ok(format!("may write customers, orders{products}{counts}{entries}")))?;
        }
        Ok(missing) => {
            for right in missing {
                checks.say(WHAT, Err(CheckFault::NoRight(Box::new(right)).into()))?;
            }
        }
        Err(error) => checks.say(WHAT, Err(error.into()))?,
    }
    let user = match odoo.api_user().await {
        Ok(user) => user,
        Err(error) => return checks.say(WHAT, Err(error.into())),
    };
    for shop in active() {
        let closed = shop.policy.company_id.filter(|company| !user.companies.contains(company));
        if let Some(company) = closed {
            checks.say(
                WHAT,
                Err(CheckFault::NoCompany { shop: shop.name.clone(), company }.into()),
            )?;
        }
    }
    more_than_needed(checks, &user)
}

fn more_than_needed(checks: &mut Checks<'_>, user: &ApiUser) -> Result<(), CommandError> {
    const WHAT: &str = "Odoo's user";
    if let Some(group) = user.administers {
        checks.warn(
            WHAT,
            format!("is an administrator ({group}), which no run needs"),
            "let the runs have a user of their own, with the groups that docs/operations.md lists"
                .to_owned(),
        )?;
    }
    let (ends, whose) = match user.key_end(checks.session.clock.now()) {
        KeyEnd::NotSoon => return Ok(()),
        KeyEnd::At(ends) => (ends, "the API key"),
        KeyEnd::Perhaps(ends) => (ends, "one of the user's API keys"),
    };
    checks.warn(
        WHAT,
        format!("{whose} ends at {}", ends.format("%Y-%m-%d %H:%M UTC")),
        "make a new one as that user (Preferences, Account Security) and put it into odoo.api_key"
            .to_owned(),
    )
}

/// Whether the database is the right one, and the role reads it and no more.
async fn database(checks: &mut Checks<'_>, reader: &mut OdooReader) -> Result<(), CommandError> {
    let place = reader.place().to_owned();
    let fits = see_that_odoo_fits(reader).await;
    let is_odoo = fits.is_ok();
    checks.say("Odoo's database", fits.map(|()| place).map_err(CommandError::from))?;
    let called = checks.session.settings.odoo().map(|settings| settings.database);
    if let Ok(called) = called
        && is_odoo
        && called != reader.database()
    {
        checks.warn(
            "Odoo's database",
            format!("odoo.read_url leads to `{}`, and odoo.database is `{called}`", reader.database()),
            "see that both are the same database: what is read from one would be written to the other"
                .to_owned(),
        )?;
    }
    reader_of_it(checks, reader, is_odoo).await
}

async fn reader_of_it(
    checks: &mut Checks<'_>,
    reader: &mut OdooReader,
    is_odoo: bool,
) -> Result<(), CommandError> {
    const WHAT: &str = "Odoo's reader";
    let tried = match try_to_write(checks.session.odoo_read_config()?).await {
        Ok(tried) if tried.is_empty() => Ok("tried to write, and was refused".to_owned()),
        Ok(tried) => Err(CheckFault::ReaderWrites(tried).into()),
        Err(error) => Err(error.into()),
    };
    checks.say(WHAT, tried)?;
    if !is_odoo {
        return checks.say(WHAT, Ok(format!("{NOT_ASKED} what else it sees")));
    }
    match surplus_columns(reader).await {
        Ok(surplus) => match too_much(&surplus) {
            Some(found) => checks.warn(WHAT, found, NARROW.to_owned()),
            None => checks.say(WHAT, Ok("sees what is read, and nothing else".to_owned())),
        },
        Err(error) => checks.say(WHAT, Err(error.into())),
    }
}

/// What the role sees that no run reads, in a few words; the private ones first.
fn too_much(surplus: &Surplus) -> Option<String> {
    let Surplus { private, others } = surplus;
    let named = private.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = private.len().saturating_sub(NAMED).saturating_add(*others);
    match (private.is_empty(), more) {
        (true, 0) => None,
        (true, _) => Some(format!("sees {more} columns that no run reads, none of them private")),
        (false, 0) => Some(format!("sees {named}, which no run reads")),
        (false, _) => Some(format!("sees {named} and {more} more columns that no run reads")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_columns_are_named_first() {
        let surplus = |private: &[&str], others| Surplus {
            private: private.iter().map(|name| (*name).to_owned()).collect(),
            others,
        };
        assert_eq!(too_much(&surplus(&[], 0)), None);
        assert_eq!(
            too_much(&surplus(&["a.b"], 0)).as_deref(),
            Some("sees a.b, which no run reads")
        );
        let many = surplus(&["a.b", "c.d", "e.f", "g.h"], 6);
        assert_eq!(
            too_much(&many).as_deref(),
            Some("sees a.b, c.d, e.f and 7 more columns that no run reads")
        );
        assert!(too_much(&surplus(&[], 2)).unwrap().contains("none of them private"));
    }
}
