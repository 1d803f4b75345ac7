//! Collection agencies (催收机构): a register of those appointed, the cases placed with them, their commission, and their
//! yearly evaluation (S2.6-09).
//!
//! Staff of an agency are users with nothing but the cases that are placed with them; they contact debtors through the same
//! guard as everybody, from registered lines of their agency only. A recall ends all of it at once.

pub mod actions;
pub mod commission;
mod commission_pages;
mod commission_store;
pub mod contract;
mod data;
pub mod evaluation;
mod evaluation_pages;
mod form;
pub mod gate;
pub(crate) mod list;
pub mod model;
pub(crate) mod pages;
pub mod placing;
mod placing_pages;
pub(crate) mod placing_store;
mod published;
pub mod rules;
pub(crate) mod sheets;
pub mod step;
pub mod store;

use platform::approval::ApprovalKind;
use platform::duty::DutyKind;
use platform::error::ActionError;
use platform::event::Subscriber;
use platform::id::CustomerId;
use platform::web::Routes;
use platform::work::Work;

use crate::case::model::CaseKey;
use model::Agency;

pub(crate) use placing_pages::panel;

/// See agencies, their contracts, evaluations and the cases placed with them.
pub const AGENCY_VIEW: &str = "agency.view";
/// Keep the register: agencies, contracts, people, lines, publication.
pub const AGENCY_EDIT: &str = "agency.edit";
/// Decide on contracts and their early end.
pub const AGENCY_APPROVE: &str = "agency.approve";
/// Place cases with agencies and recall them.
pub const AGENCY_PLACE: &str = "agency.place";
/// Evaluate agencies.
pub const AGENCY_EVALUATE: &str = "agency.evaluate";
/// Make statements of commission.
pub const COMMISSION_MAKE: &str = "agency_commission.make";
/// Decide on statements of commission.
pub const COMMISSION_APPROVE: &str = "agency_commission.approve";

/// Every permission of this room.
pub const PERMISSIONS: [&str; 7] =
    [AGENCY_VIEW, AGENCY_EDIT, AGENCY_APPROVE, AGENCY_PLACE, AGENCY_EVALUATE, COMMISSION_MAKE, COMMISSION_APPROVE];

/// Where the register is.
pub(crate) const LIST: &str = "/collections/agencies";
/// Where the cases placed are.
pub(crate) const PLACEMENTS: &str = "/collections/placements";
/// The list that anybody may be given.
pub(crate) const PUBLISHED: &str = "/collections/agencies/published";

/// The file of what is about no customer: the institution's own.
pub(crate) const HOUSE: CustomerId = CustomerId(0);
/// The article behind this room where a parameter has none of its own.
pub(crate) const ARTICLE: &str = "house.agencies";

/// The duty to evaluate an agency.
pub const DUTY: DutyKind = DutyKind {
    kind: "agency_evaluation",
    verb: "agency-evaluate-verb",
    form: "/collections/agencies/{subject}/evaluations/new",
};

/// The approvals of contracts, of their early end and of commission.
pub const KINDS: [ApprovalKind; 3] = [contract::KIND, contract::END_KIND, commission::KIND];

/// Where one is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The agency that works a case now.
pub(crate) async fn of_case(work: &mut Work, case: CaseKey) -> Result<Option<Agency>, ActionError> {
    let placement = placing_store::of_case(&mut work.tx, case).await?;
    gate::working(work, placement).await
}

/// The agency that works the customer's case now.
pub(crate) async fn of_customer(work: &mut Work, customer: CustomerId) -> Result<Option<Agency>, ActionError> {
    let placement = placing_store::of_customer(&mut work.tx, customer).await?.into_iter().next();
    gate::working(work, placement).await
}

/// The pages of this room.
pub fn routes() -> Routes {
    published::routes()
        .merge(pages::routes())
        .merge(form::routes())
        .merge(list::routes())
        .merge(placing_pages::routes())
        .merge(evaluation_pages::routes())
        .merge(commission_pages::routes())
}

/// A case that ends is no longer placed.
pub fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "case_closed", name: "collections.agency", handle: placing::follow }]
}
