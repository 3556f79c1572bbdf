//! Ways to read what Etsy writes in more than one manner. Complaints name what was found, never its value.
//!
//! Each way is a type of one field, so that an object can list the ways of its fields (see [`super::object`]).

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde_json::value::RawValue;

use crate::domain::Currency;

/// A way to read a field.
pub(super) trait Reader: Sized {
    /// What stands for a field that is not there; nothing where it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// An id: a number above 0, or its digits in a string (<https://github.com/etsy/open-api/issues/295>).
pub(super) struct Id(pub(super) i64);

/// An id that may be absent: `null`, and 0 for what has been deleted.
pub(super) struct MaybeId(pub(super) Option<i64>);

/// An id of any form, as text: a number, digits, or a word; absent, `null` and empty are nothing.
pub(super) struct MaybeName<'text>(pub(super) Option<Cow<'text, str>>);

/// A text; absent and `null` are empty.
pub(super) struct Text<'text>(pub(super) Cow<'text, str>);

/// A text that may be absent or `null`.
pub(super) struct MaybeText<'text>(pub(super) Option<Cow<'text, str>>);

/// Yes or no, and it must be there.
#[derive(Deserialize)]
pub(super) struct Flag(pub(super) bool);

/// Yes or no; absent and `null` are no.
pub(super) struct FlagOrNo(pub(super) bool);

/// A number of 32 bits.
#[derive(Deserialize)]
pub(super) struct Count(pub(super) i32);

/// A number of 64 bits.
#[derive(Deserialize)]
pub(super) struct Whole(pub(super) i64);

/// A number of 64 bits that may be absent or `null`.
pub(super) struct MaybeWhole(pub(super) Option<i64>);

/// Seconds since 1970.
pub(super) struct Moment(pub(super) DateTime<Utc>);

/// A currency code.
pub(super) struct Code(pub(super) Currency);

/// Something of a type of its own.
#[derive(Deserialize)]
pub(super) struct Whatever<T>(pub(super) T);

/// Something of a type of its own that may be absent or `null`.
#[derive(Deserialize)]
pub(super) struct Maybe<T>(pub(super) Option<T>);

/// A list; absent and `null` are empty.
pub(super) struct Many<T>(pub(super) Vec<T>);

/// A list of texts; absent and `null` are empty.
pub(super) struct Texts<'text>(pub(super) Vec<Cow<'text, str>>);

/// A list of ids; absent and `null` are empty.
pub(super) struct Ids(pub(super) Vec<i64>);

impl Reader for Id {}
impl Reader for Flag {}
impl Reader for Count {}
impl Reader for Whole {}
impl Reader for Moment {}
impl Reader for Code {}
impl<T> Reader for Whatever<T> {}

impl Reader for MaybeId {
    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl Reader for MaybeName<'_> {
    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl Reader for Text<'_> {
    fn absent() -> Option<Self> {
        Some(Self(Cow::Borrowed("")))
    }
}

impl Reader for MaybeText<'_> {
    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl Reader for FlagOrNo {
    fn absent() -> Option<Self> {
        Some(Self(false))
    }
}

impl Reader for MaybeWhole {
    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl<T> Reader for Maybe<T> {
    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl<T> Reader for Many<T> {
    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl Reader for Texts<'_> {
    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl Reader for Ids {
    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

struct IdVisitor {
    from: i64,
    expected: &'static str,
}

const ID: IdVisitor = IdVisitor { from: 1, expected: "an id above 0" };
const ID_OR_NONE: IdVisitor = IdVisitor { from: 0, expected: "an id, 0 or null" };

impl Visitor<'_> for IdVisitor {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        if number < self.from {
            return Err(E::invalid_value(Unexpected::Signed(number), &self));
        }
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        match i64::try_from(number) {
            Ok(id) if id >= self.from => Ok(id),
            Ok(_) | Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<i64, E> {
        match digits.parse() {
            Ok(id) if id >= self.from => Ok(id),
            Ok(_) | Err(_) => Err(E::invalid_value(Unexpected::Str(digits), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<i64, E> {
        if self.from > 0 { Err(E::invalid_type(Unexpected::Unit, &self)) } else { Ok(0) }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ID).map(Self)
    }
}

impl<'de> Deserialize<'de> for MaybeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(ID_OR_NONE)?;
        Ok(Self((number > 0).then_some(number)))
    }
}

impl<'de: 'text, 'text> Deserialize<'de> for MaybeName<'text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl<'de> Visitor<'de> for Name {
            type Value = Option<Cow<'de, str>>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an id as a number or a string")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Some(Cow::Owned(number.to_string())))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Some(Cow::Owned(number.to_string())))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok((!text.is_empty()).then_some(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok((!text.is_empty()).then(|| Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(Name).map(Self)
    }
}

impl<'de: 'text, 'text> Deserialize<'de> for MaybeText<'text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;

        impl<'de> Visitor<'de> for Borrowing {
            type Value = Option<Cow<'de, str>>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Some(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Some(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Some(Cow::Owned(text)))
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_str(self)
            }
        }

        deserializer.deserialize_option(Borrowing).map(Self)
    }
}

impl<'de: 'text, 'text> Deserialize<'de> for Text<'text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let MaybeText(text) = MaybeText::deserialize(deserializer)?;
        Ok(Self(text.unwrap_or_default()))
    }
}

impl<'de> Deserialize<'de> for FlagOrNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or_default()))
    }
}

impl<'de> Deserialize<'de> for MaybeWhole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or_default()))
    }
}

impl<'de: 'text, 'text> Deserialize<'de> for Texts<'text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Many(texts) = Many::<Text<'text>>::deserialize(deserializer)?;
        Ok(Self(texts.into_iter().map(|Text(text)| text).collect()))
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Many(ids) = Many::<Id>::deserialize(deserializer)?;
        Ok(Self(ids.into_iter().map(|Id(id)| id).collect()))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        moment(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Letters;

        impl Visitor<'_> for Letters {
            type Value = Currency;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a currency code of three capital letters")
            }

            fn visit_str<E: Error>(self, code: &str) -> Result<Currency, E> {
                code.parse().ok().ok_or_else(|| E::invalid_value(Unexpected::Str(code), &self))
            }
        }

        deserializer.deserialize_str(Letters).map(Self)
    }
}

/// [`Code`], for structs that derive how they are read.
pub(super) fn currency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
    Code::deserialize(deserializer).map(|Code(currency)| currency)
}

/// [`Id`], for structs that derive how they are read.
pub(super) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Id::deserialize(deserializer).map(|Id(number)| number)
}

/// [`MaybeId`], for structs that derive how they are read.
pub(super) fn id_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    MaybeId::deserialize(deserializer).map(|MaybeId(number)| number)
}

/// `null` where the reference promises a value that can be empty; for structs that derive how they are read.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Seconds since 1970.
pub(super) fn moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<DateTime<Utc>, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| D::Error::invalid_value(Unexpected::Signed(seconds), &"seconds since 1970"))
}

/// The id of a row that may not read otherwise, to name it by.
pub(super) fn id_of(row: &RawValue, field: &str) -> Option<i64> {
    let fields: std::collections::BTreeMap<String, &RawValue> =
        serde_json::from_str(row.get()).ok()?;
    let Id(number) = serde_json::from_str(fields.get(field)?.get()).ok()?;
    Some(number)
}

#[cfg(test)]
mod tests;
