//! A talk about a debt. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::relation::model::RelationId;
use jiff::civil::Date;
use platform::contact_gate::Channel;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};

id_type!(TalkId, "The key of a talk (谈话记录) within its customer.");

/// How a talk was held (谈话方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 电话.
    Phone,
    /// 上门.
    Visit,
    /// 到行面谈.
    Office,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Visit, Self::Office];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Visit => "visit",
            Self::Office => "office",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }

    /// The channel as which a finding about it is kept: face to face is face to face.
    #[must_use]
    pub fn channel(self) -> Channel {
        match self {
            Self::Phone => Channel::Phone,
            Self::Visit | Self::Office => Channel::Visit,
        }
    }
}
stored_as_text!(Way, "way of a talk");

/// What went wrong in a talk (谈话事件), S2.3-24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// 无.
    None,
    /// 言辞过激.
    Heated,
    /// 肢体冲突.
    Conflict,
}

impl Incident {
    /// All, the usual first.
    pub const ALL: [Self; 3] = [Self::None, Self::Heated, Self::Conflict];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Heated => "heated",
            Self::Conflict => "conflict",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|incident| incident.as_str() == text)
    }
}
stored_as_text!(Incident, "incident of a talk");

/// How the person talked with stands to the debt, as heard (谈话对象态度).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attitude {
    /// 有还款意愿.
    pub willing: bool,
    /// 有还款能力.
    pub able: bool,
    /// 性格: a value of the policy's fact `debtor_temper`.
    pub temper: String,
}

/// What is recorded of a talk (谈话登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTalk {
    /// When it was held.
    pub on: Date,
    /// How.
    pub way: Way,
    /// With whom: an obligor among the related parties; `None`: the debtor.
    pub relation: Option<RelationId>,
    /// How that person stands to the debt.
    pub attitude: Attitude,
    /// What was explained, of the policy's list.
    pub points: Vec<String>,
    /// What was said.
    pub words: String,
    /// What was answered.
    pub answer: String,
    /// What went wrong.
    pub incident: Incident,
}

/// A talk as kept (谈话记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkRecord {
    /// Its key.
    pub id: TalkId,
    /// What was recorded.
    pub talk: NewTalk,
    /// The name of the person.
    pub person: String,
    /// By whom it was recorded.
    pub by: String,
}

impl TalkRecord {
    /// Whether it was held with the debtor.
    #[must_use]
    pub fn with_debtor(&self) -> bool {
        self.talk.relation.is_none()
    }
}

/// Why a talk is not taken (谈话拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TalkError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// Who owes nothing is not talked with about the debt.
    #[error("no obligor")]
    NoObligor,
}

impl Refusal for TalkError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NoObligor => Refused::new(RefusalKind::Conflict, "talk-no-obligor").under("talk.obligors", None),
        }
    }
}
