//! What `demo` and `sandbox` share: a cluster of their own, the pair of stand-ins, and the settings to use them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::arguments::WorldArguments;
use super::{CommandError, Session};
use crate::config::Settings;
use crate::db::embedded::Embedded;
use crate::sandbox::etsy::EtsyOptions;
use crate::sandbox::faults::FaultScript;
use crate::sandbox::odoo::{OdooOptions, trade_elsewhere};
use crate::sandbox::pair::{Pair, PairOptions, READER, grant_reader};
use crate::sandbox::world::WorldSize;
use crate::shop::TokenKey;

/// The name of the simulated Odoo's database.
const ODOO_DATABASE: &str = "simulated_odoo";

/// The login of its bot, which has no administrator's rights.
const LOGIN: &str = "etsy-odoo";

/// The login of its administrator.
const ADMIN: &str = "admin";

/// How many calls the simulated Odoo answers at once, like Odoo with two workers.
const WORKERS: usize = 2;

/// A cluster with both simulated sides.
pub(super) struct StandIns {
    pub(super) cluster: Embedded,
    pub(super) pair: Pair,
    /// Keeps a second demo or sandbox out of the same directory.
    lock: std::fs::File,
}

impl StandIns {
    /// Starts everything afresh in a directory of its own.
    pub(super) async fn start(
        session: &Session,
        directory: &Path,
        world: WorldArguments,
        ports: (u16, u16),
    ) -> Result<Self, CommandError> {
        let lock = lock(directory)?;
        let cluster = session.cluster(directory.to_path_buf(), false).await?;
        cluster.recreate_database(ODOO_DATABASE).await?;
        let pair = Pair::start(
            options(world, ports),
            &cluster.config(ODOO_DATABASE),
            Arc::clone(&session.clock),
        )
        .await;
        let pair = pair.map_err(|error| CommandError::Sandbox {
            advice: error.advice(),
            source: Box::new(error),
        })?;
        Ok(Self { cluster, pair, lock })
    }

    /// The settings to use them, as a settings file.
    pub(super) fn settings_text(&self) -> String {
        let PairOptions { etsy, odoo, .. } = &self.pair.options;
        let read_url = self.cluster.url(ODOO_DATABASE).replacen(
            crate::db::embedded::SUPERUSER,
            &self.pair.options.reader,
            1,
        );
        format!(
            "[odoo]\nurl = \"{odoo_url}\"\ndatabase = \"{database}\"\nlogin = \"{login}\"\napi_key = \"{key}\"\n\
             read_url = \"{read_url}\"\n\n[etsy]\napi_url = \"{etsy_url}/v3\"\n\
             auth_url = \"{etsy_url}/oauth/connect\"\ntoken_url = \"{etsy_url}/v3/public/oauth/token\"\nkeystring = \"{keystring}\"\n\
             shared_secret = \"{secret}\"\ntoken_key = \"{token_key}\"\n",
            odoo_url = self.pair.odoo_url,
            database = odoo.database,
            login = odoo.login,
            key = odoo.password.expose_secret(),
            etsy_url = self.pair.etsy_url,
            keystring = etsy.keystring,
            secret = etsy.shared_secret.expose_secret(),
            token_key = TokenKey::generate_hex().expose_secret(),
        )
    }

    /// Lets the reader of Odoo's database read the fields that `init` has created.
    pub(super) async fn grant_reader(&self) -> Result<(), CommandError> {
        let database = self.cluster.config(ODOO_DATABASE);
        grant_reader(&database, &self.pair.options).await.map_err(|error| CommandError::Sandbox {
            advice: error.advice(),
            source: Box::new(error),
        })
    }

    /// Lets the simulated Odoo sell some goods elsewhere, and receive some. Returns of how many.
    pub(super) async fn trade_elsewhere(&self, goods: i64) -> Result<u64, CommandError> {
        let database = self.cluster.config(ODOO_DATABASE);
        trade_elsewhere(&database, goods).await.map_err(|error| CommandError::Sandbox {
            advice: error.advice(),
            source: Box::new(error),
        })
    }

    /// Where the owner of Odoo's database gives rights.
    pub(super) fn owner_url(&self) -> String {
        self.cluster.url(ODOO_DATABASE)
    }

    /// A session that uses them.
    pub(super) fn session(&self, outer: &Session) -> Result<Session, CommandError> {
        Ok(Session {
            settings: Settings::from_text(&self.settings_text())?,
            clock: Arc::clone(&outer.clock),
            printer: outer.printer,
        })
    }

    /// Stops everything.
    pub(super) async fn stop(self) -> Result<(), CommandError> {
        let Self { cluster, pair, lock } = self;
        let stopped = pair.stop().await;
        cluster.stop().await?;
        drop(lock);
        stopped.map_err(|error| CommandError::Sandbox {
            advice: error.advice(),
            source: Box::new(error),
        })
    }
}

fn options(world: WorldArguments, ports: (u16, u16)) -> PairOptions {
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let password = TokenKey::generate_hex();
    PairOptions {
        size: WorldSize {
            receipts: count(world.receipts),
            listings: count(world.listings),
            shops: count(world.shops),
            seed: world.seed,
        },
        etsy_port: ports.0,
        odoo_port: ports.1,
        reader: READER.to_owned(),
        etsy: EtsyOptions::default(),
        odoo: OdooOptions {
            database: ODOO_DATABASE.to_owned(),
            login: LOGIN.to_owned(),
            password: password.clone(),
            admin_login: ADMIN.to_owned(),
            admin_password: password,
            workers: WORKERS,
            longest_first_wait: Duration::from_millis(200),
            faults: FaultScript::default(),
        },
    }
}

/// One demo or sandbox per directory at a time: it begins by throwing the last one's databases away.
fn lock(directory: &Path) -> Result<std::fs::File, CommandError> {
    let failed = |source| CommandError::DataDir { path: directory.to_path_buf(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let file = std::fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join("sandbox.lock"))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(CommandError::InUse { path: directory.to_path_buf() })
        }
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}
