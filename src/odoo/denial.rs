//! Odoo's refusals for want of a right, which name the model and the groups that have the right.

use std::fmt;

use super::scrub::scrub;

/// How Odoo words that a field is for some groups only
/// (<https://github.com/odoo/odoo/blob/18.0/odoo/models.py>, `BaseModel.check_field_access_rights`).
const OF_FIELDS: &str = "You do not have enough rights to access the fields ";

/// What the user may not do, and who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    what: What,
    /// The groups that have the right, as people see them (`Extra Rights/Contact Creation`), the lesser ones first.
    pub groups: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// The verb as Odoo says it, and the model.
    Records { verb: String, model: String },
    /// Fields that the user may not even look at, and the model.
    Fields { fields: String, model: String },
    /// Words that do not read, scrubbed.
    Words(String),
}

impl Denial {
    /// Whether this is how Odoo words that a right on a whole model is lacking; rules that hide single records are
    /// worded otherwise
    /// (<https://github.com/odoo/odoo/blob/18.0/odoo/addons/base/models/ir_model.py>, `IrModelAccess`).
    pub(super) fn is_one(message: &str) -> bool {
        message.starts_with("You are not allowed to") || message.starts_with(OF_FIELDS)
    }

    /// Reads Odoo's words.
    pub(super) fn read(message: &str) -> Self {
        let groups = if message.starts_with(OF_FIELDS) {
            groups_of_fields(message)
        } else {
            message
                .lines()
                .filter_map(|line| line.trim().strip_prefix("- "))
                .map(|group| group.trim().to_owned())
                .collect()
        };
        // an administrator's group gives far more than the right
        let (most, least): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| {
            group.ends_with("/Administrator") || group.starts_with("Administration/")
        });
        let what = records(message)
            .or_else(|| fields(message))
            .unwrap_or_else(|| What::Words(scrub(message)));
        Self { what, groups: [least, most].concat() }
    }

    /// The model, where Odoo's words could be read.
    pub fn model(&self) -> Option<&str> {
        match &self.what {
            What::Records { model, .. } | What::Fields { model, .. } => Some(model),
            What::Words(_) => None,
        }
    }

    /// What to do about it.
    pub(super) fn remedy(&self) -> String {
        let is_of_fields = self.model().is_some_and(|model| model.starts_with("ir.model"));
        if is_of_fields {
            return "fields are made by an administrator: `etsy-odoo init --admin-login LOGIN`, with the password on stdin".to_owned();
        }
        match self.groups.first() {
            Some(group) => format!(
                "give the user of odoo.login the group `{group}` (Odoo: Settings, Users); `etsy-odoo check` looks at every right"
            ),
            None => "see the rights of the user of odoo.login (Odoo: Settings, Users); `etsy-odoo check` looks at every right".to_owned(),
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Records { verb, model } => {
                write!(formatter, "the user may not {verb} records of {model}")
            }
            What::Fields { fields, model } => {
                write!(formatter, "the user may not read {fields} of {model}")
            }
            What::Words(words) => write!(formatter, "the user has too few rights: {words}"),
        }
    }
}

/// `You are not allowed to create 'Product Variant' (product.product) records.`
fn records(message: &str) -> Option<What> {
    let rest = message.strip_prefix("You are not allowed to ")?;
    let (verb, rest) = rest.split_once(" '")?;
    let (_, rest) = rest.split_once("' (")?;
    let (model, _) = rest.split_once(") records")?;
    let is_model = |each: char| each.is_ascii_alphanumeric() || each == '.' || each == '_';
    let reads = verb.chars().all(|each| each.is_ascii_lowercase()) && model.chars().all(is_model);
    reads.then(|| What::Records { verb: verb.to_owned(), model: model.to_owned() })
}

/// `…the fields "credit_limit" on Contact (res.partner). Please contact…`
fn fields(message: &str) -> Option<What> {
    let rest = message.strip_prefix(OF_FIELDS)?;
    let (fields, rest) = rest.split_once(" on ")?;
    let (model, _) = rest
        .split_once(").")
        .and_then(|(named, rest)| named.rsplit_once('(').map(|(_label, model)| (model, rest)))?;
    let is_name = |each: char| each.is_ascii_alphanumeric() || matches!(each, '.' | '_');
    let fields = fields.replace('"', "");
    let reads = model.chars().all(is_name)
        && fields.chars().all(|each| is_name(each) || matches!(each, ',' | ' '));
    reads.then(|| What::Fields { fields, model: model.to_owned() })
}

/// `- credit_limit (allowed for groups 'Technical / Show Accounting Features - Readonly', 'Invoicing / Invoicing')`
fn groups_of_fields(message: &str) -> Vec<String> {
    let Some((_, allowed)) = message.split_once("(allowed for groups ") else { return Vec::new() };
    let allowed = allowed.split_once(')').map_or(allowed, |(allowed, _)| allowed);
    allowed.split(", ").map(|group| group.trim().trim_matches('\'').replace(" / ", "/")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "You are not allowed to create 'Product Variant' (product.product) records.\n\nThis operation is \
        allowed for the following groups:\n\t- Extra Rights/Product Creation\n\t- Inventory/Administrator\n\nContact your \
        administrator to request access if necessary.";

    #[test]
    fn names_the_model_and_the_least_group() {
        let denial = Denial::read(SAID);
        assert_eq!(denial.to_string(), "the user may not create records of product.product");
        assert_eq!(denial.groups, ["Extra Rights/Product Creation", "Inventory/Administrator"]);
        assert!(denial.remedy().contains("`Extra Rights/Product Creation`"));
        let fields = SAID.replace("product.product", "ir.model.fields");
        assert!(Denial::read(&fields).remedy().contains("--admin-login"));
    }

    #[test]
    fn a_field_that_only_some_may_read_is_a_missing_right() {
        let said = "You do not have enough rights to access the fields \"credit_limit\" on Contact (res.partner). \
            Please contact your system administrator.\n\nOperation: read\nUser: 6\nFields:\n- credit_limit (allowed \
            for groups 'Technical / Show Accounting Features - Readonly', 'Invoicing / Invoicing')";
        assert!(Denial::is_one(said));
        let denial = Denial::read(said);
        assert_eq!(denial.to_string(), "the user may not read credit_limit of res.partner");
        let groups = ["Technical/Show Accounting Features - Readonly", "Invoicing/Invoicing"];
        assert_eq!(denial.groups, groups);
    }

    #[test]
    fn other_words_are_scrubbed() {
        let denial = Denial::read("You are not allowed to touch \"Ann Buyer\".");
        assert!(!format!("{denial} {denial:?}").contains("Ann"));
        assert_eq!(denial.model(), None);
    }
}
