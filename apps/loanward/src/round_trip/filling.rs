//! What the small demo lacks, done by its people: merged files, a sorting project, a meeting over a case.

use customers::{duplicate, merge};
use finance::Fen;
use platform::app::App;
use platform::approval::{self, Verdict};
use platform::args;
use platform::id::CustomerId;
use platform::work::Work;

use crate::import;

/// Two files become one, two pairs are judged not to be the same, and one of these judgements is taken back.
pub(super) async fn with_merges(app: &App) {
    let (maker, checker) = (import::actor(app, "cao").await.unwrap(), import::actor(app, "guo").await.unwrap());
    let mut work = Work::begin(app, maker.clone()).await.unwrap();
    let sql = "select customer_id from customer_view where kind = 'person' order by customer_id limit 12";
    let found = work.tx.fetch_all(sql, vec![]).await.unwrap();
    let files: Vec<CustomerId> = found.iter().map(|row| row.get("customer_id").unwrap()).collect();
    for pair in files[..4].chunks(2) {
        duplicate::actions::judge(&mut work, pair[0], pair[1], "面谈核实为两人").await.unwrap();
    }
    duplicate::actions::end(&mut work, files[0], files[1], "认定有误").await.unwrap();
    let mut asked = None;
    for pair in files.windows(2) {
        let wish = merge::actions::Wish { gone: pair[0], into: pair[1], reason: "面谈核实为同一人".to_owned() };
        // Some of the demo stand in each other's files, and one pair was judged apart.
        if asked.is_none() {
            asked = merge::actions::request(&mut work, &wish).await.ok();
        }
    }
    let asked = asked.unwrap();
    work.commit().await.unwrap();
    let mut work = Work::begin(app, checker).await.unwrap();
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, asked.gone, asked.approval.unwrap(), &verdict).await.unwrap();
    work.commit().await.unwrap();
}

/// A guarantee of which part ended, and a complaint that was answered.
pub(super) async fn with_registers(app: &App) {
    use customers::complaint::{actions as complaints, model as complaint};
    use customers::guarantee::{actions as guarantees, model as guarantee};
    let mut work = of(app, "tang").await;
    let (today, branch) = (work.business_date, work.actor.branch);
    let sql = "select customer_id from customer_view where branch_id = $1 and state = 'active' \
               order by customer_id desc limit 1";
    let id: CustomerId = work.tx.fetch_one(sql, args![branch]).await.unwrap().get("customer_id").unwrap();
    let new = guarantee::NewGuarantee {
        side: guarantee::Side::ByCustomer,
        kind: "loan".to_owned(),
        number: "保2026-001".to_owned(),
        beneficiary: "示例银行".to_owned(),
        debtor: "示例乙公司".to_owned(),
        amount: Fen(100_000_000),
        cover: Fen(0),
        from: today,
        until: today,
        project: String::new(),
        purpose: "流动资金".to_owned(),
    };
    let key = guarantees::enter(&mut work, id, &new).await.unwrap();
    let part = (guarantee::StepKind::Reduced, Some(Fen(1_000)));
    guarantees::step(&mut work, (id, key), part, (today, "解除函")).await.unwrap();
    let new = complaint::NewComplaint {
        kind: "charges".to_owned(),
        way: complaint::Way::Phone,
        content: "多收手续费".to_owned(),
        wish: String::new(),
        received_on: today,
    };
    let key = complaints::register(&mut work, id, &new).await.unwrap();
    let answer = complaint::Answer {
        outcome: complaint::Outcome::Unfounded,
        note: "按合同计收，已说明".to_owned(),
        improvement: String::new(),
        told_on: today,
        told_way: complaint::Way::Phone,
    };
    complaints::answer(&mut work, (id, key), &answer).await.unwrap();
    applied(&mut work, id).await;
    work.commit().await.unwrap();
}

/// An application that waits for its check sheet.
async fn applied(work: &mut Work, id: CustomerId) {
    let asked = customers::admission::model::Application {
        product: "business_equal".to_owned(),
        amount: Fen(5_000_000),
        months: 12,
        purpose: "进货".to_owned(),
        repayment_source: "经营收入".to_owned(),
        method: "credit".to_owned(),
        preliminary: "资料合规齐全".to_owned(),
    };
    customers::admission::actions::begin(work, id, &asked).await.unwrap();
}

/// A meeting of the management group over a case, signed, its task done.
pub(super) async fn with_meeting(app: &App) {
    use collections::group::{actions as meetings, model};
    let mut work = of(app, "collection_manager").await;
    let sql = "select customer_id from customer_view where state = 'active' order by customer_id";
    let rows = work.tx.fetch_all(sql, vec![]).await.unwrap();
    let files: Vec<CustomerId> = rows.iter().map(|row| row.get("customer_id").unwrap()).collect();
    let open = collections::case::store::open_of_all(&mut work.tx, &files).await.unwrap();
    let case = open.into_values().next().unwrap();
    let mut heads = Vec::new();
    for login in ["tang", "gu", "han"] {
        heads.push(import::actor(app, login).await.unwrap());
    }
    let head = heads.into_iter().find(|actor| actor.branch == case.branch).unwrap();
    work.actor.branch = case.branch;
    let maker = work.actor.clone();
    let (on, person) = (work.business_date, maker.user.unwrap());
    let new = model::NewMeeting {
        held_on: on,
        head: head.user.unwrap(),
        members: vec![person],
        words: "逐户讨论".to_owned(),
    };
    let id = meetings::record(&mut work, &new).await.unwrap().to_string();
    let new = model::NewResolution {
        case: case.number,
        resolution: "先约谈".to_owned(),
        task: "约谈".to_owned(),
        person: Some(person),
        due_on: Some(on),
    };
    let task = meetings::resolve(&mut work, &id, &new).await.unwrap().to_string();
    work.commit().await.unwrap();
    let mut work = Work::begin(app, head).await.unwrap();
    meetings::sign(&mut work, &id).await.unwrap();
    work.commit().await.unwrap();
    let mut work = Work::begin(app, maker).await.unwrap();
    meetings::done(&mut work, &task, "已约谈").await.unwrap();
    work.commit().await.unwrap();
}

/// A writing transaction of somebody of the demo.
async fn of(app: &App, login: &str) -> Work {
    Work::begin(app, import::actor(app, login).await.unwrap()).await.unwrap()
}

/// Goes over the companies of the demo: planned, agreed to, verified, reviewed, reported on.
pub(super) async fn sort(app: &App) {
    use customers::sorting::{actions, items, report, rules, work as on};
    let id = planned_sorting(app).await;
    let key = id.to_string();
    let mut work = of(app, "guo").await;
    actions::start(&mut work, &key).await.unwrap();
    let all = items::of_project(&mut work.tx, id).await.unwrap();
    work.commit().await.unwrap();
    go_over(app, &key, &all).await;
    for login in ["tang", "gu", "han"] {
        let mut work = of(app, login).await;
        for item in &all {
            // Each reviews what lies in the own branch.
            on::review(&mut work, &item.id.to_string(), true, "").await.ok();
        }
        work.commit().await.unwrap();
    }
    let mut work = of(app, "guo").await;
    let today = work.business_date;
    let policy = platform::policies::in_force(&mut work, today).await.unwrap();
    let judged = rules::goals(&policy, today, "general").into_iter().map(|goal| report::Judged {
        goal,
        judgement: "met".to_owned(),
        words: "见数据".to_owned(),
    });
    report::make(&mut work, &key, &judged.collect::<Vec<_>>(), "已清").await.unwrap();
    work.commit().await.unwrap();
}

/// A project whose plan somebody else agreed to.
async fn planned_sorting(app: &App) -> customers::sorting::model::ProjectId {
    use customers::sorting::model::{Member, Plan, Scope, Step};
    use customers::sorting::{actions, rules, store};
    let mut work = of(app, "guo").await;
    let today = work.business_date;
    let lead = work.actor.user.unwrap();
    let policy = platform::policies::in_force(&mut work, today).await.unwrap();
    let later = |days: i64| today.checked_add(jiff::Span::new().days(days)).unwrap();
    let step = |(step, days): (String, i64)| Step {
        id: 0,
        step,
        due_on: later(days),
        done_on: None,
        note: String::new(),
        asked_on: None,
        version: 1,
    };
    let plan = Plan {
        title: "往返".to_owned(),
        aim: "往返".to_owned(),
        scheme: "general".to_owned(),
        starts_on: today,
        ends_on: later(90),
        scope: Scope { kind: Some(customers::CustomerKind::Company), ..Scope::default() },
        lead,
        members: vec![Member { user: lead, duty: "组织".to_owned() }],
        steps: rules::steps(&policy, today).into_iter().map(step).collect(),
    };
    let id = actions::submit(&mut work, &plan).await.unwrap();
    work.commit().await.unwrap();
    let mut work = of(app, "cao").await;
    let key = store::find(&mut work.tx, id).await.unwrap().unwrap().approval.unwrap();
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, CustomerId(0), key, &verdict).await.unwrap();
    work.commit().await.unwrap();
    id
}

/// Each customer verified, a problem, an industry, a training, a survey, a step done.
async fn go_over(app: &App, key: &str, all: &[customers::sorting::model::Item]) {
    use customers::sorting::model::{ProblemKind, Verification};
    use customers::sorting::{actions, industry, problems, team, work as on};
    let mut work = of(app, "guo").await;
    let today = work.business_date;
    let lead = work.actor.user.unwrap();
    let later = |days: i64| today.checked_add(jiff::Span::new().days(days)).unwrap();
    let said = Verification { on: today, method: "visit".to_owned(), text: "相符".to_owned() };
    for item in all {
        on::verify(&mut work, &item.id.to_string(), &said).await.unwrap();
    }
    let new =
        problems::NewProblem {
            kind: ProblemKind::Risk, detail: "对外担保".to_owned(), owner: lead, due_on: later(9)
        };
    problems::record(&mut work, &all[0].id.to_string(), &new).await.unwrap();
    let sheet = industry::Sheet {
        code: "C33".to_owned(),
        risk: "low".to_owned(),
        trend: "平稳".to_owned(),
        policy: "支持".to_owned(),
        competition: "充分".to_owned(),
        strategy: "择优".to_owned(),
        until: later(300),
        on: today,
        by: String::new(),
    };
    industry::record(&mut work, &sheet).await.unwrap();
    let training = team::Training { topic: "识险".to_owned(), on: today, hours: 2, attended: "郭".to_owned() };
    team::train(&mut work, key, &training).await.unwrap();
    team::survey(&mut work, key, &team::Survey { on: today, answers: 3, score_centi: 9_000 }).await.unwrap();
    actions::finish_step(&mut work, key, "plan", "已定").await.unwrap();
    work.commit().await.unwrap();
}
