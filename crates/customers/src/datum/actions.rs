//! Use cases of customer data: recording, withdrawing, verifying.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::CustomerId;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use policy::{EvalError, Facts, Value};
use serde_json::json;

use super::item::{self, Item};
use super::model::{Basis, Datum, DatumId, Finding, Route, Way, latest};
use super::refresh;
use super::rules::{self, Provenance, Terms};
use super::store::{self, NewDatum};
use crate::EDIT;
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerKind};
use crate::error::CustomerError;
use crate::merge::open_file;
use crate::standing;

/// What the policy wants of a group of data on a date (rule `datum.terms`); a pack without the table wants nothing.
///
/// # Errors
/// The decision cannot be made.
pub fn terms(rules: &InForce, on: Date, group: &str, kind: CustomerKind) -> Result<Terms, ActionError> {
    let facts = Facts::from([
        ("datum_group".to_owned(), Value::from(group)),
        ("customer_kind".to_owned(), Value::from(kind.as_str())),
    ]);
    match rules.edition(on).decide("datum_terms", &facts) {
        Ok(found) => Ok(Terms {
            valid_months: found.integer("datum_valid_months").filter(|months| *months > 0),
            needs_consent: found.output("datum_consent").and_then(Value::as_boolean) == Some(true),
        }),
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => {
            Ok(Terms { valid_months: None, needs_consent: false })
        }
        Err(error) => Err(PolicyError::from(error).into()),
    }
}

/// The items of which an adverse value needs evidence; none where the rules in force were drawn up before there were any.
fn adverse_items(rules: &InForce, on: Date) -> Result<Vec<String>, ActionError> {
    Ok(policies::known(rules.edition(on).texts("adverse_record_items"))?.unwrap_or_default())
}

/// Records data from one source, as a person typed them; the classes and grades of the customer follow at once.
///
/// A second value of an item for the same day corrects the first.
///
/// # Errors
/// Not within scope; all that is wrong at once; nothing was given.
pub async fn record(
    work: &mut Work,
    id: CustomerId,
    given: &[(&'static Item, String)],
    from: &Provenance,
) -> Result<(), ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    let rules = policies::in_force(work, today).await?;
    let mut wrong: Vec<FieldError> = Vec::new();
    let mut data = Vec::new();
    let all = store::of_customer(&mut work.tx, id).await?;
    let adverse = adverse_items(&rules, today)?;
    for (item, typed) in given {
        let terms = terms(&rules, today, item.group, customer.kind)?;
        for error in self::rules::check(from, terms, today) {
            if !wrong.contains(&error) {
                wrong.push(error);
            }
        }
        match value(&customer, &rules, item, typed, today) {
            Ok(value) => {
                wrong.extend(self::rules::check_adverse(item.name, &value, from, &adverse));
                data.push(NewDatum {
                    id: DatumId(work.next_id()),
                    item: item.name,
                    value: Some(value.to_text()),
                    valid_until: self::rules::valid_until(from.effective_on, terms),
                    corrects: same_day(&all, item, from.effective_on),
                });
            }
            Err(error) => wrong.push(error),
        }
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    if data.is_empty() {
        return Err(CustomerError::NothingChanged.into());
    }
    let items: Vec<&str> = data.iter().map(|one| one.item).collect();
    let state =
        json!({"items": items, "route": from.route.as_str(), "basis": from.basis.as_str(), "on": from.effective_on});
    store::insert(work, id, from, data).await?;
    work.audit(Entry::new(Some(id), "datum.record", customer.subject()).after(state)).await?;
    standing::actions::assess(work, &customer, today).await.map(drop)
}

/// Reads and checks one value; the field is the item's own.
fn value(
    customer: &Customer,
    rules: &InForce,
    item: &'static Item,
    typed: &str,
    today: Date,
) -> Result<Value, FieldError> {
    if !item.fits(customer.kind) {
        return Err(FieldError::new(item.name, "datum-other-kind"));
    }
    let kind = rules.pack().dictionary().get(item.name).map(|fact| fact.kind.clone());
    let found = kind.as_ref().and_then(|kind| item::read(item.name, kind, typed));
    let value = found.ok_or_else(|| FieldError::new(item.name, "datum-value").with("found", typed))?;
    if item.name == "industry_code" && crate::statement::industry::of_code(&value.to_text()).is_none() {
        return Err(FieldError::new(item.name, "industry-code").with("found", typed));
    }
    if item.name == "employer_uscc" {
        // The number of an employer is public, checked by its own rule, and kept in the form in which lists hold it.
        return crate::premium::rules::uscc(item.name, typed).map(|number| Value::from(number.as_str()));
    }
    match self::rules::check_value(item.name, &value, today) {
        Some(error) => Err(error),
        None => Ok(value),
    }
}

fn same_day(all: &[Datum], item: &Item, on: Date) -> Option<DatumId> {
    latest(all, on).into_iter().find(|one| one.item.name == item.name && one.effective_on == on).map(|one| one.id)
}

/// Takes a datum back: from today on nothing is known of the item (个人信息保护法 第十五条: consent can be withdrawn).
///
/// # Errors
/// Not within scope; there is nothing to take back; no reason.
pub async fn withdraw(work: &mut Work, id: CustomerId, item: &'static Item, reason: &str) -> Result<(), ActionError> {
    let customer = load_within(work, id, EDIT).await?;
    let today = work.business_date;
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    if let Some(error) = rules::check_text("reason", reason.trim()) {
        return Err(Refused::form(vec![error]).into());
    }
    let all = store::of_customer(&mut work.tx, id).await?;
    let held = latest(&all, today).into_iter().find(|one| one.item.name == item.name && one.value.is_some());
    let held = held.ok_or(CustomerError::NoSuchPart("datum"))?;
    let from = Provenance {
        effective_on: today,
        route: Route::Customer,
        source_note: reason.trim().to_owned(),
        basis: Basis::Contract,
        consented_on: None,
    };
    let corrects = (held.effective_on == today).then_some(held.id);
    let gone = NewDatum { id: DatumId(work.next_id()), item: item.name, value: None, valid_until: None, corrects };
    store::insert(work, id, &from, vec![gone]).await?;
    let entry = Entry::new(Some(id), "datum.withdraw", customer.subject()).after(json!({"items": [item.name]}));
    work.audit(entry.reason(reason.trim())).await?;
    standing::actions::assess(work, &customer, today).await.map(drop)
}

/// A verification of several data at once (核实).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerification {
    /// How.
    pub way: Way,
    /// When.
    pub on: Date,
    /// Who was spoken to, what was seen.
    pub note: String,
    /// What was found, by item.
    pub found: BTreeMap<&'static str, Finding>,
}

/// Records what a call, a visit, an enquiry or a paper said of data (S1-16 b). What was contradicted counts no longer.
///
/// # Errors
/// Not within scope; an item that the file does not hold; a date to come; nothing said of whom.
pub async fn verify(work: &mut Work, id: CustomerId, new: &NewVerification) -> Result<(), ActionError> {
    let customer = load_within(work, id, EDIT).await?;
    let today = work.business_date;
    let mut wrong = Vec::new();
    if new.on > today {
        wrong.push(FieldError::new("verified_on", "date-in-future"));
    }
    if new.note.trim().is_empty() {
        wrong.push(FieldError::new("note", "field-empty"));
    }
    wrong.extend(rules::check_text("note", new.note.trim()));
    let all = store::of_customer(&mut work.tx, id).await?;
    let held = latest(&all, today);
    let mut seen = Vec::new();
    for (item, finding) in &new.found {
        match held.iter().find(|one| one.item.name == *item && one.value.is_some()) {
            Some(one) => seen.push((one.id, *finding)),
            None => wrong.push(FieldError::new(item, "datum-not-held")),
        }
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    if seen.is_empty() {
        return Err(CustomerError::NothingChanged.into());
    }
    for (datum, finding) in &seen {
        store::verify(work, id, *datum, (new.way, *finding), (new.on, new.note.trim())).await?;
    }
    let first = seen.first().map_or(0, |(datum, _)| datum.0);
    refresh::verified(work, &customer, format!("customer_datum:{first}")).await?;
    let contradicted: Vec<&str> =
        new.found.iter().filter(|(_, f)| **f == Finding::Contradicted).map(|(item, _)| *item).collect();
    let state = json!({"way": new.way.as_str(), "on": new.on, "items": new.found.len(), "contradicted": contradicted});
    work.audit(Entry::new(Some(id), "datum.verify", customer.subject()).after(state)).await?;
    standing::actions::assess(work, &customer, today).await.map(drop)
}
