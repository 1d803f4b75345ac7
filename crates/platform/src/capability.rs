//! What a capability (业务能力) offers to the rest: the one trait by which the house is put together.
//!
//! The customer page is composed of panels that each capability offers, the day close of steps that
//! each offers, the workbook of sheets that each offers. Adding a capability touches its own folder
//! and one line of the binary.

use std::sync::Arc;

use crate::access::RoleBar;
use crate::api::example::Examples;
use crate::approval::{ApprovalKind, SignatureCheck};
use crate::audit::AuditSubject;
use crate::batch::BatchKind;
use crate::book::Share;
use crate::close::{CloseProof, CloseStep};
use crate::contact_gate::{ContactGate, OverdueCheck};
use crate::customer_page::{CustomerPanel, DrawHead};
use crate::db::Migration;
use crate::duty::{DutyBatch, DutyKind, HomeTile, SubjectReader};
use crate::event::Subscriber;
use crate::lending::TellLending;
use crate::list_export::ListExport;
use crate::outbox::Gateway;
use crate::policies::CustomerFacts;
use crate::policies::compare::PolicySubjects;
use crate::rebuild::Rebuilder;
use crate::vault::SealedColumn;
use crate::web::{LoanLink, NavEntry, Routes, Searcher};

/// A capability of the house, offered as one value in the binary's list.
pub trait Capability: Send + Sync {
    /// Its name: the crate's, and the prefix of its actions and messages.
    fn name(&self) -> &'static str;

    /// Its tables.
    fn migrations(&self) -> &'static [Migration];

    /// Its texts: (language tag, Fluent source).
    fn messages(&self) -> Vec<(&'static str, &'static str)>;

    /// Its pages, each with the action that it asks for.
    fn routes(&self) -> Routes {
        Routes::new()
    }

    /// Its items of the navigation.
    fn navigation(&self) -> Vec<NavEntry> {
        Vec::new()
    }

    /// Pages that are offered only where the rules have a duty of one of these kinds, by the address that the navigation
    /// or the page of a loan names.
    fn by_duty(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[]
    }

    /// The actions that roles can be granted: `noun.action`; the title of each is the message
    /// `action-noun-action` in both languages.
    fn permissions(&self) -> &'static [&'static str] {
        &[]
    }

    /// What the fields of its forms are called that no message and no fact of the rules names: in Chinese and English.
    fn field_titles(&self) -> Vec<(&'static str, [&'static str; 2])> {
        Vec::new()
    }

    /// What stands as examples in the description of the interface: words of its fields, things of its own.
    fn examples(&self) -> Examples {
        Examples::default()
    }

    /// What the search box finds of it.
    fn search(&self) -> Vec<Searcher> {
        Vec::new()
    }

    /// Who acts in the transaction of others' events.
    fn subscribers(&self) -> Vec<Subscriber> {
        Vec::new()
    }

    /// The kinds of events that it writes, each titled by the message `event-<kind>`: other systems can be told of them.
    fn events(&self) -> &'static [&'static str] {
        &[]
    }

    /// How people call its things that stand in the audit trail.
    fn audit_subjects(&self) -> Vec<AuditSubject> {
        Vec::new()
    }

    /// Its verbs on selections that can go on in the background.
    fn batches(&self) -> Vec<BatchKind> {
        Vec::new()
    }

    /// Its lists that can be exported.
    fn list_exports(&self) -> Vec<Arc<dyn ListExport>> {
        Vec::new()
    }

    /// Its ways out of the house.
    fn gateways(&self) -> Vec<Arc<dyn Gateway>> {
        Vec::new()
    }

    /// How it tells that a person is an overdue debtor, or stands close to one: asked before a phone is shown.
    fn overdue_checks(&self) -> Vec<OverdueCheck> {
        Vec::new()
    }

    /// Whom it bars from roles: asked before a grant or a delegation takes effect.
    fn role_bars(&self) -> Vec<RoleBar> {
        Vec::new()
    }

    /// Its panels on the customer page.
    fn customer_panels(&self) -> Vec<CustomerPanel> {
        Vec::new()
    }

    /// What it adds to the head of the customer page.
    fn customer_heads(&self) -> Vec<DrawHead> {
        Vec::new()
    }

    /// Its links on the page of a loan.
    fn loan_links(&self) -> Vec<LoanLink> {
        Vec::new()
    }

    /// What policies can look at: lines of `name,type,title_zh,title_en` under that head; empty for nothing.
    fn policy_facts(&self) -> &'static str {
        ""
    }

    /// What it tells policies of a customer: facts of the day, by name.
    fn customer_facts(&self) -> Vec<CustomerFacts> {
        Vec::new()
    }

    /// What it tells of customers over a period, where it keeps loans: exposure, interest, provision, times overdue.
    fn lending(&self) -> Option<TellLending> {
        None
    }

    /// Its subjects on which a draft of the rules can be compared.
    fn policy_subjects(&self) -> Vec<Arc<dyn PolicySubjects>> {
        Vec::new()
    }

    /// Its kinds of duties, with the verb and the form that gives the evidence of each.
    fn duty_kinds(&self) -> Vec<DutyKind> {
        Vec::new()
    }

    /// What it does to all open cases of a bulk duty at once.
    fn duty_batches(&self) -> Vec<DutyBatch> {
        Vec::new()
    }

    /// How texts about its subjects are filled.
    fn subject_readers(&self) -> Vec<SubjectReader> {
        Vec::new()
    }

    /// Its kinds of approvals, with what agreement brings about.
    fn approval_kinds(&self) -> Vec<ApprovalKind> {
        Vec::new()
    }

    /// What it asks before each signature.
    fn signature_checks(&self) -> Vec<SignatureCheck> {
        Vec::new()
    }

    /// Its steps of the day close.
    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        Vec::new()
    }

    /// Its proofs of the day close.
    fn close_proofs(&self) -> Vec<Arc<dyn CloseProof>> {
        Vec::new()
    }

    /// Where its sealed values lie: what is not declared here would be lost when the key is changed.
    fn sealed_columns(&self) -> Vec<SealedColumn> {
        Vec::new()
    }

    /// How its caches are computed anew from its facts.
    fn rebuilders(&self) -> Vec<Arc<dyn Rebuilder>> {
        Vec::new()
    }

    /// Its sheets of the whole book, and how its caches follow from them.
    fn book(&self) -> Share {
        Share::default()
    }

    /// What it puts on the home page.
    fn home_tiles(&self) -> Vec<Arc<dyn HomeTile>> {
        Vec::new()
    }

    /// The contact guard, from the one capability that has the full rules.
    fn contact_gate(&self) -> Option<Arc<dyn ContactGate>> {
        None
    }
}
