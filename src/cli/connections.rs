//! What a command opens before it can work.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::error::Absence;
use super::{CommandError, Session};
use crate::db::embedded::{Embedded, EmbeddedSettings};
use crate::db::{OdooReader, Warehouse, parse_url};
use crate::etsy::{EtsySettings, Limiter};
use crate::odoo::OdooWriter;
use crate::shop::{self, CallBook, Shop, ShopError, Status, TokenKey};
use crate::snapshot::{EtsySide, odoo_was_read};

/// The database in the embedded cluster.
const DATABASE: &str = "etsy_odoo";

/// Our own database, with the cluster that it may live in.
pub(super) struct Ours {
    pub(super) warehouse: Warehouse,
    cluster: Option<Embedded>,
}

impl Ours {
    /// Stops the cluster, if we started one and nobody else uses it.
    pub(super) async fn close(self) -> Result<(), CommandError> {
        let Self { warehouse, cluster } = self;
        drop(warehouse);
        match cluster {
            Some(cluster) => Ok(cluster.stop().await?),
            None => Ok(()),
        }
    }
}

impl Session {
    /// Opens our database: the one of `database.url`, or the embedded one.
    pub(super) async fn ours(&self) -> Result<Ours, CommandError> {
        if let Some(url) = self.settings.database_url()? {
            let config = parse_url("database.url", url.expose_secret())?;
            return Ok(Ours { warehouse: Warehouse::connect(config).await?, cluster: None });
        }
        let cluster = self.cluster(self.settings.data_dir()?, true).await?;
        cluster.create_database_if_missing(DATABASE).await?;
        let warehouse = Warehouse::connect(cluster.config(DATABASE)).await?;
        Ok(Ours { warehouse, cluster: Some(cluster) })
    }

    /// Starts, or joins, the embedded cluster in a directory.
    pub(super) async fn cluster(
        &self,
        data_dir: std::path::PathBuf,
        durable: bool,
    ) -> Result<Embedded, CommandError> {
        let settings = EmbeddedSettings { data_dir, binaries: self.settings.binaries()?, durable };
        Ok(Embedded::start(&settings).await?)
    }

    /// The caller of Odoo.
    pub(super) async fn odoo(&self) -> Result<OdooWriter, CommandError> {
        Ok(OdooWriter::connect(&self.settings.odoo()?).await?)
    }

    /// The reader of Odoo's database.
    pub(super) async fn odoo_reader(&self) -> Result<OdooReader, CommandError> {
        Ok(OdooReader::connect(self.odoo_read_config()?).await?)
    }

    /// How Odoo's database is connected to.
    pub(super) fn odoo_read_config(&self) -> Result<tokio_postgres::Config, CommandError> {
        let url = self.settings.odoo_read_url()?;
        Ok(parse_url("odoo.read_url", url.expose_secret())?)
    }

    /// An Odoo that is not there is a wrong setting, unless an earlier run has read it: then it is away.
    pub(super) async fn away_if_known(
        &self,
        warehouse: &Warehouse,
        error: CommandError,
    ) -> CommandError {
        let asked = match error.absence() {
            None => return error,
            Some(Absence::OverRpc) => self.settings.odoo().ok().map(|settings| settings.database),
            Some(Absence::InPostgres) => self
                .odoo_read_config()
                .ok()
                .and_then(|config| config.get_dbname().map(str::to_owned)),
        };
        let Some(database) = asked else { return error };
        match odoo_was_read(warehouse, &database).await {
            Ok(Some(run)) => CommandError::OdooAway { database, run, source: Box::new(error) },
            Ok(None) | Err(_) => error,
        }
    }

    /// The key of the shops' tokens.
    pub(super) fn token_key(&self) -> Result<TokenKey, CommandError> {
        let text = self.settings.token_key()?.ok_or(ShopError::NoKey)?;
        let key = TokenKey::from_hex(&text)?;
        Ok(match self.new_token_key()? {
            Some(successor) => key.succeeded_by(successor),
            None => key,
        })
    }

    /// The key that they are about to have.
    pub(super) fn new_token_key(&self) -> Result<Option<TokenKey>, CommandError> {
        Ok(self.settings.new_token_key()?.as_ref().map(TokenKey::from_hex).transpose()?)
    }

    /// The reader of Etsy, which shares its calls with all who use the same key and the same database.
    pub(super) fn etsy(&self, warehouse: &Warehouse) -> Result<EtsySide, CommandError> {
        let settings = self.settings.etsy()?;
        let limiter = limiter(&settings, warehouse);
        Ok(EtsySide::new(&settings, self.token_key()?, limiter, Arc::clone(&self.clock))?)
    }

    /// The same for a person who waits.
    pub(super) fn etsy_in_a_hurry(
        &self,
        warehouse: &Warehouse,
        deadline: Duration,
    ) -> Result<EtsySide, CommandError> {
        let (settings, key) = (self.settings.etsy()?, self.token_key()?);
        let limiter = limiter(&settings, warehouse);
        Ok(EtsySide::hurried(&settings, key, limiter, Arc::clone(&self.clock), deadline)?)
    }
}

fn limiter(settings: &EtsySettings, warehouse: &Warehouse) -> Arc<Limiter> {
    let book = CallBook::new(warehouse.clone(), &settings.keystring);
    Arc::new(Limiter::new(settings.ceilings(), Box::new(book)))
}

/// The shops of a run: the ones that were named, or all that are not paused.
pub(super) async fn chosen_shops(
    warehouse: &Warehouse,
    names: &[String],
) -> Result<Vec<Shop>, CommandError> {
    let mut chosen = Vec::new();
    for name in names {
        chosen.push(shop::find(warehouse, name).await?);
    }
    if names.is_empty() {
        chosen = shop::list(warehouse).await?;
        chosen.retain(|shop| shop.status == Status::Active);
    }
    chosen.sort_by_key(|shop| shop.id);
    chosen.dedup_by(|one, other| one.id == other.id);
    if chosen.is_empty() { Err(CommandError::NoShops) } else { Ok(chosen) }
}
