//! How an object of Etsy's is read: the fields that are used, the fields that are known, and the names of the others.

/// Declares a struct and how it is read from JSON. Each field names the way in which it is read (see
/// [`super::lenient`]); `known` lists the other fields of the reference, which are skipped. What is in neither list is
/// skipped too, and its name is kept: that is how drift is seen, at the price of an empty list.
macro_rules! wire_object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* $field:ident : $type:ty => $reader:ty,)*
        }
        known: $($in_reference:literal)|*
    ) => {
        $(#[$meta])*
        pub struct $name<'text> {
            $($(#[$field_meta])* pub $field: $type,)*
            /// Fields that the reference does not have.
            pub unknown_fields: Vec<std::borrow::Cow<'text, str>>,
        }

        const _: () = {
            const IN_REFERENCE: &[&str] = &[$($in_reference),*];

            #[expect(non_camel_case_types, reason = "the variants are the names of the fields")]
            enum Key<'text> {
                $($field,)*
                KnownToReference,
                NotInReference(std::borrow::Cow<'text, str>),
            }

            fn known<'text>(name: &str) -> Option<Key<'text>> {
                $(if name == stringify!($field) {
                    return Some(Key::$field);
                })*
                IN_REFERENCE.contains(&name).then_some(Key::KnownToReference)
            }

            struct KeyVisitor;

            impl<'de> serde::de::Visitor<'de> for KeyVisitor {
                type Value = Key<'de>;

                fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    formatter.write_str("the name of a field")
                }

                fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                    Ok(known(name)
                        .unwrap_or_else(|| Key::NotInReference(std::borrow::Cow::Borrowed(name))))
                }

                fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                    Ok(known(name).unwrap_or_else(|| {
                        Key::NotInReference(std::borrow::Cow::Owned(name.to_owned()))
                    }))
                }
            }

            impl<'de> serde::Deserialize<'de> for Key<'de> {
                fn deserialize<D: serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    deserializer.deserialize_identifier(KeyVisitor)
                }
            }

            struct Object;

            impl<'text> serde::de::Visitor<'text> for Object {
                type Value = $name<'text>;

                fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    formatter.write_str("an object")
                }

                fn visit_map<A: serde::de::MapAccess<'text>>(
                    self,
                    mut map: A,
                ) -> Result<$name<'text>, A::Error> {
                    let mut unknown_fields = Vec::new();
                    $(let mut $field: Option<$reader> = None;)*
                    while let Some(key) = map.next_key()? {
                        match key {
                            $(Key::$field => {
                                if $field.is_some() {
                                    return Err(<A::Error as serde::de::Error>::duplicate_field(
                                        stringify!($field),
                                    ));
                                }
                                $field = Some(map.next_value()?);
                            })*
                            Key::KnownToReference => {
                                map.next_value::<serde::de::IgnoredAny>()?;
                            }
                            Key::NotInReference(name) => {
                                unknown_fields.push(name);
                                map.next_value::<serde::de::IgnoredAny>()?;
                            }
                        }
                    }
                    Ok($name {
                        $($field: match $field
                            .or_else(<$reader as $crate::etsy::wire::lenient::Reader>::absent)
                        {
                            Some(read) => read.0,
                            None => {
                                return Err(<A::Error as serde::de::Error>::missing_field(
                                    stringify!($field),
                                ));
                            }
                        },)*
                        unknown_fields,
                    })
                }
            }

            impl<'de: 'text, 'text> serde::Deserialize<'de> for $name<'text> {
                fn deserialize<D: serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    deserializer.deserialize_map(Object)
                }
            }
        };
    };
}
pub(super) use wire_object;
