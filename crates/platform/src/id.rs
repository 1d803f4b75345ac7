//! Keys (主键): 63-bit integers, ordered by time, given out without coordination.
//!
//! Layout from the top: 41 bits of milliseconds since 2020-01-01 UTC, 10 bits of the node,
//! 12 bits of sequence. Newtypes in code, integers in the database, strings in JSON
//! (a browser's numbers lose digits beyond 2^53).

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// 2020-01-01T00:00:00Z in milliseconds.
const EPOCH_MS: i64 = 1_577_836_800_000;
/// The ten bits of the node.
const NODE_BITS: i64 = 0x3ff;

/// Gives out keys. One per process; processes differ by `node`.
#[derive(Debug)]
pub struct IdGenerator {
    node: AtomicI64,
    last: AtomicI64,
}

impl IdGenerator {
    /// A generator for this node (0 … 1023).
    pub fn new(node: u16) -> Self {
        Self { node: AtomicI64::new(i64::from(node) & NODE_BITS), last: AtomicI64::new(0) }
    }

    /// Goes on under another node.
    pub fn move_to(&self, node: u16) {
        self.node.store(i64::from(node) & NODE_BITS, Ordering::Release);
    }

    /// A new key, greater than all before it from this generator.
    pub fn next(&self, now: Timestamp) -> i64 {
        let ms = now.as_millisecond().saturating_sub(EPOCH_MS).max(0);
        let node = self.node.load(Ordering::Acquire);
        let floor = (ms << 22) | (node << 12);
        let step = |last: i64| if last < floor { floor } else { after(last, node) };
        let mut last = self.last.load(Ordering::Relaxed);
        loop {
            let next = step(last);
            match self.last.compare_exchange_weak(last, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return next,
                Err(seen) => last = seen,
            }
        }
    }
}

/// The key after `last`: the next sequence number, or the next millisecond once 4,096 are used or the node is another.
fn after(last: i64, node: i64) -> i64 {
    let full = last & 0xfff == 0xfff || node_of(last) != node;
    if full { ((last >> 22) + 1) << 22 | (node << 12) } else { last + 1 }
}

/// The moment at which a key was given out; nothing for what is no key.
pub fn moment_of(key: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond((key >> 22).checked_add(EPOCH_MS)?).ok()
}

/// The node that gave out a key.
pub(crate) fn node_of(key: i64) -> i64 {
    (key >> 12) & NODE_BITS
}

/// Declares a key type: `id_type!(CustomerId, "The key of a customer (客户).");`
#[macro_export]
macro_rules! id_type {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::db::ToValue for $name {
            const KIND: $crate::db::Kind = $crate::db::Kind::Int;
            fn to_value(&self) -> $crate::db::Value {
                $crate::db::Value::Int(self.0)
            }
        }

        impl $crate::db::FromValue for $name {
            const EXPECTED: &'static str = stringify!($name);
            fn from_value(value: &$crate::db::Value) -> Option<Self> {
                <i64 as $crate::db::FromValue>::from_value(value).filter(|id| *id > 0).map(Self)
            }
        }
    };
}

id_type!(CustomerId, "The key of a customer (客户).");
id_type!(UserId, "The key of a user (用户).");
id_type!(BranchId, "The key of a branch (分支机构).");
id_type!(TeamId, "The key of a team (团队).");

/// The branch that is there from the beginning (总部): what belongs to no other branch is its.
pub const HEAD_OFFICE: BranchId = BranchId(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_rise_even_when_the_clock_stands_or_goes_back() {
        let ids = IdGenerator::new(7);
        let now: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        let earlier: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
        let mut last = 0;
        for i in 0..10_000 {
            let id = ids.next(if i % 3 == 0 { earlier } else { now });
            assert!(id > last);
            assert_eq!(node_of(id), 7, "the node stays in every key");
            last = id;
        }
    }

    #[test]
    fn keys_go_on_rising_under_another_node() {
        let (ids, now) = (IdGenerator::new(900), "2026-11-20T01:00:00Z".parse().unwrap());
        let before = ids.next(now);
        ids.move_to(3);
        let (first, second) = (ids.next(now), ids.next(now));
        assert!(before < first && first < second);
        assert_eq!((node_of(first), node_of(second)), (3, 3));
    }

    #[test]
    fn a_key_knows_when_it_was_given_out() {
        let now: Timestamp = "2026-11-20T01:02:03.004Z".parse().unwrap();
        assert_eq!(moment_of(IdGenerator::new(7).next(now)), Some(now));
    }

    #[test]
    fn keys_are_strings_in_json() {
        let id = CustomerId(9_007_199_254_740_993);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<CustomerId>(&json).unwrap(), id);
    }
}
