//! The form of a plan: what, by which scheme, which customers, who, and by when.

use jiff::civil::Date;
use platform::access::{Scope as Reach, store as access};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{BranchId, UserId};
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::{self, InForce};
use platform::web::Fields;
use platform::work::Work;

use super::model::{Member, Plan, Project, Scope, Step};
use super::{PLAN, WORK, rules, view};
use crate::colleague;
use crate::customer::model::CustomerKind;
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::standing::why::{axis_title, outcome_title};

/// Between an axis and an outcome in the choice of a class.
const COLON: char = ':';

platform::form_fields! {
    /// A plan: team and timetable hold a line a person and a step.
    pub(super) PlanForm: "title", "aim", "scheme", "starts_on", "ends_on", "branch", "kind", "manager", "class", "industry",
    "lead", "members", "steps"
}

/// What the form offers to choose from.
pub(super) struct Offer {
    policy: std::sync::Arc<InForce>,
    people: Vec<(UserId, String)>,
    /// Who may lead: whoever works on every customer of a branch at least, as [`super::actions::submit`] asks.
    leads: Vec<(UserId, String)>,
    branches: Vec<(BranchId, String)>,
    logins: Vec<(UserId, String)>,
}

/// Loads what the form offers.
pub(super) async fn offer(work: &mut Work) -> Result<Offer, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let people = colleague::people(work, &[PLAN, WORK]).await?;
    let leads = colleague::reaching(work, &[WORK], Reach::Branch).await?;
    let branches = access::branches(&mut work.tx).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let users = access::users(&mut work.tx, 0, 1_000, 0).await?;
    let logins = users.into_iter().map(|user| (user.id, user.login)).collect();
    Ok(Offer { policy, people, leads, branches, logins })
}

fn chosen(ui: &Ui, none: &str, choices: impl Iterator<Item = Choice>) -> Input {
    Input::Select(std::iter::once(Choice::new("", ui.t(none))).chain(choices).collect())
}

/// The fields, with what was typed.
pub(super) fn fields(ui: &Ui, offer: &Offer, typed: &Fields) -> Vec<Field> {
    let on = ui.business_date;
    let or = |name: &str, otherwise: String| typed.first(name).map_or(otherwise, str::to_owned);
    let schemes = rules::schemes(&offer.policy, on);
    let first = schemes.first().cloned().unwrap_or_default();
    let schemes = schemes.iter().map(|name| Choice::new(name, view::word(ui, &offer.policy, "sorting_scheme", name)));
    let choice = |(user, name): &(UserId, String)| Choice::new(user.to_string(), name.as_str());
    let branches = offer.branches.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str()));
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.iter().map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    let from = on.tomorrow().unwrap_or(on);
    let days = rules::steps(&offer.policy, on);
    let last = days.last().map_or(0, |(_, days)| *days);
    let text =
        |name: &'static str, label: &str| Field::new(name, ui.t(label), Input::Text).value(or(name, String::new()));
    vec![
        text("title", "sorting-name").required(),
        Field::new("aim", ui.t("sorting-aim"), Input::Area).value(or("aim", String::new())).required(),
        Field::new("scheme", ui.t("sorting-scheme"), Input::Select(schemes.collect()))
            .value(or("scheme", first))
            .required(),
        Field::new("starts_on", ui.t("sorting-from"), Input::Date).value(or("starts_on", from.to_string())).required(),
        Field::new("ends_on", ui.t("sorting-until"), Input::Date)
            .value(or("ends_on", later(from, last).to_string()))
            .required(),
        Field::new("branch", ui.t("sorting-branch"), chosen(ui, "sorting-whole-house", branches))
            .value(or("branch", String::new())),
        Field::new("kind", ui.t("customer-kind"), chosen(ui, "sorting-all", kinds)).value(or("kind", String::new())),
        Field::new("manager", ui.t("customer-manager"), chosen(ui, "sorting-all", offer.people.iter().map(choice)))
            .value(or("manager", String::new())),
        Field::new("class", ui.t("sorting-class"), chosen(ui, "sorting-all", classes(ui, &offer.policy).into_iter()))
            .value(or("class", String::new())),
        text("industry", "sorting-industry").hint(ui.t("sorting-industry-hint")),
        Field::new("lead", ui.t("sorting-lead"), chosen(ui, "sorting-choose", offer.leads.iter().map(choice)))
            .value(or("lead", String::new()))
            .required(),
        Field::new("members", ui.t("sorting-members"), Input::Area)
            .value(or("members", String::new()))
            .hint(ui.t("sorting-members-hint"))
            .required(),
        Field::new("steps", ui.t("sorting-timetable"), Input::Area)
            .value(or("steps", proposal(ui, &offer.policy, &days, from)))
            .hint(ui.t("sorting-timetable-hint"))
            .required(),
    ]
}

fn later(from: Date, days: i64) -> Date {
    jiff::Span::new().try_days(days).ok().and_then(|span| from.checked_add(span).ok()).unwrap_or(from)
}

/// The timetable that the policy proposes: a line a step, its name and its day.
fn proposal(ui: &Ui, policy: &InForce, days: &[(String, i64)], from: Date) -> String {
    let line = |(step, days): &(String, i64)| {
        format!("{} {}", view::word(ui, policy, "sorting_step", step), later(from, *days))
    };
    days.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn classes(ui: &Ui, policy: &InForce) -> Vec<Choice> {
    let mut all = Vec::new();
    for axis in rules::axes(policy, ui.business_date) {
        let Some(fact) = policy.pack().dictionary().get(&axis.output) else { continue };
        let policy::FactType::OneOf { values, .. } = &fact.kind else { continue };
        for value in values {
            let text = format!(
                "{}: {}",
                axis_title(ui, policy, &axis.decision),
                outcome_title(ui, policy, &axis.output, value)
            );
            all.push(Choice::new(format!("{}{COLON}{value}", axis.decision), text));
        }
    }
    all
}

/// Reads a plan; what cannot be read comes back at once.
pub(super) fn read(ui: &Ui, offer: &Offer, typed: &Fields) -> Result<Plan, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let starts_on = date(typed, "starts_on", &mut wrong);
    let ends_on = date(typed, "ends_on", &mut wrong);
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    let person = |name: &'static str, wrong: &mut Vec<FieldError>| -> Option<UserId> {
        let typed = text(name);
        let found = offer.people.iter().map(|(user, _)| *user).find(|user| user.to_string() == typed);
        if found.is_none() && !typed.is_empty() {
            wrong.push(FieldError::choice(name, &typed));
        }
        found
    };
    let manager = person("manager", &mut wrong);
    let lead = person("lead", &mut wrong);
    for (field, lacking) in
        [("starts_on", starts_on.is_none()), ("ends_on", ends_on.is_none()), ("lead", lead.is_none())]
    {
        if lacking && !wrong.iter().any(|one| one.field == field) {
            wrong.push(FieldError::new(field, "field-empty"));
        }
    }
    let branch = offer.branches.iter().map(|(id, _)| *id).find(|id| id.to_string() == text("branch"));
    if branch.is_none() && !text("branch").is_empty() {
        wrong.push(FieldError::choice("branch", &text("branch")));
    }
    let kind = CustomerKind::parse(&text("kind"));
    if kind.is_none() && !text("kind").is_empty() {
        wrong.push(FieldError::choice("kind", &text("kind")));
    }
    let class = text("class");
    if !class.is_empty() && !classes(ui, &offer.policy).iter().any(|one| one.value == class) {
        wrong.push(FieldError::choice("class", &class));
    }
    let (axis, outcome) = class.split_once(COLON).unwrap_or_default();
    let members = members(offer, &text("members"), &mut wrong);
    let steps = steps(ui, &offer.policy, &text("steps"), &mut wrong);
    match (starts_on, ends_on, lead) {
        (Some(starts_on), Some(ends_on), Some(lead)) if wrong.is_empty() => Ok(Plan {
            title: text("title"),
            aim: text("aim"),
            scheme: text("scheme"),
            starts_on,
            ends_on,
            scope: Scope {
                branch,
                kind,
                manager,
                axis: axis.to_owned(),
                outcome: outcome.to_owned(),
                industry: text("industry").to_uppercase(),
            },
            lead,
            members,
            steps,
        }),
        _ => Err(Refused::form(wrong)),
    }
}

/// A line a person: log-in name, blank, what for.
fn members(offer: &Offer, text: &str, wrong: &mut Vec<FieldError>) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (login, duty) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match offer.logins.iter().find(|(_, known)| known == login) {
            Some((user, _)) if !found.iter().any(|one| one.user == *user) => {
                found.push(Member { user: *user, duty: duty.trim().to_owned() });
            }
            Some(_) | None => wrong.push(FieldError::new("members", "sorting-member-line").with("line", login)),
        }
    }
    found
}

/// A line a step: its name in either language or in the policy, blank, its day.
fn steps(ui: &Ui, policy: &InForce, text: &str, wrong: &mut Vec<FieldError>) -> Vec<Step> {
    let known = rules::steps(policy, ui.business_date);
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let read = line.rsplit_once(char::is_whitespace).and_then(|(name, day)| {
            let named = |(step, _): &&(String, i64)| {
                let both = rules::both(policy, "sorting_step", step);
                [step, &both.0, &both.1].into_iter().any(|one| one == name.trim())
            };
            Some((known.iter().find(named)?.0.clone(), day.parse::<Date>().ok()?))
        });
        match read {
            Some((step, due_on)) => {
                found.push(Step { id: 0, step, due_on, done_on: None, note: String::new(), asked_on: None, version: 1 })
            }
            None => {
                let line: String = line.chars().take(40).collect();
                wrong.push(FieldError::new("steps", "sorting-step-line").with("line", line));
            }
        }
    }
    found
}

/// A plan as if it was typed: to be mended.
pub(super) fn typed(ui: &Ui, offer: &Offer, one: &Project) -> Fields {
    let plan = &one.plan;
    let login = |user: UserId| {
        let found = offer.logins.iter().find(|(known, _)| *known == user);
        found.map_or_else(String::new, |(_, login)| login.clone())
    };
    let members: Vec<String> = plan.members.iter().map(|one| format!("{} {}", login(one.user), one.duty)).collect();
    let step = |one: &Step| format!("{} {}", view::word(ui, &offer.policy, "sorting_step", &one.step), one.due_on);
    let steps: Vec<String> = plan.steps.iter().map(step).collect();
    let scope = &plan.scope;
    let class = if scope.axis.is_empty() { String::new() } else { format!("{}{COLON}{}", scope.axis, scope.outcome) };
    let pair = |name: &str, value: String| (name.to_owned(), value);
    Fields::new(vec![
        pair("title", plan.title.clone()),
        pair("aim", plan.aim.clone()),
        pair("scheme", plan.scheme.clone()),
        pair("starts_on", plan.starts_on.to_string()),
        pair("ends_on", plan.ends_on.to_string()),
        pair("branch", scope.branch.map(|id| id.to_string()).unwrap_or_default()),
        pair("kind", scope.kind.map_or("", CustomerKind::as_str).to_owned()),
        pair("manager", scope.manager.map(|id| id.to_string()).unwrap_or_default()),
        pair("class", class),
        pair("industry", scope.industry.clone()),
        pair("lead", plan.lead.to_string()),
        pair("members", members.join("\n")),
        pair("steps", steps.join("\n")),
    ])
}
