//! How leads are shown: states, origins.

use std::collections::BTreeMap;

use platform::error::ActionError;
use platform::id::UserId;
use platform::page::{Html, Icon, Tone, Ui};
use platform::policies::InForce;
use platform::work::Work;

use super::model::{LeadState, Origin};
use super::policy;
use crate::campaign::store as campaigns;
use crate::customer::store::names;
use crate::partner::store as partners;
use crate::sorting::view::link;

/// Where a lead stands: shape and word.
pub(crate) fn state(ui: &Ui, state: LeadState) -> (Html, String) {
    let (tone, icon) = match state {
        LeadState::New => (Tone::Accent, Icon::Bell),
        LeadState::Contacted => (Tone::Info, Icon::Phone),
        LeadState::Visited => (Tone::Info, Icon::User),
        LeadState::Applied => (Tone::Watch, Icon::FileText),
        LeadState::Customer => (Tone::Ok, Icon::CircleCheck),
        LeadState::Lost => (Tone::Neutral, Icon::Ban),
    };
    let word = ui.t(format!("lead-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// Labels and values of an origin: the channel, and what stands beside it.
pub(crate) async fn origin(
    work: &mut Work,
    ui: &Ui,
    policy: &InForce,
    origin: &Origin,
    people: &BTreeMap<UserId, String>,
) -> Result<Vec<(String, Html)>, ActionError> {
    let channel = policy::title(ui, policy, "lead_channel", &origin.channel);
    let mut rows = vec![(ui.t("lead-channel"), Html::of_text(channel))];
    if let Some(id) = origin.campaign
        && let Some(found) = campaigns::find(&mut work.tx, id).await?
    {
        let href = format!("/campaigns/{id}");
        rows.push((ui.t("lead-campaign"), link(href, format!("{} {}", found.number, found.content.title))));
    }
    if let Some(id) = origin.partner
        && let Some(found) = partners::find(&mut work.tx, id).await?
    {
        rows.push((ui.t("lead-partner"), link(format!("/partners/{id}"), found.content.name)));
    }
    if let Some(id) = origin.referrer
        && let Some((number, _)) = names(&mut work.tx, &[id]).await?.remove(&id)
    {
        rows.push((ui.t("lead-referrer"), link(format!("/customers/{id}"), number)));
    }
    if let Some(name) = origin.colleague.and_then(|user| people.get(&user)) {
        rows.push((ui.t("lead-colleague"), Html::of_text(name)));
    }
    Ok(rows)
}
