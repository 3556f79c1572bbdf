//! `sandbox`: both simulated sides, for trying things by hand.

use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::arguments::SandboxArguments;
use super::signals::Signals;
use super::stand_ins::StandIns;
use super::{CommandError, ExitStatus, Session};

/// `etsy-odoo sandbox`: runs until it is interrupted.
pub(super) async fn sandbox(
    session: &Session,
    arguments: &SandboxArguments,
) -> Result<ExitStatus, CommandError> {
    let directory = session.settings.data_dir()?.join("sandbox");
    let ports = (arguments.etsy_port, arguments.odoo_port);
    let mut signals = Signals::listen()?;
    let mut stand_ins = tokio::select! {
        started = StandIns::start(session, &directory, arguments.world, ports) => started?,
        () = signals.received() => return Ok(ExitStatus::Done),
    };
    let told = introduction(&stand_ins).await;
    session.printer.text(&told)?;
    let ended = live(session, &mut stand_ins, arguments, &mut signals).await;
    stand_ins.stop().await?;
    ended.map(|()| ExitStatus::Done)
}

async fn introduction(stand_ins: &StandIns) -> String {
    let odoo = &stand_ins.pair.options.odoo;
    let mut text = format!(
        "# put this into etsy-odoo.toml, in a directory of your own:\n\n{}\n\
         # then, in that directory:\n\
         # echo {} | etsy-odoo init --admin-login {}\n\
         # etsy-odoo init --print-grants | psql '{}'\n",
        stand_ins.settings_text(),
        odoo.admin_password.expose_secret(),
        odoo.admin_login,
        stand_ins.owner_url(),
    );
    for shop in stand_ins.pair.world.lock().await.shops() {
        let name = shop.name.to_lowercase();
        text.push_str(&format!(
            "# etsy-odoo shop add {name} --shop-id {}\n\
             # echo {} | etsy-odoo shop login {name} --refresh-token-stdin\n\
             #   or in a browser: etsy-odoo shop login {name}\n",
            shop.shop_id,
            shop.refresh_token.expose_secret(),
        ));
    }
    text.push_str(&format!(
        "# etsy-odoo plan\n\
         # quantities: etsy-odoo inventory adopt, apply that plan, then shop set NAME stock_master=odoo\n\
         # buyers and sellers: curl -X POST '{}/_sandbox/live?buy=5&edit=2&cancel=1&refund=1&pay=1&correct_address=1'\n\
         # Ctrl-C ends it\n",
        stand_ins.pair.etsy_url,
    ));
    text
}

/// Lets the world live on, until a signal or a fault.
async fn live(
    session: &Session,
    stand_ins: &mut StandIns,
    arguments: &SandboxArguments,
    signals: &mut Signals,
) -> Result<(), CommandError> {
    let world = std::sync::Arc::clone(&stand_ins.pair.world);
    let mut buying = ticks(arguments.buy_every);
    let mut editing = ticks(arguments.edit_every);
    loop {
        tokio::select! {
            () = signals.received() => return Ok(()),
            ended = stand_ins.pair.ended() => {
                return ended.map_err(|error| CommandError::Sandbox {
                    advice: error.advice(),
                    source: Box::new(error),
                });
            }
            _ = buying.tick(), if arguments.buy_every > 0 => {
                world.lock().await.buy(1, session.clock.now());
            }
            _ = editing.tick(), if arguments.edit_every > 0 => {
                world.lock().await.edit(1, session.clock.now());
            }
        }
    }
}

fn ticks(every: u32) -> tokio::time::Interval {
    let period = Duration::from_secs(u64::from(every.max(1)));
    tokio::time::interval_at(tokio::time::Instant::now() + period, period)
}
