//! Living through the days of the demo book (逐日经营): files, money out, money in, the day close.

use std::collections::BTreeMap;

use customers::identity::{IdentityKind, IdentityNo};
use customers::{CustomerKind, NewCustomer, NewRelation, RelationKind};
use finance::Terms;
use jiff::civil::Date;
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::calendar;
use platform::close::{self, Closed};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;
use serde_json::{Value as Json, json};
use servicing::loan::actions::open_many;
use servicing::loan::model::{Channel, LoanKey, NewLoan, Security};
use servicing::repayment::actions::{NewRepayment, record_many};
use servicing::security::actions::add;

use super::backing;
use super::chance::Chance;
use super::people;
use super::plan::{self, Borrower, Offer, Payment, Plan, PlannedLoan, Size};
use super::staff::{Manager, Staff};
use super::{agency, at, classification, collections, desk, files, incidents, meeting, winning};
use crate::failure::Failure;

/// The seed of the demo book.
pub(super) const SEED: u64 = 20_251_120;

/// What came of the days (经营结果).
#[derive(Debug, Default)]
pub struct Story {
    /// The loans in the order of the plan.
    pub loans: Vec<LoanKey>,
    /// What happened now and then, by kind.
    pub incidents: BTreeMap<&'static str, usize>,
    /// How many contacts the desk entered.
    pub contacts: usize,
}

/// Lives through all days from the first to the one on which the book stands.
pub async fn live(app: &App, staff: &Staff, size: Size, (opens, stands): (Date, Date)) -> Result<Story, Failure> {
    let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
    let market = calendar::published(&mut work).await?;
    let offers = offers(&mut work, opens).await?;
    let plan = plan::make(SEED, size, &offers, opens, stands, (&market.calendar, &market.rates));
    let files = open_files(&mut work, staff, &plan, opens).await?;
    work.commit().await?;
    let kept: Vec<files::Kept> =
        plan.borrowers.iter().zip(&files).map(|(borrower, file)| file.kept(borrower)).collect();
    winning::sources(app, staff, &plan, &kept, opens).await?;
    let mut story = Story::default();
    let mut money = Money::of(&plan);
    let mut day = opens;
    while day < stands {
        business(app, staff, day, &plan, &files, &mut money, &mut story).await?;
        incidents::of_day(app, staff, day, &mut story).await?;
        classification::of_day(app, staff, day, stands).await?;
        story.contacts += desk::answer(app, staff, day, stands).await?;
        story.contacts += collections::work_cases(app, staff, day, stands).await?;
        collections::report(app, staff, day).await?;
        files::of_day(app, staff, day, stands, &kept).await?;
        close_day(app, day).await?;
        report(day, story.loans.len());
        day = day.tomorrow().map_err(Failure::machine)?;
    }
    business(app, staff, stands, &plan, &files, &mut money, &mut story).await?;
    story.contacts += desk::answer(app, staff, stands, stands).await?;
    incidents::left_open(app, staff, stands, &mut story).await?;
    winning::leads_of(app, staff, stands, &kept).await?;
    collections::merits(app, staff, stands).await?;
    meeting::held(app, staff, stands).await?;
    agency::place(app, staff, stands).await?;
    collections::visits_of_today(app, staff, stands).await?;
    app.clock.set(at(stands, 16, 30)?);
    Ok(story)
}

/// One line a quarter, so that somebody who waits sees that it moves.
fn report(day: Date, loans: usize) {
    if day.day() == 1 && day.month() % 3 == 0 {
        println!("  … {day}: {loans} loans");
    }
}

/// What comes in, by day: the loan's place in the plan and the payment.
struct Money {
    by_day: BTreeMap<Date, Vec<(usize, Payment)>>,
    drawn: usize,
}

impl Money {
    fn of(plan: &Plan) -> Self {
        let mut by_day: BTreeMap<Date, Vec<(usize, Payment)>> = BTreeMap::new();
        for (place, loan) in plan.loans.iter().enumerate() {
            for payment in &loan.payments {
                by_day.entry(payment.on).or_default().push((place, *payment));
            }
        }
        Self { by_day, drawn: 0 }
    }
}

/// The loans that start on a day, and the money that comes in.
async fn business(
    app: &App,
    staff: &Staff,
    day: Date,
    plan: &Plan,
    files: &[Opened],
    money: &mut Money,
    story: &mut Story,
) -> Result<(), Failure> {
    app.clock.set(at(day, 10, 0)?);
    let desk = staff.with_role("finance_dept", platform::id::BranchId(1)).cloned();
    let desk = desk.unwrap_or_else(|| Actor::system(Origin::Setup));
    let drawn: Vec<(&PlannedLoan, &Opened)> = plan
        .loans
        .iter()
        .skip(money.drawn)
        .take_while(|loan| loan.terms.start_on <= day)
        .filter_map(|loan| Some((loan, files.get(loan.borrower)?)))
        .collect();
    let starting: Vec<NewLoan> = drawn.iter().map(|(loan, file)| new_loan(loan, file)).collect();
    let first = money.drawn;
    money.drawn += starting.len();
    let coming = money.by_day.remove(&day).unwrap_or_default();
    if starting.is_empty() && coming.is_empty() {
        return Ok(());
    }
    let mut work = Work::begin(app, desk).await?;
    if !starting.is_empty() {
        let keys = open_many(&mut work, &starting).await?;
        let clerk = work.actor.clone();
        for (place, ((loan, file), key)) in (first..).zip(drawn.iter().zip(&keys)) {
            let Some(manager) = staff.user(file.manager.user) else { continue };
            work.actor = manager.clone();
            for behind in backing::of(place, loan, file.backer.as_deref()) {
                add(&mut work, *key, None, behind).await?;
            }
        }
        work.actor = clerk;
        story.loans.extend(keys);
    }
    let repayments: Vec<(LoanKey, NewRepayment)> =
        coming.iter().filter_map(|(place, payment)| Some((*story.loans.get(*place)?, repayment(*payment)))).collect();
    if !repayments.is_empty() {
        record_many(&mut work, &repayments).await?;
    }
    Ok(work.commit().await?)
}

fn repayment(payment: Payment) -> NewRepayment {
    NewRepayment {
        on: payment.on,
        amount: payment.amount,
        mode: payment.mode,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    }
}

fn new_loan(loan: &PlannedLoan, file: &Opened) -> NewLoan {
    let (customer, manager) = (file.customer, file.manager);
    let security = [Security::Credit, Security::Guarantee, Security::Mortgage, Security::Pledge];
    NewLoan {
        customer,
        number: None,
        contract_number: None,
        product: loan.product.clone(),
        purpose: loan.purpose.to_owned(),
        security: security.get(loan.security).copied().unwrap_or(Security::Credit),
        terms: loan.terms.clone(),
        signed_on: loan.terms.start_on,
        branch: manager.branch,
        team: manager.team,
        manager: manager.user,
        note: None,
    }
}

/// Ends a day, in the first hour of the next one as a lender does.
async fn close_day(app: &App, day: Date) -> Result<(), Failure> {
    app.clock.set(at(day.tomorrow().map_err(Failure::machine)?, 0, 30)?);
    match close::run(app, day, 0, &mut |_| {}).await? {
        Closed::Through { .. } => Ok(()),
        Closed::Blocked { day, red, unanswered } => Err(Failure::Machine(format!(
            "the demo book cannot close {day}: red proofs {red:?}, isolated without an answer {unanswered}"
        ))),
        Closed::Stopped { day } => Err(Failure::Machine(format!("the close of {day} was stopped"))),
    }
}

/// A product with its range of amounts in ten thousand yuan, its terms in months, its rates.
struct Range {
    product: &'static str,
    wan: (i64, i64),
    months: &'static [u32],
    rates: &'static [&'static str],
    companies: bool,
}

/// What the lender offers; below the caps of the pack.
const RANGES: [Range; 4] = [
    Range {
        product: "business_equal",
        wan: (5, 50),
        months: &[12, 18, 24],
        rates: &["11.4%/year", "12%/year", "14.4%/year"],
        companies: true,
    },
    Range {
        product: "business_interest_only",
        wan: (10, 100),
        months: &[6, 12],
        rates: &["9.6%/year", "12%/year"],
        companies: true,
    },
    Range {
        product: "consumer_equal",
        wan: (1, 15),
        months: &[6, 12, 24],
        rates: &["12%/year", "15.6%/year", "18%/year"],
        companies: false,
    },
    Range {
        product: "short_bullet",
        wan: (5, 30),
        months: &[3, 6],
        rates: &["8.4%/year", "10.8%/year"],
        companies: true,
    },
];

async fn offers(work: &mut Work, on: Date) -> Result<Vec<Offer>, ActionError> {
    let rules = policies::in_force(work, on).await?;
    let mut offers = Vec::new();
    for range in &RANGES {
        let Some(product) = rules.pack().product(range.product) else { continue };
        for rate in range.rates {
            offers.push(Offer {
                product: range.product.to_owned(),
                terms: terms(&product.terms, rate, on)?,
                wan: range.wan,
                months: range.months.to_vec(),
                companies: range.companies,
            });
        }
    }
    Ok(offers)
}

/// The product's terms with a rate; amount, start and periods are replaced loan by loan.
fn terms(product: &Json, rate: &str, on: Date) -> Result<Terms, ActionError> {
    let mut whole = product.clone();
    if let (Json::Object(whole), Json::Object(own)) =
        (&mut whole, json!({"principal": 100, "start_on": on, "periods": 1, "rate": {"fixed": rate}}))
    {
        whole.extend(own);
    }
    serde_json::from_value(whole).map_err(|error| ActionError::Internal(format!("terms of a product: {error}")))
}

/// A file that was opened, with who keeps it and who guarantees for it.
struct Opened {
    customer: CustomerId,
    manager: Manager,
    backer: Option<String>,
}

impl Opened {
    fn kept(&self, borrower: &Borrower) -> files::Kept {
        let company = matches!(borrower, Borrower::Company(_));
        files::Kept { customer: self.customer, manager: self.manager.user, company }
    }
}

/// Opens everybody's file, with who stands beside them.
async fn open_files(work: &mut Work, staff: &Staff, plan: &Plan, on: Date) -> Result<Vec<Opened>, Failure> {
    let mut news = Vec::new();
    let mut managers = Vec::new();
    for (place, borrower) in plan.borrowers.iter().enumerate() {
        let manager = staff.managers.get(place % staff.managers.len().max(1)).copied();
        let manager = manager.ok_or_else(|| Failure::Machine("nobody keeps files".to_owned()))?;
        news.push(new_customer(borrower, manager)?);
        managers.push(manager);
    }
    let opened = customers::open_many(work, customers::EDIT, &news).await?;
    let mut files: Vec<Opened> =
        opened.iter().zip(managers).map(|(one, manager)| Opened { customer: one.id, manager, backer: None }).collect();
    let mut chance = Chance::new(SEED ^ 1);
    let mut relations = Vec::new();
    for (place, (borrower, file)) in plan.borrowers.iter().zip(&mut files).enumerate() {
        for person in beside(&mut chance, place, borrower) {
            relations.push((file.customer, related(person.0, &person.1, on)?));
        }
        if let Some(person) = backing::guarantor(&mut chance, place, plan) {
            file.backer = Some(person.name.clone());
            relations.push((file.customer, related(RelationKind::Guarantor, &person, on)?));
        }
    }
    customers::relation::actions::add_many(work, customers::EDIT, &relations).await?;
    Ok(files)
}

fn new_customer(borrower: &Borrower, manager: Manager) -> Result<NewCustomer, Failure> {
    let (kind, name, identity, phone, address) = match borrower {
        Borrower::Person(one) => {
            let identity = IdentityNo::parse(IdentityKind::ResidentId, &one.identity);
            (CustomerKind::Person, &one.name, identity, &one.phone, &one.address)
        }
        Borrower::Company(one) => {
            let identity = IdentityNo::parse(IdentityKind::SocialCreditCode, &one.identity);
            (CustomerKind::Company, &one.name, identity, &one.representative.phone, &one.address)
        }
    };
    Ok(NewCustomer {
        kind,
        name: name.clone(),
        aliases: Vec::new(),
        identity: Some(identity.map_err(Failure::machine)?),
        nationality: Some("CN".to_owned()),
        phone: Some(phone.clone()),
        address: Some(address.clone()),
        note: None,
        branch: manager.branch,
        team: manager.team,
        manager: manager.user,
        number: None,
    })
}

/// Who stands beside a borrower: the legal representative of a company, for some persons a spouse.
fn beside(chance: &mut Chance, place: usize, borrower: &Borrower) -> Vec<(RelationKind, people::Person)> {
    match borrower {
        Borrower::Company(company) => vec![(RelationKind::LegalRepresentative, company.representative.clone())],
        Borrower::Person(_) if chance.percent(40) => {
            vec![(RelationKind::Spouse, people::person(chance, 2_000 + place))]
        }
        Borrower::Person(_) => Vec::new(),
    }
}

fn related(kind: RelationKind, person: &people::Person, since: Date) -> Result<NewRelation, Failure> {
    let identity = IdentityNo::parse(IdentityKind::ResidentId, &person.identity).map_err(Failure::machine)?;
    let consented_on = (kind == RelationKind::Guarantor).then_some(since);
    Ok(NewRelation {
        kind,
        name: person.name.clone(),
        identity: Some(identity),
        share_ppm: None,
        since,
        consented_on,
        note: None,
    })
}
