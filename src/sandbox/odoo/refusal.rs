//! What Odoo answers instead of a result: the name of a Python exception and its text.

use std::fmt::Write as _;

use tokio_postgres::error::{DbError, SqlState};

/// A Python exception as it crosses the wire in `error.data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The qualified class, for instance `odoo.exceptions.UserError`.
    pub(super) class: &'static str,
    /// `error.data.message`, and the one element of `error.data.arguments`.
    pub(super) message: String,
    /// What the last line of the traceback shows, where that is not `class: message`.
    shown: Option<String>,
}

impl Refusal {
    fn of(class: &'static str, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), shown: None }
    }

    pub(super) fn user(message: impl Into<String>) -> Self {
        Self::of("odoo.exceptions.UserError", message)
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::of("odoo.exceptions.ValidationError", message)
    }

    pub(super) fn access(message: impl Into<String>) -> Self {
        Self::of("odoo.exceptions.AccessError", message)
    }

    pub(super) fn access_denied() -> Self {
        Self::of("odoo.exceptions.AccessDenied", "Access Denied")
    }

    pub(super) fn value(message: impl Into<String>) -> Self {
        Self::of("builtins.ValueError", message)
    }

    pub(super) fn type_error(message: impl Into<String>) -> Self {
        Self::of("builtins.TypeError", message)
    }

    pub(super) fn attribute(message: impl Into<String>) -> Self {
        Self::of("builtins.AttributeError", message)
    }

    pub(super) fn name_error(message: impl Into<String>) -> Self {
        Self::of("builtins.NameError", message)
    }

    pub(super) fn exception(message: impl Into<String>) -> Self {
        Self::of("builtins.Exception", message)
    }

    /// What the stand-in does not know how to do; the real one would.
    pub(super) fn not_simulated(what: &str) -> Self {
        Self::of(
            "builtins.NotImplementedError",
            format!("the simulated Odoo does not do this: {what}"),
        )
    }

    pub(super) fn operational(message: impl Into<String>) -> Self {
        Self::of("psycopg2.OperationalError", message)
    }

    /// Python shows a `KeyError` by the representation of its key.
    pub(super) fn key(key: &str) -> Self {
        Self { shown: Some(format!("'{key}'")), ..Self::of("builtins.KeyError", key) }
    }

    pub(super) fn missing(model: &str, ids: &[i32], uid: i32) -> Self {
        let listed = ids.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        let comma = if ids.len() == 1 { "," } else { "" };
        Self::of(
            "odoo.exceptions.MissingError",
            format!(
                "Record does not exist or has been deleted.\n(Record: {model}({listed}{comma}), User: {uid})"
            ),
        )
    }

    /// Whether it is a subclass of `UserError`, whose text `load` passes on unchanged.
    pub(super) fn is_user_error(&self) -> bool {
        self.class.starts_with("odoo.exceptions.")
    }

    /// What a traceback ends with.
    pub(super) fn traceback(&self) -> String {
        let class = self.class.strip_prefix("builtins.").unwrap_or(self.class);
        let shown = self.shown.as_deref().unwrap_or(&self.message).trim_end();
        format!("Traceback (most recent call last):\n{class}: {shown}")
    }

    /// How `load` writes an exception that it did not expect.
    pub(super) fn unexpected(&self) -> String {
        let class = self.class.strip_prefix("builtins.").unwrap_or(self.class);
        let shown = self.shown.as_deref().unwrap_or(&self.message);
        format!("Unknown error during import: <class '{class}'>: {shown}")
    }
}

/// The text of a Postgres error as psycopg2 shows it: with a detail line and a final line feed.
pub(super) fn psycopg_text(error: &DbError) -> String {
    let mut text = format!("{}\n", error.message());
    if let Some(detail) = error.detail() {
        writeln!(text, "DETAIL:  {detail}").ok();
    }
    text
}

/// The psycopg2 class of an error that Odoo passes on as it is.
pub(super) fn psycopg_refusal(error: &DbError) -> Refusal {
    let class = match error.code() {
        code if *code == SqlState::T_R_SERIALIZATION_FAILURE => {
            "psycopg2.errors.SerializationFailure"
        }
        code if *code == SqlState::T_R_DEADLOCK_DETECTED => "psycopg2.errors.DeadlockDetected",
        code if *code == SqlState::LOCK_NOT_AVAILABLE => "psycopg2.errors.LockNotAvailable",
        code if *code == SqlState::INVALID_TEXT_REPRESENTATION => {
            "psycopg2.errors.InvalidTextRepresentation"
        }
        code if *code == SqlState::NUMERIC_VALUE_OUT_OF_RANGE => {
            "psycopg2.errors.NumericValueOutOfRange"
        }
        code if *code == SqlState::INVALID_DATETIME_FORMAT => {
            "psycopg2.errors.InvalidDatetimeFormat"
        }
        code if *code == SqlState::DATETIME_FIELD_OVERFLOW => {
            "psycopg2.errors.DatetimeFieldOverflow"
        }
        _ => "psycopg2.DatabaseError",
    };
    Refusal::of(class, psycopg_text(error))
}

/// The sentence that Odoo's models attach to their constraints (`_sql_constraints`).
pub(super) fn constraint_sentence(constraint: &str) -> Option<&'static str> {
    match constraint {
        "ir_model_fields_name_unique" => Some("Field names must be unique per model."),
        "ir_model_fields_name_manual_field" => {
            Some("Custom fields must have a name that starts with 'x_'!")
        }
        "ir_model_fields_size_gt_zero" => Some("Size of the field cannot be negative."),
        "ir_model_data_name_nospaces" => Some("External IDs cannot contain spaces"),
        "res_partner_check_name" => Some("Contacts require a name"),
        "res_country_code_uniq" => Some("The code of the country must be unique!"),
        "res_country_name_uniq" => Some("The name of the country must be unique!"),
        "res_country_state_name_code_uniq" => {
            Some("The code of the state must be unique by country!")
        }
        "res_currency_unique_name" => Some("The currency code must be unique!"),
        "res_currency_rounding_gt_zero" => Some("The rounding factor must be greater than 0!"),
        "res_company_name_uniq" => Some("The company name must be unique!"),
        "sale_order_date_order_conditional_required" => {
            Some("A confirmed sales order requires a confirmation date.")
        }
        "sale_order_line_accountable_required_fields" => {
            Some("Missing required fields on accountable sale order line.")
        }
        "sale_order_line_non_accountable_null_fields" => {
            Some("Forbidden values on non-accountable sale order line")
        }
        _ => None,
    }
}
