//! JSON in and out: what `loanward schedule` and `loanward replay` read and print.

/// Transaction numbers as text in JSON (a number is accepted when read).
pub mod id {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes the number as text.
    pub fn serialize<S: Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    /// Reads text or a number.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Id {
            Number(u64),
            Text(String),
        }
        match Id::deserialize(deserializer)? {
            Id::Number(number) => Ok(number),
            Id::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}
