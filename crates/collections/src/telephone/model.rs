//! A call as a telephone system tells of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};

use crate::recording::model::Sound;
use crate::visit::model::named;

id_type!(DeliveredId, "The key of a call that a telephone system handed in (电话系统通话).");

named! {
    /// How far a handed-in call is (匹配状态).
    CallState, "state of a handed-in call":
    /// 未匹配: no contact that was let through; somebody judges it.
    Unmatched = "unmatched",
    /// 待登记结果: let through, its outcome is not entered yet.
    Waiting = "waiting",
    /// 已存入: the recording of its contact.
    Kept = "kept",
    /// 已认定: a contact without a case, judged; its sound stays here.
    Judged = "judged",
    /// 非催收: no call of collection.
    Dismissed = "dismissed",
}

/// What a telephone system says of a call (通话信息).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Its own key of the call.
    pub call: String,
    /// The number called, in clear.
    pub number: String,
    /// The number called from; empty where it is not said.
    pub line: String,
    /// When it was dialled.
    pub at: Timestamp,
    /// How long it lasted, seconds.
    pub seconds: i64,
}

/// A call as it is kept (电话系统通话).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its key.
    pub id: DeliveredId,
    /// The telephone system's key.
    pub call: String,
    /// The blind index of the number called.
    pub number_index: String,
    /// The number, masked.
    pub masked: String,
    /// The number called from.
    pub line: String,
    /// When.
    pub at: Timestamp,
    /// How long, seconds.
    pub seconds: i64,
    /// The civil day.
    pub made_on: Date,
    /// What the sound is.
    pub sound: Sound,
    /// How many bytes.
    pub bytes: i64,
    /// SHA-256 of the content.
    pub digest: String,
    /// How far it is.
    pub state: CallState,
    /// Why it was no call of collection.
    pub words: String,
    /// Since when the content is not here any more.
    pub erased_on: Option<Date>,
}

impl Delivered {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("delivered_call:{}", self.id)
    }
}

/// Why a handed-in call is not taken or not judged (电话系统录音拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Fields.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// There is none, or not for this person.
    #[error("no such call")]
    NotFound,
    /// The same key was handed in with another sound.
    #[error("the key names another recording")]
    Another,
    /// It is judged, or it has its contact.
    #[error("the call is settled")]
    Settled,
    /// Its content is with the recording of its contact, or was taken away.
    #[error("the content is not here")]
    Gone,
    /// What is kept is not what was handed in.
    #[error("the content is damaged")]
    Damaged,
}

impl Refusal for CallError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NotFound => Refused::new(RefusalKind::NotFound, "call-not-found"),
            Self::Another => conflict("call-another").under("recording.delivered-once", None),
            Self::Settled => conflict("call-settled").under("recording.unmatched", None),
            Self::Gone => conflict("call-gone"),
            Self::Damaged => conflict("recording-damaged"),
        }
    }
}
