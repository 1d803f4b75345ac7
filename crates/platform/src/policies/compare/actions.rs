//! Comparing a draft on the own book: started by a person, run beside the other work, date by date.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use policy::{Edition, FactType, Pack, Plan, Value};
use serde_json::json;

use super::report::{DateReport, EffectSum, Matrix, Report, SourceReport, UNDECIDED};
use super::store::{self, Changed, Comparison, ComparisonState};
use super::{Asked, Effect, Group, Measure, PolicySubjects, effects};
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::audit::Entry;
use crate::error::ActionError;
use crate::policies::cache::InForce;
use crate::policies::draft::model::DraftError;
use crate::policies::draft::{actions as drafts, store as draft_store};
use crate::policies::pages::POLICY_DRAFT;
use crate::work::Work;

/// The most subjects listed one by one.
const LISTED: i64 = 50_000;
/// Subjects read at a time for the list.
const BATCH: i64 = 20_000;
/// The most past month-ends.
pub const MOST_MONTHS: i64 = 12;

/// Notes that a draft is to be compared; [`run`] does it.
///
/// # Errors
/// Denied; [`DraftError::Problems`]; [`DraftError::Unknown`].
pub async fn start(work: &mut Work, draft: i64, months: i64) -> Result<i64, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let checked = drafts::checked(work, draft).await?;
    let Some(pack) = &checked.pack else {
        let first = checked.problems.first().map(ToString::to_string).unwrap_or_default();
        return Err(DraftError::Problems { count: checked.problems.len(), first }.into());
    };
    let id = work.next_id();
    let comparison = Comparison {
        id,
        draft,
        revision: checked.draft.revision,
        digest: pack.version().digest.clone(),
        base: checked.draft.base,
        business_date: work.business_date,
        state: ComparisonState::Running,
        steps: (0, 1 + months.clamp(0, MOST_MONTHS)),
        report: Report::default(),
        failure: None,
        made_by: work.actor.recorded_by(),
        made_at: work.now,
    };
    store::insert(&mut work.tx, &comparison).await?;
    let entry = Entry::new(None, "policy.compare", format!("policy_draft:{draft}"));
    work.audit(entry.after(json!({"comparison": id.to_string(), "digest": comparison.digest}))).await?;
    Ok(id)
}

/// Runs a comparison to its end; whatever breaks it is kept with it.
pub async fn run(app: App, id: i64) {
    let inner = app.clone();
    // In a task of its own: a defect that panics ends as a failure, too.
    let ended = tokio::spawn(async move { compare(&inner, id).await }).await;
    let ended = ended.unwrap_or_else(|broken| Err(ActionError::Internal(broken.to_string())));
    let Err(error) = ended else { return };
    tracing::warn!(comparison.id = id, %error, "a comparison broke off");
    let ended = async {
        let mut work = Work::begin(&app, Actor::system(Origin::Console)).await?;
        store::end(&mut work.tx, id, ComparisonState::Failed, &Report::default(), Some(&error.to_string())).await?;
        work.commit().await
    };
    if let Err(error) = ended.await {
        tracing::warn!(comparison.id = id, %error, "the end of a comparison could not be kept");
    }
}

/// What one comparison looks at.
struct Desk {
    base: Arc<InForce>,
    draft: Arc<Pack>,
    /// The day under whose rules both are taken.
    ruling_on: Date,
    /// The decisions that may say something else.
    affected: Vec<String>,
    sources: Vec<Arc<dyn PolicySubjects>>,
}

async fn compare(app: &App, id: i64) -> Result<(), ActionError> {
    let mut work = Work::read(app, Actor::system(Origin::Console)).await?;
    let comparison = store::load(&mut work.tx, id).await?.ok_or(DraftError::Unknown)?;
    let desk = desk(&mut work, comparison.draft).await?;
    let (old, new) = (desk.base.edition(desk.ruling_on), desk.draft.on(desk.ruling_on));
    let mut report = Report { duties: effects::duties(&mut work, old, new).await?, ..Report::default() };
    let mut listed = 0;
    drop(work);
    for (step, on) in (1..).zip(dates(comparison.business_date, comparison.steps.1 - 1)) {
        let mut work = Work::read(app, Actor::system(Origin::Console)).await?;
        let today = on == comparison.business_date;
        let mut date = DateReport { on, sources: Vec::new() };
        let mut rows = Vec::new();
        for source in &desk.sources {
            let (part, changed, cut) = one_source(&mut work, &desk, &**source, (on, today), LISTED - listed).await?;
            listed += i64::try_from(changed.len()).unwrap_or(LISTED);
            rows.extend(changed);
            report.cut |= cut;
            date.sources.extend(part);
        }
        report.dates.push(date);
        drop(work);
        let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
        let first = listed - i64::try_from(rows.len()).unwrap_or(0);
        store::insert_rows(&mut work.tx, id, first, &rows).await?;
        store::progress(&mut work.tx, id, step).await?;
        work.commit().await?;
    }
    let compared = |name: &String| {
        report.dates.iter().flat_map(|d| &d.sources).flat_map(|s| &s.decisions).any(|m| m.decision == *name)
    };
    report.not_at_hand = desk.affected.iter().filter(|name| !compared(name)).cloned().collect();
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    store::end(&mut work.tx, id, ComparisonState::Done, &report, None).await?;
    Ok(work.commit().await?)
}

async fn desk(work: &mut Work, draft: i64) -> Result<Desk, ActionError> {
    let draft = draft_store::load(&mut work.tx, draft).await?.ok_or(DraftError::Unknown)?;
    let ruling_on = draft.effective_from.unwrap_or_else(|| work.business_date.tomorrow().unwrap_or(work.business_date));
    let checked = drafts::check(work, draft).await?;
    let Some(pack) = checked.pack.clone() else {
        let first = checked.problems.first().map(ToString::to_string).unwrap_or_default();
        return Err(DraftError::Problems { count: checked.problems.len(), first }.into());
    };
    let difference = crate::policies::difference::of(work, &checked.draft, &checked, ruling_on).await?;
    let affected = difference.affected(pack.on(ruling_on));
    let sources = work.app.capabilities.iter().flat_map(|capability| capability.policy_subjects()).collect();
    Ok(Desk { base: checked.base, draft: pack, ruling_on, affected, sources })
}

/// Today and the month-ends before it.
fn dates(today: Date, months: i64) -> Vec<Date> {
    let ends = (0..months).filter_map(|back| {
        let first = today.first_of_month().checked_sub(back.months()).ok()?;
        first.yesterday().ok()
    });
    std::iter::once(today).chain(ends).collect()
}

/// One decision under both rules.
struct Pair<'a> {
    id: &'a str,
    old: Plan<'a>,
    new: Plan<'a>,
    output: usize,
    listed: bool,
}

/// The decisions to make: those affected, and those that effects look at.
fn decisions<'a>(desk: &'a Desk, known: &[String], source: &dyn PolicySubjects) -> Vec<Pair<'a>> {
    let effects = source.effects();
    let (old, new) = (desk.base.edition(desk.ruling_on), desk.draft.on(desk.ruling_on));
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut add = |id: &'a str, listed: bool| {
        if let (Some(old), Some(new)) = (old.plan(id, known), new.plan(id, known)) {
            pairs.push(Pair { id, old, new, output: 0, listed });
        }
    };
    desk.affected.iter().filter(|id| source.concerns(new, id)).for_each(|id| add(id, true));
    for decision in new.decisions().map(policy::Decision::id) {
        let looked_at = effects.iter().any(|effect| effect.decision == decision);
        if looked_at && !desk.affected.iter().any(|id| id == decision) {
            add(decision, false);
        }
    }
    pairs
}

type SourceAnswer = (Option<SourceReport>, Vec<Changed>, bool);

async fn one_source(
    work: &mut Work,
    desk: &Desk,
    source: &dyn PolicySubjects,
    (on, today): (Date, bool),
    room: i64,
) -> Result<SourceAnswer, ActionError> {
    let offered = if today { source.facts() } else { source.past_facts() };
    let known: Vec<String> = offered.iter().map(|fact| (*fact).to_owned()).collect();
    let pairs = decisions(desk, &known, source);
    if !pairs.iter().any(|pair| pair.listed) {
        return Ok((None, Vec::new(), false));
    }
    // Only the facts that some decision reads are asked for: the fewer, the fewer groups.
    let mut places: Vec<usize> = pairs.iter().flat_map(|pair| [pair.old.reads(), pair.new.reads()]).flatten().collect();
    places.sort_unstable();
    places.dedup();
    let asked = Asked { on, facts: places.iter().map(|place| offered[*place]).collect() };
    let known: Vec<String> = asked.facts.iter().map(|fact| (*fact).to_owned()).collect();
    let pairs = decisions(desk, &known, source);
    let groups = source.groups(work, &asked).await?;
    let mut part = SourceReport {
        source: source.name().to_owned(),
        title: source.title().to_owned(),
        count: groups.iter().map(|group| group.count).sum(),
        amount_fen: groups.iter().map(|group| group.amount_fen).sum(),
        decisions: Vec::new(),
        effects: Vec::new(),
    };
    let mut moving: Vec<Group> = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.listed) {
        let (matrix, changed) = matrix(desk, pair, &groups);
        part.decisions.push(matrix);
        changed.into_iter().for_each(|group| {
            if !moving.contains(&group) {
                moving.push(group);
            }
        });
    }
    part.effects = sums(desk, &pairs, source.effects(), &groups);
    let (rows, cut) = list(work, source, &asked, (&pairs, &moving), room).await?;
    Ok((Some(part), rows, cut))
}

/// What a decision says of a case, as text.
fn outcome(plan: &Plan<'_>, output: usize, facts: &[Option<Value>]) -> String {
    match plan.decide(facts) {
        Ok(outputs) => outputs.get(output).cloned().flatten().map_or_else(|| "-".to_owned(), |value| value.to_text()),
        Err(_) => UNDECIDED.to_owned(),
    }
}

fn matrix(desk: &Desk, pair: &Pair<'_>, groups: &[Group]) -> (Matrix, Vec<Group>) {
    let edition: &Edition = desk.draft.on(desk.ruling_on);
    let sheet = edition.decision(pair.id).map(policy::Decision::sheet).ok();
    let output = sheet.and_then(|sheet| sheet.outputs.get(pair.output));
    let title = sheet.map(|sheet| sheet.title.clone()).unwrap_or_default();
    let mut matrix = Matrix {
        decision: pair.id.to_owned(),
        output: output.map(|output| output.name.clone()).unwrap_or_default(),
        title: (title.zh.clone(), title.in_language(true).to_owned()),
        ..Matrix::default()
    };
    let order = match output.map(|output| &output.kind) {
        Some(FactType::OneOf { values, .. }) => values.clone(),
        _ => Vec::new(),
    };
    let mut tally: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    let mut changed = Vec::new();
    for group in groups {
        let (from, to) = (outcome(&pair.old, pair.output, &group.facts), outcome(&pair.new, pair.output, &group.facts));
        if from != to {
            changed.push(group.clone());
        }
        let cell = tally.entry((from, to)).or_default();
        cell.0 += group.count;
        cell.1 = cell.1.saturating_add(group.amount_fen);
    }
    matrix.fill(&tally, &order);
    (matrix, changed)
}

/// The effects of a source under both rules.
fn sums(desk: &Desk, pairs: &[Pair<'_>], effects: &[Effect], groups: &[Group]) -> Vec<EffectSum> {
    let mut found = Vec::new();
    for effect in effects {
        let Some(pair) = pairs.iter().find(|pair| pair.id == effect.decision) else { continue };
        let place = |edition: &Edition| {
            let sheet = edition.decision(pair.id).ok()?.sheet();
            sheet.outputs.iter().position(|output| output.name == effect.output)
        };
        let (old, new) = (place(desk.base.edition(desk.ruling_on)), place(desk.draft.on(desk.ruling_on)));
        let (Some(old), Some(new)) = (old, new) else { continue };
        let sum = |plan: &Plan<'_>, output: usize| {
            let of = |group: &Group| {
                let value = plan.decide(&group.facts).ok().and_then(|outputs| outputs.get(output).cloned().flatten());
                value.map_or(0, |value| measured(effect.measure, &value, group))
            };
            // A share is rounded once, on the sum of the whole book.
            let whole: i128 = groups.iter().map(of).sum();
            i64::try_from(scaled(effect.measure, whole)).unwrap_or(i64::MAX)
        };
        found.push(EffectSum {
            title: effect.title.to_owned(),
            money: matches!(effect.measure, Measure::MoneyWhere | Measure::ShareOfMoney),
            from: sum(&pair.old, old),
            to: sum(&pair.new, new),
        });
    }
    found
}

/// What a group adds, before scaling.
fn measured(measure: Measure, value: &Value, group: &Group) -> i128 {
    let number = i128::from(value.as_integer().unwrap_or(0));
    match measure {
        Measure::MoneyWhere => {
            let holds = value.as_boolean() == Some(true) || value.as_text() == Some("yes");
            if holds { i128::from(group.amount_fen) } else { 0 }
        }
        Measure::ShareOfMoney => number * i128::from(group.amount_fen),
        Measure::TimesAWeek | Measure::TimesADay => number * i128::from(group.count),
    }
}

fn scaled(measure: Measure, sum: i128) -> i128 {
    match measure {
        Measure::MoneyWhere => sum,
        Measure::ShareOfMoney => (sum + 500_000) / 1_000_000,
        Measure::TimesAWeek => (sum * 30 + 3) / 7,
        Measure::TimesADay => sum * 30,
    }
}

/// The subjects that change, one by one, up to `room` rows; the second says whether there are more.
async fn list(
    work: &mut Work,
    source: &dyn PolicySubjects,
    asked: &Asked,
    (pairs, moving): (&[Pair<'_>], &[Group]),
    room: i64,
) -> Result<(Vec<Changed>, bool), ActionError> {
    let mut rows = Vec::new();
    if moving.is_empty() {
        return Ok((rows, false));
    }
    let mut after = (i64::MIN, i64::MIN);
    loop {
        let members = source.members(work, asked, moving, after, BATCH).await?;
        let Some(last) = members.last() else { return Ok((rows, false)) };
        after = (last.customer, last.id);
        for member in members {
            for pair in pairs.iter().filter(|pair| pair.listed) {
                let from = outcome(&pair.old, pair.output, &member.facts);
                let to = outcome(&pair.new, pair.output, &member.facts);
                if from == to {
                    continue;
                }
                if i64::try_from(rows.len()).unwrap_or(i64::MAX) >= room {
                    return Ok((rows, true));
                }
                rows.push(Changed {
                    as_of: asked.on,
                    decision: pair.id.to_owned(),
                    source: source.name().to_owned(),
                    key: (member.customer, member.id),
                    label: member.label.clone(),
                    href: member.href.clone(),
                    outcome: (from, to),
                    amount_fen: member.amount_fen,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn month_ends_go_back_from_today() {
        let found = dates(date(2026, 3, 15), 3);
        assert_eq!(found, [date(2026, 3, 15), date(2026, 2, 28), date(2026, 1, 31), date(2025, 12, 31)]);
        assert_eq!(dates(date(2026, 3, 31), 0), [date(2026, 3, 31)]);
    }

    #[test]
    fn effects_are_rounded_once() {
        assert_eq!(scaled(Measure::ShareOfMoney, 1_499_999), 1);
        assert_eq!(scaled(Measure::ShareOfMoney, 1_500_000), 2);
        assert_eq!(scaled(Measure::TimesAWeek, 7), 30);
        assert_eq!(scaled(Measure::TimesADay, 2), 60);
    }
}
