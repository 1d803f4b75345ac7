//! Refusals of merges (合并拒绝): each says what to do.

use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// Why files are not merged, or nothing is added to one that was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// A file is not merged with itself.
    #[error("one and the same file")]
    Itself,
    /// The other file is not within reach.
    #[error("no such other file")]
    NoSuchOther,
    /// A person is no company.
    #[error("a person and a company")]
    Kinds,
    /// Both identity numbers are proven and differ.
    #[error("two proven identity numbers")]
    TwoIdentities,
    /// The file was merged into another one.
    #[error("the file was merged into another one")]
    Gone {
        /// The number of the surviving file, when the person may see it.
        number: Option<String>,
    },
    /// The file that shall go holds others.
    #[error("files were merged into {number}")]
    HoldsOthers {
        /// Its number.
        number: String,
    },
    /// Another merge of one of the files waits.
    #[error("a merge of {number} waits")]
    Waits {
        /// The number of that file.
        number: String,
    },
    /// The two were judged not to be the same.
    #[error("judged not to be the same")]
    JudgedApart,
    /// One file names the other as a related party.
    #[error("{number} names the other as a related party")]
    Related {
        /// The file that names it.
        number: String,
        /// As what, in Chinese and English.
        kind: [String; 2],
        /// The article.
        article: Option<String>,
    },
    /// There is no merge to end.
    #[error("not merged")]
    NotMerged,
    /// The end waits already.
    #[error("the end waits already")]
    UndoWaits,
    /// The pair stands as judged already.
    #[error("judged already")]
    JudgedAlready,
}

impl MergeError {
    /// The message id, without the prefix `error-`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Itself => "merge-itself",
            Self::NoSuchOther => "merge-no-such-other",
            Self::Kinds => "merge-kinds",
            Self::TwoIdentities => "merge-two-identities",
            Self::Gone { number: Some(_) } => "merge-gone",
            Self::Gone { number: None } => "merge-gone-elsewhere",
            Self::HoldsOthers { .. } => "merge-holds-others",
            Self::Waits { .. } => "merge-waits",
            Self::JudgedApart => "merge-judged-apart",
            Self::Related { .. } => "merge-related",
            Self::NotMerged => "merge-not-merged",
            Self::UndoWaits => "merge-undo-waits",
            Self::JudgedAlready => "merge-judged-already",
        }
    }
}

impl Refusal for MergeError {
    fn refused(&self) -> Refused {
        let of = |kind| Refused::new(kind, self.code());
        match self {
            Self::Itself | Self::NoSuchOther => {
                let mut refused = of(RefusalKind::Invalid);
                refused.fields.push(FieldError::new("with", self.code()));
                refused
            }
            Self::Kinds => of(RefusalKind::Conflict).under("customer.merge.kinds", None),
            Self::TwoIdentities => of(RefusalKind::Conflict).under("customer.merge.identity", None),
            Self::Gone { number } => {
                let shown = number.clone().unwrap_or_default();
                of(RefusalKind::Conflict).with("number", shown).under("customer.merge.gone", None)
            }
            Self::HoldsOthers { number } => {
                of(RefusalKind::Conflict).with("number", number).under("customer.merge.chain", None)
            }
            Self::Waits { number } => {
                of(RefusalKind::Conflict).with("number", number).under("customer.merge.one", None)
            }
            Self::JudgedApart => of(RefusalKind::Conflict).under("customer.duplicate.apart", None),
            Self::Related { number, kind: [zh, en], article } => of(RefusalKind::Conflict)
                .with("number", number)
                .with("zh", zh)
                .with("en", en)
                .under("customer.merge.related", article.clone()),
            Self::NotMerged | Self::UndoWaits => of(RefusalKind::Conflict).under("customer.merge.undo", None),
            Self::JudgedAlready => of(RefusalKind::Conflict).under("customer.duplicate.apart", None),
        }
    }
}
