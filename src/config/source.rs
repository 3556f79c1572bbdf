//! Where settings come from.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use toml::{Table, Value};

use super::{ConfigError, KNOWN};

/// The prefix of our variables.
const PREFIX: &str = "ETSY_ODOO_";
/// The variable that names the file.
const CONFIG: &str = "ETSY_ODOO_CONFIG";
/// The file that is read when none is named.
const DEFAULT_FILE: &str = "etsy-odoo.toml";

/// The whole environment, read once.
pub(super) fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    Variable(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "in {}", path.display()),
            Self::Variable(name) => write!(formatter, "in the environment, as {name}"),
        }
    }
}

/// What was given, by `section.key`. Everything is kept as a secret: a value is only shown by the code that knows it.
pub(super) struct Given(BTreeMap<String, (SecretString, Place)>);

impl std::fmt::Debug for Given {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

impl Given {
    pub(super) fn read(
        config: Option<&Path>,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let named = config
            .map(Path::to_path_buf)
            .or_else(|| environment.get(CONFIG).filter(|path| !path.is_empty()).map(PathBuf::from));
        let path = named.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        let mut given = match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&Place::File(path), &text)?,
            Err(error) if named.is_none() && error.kind() == ErrorKind::NotFound => {
                Self(BTreeMap::new())
            }
            Err(source) => return Err(ConfigError::File { path, source }),
        };
        given.overlay(environment)?;
        Ok(given)
    }

    pub(super) fn parse(place: &Place, text: &str) -> Result<Self, ConfigError> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::Syntax {
            path: match place {
                Place::File(path) => path.clone(),
                Place::Variable(name) => PathBuf::from(name),
            },
            line: error.span().map_or(0, |span| {
                text.get(..span.start)
                    .map_or(0, |before| before.matches('\n').count().saturating_add(1))
            }),
            message: error.message().to_owned(),
        })?;
        let mut found = BTreeMap::new();
        for (section, value) in &table {
            let Value::Table(keys) = value else {
                return Err(unknown(section, place));
            };
            for (key, value) in keys {
                let name = format!("{section}.{key}");
                check_known(&name, place)?;
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Integer(number) => number.to_string(),
                    Value::Float(_)
                    | Value::Boolean(_)
                    | Value::Datetime(_)
                    | Value::Array(_)
                    | Value::Table(_) => {
                        return Err(ConfigError::Value {
                            setting: name,
                            expected: "a text or a whole number".to_owned(),
                            place: place.to_string(),
                        });
                    }
                };
                found.insert(name, (SecretString::from(text), place.clone()));
            }
        }
        Ok(Self(found))
    }

    fn overlay(&mut self, environment: &BTreeMap<String, String>) -> Result<(), ConfigError> {
        for (variable, value) in environment {
            let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
            let Some((section, key)) = rest.split_once("__") else {
                // other variables with our prefix, such as CONFIG, are no settings
                if let Some(name) = cut_short(rest) {
                    return Err(ConfigError::OneUnderscore { variable: variable.clone(), name });
                }
                continue;
            };
            let name = format!("{}.{}", section.to_lowercase(), key.to_lowercase());
            let place = Place::Variable(variable.clone());
            check_known(&name, &place)?;
            // the environment wins over both forms of the file
            let stem = name.strip_suffix("_file").unwrap_or(&name).to_owned();
            for form in [stem.clone(), format!("{stem}_file")] {
                if self.0.get(&form).is_some_and(|(_, place)| matches!(place, Place::File(_))) {
                    self.0.remove(&form);
                }
            }
            self.0.insert(name, (SecretString::from(value.clone()), place));
        }
        Ok(())
    }

    pub(super) fn text(&self, section: &str, key: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.secret(section, key)?.map(|secret| secret.expose_secret().to_owned()))
    }

    pub(super) fn required(
        &self,
        section: &str,
        key: &str,
        setting: &'static str,
    ) -> Result<String, ConfigError> {
        self.text(section, key)?.ok_or(ConfigError::Missing { setting })
    }

    pub(super) fn secret(
        &self,
        section: &str,
        key: &str,
    ) -> Result<Option<SecretString>, ConfigError> {
        let setting = format!("{section}.{key}");
        let file = self.0.get(&format!("{setting}_file"));
        match (self.0.get(&setting), file) {
            (Some(_), Some(_)) => Err(ConfigError::Twice { setting }),
            (Some((value, _)), None) => Ok(Some(value.clone()).filter(not_empty)),
            (None, Some((path, _))) => {
                let path = PathBuf::from(path.expose_secret());
                let text = std::fs::read_to_string(&path).and_then(|text| {
                    if text.trim().is_empty() {
                        Err(std::io::Error::new(ErrorKind::InvalidData, "it is empty"))
                    } else {
                        Ok(text)
                    }
                });
                let text =
                    text.map_err(|source| ConfigError::SecretFile { setting, path, source })?;
                Ok(Some(SecretString::from(text.trim().to_owned())))
            }
            (None, None) => Ok(None),
        }
    }

    /// A value as `parse` understands it; nothing when it is not set or empty.
    pub(super) fn parsed<T>(
        &self,
        section: &str,
        key: &str,
        parse: impl Fn(&str) -> Option<T>,
        expected: &str,
    ) -> Result<Option<T>, ConfigError> {
        let setting = format!("{section}.{key}");
        let Some((value, place)) = self.0.get(&setting) else { return Ok(None) };
        let value = value.expose_secret().trim();
        if value.is_empty() {
            return Ok(None);
        }
        parse(value).map(Some).ok_or_else(|| ConfigError::Value {
            setting,
            expected: expected.to_owned(),
            place: place.to_string(),
        })
    }

    pub(super) fn number(
        &self,
        section: &str,
        key: &str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> Result<u32, ConfigError> {
        let setting = format!("{section}.{key}");
        let Some((value, place)) = self.0.get(&setting) else { return Ok(default) };
        value
            .expose_secret()
            .trim()
            .parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| ConfigError::Value {
                setting,
                expected: format!("a whole number from {} to {}", range.start(), range.end()),
                place: place.to_string(),
            })
    }
}

fn not_empty(secret: &SecretString) -> bool {
    !secret.expose_secret().is_empty()
}

fn names() -> impl Iterator<Item = String> {
    KNOWN.iter().flat_map(|setting| {
        let name = format!("{}.{}", setting.section, setting.key);
        let file = setting.is_secret.then(|| format!("{name}_file"));
        std::iter::once(name).chain(file)
    })
}

fn check_known(name: &str, place: &Place) -> Result<(), ConfigError> {
    if names().any(|known| known == name) { Ok(()) } else { Err(unknown(name, place)) }
}

fn unknown(name: &str, place: &Place) -> ConfigError {
    // by the share of letters that agree: by their number, short names would be near to everything
    let likeness = |known: &String| strsim::normalized_damerau_levenshtein(known, name);
    let nearest =
        names().max_by(|one, other| likeness(one).total_cmp(&likeness(other))).unwrap_or_default();
    ConfigError::Unknown { key: name.to_owned(), place: place.to_string(), nearest }
}

/// The setting that a variable would be if one more underscore ended its section. Only settings there are: a service of
/// Kubernetes that is named `etsy-odoo-database` makes variables such as `ETSY_ODOO_DATABASE_PORT`.
fn cut_short(rest: &str) -> Option<String> {
    let name = rest.to_lowercase().replacen('_', ".", 1);
    names().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, variables: &[(&str, &str)]) -> Result<Given, ConfigError> {
        let mut given = Given::parse(&Place::File("x.toml".into()), text)?;
        let environment =
            variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        given.overlay(&environment)?;
        Ok(given)
    }

    #[test]
    fn the_environment_wins() {
        let given = given(
            "[odoo]\nurl = \"a\"\napi_key_file = \"/nowhere\"\nconnections = 3",
            &[("ETSY_ODOO_ODOO__URL", "b"), ("ETSY_ODOO_ODOO__API_KEY", "k"), ("PATH", "x")],
        )
        .unwrap();
        assert_eq!(given.text("odoo", "url").unwrap().as_deref(), Some("b"));
        assert_eq!(given.text("odoo", "api_key").unwrap().as_deref(), Some("k"));
        assert_eq!(given.number("odoo", "connections", 2, 1..=16).unwrap(), 3);
    }

    #[test]
    fn an_unknown_key_names_its_neighbour() {
        let error = given("[odoo]\nbase = \"x\"", &[]).unwrap_err();
        assert!(
            matches!(&error, ConfigError::Unknown { nearest, .. } if nearest == "odoo.database")
        );
        let error = given("", &[("ETSY_ODOO_ETSY__KEY_STRING", "x")]).unwrap_err();
        assert!(
            matches!(&error, ConfigError::Unknown { nearest, .. } if nearest == "etsy.keystring")
        );
        assert!(given("odoo = 1", &[]).is_err());
    }

    #[test]
    fn a_variable_with_one_underscore_is_not_passed_over() {
        let error = given("", &[("ETSY_ODOO_ODOO_READ_URL", "x")]).unwrap_err();
        assert!(matches!(&error, ConfigError::OneUnderscore { .. }));
        let hint = error.advice().hint.unwrap();
        assert!(hint.contains("ETSY_ODOO_ODOO__READ_URL"), "{hint}");
        assert!(given("", &[("ETSY_ODOO_CONFIG", "x"), ("ETSY_ODOO_DATABASE_PORT", "x")]).is_ok());
    }

    #[test]
    fn a_secret_is_not_in_an_empty_file() {
        let given = given("[database]\nurl_file = \"/dev/null\"", &[]).unwrap();
        let error = given.secret("database", "url").unwrap_err();
        assert!(matches!(error, ConfigError::SecretFile { .. }));
    }

    #[test]
    fn a_fault_never_shows_a_value() {
        let given = given("[odoo]\napi_key = \"hunter2\"\nconnections = \"hunter2\"", &[]).unwrap();
        let error = given.number("odoo", "connections", 2, 1..=16).unwrap_err();
        assert!(!format!("{error} {error:?} {given:?}").contains("hunter2"));
    }

    #[test]
    fn a_secret_is_given_once() {
        let given = given("[odoo]\napi_key = \"a\"\napi_key_file = \"b\"", &[]).unwrap();
        assert!(matches!(given.secret("odoo", "api_key"), Err(ConfigError::Twice { .. })));
    }
}
