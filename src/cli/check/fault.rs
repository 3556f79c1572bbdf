//! What `check` can find wrong with an Odoo that answers.

use crate::db::Trespasses;
use crate::domain::Advice;
use crate::odoo::MissingRight;
use crate::snapshot::BooksFault;

/// What to do about a role that sees or may do too much.
pub(super) const NARROW: &str = "`etsy-odoo init --print-grants --reader ROLE` prints SQL that leaves the role what is read, and nothing else";

/// What is wrong with an Odoo that answers.
#[derive(Debug, thiserror::Error)]
pub enum CheckFault {
    /// A field that `init` makes.
    #[error("the field {field} of {model} is not there")]
    NoField {
        /// Odoo's model.
        model: &'static str,
        /// The field.
        field: &'static str,
    },
    /// Records that `init` makes.
    #[error("not there: {}", missing.join(", "))]
    NoRecords {
        /// What people see.
        missing: Vec<&'static str>,
    },
    /// A right of the user of the runs.
    #[error("{}, which {} need", .0.said, .0.purpose)]
    NoRight(Box<MissingRight>),
    /// A company that the user of the runs may not work for.
    #[error("the user may not work for company {company}, which shop `{shop}` books in")]
    NoCompany {
        /// Which shop.
        shop: String,
        /// Its company in Odoo.
        company: i32,
    },
    /// Something of Odoo's bookkeeping that the policy of a shop names.
    #[error("{}", books(.fault))]
    Books {
        /// Which shop.
        shop: String,
        /// What is wrong.
        fault: BooksFault,
    },
    /// The role that reads Odoo's database could also write to it.
    #[error("the role may {}", listed(.0))]
    ReaderWrites(Trespasses),
}

impl CheckFault {
    /// What to do next.
    pub fn advice(&self) -> Advice {
        Advice::needs_person(match self {
            Self::NoField { .. } | Self::NoRecords { .. } => {
                "run `etsy-odoo init --admin-login LOGIN`, with the administrator's password on stdin: it makes what is missing".to_owned()
            }
            Self::NoRight(right) => format!(
                "give the user of odoo.login the group `{}` (Odoo: Settings, Users)",
                right.group
            ),
            Self::NoCompany { company, .. } => format!(
                "add company {company} to the allowed companies of the user of odoo.login (Odoo: Settings, Users)"
            ),
            Self::Books { shop, fault } => match fault.what.as_str() {
                "company" => format!("`etsy-odoo shop set {shop} company_id=N`"),
                "journal" => format!(
                    "`etsy-odoo shop set {shop} books_journal=CODE`, with a journal of type Miscellaneous"
                ),
                _ => format!("`etsy-odoo shop set {shop} accounts=…`, with accounts of the shop's company"),
            },
            Self::ReaderWrites(_) => format!(
                "{NARROW}; a superuser or the owner of the tables cannot be narrowed: make a role for it. Runs open the database read only in any case"
            ),
        })
    }
}

fn books(fault: &BooksFault) -> String {
    let BooksFault { what, name, fault } = fault;
    match fault.as_str() {
        "several" => "Odoo has several companies, and the shop names none".to_owned(),
        "other_type" => format!("journal {name} is of another type than Miscellaneous"),
        "missing" => format!("Odoo has no {what} {name}"),
        state => format!("{what} {name} is {state}"),
    }
}

fn listed(trespasses: &Trespasses) -> String {
    let Trespasses { deeds, tables } = trespasses;
    let mut parts: Vec<String> = deeds.iter().map(|deed| (*deed).to_owned()).collect();
    match tables.as_slice() {
        [] => {}
        [table] => parts.push(format!("write to {table}")),
        [table, others @ ..] => {
            parts.push(format!("write to {table} and {} more tables", others.len()));
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_may_do_is_told_briefly() {
        let tables = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let said = |deeds: &[&'static str], names: &[&str]| {
            let trespasses = Trespasses { deeds: deeds.to_vec(), tables: tables(names) };
            CheckFault::ReaderWrites(trespasses).to_string()
        };
        assert_eq!(said(&["create tables"], &[]), "the role may create tables");
        assert_eq!(said(&[], &["sale_order"]), "the role may write to sale_order");
        assert_eq!(
            said(&["change orders"], &["sale_order", "a", "b"]),
            "the role may change orders, write to sale_order and 2 more tables"
        );
    }
}
