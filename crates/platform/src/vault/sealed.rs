//! A sealed value (密文) as it lies in a column.

use std::fmt;
use std::marker::PhantomData;

use super::Personal;
use crate::db::{FromValue, Kind, ToValue, Value};

/// A value of kind `T` under seal (密文): bytes in the database, nothing in a log.
pub struct Sealed<T> {
    envelope: Vec<u8>,
    kind: PhantomData<fn() -> T>,
}

impl<T: Personal> Sealed<T> {
    pub(super) fn new(envelope: Vec<u8>) -> Self {
        Self { envelope, kind: PhantomData }
    }

    pub(super) fn envelope(&self) -> &[u8] {
        &self.envelope
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self { envelope: self.envelope.clone(), kind: PhantomData }
    }
}

impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.envelope == other.envelope
    }
}

impl<T> Eq for Sealed<T> {}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl<T> ToValue for Sealed<T> {
    const KIND: Kind = Kind::Bytes;
    fn to_value(&self) -> Value {
        Value::Bytes(self.envelope.clone())
    }
}

impl<T: Personal> FromValue for Sealed<T> {
    const EXPECTED: &'static str = "sealed value";
    fn from_value(value: &Value) -> Option<Self> {
        Vec::<u8>::from_value(value).map(Self::new)
    }
}
