//! A visit order, who goes, what may follow, and what came of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::contact_point::model::ContactPointId;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::attachment::AttachmentId;
use platform::contact_gate::PersonId;
use platform::duty::ContactId;
use platform::id::{BranchId, TeamId, UserId};
use platform::{id_type, stored_as_text};

use crate::case::model::CaseKey;
use crate::contact::model::ContactResult;
use crate::guard::model::AllowanceId;

id_type!(OrderId, "The key of a visit order (外访单).");
id_type!(PhotoId, "The key of a photo of a visit (外访照片).");

/// An enum with names in data.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident, $what:literal: $($(#[$one:meta])* $variant:ident = $word:literal,)*) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$one])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in data.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads its name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
        stored_as_text!($name, $what);
    };
}
pub(crate) use named;

named! {
    /// Where an order stands (外访单状态).
    VisitState, "state of a visit order":
    /// 已计划.
    Planned = "planned",
    /// 已签发.
    Issued = "issued",
    /// 外访中.
    OnTheWay = "on-the-way",
    /// 已完成: with its record.
    Done = "done",
    /// 已取消.
    CalledOff = "called-off",
}

named! {
    /// What is done with an order (外访单操作).
    Verb, "verb of a visit order":
    /// 签发.
    Issue = "issue",
    /// 出发: the guard is asked for good.
    SetOut = "set-out",
    /// 登记结果.
    Record = "record",
    /// 取消.
    CallOff = "call-off",
}

impl VisitState {
    /// What it becomes by a verb; nothing where the verb does not fit (rule `visit.life`). Who set out writes a record,
    /// be it that nobody was met.
    #[must_use]
    pub fn after(self, verb: Verb) -> Option<Self> {
        match (self, verb) {
            (Self::Planned, Verb::Issue) => Some(Self::Issued),
            (Self::Issued, Verb::SetOut) => Some(Self::OnTheWay),
            (Self::OnTheWay, Verb::Record) => Some(Self::Done),
            (Self::Planned | Self::Issued, Verb::CallOff) => Some(Self::CalledOff),
            (Self::Planned, Verb::SetOut | Verb::Record)
            | (Self::Issued, Verb::Issue | Verb::Record)
            | (Self::OnTheWay, Verb::Issue | Verb::SetOut | Verb::CallOff)
            | (Self::Done | Self::CalledOff, Verb::Issue | Verb::SetOut | Verb::Record | Verb::CallOff) => None,
        }
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::Issued | Self::OnTheWay)
    }
}

/// Who goes (外访人员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// A person of the house; `None`: staff of an agency.
    pub user: Option<UserId>,
    /// 姓名.
    pub name: String,
    /// The agency; empty for people of the house.
    pub agency: String,
    /// The number of the work pass carried.
    pub credential: String,
    /// The last day on which it is valid.
    pub valid_until: Date,
}

/// An hour band of a day, minutes after midnight (时段).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// From.
    pub from: i64,
    /// Until, not included.
    pub until: i64,
}

impl std::fmt::Display for Band {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}–{:02}:{:02}", self.from / 60, self.from % 60, self.until / 60, self.until % 60)
    }
}

/// What is planned (外访计划).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// The address, as a contact point; `None`: the one in the customer's file.
    pub point: Option<ContactPointId>,
    /// 区域.
    pub district: String,
    /// The day.
    pub on: Date,
    /// The hours.
    pub band: Band,
    /// What for.
    pub purpose: String,
    /// The papers carried.
    pub documents: String,
    /// Who goes.
    pub visitors: Vec<Visitor>,
}

/// A visit order (外访单) as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitOrder {
    /// Its key.
    pub id: OrderId,
    /// Customer and case.
    pub case: CaseKey,
    /// 外访单号.
    pub number: String,
    /// What is planned.
    pub plan: NewOrder,
    /// Where it stands.
    pub state: VisitState,
    /// Who planned it.
    pub planned_by: i64,
    /// Who issued it.
    pub issued_by: Option<i64>,
    /// When the visitors set out.
    pub set_out_at: Option<Timestamp>,
    /// The contact that the guard let through.
    pub allowance: Option<AllowanceId>,
    /// The branch of the case.
    pub branch: BranchId,
    /// Its team.
    pub team: Option<TeamId>,
    /// The manager of the customer's loan.
    pub manager: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl VisitOrder {
    /// How duties and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("visit:{}", self.id)
    }

    /// Its page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("/visits/{}", self.id)
    }

    /// Whether this person goes.
    #[must_use]
    pub fn goes(&self, user: Option<UserId>) -> bool {
        user.is_some() && self.plan.visitors.iter().any(|one| one.user == user)
    }

    /// Whether this person acts for it (rule `visit.by-visitors`): who goes, or who planned it for staff of an agency.
    #[must_use]
    pub fn acts(&self, user: Option<UserId>) -> bool {
        let agency = self.plan.visitors.iter().any(|one| one.user.is_none());
        self.goes(user) || (agency && user.is_some_and(|user| user.0 == self.planned_by))
    }

    /// The visitors as the guard counts them: people of the house by key, those of an agency by a place below zero.
    #[must_use]
    pub fn people(&self) -> Vec<i64> {
        let key = |(place, one): (i64, &Visitor)| one.user.map_or(-place, |user| user.0);
        (1..).zip(&self.plan.visitors).map(key).collect()
    }
}

/// Whom an address leads to (受访人).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    /// The person.
    pub person: PersonId,
    /// Whether the address may be used: the debtor's own, or of one who answers for the debt and agreed.
    pub usable: bool,
}

named! {
    /// How far the visitors came (进入情况).
    Entry, "entry on a visit":
    /// 未进入.
    Outside = "outside",
    /// 经同意进入.
    Consented = "consented",
    /// 未经同意进入: it is recorded as it was, and is a finding.
    Uninvited = "uninvited",
}

named! {
    /// What the visitors propose (外访结论, S2.5-27).
    Conclusion, "conclusion of a visit":
    /// 无.
    None = "none",
    /// 继续跟进.
    GoOn = "go-on",
    /// 调整还款计划.
    Plan = "plan",
    /// 起诉.
    Sue = "sue",
}

/// What came of a visit (外访记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// What it came to.
    pub result: ContactResult,
    /// When the visitors arrived.
    pub arrived_at: Timestamp,
    /// Whether they said who they are and showed their passes.
    pub identified: bool,
    /// How far they came.
    pub entry: Entry,
    /// Who was met.
    pub met: String,
    /// A third party heard nothing of the debt.
    pub debt_kept: bool,
    /// What was said, in short; read for forbidden words.
    pub said: String,
    /// What was answered.
    pub response: String,
    /// Assets and business, in words.
    pub seen: String,
    /// Payment at once was talked about first.
    pub lump_sum: bool,
    /// What the visitors propose.
    pub conclusion: Conclusion,
    /// What comes next.
    pub next_step: String,
}

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRecord {
    /// What was entered.
    pub content: NewRecord,
    /// The contact that it is.
    pub contact: ContactId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: i64,
}

/// A photo of a visit (外访照片).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its key.
    pub id: PhotoId,
    /// The kept file.
    pub file: AttachmentId,
    /// What it shows.
    pub note: String,
}

/// Something that happened to an order (外访单经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `planned`, `issued`, `set-out`, `done`, `called-off`.
    pub step: String,
    /// More of it.
    pub detail: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule visit.life
    #[test]
    fn every_verb_from_every_state() {
        use VisitState::{CalledOff, Done, Issued, OnTheWay, Planned};
        // state | issue | set out | record | call off
        let rows = [
            (Planned, Some(Issued), None, None, Some(CalledOff)),
            (Issued, None, Some(OnTheWay), None, Some(CalledOff)),
            (OnTheWay, None, None, Some(Done), None),
            (Done, None, None, None, None),
            (CalledOff, None, None, None, None),
        ];
        for (state, issue, set_out, record, call_off) in rows {
            let found = [Verb::Issue, Verb::SetOut, Verb::Record, Verb::CallOff].map(|verb| state.after(verb));
            assert_eq!(found, [issue, set_out, record, call_off], "{state:?}");
        }
        assert_eq!(VisitState::ALL.len(), rows.len());
    }

    #[test]
    fn staff_of_an_agency_are_told_apart_without_a_key() {
        let visitor = |user: Option<i64>| Visitor {
            user: user.map(UserId),
            name: "甲".to_owned(),
            agency: String::new(),
            credential: "1".to_owned(),
            valid_until: Date::MAX,
        };
        let plan = NewOrder {
            point: None,
            district: String::new(),
            on: Date::MIN,
            band: Band { from: 540, until: 600 },
            purpose: String::new(),
            documents: String::new(),
            visitors: vec![visitor(Some(7)), visitor(None), visitor(None)],
        };
        let order = VisitOrder {
            id: OrderId(1),
            case: CaseKey { customer: platform::id::CustomerId(1), case: crate::case::model::CaseId(1) },
            number: String::new(),
            plan,
            state: VisitState::Planned,
            planned_by: 1,
            issued_by: None,
            set_out_at: None,
            allowance: None,
            branch: BranchId(1),
            team: None,
            manager: UserId(1),
            version: 1,
        };
        assert_eq!(order.people(), [7, -2, -3]);
        assert!(order.goes(Some(UserId(7))) && !order.goes(None) && !order.goes(Some(UserId(8))));
        assert_eq!(order.plan.band.to_string(), "09:00–10:00");
        // Rule visit.by-visitors: the planner acts for them, and only for them.
        assert!(order.acts(Some(UserId(7))) && order.acts(Some(UserId(1))));
        assert!(!order.acts(None) && !order.acts(Some(UserId(8))));
        let mut own = order.clone();
        own.plan.visitors.truncate(1);
        assert!(own.acts(Some(UserId(7))) && !own.acts(Some(UserId(1))));
    }
}
