//! The shape of a form (表单字段): read off its `Deserialize`, so that nothing is described twice.
//!
//! A derived `Deserialize` tells its field names to the deserializer, asks for each value by its type, and
//! complains about the fields that it cannot do without. A deserializer that only listens learns all three.

use std::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};

/// What a field holds as the program reads it (字段类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words, dates, amounts: text that the handler reads itself.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// Some values under one name.
    Many,
}

/// A field (字段).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldShape {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether nothing can be read without it.
    pub required: bool,
}

/// The fields that a form takes (表单结构).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// These and no others.
    Fields(Vec<FieldShape>),
    /// Names that are data: settings, answers to questions.
    Open,
}

impl Shape {
    /// Reads the shape off a type.
    #[must_use]
    pub fn of<T: DeserializeOwned>() -> Self {
        let mut seen = Seen::default();
        let first = T::deserialize(Listener { give: &[], seen: &mut seen });
        let Some(names) = seen.names else { return Self::Open };
        let mut required = Vec::new();
        let mut missing = first.err().and_then(|heard| heard.missing);
        while let Some(name) = missing {
            if required.contains(&name) {
                break;
            }
            required.push(name);
            let mut seen = Seen::default();
            missing = T::deserialize(Listener { give: &required, seen: &mut seen }).err().and_then(|h| h.missing);
        }
        let kind = |name: &'static str| {
            let mut seen = Seen::default();
            // Only what was asked for counts; the value given may well not be understood.
            drop(T::deserialize(Listener { give: &[name], seen: &mut seen }));
            seen.kind.unwrap_or(FieldKind::Text)
        };
        let field = |name: &&'static str| FieldShape { name, kind: kind(name), required: required.contains(name) };
        Self::Fields(names.iter().map(field).collect())
    }

    /// Whether it takes a field of this name.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        match self {
            Self::Open => true,
            Self::Fields(fields) => fields.iter().any(|field| field.name == name),
        }
    }
}

#[derive(Default)]
struct Seen {
    names: Option<&'static [&'static str]>,
    kind: Option<FieldKind>,
}

/// Hears which struct is asked for, and gives the named fields.
struct Listener<'a> {
    give: &'a [&'static str],
    seen: &'a mut Seen,
}

/// What went wrong while listening; only a missing field is of use.
#[derive(Debug, Default)]
struct Heard {
    missing: Option<&'static str>,
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing {:?}", self.missing)
    }
}

impl std::error::Error for Heard {}

impl de::Error for Heard {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::default()
    }
    fn missing_field(field: &'static str) -> Self {
        Self { missing: Some(field) }
    }
}

impl<'de> Deserializer<'de> for Listener<'_> {
    type Error = Heard;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Heard> {
        visitor.visit_map(Given { left: self.give, kind: &mut self.seen.kind })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Heard> {
        self.seen.names = Some(fields);
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Heard> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

struct Given<'a> {
    left: &'a [&'static str],
    kind: &'a mut Option<FieldKind>,
}

impl<'de> MapAccess<'de> for Given<'_> {
    type Error = Heard;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Heard> {
        let Some((name, left)) = self.left.split_first() else { return Ok(None) };
        self.left = left;
        seed.deserialize(de::value::BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Heard> {
        seed.deserialize(Value { kind: self.kind })
    }
}

/// A value that notes as what it is asked for.
struct Value<'a> {
    kind: &'a mut Option<FieldKind>,
}

macro_rules! numbers {
    ($($ask:ident)*) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Heard> {
            *self.kind = Some(FieldKind::Integer);
            visitor.visit_u8(1)
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Heard;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Heard> {
        *self.kind = Some(FieldKind::Text);
        visitor.visit_borrowed_str("2026-01-01")
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Heard> {
        *self.kind = Some(FieldKind::Flag);
        visitor.visit_bool(false)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Heard> {
        *self.kind = Some(FieldKind::Many);
        visitor.visit_seq(de::value::SeqDeserializer::<std::iter::Empty<u8>, Heard>::new(std::iter::empty()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Heard> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Heard> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// Declares a form whose handler reads its fields by name: the fields that it takes, and no others.
///
/// ```
/// platform::form_fields! {
///     /// What came of a call.
///     pub Outcome: "result", "response"
/// }
/// ```
#[macro_export]
macro_rules! form_fields {
    ($(#[$meta:meta])* $vis:vis $name:ident: $($field:literal),* $(,)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default)]
        $vis struct $name;

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer
                    .deserialize_struct(stringify!($name), &[$($field),*], ::serde::de::IgnoredAny)
                    .map(|_| Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    struct Form {
        on: Date,
        number: i64,
        #[serde(default)]
        note: String,
        days: Option<u32>,
        #[serde(default)]
        sure: bool,
    }

    form_fields! { ByName: "result", "response" }

    #[test]
    fn a_form_tells_its_fields_their_kinds_and_which_it_needs() {
        let field = |name, kind, required| FieldShape { name, kind, required };
        assert_eq!(
            Shape::of::<Form>(),
            Shape::Fields(vec![
                field("on", FieldKind::Text, true),
                field("number", FieldKind::Integer, true),
                field("note", FieldKind::Text, false),
                field("days", FieldKind::Integer, false),
                field("sure", FieldKind::Flag, false),
            ])
        );
        let by_name = Shape::of::<ByName>();
        assert!(by_name.takes("response") && !by_name.takes("said"), "{by_name:?}");
        assert_eq!(Shape::of::<Vec<(String, String)>>(), Shape::Open);
    }
}
