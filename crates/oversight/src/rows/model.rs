//! Which rows a number counts (明细口径); pure.

#![deny(clippy::wildcard_enum_match_arm)]

/// What the rows are (明细口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Open loans.
    Book,
    /// Instalments that fall due.
    Due,
    /// Loans that became overdue.
    NewOverdue,
    /// Money received.
    Collected,
    /// Loans that mature.
    Maturing,
    /// Loans that stood in the book at both dates, or left it between them.
    Moved,
    /// Loans that came into the book between two dates.
    Fresh,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Book, Self::Due, Self::NewOverdue, Self::Collected, Self::Maturing, Self::Moved, Self::Fresh];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Due => "due",
            Self::NewOverdue => "new-overdue",
            Self::Collected => "collected",
            Self::Maturing => "maturing",
            Self::Moved => "moved",
            Self::Fresh => "fresh",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether the rows are positions of loans, with days overdue and class.
    #[must_use]
    pub fn has_grade(self) -> bool {
        match self {
            Self::Book | Self::NewOverdue | Self::Maturing | Self::Moved | Self::Fresh => true,
            Self::Due | Self::Collected => false,
        }
    }

    /// The message over its date.
    #[must_use]
    pub fn date_head(self) -> &'static str {
        match self {
            Self::Book | Self::Maturing => "rows-maturity",
            Self::Due => "rows-due-on",
            Self::NewOverdue => "rows-overdue-since",
            Self::Collected => "rows-paid-on",
            Self::Moved | Self::Fresh => "rows-start",
        }
    }

    /// The message over its money.
    #[must_use]
    pub fn money_head(self) -> &'static str {
        match self {
            Self::Book | Self::Maturing | Self::Fresh => "rows-balance",
            Self::Due => "rows-due",
            Self::NewOverdue => "rows-overdue-sum",
            Self::Collected => "rows-received",
            Self::Moved => "rows-opening",
        }
    }

    /// The message over its second money; none where there is only one.
    #[must_use]
    pub fn other_head(self) -> Option<&'static str> {
        match self {
            Self::Book | Self::Maturing => Some("rows-overdue-sum"),
            Self::Due => Some("rows-paid"),
            Self::NewOverdue => Some("rows-balance"),
            Self::Moved => Some("rows-closing"),
            Self::Collected | Self::Fresh => None,
        }
    }
}
