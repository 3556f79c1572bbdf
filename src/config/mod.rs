//! Every setting: where it comes from, its unit, its default and what goes wrong without it. The only reader of the
//! environment.
//!
//! A setting comes from a TOML file (`--config`, else `$ETSY_ODOO_CONFIG`, else `./etsy-odoo.toml` if it is there) and
//! from `ETSY_ODOO_<SECTION>__<KEY>`, which wins. A secret can also be given as `<key>_file`, the name of a file that
//! holds nothing else. Unknown keys are refused.

mod error;
mod known;
mod source;

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

pub use error::ConfigError;
pub use known::{KNOWN, Setting};
use source::{Given, Place};

use crate::db::embedded::default_data_dir;
use crate::etsy::{EtsySettings, RedirectUri};
use crate::odoo::Chatter;

/// All settings, as they were found; each command asks for those it needs.
#[derive(Debug)]
pub struct Settings {
    given: Given,
    home: Option<PathBuf>,
    data_home: Option<PathBuf>,
}

impl Settings {
    /// Reads the file and the environment.
    pub fn read(config: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = source::environment();
        let given = Given::read(config, &environment)?;
        let path =
            |name: &str| environment.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Ok(Self { given, home: path("HOME"), data_home: path("XDG_DATA_HOME") })
    }

    /// The settings of `text` alone, as if it were the file and the environment were empty.
    pub fn from_text(text: &str) -> Result<Self, ConfigError> {
        let place = Place::File(PathBuf::from("etsy-odoo.toml"));
        Ok(Self { given: Given::parse(&place, text)?, home: None, data_home: None })
    }

    /// `database.url`; nothing: the embedded cluster.
    pub fn database_url(&self) -> Result<Option<SecretString>, ConfigError> {
        self.given.secret("database", "url")
    }

    /// `database.data_dir`, else [`default_data_dir`].
    pub fn data_dir(&self) -> Result<PathBuf, ConfigError> {
        if let Some(path) = self.given.text("database", "data_dir")? {
            return self.expanded(&path);
        }
        default_data_dir(self.home.as_deref(), self.data_home.as_deref())
            .ok_or(ConfigError::Missing { setting: "database.data_dir" })
    }

    /// `database.binaries`: where the server's programs are; nothing: they are looked for.
    pub fn binaries(&self) -> Result<Option<PathBuf>, ConfigError> {
        self.given.text("database", "binaries")?.map(|path| self.expanded(&path)).transpose()
    }

    /// `odoo.read_url`: Odoo's own Postgres.
    pub fn odoo_read_url(&self) -> Result<SecretString, ConfigError> {
        self.given
            .secret("odoo", "read_url")?
            .ok_or(ConfigError::Missing { setting: "odoo.read_url" })
    }

    /// `odoo.*`.
    pub fn odoo(&self) -> Result<crate::odoo::OdooSettings, ConfigError> {
        Ok(crate::odoo::OdooSettings {
            url: self.given.required("odoo", "url", "odoo.url")?,
            database: self.given.required("odoo", "database", "odoo.database")?,
            login: self.given.required("odoo", "login", "odoo.login")?,
            api_key: self
                .given
                .secret("odoo", "api_key")?
                .ok_or(ConfigError::Missing { setting: "odoo.api_key" })?,
            connections: self.given.number("odoo", "connections", 2, 1..=16)?,
            call_timeout: Duration::from_secs(u64::from(self.given.number(
                "odoo",
                "timeout_seconds",
                150,
                1..=3600,
            )?)),
            chatter: self
                .given
                .parsed("odoo", "chatter", Chatter::parse, Chatter::EXPECTED)?
                .unwrap_or_default(),
        })
    }

    /// `etsy.*`.
    pub fn etsy(&self) -> Result<EtsySettings, ConfigError> {
        let text = |key, default: &str| {
            Ok::<_, ConfigError>(
                self.given.text("etsy", key)?.unwrap_or_else(|| default.to_owned()),
            )
        };
        let secret =
            |key, setting| self.given.secret("etsy", key)?.ok_or(ConfigError::Missing { setting });
        let keystring = secret("keystring", "etsy.keystring")?;
        let shared_secret = secret("shared_secret", "etsy.shared_secret")?;
        let usual = EtsySettings::new(keystring, shared_secret);
        let redirect_uri =
            self.given.parsed("etsy", "redirect_uri", RedirectUri::parse, RedirectUri::EXPECTED)?;
        let patience = self.given.number("etsy", "patience_seconds", 180, 1..=3600)?;
        let deadline = Duration::from_secs(u64::from(patience));
        Ok(EtsySettings {
            call_timeout: usual.call_timeout.min(deadline),
            deadline,
            api_url: text("api_url", "https://openapi.etsy.com/v3")?,
            auth_url: text("auth_url", "https://www.etsy.com/oauth/connect")?,
            redirect_uri: redirect_uri.unwrap_or_default(),
            token_url: text("token_url", "https://api.etsy.com/v3/public/oauth/token")?,
            calls_per_second: self.given.number("etsy", "calls_per_second", 10, 1..=10_000)?,
            calls_per_day: self.given.number("etsy", "calls_per_day", 10_000, 1..=100_000_000)?,
            reserved_for_orders: self.given.number(
                "etsy",
                "reserved_for_orders",
                2_000,
                0..=100_000_000,
            )?,
            ..usual
        })
    }

    /// `etsy.token_key`: what the shops' tokens are sealed with.
    pub fn token_key(&self) -> Result<Option<SecretString>, ConfigError> {
        self.given.secret("etsy", "token_key")
    }

    /// `etsy.new_token_key`: what they are about to be sealed with.
    pub fn new_token_key(&self) -> Result<Option<SecretString>, ConfigError> {
        self.given.secret("etsy", "new_token_key")
    }

    fn expanded(&self, path: &str) -> Result<PathBuf, ConfigError> {
        match path.strip_prefix("~/") {
            Some(rest) => self
                .home
                .as_ref()
                .map(|home| home.join(rest))
                .ok_or_else(|| ConfigError::NoHome { path: path.to_owned() }),
            None => Ok(PathBuf::from(path)),
        }
    }
}
