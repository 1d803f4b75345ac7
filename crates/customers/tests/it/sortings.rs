//! Sorting projects: planned, agreed to, carried out, reviewed, reported on; on every database.

use customers::datum::model::{Basis, Route};
use customers::datum::rules::Provenance;
use customers::datum::{actions as data, item};
use customers::sorting::model::{
    Item, ItemId, ItemState, Member, Plan, ProblemId, ProblemKind, ProblemState, Project, ProjectId, ProjectState,
    ReportId, ReportState, Scope, Step, Verification,
};
use customers::sorting::problems::{self, NewProblem};
use customers::sorting::report::{self, Judged};
use customers::sorting::{SortingDates, actions, industry, items, rules, store, work as work_on};
use customers::{CustomerKind, NewCustomer};
use jiff::civil::Date;
use platform::approval::{self, ApprovalId, Verdict};
use platform::close::{CloseDay, CloseStep as _};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId};
use platform::policies;

use crate::lender::{BRANCH, Lender};

/// The institution's own things have no customer.
const HOUSE: CustomerId = CustomerId(0);

/// A guarantee company on every database.
pub async fn guarantors() -> Vec<Lender> {
    let mut all = Vec::new();
    for db in platform::testbed::databases().await {
        all.push(Lender::under(db, "guarantee").await);
    }
    all
}

/// A company of lin, graded by its score; the note is what the book of loans would tell.
pub async fn company(lender: &Lender, name: &str, score: &str, note: &str) -> CustomerId {
    let person = lender.person(name, None, None, "lin").await;
    let new = NewCustomer { kind: CustomerKind::Company, note: Some(note.to_owned()), ..person };
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    record(lender, id, &[("guarantee_score_centi", score), ("compensation_paid", "false")]).await;
    id
}

pub async fn record(lender: &Lender, id: CustomerId, facts: &[(&str, &str)]) {
    let mut work = lender.work("lin").await;
    let from = Provenance {
        effective_on: work.business_date,
        route: Route::Verification,
        source_note: "梳理核实".to_owned(),
        basis: Basis::Contract,
        consented_on: None,
    };
    let given: Vec<_> = facts.iter().map(|(name, value)| (item::find(name).unwrap(), (*value).to_owned())).collect();
    data::record(&mut work, id, &given, &from).await.unwrap();
    work.commit().await.unwrap();
}

pub fn later(on: Date, days: i64) -> Date {
    on.checked_add(jiff::Span::new().days(days)).unwrap()
}

/// A plan by the risk grades over lin's companies.
pub async fn plan(lender: &Lender) -> Plan {
    let mut work = lender.work("gui").await;
    let today = work.business_date;
    let policy = policies::in_force(&mut work, today).await.unwrap();
    let steps = rules::steps(&policy, today).into_iter().map(|(step, days)| Step {
        id: 0,
        step,
        due_on: later(today, days),
        done_on: None,
        note: String::new(),
        asked_on: None,
        version: 1,
    });
    Plan {
        title: "2026年下半年客户梳理".to_owned(),
        aim: "摸清在保客户，分类施策".to_owned(),
        scheme: "plan1".to_owned(),
        starts_on: today,
        ends_on: later(today, 90),
        scope: Scope { kind: Some(CustomerKind::Company), ..Scope::default() },
        lead: lender.user("gui").await,
        members: vec![Member { user: lender.user("lin").await, duty: "逐户核实".to_owned() }],
        steps: steps.collect(),
    }
}

pub async fn submit(lender: &Lender, plan: &Plan) -> Result<ProjectId, ActionError> {
    let mut work = lender.work("gui").await;
    let id = actions::submit(&mut work, plan).await?;
    work.commit().await.unwrap();
    Ok(id)
}

pub async fn project(lender: &Lender, id: ProjectId) -> Project {
    let mut work = lender.system().await;
    store::find(&mut work.tx, id).await.unwrap().unwrap()
}

pub async fn agree(lender: &Lender, login: &str, key: ApprovalId) -> Result<(), ActionError> {
    let mut work = lender.work(login).await;
    let waiting = approval::store::load(&mut work.tx, HOUSE, key).await?.unwrap();
    let verdict = Verdict { seen: waiting.version, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, HOUSE, key, &verdict).await?;
    work.commit().await?;
    Ok(())
}

/// A project that runs.
pub async fn running(lender: &Lender, plan: &Plan) -> ProjectId {
    let id = submit(lender, plan).await.unwrap();
    agree(lender, "feng", project(lender, id).await.approval.unwrap()).await.unwrap();
    let mut work = lender.work("gui").await;
    actions::start(&mut work, &id.to_string()).await.unwrap();
    work.commit().await.unwrap();
    id
}

pub async fn all(lender: &Lender, id: ProjectId) -> Vec<Item> {
    let mut work = lender.system().await;
    items::of_project(&mut work.tx, id).await.unwrap()
}

pub async fn verify(lender: &Lender, login: &str, id: ItemId) -> Result<(), ActionError> {
    let mut work = lender.work(login).await;
    let said = Verification {
        on: work.business_date,
        method: "visit".to_owned(),
        text: "到厂核对账册，与档案相符".to_owned(),
    };
    work_on::verify(&mut work, &id.to_string(), &said).await?;
    work.commit().await?;
    Ok(())
}

pub async fn review(lender: &Lender, login: &str, id: ItemId, accept: bool, words: &str) -> Result<(), ActionError> {
    let mut work = lender.work(login).await;
    work_on::review(&mut work, &id.to_string(), accept, words).await?;
    work.commit().await?;
    Ok(())
}

pub async fn problem(lender: &Lender, item: ItemId) -> ProblemId {
    let owner = lender.user("lin").await;
    let mut work = lender.work("lin").await;
    let due_on = later(work.business_date, 10);
    let new = NewProblem { kind: ProblemKind::Incomplete, detail: "缺最近一期报表".to_owned(), owner, due_on };
    let id = problems::record(&mut work, &item.to_string(), &new).await.unwrap();
    work.commit().await.unwrap();
    id
}

pub fn judged() -> Vec<Judged> {
    let goals = ["database", "classification", "warning", "satisfaction"];
    let one = |goal: &str| Judged { goal: goal.to_owned(), judgement: "met".to_owned(), words: "见数据".to_owned() };
    goals.into_iter().map(one).collect()
}

pub async fn make(lender: &Lender, id: ProjectId, judged: &[Judged]) -> Result<(), ActionError> {
    let mut work = lender.work("gui").await;
    report::make(&mut work, &id.to_string(), judged, "底数已清，分类施策").await?;
    work.commit().await?;
    Ok(())
}

pub async fn agree_to_report(lender: &Lender, id: ProjectId) -> ReportId {
    let mut work = lender.system().await;
    let last = report::of_project(&mut work.tx, id).await.unwrap().pop().unwrap();
    drop(work);
    assert!(agree(lender, "gui", last.approval.unwrap()).await.is_err(), "the maker never agrees");
    agree(lender, "feng", last.approval.unwrap()).await.unwrap();
    last.id
}

pub fn code(result: Result<impl std::fmt::Debug, ActionError>) -> String {
    let error = result.unwrap_err();
    let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
    refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
}

/// Moves the business date.
pub async fn move_to(lender: &Lender, on: Date) {
    let mut work = lender.system().await;
    let sql = "update business_day set current_on = $1 where id = 1";
    work.tx.execute(sql, platform::args![on]).await.unwrap();
    work.commit().await.unwrap();
}

pub async fn close(lender: &Lender, day: CloseDay) {
    let mut work = lender.system().await;
    work.business_date = day.to;
    SortingDates.batch(&mut work, day, CustomerId(-1)).await.unwrap();
    work.commit().await.unwrap();
}

const ITEM_DUTIES: &str =
    "select count(*) as n from duty_member where subject like 'sorting_item:%' and state = 'open'";

// S3-12, S3-13, S3-19, S3-20, S3-21, S3-28, S3-29, S3-30, S3-32. Rules sorting.plan, sorting.start, sorting.item, sorting.review,
// sorting.report, sorting.problem, sorting.goals, sorting.steps, sorting.schemes, duty.sorting_item, duty.sorting_problem,
// duty.sorting_evaluation, approval.sorting_plan, approval.sorting_report, sorting.dates
#[tokio::test]
async fn a_project_is_planned_agreed_carried_out_reviewed_and_reported_on() {
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        company(&lender, "示例乙", "70", "贷款 逾期0天").await;
        let id = submit(&lender, &plan(&lender).await).await.unwrap();
        let planned = project(&lender, id).await;
        assert_eq!((planned.state, planned.plan.steps.len()), (ProjectState::Submitted, 6));
        assert!(agree(&lender, "gui", planned.approval.unwrap()).await.is_err(), "the planner never agrees");
        let mut work = lender.work("gui").await;
        assert_eq!(code(actions::start(&mut work, &id.to_string()).await), "sorting-state");
        drop(work);
        agree(&lender, "feng", planned.approval.unwrap()).await.unwrap();
        let mut work = lender.work("gui").await;
        actions::start(&mut work, &id.to_string()).await.unwrap();
        work.commit().await.unwrap();
        let found = all(&lender, id).await;
        let lin = lender.user("lin").await;
        assert_eq!(found.iter().map(|one| one.assignee).collect::<Vec<_>>(), [lin, lin], "the manager verifies");
        assert_eq!(lender.count(ITEM_DUTIES).await, 2);
        let bulk = "select count(*) as n from duty where kind = 'sorting_item' and members = 2";
        assert_eq!(lender.count(bulk).await, 1, "one duty with a case a customer");
        verify(&lender, "lin", found[0].id).await.unwrap();
        assert_eq!(lender.count(ITEM_DUTIES).await, 1, "what is verified is done");
        assert_eq!(code(make(&lender, id, &judged()).await), "sorting-items-open");
        // Review by somebody else, with a return.
        assert_eq!(code(review(&lender, "shen", found[0].id, false, " ").await), "field-empty");
        review(&lender, "shen", found[0].id, false, "未见原件").await.unwrap();
        assert_eq!(lender.count(ITEM_DUTIES).await, 2, "what comes back is a duty again");
        verify(&lender, "lin", found[0].id).await.unwrap();
        verify(&lender, "lin", found[1].id).await.unwrap();
        assert_eq!(code(make(&lender, id, &judged()).await), "sorting-review-share");
        review(&lender, "shen", found[0].id, true, "").await.unwrap();
        // A problem with its duty, rectified by its owner, confirmed by another.
        let key = problem(&lender, found[1].id).await.to_string();
        let open = "select count(*) as n from duty where kind = 'sorting_problem' and state = 'open'";
        assert_eq!(lender.count(open).await, 1);
        let mut work = lender.work("lin").await;
        problems::rectify(&mut work, &key, "已补收报表").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 1, "said is not confirmed");
        let mut work = lender.work("shen").await;
        problems::confirm(&mut work, &key, true, "").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 0);
        assert_eq!(code(make(&lender, id, &judged()[..3]).await), "sorting-goals");
        make(&lender, id, &judged()).await.unwrap();
        assert_eq!(project(&lender, id).await.state, ProjectState::Reporting);
        agree_to_report(&lender, id).await;
        let over = project(&lender, id).await;
        let today = lender.work("gui").await.business_date;
        let again = today.checked_add(jiff::Span::new().months(6)).unwrap();
        assert_eq!((over.state, over.closed_on, over.review_on), (ProjectState::Closed, Some(today), Some(again)));
        assert_eq!(code(make(&lender, id, &judged()).await), "sorting-state", "not before its day");
        let mut work = lender.system().await;
        let made = report::of_project(&mut work.tx, id).await.unwrap().pop().unwrap();
        drop(work);
        assert_eq!(
            (made.state, made.content.items, made.content.problems),
            (ReportState::Approved, (2, 2, 1), (1, 1, 1))
        );
        // Half a year later the result is evaluated again.
        let asked = "select count(*) as n from duty_member where subject like 'sorting_project:%' and state = 'open'";
        close(&lender, CloseDay::of(again.yesterday().unwrap()).unwrap()).await;
        close(&lender, CloseDay::of(again).unwrap()).await;
        assert_eq!(lender.count(asked).await, 1, "asked once");
        move_to(&lender, again).await;
        make(&lender, id, &judged()).await.unwrap();
        agree_to_report(&lender, id).await;
        assert_eq!(lender.count(asked).await, 0);
        assert_eq!(lender.count("select count(*) as n from sorting_report where state = 'approved'").await, 2);
    }
}

// S3-07, S3-13, S3-18, S3-21, S3-26, S3-30, S3-31. Rules sorting.figures, sorting.warnings, sorting.strategy,
// sorting.completeness, sorting.plan3_service
#[tokio::test]
async fn the_figures_are_those_of_the_day_and_what_nobody_told_is_no_data() {
    for lender in guarantors().await {
        let good = company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        let fair = company(&lender, "示例乙", "70", "贷款 逾期12天").await;
        company(&lender, "示例丙", "90", "").await;
        company(&lender, "示例丁", "50", "贷款 逾期0天 违约").await;
        let id = running(&lender, &plan(&lender).await).await;
        record(&lender, good, &[("lawfully_established", "true")]).await;
        let before = |items: &[Item], of: CustomerId| {
            items.iter().find(|one| one.customer == of).unwrap().before.get("guarantee_risk_grade").cloned()
        };
        let found = all(&lender, id).await;
        assert_eq!(before(&found, good).as_deref(), Some("low"));
        assert_eq!(before(&found, fair).as_deref(), Some("medium"));
        record(&lender, fair, &[("guarantee_score_centi", "59")]).await;
        for one in &found {
            verify(&lender, "lin", one.id).await.unwrap();
        }
        review(&lender, "shen", found[0].id, true, "").await.unwrap();
        let mut work = lender.work("gui").await;
        let (_, content) = report::preview(&mut work, &id.to_string()).await.unwrap();
        // The third has no loans: nobody tells of a default, its grade was not decided.
        let share = |one: customers::sorting::model::Share| (one.part, one.whole);
        assert_eq!(share(content.accuracy), (3, 3), "low and medium without, high with default");
        assert_eq!(share(content.warned), (0, 1), "the warning came with the overdue, not before it");
        assert_eq!(share(content.false_alarms), (0, 1));
        assert_eq!((share(content.premium_before), share(content.premium_now)), ((1, 4), (1, 4)));
        assert_eq!(content.satisfaction, (None, None));
        assert_eq!(share(content.completeness), (1, 76), "one of 19 data and papers of each of four files");
        let moved = &content.migrations[0];
        assert_eq!(moved.standing("medium"), (1, 0), "medium became high");
        assert_eq!(moved.standing("high"), (1, 2));
        let today = work.business_date;
        let policy = policies::in_force(&mut work, today).await.unwrap();
        let said = |scheme: &str, outcome: &str| -> Vec<String> {
            let axis = rules::axes_of(&policy, today, scheme).into_iter().next().unwrap();
            rules::strategy(&policy, today, &axis, outcome).into_iter().map(|(_, value)| value).collect()
        };
        assert_eq!(said("plan1", "high"), ["strict", "strengthened", "watch"]);
        assert_eq!(said("plan1", "low"), ["widened", "standard", "simplified"]);
        assert_eq!(said("plan2", "premium"), ["deepen"]);
        assert_eq!(said("plan3", "risk"), ["attention"]);
        assert_eq!(rules::schemes(&policy, today)[..3], ["plan1", "plan2", "plan3"]);
    }
}

// S3-13: satisfaction is the latest survey against the one before it.
#[tokio::test]
async fn satisfaction_is_the_latest_survey_against_the_one_before() {
    use customers::sorting::report::preview;
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "").await;
        let id = running(&lender, &plan(&lender).await).await;
        let mut work = lender.work("gui").await;
        let today = work.business_date;
        let key = id.to_string();
        for (days, score_centi) in [(-180, 8_800), (0, 9_150)] {
            let new = customers::sorting::team::Survey { on: later(today, days), answers: 20, score_centi };
            customers::sorting::team::survey(&mut work, &key, &new).await.unwrap();
        }
        let training = customers::sorting::team::Training {
            topic: "风险识别".to_owned(),
            on: today,
            hours: 4,
            attended: "林、桂".to_owned(),
        };
        // S3-12: the working group is trained.
        customers::sorting::team::train(&mut work, &key, &training).await.unwrap();
        let (_, content) = preview(&mut work, &key).await.unwrap();
        assert_eq!(content.satisfaction, (Some(8_800), Some(9_150)));
        assert_eq!(customers::sorting::team::trainings(&mut work.tx, id).await.unwrap(), [training]);
    }
}

// S3-19, S3-29. Rules duty.sorting_step, sorting.dates
#[tokio::test]
async fn an_overdue_step_is_asked_for_once_and_its_outcome_closes_the_duty() {
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "").await;
        let id = running(&lender, &plan(&lender).await).await;
        let first = project(&lender, id).await.plan.steps[0].clone();
        let open = "select count(*) as n from duty_member where subject like 'sorting_step:%' and state = 'open'";
        close(&lender, CloseDay::of(first.due_on.yesterday().unwrap()).unwrap()).await;
        assert_eq!(lender.count(open).await, 0, "on its day it is not overdue");
        close(&lender, CloseDay::of(first.due_on).unwrap()).await;
        close(&lender, CloseDay::of(first.due_on.tomorrow().unwrap()).unwrap()).await;
        assert_eq!(lender.count(open).await, 1);
        let mut work = lender.work("gui").await;
        assert_eq!(code(actions::finish_step(&mut work, &id.to_string(), "plan", " ").await), "field-empty");
        actions::finish_step(&mut work, &id.to_string(), "plan", "方案已定，培训完成").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 0);
    }
}

// S3-24, S3-27. Rule sorting.industry
#[tokio::test]
async fn the_latest_sheet_of_the_closest_industry_counts_until_its_day() {
    for lender in guarantors().await {
        let mut work = lender.work("gui").await;
        let today = work.business_date;
        let sheet = |code: &str, trend: &str, until: Date| industry::Sheet {
            code: code.to_owned(),
            risk: "medium".to_owned(),
            trend: trend.to_owned(),
            policy: "产能置换".to_owned(),
            competition: "中小厂多".to_owned(),
            strategy: "控新增、看现金流".to_owned(),
            until,
            on: today,
            by: String::new(),
        };
        assert_eq!(
            code(industry::record(&mut work, &sheet("Z99", "平稳", later(today, 90))).await),
            "sorting-industry-code"
        );
        assert_eq!(code(industry::record(&mut work, &sheet("C33", "平稳", today)).await), "sorting-until-past");
        industry::record(&mut work, &sheet("C33", "平稳", later(today, 300))).await.unwrap();
        industry::record(&mut work, &sheet("C33", "下行", later(today, 90))).await.unwrap();
        let of = async |work: &mut platform::work::Work, on| {
            industry::latest(&mut work.tx, "C3351", on).await.unwrap().map(|one| one.trend)
        };
        assert_eq!(of(&mut work, today).await.as_deref(), Some("下行"));
        assert_eq!(of(&mut work, later(today, 91)).await.as_deref(), Some("平稳"));
        assert_eq!(of(&mut work, later(today, 301)).await, None);
        assert_eq!(industry::latest(&mut work.tx, "2110", today).await.unwrap(), None);
    }
}

// S3-19. Rules sorting.scope, sorting.start
#[tokio::test]
async fn whoever_may_not_is_refused_and_nothing_is_written() {
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "").await;
        let good = plan(&lender).await;
        let twisted = Plan { ends_on: later(good.starts_on, -1), ..good.clone() };
        assert_eq!(code(submit(&lender, &twisted).await), "sorting-end-before-start");
        let mut late = good.clone();
        late.steps[5].due_on = later(late.ends_on, 1);
        assert_eq!(code(submit(&lender, &late).await), "sorting-timetable");
        let unable = Plan { lead: lender.user("reader").await, ..good.clone() };
        assert_eq!(code(submit(&lender, &unable).await), "sorting-may-not-work");
        let narrow = Plan { lead: lender.user("lin").await, ..good.clone() };
        assert_eq!(code(submit(&lender, &narrow).await), "sorting-lead-outside", "lin sees only the own customers");
        let early = Plan { starts_on: later(good.starts_on, 1), ..good.clone() };
        let early = submit(&lender, &early).await.unwrap();
        agree(&lender, "feng", project(&lender, early).await.approval.unwrap()).await.unwrap();
        let mut work = lender.work("gui").await;
        assert_eq!(code(actions::start(&mut work, &early.to_string()).await), "sorting-early");
        drop(work);
        let nobody = Plan { scope: Scope { branch: Some(BRANCH), ..Scope::default() }, ..good.clone() };
        let empty = submit(&lender, &nobody).await.unwrap();
        agree(&lender, "feng", project(&lender, empty).await.approval.unwrap()).await.unwrap();
        let mut work = lender.work("gui").await;
        assert_eq!(code(actions::start(&mut work, &empty.to_string()).await), "sorting-nobody");
        drop(work);
        let id = running(&lender, &good).await;
        let one = all(&lender, id).await.remove(0);
        assert_eq!(code(verify(&lender, "far", one.id).await), "customer-no-such-part", "another branch");
        assert_eq!(code(verify(&lender, "qian", one.id).await), "customer-no-such-part", "another's customer");
        assert_eq!(code(verify(&lender, "head", one.id).await), "sorting-not-yours");
        assert_eq!(code(verify(&lender, "reader", one.id).await), "denied");
        assert_eq!(code(review(&lender, "shen", one.id, true, "").await), "sorting-item-state", "not verified yet");
        verify(&lender, "lin", one.id).await.unwrap();
        assert_eq!(code(verify(&lender, "lin", one.id).await), "sorting-item-state");
        // Whoever holds both roles still does not review the own work.
        let mut work = lender.work("shen").await;
        work.actor.user = Some(lender.user("lin").await);
        assert_eq!(code(work_on::review(&mut work, &one.id.to_string(), true, "").await), "sorting-own-review");
        drop(work);
        let mut work = lender.work("gui").await;
        let head = lender.user("head").await;
        assert_eq!(code(work_on::assign(&mut work, &one.id.to_string(), head).await), "sorting-item-state");
        drop(work);
        review(&lender, "shen", one.id, true, "").await.unwrap();
        make(&lender, id, &judged()).await.unwrap();
        agree_to_report(&lender, id).await;
        let mut work = lender.work("lin").await;
        let said = Verification { on: work.business_date, method: "visit".to_owned(), text: "再看".to_owned() };
        assert_eq!(code(work_on::verify(&mut work, &one.id.to_string(), &said).await), "sorting-state", "closed");
        drop(work);
        let mut far = lender.work("far").await;
        assert_eq!(code(actions::seen(&mut far, &id.to_string(), "customer.view").await), "customer-no-such-part");
    }
}

// S3-19: given to another person; the old duty falls away. S3-29
#[tokio::test]
async fn a_customer_is_given_to_somebody_who_may_work_on_it() {
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "").await;
        let id = running(&lender, &plan(&lender).await).await;
        let one = all(&lender, id).await.remove(0);
        let (head, qian) = (lender.user("head").await, lender.user("qian").await);
        let mut work = lender.work("gui").await;
        assert_eq!(code(work_on::assign(&mut work, &one.id.to_string(), qian).await), "sorting-may-not-work");
        work_on::assign(&mut work, &one.id.to_string(), head).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(ITEM_DUTIES).await, 1, "one duty, the new one");
        assert_eq!(code(verify(&lender, "lin", one.id).await), "sorting-not-yours");
        verify(&lender, "head", one.id).await.unwrap();
        let now = all(&lender, id).await.remove(0);
        assert_eq!((now.state, now.assignee, now.turn), (ItemState::Verified, head, 2));
    }
}

// S3-12 (4). Rule sorting.stop
#[tokio::test]
async fn a_project_is_given_up_for_a_reason_and_its_duties_fall_away() {
    for lender in guarantors().await {
        for name in ["示例甲", "示例乙"] {
            company(&lender, name, "85", "").await;
        }
        let id = running(&lender, &plan(&lender).await).await;
        verify(&lender, "lin", all(&lender, id).await[0].id).await.unwrap();
        let key = id.to_string();
        let mut work = lender.work("gui").await;
        assert_eq!(code(actions::stop(&mut work, &key, " ").await), "field-empty");
        actions::stop(&mut work, &key, "范围有误，另定方案").await.unwrap();
        assert_eq!(code(actions::stop(&mut work, &key, "再停").await), "sorting-state");
        work.commit().await.unwrap();
        assert_eq!(project(&lender, id).await.state, ProjectState::Stopped);
        assert_eq!(lender.count(ITEM_DUTIES).await, 0, "nobody is to verify any more");
        assert_eq!(code(verify(&lender, "lin", all(&lender, id).await[1].id).await), "sorting-state");
        assert_eq!(lender.count("select count(*) as n from sorting_finding").await, 1, "what was found stays");
        let shown = lender.browser("gui").await.get(&format!("/sorting/{id}")).await.text;
        assert!(shown.contains("范围有误") && !shown.contains("编制报告"), "{shown}");
    }
}

// S3-29: a thousand customers become items with a few statements, and one bulk duty. Rule sorting.scope
#[tokio::test]
async fn a_thousand_customers_are_taken_at_once_within_the_scope() {
    for lender in guarantors().await {
        let new = lender.person("批量客户", None, None, "lin").await;
        let news: Vec<NewCustomer> = (0..1_000)
            .map(|n| {
                let kind = if n % 4 == 0 { CustomerKind::Person } else { CustomerKind::Company };
                NewCustomer { kind, name: format!("批量客户{n}"), ..new.clone() }
            })
            .collect();
        let mut work = lender.work("lin").await;
        customers::open_many(&mut work, "import.run", &news).await.unwrap();
        work.commit().await.unwrap();
        let wanted =
            Plan { scope: Scope { branch: Some(BranchId(1)), ..plan(&lender).await.scope }, ..plan(&lender).await };
        let id = running(&lender, &wanted).await;
        assert_eq!(all(&lender, id).await.len(), 750, "companies only");
        assert_eq!(
            lender.count("select count(*) as n from duty where kind = 'sorting_item' and members = 750").await,
            1
        );
    }
}

// S3-19. Rule sorting.problem: neither owner nor rectifier confirms; what does not suffice goes back.
#[tokio::test]
async fn a_rectification_that_does_not_suffice_goes_back_with_its_reason() {
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "").await;
        let id = running(&lender, &plan(&lender).await).await;
        let one = all(&lender, id).await.remove(0);
        let key = problem(&lender, one.id).await.to_string();
        let mut work = lender.work("shen").await;
        assert_eq!(code(problems::confirm(&mut work, &key, true, "").await), "sorting-problem-state");
        drop(work);
        let mut work = lender.work("head").await;
        assert_eq!(code(problems::rectify(&mut work, &key, "代办").await), "sorting-not-yours");
        drop(work);
        let mut work = lender.work("lin").await;
        problems::rectify(&mut work, &key, "已补收").await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work("shen").await;
        work.actor.user = Some(lender.user("lin").await);
        assert_eq!(code(problems::confirm(&mut work, &key, true, "").await), "sorting-own-review");
        drop(work);
        let mut work = lender.work("shen").await;
        problems::confirm(&mut work, &key, false, "报表未盖章").await.unwrap();
        let (back, _) = problems::seen(&mut work, &key, "customer.view").await.unwrap();
        assert_eq!(back.state, ProblemState::Open);
        work.commit().await.unwrap();
        let kept = "select count(*) as n from sorting_finding where problem_id is not null";
        assert_eq!(lender.count(kept).await, 3, "found, rectified, sent back");
    }
}
