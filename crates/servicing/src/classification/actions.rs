//! Use cases of a run until it is reviewed: drawn, classes set, suggested by others, proposed, given up.

use finance::Fen;
use jiff::civil::Date;
use platform::access::Denied;
use platform::access::store as access;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::id::{BranchId, CustomerId, UserId};
use platform::numbering;
use platform::policies;
use platform::work::Work;
use serde_json::json;

use super::error::ClassificationError;
use super::model::{Findings, Item, Run, RunId, RunState, Step};
use super::rules::{self, Yardstick};
use super::{HOUSE, PREPARE, REVIEW, SUGGEST, store};
use crate::desk::check_words;
use crate::loan::actions::load_within;
use crate::loan::model::{LoanId, LoanKey};
use crate::position::engine::Engine;
use crate::position::model::{GradeTable, days_overdue};
use crate::position::rules::UNCLASSIFIED;

/// Where a run can be given up: what was approved stands.
pub(super) const DROPPED: [RunState; 2] = [RunState::Drawn, RunState::Proposed];

/// Before the first loan.
pub(super) const FIRST: LoanKey = LoanKey { customer: CustomerId(0), loan: LoanId(0) };

/// The trail's entry of a run.
pub(super) fn entry(one: &Run, action: &'static str) -> Entry {
    Entry::new(None, action, one.subject())
}

/// Refuses a run that does not stand there (rule `classification.steps`).
pub(super) fn must_be(one: &Run, states: &[RunState]) -> Result<(), ClassificationError> {
    if states.contains(&one.state) { Ok(()) } else { Err(ClassificationError::State { state: one.state.as_str() }) }
}

/// A run within the reach of an action.
///
/// Errors: denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Run, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(RunId).map_err(|_| ClassificationError::NotFound)?;
    let found = store::find(&mut work.tx, key).await?;
    let sees = |one: &Run| (scope.branch == 0 || scope.branch == one.branch.0) && scope.team == 0 && scope.manager == 0;
    Ok(found.filter(sees).ok_or(ClassificationError::NotFound)?)
}

/// What classes, ratios and provisions of a day are measured by.
pub(super) async fn yardstick(work: &mut Work, on: Date) -> Result<Yardstick, ActionError> {
    let policy = policies::in_force(work, on).await?;
    Yardstick::of(policy.pack(), policy.edition(on)).map_err(|e| ActionError::Internal(e.to_string()))
}

/// How many months lie between two runs at most (rule `classification.interval`).
pub(super) async fn interval(work: &mut Work, on: Date) -> Result<i64, ActionError> {
    let policy = policies::in_force(work, on).await?;
    Ok(policy.edition(on).integer("classification_interval_months").map_err(policies::PolicyError::from)?)
}

/// The branch for which a person draws: the one named, within the scope; of whoever is bound to one that one.
async fn branch_of(work: &mut Work, named: Option<BranchId>) -> Result<BranchId, ActionError> {
    let scope = work.authorise(PREPARE)?;
    // A run is of a branch and of no single person.
    if scope.team != 0 || scope.manager != 0 {
        return Err(Denied { action: PREPARE.to_owned() }.into());
    }
    let wanted = named.unwrap_or(if scope.branch == 0 { work.actor.branch } else { BranchId(scope.branch) });
    let known = access::branches(&mut work.tx).await?.iter().any(|branch| branch.id == wanted);
    if !known || (scope.branch != 0 && scope.branch != wanted.0) {
        let wrong = FieldError::choice("branch", &wanted.to_string());
        return Err(ClassificationError::Form(vec![wrong]).into());
    }
    Ok(wanted)
}

/// Draws the run of a branch as of today (rule `classification.draw`): every loan on which something is owed, with its class
/// by days overdue, the one with which it stands, and that of the run before.
///
/// Errors: denied; no such branch; an open run; one of today; nothing to classify; no classes in force.
pub async fn draw(work: &mut Work, branch: Option<BranchId>) -> Result<RunId, ActionError> {
    let branch = branch_of(work, branch).await?;
    let today = work.business_date;
    if let Some(open) = store::open(&mut work.tx, branch).await? {
        return Err(ClassificationError::Open { number: open.number }.into());
    }
    let former = store::latest(&mut work.tx, branch).await?;
    if let Some(done) = former.as_ref().filter(|former| former.as_of >= today) {
        return Err(ClassificationError::Done { number: done.number.clone() }.into());
    }
    let engine = Engine::load(work, today).await?;
    let grades = engine.grades(today);
    let known = grades.grade(0).is_some_and(|grade| grade.class != UNCLASSIFIED);
    if !known || engine.classes(today).is_empty() {
        return Err(ClassificationError::NoClasses { on: today }.into());
    }
    let months = interval(work, today).await?;
    let since = former.as_ref().map(|former| former.as_of);
    let since = since.or_else(|| rules::due_on(today, -months)).unwrap_or(today);
    let id = RunId(work.next_id());
    let one = Run {
        id,
        number: numbering::next(work, "classification", HOUSE, id.0).await?,
        branch,
        as_of: today,
        former: former.map(|former| (former.id, former.as_of)),
        state: RunState::Drawn,
        made_by: UserId(work.actor.recorded_by()),
        proposed_on: None,
        provision_held: None,
        findings: Findings::default(),
        reviewed_by: None,
        reviewed_on: None,
        review_note: String::new(),
        approval: None,
        approved_on: None,
        note: String::new(),
        version: 1,
    };
    store::insert(work, &one).await?;
    let loans = fill(work, &one, (&grades, &engine.classes(today)), since).await?;
    if loans == 0 {
        return Err(ClassificationError::Nothing { on: today }.into());
    }
    store::count(work, id, Step::Drawn).await?;
    let after = json!({"number": one.number, "branch": branch, "as_of": today, "loans": loans});
    work.audit(entry(&one, "classification.draw").after(after)).await?;
    Ok(id)
}

/// Writes the items of a run, many at a time; how many there are.
async fn fill(
    work: &mut Work,
    one: &Run,
    (grades, classes): (&GradeTable, &[String]),
    since: Date,
) -> Result<usize, ActionError> {
    let (mut after, mut loans) = (FIRST, 0);
    loop {
        let found = store::found_behind(&mut work.tx, one.branch, one.former.map(|former| former.0), after).await?;
        let Some(last) = found.last() else { return Ok(loans) };
        after = last.key;
        loans += found.len();
        let items: Vec<Item> = found
            .into_iter()
            .map(|loan| {
                let days = days_overdue(loan.oldest_due_on, one.as_of);
                let system = grades.grade(days).map(|grade| grade.class.clone()).unwrap_or_default();
                let class = rules::begins(classes, &system, &loan.standing).to_owned();
                Item {
                    key: loan.key,
                    former: loan.former,
                    initial: class.clone(),
                    class,
                    system,
                    standing: loan.standing,
                    initial_reason: String::new(),
                    reviewed: None,
                    review_reason: String::new(),
                    fresh: loan.start_on > since,
                    days: i64::from(days),
                    principal: loan.principal,
                    overdue: loan.overdue,
                    version: 1,
                }
            })
            .collect();
        store::insert_items(work, one.id, &items).await?;
    }
}

/// A loan in a run.
///
/// Errors: there is none.
pub async fn item(work: &mut Work, one: &Run, loan: &str) -> Result<Item, ActionError> {
    let loan: LoanId = loan.parse().map_err(|_| ClassificationError::NotFound)?;
    let customer = store::customer_of(&mut work.tx, one.id, loan).await?.ok_or(ClassificationError::NotFound)?;
    let found = store::item_of(&mut work.tx, one.id, LoanKey { customer, loan }).await?;
    Ok(found.ok_or(ClassificationError::NotFound)?)
}

/// Refuses whoever suggested something in a run: who asks does not decide (rule `classification.segregation`).
pub(super) async fn refuse_suggesters(work: &mut Work, one: &Run) -> Result<(), ActionError> {
    for other in store::suggesters(&mut work.tx, one.id).await? {
        if !work.actor.is_second_to(other)? {
            return Err(ClassificationError::SamePerson.into());
        }
    }
    Ok(())
}

fn reasoned(reason: &str) -> Result<String, ClassificationError> {
    match check_words("reason", reason, true) {
        Some(wrong) => Err(ClassificationError::Form(vec![wrong])),
        None => Ok(reason.trim().to_owned()),
    }
}

/// The classification post sets the first class of a loan (初分), with a reason (rules `classification.floor`,
/// `classification.segregation`).
///
/// Errors: not within scope; proposed already; somebody else's run; better than days overdue allow; no reason.
pub async fn judge(work: &mut Work, id: &str, loan: &str, class: &str, reason: &str) -> Result<RunId, ActionError> {
    let one = seen(work, id, PREPARE).await?;
    must_be(&one, &[RunState::Drawn])?;
    if work.actor.recorded_by() != one.made_by.0 {
        return Err(ClassificationError::NotOwn.into());
    }
    let reason = reasoned(reason)?;
    let mut found = item(work, &one, loan).await?;
    let classes = yardstick(work, one.as_of).await?.classes;
    rules::within_floor(&classes, class, &found.system)?;
    let before = found.class.clone();
    class.clone_into(&mut found.initial);
    class.clone_into(&mut found.class);
    found.initial_reason = reason;
    changed(work, &one, &found, (before, "classification.judge")).await
}

/// The reviewer sets another class than was proposed, with a reason; the same again takes it back.
///
/// Errors: not within scope; not proposed; the same person; better than days overdue allow; no reason.
pub async fn rejudge(work: &mut Work, id: &str, loan: &str, class: &str, reason: &str) -> Result<RunId, ActionError> {
    let one = seen(work, id, REVIEW).await?;
    super::approval::reviewable(work, &one).await?;
    let reason = reasoned(reason)?;
    let mut found = item(work, &one, loan).await?;
    let classes = yardstick(work, one.as_of).await?.classes;
    rules::within_floor(&classes, class, &found.system)?;
    let before = found.class.clone();
    class.clone_into(&mut found.class);
    found.reviewed = (found.initial != class).then(|| class.to_owned());
    found.review_reason = reason;
    changed(work, &one, &found, (before, "classification.rejudge")).await
}

async fn changed(
    work: &mut Work,
    one: &Run,
    found: &Item,
    (before, action): (String, &'static str),
) -> Result<RunId, ActionError> {
    store::update_item(&mut work.tx, one.id, found).await?;
    let reason = if found.reviewed.is_some() || action == "classification.rejudge" {
        found.review_reason.clone()
    } else {
        found.initial_reason.clone()
    };
    let said = |class: &str| json!({"loan": found.key.loan, "class": class});
    let entry = Entry::new(Some(found.key.customer), action, one.subject());
    work.audit(entry.before(said(&before)).after(said(&found.class)).reason(reason)).await?;
    Ok(one.id)
}

/// Somebody of another post says which class a loan should have (rule `classification.suggest`): the classification post
/// decides, and whoever asked decides nothing of the run.
///
/// Errors: the loan is not within scope; the run is not being worked on; whoever works on it; no such class; no reason.
pub async fn suggest(work: &mut Work, id: &str, loan: &str, class: &str, reason: &str) -> Result<RunId, ActionError> {
    work.authorise(SUGGEST)?;
    let key = id.parse().map(RunId).map_err(|_| ClassificationError::NotFound)?;
    let one = store::find(&mut work.tx, key).await?.ok_or(ClassificationError::NotFound)?;
    let found = item(work, &one, loan).await?;
    // Whoever sees the loan under this permission may speak of it.
    load_within(work, found.key, SUGGEST).await?;
    must_be(&one, &[RunState::Drawn, RunState::Proposed])?;
    if !work.actor.is_second_to(one.made_by.0)? {
        return Err(ClassificationError::SamePerson.into());
    }
    let reason = reasoned(reason)?;
    let classes = yardstick(work, one.as_of).await?.classes;
    rules::within_floor(&classes, class, &found.system)?;
    store::suggest(work, one.id, found.key, (class, &reason)).await?;
    let after = json!({"loan": found.key.loan, "class": class});
    let entry = Entry::new(Some(found.key.customer), "classification.suggest", one.subject());
    work.audit(entry.after(after).reason(reason)).await?;
    Ok(one.id)
}

/// The classification post proposes its run with what it found for each goal, and what provisions the books hold (rule
/// `classification.report`).
///
/// Errors: not within scope; not being worked on; somebody else's run; a goal without words; no sum.
pub async fn propose(work: &mut Work, id: &str, findings: &Findings, held: Fen) -> Result<RunId, ActionError> {
    let mut one = seen(work, id, PREPARE).await?;
    must_be(&one, &[RunState::Drawn])?;
    if work.actor.recorded_by() != one.made_by.0 {
        return Err(ClassificationError::NotOwn.into());
    }
    refuse_suggesters(work, &one).await?;
    let mut wrong: Vec<FieldError> =
        findings.each().iter().filter_map(|(field, words)| check_words(field, words, true)).collect();
    if held.0 < 0 {
        wrong.push(FieldError::new("held", "amount-not-positive").with("amount", held));
    }
    if !wrong.is_empty() {
        return Err(ClassificationError::Form(wrong).into());
    }
    one.state = RunState::Proposed;
    one.proposed_on = Some(work.business_date);
    one.provision_held = Some(held);
    one.findings = findings.clone();
    store::update(&mut work.tx, &mut one).await?;
    store::count(work, one.id, Step::Proposed).await?;
    let after = json!({"number": one.number, "held": held});
    work.audit(entry(&one, "classification.propose").after(after)).await?;
    Ok(one.id)
}

/// Gives up a run that was not reviewed, with a reason; the branch can be classified anew.
///
/// Errors: not within scope; reviewed; no reason.
pub async fn give_up(work: &mut Work, id: &str, reason: &str) -> Result<RunId, ActionError> {
    let mut one = seen(work, id, PREPARE).await?;
    must_be(&one, &DROPPED)?;
    one.note = reasoned(reason)?;
    one.state = RunState::Dropped;
    store::update(&mut work.tx, &mut one).await?;
    let (after, note) = (json!({"number": one.number}), one.note.clone());
    work.audit(entry(&one, "classification.drop").after(after).reason(note)).await?;
    Ok(one.id)
}
