//! The platform as a capability (平台自身): its tables, texts and pages come through the same trait as all others'.

use std::sync::Arc;

use crate::access;
use crate::api;
use crate::api::example::{Examples, Thing};
use crate::approval::{self, ApprovalKind};
use crate::attachment;
use crate::audit;
use crate::backup;
use crate::batch;
use crate::book::{self, Share};
use crate::calendar;
use crate::capability::Capability;
use crate::close::{self, CloseStep};
use crate::db::Migration;
use crate::duty::{self, DutyKind};
use crate::exam;
use crate::first_run;
use crate::institution;
use crate::list_export;
use crate::message;
use crate::notice;
use crate::outbox::{self, FileGateway, Gateway};
use crate::page::Icon;
use crate::policies;
use crate::rebuild::Rebuilder;
use crate::saved_view;
use crate::training;
use crate::vault::SealedColumn;
use crate::web::{self, NavEntry, NavSection, Routes};
use crate::webhook::{self, WebhookGateway};

/// The actions of the platform: about people and the audit trail, and those of its other pages.
const PERMISSIONS: &[&str] = &[
    access::USER_VIEW,
    access::USER_EDIT,
    access::GRANT_CONFIRM,
    access::DELEGATION_APPROVE,
    access::BRANCH_VIEW,
    access::BRANCH_EDIT,
    access::AUDIT_VIEW,
    access::AUDIT_VERIFY,
    access::PERSONAL_REVEAL,
    access::CONTACT_REVEAL,
    duty::DUTY_VIEW,
    duty::DUTY_ASSIGN,
    duty::CONTACT_RECORD,
    policies::POLICY_VIEW,
    policies::POLICY_DRAFT,
    policies::POLICY_APPROVE,
    calendar::CALENDAR_MANAGE,
    close::CLOSE_VIEW,
    close::CLOSE_RUN,
    close::CLOSE_ACKNOWLEDGE,
    backup::schedule::BACKUP_RUN,
    institution::SETTINGS_MANAGE,
    book::EXPORT,
    book::EXPORT_CLEAR,
    book::IMPORT,
    api::TOKEN_OWN,
    api::TOKEN_MANAGE,
    outbox::OUTBOX_MANAGE,
    webhook::WEBHOOK_MANAGE,
    message::GATEWAY_MANAGE,
    exam::EXAM_VIEW,
    exam::EXAM_RECORD,
    exam::bank::QUESTION_VIEW,
    exam::bank::QUESTION_WRITE,
    exam::bank::QUESTION_APPROVE,
    training::TRAINING_VIEW,
    training::TRAINING_RECORD,
];

/// People, branches, tasks and versions of the rules, as examples.
const THINGS: &[Thing] = &[
    Thing {
        noun: "user",
        path: "/users/{id}",
        action: access::USER_VIEW,
        sql: "select id from app_user where ($1 = 0 or branch_id = $1) and ($2 = 0 or team_id = $2) \
              and ($3 = 0 or id = $3) order by id limit 1",
    },
    Thing {
        noun: "branch",
        path: "",
        action: access::BRANCH_VIEW,
        sql: "select id from branch where ($1 = 0 or id = $1) and $2 = 0 and $3 = 0 order by id limit 1",
    },
    Thing {
        noun: "duty",
        path: "/duties/{customer}/{id}",
        action: duty::DUTY_VIEW,
        sql: "select customer_id, id from duty where state = 'open' and ($1 = 0 or branch_id = $1) and $2 = 0 \
              and ($3 = 0 or owner_id = $3) order by customer_id, id limit 1",
    },
    Thing {
        noun: "policy version",
        path: "/policies/versions/{id}",
        action: policies::POLICY_VIEW,
        sql: "select id from policy_version where state = 'approved' order by effective_from desc, id desc limit 1",
    },
];

/// The platform itself, always the first of the capabilities.
#[derive(Debug, Clone, Copy)]
pub struct Platform;

impl Capability for Platform {
    fn name(&self) -> &'static str {
        "platform"
    }

    fn migrations(&self) -> &'static [Migration] {
        crate::MIGRATIONS
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", include_str!("../locales/zh-CN/page.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/access.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/errors.ftl")),
            ("en", include_str!("../locales/en/page.ftl")),
            ("en", include_str!("../locales/en/access.ftl")),
            ("en", include_str!("../locales/en/errors.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/duty.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/close.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/calendar.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/approval.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/policies.ftl")),
            ("en", include_str!("../locales/en/duty.ftl")),
            ("en", include_str!("../locales/en/close.ftl")),
            ("en", include_str!("../locales/en/calendar.ftl")),
            ("en", include_str!("../locales/en/approval.ftl")),
            ("en", include_str!("../locales/en/policies.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/backup.ftl")),
            ("en", include_str!("../locales/en/backup.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/book.ftl")),
            ("en", include_str!("../locales/en/book.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/notice.ftl")),
            ("en", include_str!("../locales/en/notice.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/permissions.ftl")),
            ("en", include_str!("../locales/en/permissions.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/delegation.ftl")),
            ("en", include_str!("../locales/en/delegation.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/account.ftl")),
            ("en", include_str!("../locales/en/account.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/policy_desk.ftl")),
            ("en", include_str!("../locales/en/policy_desk.ftl")),
            policy::MESSAGES[0],
            policy::MESSAGES[1],
            ("zh-CN", include_str!("../locales/zh-CN/institution.ftl")),
            ("en", include_str!("../locales/en/institution.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/batch.ftl")),
            ("en", include_str!("../locales/en/batch.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/audit.ftl")),
            ("en", include_str!("../locales/en/audit.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/first_run.ftl")),
            ("en", include_str!("../locales/en/first_run.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/api.ftl")),
            ("en", include_str!("../locales/en/api.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/api_fields.ftl")),
            ("en", include_str!("../locales/en/api_fields.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/list_export.ftl")),
            ("en", include_str!("../locales/en/list_export.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/outbox.ftl")),
            ("en", include_str!("../locales/en/outbox.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/message.ftl")),
            ("en", include_str!("../locales/en/message.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/attachment.ftl")),
            ("en", include_str!("../locales/en/attachment.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/exam.ftl")),
            ("en", include_str!("../locales/en/exam.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/exam_bank.ftl")),
            ("en", include_str!("../locales/en/exam_bank.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/training.ftl")),
            ("en", include_str!("../locales/en/training.ftl")),
        ]
    }

    fn list_exports(&self) -> Vec<Arc<dyn list_export::ListExport>> {
        vec![
            Arc::new(access::USERS),
            Arc::new(approval::ApprovalExport),
            Arc::new(audit::LISTED),
            Arc::new(duty::LISTED),
            Arc::new(exam::LISTED),
            Arc::new(exam::bank::LISTED),
            Arc::new(outbox::pages::LISTED),
            Arc::new(training::LISTED),
            Arc::new(training::LACKING),
        ]
    }

    fn routes(&self) -> Routes {
        web::routes()
            .merge(access::routes())
            .merge(audit::routes())
            .merge(calendar::routes())
            .merge(duty::routes())
            .merge(approval::routes())
            .merge(policies::routes())
            .merge(close::routes())
            .merge(backup::pages::routes())
            .merge(book::pages::routes())
            .merge(saved_view::routes())
            .merge(notice::routes())
            .merge(batch::routes())
            .merge(institution::routes())
            .merge(api::pages::routes())
            .merge(list_export::pages::routes())
            .merge(outbox::pages::routes())
            .merge(webhook::pages::routes())
            .merge(message::routes())
            .merge(exam::routes())
            .merge(training::routes())
            .merge(first_run::routes())
    }

    fn navigation(&self) -> Vec<NavEntry> {
        let setup = |key, label, icon, href, action| NavEntry {
            section: NavSection::Setup,
            key,
            label,
            icon,
            href,
            action: Some(action),
        };
        let system = |key, label, icon, href, action| NavEntry {
            section: NavSection::System,
            ..setup(key, label, icon, href, action)
        };
        let work = |key, label, icon, href, action| NavEntry {
            section: NavSection::Work,
            action,
            ..setup(key, label, icon, href, "")
        };
        vec![
            work("home", "home-title", Icon::Home, "/", None),
            work("duties", "duties-title", Icon::Checklist, "/duties", Some(duty::DUTY_VIEW)),
            work("approvals", "approvals-title", Icon::WritingSign, "/approvals", None),
            NavEntry {
                section: NavSection::Oversight,
                ..setup("close", "close-title", Icon::CalendarCheck, "/close", close::CLOSE_VIEW)
            },
            setup("policies", "policies-title", Icon::Scale, "/policies", policies::POLICY_VIEW),
            setup("calendar", "calendar-title", Icon::Calendar, "/calendar", calendar::CALENDAR_MANAGE),
            NavEntry {
                section: NavSection::Oversight,
                ..setup("audit", "audit-title", Icon::Fingerprint, "/audit", access::AUDIT_VIEW)
            },
            system("backups", "backup-title", Icon::Database, "/backups", backup::schedule::BACKUP_RUN),
            system("whole-book", "whole-book-title", Icon::FileSpreadsheet, "/book", book::EXPORT),
            setup("institution", "institution-title", Icon::BuildingBank, "/institution", institution::SETTINGS_MANAGE),
            setup("users", "users-title", Icon::IdBadge2, "/users", access::USER_VIEW),
            setup("permissions", "permissions-title", Icon::Key, "/permissions", access::USER_VIEW),
            setup("exams", "exam-title", Icon::FileCertificate, "/exams", exam::EXAM_VIEW),
            setup("exam-questions", "question-title", Icon::Bulb, "/exam-questions", exam::bank::QUESTION_VIEW),
            NavEntry {
                action: None,
                ..setup("exam-sittings", "sitting-title", Icon::SquareCheck, "/exam-sittings", "")
            },
            setup("trainings", "training-title", Icon::UserCheck, "/trainings", training::TRAINING_VIEW),
            system("tokens", "token-title", Icon::Certificate, "/tokens", api::TOKEN_OWN),
            system("webhooks", "webhook-title", Icon::Plug, "/webhooks", webhook::WEBHOOK_MANAGE),
            system("gateways", "gateway-title", Icon::AdjustmentsHorizontal, "/gateways", message::GATEWAY_MANAGE),
            system("outbox", "outbox-title", Icon::Send, "/outbox", outbox::OUTBOX_MANAGE),
            setup("branches", "branches-title", Icon::Building, "/branches", access::BRANCH_VIEW),
        ]
    }

    fn permissions(&self) -> &'static [&'static str] {
        PERMISSIONS
    }

    fn examples(&self) -> Examples {
        // The head office is the first branch of every house.
        Examples {
            words: vec![("users:place", "1"), ("span", "month"), ("book:upload", "book")],
            things: THINGS.to_vec(),
        }
    }

    fn events(&self) -> &'static [&'static str] {
        &[policies::POLICY_APPROVED, calendar::CALENDAR_CHANGED, "contact_recorded"]
    }

    fn gateways(&self) -> Vec<Arc<dyn Gateway>> {
        vec![Arc::new(FileGateway::new(None)), Arc::new(WebhookGateway)]
    }

    fn policy_facts(&self) -> &'static str {
        "name,type,title_zh,title_en\namount_fen,fen 0..,金额,Amount\n"
    }

    fn duty_kinds(&self) -> Vec<DutyKind> {
        let mut all = duty::kinds();
        all.extend([policies::READING_DUTY, training::DUTY]);
        all
    }

    fn approval_kinds(&self) -> Vec<ApprovalKind> {
        policies::approval_kinds()
    }

    fn book(&self) -> Share {
        book::share()
    }

    fn audit_subjects(&self) -> Vec<audit::AuditSubject> {
        vec![
            audit::AuditSubject {
                kind: "user",
                sql: "select login || ' · ' || name as name, branch_id, team_id, id as manager_id \
                      from app_user where id = $1",
                find: "select id as key from app_user where $1 in (login, name)",
                page: "/users/{id}",
                action: access::USER_VIEW,
            },
            audit::AuditSubject {
                kind: "branch",
                sql: "select name, id as branch_id, cast(null as bigint) as team_id, cast(null as bigint) as manager_id \
                      from branch where id = $1",
                find: "select id as key from branch where name = $1",
                page: "/branches",
                action: access::BRANCH_VIEW,
            },
            audit::AuditSubject {
                kind: "policy_version",
                sql: "select pack || ' ' || version as name, cast(null as bigint) as branch_id, \
                      cast(null as bigint) as team_id, cast(null as bigint) as manager_id \
                      from policy_version where id = $1",
                find: "select id as key from policy_version where pack || ' ' || version = $1",
                page: "/policies/versions/{id}",
                action: policies::POLICY_VIEW,
            },
        ]
    }

    fn batches(&self) -> Vec<batch::BatchKind> {
        duty::BATCHES.to_vec()
    }

    fn sealed_columns(&self) -> Vec<SealedColumn> {
        vec![
            SealedColumn::of("totp", &["user_id"], "secret_sealed", access::TOTP_SECRET),
            SealedColumn::of("kept_form", &["token_hash"], "form_sealed", web::KEPT_FORM),
            SealedColumn::of("book_piece", &["run_id", "no"], "sealed", book::PIECE_COLUMN).large(),
            SealedColumn::of("webhook", &["id"], "secret", webhook::SECRET_COLUMN),
            SealedColumn::of("message_gateway", &["channel"], "secret", message::SECRET_COLUMN),
            SealedColumn::of("batch_job", &["user_id", "id"], "asked", batch::ASKED_COLUMN),
            SealedColumn::of("export_job", &["user_id", "id"], "asked", list_export::ASKED_COLUMN),
            SealedColumn::of("export_piece", &["user_id", "job_id", "no"], "sealed", list_export::PIECE_COLUMN).large(),
            SealedColumn::of("attachment_piece", &["customer_id", "attachment_id", "no"], "sealed", attachment::PIECE)
                .large(),
        ]
    }

    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        vec![
            Arc::new(policies::Reading),
            Arc::new(exam::sitting::TimeUp),
            Arc::new(training::Asking),
            Arc::new(duty::Escalate),
        ]
    }

    fn rebuilders(&self) -> Vec<Arc<dyn Rebuilder>> {
        vec![Arc::new(attachment::Contents)]
    }
}
