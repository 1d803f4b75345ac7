//! Collections (催收): overdue cases and the people who work them, inside what the law allows.
//!
//! - [`group`]: meetings of the management group over several cases (管理小组会议).
//! - [`guard`]: the one gate of every contact (联系守卫).
//! - [`agency`]: collection agencies and the cases placed with them (催收机构).
//! - [`agreement`]: repayment agreements, signed and watched (还款协议).
//! - [`bundle`]: everything that proves a claim in one paper for court (诉讼卷宗).
//! - [`card`]: the policy's words before and during a call (要点卡).
//! - [`case`]: one case per customer with anything overdue (催收案件), and how often it must be contacted (催收频次).
//! - [`case_paper`]: plans, opinions and minutes of a case (案件文书).
//! - [`cause`]: why the customer does not pay (拖欠原因).
//! - [`contact`]: what came of a call, message, letter or visit (联系结果).
//! - [`disposal`]: how a bad loan is disposed of (不良处置).
//! - [`early`]: what starts a collection before anything is overdue (催收起因登记).
//! - [`dossier`]: what is known of a debtor (债务人档案).
//! - [`obligor`]: who owes, why, and up to which amount (债务关系人).
//! - [`legal`]: the means of the law (法律手段).
//! - [`message`]: text messages and mails, through outbox and receipts (短信与邮件).
//! - [`letter`]: letters with a number and a life of their own (函件).
//! - [`inflow`]: money that comes in to a debtor (到账线索).
//! - [`known`]: what was known at the end of an earlier day (截至所知).
//! - [`lost`]: debtors who cannot be reached, and how they are traced (失联与查找).
//! - [`payday`]: when a debtor is paid (发薪日).
//! - [`post`]: who does what (岗位职责).
//! - [`rescue`]: rescue money (救助资金).
//! - [`route`]: which way a loan is recovered (追偿路径).
//! - [`talk`]: talks about a debt, and how to talk (谈话).
//! - [`telephone`]: recordings taken over from a telephone system (电话系统录音).
//! - [`promise`]: promises to pay, kept or broken by money and time (还款承诺).
//! - [`limitation`]: how long a claim and its guarantees can be pursued (诉讼时效、保证期间).
//! - [`recording`]: recordings of contacts, kept and taken away (催收录音).
//! - [`release`]: papers of security given back, and files closed (权证归还).
//! - [`risk`]: how risky an overdue customer is (逾期风险评级).
//! - [`worklist`]: the collector's desk (催收工作台).
//! - [`visit`]: visits by order, at least two people with credentials (外访).
//! - [`strategy`]: strategies of collecting and their trial (催收策略与对照).
//! - [`stop_flag`]: when nobody is pressed for a debt (停催标记).
//! - [`measure`]: what was recovered, reduced, spent and kept (清收指标).
//! - [`cost`]: what collecting costs (催收费用).
//! - [`merit`]: rewards and penalties of those who collect (奖惩).
//! - [`progress`]: reports of how the recovery goes (清收进展报告).
//! - [`conduct`]: what was refused, flagged or unlawful, and its review (催收行为).
//!
//! Every contact passes the contact guard first; every case, promise and letter is a fact of its customer.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod agency;
pub mod agreement;
pub mod bundle;
pub mod card;
pub mod case;
pub mod case_paper;
pub mod cause;
pub mod conduct;
pub mod contact;
pub mod cost;
pub mod disposal;
pub mod dossier;
pub mod early;
pub mod error;
mod examples;
pub mod group;
pub mod guard;
pub mod inflow;
pub mod known;
pub mod legal;
pub mod letter;
pub mod limitation;
mod listing;
pub mod lost;
pub mod measure;
pub mod merit;
pub mod message;
mod migrations;
pub mod obligor;
pub mod payday;
pub mod post;
pub mod progress;
pub mod promise;
pub mod recording;
pub mod release;
pub mod rescue;
pub mod risk;
pub mod route;
pub mod stop_flag;
pub mod strategy;
pub mod talk;
pub mod telephone;
mod trail;
pub mod visit;
pub mod worklist;

use std::collections::BTreeMap;
use std::sync::Arc;

use customers::Customer;
use platform::approval::ApprovalKind;
use platform::book::Share;
use platform::capability::Capability;
use platform::close::CloseStep;
use platform::contact_gate::ContactGate;
use platform::customer_page::{CustomerPanel, DrawHead};
use platform::db::{Migration, StoreError};
use platform::duty::{DutyBatch, DutyKind};
use platform::error::ActionError;
use platform::event::Subscriber;
use platform::id::{CustomerId, UserId};
use platform::list_export::ListExport;
use platform::outbox::Gateway;
use platform::page::Icon;
use platform::vault::SealedColumn;
use platform::web::{LoanLink, NavEntry, NavSection, Routes};
use platform::work::Work;

/// See cases, their money and their history.
pub const CASE_VIEW: &str = "case.view";
/// Work a case: contacts, promises, diagnoses.
pub const CASE_WORK: &str = "case.work";
/// Give cases to people, unlock them.
pub const CASE_ASSIGN: &str = "case.assign";
/// Set a stop flag.
pub const STOP_FLAG_SET: &str = "stop_flag.set";
/// Lift a stop flag.
pub const STOP_FLAG_LIFT: &str = "stop_flag.lift";
/// Open a contact that the institution's own limits refuse, within the law.
pub const CONTACT_OPEN: &str = "contact.open";
/// Issue letters and register their receipts.
pub const LETTER_ISSUE: &str = "letter.issue";
/// Record what interrupts a limitation or keeps a guarantee.
pub const LIMITATION_RECORD: &str = "limitation.record";
/// Prepare and take legal steps.
pub const LEGAL_MANAGE: &str = "legal.manage";

/// Collections as a capability (催收).
#[derive(Debug, Clone, Copy, Default)]
pub struct Collections;

/// Where a page of this room stands in the navigation: what reaches people and what is measured have groups of their own.
fn section_of(key: &str) -> NavSection {
    match key {
        "letters" | "messages" | "visits" | "visits-mine" | "lost" | "lines" | "conduct" | "calls" => NavSection::Reach,
        "measures" | "progress" | "costs" | "merits" | "posts" | "meetings" => NavSection::Oversight,
        _ => NavSection::Collections,
    }
}

impl Capability for Collections {
    fn name(&self) -> &'static str {
        "collections"
    }

    fn migrations(&self) -> &'static [Migration] {
        migrations::MIGRATIONS
    }

    fn book(&self) -> Share {
        let rooms = [
            agency::sheets::sheets(),
            guard::sheets::sheets(),
            contact::sheets::sheets(),
            stop_flag::sheets::sheets(),
            conduct::sheets::sheets(),
            case::sheets::sheets(),
            early::sheets::sheets(),
            strategy::sheets::sheets(),
            case_paper::sheets::sheets(),
            group::sheets::sheets(),
            promise::sheets::sheets(),
            recording::sheets::sheets(),
            agreement::sheets::sheets(),
            cause::sheets::sheets(),
            talk::sheets::sheets(),
            route::sheets::sheets(),
            inflow::sheets::sheets(),
            rescue::sheets::sheets(),
            payday::sheets::sheets(),
            risk::sheets::sheets(),
            disposal::sheets::sheets(),
            limitation::sheets::sheets(),
            letter::sheets::sheets(),
            legal::sheets::sheets(),
            release::sheets::sheets(),
            message::sheets::sheets(),
            bundle::sheets::sheets(),
            dossier::sheets::sheets(),
            cost::sheets::sheets(),
            merit::sheets::sheets(),
            progress::sheets::sheets(),
            visit::sheets::sheets(),
            lost::sheets::sheets(),
        ];
        // The clocks of limitation are computed by the close that follows, as for every loan that has none yet.
        Share { sheets: rooms.into_iter().flatten().collect(), settle: None }
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", include_str!("../locales/zh-CN/collections.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/guard.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/stop_flag.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/conduct.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/legal.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/letter.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/limitation.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/case.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/early.ftl")),
            ("en", include_str!("../locales/en/early.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/cause.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/talk.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/rescue.ftl")),
            ("en", include_str!("../locales/en/rescue.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/inflow.ftl")),
            ("en", include_str!("../locales/en/inflow.ftl")),
            ("en", include_str!("../locales/en/talk.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/promise.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/agreement.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/worklist.ftl")),
            ("en", include_str!("../locales/en/collections.ftl")),
            ("en", include_str!("../locales/en/guard.ftl")),
            ("en", include_str!("../locales/en/stop_flag.ftl")),
            ("en", include_str!("../locales/en/conduct.ftl")),
            ("en", include_str!("../locales/en/legal.ftl")),
            ("en", include_str!("../locales/en/letter.ftl")),
            ("en", include_str!("../locales/en/case.ftl")),
            ("en", include_str!("../locales/en/cause.ftl")),
            ("en", include_str!("../locales/en/promise.ftl")),
            ("en", include_str!("../locales/en/agreement.ftl")),
            ("en", include_str!("../locales/en/worklist.ftl")),
            ("en", include_str!("../locales/en/limitation.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/message.ftl")),
            ("en", include_str!("../locales/en/message.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/dossier.ftl")),
            ("en", include_str!("../locales/en/dossier.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/bundle.ftl")),
            ("en", include_str!("../locales/en/bundle.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/measure.ftl")),
            ("en", include_str!("../locales/en/measure.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/visit.ftl")),
            ("en", include_str!("../locales/en/visit.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/lost.ftl")),
            ("en", include_str!("../locales/en/lost.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/case_paper.ftl")),
            ("en", include_str!("../locales/en/case_paper.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/group.ftl")),
            ("en", include_str!("../locales/en/group.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/release.ftl")),
            ("en", include_str!("../locales/en/release.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/recording.ftl")),
            ("en", include_str!("../locales/en/recording.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/telephone.ftl")),
            ("en", include_str!("../locales/en/telephone.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/payday.ftl")),
            ("en", include_str!("../locales/en/payday.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/card.ftl")),
            ("en", include_str!("../locales/en/card.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/disposal.ftl")),
            ("en", include_str!("../locales/en/disposal.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/risk.ftl")),
            ("en", include_str!("../locales/en/risk.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/agency.ftl")),
            ("en", include_str!("../locales/en/agency.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/audit.ftl")),
            ("en", include_str!("../locales/en/audit.ftl")),
        ]
    }

    fn routes(&self) -> Routes {
        letter::routes()
            .merge(legal::routes())
            .merge(limitation::routes())
            .merge(message::routes())
            .merge(guard::pages::routes())
            .merge(contact::pages::routes())
            .merge(recording::routes())
            .merge(telephone::routes())
            .merge(release::routes())
            .merge(stop_flag::pages::routes())
            .merge(conduct::pages::routes())
            .merge(case::routes())
            .merge(early::routes())
            .merge(cause::routes())
            .merge(talk::routes())
            .merge(route::routes())
            .merge(inflow::routes())
            .merge(rescue::routes())
            .merge(case_paper::routes())
            .merge(group::routes())
            .merge(payday::routes())
            .merge(risk::routes())
            .merge(disposal::routes())
            .merge(card::routes())
            .merge(post::routes())
            .merge(promise::routes())
            .merge(agreement::routes())
            .merge(bundle::pages::routes())
            .merge(dossier::pages::routes())
            .merge(obligor::pages::routes())
            .merge(measure::routes())
            .merge(cost::routes())
            .merge(merit::routes())
            .merge(progress::routes())
            .merge(worklist::routes())
            .merge(visit::routes())
            .merge(lost::routes())
            .merge(agency::routes())
    }

    fn audit_subjects(&self) -> Vec<platform::audit::AuditSubject> {
        trail::subjects()
    }

    fn batches(&self) -> Vec<platform::batch::BatchKind> {
        [&case::batch::KINDS[..], &message::KINDS, &[bundle::batch::KIND]].concat()
    }

    fn list_exports(&self) -> Vec<Arc<dyn ListExport>> {
        let lists = [
            case::list::LISTED,
            case::frequency_list::LISTED,
            promise::list::LISTED,
            agreement::list::LISTED,
            letter::list::LISTED,
            message::list::LISTED,
            visit::list::LISTED,
            lost::list::LISTED,
            lost::report::LISTED,
            legal::list::LISTED,
            limitation::list::LISTED,
            conduct::list::LISTED,
            measure::rows::LISTED,
            progress::list::LISTED,
            cost::list::LISTED,
            merit::list::LISTED,
            group::list::LISTED,
            agency::pages::LISTED,
            agency::list::LISTED,
        ];
        lists.into_iter().map(|list| -> Arc<dyn ListExport> { Arc::new(list) }).collect()
    }

    fn navigation(&self) -> Vec<NavEntry> {
        let entry = |key, label, icon, href, action| NavEntry {
            section: section_of(key),
            key,
            label,
            icon,
            href,
            action: Some(action),
        };
        vec![
            entry("work", "work-title", Icon::Headset, worklist::pages::WORK, CASE_WORK),
            entry("cases", "case-title", Icon::Briefcase, case::list::LIST, CASE_VIEW),
            entry("promises", "promise-title", Icon::CalendarTime, promise::list::LIST, CASE_VIEW),
            entry("agreements", "agreement-title", Icon::Signature, agreement::list::LIST, CASE_VIEW),
            entry("frequency", "frequency-title", Icon::History, case::frequency::LIST, CASE_VIEW),
            entry("outcomes", "outcome-owed", Icon::Phone, contact::pages::OWED, platform::duty::CONTACT_RECORD),
            entry("letters", "letter-title", Icon::Mail, letter::list::LIST, "loan.view"),
            entry("messages", "message-title", Icon::Message, message::list::LIST, "loan.view"),
            entry("visits", "visit-title", Icon::MapPin, visit::list::LIST, CASE_VIEW),
            entry("visits-mine", "visit-mine", Icon::DeviceMobile, visit::mine::MINE, platform::duty::CONTACT_RECORD),
            entry("lost", "lost-title", Icon::UserX, lost::list::LIST, CASE_VIEW),
            entry("legal", "legal-title", Icon::Gavel, legal::list::LIST, "loan.view"),
            entry("clocks", "limitation-title", Icon::Hourglass, limitation::list::LIST, "loan.view"),
            entry("conduct", "conduct-title", Icon::ShieldCheck, conduct::pages::LIST, CASE_VIEW),
            entry("calls", "handed-title", Icon::Phone, telephone::pages::LIST, CONTACT_OPEN),
            entry("measures", "measure-title", Icon::ChartBar, measure::PAGE, measure::MEASURE_VIEW),
            entry("progress", "progress-title", Icon::ReportMoney, progress::LIST, measure::MEASURE_VIEW),
            entry("costs", "cost-title", Icon::Receipt, cost::LIST, CASE_VIEW),
            entry("merits", "merit-title", Icon::Star, merit::LIST, merit::MERIT_VIEW),
            entry("meetings", "meeting-title", Icon::Users, group::LIST, CASE_VIEW),
            entry("posts", "post-title", Icon::Hierarchy, post::PAGE, CASE_VIEW),
            entry("agencies", "agency-title", Icon::UserShare, agency::LIST, agency::AGENCY_VIEW),
            entry("placements", "placement-title", Icon::Package, agency::PLACEMENTS, agency::AGENCY_VIEW),
            entry("lines", "guard-lines-title", Icon::Hash, guard::line_pages::LINES, CONTACT_OPEN),
        ]
    }

    fn loan_links(&self) -> Vec<LoanLink> {
        let link = |label, icon, href| LoanLink { label, icon, href, action: "loan.view" };
        vec![
            link("letter-short", Icon::Mail, "/loans/{loan}/letters"),
            LoanLink {
                label: "message-short",
                icon: Icon::Message,
                href: "/loans/{loan}/messages/new",
                action: message::MESSAGE_SEND,
            },
            link("legal-short", Icon::Gavel, "/loans/{loan}/legal"),
            link("limitation-short", Icon::Hourglass, "/loans/{loan}/clocks"),
            link("release-short", Icon::FileText, "/loans/{loan}/papers"),
        ]
    }

    fn subscribers(&self) -> Vec<Subscriber> {
        // A promise and an agreement are judged before the case of them ends.
        [
            promise::actions::subscribers(),
            agreement::watch::subscribers(),
            case::actions::subscribers(),
            // Only what the money left overdue is demanded.
            inflow::actions::subscribers(),
            rescue::actions::subscribers(),
            release::actions::subscribers(),
            case::frequency::subscribers(),
            lost::actions::subscribers(),
            visit::actions::subscribers(),
            agency::subscribers(),
            contact::actions::subscribers(),
            contact::feedback::subscribers(),
            // The outcome is settled by then.
            telephone::actions::subscribers(),
            limitation::actions::subscribers(),
        ]
        .concat()
    }

    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        vec![
            Arc::new(limitation::step::Clocks),
            Arc::new(case::step::Cases),
            Arc::new(risk::step::Losses),
            Arc::new(disposal::step::Handovers),
            Arc::new(legal::step::Files),
            Arc::new(agreement::step::Agreements),
            Arc::new(promise::step::Promises),
            Arc::new(case::frequency::Frequency),
            Arc::new(agency::step::Agencies),
            Arc::new(progress::step::Reports),
            Arc::new(recording::step::Recordings),
            Arc::new(release::step::Releases),
        ]
    }

    fn policy_facts(&self) -> &'static str {
        include_str!("policy_facts.csv")
    }

    fn duty_kinds(&self) -> Vec<DutyKind> {
        let mut kinds = vec![limitation::actions::DUTY, stop_flag::actions::DUTY];
        kinds.extend(case::DUTIES);
        kinds.extend(agreement::DUTIES);
        kinds.extend(dossier::DUTIES);
        kinds.extend([group::DUTY, merit::DUTY, progress::DUTY, agency::DUTY, recording::DUTY, release::DUTY]);
        kinds.extend(visit::DUTIES);
        kinds.extend(lost::DUTIES);
        kinds.extend(risk::DUTIES);
        kinds.extend(disposal::DUTIES);
        kinds.extend(legal::DUTIES);
        kinds.extend(inflow::DUTIES);
        kinds.extend(rescue::DUTIES);
        kinds
    }

    fn duty_batches(&self) -> Vec<DutyBatch> {
        vec![message::DUTIES]
    }

    fn gateways(&self) -> Vec<Arc<dyn Gateway>> {
        vec![Arc::new(message::DebtorMessages)]
    }

    fn approval_kinds(&self) -> Vec<ApprovalKind> {
        let mut kinds = agreement::actions::KINDS.to_vec();
        kinds.push(merit::actions::KIND);
        kinds.extend(agency::KINDS);
        kinds
    }

    fn customer_panels(&self) -> Vec<CustomerPanel> {
        let mut panels = case::pages::customer_panels();
        panels.extend([guard::pages::panel(), stop_flag::pages::panel()]);
        panels
    }

    fn customer_heads(&self) -> Vec<DrawHead> {
        vec![stop_flag::pages::draw_head]
    }

    fn sealed_columns(&self) -> Vec<SealedColumn> {
        let own = &["customer_id", "id"];
        let piece = &["customer_id", "recording_id", "no"];
        let handed = &["delivery_id", "no"];
        vec![
            SealedColumn::of("dossier_entry", own, "content_sealed", dossier::store::CONTENT),
            SealedColumn::of("contact_recording_piece", piece, "sealed", recording::store::PIECE).large(),
            SealedColumn::of("delivered_call_piece", handed, "sealed", telephone::store::PIECE).large(),
        ]
    }

    fn role_bars(&self) -> Vec<platform::access::RoleBar> {
        vec![agency::gate::no_house_role]
    }

    fn contact_gate(&self) -> Option<Arc<dyn ContactGate>> {
        Some(Arc::new(guard::ContactGuard))
    }

    /// Stop flags are left out: why somebody must not be contacted (illness, death, custody) leaves the house in no message.
    fn events(&self) -> &'static [&'static str] {
        &[
            "case_opened",
            "case_closed",
            "promise_settled",
            "agreement_settled",
            "letter_issued",
            "letter_sent",
            "legal_opened",
            "merit_decided",
            "recovery_reported",
            "visit_recorded",
        ]
    }

    fn examples(&self) -> platform::api::example::Examples {
        examples::examples()
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            CASE_VIEW,
            CASE_WORK,
            CASE_ASSIGN,
            agreement::actions::APPROVE[0],
            agreement::actions::APPROVE[1],
            agreement::actions::APPROVE[2],
            STOP_FLAG_SET,
            STOP_FLAG_LIFT,
            CONTACT_OPEN,
            LETTER_ISSUE,
            message::MESSAGE_SEND,
            LIMITATION_RECORD,
            LEGAL_MANAGE,
            bundle::BUNDLE_MAKE,
            dossier::DOSSIER_VIEW,
            dossier::DOSSIER_RECORD,
            measure::MEASURE_VIEW,
            cost::COST_RECORD,
            cost::COST_CHECK,
            merit::MERIT_VIEW,
            merit::MERIT_PROPOSE,
            merit::MERIT_APPROVE,
            merit::MERIT_CARRY_OUT,
            progress::PROGRESS_MAKE,
            progress::PROGRESS_SEE,
            group::GROUP_SIGN,
            visit::VISIT_ISSUE,
            lost::LOST_REVIEW,
            recording::RECORDING_OPEN,
            telephone::CALL_DELIVER,
            release::SECURITY_RETURN,
            risk::RISK_RATE,
            disposal::DISPOSAL_RECORD,
            disposal::DISPOSAL_DECIDE,
            agency::PERMISSIONS[0],
            agency::PERMISSIONS[1],
            agency::PERMISSIONS[2],
            agency::PERMISSIONS[3],
            agency::PERMISSIONS[4],
            agency::PERMISSIONS[5],
            agency::PERMISSIONS[6],
        ]
    }
}

/// The most people that a page knows by name.
const PEOPLE: i64 = 1_000;

/// The names of the people of the institution.
pub(crate) async fn people(work: &mut Work) -> Result<BTreeMap<UserId, String>, StoreError> {
    let users = platform::access::store::users(&mut work.tx, 0, PEOPLE, 0).await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}

/// The file of a customer for an action of collection. The rows are those of `customer.view`: a collector works cases of
/// customers whom somebody else manages; and who was given a case reads its file, in whichever branch it is kept (C-07).
pub(crate) async fn file_for(work: &mut Work, customer: CustomerId, action: &str) -> Result<Customer, ActionError> {
    work.authorise(action)?;
    match agency::gate::reach(work, customer).await? {
        agency::gate::Reach::House => {}
        // Staff of an agency see the files of what is placed with them, and no other.
        agency::gate::Reach::Placed(_) => {
            work.lent = Some(customer);
            return customers::load_within(work, customer, customers::VIEW).await;
        }
        agency::gate::Reach::Barred => return Err(customers::CustomerError::NotFound.into()),
    }
    let user = work.actor.user;
    let case = case::store::open_of(&mut work.tx, customer).await?;
    let mut given = case.and_then(|case| case.state.owner()).is_some_and(|owner| Some(owner) == user);
    let to_visit = action == CASE_VIEW || action == platform::duty::CONTACT_RECORD;
    if let (false, true, Some(user)) = (given, to_visit, user) {
        // Who is sent on a visit reads the file of the one visited and records what came of it, while the order stands.
        let today = work.business_date;
        given = visit::store::sends(&mut work.tx, customer, user, today).await?;
    }
    match customers::load(&mut work.tx, customer).await?.filter(|_| given) {
        Some(file) => Ok(file),
        None => customers::load_within(work, customer, customers::VIEW).await,
    }
}
