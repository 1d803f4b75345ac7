//! The forms of care: one field an item of the policy, the rhythm of contacts; a contact.

use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::InForce;
use platform::web::Fields;

use super::model::{CareWay, Item, NewContact, NewPlan, Plan, PlanId, Said, Step};
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::lead::policy::title;

/// What the forms of plans and reviews send: one field for every item of the policy.
pub(super) type ItemsForm = Vec<(String, String)>;

/// Between a plan and the place of a step.
const COLON: char = ':';
/// In front of the name of an item.
const ITEM: &str = "item_";

/// The fields of one part; each says to which half of the plan it belongs.
pub(super) fn items(ui: &Ui, policy: &InForce, items: &[Item], review: bool, typed: &Fields) -> Vec<Field> {
    let field = |item: &Item| {
        let name = format!("{ITEM}{}", item.name);
        let label = title(ui, policy, "care_item", &item.name);
        Field::new(&name, label, Input::Area)
            .value(typed.first(&name).unwrap_or_default())
            .hint(half(ui, &item.half))
            .required()
    };
    items.iter().filter(|item| item.review == review).map(field).collect()
}

/// The half of a plan in words; of a plan without halves nothing.
pub(super) fn half(ui: &Ui, half: &str) -> String {
    match half {
        "project" => ui.t("care-half-project"),
        "relationship" => ui.t("care-half-relationship"),
        _ => String::new(),
    }
}

/// The field of the rhythm.
pub(super) fn rhythm(ui: &Ui, typed: &Fields) -> Field {
    Field::new("contact_days", ui.t("care-contact-days"), Input::Text)
        .value(typed.first("contact_days").unwrap_or_default())
        .hint(ui.t("care-contact-days-hint"))
}

/// The field of the steps: one a line, its day first.
pub(super) fn steps(ui: &Ui, typed: &Fields) -> Field {
    Field::new("steps", ui.t("care-steps"), Input::Area)
        .value(typed.first("steps").unwrap_or_default())
        .hint(ui.t("care-steps-hint"))
}

/// Steps as they were typed.
fn read_steps(typed: &Fields) -> Result<Vec<Step>, Refused> {
    let lines = typed.first("steps").unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| {
        let (day, what) = line.split_once(char::is_whitespace)?;
        Some(Step { what: what.trim().to_owned(), due_on: day.parse().ok()? })
    };
    let wrong = |line: &str| FieldError::new("steps", "care-step-line").with("line", line);
    lines.map(|line| read(line).ok_or_else(|| Refused::form(vec![wrong(line)]))).collect()
}

/// What was typed of the items.
pub(super) fn said(typed: &Fields, items: &[Item]) -> Vec<Said> {
    let one = |item: &Item| {
        let text = filled(typed.first(&format!("{ITEM}{}", item.name)))?;
        Some(Said { item: item.name.clone(), text })
    };
    items.iter().filter_map(one).collect()
}

/// A plan as it was typed.
pub(super) fn plan(kind: &str, typed: &Fields, items: &[Item]) -> Result<NewPlan, Refused> {
    let contact_days = match filled(typed.first("contact_days")) {
        None => None,
        Some(text) => match text.parse::<i64>() {
            Ok(days) => Some(days),
            Err(_) => return Err(Refused::form(vec![FieldError::new("contact_days", "care-contact-number")])),
        },
    };
    Ok(NewPlan { kind: kind.to_owned(), items: said(typed, items), contact_days, steps: read_steps(typed)? })
}

/// What a plan says, as if it had been typed.
pub(super) fn typed(plan: &Plan) -> Fields {
    let mut pairs: ItemsForm =
        plan.content.items.iter().map(|one| (format!("{ITEM}{}", one.item), one.text.clone())).collect();
    let steps: Vec<String> = plan.content.steps.iter().map(|one| format!("{} {}", one.due_on, one.what)).collect();
    pairs.push(("steps".to_owned(), steps.join("\n")));
    pairs.extend(plan.contact_days.map(|days| ("contact_days".to_owned(), days.to_string())));
    Fields::new(pairs)
}

/// The steps that a contact may close, to choose from.
fn open_steps(ui: &Ui, plans: &[Plan]) -> Vec<Choice> {
    let mut all = vec![Choice::new("", ui.t("care-step-other"))];
    for plan in plans.iter().filter(|plan| plan.is_current()) {
        all.extend(plan.open_steps().map(|(place, step)| {
            Choice::new(format!("{}{COLON}{place}", plan.id), format!("{} {}", step.due_on, step.what))
        }));
    }
    all
}

/// The step that a contact closes, as it was chosen.
pub(super) fn step(typed: &Fields) -> Result<Option<(PlanId, i64)>, Refused> {
    let Some(text) = filled(typed.first("followup")) else { return Ok(None) };
    let read = || {
        let (plan, place) = text.split_once(COLON)?;
        Some((PlanId(plan.parse().ok()?), place.parse().ok()?))
    };
    match read() {
        Some(step) => Ok(Some(step)),
        None => Err(Refused::form(vec![FieldError::choice("followup", &text)])),
    }
}

/// The fields of a contact.
pub(super) fn contact_fields(ui: &Ui, plans: &[Plan], typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let ways = CareWay::ALL.iter().map(|way| Choice::new(way.as_str(), ui.t(format!("care-way-{}", way.as_str()))));
    vec![
        Field::new("way", ui.t("care-way"), Input::Select(ways.collect())).value(or("way", "phone")).required(),
        Field::new("happened_on", ui.t("care-happened-on"), Input::Date)
            .value(or("happened_on", &ui.business_date.to_string()))
            .required(),
        Field::new("content", ui.t("care-content"), Input::Area)
            .value(or("content", ""))
            .hint(ui.t("care-content-hint"))
            .required(),
        Field::new("response", ui.t("care-response"), Input::Area).value(or("response", "")).required(),
        Field::new("followup", ui.t("care-step"), Input::Select(open_steps(ui, plans))).value(or("followup", "")),
    ]
}

/// A contact as it was typed.
pub(super) fn contact(typed: &Fields, today: Date) -> Result<NewContact, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let on = date(typed, "happened_on", &mut wrong).unwrap_or(today);
    let way = filled(typed.first("way")).unwrap_or_default();
    let Some(way) = CareWay::parse(&way) else {
        wrong.push(FieldError::choice("way", &way));
        return Err(Refused::form(wrong));
    };
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    Ok(NewContact { way, on, content: text("content"), response: text("response") })
}
