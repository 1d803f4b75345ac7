//! Columns of sealed values (加密列), as capabilities declare them.

/// Where sealed values lie (加密列): declared by each capability, so that all can be sealed anew with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// The columns of its primary key, in order. Joined by colons they are the row's part of the seal.
    pub key: &'static [&'static str],
    /// The column.
    pub column: &'static str,
    /// The column's part of the seal ([`super::Place::column`]).
    pub place: &'static str,
    /// Whether the values are large, such as files: few are sealed at a time.
    pub large: bool,
}

impl SealedColumn {
    /// A column of single values, whose part of the seal is `table.column`.
    #[must_use]
    pub const fn of(
        table: &'static str,
        key: &'static [&'static str],
        column: &'static str,
        place: &'static str,
    ) -> Self {
        Self { table, key, column, place, large: false }
    }

    /// The same for large values.
    #[must_use]
    pub const fn large(self) -> Self {
        Self { large: true, ..self }
    }

    /// Table and column, as people read it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}
