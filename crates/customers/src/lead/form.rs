//! The forms of leads: from where, on what ground, who works on it.

use std::sync::Arc;

use platform::access::{DataScope, store as access};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::{self, InForce};
use platform::web::Fields;
use platform::work::Work;

use super::model::{NewLead, Origin};
use super::{WORK, policy};
use crate::campaign::model::CampaignId;
use crate::campaign::store as campaigns;
use crate::colleague::people;
use crate::customer::model::CustomerKind;
use crate::customer::store::{filled, find_by_number};
use crate::partner::model::PartnerId;
use crate::partner::store as partners;

/// People from whom one chooses.
const PEOPLE: i64 = 1_000;

/// What the forms offer to choose from (可选项).
pub(crate) struct Offer {
    /// The rules in force.
    pub policy: Arc<InForce>,
    /// Who may work on leads.
    pub workers: Vec<(UserId, String)>,
    colleagues: Vec<(UserId, String)>,
    campaigns: Vec<(CampaignId, String)>,
    partners: Vec<(PartnerId, String)>,
}

/// Loads what the forms offer.
pub(crate) async fn offer(work: &mut Work) -> Result<Offer, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let workers = people(work, &[WORK]).await?;
    let staff = access::users(&mut work.tx, 0, PEOPLE, 0).await?;
    let active = |one: &access::User| one.state == access::UserState::Active && one.kind == access::UserKind::Person;
    let colleagues = staff.into_iter().filter(active).map(|one| (one.id, one.name)).collect();
    // Another branch's campaigns and partners are not offered: a lead would spoil their figures. Whoever says from where
    // a customer came without working on leads is bound like who sees own things.
    let bound = DataScope { manager: work.actor.recorded_by(), ..DataScope::everything() };
    let (scope, own) = (work.authorise(super::VIEW).unwrap_or(bound), work.actor.branch);
    Ok(Offer {
        policy,
        workers,
        colleagues,
        campaigns: campaigns::running(&mut work.tx, today, scope, own).await?,
        partners: partners::living(&mut work.tx, scope, own).await?,
    })
}

/// A choice that may stay open.
fn chosen<K: ToString>(ui: &Ui, all: &[(K, String)]) -> Input {
    let none = std::iter::once(Choice::new("", ui.t("lead-none-chosen")));
    Input::Select(none.chain(all.iter().map(|(key, name)| Choice::new(key.to_string(), name.as_str()))).collect())
}

fn value(typed: &Fields, name: &str) -> String {
    typed.first(name).unwrap_or_default().to_owned()
}

/// The fields of an origin.
pub(crate) fn origin_fields(ui: &Ui, offer: &Offer, typed: &Fields) -> Result<Vec<Field>, ActionError> {
    let channels = policy::channels(&offer.policy, ui.business_date)?;
    let channels = policy::choices(ui, &offer.policy, "lead_channel", channels.iter().map(|one| one.name.as_str()));
    Ok(vec![
        Field::new("channel", ui.t("lead-channel"), Input::Select(channels))
            .value(value(typed, "channel"))
            .hint(ui.t("lead-channel-hint"))
            .required(),
        Field::new("campaign", ui.t("lead-campaign"), chosen(ui, &offer.campaigns)).value(value(typed, "campaign")),
        Field::new("partner", ui.t("lead-partner"), chosen(ui, &offer.partners)).value(value(typed, "partner")),
        Field::new("referrer", ui.t("lead-referrer"), Input::Text)
            .value(value(typed, "referrer"))
            .hint(ui.t("lead-referrer-hint")),
        Field::new("colleague", ui.t("lead-colleague"), chosen(ui, &offer.colleagues))
            .value(value(typed, "colleague"))
            .hint(ui.t("lead-colleague-hint")),
    ])
}

fn pick<K: Copy + ToString>(
    typed: &Fields,
    name: &'static str,
    all: &[(K, String)],
    wrong: &mut Vec<FieldError>,
) -> Option<K> {
    let text = filled(typed.first(name))?;
    let found = all.iter().map(|(key, _)| *key).find(|key| key.to_string() == text);
    if found.is_none() {
        wrong.push(FieldError::choice(name, &text));
    }
    found
}

/// The customer of this number, whoever manages it: only the number is known of a referrer.
async fn numbered(
    work: &mut Work,
    field: &'static str,
    typed: &Fields,
    wrong: &mut Vec<FieldError>,
) -> Result<Option<CustomerId>, ActionError> {
    let Some(number) = filled(typed.first(field)) else { return Ok(None) };
    let found = find_by_number(&mut work.tx, &number).await?;
    if found.is_none() {
        wrong.push(FieldError::new(field, "customer-no-such-number"));
    }
    Ok(found.map(|one| one.id))
}

/// Reads an origin.
pub(crate) async fn read_origin(
    work: &mut Work,
    offer: &Offer,
    typed: &Fields,
    wrong: &mut Vec<FieldError>,
) -> Result<Origin, ActionError> {
    Ok(Origin {
        channel: filled(typed.first("channel")).unwrap_or_default(),
        campaign: pick(typed, "campaign", &offer.campaigns, wrong),
        partner: pick(typed, "partner", &offer.partners, wrong),
        referrer: numbered(work, "referrer", typed, wrong).await?,
        colleague: pick(typed, "colleague", &offer.colleagues, wrong),
    })
}

/// The fields of a new lead.
pub(super) fn new_fields(
    ui: &Ui,
    offer: &Offer,
    typed: &Fields,
    own: Option<UserId>,
) -> Result<Vec<Field>, ActionError> {
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    let kind = typed.first("kind").and_then(CustomerKind::parse).unwrap_or(CustomerKind::Person);
    let mut grounds: Vec<String> = Vec::new();
    for of in [kind, CustomerKind::Person, CustomerKind::Company] {
        for ground in policy::grounds(&offer.policy, ui.business_date, of)? {
            if !grounds.contains(&ground.name) {
                grounds.push(ground.name);
            }
        }
    }
    let grounds = policy::choices(ui, &offer.policy, "lead_ground", grounds.iter().map(String::as_str));
    let own = own.map(|user| user.to_string()).unwrap_or_default();
    let owner = typed.first("owner").map_or(own, str::to_owned);
    let mut fields = vec![
        Field::new("kind", ui.t("customer-kind"), Input::Radio(kinds.to_vec())).value(kind.as_str()).required(),
        Field::new("name", ui.t("customer-name"), Input::Text).value(value(typed, "name")).required(),
        Field::new("phone", ui.t("customer-phone"), Input::Text)
            .value(value(typed, "phone"))
            .hint(ui.t("lead-phone-hint")),
    ];
    fields.extend(origin_fields(ui, offer, typed)?);
    fields.extend([
        Field::new("ground", ui.t("lead-ground"), Input::Select(grounds))
            .value(value(typed, "ground"))
            .hint(ui.t("lead-ground-hint"))
            .required(),
        Field::new("ground_note", ui.t("lead-ground-note"), Input::Text)
            .value(value(typed, "ground_note"))
            .hint(ui.t("lead-ground-note-hint"))
            .required(),
        Field::new("interest", ui.t("lead-interest"), Input::Text).value(value(typed, "interest")),
        Field::new("customer", ui.t("lead-customer"), Input::Text)
            .value(value(typed, "customer"))
            .hint(ui.t("lead-customer-hint")),
        Field::new("owner", ui.t("lead-owner"), chosen(ui, &offer.workers)).value(owner).required(),
    ]);
    Ok(fields)
}

/// Reads a new lead; what cannot be read comes back at once, the rest is checked by the use case.
pub(super) async fn read_new(work: &mut Work, offer: &Offer, typed: &Fields) -> Result<NewLead, ActionError> {
    let mut wrong = Vec::new();
    let kind = typed.first("kind").and_then(CustomerKind::parse);
    if kind.is_none() {
        wrong.push(FieldError::new("kind", "choice-invalid"));
    }
    let origin = read_origin(work, offer, typed, &mut wrong).await?;
    let customer = numbered(work, "customer", typed, &mut wrong).await?;
    let owner = pick(typed, "owner", &offer.workers, &mut wrong);
    if owner.is_none() && filled(typed.first("owner")).is_none() {
        wrong.push(FieldError::new("owner", "field-empty"));
    }
    let (Some(kind), Some(owner), true) = (kind, owner, wrong.is_empty()) else {
        return Err(Refused::form(wrong).into());
    };
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    Ok(NewLead {
        kind,
        name: text("name"),
        phone: filled(typed.first("phone")),
        origin,
        ground: text("ground"),
        ground_note: text("ground_note"),
        interest: text("interest"),
        customer,
        owner,
    })
}
