//! What the policy knows of a customer on a date (决策事实): data that count, the file itself, and what other
//! capabilities tell.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::InForce;
use platform::work::Work;
use policy::{Facts, Value};

use super::model::{Datum, latest};
use super::{actions, store};
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store as customers;
use crate::evaluation::model::EvaluationId;
use crate::evaluation::store as evaluations;
use crate::portrait::rules::CONSENT;
use crate::premium::model::PremiumId;
use crate::premium::{actions as premium, policy as listed};
use crate::relation::model::RelationKind;
use crate::relation::store as relations;
use crate::statement::{self, store as statements};
use crate::{asset_proof, credit, guarantee, merge};

/// Where a fact comes from (事实出处).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A datum of the file.
    Stated(Box<Datum>),
    /// A financial statement, by the end of its period.
    Statement(Date),
    /// A credit report, by its date.
    Report(Date),
    /// An approved evaluation, with the day on which it was made.
    Evaluation(EvaluationId, Date),
    /// The register of guarantees, as it stands.
    Guarantees,
    /// Proofs of assets that count.
    AssetProofs,
    /// The list of premium enterprises: the entry of the employer with its number, or that there is none.
    PremiumList(Option<(PremiumId, String)>),
    /// The file: document, birth date, related parties.
    File,
    /// The book of loans, or another capability.
    Book,
}

/// The facts of a customer with where each comes from (客户事实).
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The facts.
    pub facts: Facts,
    /// Where each comes from.
    pub origins: BTreeMap<String, Origin>,
    /// The first day on which one of the data counts no longer.
    pub until: Option<Date>,
}

impl Known {
    fn put(&mut self, name: &str, value: Value, origin: Origin) {
        self.facts.insert(name.to_owned(), value);
        self.origins.insert(name.to_owned(), origin);
    }

    /// Takes from another file what this one lacks.
    fn fill(&mut self, other: Known) {
        for (name, value) in other.facts {
            if let (false, Some(origin)) = (self.facts.contains_key(&name), other.origins.get(&name)) {
                self.put(&name, value, origin.clone());
            }
        }
        self.until = [self.until, other.until].into_iter().flatten().min();
    }
}

/// Everything that decisions about a customer may look at on a date.
///
/// What the book itself knows (days overdue, class) stands over what was stated.
///
/// # Errors
/// The store's, and those of the capabilities that tell.
pub async fn known(work: &mut Work, customer: &Customer, rules: &InForce, on: Date) -> Result<Known, ActionError> {
    let mut known = of_one(work, customer, rules, on).await?;
    // What the surviving file lacks, the files merged into it may say (rule `customer.merge.known`).
    let united = merge::united(&mut work.tx, customer.id).await?;
    for id in united.iter().skip(1) {
        if let Some(other) = customers::load(&mut work.tx, *id).await? {
            let mut lent = of_one(work, &other, rules, on).await?;
            // Consent is not lent: it counts in the file in which it was given.
            lent.facts.remove(CONSENT);
            known.fill(lent);
        }
    }
    if united.len() > 1 && refused(work, &united, on).await? {
        known.facts.remove(CONSENT);
        known.origins.remove(CONSENT);
    }
    of_guarantees(work, customer, on, &mut known).await?;
    let told: Vec<_> = work.app.capabilities.iter().flat_map(|one| one.customer_facts()).collect();
    for tell in told {
        for (name, value) in tell(work, customer.id, on).await? {
            known.put(&name, value, Origin::Book);
        }
    }
    Ok(known)
}

/// Whether the last word on portraits in one of these files is a no: it holds in all of them (rule `portrait.consent`).
async fn refused(work: &mut Work, files: &[CustomerId], on: Date) -> Result<bool, ActionError> {
    for id in files {
        let all = store::of_customer(&mut work.tx, *id).await?;
        let said = latest(&all, on).into_iter().find(|datum| datum.item.name == CONSENT);
        if said.is_some_and(|datum| datum.value.as_deref() != Some("true")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What one file says.
async fn of_one(work: &mut Work, customer: &Customer, rules: &InForce, on: Date) -> Result<Known, ActionError> {
    let mut known = Known::default();
    let all = store::of_customer(&mut work.tx, customer.id).await?;
    for datum in latest(&all, on) {
        let kind = rules.pack().dictionary().get(datum.item.name).map(|fact| &fact.kind);
        let value = datum.value.as_deref().and_then(|text| kind?.parse_literal(text).ok());
        if let (true, Some(value)) = (datum.standing(on).counts(), value) {
            let ends = datum.valid_until.and_then(|until| until.tomorrow().ok());
            known.until = [known.until, ends].into_iter().flatten().min();
            known.put(datum.item.name, value, Origin::Stated(Box::new(datum.clone())));
        }
    }
    of_statements(work, customer, rules, on, &mut known).await?;
    of_reports(work, customer, on, &mut known).await?;
    of_evaluations(work, customer, rules, &mut known).await?;
    of_file(work, customer, on, &mut known).await?;
    of_employer(work, customer, rules, on, &mut known).await?;
    if let Some((proved, until)) = asset_proof::actions::counting(work, customer, rules, on).await? {
        known.until = [known.until, until].into_iter().flatten().min();
        known.put("asset_proof_fen", Value::Integer(proved.0), Origin::AssetProofs);
    }
    Ok(known)
}

/// Figures and ratios of a company's statements stand over what was stated; the size group follows from the industry.
async fn of_statements(
    work: &mut Work,
    customer: &Customer,
    rules: &InForce,
    on: Date,
    known: &mut Known,
) -> Result<(), ActionError> {
    if customer.kind != CustomerKind::Company {
        return Ok(());
    }
    let all = statements::of_customer(&mut work.tx, customer.id).await?;
    let terms = actions::terms(rules, on, "operation", customer.kind)?;
    if let Some((facts, end)) = statement::facts::of(&all, terms.valid_months, on) {
        for (name, value) in facts {
            known.put(&name, value, Origin::Statement(end));
        }
    }
    let code = known.facts.get("industry_code").and_then(Value::as_text);
    let group = code.and_then(statement::industry::of_code).map(|industry| industry.group);
    if let (Some(group), Some(origin)) = (group, known.origins.get("industry_code").cloned()) {
        known.put("industry_group", Value::from(group), origin);
    }
    Ok(())
}

/// Credit reports stand over what was stated before them (rule `credit.counts`).
async fn of_reports(work: &mut Work, customer: &Customer, on: Date, known: &mut Known) -> Result<(), ActionError> {
    let queries = credit::store::of_customer(&mut work.tx, customer.id).await?;
    let adjustments = credit::store::adjustments(&mut work.tx, customer.id).await?;
    let told = credit::facts::of(&queries, &adjustments, on);
    known.until = [known.until, told.until].into_iter().flatten().min();
    for (name, value, date) in told.facts {
        let later = matches!(known.origins.get(name), Some(Origin::Stated(datum)) if datum.effective_on > date);
        if !later {
            known.put(name, value, Origin::Report(date));
        }
    }
    Ok(())
}

/// The score of an approved evaluation stands over one that was stated (S1-19).
async fn of_evaluations(
    work: &mut Work,
    customer: &Customer,
    rules: &InForce,
    known: &mut Known,
) -> Result<(), ActionError> {
    for one in evaluations::counting(&mut work.tx, customer.id).await? {
        let (name, value) = &one.content.score;
        let kind = rules.pack().dictionary().get(name).map(|fact| &fact.kind);
        // A score that the rules in force cannot hold any more is left out.
        if let Some(value) = kind.and_then(|kind| kind.admit(Value::Integer(*value)).ok()) {
            known.put(name, value, Origin::Evaluation(one.id, one.made_on));
        }
    }
    Ok(())
}

/// What the register of guarantees tells stands over what was stated (rule `guarantee.indicators`).
async fn of_guarantees(work: &mut Work, customer: &Customer, on: Date, known: &mut Known) -> Result<(), ActionError> {
    let Some(told) = guarantee::actions::told(work, customer.id, on).await? else { return Ok(()) };
    let figures = [
        ("coverage_ratio_ppm", told.coverage_ppm),
        ("loan_overdue_ratio_ppm", told.overdue_ppm),
        ("guarantee_loss_ratio_ppm", told.loss_ppm),
        ("guaranteed_fen", Some(told.guaranteed.0)),
        ("guarantees_given_fen", Some(told.given.0)),
    ];
    for (name, value) in figures {
        if let Some(value) = value {
            known.put(name, Value::Integer(value), Origin::Guarantees);
        }
    }
    if told.compensated {
        known.put("compensation_paid", Value::Boolean(true), Origin::Guarantees);
    }
    Ok(())
}

/// What the list of premium enterprises says of a person's employer, found by its number and never by words (rule
/// `premium.employer`, S5.8-08). It stands over whatever was stated.
async fn of_employer(
    work: &mut Work,
    customer: &Customer,
    rules: &InForce,
    on: Date,
    known: &mut Known,
) -> Result<(), ActionError> {
    let employer = known.facts.get("employer_uscc").and_then(Value::as_text).map(str::to_owned);
    let (Some(uscc), CustomerKind::Person) = (employer, customer.kind) else { return Ok(()) };
    if rules.edition(on).decision(listed::DECISION).is_err() {
        return Ok(());
    }
    let told = premium::told(work, rules, &uscc, on).await?;
    known.until = [known.until, told.until].into_iter().flatten().min();
    let Some(entry) = told.entry else {
        known.put("premium_list_item", Value::from("none"), Origin::PremiumList(None));
        return Ok(());
    };
    for (name, value) in listed::facts(&entry.content) {
        known.put(name, value, Origin::PremiumList(Some((entry.id, entry.number.clone()))));
    }
    Ok(())
}

async fn of_file(work: &mut Work, customer: &Customer, on: Date, known: &mut Known) -> Result<(), ActionError> {
    known.put("customer_kind", Value::from(customer.kind.as_str()), Origin::File);
    if customer.kind == CustomerKind::Company {
        return Ok(());
    }
    if let Some(age) = customer.age_on(on) {
        known.put("customer_age", Value::Integer(age), Origin::File);
    }
    let nationality = match customer.nationality.as_str() {
        "" => None,
        "CN" => Some("citizen"),
        "HK" | "MO" | "TW" => Some("hk_macao_taiwan"),
        _ => Some("foreigner"),
    };
    if let Some(nationality) = nationality {
        known.put("nationality", Value::from(nationality), Origin::File);
    }
    let named = relations::of_customer(&mut work.tx, customer.id).await?;
    let spouse = named.iter().any(|one| one.kind == RelationKind::Spouse && one.is_open());
    let stated = known.facts.get("marital_status").and_then(Value::as_text).map(|status| status == "married");
    if spouse || stated.is_some() {
        known.put("spouse_in_file", Value::Boolean(spouse || stated == Some(true)), Origin::File);
    }
    Ok(())
}
