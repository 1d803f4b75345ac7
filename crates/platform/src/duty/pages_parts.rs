//! Parts that the duty pages share: states as badges, addresses, names of people.

use std::collections::BTreeMap;

use super::model::{Duty, DutyState};
use super::pages::DutyKind;
use crate::args;
use crate::db::StoreError;
use crate::id::CustomerId;
use crate::locale::Lang;
use crate::page::{DutyRow, Empty, Html, Icon, Tone, Ui, query_pair};
use crate::policies::InForce;
use crate::work::Work;

/// Whether the page is in English.
pub(crate) fn english(ui: &Ui) -> bool {
    ui.lang() == Lang::En
}

/// The page of a duty.
pub(super) fn address(duty: &Duty) -> String {
    format!("/duties/{}/{}", duty.key.customer, duty.key.id)
}

/// The contact form about one case of a duty.
pub(super) fn contact_address(duty: &Duty, customer: CustomerId, subject: &str) -> String {
    let about = [query_pair("of", &customer.to_string()), query_pair("subject", subject)].join("&");
    format!("{}/contact?{about}", address(duty))
}

/// The page of an article (条款).
pub fn article_address(article: &str) -> String {
    format!("/policies/articles/{}", crate::page::query_escape(article))
}

/// A state as badge and word.
pub(super) fn state_badge(ui: &Ui, state: &DutyState) -> (Html, String) {
    let (tone, icon, id) = match state {
        DutyState::Open => (Tone::Accent, Icon::Clock, "duty-open"),
        DutyState::Done { .. } => (Tone::Ok, Icon::CircleCheck, "duty-done"),
        DutyState::Excused { .. } => (Tone::Info, Icon::InfoCircle, "duty-excused"),
        DutyState::Cancelled { .. } => (Tone::Neutral, Icon::Minus, "duty-cancelled"),
    };
    let word = ui.t(id);
    (ui.badge(tone, icon, &word), word)
}

/// The state of a duty; a breach stays to be seen after it was made good.
pub(super) fn state(ui: &Ui, duty: &Duty) -> (Html, String) {
    let (mut badge, mut word) = state_badge(ui, &duty.state);
    if duty.was_late() {
        let late = ui.t("duty-done-late");
        badge.push(&ui.badge(Tone::Sub, Icon::AlertTriangle, &late));
        word = format!("{word} · {late}");
    }
    if duty.escalated_on.is_some() && duty.state == DutyState::Open {
        let up = ui.t("duty-escalated");
        badge.push(&ui.badge(Tone::Sub, Icon::ArrowUp, &up));
        word = format!("{word} · {up}");
    }
    if duty.provisional {
        let provisional = ui.t("provisional");
        badge.push(&ui.badge(Tone::Watch, Icon::Calendar, &provisional));
        word = format!("{word} · {provisional}");
    }
    (badge, word)
}

/// Whom a duty concerns: name and number, or how many cases stand; what has no case is the institution's own matter.
pub(super) fn whom(ui: &Ui, duty: &Duty) -> (String, String) {
    if duty.is_bulk() {
        let (all, open) = duty.members;
        if all == 0 {
            return (ui.t("duty-own-matter"), String::new());
        }
        return (ui.t2("duty-members", "open", open, "all", all), String::new());
    }
    (duty.whom.clone(), duty.number.clone())
}

/// A duty as a row of the home page, with its one verb.
pub(super) fn row(ui: &Ui, duty: &Duty, kinds: &[DutyKind], rules: Option<&InForce>) -> DutyRow {
    let english = english(ui);
    let (name, number) = whom(ui, duty);
    let kind = kinds.iter().find(|kind| kind.kind == duty.kind);
    let form = kind.map_or_else(|| address(duty), |kind| fill(kind.form, duty));
    // A single duty closed by a call leads straight to the form.
    let straight = !duty.is_bulk() && form == address(duty) && duty.evidence_kinds.iter().any(|k| k == "contact");
    let form = if straight { contact_address(duty, duty.key.customer, &duty.subject) } else { form };
    let article = rules.map_or_else(|| duty.article.clone(), |rules| rules.article_title(&duty.article, english));
    // What is the institution's own matter has no customer's page.
    let page = if duty.is_bulk() || duty.key.customer.0 == 0 {
        address(duty)
    } else {
        format!("/customers/{}", duty.key.customer)
    };
    DutyRow {
        due_on: duty.due_on,
        what: duty.title(english).to_owned(),
        whom: (name, page),
        number,
        balance: duty.amount.map(|amount| amount.0),
        article: (article_address(&duty.article), article),
        verb: (ui.t(kind.map_or("duty-verb", |kind| kind.verb)), form),
    }
}

fn fill(form: &str, duty: &Duty) -> String {
    form.replace("{customer}", &duty.key.customer.to_string())
        .replace("{id}", &duty.key.id.to_string())
        // `loan:12` and `loan:12:guarantee:3` are both about loan 12.
        .replace("{subject}", duty.subject.split(':').nth(1).unwrap_or_default())
}

/// What an empty list says.
pub(super) fn nothing(ui: &Ui) -> Empty {
    Empty { icon: Some(Icon::Checklist), title: ui.t("duties-none"), text: ui.t("duties-none-text"), step: None }
}

/// The names of people by key.
pub(crate) async fn names(
    work: &mut Work,
    keys: impl Iterator<Item = i64>,
) -> Result<BTreeMap<i64, String>, StoreError> {
    let mut found = BTreeMap::new();
    for key in keys.filter(|key| *key != 0) {
        if found.contains_key(&key) {
            continue;
        }
        if let Some(row) = work.tx.fetch_optional("select name from app_user where id = $1", args![key]).await? {
            found.insert(key, row.get("name")?);
        }
    }
    Ok(found)
}
