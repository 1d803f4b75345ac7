//! Values that cross the border to the database, and the types that can cross it.

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;

/// The three storage kinds that both databases share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit integer: ids, money, counts, flags.
    Int,
    /// Text: names, numbers with letters, dates, moments, JSON.
    Text,
    /// Bytes: encrypted values, hashes.
    Bytes,
}

/// One value bound to a statement or read from a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Absent; the kind tells PostgreSQL which type the parameter has.
    Null(Kind),
    /// Integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// What it is, without showing it (it may be personal data).
    pub fn describe(&self) -> String {
        match self {
            Self::Null(_) => "nothing".to_owned(),
            Self::Int(i) => format!("the integer {i}"),
            Self::Text(t) => format!("a text of {} bytes", t.len()),
            Self::Bytes(b) => format!("{} bytes", b.len()),
        }
    }
}

/// A type that can be bound.
pub trait ToValue {
    /// The storage kind (also of its absence).
    const KIND: Kind;
    /// The value to bind.
    fn to_value(&self) -> Value;
}

/// A type that can be read back; strict: `None` means that the stored value is not one of its values.
pub trait FromValue: Sized {
    /// What the type is called in an error.
    const EXPECTED: &'static str;
    /// Reads the value.
    fn from_value(value: &Value) -> Option<Self>;
}

impl<T: ToValue> ToValue for Option<T> {
    const KIND: Kind = T::KIND;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null(T::KIND), ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null(_) => Some(None),
            Value::Int(_) | Value::Text(_) | Value::Bytes(_) => T::from_value(value).map(Some),
        }
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    const KIND: Kind = T::KIND;
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl ToValue for $t {
            const KIND: Kind = Kind::Int;
            fn to_value(&self) -> Value {
                Value::Int(i64::from(*self))
            }
        }
        impl FromValue for $t {
            const EXPECTED: &'static str = stringify!($t);
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Int(i) => <$t>::try_from(*i).ok(),
                    Value::Null(_) | Value::Text(_) | Value::Bytes(_) => None,
                }
            }
        }
    )*};
}
integers!(i64, i32, u32, u16, u8);

impl ToValue for usize {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl ToValue for bool {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}

impl FromValue for bool {
    const EXPECTED: &'static str = "flag (0 or 1)";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            Value::Null(_) | Value::Int(_) | Value::Text(_) | Value::Bytes(_) => None,
        }
    }
}

impl ToValue for Fen {
    const KIND: Kind = Kind::Int;
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
}

impl FromValue for Fen {
    const EXPECTED: &'static str = "amount in fen";
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Fen)
    }
}

impl ToValue for str {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl ToValue for String {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl FromValue for String {
    const EXPECTED: &'static str = "text";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(t) => Some(t.clone()),
            Value::Null(_) | Value::Int(_) | Value::Bytes(_) => None,
        }
    }
}

impl ToValue for [u8] {
    const KIND: Kind = Kind::Bytes;
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    const KIND: Kind = Kind::Bytes;
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl FromValue for Vec<u8> {
    const EXPECTED: &'static str = "bytes";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(b) => Some(b.clone()),
            Value::Null(_) | Value::Int(_) | Value::Text(_) => None,
        }
    }
}

impl ToValue for Date {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl FromValue for Date {
    const EXPECTED: &'static str = "date";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(t) => t.parse().ok(),
            Value::Null(_) | Value::Int(_) | Value::Bytes(_) => None,
        }
    }
}

/// Moments are stored as UTC text with milliseconds, so that text order is time order.
impl ToValue for Timestamp {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(self.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
    }
}

impl FromValue for Timestamp {
    const EXPECTED: &'static str = "moment";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(t) => t.parse().ok(),
            Value::Null(_) | Value::Int(_) | Value::Bytes(_) => None,
        }
    }
}

/// A text that stands for one variant of an enum in the database: implements both directions
/// from its `as_str` and `parse`.
#[macro_export]
macro_rules! stored_as_text {
    ($type:ty, $expected:literal) => {
        impl $crate::db::ToValue for $type {
            const KIND: $crate::db::Kind = $crate::db::Kind::Text;
            fn to_value(&self) -> $crate::db::Value {
                $crate::db::Value::Text(self.as_str().to_owned())
            }
        }
        impl $crate::db::FromValue for $type {
            const EXPECTED: &'static str = $expected;
            fn from_value(value: &$crate::db::Value) -> Option<Self> {
                match value {
                    $crate::db::Value::Text(text) => <$type>::parse(text),
                    $crate::db::Value::Null(_) | $crate::db::Value::Int(_) | $crate::db::Value::Bytes(_) => None,
                }
            }
        }
    };
}

/// A closed list of words that is stored as text (词表): the enum with all of its words, and their reading.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal: $($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in data.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Reads its name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        $crate::stored_as_text!($name, $what);
    };
}
