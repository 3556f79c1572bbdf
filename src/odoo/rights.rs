//! What the user of the runs may do in Odoo, and who he is: asked of Odoo, which says so to everybody about himself.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::Fault;
use super::init::shaped;
use super::{Denial, OdooError, OdooWriter};

/// How long before its end a key is spoken of.
const NOTICE: TimeDelta = TimeDelta::days(14);

/// What the enabled subjects, and the policies of the shops, want done in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// Whether products are created for listings that Odoo does not know, or updated after Etsy.
    pub products: bool,
    /// Whether stock is counted in Odoo after Etsy.
    pub counts: bool,
    /// Whether drafts of journal entries are made.
    pub entries: bool,
}

/// A right that a run needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Need {
    model: &'static str,
    operation: &'static str,
    /// What needs it.
    purpose: &'static str,
}

/// A right that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRight {
    /// What needs it.
    pub purpose: &'static str,
    /// What Odoo says, as we read it.
    pub said: String,
    /// The least group that gives it, as people see it in Odoo.
    pub group: String,
}

/// The user of the runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiUser {
    /// The group of administrators that he is in; nothing, as it should be: none.
    pub administers: Option<&'static str>,
    /// The companies that he may work for.
    pub companies: Vec<i32>,
    /// When his API keys end; of a key that does not, nothing.
    pub keys: Vec<Option<DateTime<Utc>>>,
    /// Whether what he logs in with looks like an API key.
    pub uses_key: bool,
}

/// What can be said of the end of the key in use. Odoo does not say which of several it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyEnd {
    /// It ends then.
    At(DateTime<Utc>),
    /// One of several ends then, and the key in use may be that one.
    Perhaps(DateTime<Utc>),
    /// It does not end soon, or nothing is known of its end.
    NotSoon,
}

const SELLS: &str = "Sales/User: All Documents";
const READS_CREDIT: &str = "Technical/Show Accounting Features - Readonly";

fn needs(uses: Uses) -> Vec<Need> {
    let need = |model, operation, purpose| Need { model, operation, purpose };
    let mut needs = vec![
        need("res.partner", "create", "customers"),
        need("res.partner", "write", "customers"),
        need("sale.order", "create", "orders"),
        need("sale.order", "write", "orders"),
        need("sale.order.line", "create", "orders"),
        need("sale.order.line", "write", "orders"),
    ];
    if uses.products {
        needs.extend([
            need("product.template", "create", "products"),
            need("product.template", "write", "products"),
            need("product.product", "create", "products"),
            need("product.product", "write", "products"),
        ]);
    }
    if uses.counts {
        needs.extend([
            need("stock.quant", "create", "counts of stock"),
            need("stock.quant", "write", "counts of stock"),
        ]);
    }
    if uses.entries {
        needs.extend([
            need("account.move", "create", "entries for the books"),
            need("account.move", "write", "entries for the books"),
            need("account.move.line", "create", "entries for the books"),
        ]);
    }
    needs
}

#[derive(Deserialize)]
struct FoundUser {
    company_ids: Vec<i32>,
}

#[derive(Deserialize)]
struct FoundKey {
    // a moment, or `false`
    expiration_date: Value,
}

impl OdooWriter {
    /// The rights that are missing for what is wanted: one of each purpose.
    pub async fn missing_rights(&self, uses: Uses) -> Result<Vec<MissingRight>, OdooError> {
        let mut missing: Vec<MissingRight> = Vec::new();
        for Need { model, operation, purpose } in needs(uses) {
            if let Some(denial) = self.denial(model, operation).await?
                && missing.iter().all(|one| one.purpose != purpose)
            {
                missing.push(MissingRight {
                    purpose,
                    said: denial.to_string(),
                    group: least_group(model, &denial),
                });
            }
        }
        if !self.may_read_credit().await? {
            missing.push(MissingRight {
                purpose: "addresses",
                said: "the user may not read credit_limit of res.partner".to_owned(),
                group: READS_CREDIT.to_owned(),
            });
        }
        let sells = missing.iter().all(|one| one.purpose != "orders");
        // an order is handed to somebody in Odoo, and then cancelled on Etsy
        if sells && !self.is_in("sales_team.group_sale_salesman_all_leads").await? {
            missing.push(MissingRight {
                purpose: "orders",
                said: "the user may not see the orders of other salespeople".to_owned(),
                group: SELLS.to_owned(),
            });
        }
        Ok(missing)
    }

    /// Whether the user may read what Odoo copies from a buyer to each of the buyer's addresses. It has no `check_access`
    /// of its own: the field is for these groups
    /// (<https://github.com/odoo/odoo/blob/18.0/addons/account/models/partner.py>, `ResPartner.credit_limit`).
    async fn may_read_credit(&self) -> Result<bool, OdooError> {
        Ok(self.is_in("account.group_account_readonly").await?
            || self.is_in("account.group_account_invoice").await?)
    }

    /// Who the user is.
    pub async fn api_user(&self) -> Result<ApiUser, OdooError> {
        let attempted = "look at the user of odoo.login";
        let user = self.user().0;
        let arguments = json!([[user], ["company_ids"]]);
        let answer =
            self.execute(attempted, "res.users", "read", &arguments, self.context(None)).await?;
        let found: Vec<FoundUser> = shaped(attempted, answer, "a user")?;
        let keys: Vec<FoundKey> = self
            .search(
                attempted,
                "res.users.apikeys",
                json!([["user_id", "=", user], ["scope", "in", ["rpc", false]]]),
                &["expiration_date"],
            )
            .await?;
        let mut administers = None;
        for (group, name) in [
            ("base.group_system", "Administration/Settings"),
            ("base.group_erp_manager", "Administration/Access Rights"),
        ] {
            if administers.is_none() && self.is_in(group).await? {
                administers = Some(name);
            }
        }
        Ok(ApiUser {
            administers,
            companies: found.into_iter().flat_map(|user| user.company_ids).collect(),
            keys: keys.iter().map(|key| moment(&key.expiration_date)).collect(),
            uses_key: self.rpc().uses_key(),
        })
    }

    /// Why the user may not do something; nothing if he may.
    async fn denial(&self, model: &str, operation: &str) -> Result<Option<Denial>, OdooError> {
        let attempted = format!("ask whether {model} may be changed");
        let arguments = json!([[], operation]);
        let answer =
            self.execute(&attempted, model, "check_access", &arguments, self.context(None)).await;
        match answer {
            Ok(_nothing) => Ok(None),
            Err(OdooError::Call { source: Fault::NotAllowed(denial), .. }) => Ok(Some(*denial)),
            Err(error) => Err(error),
        }
    }

    async fn is_in(&self, group: &str) -> Result<bool, OdooError> {
        let attempted = "ask for the groups of the user";
        let arguments = json!([[self.user().0], group]);
        let answer = self
            .execute(attempted, "res.users", "has_group", &arguments, self.context(None))
            .await?;
        shaped(attempted, answer, "whether the user is in a group")
    }
}

/// The group to ask for. Odoo's first one lets a salesperson see only orders of his own.
fn least_group(model: &str, denial: &Denial) -> String {
    if model.starts_with("sale.") {
        return SELLS.to_owned();
    }
    denial.groups.first().cloned().unwrap_or_else(|| "a group that has it".to_owned())
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok().map(|moment| moment.and_utc())
}

impl ApiUser {
    /// What can be said of the end of the key in use.
    pub fn key_end(&self, now: DateTime<Utc>) -> KeyEnd {
        // what has ended does not log in
        let usable = || self.keys.iter().filter(|end| end.is_none_or(|end| end > now)).copied();
        let soon = |end: &DateTime<Utc>| *end - now <= NOTICE;
        let Some(earliest) = usable().flatten().min().filter(soon) else {
            return KeyEnd::NotSoon;
        };
        if !self.uses_key {
            return KeyEnd::NotSoon;
        }
        if usable().count() == 1 { KeyEnd::At(earliest) } else { KeyEnd::Perhaps(earliest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(uses_key: bool, keys: &[Option<i64>]) -> ApiUser {
        let at = |days: i64| now() + TimeDelta::days(days);
        ApiUser {
            administers: None,
            companies: vec![1],
            keys: keys.iter().map(|days| days.map(at)).collect(),
            uses_key,
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_600_767, 0).unwrap()
    }

    #[test]
    fn a_key_is_spoken_of_two_weeks_before_it_ends() {
        let ends = |keys: &[Option<i64>]| user(true, keys).key_end(now());
        let at = |days| now() + TimeDelta::days(days);
        assert_eq!(ends(&[Some(14)]), KeyEnd::At(at(14)));
        assert_eq!(ends(&[Some(15)]), KeyEnd::NotSoon);
        assert_eq!(ends(&[None]), KeyEnd::NotSoon);
        assert_eq!(ends(&[]), KeyEnd::NotSoon);
    }

    #[test]
    fn nothing_is_said_that_is_not_known() {
        let ends = |keys: &[Option<i64>]| user(true, keys).key_end(now());
        let at = |days| now() + TimeDelta::days(days);
        assert_eq!(ends(&[Some(3), Some(60)]), KeyEnd::Perhaps(at(3)));
        assert_eq!(ends(&[None, Some(3)]), KeyEnd::Perhaps(at(3)));
        // one that has ended is not the one in use
        assert_eq!(ends(&[Some(-1), Some(3)]), KeyEnd::At(at(3)));
        // a password does not end with a key
        assert_eq!(user(false, &[Some(3)]).key_end(now()), KeyEnd::NotSoon);
    }

    #[test]
    fn rights_are_asked_for_only_where_they_are_used() {
        let models = |products, counts| {
            let uses = Uses { products, counts, entries: counts };
            needs(uses).into_iter().map(|need| need.model).collect::<Vec<_>>()
        };
        assert!(!models(false, true).contains(&"product.product"));
        assert!(models(true, false).contains(&"product.product"));
        assert!(!models(true, false).contains(&"stock.quant"));
        assert!(models(false, true).contains(&"stock.quant"));
        assert!(models(false, true).contains(&"account.move"));
        assert!(!models(true, false).contains(&"account.move"));
    }
}
