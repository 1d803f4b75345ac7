//! Use cases of letters: issue one from the policy's words, and record what became of it.

use std::collections::BTreeMap;

use customers::relation::model::RelationId;
use customers::relation::store as relations;
use finance::{Fen, Head, InstalmentPosition, Position};
use jiff::ToSpan as _;
use platform::audit::Entry;
use platform::contact_gate::{self, Answer, Channel, Contact, Manner, PersonId, Purpose};
use platform::duty::{self, Evidence};
use platform::error::{ActionError, Refusal as _, Refused};
use platform::event::Event;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::numbering;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use policy::{Template, TemplateError};
use serde_json::json;
use servicing::loan::actions::load_within;
use servicing::loan::model::{LoanFile, LoanKey};
use servicing::loan::store as loans;
use servicing::position::engine::Engine;
use servicing::security::model::SecurityKind;
use servicing::security::store as securities;

use super::model::{Content, Letter, LetterId, LetterKind, LetterState, Step};
use super::rules::{self, Parts};
use super::store;
use crate::case::actions as cases;
use crate::contact::actions::{self as contacts, NewOutcome};
use crate::contact::model::ContactResult;
use crate::error::CollectionsError;
use crate::guard::model::AllowanceId;
use crate::limitation::actions as limitation;
use crate::limitation::model::{EventKind, NewEvent};
use crate::obligor as obligors;
use crate::obligor::model::{Obligor, Role};
use crate::{LEGAL_MANAGE, LETTER_ISSUE};

/// What is asked for (出函申请).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Which kind.
    pub kind: LetterKind,
    /// The guarantee whose guarantor it is to; `None`: to the debtor.
    pub guarantee: Option<i64>,
    /// The related party who owes besides the debtor, such as a co-borrower (S2.5-23), and whom it is to.
    pub relation: Option<RelationId>,
}

impl Order {
    /// A letter to the debtor.
    #[must_use]
    pub fn to_debtor(kind: LetterKind) -> Self {
        Self { kind, guarantee: None, relation: None }
    }
}

/// Issues a letter: the policy's words, the amounts of today, a number; frozen from then on.
///
/// # Errors
/// Not within scope, no legal permission for a lawyer's letter, nothing overdue long enough, an empty field (S4-10).
pub async fn issue(work: &mut Work, key: LoanKey, order: Order) -> Result<LetterId, ActionError> {
    let file = load_within(work, key, LETTER_ISSUE).await?;
    if order.kind == LetterKind::Lawyer {
        work.authorise(LEGAL_MANAGE)?;
    }
    if order.kind == LetterKind::Heir {
        // What other letters claim from the heir stands still until this one is kept.
        obligors::actions::lock(work, key.customer).await?;
    }
    let content = write(work, &file, order).await?;
    let total = Fen::checked_sum(content.items.iter().map(|(_, amount, _)| *amount)).unwrap_or_default();
    let today = work.business_date;
    let id = LetterId(work.next_id());
    let letter = Letter {
        id,
        loan: key,
        guarantee: order.guarantee,
        relation: order.relation,
        number: numbering::next(work, "letter", key.customer, id.0).await?,
        kind: order.kind,
        content,
        total,
        state: LetterState::Generated,
        state_on: today,
        issued_on: today,
        version: 1,
    };
    store::insert(work, &letter, &file).await?;
    let made = Step { to: LetterState::Generated, on: today, signer: None, detail: String::new(), agrees: false };
    store::insert_step(work, &letter, &made).await?;
    let after = json!({"number": letter.number, "kind": order.kind.as_str(), "loan": key.loan, "total_fen": total.0});
    work.audit(Entry::new(Some(key.customer), "letter.issue", letter.subject()).after(after)).await?;
    tell(work, &letter, "letter_issued").await?;
    Ok(id)
}

/// The letter as it would be issued today; nothing is written.
///
/// # Errors
/// As [`issue`].
pub async fn preview(work: &mut Work, key: LoanKey, order: Order) -> Result<Content, ActionError> {
    let file = load_within(work, key, LETTER_ISSUE).await?;
    write(work, &file, order).await
}

async fn write(work: &mut Work, file: &LoanFile, order: Order) -> Result<Content, ActionError> {
    let (today, key) = (work.business_date, file.loan.key);
    let policy = policies::in_force(work, today).await?;
    let engine = Engine::load(work, today).await?;
    let position = engine.replay(file, today, None)?;
    let least = rules::from_days(order.kind, policy.edition(today)).map_err(PolicyError::from)?;
    let due = position.oldest_unpaid_due_on.filter(|_| i64::from(position.days_overdue) >= least.max(1));
    let days = i64::from(position.days_overdue);
    let article = rules::from_article(order.kind, policy.edition(today));
    let due = due.ok_or(CollectionsError::TooEarly { days, least: least.max(1), article })?;
    let (template, parts) = words(&policy, order.kind)?;
    let guarantor = guarantor(work, key, order).await?;
    let obligor = obligor(work, key, order).await?;
    let (debtor, masked_id) = loans::borrower(&mut work.tx, key.customer).await?;
    let (contract_no, signed_on) = loans::contract_of(&mut work.tx, key).await?;
    let (institution, _) = institution::load(&mut work.tx).await?;
    let within = policy.edition(today).integer("letter_pay_days").map_err(PolicyError::from)?;
    let pay_by = i32::try_from(within).ok().and_then(|days| today.checked_add(days.days()).ok()).unwrap_or(today);
    let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn);
    let told = |paragraphs: Vec<String>| -> Vec<String> {
        // A name can hold no brace: what is filled in never becomes a field.
        let name = debtor.replace(['{', '}'], "");
        paragraphs.into_iter().map(|text| text.replace("{debtor}", &name)).collect()
    };
    let mut pay_to = vec![(locale.t("letter-payee"), institution.name.clone())];
    if !institution.account.is_empty() {
        pay_to.push((locale.t("letter-account"), institution.account));
    }
    pay_to.push((locale.t("letter-remark"), format!("{} {debtor}", file.loan.number)));
    let other = obligor.as_ref().map(|one| (one.name.clone(), one.identity_masked.clone()));
    let (addressee, masked_id) = match (guarantor, other) {
        (Some(name), _) => (name, String::new()),
        (None, Some(other)) => other,
        (None, None) => (debtor.clone(), masked_id),
    };
    let mut items = items(&locale, &position);
    let total = Fen::checked_sum(items.iter().map(|(_, amount, _)| *amount)).unwrap_or_default();
    // Rule `obligor.cap`: nothing beyond what was inherited is claimed from an heir, and the letter says so.
    if let Some(beyond) = obligors::rules::beyond(total, left(work, key, obligor.as_ref()).await?) {
        items.push((locale.t("letter-beyond-estate"), beyond, locale.t("letter-beyond-estate-note")));
    }
    let content = Content {
        title: parts.title,
        masked_id,
        addressee,
        contract_no,
        loan_no: file.loan.number.clone(),
        principal: position.disbursed,
        rate: format!("{}%", platform::locale::rate_percent(position.yearly_e9)),
        signed_on,
        matures_on: position.maturity_on,
        as_of: today,
        overdue_since: due.tomorrow().unwrap_or(due),
        days_overdue: position.days_overdue,
        pay_by,
        opening: told(parts.opening),
        items,
        demand: told(parts.demand),
        pay_to,
        closing: told(parts.closing),
        contact: institution.contact,
        institution: institution.name,
        rule: template.rule.clone(),
        article: template.article.clone(),
    };
    complete(&template, &content)?;
    Ok(content)
}

/// The most that the letter can claim from an heir; `None`: what is owed.
async fn left(work: &mut Work, key: LoanKey, to: Option<&Obligor>) -> Result<Option<Fen>, ActionError> {
    let Some(to) = to else { return Ok(None) };
    let left = obligors::actions::left_for_letter(work, key, to).await?;
    if left.is_some_and(|left| !left.is_positive()) {
        return Err(CollectionsError::EstateClaimed.into());
    }
    Ok(left)
}

/// The policy's words for a kind.
fn words(policy: &InForce, kind: LetterKind) -> Result<(Template, Parts), ActionError> {
    let missing = || CollectionsError::NoTemplate { template: kind.template().to_owned() };
    let template = policy.pack().template(kind.template()).ok_or_else(missing)?.clone();
    let parts = rules::parts(&template).ok_or_else(missing)?;
    Ok((template, parts))
}

/// The guarantor's name for a guarantor's letter.
async fn guarantor(work: &mut Work, key: LoanKey, order: Order) -> Result<Option<String>, ActionError> {
    match (order.kind, order.guarantee) {
        (LetterKind::Guarantor, Some(id)) => {
            let lines = securities::lines(&mut work.tx, key).await?;
            let line = lines.into_iter().find(|line| {
                line.id == id && line.ended_on.is_none() && matches!(line.kind, SecurityKind::Guarantee(_))
            });
            Ok(Some(line.ok_or(CollectionsError::WrongAddressee)?.who))
        }
        (LetterKind::Reminder | LetterKind::Dunning | LetterKind::Lawyer | LetterKind::Heir, None) => Ok(None),
        (
            LetterKind::Guarantor | LetterKind::Reminder | LetterKind::Dunning | LetterKind::Lawyer | LetterKind::Heir,
            _,
        ) => Err(CollectionsError::WrongAddressee.into()),
    }
}

/// The related party whom a letter is to, as somebody who owes (rule `letter.obligor`): an heir gets the letter to heirs
/// and nobody else does.
async fn obligor(work: &mut Work, key: LoanKey, order: Order) -> Result<Option<Obligor>, ActionError> {
    let wrong = || ActionError::from(CollectionsError::WrongAddressee);
    let Some(relation) = order.relation else {
        return if order.kind == LetterKind::Heir { Err(wrong()) } else { Ok(None) };
    };
    let all = obligors::actions::addressees(work, key).await?;
    let found = all.into_iter().find(|one| one.relation == Some(relation)).ok_or_else(wrong)?;
    let heir = found.role == Role::Heir;
    if heir == (order.kind == LetterKind::Heir) && order.guarantee.is_none() { Ok(Some(found)) } else { Err(wrong()) }
}

/// What is overdue, head by head, with the instalments it comes from.
fn items(locale: &Locale, position: &Position) -> Vec<(String, Fen, String)> {
    let of = |part: fn(&InstalmentPosition) -> Fen| -> String {
        let due = position.instalments.iter().filter(|i| i.due_on < position.as_of && part(i).is_positive());
        let numbers: Vec<String> = due.map(|i| i.no.to_string()).collect();
        if numbers.is_empty() { String::new() } else { locale.t1("letter-instalments", "numbers", numbers.join("、")) }
    };
    let heads = [
        (Head::Principal, "letter-principal", of(|i| i.principal.outstanding())),
        (Head::Interest, "letter-interest", of(|i| i.interest.outstanding())),
        (Head::Penalty, "letter-penalty", of(|i| i.penalty.outstanding())),
        (Head::Compound, "letter-compound", of(|i| i.compound.outstanding())),
        (Head::Fee, "letter-fee", String::new()),
        (Head::Cost, "letter-cost", String::new()),
    ];
    heads
        .into_iter()
        .map(|(head, word, note)| (locale.t(word), position.overdue.get(head), note))
        .filter(|(_, amount, _)| amount.is_positive())
        .collect()
}

/// Refuses a letter with a hole in it (S4-10).
fn complete(template: &Template, content: &Content) -> Result<(), CollectionsError> {
    let day = |on: jiff::civil::Date| on.to_string();
    let items: Vec<String> = content.items.iter().map(|(word, amount, _)| format!("{word} {amount}")).collect();
    let values: BTreeMap<String, String> = [
        ("institution", content.institution.clone()),
        ("contact", content.contact.clone()),
        ("name", content.addressee.clone()),
        ("debtor", content.addressee.clone()),
        ("contract_no", content.contract_no.clone()),
        ("loan_no", content.loan_no.clone()),
        ("principal", content.principal.to_string()),
        ("principal_capital", content.principal.to_string()),
        ("rate", content.rate.clone()),
        ("signed_on", day(content.signed_on)),
        ("matures_on", day(content.matures_on)),
        ("as_of", day(content.as_of)),
        ("overdue_since", day(content.overdue_since)),
        ("days_overdue", content.days_overdue.to_string()),
        ("pay_by", day(content.pay_by)),
        ("total", items.join(" ")),
        ("total_capital", items.join(" ")),
        ("items", items.join(" ")),
        ("pay_to", content.pay_to.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let (rule, article) = (template.rule.clone(), template.article.clone());
    let mut empty = match template.fill(&values) {
        Ok(_) => Vec::new(),
        Err(TemplateError::EmptyFields { fields, .. }) => fields,
    };
    // The company's contact is printed on every letter, whether its words name it or not.
    if content.contact.trim().is_empty() && !empty.iter().any(|field| field == "contact") {
        empty.push("contact".to_owned());
    }
    if empty.is_empty() { Ok(()) } else { Err(CollectionsError::EmptyFields { fields: empty, rule, article }) }
}

/// A letter that the person may see.
///
/// # Errors
/// There is none, or not within scope.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(Letter, LoanFile), ActionError> {
    let missing = || CollectionsError::LetterNotFound { number: id.to_owned() };
    let key: LetterId = id.parse().map_err(|_| missing())?;
    let letter = store::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    let file = load_within(work, letter.loan, action).await?;
    Ok((letter, file))
}

/// What came of recording a step (登记结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// It was recorded.
    Done,
    /// The contact guard keeps the letter back. Commit the work: a refusal is a fact too.
    Refused(Refused),
}

/// Records what became of a letter. Rule `letter.guarded`: it goes out through the contact guard. One that went out is evidence for the duty that asked for it; one that arrived or
/// was signed for is evidence against the limitation (rule `letter.evidence`).
///
/// # Errors
/// What is wrong with the step, all at once; not within scope; changed meanwhile.
pub async fn step(work: &mut Work, id: &str, seen: Option<i64>, step: &Step) -> Result<Recorded, ActionError> {
    let (letter, _) = load(work, id, LETTER_ISSUE).await?;
    let wrong = rules::check(letter.state, letter.state_on, step, work.business_date);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let changed = || CollectionsError::LetterChanged { number: letter.number.clone() };
    if seen.is_some_and(|seen| seen != letter.version) {
        return Err(changed().into());
    }
    if step.to == LetterState::Sent
        && let Err(refused) = pass_guard(work, &letter).await?
    {
        return Ok(Recorded::Refused(refused.refused()));
    }
    if !store::move_on(&mut work.tx, &letter, step).await? {
        return Err(changed().into());
    }
    store::insert_step(work, &letter, step).await?;
    let after = json!({"to": step.to.as_str(), "on": step.on, "signer": step.signer.map(|s| s.as_str())});
    let entry = Entry::new(Some(letter.customer()), "letter.step", letter.subject());
    work.audit(entry.before(json!({"state": letter.state.as_str()})).after(after)).await?;
    match step.to {
        LetterState::Sent => {
            let evidence = Evidence { kind: "letter", fact: letter.subject(), settles: false };
            duty::close_by(work, letter.customer(), &letter.loan.subject(), &evidence).await?;
            cases::prove(work, letter.customer(), "letter", letter.subject()).await?;
            tell(work, &letter, "letter_sent").await?;
        }
        LetterState::Delivered => interrupt(work, &letter, EventKind::MessageArrived, step).await?,
        LetterState::Signed => interrupt(work, &letter, EventKind::DemandSigned, step).await?,
        LetterState::Generated | LetterState::Returned | LetterState::Filed | LetterState::Void => {}
    }
    Ok(Recorded::Done)
}

/// Asks the contact guard for the letter; what it let through is settled at once, for a letter waits for no answer.
async fn pass_guard(work: &mut Work, letter: &Letter) -> Result<Result<(), CollectionsError>, ActionError> {
    let person = addressee(work, letter).await?;
    let text = [&letter.content.opening, &letter.content.demand, &letter.content.closing].map(|part| part.join("\n"));
    let manner = Manner { text: Some(text.join("\n")), ..Manner::by(Channel::Letter) };
    let customer = letter.customer();
    let contact = Contact { customer, person, number_index: String::new(), purpose: Purpose::Collect, manner };
    match contact_gate::ask(work, &contact, &format!("{} {}", letter.content.title, letter.number)).await? {
        Answer::Refused { rule, article, .. } => Ok(Err(CollectionsError::LetterRefused { rule, article })),
        Answer::Allowed(pass) => {
            if let Some(id) = pass.allowance {
                let sent = NewOutcome {
                    response: letter.number.clone(),
                    ..NewOutcome::of(customer, AllowanceId(id), ContactResult::Sent)
                };
                contacts::record(work, &sent).await?;
            }
            Ok(Ok(()))
        }
    }
}

/// Whom the letter reaches.
async fn addressee(work: &mut Work, letter: &Letter) -> Result<PersonId, ActionError> {
    let customer = letter.customer();
    if let Some(relation) = letter.relation {
        let found = relations::load(&mut work.tx, customer, relation).await?;
        let unknown = || CollectionsError::GuarantorUnknown { name: letter.content.addressee.clone() };
        return Ok(found.ok_or_else(unknown)?.person);
    }
    let Some(guarantee) = letter.guarantee else {
        return Ok(customers::load_within(work, customer, customers::VIEW).await?.person);
    };
    let lines = securities::lines(&mut work.tx, letter.loan).await?;
    let relation = lines.iter().find(|line| line.id == guarantee).and_then(|line| line.relation);
    let unknown = || CollectionsError::GuarantorUnknown { name: letter.content.addressee.clone() };
    let relation = relation.ok_or_else(unknown)?;
    let found = relations::load(&mut work.tx, customer, relation).await?;
    Ok(found.ok_or_else(unknown)?.person)
}

/// The letter as evidence that interrupts the limitation or calls on the guarantor.
async fn interrupt(work: &mut Work, letter: &Letter, kind: EventKind, step: &Step) -> Result<(), ActionError> {
    let event = NewEvent {
        guarantee: letter.guarantee,
        kind,
        on: step.on,
        ended_on: None,
        signer: step.signer.filter(|_| kind.is_signed()),
        missing: false,
        agrees: step.agrees,
        evidence: format!("{} {} · {}", letter.content.title, letter.number, step.detail.trim()),
        void: false,
        corrects: None,
        reason: None,
    };
    limitation::record_under(work, letter.loan, LETTER_ISSUE, &event).await?;
    Ok(())
}

async fn tell(work: &mut Work, letter: &Letter, kind: &'static str) -> Result<(), ActionError> {
    let payload = json!({"letter": letter.id, "kind": letter.kind.as_str(), "guarantee": letter.guarantee.map(|id| id.to_string()),
        "relation": letter.relation.map(|id| id.to_string())});
    let (customer, subject, effective_on) = (letter.customer(), letter.loan.subject(), work.business_date);
    work.emit(Event { kind, customer, subject, effective_on, payload }).await
}
