//! Forms of visits: the plan of an order, the record of what came of it.

use finance::Fen;
use jiff::civil::Date;
use platform::clock::{civil_minute, civil_moment};
use platform::contact_gate::Channel;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::UserId;
use platform::page::{Choice, Field, Input, Ui};
use platform::web::Fields;
use platform::work::Work;

use super::model::{Band, Conclusion, Entry, NewOrder, NewRecord, VisitOrder, Visitor};
use super::record::Promised;
use crate::contact::model::ContactResult;

/// How many visitors a form has places for.
const PLACES: usize = 4;

platform::form_fields! {
    /// A planned visit.
    pub(super) PlanForm: "point", "district", "on", "hours", "purpose", "documents",
        "visitor1", "name1", "agency1", "credential1", "valid1",
        "visitor2", "name2", "agency2", "credential2", "valid2",
        "visitor3", "name3", "agency3", "credential3", "valid3",
        "visitor4", "name4", "agency4", "credential4", "valid4"
}

platform::form_fields! {
    /// What came of a visit.
    pub(super) RecordForm: "result", "arrived_at", "identified", "entry", "met", "debt_kept", "said", "response", "seen",
        "lump_sum", "amount", "due_on", "conclusion", "next_step"
}

pub(super) fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

/// `09:00-11:30` as minutes of the day.
fn band(text: &str) -> Option<Band> {
    let minute = |part: &str| {
        let (hour, minute) = part.trim().split_once(':')?;
        let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
        ((0..=24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
    };
    let (from, until) = text.split_once(['-', '–', '—', '～'])?;
    let band = Band { from: minute(from)?, until: minute(until)? };
    (band.from < band.until && band.until <= 1_440).then_some(band)
}

/// The fields of a plan, with what was typed.
pub(super) async fn plan_fields(
    ui: &Ui,
    work: &mut Work,
    customer: platform::id::CustomerId,
    fields: &Fields,
) -> Result<Vec<Field>, ActionError> {
    let file = customers::load(&mut work.tx, customer).await?;
    let mut points = Vec::new();
    if file.as_ref().is_some_and(|file| file.address.as_ref().is_some_and(|text| !text.trim().is_empty())) {
        points.push(Choice::new("", ui.t("visit-place-file")));
    }
    for point in customers::contact_point::actions::addresses(work, customer).await? {
        points.push(Choice::new(point.id.to_string(), point.masked));
    }
    let text = |id: &str, label: &str, input: Input| Field::new(id, ui.t(label), input).value(typed(fields, id));
    let mut all = vec![
        text("point", "visit-place", Input::Select(points)).hint(ui.t("visit-place-hint")),
        text("district", "visit-district", Input::Text).required().hint(ui.t("visit-district-hint")),
        text("on", "visit-on", Input::Date).required(),
        text("hours", "visit-hours", Input::Text).required().hint(ui.t("visit-hours-hint")),
        text("purpose", "visit-purpose", Input::Area).required(),
        text("documents", "visit-documents", Input::Area).required().hint(ui.t("visit-documents-hint")),
    ];
    let people = crate::people(work).await?;
    let mut agencies = vec![Choice::new("", ui.t("visit-nobody"))];
    agencies.extend(crate::agency::of_customer(work, customer).await?.map(|one| Choice::new(&one.name, &one.name)));
    for place in 1..=PLACES {
        let mut who = vec![Choice::new("", ui.t("visit-nobody")), Choice::new("agency", ui.t("visit-agency-staff"))];
        who.extend(people.iter().map(|(id, name)| Choice::new(id.to_string(), name)));
        let label = |id: &str| ui.t1(id, "place", place);
        let field = |name: &str, label: String, input: Input| {
            let name = format!("{name}{place}");
            Field::new(&name, label, input).value(typed(fields, &name))
        };
        // Five fields in two columns: who goes heads the other four.
        let mut visitor = field("visitor", label("visit-visitor-of"), Input::Select(who)).wide();
        if place == 1 && fields.first("visitor1").is_none() {
            // Who plans mostly goes.
            visitor.value = work.actor.user.map(|user| user.to_string()).unwrap_or_default();
        }
        all.push(visitor);
        all.push(field("credential", label("visit-credential-of"), Input::Text));
        all.push(field("valid", label("visit-valid-of"), Input::Date));
        all.push(field("name", label("visit-name-of"), Input::Text).hint(ui.t("visit-name-hint")));
        all.push(field("agency", label("visit-agency-of"), Input::Select(agencies.clone())));
    }
    Ok(all)
}

/// Reads a plan, or says everything that cannot be read.
pub(super) fn read_plan(fields: &Fields) -> Result<NewOrder, Refused> {
    let mut wrong = Vec::new();
    let point = typed(fields, "point");
    let point = match point.as_str() {
        "" => None,
        text => {
            let read = text.parse().ok();
            if read.is_none() {
                wrong.push(FieldError::new("point", "choice-invalid"));
            }
            read
        }
    };
    let on = day(fields, "on", &mut wrong);
    let band = band(&typed(fields, "hours"));
    if band.is_none() {
        wrong.push(FieldError::new("hours", "hours-invalid"));
    }
    let visitors = visitors(fields, &mut wrong);
    match (on, band) {
        (Some(on), Some(band)) if wrong.is_empty() => Ok(NewOrder {
            point,
            district: typed(fields, "district"),
            on,
            band,
            purpose: typed(fields, "purpose"),
            documents: typed(fields, "documents"),
            visitors,
        }),
        _ => Err(Refused::form(wrong)),
    }
}

fn day(fields: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let text = typed(fields, name);
    let read = text.parse::<Date>().ok();
    if read.is_none() {
        wrong.push(FieldError::new(name, "date-unreadable").with("text", text));
    }
    read
}

fn visitors(fields: &Fields, wrong: &mut Vec<FieldError>) -> Vec<Visitor> {
    const WHO: [&str; PLACES] = ["visitor1", "visitor2", "visitor3", "visitor4"];
    const VALID: [&str; PLACES] = ["valid1", "valid2", "valid3", "valid4"];
    const NAME: [&str; PLACES] = ["name1", "name2", "name3", "name4"];
    let mut found = Vec::new();
    for place in 0..PLACES {
        let who = typed(fields, WHO[place]);
        let user = match who.as_str() {
            "" => continue,
            "agency" => None,
            text => match text.parse().ok().map(UserId) {
                Some(user) => Some(user),
                None => {
                    wrong.push(FieldError::new(WHO[place], "choice-invalid"));
                    continue;
                }
            },
        };
        let name = typed(fields, NAME[place]);
        if user.is_none() && (name.is_empty() || name.chars().count() > 100) {
            wrong.push(FieldError::new(NAME[place], "field-empty"));
        }
        // Whether it is still valid on the day of the visit the rules say, by name and article.
        let valid_until = day(fields, VALID[place], wrong).unwrap_or(Date::MIN);
        let short = |name: String| typed(fields, &name).chars().take(100).collect::<String>();
        found.push(Visitor {
            user,
            name,
            agency: short(format!("agency{}", place + 1)),
            credential: short(format!("credential{}", place + 1)),
            valid_until,
        });
    }
    found
}

/// The fields of a record, with what was typed.
pub(super) fn record_fields(ui: &Ui, order: &VisitOrder, fields: &Fields, now: jiff::Timestamp) -> Vec<Field> {
    let of = |id: &str, label: &str, input: Input| Field::new(id, ui.t(label), input).value(typed(fields, id));
    let results = ContactResult::ALL.into_iter().filter(|result| result.fits(Channel::Visit));
    let results = results.map(|one| Choice::new(one.as_str(), ui.t(format!("contact-result-{}", one.as_str()))));
    let entries = Entry::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("visit-entry-{}", one.as_str()))));
    let conclusions = Conclusion::ALL.iter();
    let conclusions =
        conclusions.map(|one| Choice::new(one.as_str(), ui.t(format!("visit-conclusion-{}", one.as_str()))));
    let or = |name: &str, otherwise: &str| fields.first(name).unwrap_or(otherwise).to_owned();
    let set_out = order.set_out_at.unwrap_or(now);
    let arrived = or("arrived_at", &civil_minute(set_out.max(now)).replace(' ', "T"));
    vec![
        of("result", "outcome-result", Input::Radio(results.collect())).required(),
        of("arrived_at", "visit-arrived", Input::Moment).value(arrived).required(),
        of("identified", "visit-identified", Input::Check).hint(ui.t("visit-identified-hint")),
        of("entry", "visit-entry", Input::Radio(entries.collect())).value(or("entry", "outside")).required(),
        of("met", "visit-met", Input::Text).hint(ui.t("visit-met-hint")),
        of("debt_kept", "visit-debt-kept", Input::Check).hint(ui.t("visit-debt-kept-hint")),
        of("response", "outcome-response", Input::Area),
        of("said", "visit-said", Input::Area),
        of("seen", "visit-seen", Input::Area).hint(ui.t("visit-seen-hint")),
        of("lump_sum", "visit-lump-sum", Input::Check).hint(ui.t("visit-lump-sum-hint")),
        of("amount", "promise-amount", Input::Money).hint(ui.t("visit-promise-hint")),
        of("due_on", "promise-due", Input::Date),
        of("conclusion", "visit-conclusion", Input::Select(conclusions.collect())).value(or("conclusion", "go-on")),
        of("next_step", "visit-next", Input::Area).required(),
    ]
}

/// Reads a record, or says everything that cannot be read.
pub(super) fn read_record(fields: &Fields) -> Result<(NewRecord, Option<Promised>), Refused> {
    let mut wrong = Vec::new();
    let result = ContactResult::parse(&typed(fields, "result"));
    if result.is_none() {
        wrong.push(FieldError::new("result", "choice-missing"));
    }
    let arrived = typed(fields, "arrived_at").parse().ok().and_then(civil_moment);
    if arrived.is_none() {
        wrong.push(FieldError::new("arrived_at", "date-unreadable").with("text", typed(fields, "arrived_at")));
    }
    let entry = Entry::parse(&typed(fields, "entry"));
    if entry.is_none() {
        wrong.push(FieldError::new("entry", "choice-missing"));
    }
    let conclusion = match typed(fields, "conclusion").as_str() {
        "" => Some(Conclusion::None),
        text => Conclusion::parse(text),
    };
    if conclusion.is_none() {
        wrong.push(FieldError::new("conclusion", "choice-invalid"));
    }
    let promised = promised(fields, &mut wrong);
    let yes = |name: &str| !typed(fields, name).is_empty();
    match (result, arrived, entry, conclusion) {
        (Some(result), Some(arrived_at), Some(entry), Some(conclusion)) if wrong.is_empty() => Ok((
            NewRecord {
                result,
                arrived_at,
                identified: yes("identified"),
                entry,
                met: typed(fields, "met"),
                debt_kept: yes("debt_kept"),
                said: typed(fields, "said"),
                response: typed(fields, "response"),
                seen: typed(fields, "seen"),
                lump_sum: yes("lump_sum"),
                conclusion,
                next_step: typed(fields, "next_step"),
            },
            promised,
        )),
        _ => Err(Refused::form(wrong)),
    }
}

/// A promise made at the door holds until the end of its day.
fn promised(fields: &Fields, wrong: &mut Vec<FieldError>) -> Option<Promised> {
    let (amount, due_on) = (typed(fields, "amount"), typed(fields, "due_on"));
    if amount.is_empty() && due_on.is_empty() {
        return None;
    }
    let read = amount.replace(',', "").parse::<Fen>().ok().filter(|fen| fen.is_positive());
    if read.is_none() {
        wrong.push(FieldError::new("amount", "amount-unreadable").with("text", amount));
    }
    let due_at = day(fields, "due_on", wrong).and_then(|on| civil_moment(on.at(23, 59, 0, 0)));
    Some(Promised { amount: read?, due_at: due_at? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, expected) in [
            ("09:00-11:30", Some((540, 690))),
            ("9:00–24:00", Some((540, 1_440))),
            ("11:00-09:00", None),
            ("09:60-10:00", None),
            ("09:00-25:00", None),
            ("-1:00-02:00", None),
            ("morning", None),
            ("", None),
        ] {
            assert_eq!(band(text).map(|band| (band.from, band.until)), expected, "{text}");
        }
    }
}
