//! What can be told. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::Heading;
use crate::page::Ui;

/// What happened (消息), with what its sentence needs; each variant is the message `notice-<kind>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum News {
    /// An approval waits for one of my roles.
    ApprovalWaits {
        /// The message that names its kind.
        matter: String,
        /// What people call it.
        title: Heading,
    },
    /// Something that I asked for was decided or came back.
    ApprovalDecided {
        /// The message that names its kind.
        matter: String,
        /// What people call it.
        title: Heading,
        /// How it stands now.
        state: String,
    },
    /// Somebody gave me a duty.
    DutyAssigned {
        /// What the duty is called in Chinese.
        title_zh: String,
        /// What it is called in English.
        title_en: String,
        /// Its last day.
        due_on: Date,
    },
    /// Duties that others let stand went to my role.
    DutiesEscalated {
        /// How many.
        count: i64,
        /// On which day.
        on: Date,
    },
    /// Another version of the rules was approved.
    PolicyApproved {
        /// Its name and number.
        version: String,
        /// Its first day.
        from: Date,
    },
    /// A copy of the book could not be made.
    BackupFailed {
        /// The name of the cause.
        problem: String,
    },
    /// Something did not leave the house, however often it was tried.
    OutboxDead {
        /// Which gateway it was for.
        gateway: String,
        /// What it is about.
        about: String,
        /// How often it was tried.
        attempts: i64,
    },
    /// Nobody knows whether something arrived; it waits for a word.
    OutboxUnknown {
        /// Which gateway it was for.
        gateway: String,
        /// What it is about.
        about: String,
    },
    /// An export that I asked for can be taken.
    ExportReady {
        /// How many rows it has.
        rows: i64,
    },
    /// An export that I asked for was not made.
    ExportFailed,
    /// A batch that I asked for ran to its end.
    BatchDone {
        /// The verb's name.
        verb: String,
        /// How many things were done.
        done: i64,
        /// How many were not.
        refused: i64,
    },
    /// A day cannot be sealed: something is red or isolated.
    CloseBlocked {
        /// The day.
        day: Date,
    },
    /// The close of a day broke off.
    CloseFailed {
        /// The day.
        day: Date,
    },
    /// My account was used from a browser that it was never used from before.
    NewDevice {
        /// The browser in words.
        device: String,
        /// The network address.
        address: String,
    },
    /// A delegation waits for my approval.
    DelegationWaits {
        /// Who goes.
        absent: String,
        /// Who stands in.
        delegate: String,
    },
    /// A delegation of which I am part was approved.
    Delegated {
        /// Who goes.
        absent: String,
        /// Who stands in.
        delegate: String,
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
    },
    /// Somebody took the second step off my log-in.
    SecondStepReset,
    /// A debtor whom I brought in was contacted today; what came of it stands in the case.
    CollectionFedBack {
        /// The number of the case.
        case: String,
        /// The day.
        on: Date,
    },
}

impl News {
    /// The kinds in the order of the filter.
    pub const KINDS: [&'static str; 18] = [
        "approval_waits",
        "approval_decided",
        "duty_assigned",
        "duties_escalated",
        "policy_approved",
        "backup_failed",
        "outbox_dead",
        "outbox_unknown",
        "export_ready",
        "export_failed",
        "batch_done",
        "close_blocked",
        "close_failed",
        "new_device",
        "second_step_reset",
        "delegation_waits",
        "delegated",
        "collection_fed_back",
    ];

    /// Its name in data.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ApprovalWaits { .. } => "approval_waits",
            Self::ApprovalDecided { .. } => "approval_decided",
            Self::DutyAssigned { .. } => "duty_assigned",
            Self::DutiesEscalated { .. } => "duties_escalated",
            Self::PolicyApproved { .. } => "policy_approved",
            Self::BackupFailed { .. } => "backup_failed",
            Self::OutboxDead { .. } => "outbox_dead",
            Self::OutboxUnknown { .. } => "outbox_unknown",
            Self::ExportReady { .. } => "export_ready",
            Self::ExportFailed => "export_failed",
            Self::BatchDone { .. } => "batch_done",
            Self::CloseBlocked { .. } => "close_blocked",
            Self::CloseFailed { .. } => "close_failed",
            Self::NewDevice { .. } => "new_device",
            Self::SecondStepReset => "second_step_reset",
            Self::DelegationWaits { .. } => "delegation_waits",
            Self::Delegated { .. } => "delegated",
            Self::CollectionFedBack { .. } => "collection_fed_back",
        }
    }

    /// Whether it is about work that somebody else does while its reader is away, not about the reader's own account.
    #[must_use]
    pub fn reaches_stand_in(&self) -> bool {
        match self {
            Self::ApprovalWaits { .. }
            | Self::ApprovalDecided { .. }
            | Self::DutyAssigned { .. }
            | Self::DutiesEscalated { .. }
            | Self::BackupFailed { .. }
            | Self::OutboxDead { .. }
            | Self::OutboxUnknown { .. }
            | Self::CloseBlocked { .. }
            | Self::CloseFailed { .. }
            | Self::DelegationWaits { .. }
            | Self::CollectionFedBack { .. } => true,
            // Rules concern everybody, who is told anyway; an export or a batch is its asker's own.
            Self::PolicyApproved { .. }
            | Self::ExportReady { .. }
            | Self::ExportFailed
            | Self::BatchDone { .. }
            | Self::NewDevice { .. }
            | Self::SecondStepReset
            | Self::Delegated { .. } => false,
        }
    }

    /// The sentence in the reader's language.
    #[must_use]
    pub fn sentence(&self, ui: &Ui) -> String {
        let id = format!("notice-{}", self.kind().replace('_', "-"));
        match self {
            Self::ApprovalWaits { matter, title } => {
                let (matter, title) = told_once(ui.t(matter), title.read(ui.lang()));
                ui.t2(id, "matter", matter, "title", title)
            }
            Self::ApprovalDecided { matter, title, state } => {
                let state = ui.t(format!("approval-{state}"));
                let (matter, title) = told_once(ui.t(matter), title.read(ui.lang()));
                ui.tn(id, &[("matter", matter), ("title", title), ("state", state)])
            }
            Self::DutyAssigned { title_zh, title_en, due_on } => {
                let title = if ui.lang() == crate::locale::Lang::En { title_en } else { title_zh };
                ui.t2(id, "title", title, "due", due_on)
            }
            Self::DutiesEscalated { count, on } => ui.t2(id, "count", count, "on", on),
            Self::PolicyApproved { version, from } => ui.t2(id, "version", version, "from", from),
            Self::BackupFailed { problem } => {
                let cause = ui.locale.find(&format!("backup-problem-{problem}"));
                ui.t1(id, "problem", cause.unwrap_or_else(|| ui.t("backup-problem-other")))
            }
            Self::OutboxDead { gateway, about, attempts } => {
                let kind = ui.t(format!("outbox-kind-{gateway}"));
                ui.tn(id, &[("kind", kind), ("about", about.clone()), ("attempts", attempts.to_string())])
            }
            Self::OutboxUnknown { gateway, about } => {
                ui.t2(id, "kind", ui.t(format!("outbox-kind-{gateway}")), "about", about)
            }
            Self::CloseBlocked { day } | Self::CloseFailed { day } => ui.t1(id, "day", day),
            Self::CollectionFedBack { case, on } => ui.t2(id, "case", case, "on", on),
            Self::NewDevice { device, address } => ui.t2(id, "device", device, "address", address),
            Self::BatchDone { verb, done, refused } => {
                let verb = ui.t(format!("batch-{verb}"));
                ui.tn(id, &[("verb", verb), ("done", ui.count(done)), ("refused", ui.count(refused))])
            }
            Self::ExportReady { rows } => ui.t1(id, "rows", ui.count(rows)),
            Self::SecondStepReset | Self::ExportFailed => ui.t(id),
            Self::DelegationWaits { absent, delegate } => ui.t2(id, "absent", absent, "delegate", delegate),
            Self::Delegated { absent, delegate, from, until } => {
                let days = [("from", from.to_string()), ("until", until.to_string())];
                let people = [("absent", absent.clone()), ("delegate", delegate.clone())];
                ui.tn(id, &[people, days].concat())
            }
        }
    }
}

/// Titles often begin with the name of their kind; a sentence that says it does not say it twice.
fn told_once(matter: String, title: &str) -> (String, String) {
    let rest = title.strip_prefix(&matter).unwrap_or(title).trim_start_matches(['，', ',', ' ']).to_owned();
    (matter, rest)
}

/// Something to be told (待发通知).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub news: News,
    /// What it came of; the same occasion is told to a person once.
    pub occasion: String,
    /// What it is about: by it the notice falls away when the thing is settled.
    pub thing: String,
    /// The page that it leads to.
    pub href: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_each_kind_in_data_is_the_one_in_json() {
        let day = Date::constant(2026, 11, 20);
        let text = String::new;
        let all = [
            News::ApprovalWaits { matter: text(), title: Heading::default() },
            News::ApprovalDecided { matter: text(), title: Heading::default(), state: text() },
            News::DutyAssigned { title_zh: text(), title_en: text(), due_on: day },
            News::DutiesEscalated { count: 2, on: day },
            News::PolicyApproved { version: text(), from: day },
            News::BackupFailed { problem: text() },
            News::OutboxDead { gateway: text(), about: text(), attempts: 3 },
            News::OutboxUnknown { gateway: text(), about: text() },
            News::ExportReady { rows: 2 },
            News::ExportFailed,
            News::BatchDone { verb: text(), done: 2, refused: 1 },
            News::CloseBlocked { day },
            News::CloseFailed { day },
            News::NewDevice { device: text(), address: text() },
            News::SecondStepReset,
            News::DelegationWaits { absent: text(), delegate: text() },
            News::Delegated { absent: text(), delegate: text(), from: day, until: day },
            News::CollectionFedBack { case: text(), on: day },
        ];
        for (news, kind) in all.iter().zip(News::KINDS) {
            assert_eq!(news.kind(), kind);
            assert_eq!(serde_json::to_value(news).unwrap()["kind"], kind);
        }
    }
}
