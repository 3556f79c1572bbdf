//! `demo`: the whole job, without any account.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;

use super::arguments::{DemoArguments, RunAndApplyArguments, RunArguments};
use super::demo_quantities;
use super::init::prepare_odoo;
use super::run::{begin, finish, plan_and_apply, subjects};
use super::stand_ins::StandIns;
use super::{CommandError, ExitStatus, Session};
use crate::db::Warehouse;
use crate::domain::RunId;
use crate::journal::Command;
use crate::odoo::{OdooSettings, OdooWriter};
use crate::report::{self, Format};
use crate::shop::{self, Tokens};

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
    prepare_odoo(&administrator(&session, stand_ins).await?).await?;
    stand_ins.grant_reader().await?;
    connect_shops(&session, &warehouse, stand_ins).await?;
    let (first, status) = run_once(&session, &warehouse).await?;
    let (_, second) = run_once(&session, &warehouse).await?;
    let quantities = demo_quantities::show(&session, &warehouse, stand_ins).await?;
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
        for line in &quantities.lines {
            session.printer.line(line)?;
        }
        for path in &paths {
            session.printer.line(&format!("report: {}", path.display()))?;
        }
    }
    let is_quiet = second == ExitStatus::Done && quantities.is_quiet;
    Ok(if is_quiet { status } else { ExitStatus::Failed })
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

pub(super) async fn run_once(
    session: &Session,
    warehouse: &Warehouse,
) -> Result<(RunId, ExitStatus), CommandError> {
    let arguments = RunAndApplyArguments {
        run: RunArguments { shop: Vec::new(), full: false, from: None },
        only: Vec::new(),
        dry_run: false,
        allow_large_plan: false,
    };
    let subjects = subjects(&arguments.only);
    let run = begin(session, warehouse, Command::Run, &arguments.run, subjects, false).await?;
    let ended = plan_and_apply(session, warehouse, &run, &arguments).await;
    Ok((run.id, finish(session, warehouse, run.id, ended).await?))
}
