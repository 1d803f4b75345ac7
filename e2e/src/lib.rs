//! Browser walks.
