//! Whatever a command can fail with.

use std::path::PathBuf;

use super::ExitStatus;
use super::check::CheckFault;
use super::period_fault::PeriodFault;
use super::products::ProductFault;
use crate::config::ConfigError;
use crate::db::DatabaseError;
use crate::db::embedded::EmbeddedError;
use crate::domain::{Advice, Ahead, RunId, ShopId, Trouble};
use crate::etsy::EtsyError;
use crate::journal::JournalError;
use crate::odoo::{Fault, OdooError};
use crate::pipeline::PipelineError;
use crate::report::ReportError;
use crate::shop::ShopError;
use crate::snapshot::SnapshotError;
use crate::stage::StageError;

/// A command that failed. The transparent variants are the rooms' own errors, printed as they are.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "the transparent variants are named after the room whose error they carry"
)]
pub enum CommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(transparent)]
    Shop(#[from] ShopError),
    #[error(transparent)]
    Etsy(#[from] EtsyError),
    #[error(transparent)]
    Odoo(#[from] OdooError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    Stage(#[from] StageError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error("the simulated sides did not start")]
    Sandbox {
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
        advice: Advice,
    },
    #[error("{} cannot be written", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("nothing can be kept in {}", path.display())]
    DataDir {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the result could not be written to stdout")]
    Output(#[source] std::io::Error),
    #[error("stdin could not be read")]
    Input(#[source] std::io::Error),
    #[error("there was nothing on stdin")]
    NoInput,
    #[error("the signals of the system cannot be listened to")]
    Signals(#[source] std::io::Error),
    #[error("interrupted")]
    Interrupted,
    #[error("another demo or sandbox is using {}", path.display())]
    InUse { path: PathBuf },
    #[error("there is no shop that takes part in runs")]
    NoShops,
    #[error("shop `{name}` could not be connected")]
    Login {
        name: String,
        #[source]
        source: Box<EtsyError>,
    },
    #[error("shop `{name}` does not open")]
    Check {
        name: String,
        #[source]
        source: Box<EtsyError>,
    },
    #[error("{}", wrong_shop(name, *asked, *owned))]
    WrongShop { name: String, asked: ShopId, owned: Option<ShopId> },
    #[error("the login of shop `{name}` lacks {missing}{}", if *is_for_stock { ", which quantities are pushed with" } else { "" })]
    MissingScopes { name: String, missing: String, is_for_stock: bool },
    #[error("this machine's clock is {ahead} Etsy's")]
    Clock { ahead: Ahead },
    #[error("`{0}` is not of the form key=value")]
    NotAPolicy(String),
    #[error("`{0}` is not of the form key=value")]
    NotARule(String),
    #[error("the result could not be written as JSON")]
    Document(#[source] serde_json::Error),
    #[error("run {0} made no plan")]
    NoPlan(RunId),
    #[error("no run has made a plan yet")]
    NoRuns,
    #[error("the plan of run {run} was refused by the guard")]
    Guarded { run: RunId },
    #[error("a sum of run {run} does not foot: {sum}")]
    DoesNotFoot { run: RunId, sum: String },
    #[error("there is no reject {0}")]
    NoReject(i64),
    #[error(transparent)]
    Unfit(#[from] CheckFault),
    #[error(transparent)]
    Product(#[from] ProductFault),
    #[error(transparent)]
    Period(#[from] PeriodFault),
    #[error(transparent)]
    AsAdministrator(OdooError),
    #[error(transparent)]
    WithoutAdministrator(OdooError),
    #[error("Odoo's database `{database}` was there in run {run}, and is not there now")]
    OdooAway {
        database: String,
        run: RunId,
        #[source]
        source: Box<CommandError>,
    },
}

/// Which of the two ways to Odoo led to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    /// `odoo.url` and `odoo.database`.
    OverRpc,
    /// `odoo.read_url`.
    InPostgres,
}

impl CommandError {
    /// The error to begin the chain with.
    pub(super) fn innermost(&self) -> &dyn std::error::Error {
        self
    }

    /// Where it says that there is no database, or none with an Odoo in it; nothing if it says something else.
    pub(super) fn absence(&self) -> Option<Absence> {
        let no_odoo = |source: &SnapshotError| matches!(source, SnapshotError::NoOdoo { .. });
        let in_postgres = matches!(self, Self::Database(error) if error.is_of_no_database())
            || matches!(self, Self::Pipeline(PipelineError::Snapshot { source, .. }) if no_odoo(source));
        if in_postgres {
            return Some(Absence::InPostgres);
        }
        let over_rpc = matches!(self, Self::Odoo(error)
            if matches!(error.fault(), Some(Fault::NoSuchDatabase | Fault::EmptyDatabase)));
        over_rpc.then_some(Absence::OverRpc)
    }

    /// How a command ends that fails with it.
    pub(super) fn status(&self) -> ExitStatus {
        if matches!(self, Self::Guarded { .. }) {
            ExitStatus::Guarded
        } else {
            self.advice().trouble.into()
        }
    }

    /// What to do next, and which exit code fits unless [`CommandError::status`] knows a better one.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Config(error) => error.advice(),
            Self::Database(error) => error.advice(),
            Self::Embedded(error) => error.advice(),
            Self::Shop(error) => error.advice(),
            Self::Etsy(error) => error.advice(),
            Self::Odoo(error) => error.advice(),
            Self::Journal(error) => error.advice(),
            Self::Pipeline(error) => error.advice(),
            Self::Snapshot(error) => error.advice(),
            Self::Stage(error) => error.advice(),
            Self::Report(error) => error.advice(),
            Self::Sandbox { advice, .. } => advice.clone(),
            Self::File { .. } => Advice::needs_person(
                "see that the directory is there, that there is room, and that this user may write to it",
            ),
            Self::DataDir { .. } => Advice::needs_person(
                "set `[database].data_dir`, or ETSY_ODOO_DATABASE__DATA_DIR, to a directory that this user may write to",
            ),
            Self::Output(_) | Self::Input(_) | Self::Signals(_) | Self::Document(_) => {
                Advice::failed()
            }
            Self::NoInput => Advice::needs_person("pipe it in, or type it and end with Ctrl-D"),
            Self::Interrupted => {
                Advice::try_again("start the same command again: it goes on from where it was")
            }
            Self::InUse { .. } => Advice::try_again("wait until it ends, or stop it"),
            Self::NoShops => Advice::needs_person(
                "add one with `etsy-odoo shop add NAME --shop-id N`, or resume one with `etsy-odoo shop resume NAME`",
            ),
            Self::Login { name, source } | Self::Check { name, source } => source.advice_for(name),
            Self::WrongShop { name, .. } => Advice::needs_person(format!(
                "nothing was stored, and a refresh token that was given is used up; sign in to Etsy as the owner of the shop and begin again with `etsy-odoo shop login {name}`, or add the other shop under its own name and log in there"
            )),
            Self::MissingScopes { name, is_for_stock: false, .. } => Advice::needs_person(format!(
                "rights cannot be added to a login: `etsy-odoo shop login {name}` asks for all that are needed"
            )),
            Self::MissingScopes { name, is_for_stock: true, .. } => Advice::needs_person(format!(
                "rights cannot be added to a login: `etsy-odoo shop login {name}` asks for all that are needed; or leave Etsy's quantities alone with `etsy-odoo shop set {name} stock_master=none`"
            )),
            Self::Clock { ahead } => ahead.advice(),
            Self::NotAPolicy(_) => {
                Advice::needs_person("write it as `etsy-odoo shop set NAME order_state=draft`")
            }
            Self::NotARule(_) => {
                Advice::needs_person("write it as `etsy-odoo inventory rule SHOP SKU buffer=2`")
            }
            Self::NoPlan(_) => Advice::needs_person("`etsy-odoo runs` shows which runs made one"),
            Self::NoRuns => Advice::needs_person("make one with `etsy-odoo plan`"),
            Self::Guarded { run } => Advice::needs_person(format!(
                "read it with `etsy-odoo runs show {run}`; if it is right: `etsy-odoo apply --plan {run} --allow-large-plan`"
            )),
            Self::DoesNotFoot { run, .. } => Advice {
                trouble: Trouble::Failed,
                hint: Some(format!(
                    "read `etsy-odoo report --run {run}`; this is a fault of etsy-odoo: please report it"
                )),
            },
            Self::NoReject(_) => Advice::needs_person("`etsy-odoo rejects` lists them"),
            Self::Unfit(fault) => fault.advice(),
            Self::Product(fault) => fault.advice(),
            Self::Period(fault) => fault.advice(),
            Self::AsAdministrator(error) => error.advice_to_administrator(),
            Self::WithoutAdministrator(error) => error.advice_without_administrator(),
            Self::OdooAway { .. } => Advice::try_again(
                "wait until Odoo is back: it may be about to be restored or moved; if it was renamed, correct odoo.database and odoo.read_url",
            ),
        }
    }
}

fn wrong_shop(name: &str, asked: ShopId, owned: Option<ShopId>) -> String {
    let whose = match owned {
        Some(owned) => format!("the seller who agreed owns shop {owned}"),
        None => "the seller who agreed owns no such shop".to_owned(),
    };
    format!("{whose}, and `{name}` is shop {asked}")
}
