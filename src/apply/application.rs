//! One application of one plan: what every step of it needs.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::etsy_access::{EtsyAccess, Halt};
use super::records::Resolved;
use super::verdict::Judged;
use super::{ApplyError, ApplyOptions, Sides};
use crate::db::{OdooReader, Warehouse};
use crate::domain::{Clock, OutcomeKind, RunId};
use crate::journal::{self, AttemptId, Settlement};
use crate::odoo::{Fault, Nature, OdooError, OdooWriter};

/// A row of a batch, announced.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its number in the plan.
    pub(super) decision_no: i32,
    /// Its last attempt.
    pub(super) attempt: AttemptId,
    /// The external id under which it is made.
    pub(super) external_id: String,
}

/// Batches in a row that got no answer.
#[derive(Debug, Default)]
struct Silence {
    batches: u32,
    last: Option<OdooError>,
}

/// What the steps share.
pub(super) struct Application<'a> {
    warehouse: &'a Warehouse,
    odoo: &'a OdooWriter,
    // two batches may be under way, and each may have to look
    reader: tokio::sync::Mutex<&'a mut OdooReader>,
    etsy: Option<EtsyAccess<'a>>,
    plan: RunId,
    applied_by: RunId,
    clock: &'a dyn Clock,
    options: &'a ApplyOptions,
    silence: Mutex<Silence>,
}

impl<'a> Application<'a> {
    pub(super) fn new(
        warehouse: &'a Warehouse,
        sides: Sides<'a>,
        plan: RunId,
        applied_by: RunId,
        clock: &'a dyn Clock,
        options: &'a ApplyOptions,
    ) -> Self {
        let Sides { odoo, odoo_reader, etsy } = sides;
        Self {
            warehouse,
            odoo,
            reader: tokio::sync::Mutex::new(odoo_reader),
            etsy,
            plan,
            applied_by,
            clock,
            options,
            silence: Mutex::default(),
        }
    }

    pub(super) fn warehouse(&self) -> &Warehouse {
        self.warehouse
    }

    pub(super) fn odoo(&self) -> &OdooWriter {
        self.odoo
    }

    /// The way to Etsy, for a plan that needs it.
    pub(super) fn etsy(&self) -> Result<&EtsyAccess<'a>, ApplyError> {
        self.etsy.as_ref().ok_or(ApplyError::NoEtsy { plan: self.plan })
    }

    /// The error for what holds for every call to a shop.
    pub(super) fn halted(&self, halt: Halt) -> ApplyError {
        let plan = self.plan;
        match halt {
            Halt::Access(source) => ApplyError::Access { plan, source },
            Halt::Etsy { shop, source } => {
                ApplyError::Etsy { plan, shop, source: Box::new(source) }
            }
        }
    }

    /// The present moment.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn options(&self) -> &ApplyOptions {
        self.options
    }

    pub(super) fn plan(&self) -> RunId {
        self.plan
    }

    /// Announces one call, and commits. The attempts come in the order of the decisions.
    pub(super) async fn announce(
        &self,
        decision_nos: &[i32],
    ) -> Result<Vec<AttemptId>, ApplyError> {
        journal::announce(
            self.warehouse,
            self.plan,
            self.applied_by,
            decision_nos,
            self.clock.now(),
        )
        .await
        .map_err(|source| ApplyError::Journal { plan: self.plan, source })
    }

    /// Journals verdicts, and commits.
    pub(super) async fn settle(
        &self,
        verdicts: impl IntoIterator<Item = (AttemptId, Judged)>,
    ) -> Result<(), ApplyError> {
        let settlements: Vec<Settlement> = verdicts
            .into_iter()
            .map(|(attempt, judged)| Settlement {
                attempt,
                outcome: judged.outcome,
                said: judged.said,
                odoo_id: judged.odoo_id,
                odoo_total: judged.odoo_total,
                odoo_tax_added: judged.odoo_tax_added,
            })
            .collect();
        if settlements.is_empty() {
            return Ok(());
        }
        journal::settle(self.warehouse, self.plan, &settlements, self.clock.now())
            .await
            .map_err(|source| ApplyError::Journal { plan: self.plan, source })
    }

    /// Closes the attempts of rows whose call got no answer, and announces that it is sent again.
    pub(super) async fn announce_again(
        &self,
        entries: &mut [Entry],
        group: &[usize],
        why: &str,
    ) -> Result<(), ApplyError> {
        let said = format!("{why}; sent again");
        let mut decision_nos = Vec::with_capacity(group.len());
        let mut silent = Vec::with_capacity(group.len());
        for entry in group.iter().filter_map(|row| entries.get(*row)) {
            decision_nos.push(entry.decision_no);
            silent.push((entry.attempt, Judged::because(OutcomeKind::Unknown, said.as_str())));
        }
        self.settle(silent).await?;
        let attempts = self.announce(&decision_nos).await?;
        for (row, attempt) in group.iter().zip(attempts) {
            if let Some(entry) = entries.get_mut(*row) {
                entry.attempt = attempt;
            }
        }
        Ok(())
    }

    /// Looks in Odoo's database for the records of `model` that bear these external ids.
    pub(super) async fn look_up(
        &self,
        model: &str,
        external_ids: &BTreeSet<&str>,
    ) -> Result<Resolved, ApplyError> {
        let (modules, names): (Vec<&str>, Vec<&str>) =
            external_ids.iter().filter_map(|external_id| external_id.split_once('.')).unzip();
        if names.is_empty() {
            return Ok(Resolved::new());
        }
        let statement = sql!("apply/external_ids.sql");
        let rows = self
            .read_odoo("look for records in Odoo", statement, &[&modules, &names, &model])
            .await?;
        Ok(rows.iter().map(|row| (row.get("external_id"), row.get("res_id"))).collect())
    }

    /// Rows of Odoo's database, as it is now.
    pub(super) async fn read_odoo(
        &self,
        attempted: &str,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, ApplyError> {
        let refuse = |source| ApplyError::Database { plan: self.plan, source };
        let mut reader = self.reader.lock().await;
        let transaction = reader.transaction().await.map_err(refuse)?;
        transaction.query(attempted, statement, parameters).await.map_err(refuse)
    }

    /// What a fault means for the rows of its call; an error that is none of a call concerns everything.
    pub(super) fn nature(error: &OdooError) -> Nature {
        error.fault().map_or(Nature::Everything, Fault::nature)
    }

    /// The error for a fault that holds for every call.
    pub(super) fn stopped_by(&self, source: OdooError) -> ApplyError {
        ApplyError::Odoo { plan: self.plan, source }
    }

    /// Odoo answered, be it with a refusal.
    pub(super) fn heard(&self) {
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        *silence = Silence::default();
    }

    /// A batch was given up because Odoo did not answer. Gives the words for its rows.
    pub(super) fn gave_up(&self, error: OdooError) -> String {
        let words = words(&error);
        tracing::warn!(plan = self.plan.0, why = words, "a batch got no answer from Odoo");
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        silence.batches = silence.batches.saturating_add(1);
        silence.last = Some(error);
        words
    }

    /// Refuses to go on when too many batches in a row got no answer.
    pub(super) fn check_silence(&self) -> Result<(), ApplyError> {
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        if silence.batches < self.options.streak {
            return Ok(());
        }
        let batches = silence.batches;
        match silence.last.take() {
            Some(source) => Err(ApplyError::Silent { plan: self.plan, batches, source }),
            None => Ok(()),
        }
    }
}

/// What came back, in words for the journal.
pub(super) fn words(error: &OdooError) -> String {
    error.fault().map_or_else(|| error.to_string(), ToString::to_string)
}
