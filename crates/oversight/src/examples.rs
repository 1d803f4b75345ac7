//! What stands as examples in the description of the interface (接口示例): words of this room.

use platform::api::example::Examples;

/// Words of this room.
pub(crate) fn examples() -> Examples {
    Examples { words: vec![("figure", "book")], things: Vec::new() }
}
