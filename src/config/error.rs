//! Faults in the settings, each with the place it was found in and the way out.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::domain::Advice;

/// A fault in the settings. Values are not repeated where they could be secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there, or cannot be read.
    #[error("the settings file {} cannot be read", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the settings file {} is not TOML: line {line}: {message}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What the parser said; it does not repeat the line.
        message: String,
    },
    /// A key or section that is not known.
    #[error("`{key}` is not a setting ({place})")]
    Unknown {
        /// As it was written.
        key: String,
        /// Where it was found.
        place: String,
        /// The nearest one there is.
        nearest: String,
    },
    /// A variable of ours whose section ends with one underscore: to be passed over in silence, it looks too much like
    /// a setting.
    #[error("{variable} is not a setting")]
    OneUnderscore {
        /// The variable.
        variable: String,
        /// The setting that it seems to mean.
        name: String,
    },
    /// A setting given twice, as itself and as a file.
    #[error("`{setting}` is given twice, as itself and as `{setting}_file`")]
    Twice {
        /// Which one.
        setting: String,
    },
    /// A file that should hold a secret cannot be read.
    #[error("the file of `{setting}`, {}, cannot be read", path.display())]
    SecretFile {
        /// Which setting.
        setting: String,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A setting that the command needs.
    #[error("`{setting}` is not set")]
    Missing {
        /// Which one.
        setting: &'static str,
    },
    /// A value of the wrong kind or out of range.
    #[error("`{setting}` must be {expected} ({place})")]
    Value {
        /// Which one.
        setting: String,
        /// What is expected.
        expected: String,
        /// Where it was found.
        place: String,
    },
    /// A path that begins with `~` where there is no home.
    #[error("`{path}` begins with ~, and there is no home directory")]
    NoHome {
        /// The path.
        path: String,
    },
}

impl ConfigError {
    /// Always a person's business: exit code 78.
    pub fn advice(&self) -> Advice {
        Advice::needs_person(match self {
            Self::File { source, .. } if source.kind() == ErrorKind::InvalidData => {
                "save it as text in UTF-8".to_owned()
            }
            Self::File { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
                "let this user read it".to_owned()
            }
            Self::File { .. } => {
                "name the file with --config or ETSY_ODOO_CONFIG; `etsy-odoo help` lists the settings".to_owned()
            }
            Self::Syntax { .. } => "write it as: key = \"value\", below a [section]".to_owned(),
            Self::OneUnderscore { name, .. } => {
                let variable = name.replacen('.', "__", 1).to_uppercase();
                format!("two underscores end the section: did you mean ETSY_ODOO_{variable}?")
            }
            Self::Unknown { nearest, .. } => format!("did you mean `{nearest}`?"),
            Self::Twice { setting } => format!("keep one of `{setting}` and `{setting}_file`"),
            Self::SecretFile { .. } => "the file must be there, readable for this user, and hold the secret and nothing else".to_owned(),
            Self::Missing { setting } => {
                let (section, key) = setting.split_once('.').unwrap_or(("", setting));
                format!(
                    "write `{key} = \"…\"` below [{section}] in etsy-odoo.toml, or set ETSY_ODOO_{}__{}",
                    section.to_uppercase(),
                    key.to_uppercase()
                )
            }
            Self::Value { .. } => "`etsy-odoo --help` tells what each setting means".to_owned(),
            Self::NoHome { .. } => "write the path in full".to_owned(),
        })
    }
}
