//! Customers as subjects of policies (客户对比): what a draft of the rules would class or grade otherwise.
//!
//! Rule `standing.compare`: as of today from the row that each look leaves behind (`customer_known`), on a past
//! date from the files as they stood then and are known now. Persons and companies are told apart, since each has axes
//! of its own; only axes are compared, since everything else about a customer follows from them or from its loans.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies::compare::{Asked, Group, Member, PolicySubjects};
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::{Edition, Value};

use super::known::{self, Known, Pick};
use super::rules;
use crate::customer::model::CustomerKind;
use crate::customer::store as customers;
use crate::datum::{facts, item};

/// Rows read at a time.
const BATCH: i64 = 20_000;
/// Files of a past date looked at a time.
const FILES: i64 = 500;
/// Before the first and behind the last key.
const FIRST: CustomerId = CustomerId(i64::MIN);
const LAST: CustomerId = CustomerId(i64::MAX);

/// Facts besides the items of the file: of the file itself, of statements, credit reports and guarantees, of the book.
const MORE: [&str; 38] = [
    "arrears_fen",
    "assets_fen",
    "asset_class",
    "cash_positive_half",
    "cash_positive_year",
    "compensation_paid",
    "cooperation_months",
    "coverage_ratio_ppm",
    "credit_query_authorised",
    "credit_record",
    "current_ratio_ppm",
    "customer_age",
    "customer_kind",
    "debt_ratio_ppm",
    "default_exists",
    "guarantee_loss_ratio_ppm",
    "guaranteed_fen",
    "guarantees_given_fen",
    "industry_group",
    "level_adjustment",
    "level_adjustment_approved",
    "loan_overdue_ratio_ppm",
    "margin_ppm",
    "nationality",
    "outstanding_fen",
    "overdue_count_6m",
    "overdue_days",
    "own_arrears",
    "own_credit_level",
    "profit_positive_half",
    "profit_positive_year",
    "quick_ratio_ppm",
    "revenue_fen",
    "roe_ppm",
    "spouse_arrears",
    "spouse_credit_level",
    "spouse_in_file",
    "spouse_social_record_good",
];

static OF_PERSONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| facts_of(CustomerKind::Person));
static OF_COMPANIES: LazyLock<Vec<&'static str>> = LazyLock::new(|| facts_of(CustomerKind::Company));

fn facts_of(kind: CustomerKind) -> Vec<&'static str> {
    let items = item::all().iter().filter(|item| item.fits(kind)).map(|item| item.name);
    let mut all: Vec<&str> = items.chain(MORE).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The customers of a kind (个人客户、企业客户) for comparison.
#[derive(Debug, Clone, Copy)]
pub struct CustomersOf(pub CustomerKind);

/// A customer with the facts asked for, each as a text.
struct Told {
    customer: CustomerId,
    number: String,
    owed_fen: i64,
    facts: Vec<String>,
}

impl CustomersOf {
    /// The next customers up to a key in the order of their keys, with the place from which to go on; `None` at the end.
    async fn next(
        self,
        work: &mut Work,
        asked: &Asked,
        rules: &InForce,
        (after, until): (CustomerId, CustomerId),
    ) -> Result<Option<(Vec<Told>, CustomerId)>, ActionError> {
        if asked.on < work.business_date {
            return self.next_past(work, asked, rules, after).await;
        }
        let pick = Pick::of(&asked.facts);
        let rows = known::next(&mut work.tx, self.0, (after, until), BATCH).await?;
        let Some(last) = rows.last().map(|row| row.customer) else { return Ok(None) };
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(match (&row.facts, row.looked_at) {
                (Some(text), _) => {
                    let facts = pick.from(text).into_iter().map(str::to_owned).collect();
                    Told { customer: row.customer, number: row.number, owed_fen: row.owed_fen, facts }
                }
                // Looked at before its facts were kept, or in another book.
                (None, true) => match told(work, row.customer, asked, rules).await? {
                    Some(one) => one,
                    None => continue,
                },
                (None, false) => unknown(row, asked),
            });
        }
        Ok(Some((all, last)))
    }

    /// The same as the files stood on a past date.
    async fn next_past(
        self,
        work: &mut Work,
        asked: &Asked,
        rules: &InForce,
        after: CustomerId,
    ) -> Result<Option<(Vec<Told>, CustomerId)>, ActionError> {
        let open = known::open_on(&mut work.tx, self.0, (asked.on, after), FILES).await?;
        let Some(last) = open.last().copied() else { return Ok(None) };
        let mut all = Vec::with_capacity(open.len());
        for customer in open {
            all.extend(told(work, customer, asked, rules).await?);
        }
        Ok(Some((all, last)))
    }

    /// How many customers between two keys agree in all facts asked for, and what they owe together.
    async fn summed(
        self,
        work: &mut Work,
        asked: &Asked,
        rules: &InForce,
        (mut after, until): (CustomerId, CustomerId),
    ) -> Result<Sums, ActionError> {
        let mut sums = Sums::new();
        while let Some((some, last)) = self.next(work, asked, rules, (after, until)).await? {
            after = last;
            some.into_iter().for_each(|one| add(&mut sums, one.facts, (1, one.owed_fen)));
        }
        Ok(sums)
    }

    /// The same of all customers as of today. The second half of the files is read beside the first on a connection of its own,
    /// which sees only what is committed.
    async fn summed_today(self, work: &mut Work, asked: &Asked, rules: &Arc<InForce>) -> Result<Sums, ActionError> {
        let middle = known::middle(&mut work.tx).await?;
        let (app, actor, for_second, ruling) = (work.app.clone(), work.actor.clone(), asked.clone(), rules.clone());
        let second = tokio::spawn(async move {
            let mut work = Work::read(&app, actor).await?;
            self.summed(&mut work, &for_second, &ruling, (middle, LAST)).await
        });
        let mut sums = self.summed(work, asked, rules, (FIRST, middle)).await?;
        let second = second.await.map_err(|broken| ActionError::Internal(broken.to_string()))??;
        second.into_iter().for_each(|(facts, sum)| add(&mut sums, facts, sum));
        Ok(sums)
    }
}

/// Customers and what they owe, by the facts in which they agree.
type Sums = HashMap<Vec<String>, (i64, i64)>;

fn add(sums: &mut Sums, facts: Vec<String>, (count, owed_fen): (i64, i64)) {
    let sum = sums.entry(facts).or_default();
    *sum = (sum.0 + count, sum.1.saturating_add(owed_fen));
}

/// A customer as its file stands on the date asked for.
async fn told(
    work: &mut Work,
    customer: CustomerId,
    asked: &Asked,
    rules: &InForce,
) -> Result<Option<Told>, ActionError> {
    let Some(file) = customers::load(&mut work.tx, customer).await? else { return Ok(None) };
    let known = facts::known(work, &file, rules, asked.on).await?.facts;
    let text = |name: &&str| known.get(*name).map(known::value_text).unwrap_or_default();
    let facts = asked.facts.iter().map(text).collect();
    Ok(Some(Told { customer, number: file.number, owed_fen: known::owed(&known), facts }))
}

/// A customer of whom nothing was recorded.
fn unknown(row: Known, asked: &Asked) -> Told {
    Told { customer: row.customer, number: row.number, owed_fen: 0, facts: vec![String::new(); asked.facts.len()] }
}

fn values(texts: &[String]) -> Vec<Option<Value>> {
    texts.iter().map(|text| known::read(text)).collect()
}

impl PolicySubjects for CustomersOf {
    fn name(&self) -> &'static str {
        self.0.as_str()
    }

    fn title(&self) -> &'static str {
        match self.0 {
            CustomerKind::Person => "compare-persons",
            CustomerKind::Company => "compare-companies",
        }
    }

    fn facts(&self) -> &'static [&'static str] {
        match self.0 {
            CustomerKind::Person => &OF_PERSONS,
            CustomerKind::Company => &OF_COMPANIES,
        }
    }

    fn past_facts(&self) -> &'static [&'static str] {
        self.facts()
    }

    fn concerns(&self, edition: &Edition, decision: &str) -> bool {
        rules::axes(edition, self.0).iter().any(|axis| axis.decision == decision)
    }

    fn groups<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<Vec<Group>, ActionError>> {
        Box::pin(async move {
            let rules = policies::in_force(work, asked.on).await?;
            let sums = if asked.on < work.business_date {
                self.summed(work, asked, &rules, (FIRST, LAST)).await?
            } else {
                self.summed_today(work, asked, &rules).await?
            };
            let group = |(texts, (count, amount_fen)): (Vec<String>, (i64, i64))| Group {
                facts: values(&texts),
                count,
                amount_fen,
            };
            Ok(sums.into_iter().map(group).collect())
        })
    }

    fn members<'a>(
        &'a self,
        work: &'a mut Work,
        asked: &'a Asked,
        groups: &'a [Group],
        after: (i64, i64),
        _: i64,
    ) -> BoxFuture<'a, Result<Vec<Member>, ActionError>> {
        Box::pin(async move {
            let rules = policies::in_force(work, asked.on).await?;
            let texts = |group: &Group| -> Vec<String> {
                group.facts.iter().map(|fact| fact.as_ref().map(known::value_text).unwrap_or_default()).collect()
            };
            let wanted: HashSet<Vec<String>> = groups.iter().map(texts).collect();
            let mut after = CustomerId(after.0);
            // An empty answer says that there are no more: batches without a match are passed over.
            while let Some((some, last)) = self.next(work, asked, &rules, (after, LAST)).await? {
                after = last;
                let found: Vec<Member> =
                    some.into_iter().filter(|one| wanted.contains(&one.facts)).map(member).collect();
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            Ok(Vec::new())
        })
    }
}

fn member(one: Told) -> Member {
    Member {
        customer: one.customer.0,
        id: one.customer.0,
        href: format!("/customers/{}?tab=standing", one.customer),
        label: one.number,
        amount_fen: one.owed_fen,
        facts: values(&one.facts),
    }
}
