//! The services behind `/jsonrpc`: `common`, `object` and a `db` that answers nobody.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Pool, Transaction};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio_postgres::IsolationLevel;
use tokio_postgres::error::{DbError, SqlState};

use crate::domain::Clock;

use super::access;
use super::arguments::Arguments;
use super::call::{Call, CallError, Session};
use super::envelope::Request;
use super::error::OdooSandboxError;
use super::refusal::{Refusal, constraint_sentence, psycopg_refusal, psycopg_text};
use super::{custom_fields, deliveries, entries, load, orders, quants, read, search, write};

/// Odoo's `MAX_TRIES_ON_CONCURRENCY_FAILURE`.
const TRIES: u32 = 5;

/// Somebody who may call.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) name: String,
    pub(super) password: SecretString,
    pub(super) is_admin: bool,
}

/// The services with what they need.
pub(super) struct Services {
    pool: Pool,
    database: String,
    /// With the ids that the database gives the logins.
    users: Vec<(i32, Login)>,
    clock: Arc<dyn Clock>,
    longest_first_wait: Duration,
    port: u16,
}

impl Services {
    pub(super) async fn new(
        pool: Pool,
        database: String,
        logins: Vec<Login>,
        clock: Arc<dyn Clock>,
        longest_first_wait: Duration,
        port: u16,
    ) -> Result<Self, OdooSandboxError> {
        let client = pool.get().await.map_err(OdooSandboxError::Checkout)?;
        let known = client
            .query(sql!("sandbox/odoo/users.sql"), &[])
            .await
            .map_err(OdooSandboxError::Users)?;
        let mut users = Vec::new();
        for login in logins {
            for row in &known {
                let name: String = row.try_get("login").map_err(OdooSandboxError::Users)?;
                if name == login.name {
                    users.push((row.try_get("id").map_err(OdooSandboxError::Users)?, login));
                    break;
                }
            }
        }
        Ok(Self { pool, database, users, clock, longest_first_wait, port })
    }

    /// The result of a call; nothing for Python's `None`.
    pub(super) async fn answer(&self, request: &Request) -> Result<Option<Value>, Refusal> {
        match (request.service.as_str(), request.method.as_str()) {
            ("common", "version") => Ok(Some(json!({
                "server_version": "18.0",
                "server_version_info": [18, 0, 0, "final", 0, ""],
                "server_serie": "18.0",
                "protocol_version": 1,
            }))),
            ("common", "authenticate" | "login") => self.authenticate(&request.arguments).map(Some),
            ("common", method) => Err(Refusal::exception(format!("Method not found: {method}"))),
            ("object", method) => self.execute(method, &request.arguments).await,
            ("db", _) => Err(Refusal::access_denied()),
            (service, _) => Err(Refusal::key(service)),
        }
    }

    fn check_database(&self, arguments: &[Value]) -> Result<(), Refusal> {
        let given = arguments.first().and_then(Value::as_str).unwrap_or_default();
        if given == self.database {
            return Ok(());
        }
        Err(Refusal::operational(format!(
            "connection to server at \"127.0.0.1\", port {} failed: FATAL:  database \"{given}\" does not exist\n",
            self.port
        )))
    }

    fn authenticate(&self, arguments: &[Value]) -> Result<Value, Refusal> {
        self.check_database(arguments)?;
        let word = |place: usize| arguments.get(place).and_then(Value::as_str).unwrap_or_default();
        let known = self
            .users
            .iter()
            .find(|(_, user)| user.name == word(1) && user.password.expose_secret() == word(2));
        Ok(known.map_or(Value::Bool(false), |(uid, _)| json!(uid)))
    }

    fn check_user(&self, arguments: &[Value]) -> Result<&(i32, Login), Refusal> {
        let uid = arguments.get(1).and_then(Value::as_i64).unwrap_or_default();
        let uid = i32::try_from(uid).unwrap_or_default();
        let Some(user) = self.users.iter().find(|(known, _)| *known == uid) else {
            return Err(Refusal::missing("res.users", &[uid], uid));
        };
        if arguments.get(2).and_then(Value::as_str) == Some(user.1.password.expose_secret()) {
            return Ok(user);
        }
        Err(Refusal::access_denied())
    }

    async fn execute(&self, method: &str, arguments: &[Value]) -> Result<Option<Value>, Refusal> {
        self.check_database(arguments)?;
        let (uid, user) = self.check_user(arguments)?;
        if method != "execute_kw" {
            return Err(Refusal::name_error(format!("Method not available {method}")));
        }
        let word = |place: usize| arguments.get(place).and_then(Value::as_str).unwrap_or_default();
        let given = Arguments::new(arguments.get(5), arguments.get(6));
        let mut longest_wait = self.longest_first_wait;
        for tries_left in (0..TRIES).rev() {
            let session = Session {
                uid: *uid,
                is_admin: user.is_admin,
                context: given.context(),
                now: self.clock.now().naive_utc(),
            };
            let error = match self.attempt(&session, word(3), word(4), &given).await {
                Ok(result) => return Ok(result),
                Err(CallError::Refused(refusal)) => return Err(refusal),
                Err(CallError::Database(error)) => error,
            };
            let Some(refused) = error.as_db_error() else {
                return Err(Refusal::operational("server closed the connection unexpectedly\n"));
            };
            if !is_conflict(refused) {
                return Err(self.explain(refused).await);
            }
            if tries_left == 0 {
                return Err(psycopg_refusal(refused));
            }
            tokio::time::sleep(longest_wait.mul_f64(fastrand::f64())).await;
            longest_wait = longest_wait.saturating_mul(2);
        }
        Err(Refusal::operational("server closed the connection unexpectedly\n"))
    }

    /// One try: a transaction that is committed when the method has a result.
    async fn attempt(
        &self,
        session: &Session,
        model: &str,
        method: &str,
        arguments: &Arguments,
    ) -> Result<Option<Value>, CallError> {
        let mut client =
            self.pool.get().await.map_err(|error| Refusal::operational(error.to_string()))?;
        let mut transaction = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .start()
            .await?;
        let result = Box::pin(run(&mut transaction, session, model, method, arguments)).await?;
        transaction.commit().await?;
        Ok(result)
    }

    /// What Odoo makes of a broken constraint (`_as_validation_error`).
    async fn explain(&self, error: &DbError) -> Refusal {
        if !error.code().code().starts_with("23") {
            return psycopg_refusal(error);
        }
        let (model, label, field, field_label) = self.labels(error).await;
        if *error.code() == SqlState::NOT_NULL_VIOLATION {
            return Refusal::validation(format!(
                "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another \
                 model requires the record being deleted. If possible, archive it instead.\n\nModel: {label} \
                 ({model})\nField: {field_label} ({field})\n"
            ));
        }
        if *error.code() == SqlState::FOREIGN_KEY_VIOLATION {
            return Refusal::validation(format!(
                "The operation cannot be completed: another model requires the record being deleted. If possible, \
                 archive it instead.\n\nModel: {label} ({model})\nConstraint: {}\n",
                error.constraint().unwrap_or_default()
            ));
        }
        let sentence = error.constraint().and_then(constraint_sentence);
        let text = sentence.map_or_else(|| psycopg_text(error), str::to_owned);
        Refusal::validation(format!("The operation cannot be completed: {text}"))
    }

    /// The names that people know a table and a column by: model, its label, field, its label.
    async fn labels(&self, error: &DbError) -> (String, String, String, String) {
        let unknown = || ("unknown".to_owned(), "Unknown".to_owned());
        let (mut model, mut label) = unknown();
        let (mut field, mut field_label) = unknown();
        let name = error.table().unwrap_or_default().replace('_', ".");
        let Ok(mut client) = self.pool.get().await else {
            return (model, label, field, field_label);
        };
        let Ok(transaction) = client.transaction().await else {
            return (model, label, field, field_label);
        };
        let session = Session {
            uid: 1,
            is_admin: true,
            context: super::call::Context::default(),
            now: self.clock.now().naive_utc(),
        };
        let call = Call { transaction: &transaction, session: &session };
        if let Ok(Some(described)) = call.find_model(&name).await {
            if let Some(known) = error.column().and_then(|column| described.fields.get(column)) {
                (field, field_label) = (known.name.clone(), known.label.clone());
            }
            (model, label) = (described.name, described.label);
        }
        (model, label, field, field_label)
    }
}

fn is_conflict(error: &DbError) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ]
    .contains(error.code())
}

async fn run(
    transaction: &mut Transaction<'_>,
    session: &Session,
    model: &str,
    method: &str,
    arguments: &Arguments,
) -> Result<Option<Value>, CallError> {
    let described = {
        let call = Call { transaction, session };
        call.model(model).await?
    };
    if method.starts_with('_') {
        return Err(Refusal::access(format!(
            "Private methods (such as '{model}.{method}') cannot be called remotely."
        ))
        .into());
    }
    access::check_method(Call { transaction, session }, &described, method).await?;
    if method == "load" {
        return Box::pin(load::load(transaction, session, &described, arguments)).await.map(Some);
    }
    let call = Call { transaction, session };
    match (model, method) {
        (_, "read") => read::read_method(call, &described, arguments).await,
        (_, "search") => search::search_method(call, &described, arguments).await,
        (_, "search_read") => search::search_read_method(call, &described, arguments).await,
        (_, "search_count") => search::search_count_method(call, &described, arguments).await,
        (_, "check_access") => access::check_access(call, &described, arguments).await,
        (_, "fields_get") => access::fields_get(call, &described, arguments).await,
        ("res.users", "has_group") => access::has_group(call, arguments).await,
        ("ir.model.data", "check_object_reference") => {
            access::check_object_reference(call, arguments).await
        }
        ("ir.model.fields", "create") => custom_fields::create(call, arguments).await,
        ("ir.model.fields", "unlink") => custom_fields::unlink(call, arguments).await,
        (_, "create") => write::create_method(call, &described, arguments).await,
        (_, "write") => write::write_method(call, &described, arguments).await,
        (_, "unlink") => write::unlink_method(call, &described, arguments).await,
        ("sale.order", "action_confirm") => orders::action_confirm(call, arguments).await,
        ("sale.order", "action_cancel") => orders::action_cancel(call, arguments).await,
        ("stock.quant", "action_apply_inventory") => {
            quants::action_apply_inventory(call, arguments).await
        }
        ("stock.quant", "action_clear_inventory_quantity") => {
            quants::action_clear_inventory_quantity(call, arguments).await
        }
        ("account.move", "action_post") => entries::action_post(call, arguments).await,
        ("account.move", "button_draft") => entries::button_draft(call, arguments).await,
        ("account.move", "button_cancel") => entries::button_cancel(call, arguments).await,
        ("stock.picking", "button_validate") => deliveries::button_validate(call, arguments).await,
        _ => {
            Err(Refusal::attribute(format!("The method '{model}.{method}' does not exist")).into())
        }
    }
}
