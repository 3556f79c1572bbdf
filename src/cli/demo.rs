//! `demo`: the whole job, without any account.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;

use super::arguments::{DemoArguments, RunArguments};
use super::init::prepare_odoo;
use super::run::{
    applied_status, applied_summary, begin, finish, make_plan, planned_status, see_that_it_foots,
    subjects, summary,
};
use super::stand_ins::StandIns;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::RunId;
use crate::journal::Command;
use crate::odoo::{OdooSettings, OdooWriter};
use crate::pipeline;
use crate::report::{self, Format};
use crate::shop::{self, Tokens};
use crate::stage;

/// The database that stands for ours.
const DATABASE: &str = "demo";

/// `etsy-odoo demo`.
pub(super) async fn demo(
    session: &Session,
    arguments: &DemoArguments,
) -> Result<ExitStatus, CommandError> {
    let directory = session.settings.data_dir()?.join("demo");
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => directory.join("reports"),
    };
    let stand_ins = StandIns::start(session, &directory, arguments.world, (0, 0)).await?;
    let ended = shown(session, &stand_ins, &out).await;
    stand_ins.stop().await?;
    ended
}

async fn shown(
    outer: &Session,
    stand_ins: &StandIns,
    out: &Path,
) -> Result<ExitStatus, CommandError> {
    stand_ins.cluster.recreate_database(DATABASE).await?;
    let warehouse = Warehouse::connect(stand_ins.cluster.config(DATABASE)).await?;
    warehouse.migrate().await?;
    let session = stand_ins.session(outer)?;
    prepare_odoo(&administrator(&session, stand_ins).await?, false).await?;
    stand_ins.grant_reader().await?;
    connect_shops(&session, &warehouse, stand_ins).await?;
    let (first, status) = run_once(&session, &warehouse).await?;
    let (_, second) = run_once(&session, &warehouse).await?;
    let report = report::load_report(&warehouse, first).await?;
    let paths = report::write_report(&report, out, &[Format::Html, Format::Json, Format::Text])?;
    if session.printer.json {
        session.printer.line(&report.to_json()?)?;
    } else {
        session.printer.text(&report.to_text())?;
        session.printer.line(&format!(
            "\na second run: {}",
            if second == ExitStatus::Done { "nothing to do" } else { "it still found something" }
        ))?;
        for path in &paths {
            session.printer.line(&format!("report: {}", path.display()))?;
        }
    }
    Ok(if second == ExitStatus::Done { status } else { ExitStatus::Failed })
}

/// `init` is an administrator's business; the runs go on as the bot.
async fn administrator(
    session: &Session,
    stand_ins: &StandIns,
) -> Result<OdooWriter, CommandError> {
    let odoo = &stand_ins.pair.options.odoo;
    let settings = OdooSettings {
        login: odoo.admin_login.clone(),
        api_key: odoo.admin_password.clone(),
        ..session.settings.odoo()?
    };
    Ok(OdooWriter::connect(&settings).await?)
}

async fn connect_shops(
    session: &Session,
    warehouse: &Warehouse,
    stand_ins: &StandIns,
) -> Result<(), CommandError> {
    let key = session.token_key()?;
    let now = session.clock.now();
    let lifetime: TimeDelta = stand_ins.pair.options.etsy.access_token_lifetime;
    let world = Arc::clone(&stand_ins.pair.world);
    let world = world.lock().await;
    for simulated in world.shops() {
        let name = simulated.name.to_lowercase();
        shop::add(warehouse, &name, simulated.shop_id, now).await?;
        let tokens = Tokens {
            access: simulated.access_token.clone(),
            refresh: simulated.refresh_token.clone(),
            access_expires_at: now + lifetime,
        };
        shop::store_tokens(warehouse, &key, simulated.shop_id, &tokens, now).await?;
    }
    Ok(())
}

async fn run_once(
    session: &Session,
    warehouse: &Warehouse,
) -> Result<(RunId, ExitStatus), CommandError> {
    let arguments = RunArguments { shop: Vec::new(), full: false };
    let run = begin(session, warehouse, Command::Run, &arguments, subjects(&[]), false).await?;
    let ended = async {
        let planned = make_plan(session, warehouse, &run).await?;
        let rejects = stage::open_rejects(warehouse, &run.shops).await?;
        if planned.acts == 0 || !planned.refusals.is_empty() {
            return Ok((planned_status(&planned, rejects), summary(&planned)));
        }
        let odoo = session.odoo().await?;
        let mut reader = session.odoo_reader().await?;
        tracing::info!(plan = run.id.0, acts = planned.acts, "applying");
        pipeline::apply(warehouse, &odoo, &mut reader, run.id, run.id, session.clock.as_ref())
            .await?;
        see_that_it_foots(warehouse, run.id).await?;
        let status = applied_status(warehouse, run.id, rejects).await?;
        Ok((status, applied_summary(warehouse, run.id).await?))
    }
    .await;
    Ok((run.id, finish(session, warehouse, run.id, ended).await?))
}
