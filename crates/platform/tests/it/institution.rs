//! An institution for the tests of duties, approvals and the close: the shipped micro-loan pack, and people in its roles.

use std::sync::Arc;

use jiff::civil::Date;
use platform::access::{Actor, DataScope, Origin, Scope};
use platform::app::{App, Settings};
use platform::capability::Capability;
use platform::close::{CloseProof, CloseStep};
use platform::db::{Db, Migration};
use platform::duty::Case;
use platform::id::{BranchId, CustomerId, UserId};
use platform::testbed::{self, House};
use platform::work::Work;
use platform::{calendar, policies};

/// The facts that the lending capabilities offer, and the parts of a close that a test brings.
#[derive(Default)]
pub struct Lending {
    pub steps: Vec<Arc<dyn CloseStep>>,
    pub proofs: Vec<Arc<dyn CloseProof>>,
    pub migrations: &'static [Migration],
    pub approvals: Vec<platform::approval::ApprovalKind>,
    pub subjects: Vec<Arc<dyn platform::policies::compare::PolicySubjects>>,
}

impl Capability for Lending {
    fn name(&self) -> &'static str {
        "lending"
    }
    fn migrations(&self) -> &'static [Migration] {
        self.migrations
    }
    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", "compare-loans = 笔借据\ncompare-npl = 不良余额\n"),
            ("en", "compare-loans = loans\ncompare-npl = Bad loans\n"),
        ]
    }
    fn policy_facts(&self) -> &'static str {
        "name,type,title_zh,title_en\noverdue_days,days 0..,逾期天数,Days overdue\n\
         all_in_rate_ppm,ppm 0..,综合融资成本,All-in rate\nlpr_1y_ppm,ppm 0..,一年期LPR,One-year LPR\n"
    }
    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        self.steps.clone()
    }
    fn close_proofs(&self) -> Vec<Arc<dyn CloseProof>> {
        self.proofs.clone()
    }
    fn policy_subjects(&self) -> Vec<Arc<dyn platform::policies::compare::PolicySubjects>> {
        self.subjects.clone()
    }
    fn approval_kinds(&self) -> Vec<platform::approval::ApprovalKind> {
        self.approvals.clone()
    }
}

const INSTITUTION: Scope = Scope::Institution;
/// What each role of the tests may do; the names are those of the shipped pack.
const ROLES: &[(&str, &[(&str, Scope)])] = &[
    ("credit_dept", &[("duty.view", Scope::Branch), ("contact.record", Scope::Branch)]),
    ("customer_manager", &[("duty.view", Scope::Own), ("contact.record", Scope::Own)]),
    (
        "credit_supervisor",
        &[
            ("duty.view", Scope::Branch),
            ("duty.assign", Scope::Branch),
            ("waiver.approve", Scope::Branch),
            ("close.run", Scope::Branch),
            ("close.acknowledge", Scope::Branch),
        ],
    ),
    (
        "general_manager",
        &[
            ("waiver.approve", INSTITUTION),
            ("policy.approve", INSTITUTION),
            ("policy.view", INSTITUTION),
            ("question.view", INSTITUTION),
            ("question.approve", INSTITUTION),
        ],
    ),
    ("risk_dept", &[("policy.approve", INSTITUTION), ("policy.view", INSTITUTION)]),
    ("compliance_admin", &[("policy.draft", INSTITUTION), ("policy.view", INSTITUTION)]),
    ("finance_dept", &[("calendar.manage", INSTITUTION), ("close.run", INSTITUTION)]),
];
const PEOPLE: &[(&str, &[&str])] = &[
    ("credit", &["credit_dept"]),
    ("manager", &["customer_manager"]),
    ("head", &["credit_supervisor"]),
    ("chief", &["general_manager"]),
    ("risk", &["risk_dept"]),
    ("rules", &["compliance_admin"]),
    ("finance", &["finance_dept"]),
    ("boss", &[testbed::ALL]),
];

pub fn settings() -> Settings {
    let mut settings = testbed::settings(ROLES);
    let all: Vec<(&str, Scope)> =
        platform::house::Platform.permissions().iter().map(|action| (*action, INSTITUTION)).collect();
    settings.roles = settings.roles.with(testbed::ALL, &all);
    settings.packs = Arc::new(testbed::packs());
    settings
}

/// An institution on Friday 2026-11-20 with the pack and the holiday lists installed.
pub async fn over(db: Db, lending: Lending) -> House {
    let house = House::with(db, vec![Arc::new(lending)], settings(), PEOPLE).await;
    let mut work = system(&house.app).await;
    policies::install(&mut work, "microloan").await.unwrap();
    calendar::import_days(&mut work, include_str!("../../../../packs/calendar/holidays.csv"), "test").await.unwrap();
    work.commit().await.unwrap();
    house
}

/// Work of the system itself.
pub async fn system(app: &App) -> Work {
    Work::begin(app, Actor::system(Origin::Console)).await.unwrap()
}

/// Work of a person.
pub async fn by(house: &House, login: &str) -> Work {
    let user = house.user_id(login).await;
    let roles: Vec<String> =
        PEOPLE.iter().find(|p| p.0 == login).unwrap().1.iter().map(|role| (*role).to_owned()).collect();
    let grants = house.app.settings.roles.grants(roles.iter().map(String::as_str));
    let actor = Actor {
        user: Some(user),
        name: login.to_owned(),
        roles,
        branch: BranchId(1),
        team: None,
        grants,
        origin: Origin::Screen { address: "127.0.0.1".to_owned() },
        service: false,
        stands_for: None,
    };
    Work::begin(&house.app, actor).await.unwrap()
}

/// A loan of this customer that is overdue since `anchor`.
pub fn case(customer: i64, anchor: Date, manager: Option<UserId>) -> Case {
    let fields = [
        ("customer_name", "梁文"),
        ("loan_no", "J001"),
        ("overdue_since", "2026-11-20"),
        ("overdue_days", "1"),
        ("overdue_amount", "1,200.00"),
        ("due_amount", "1,200.00"),
        ("due_on", "2026-11-27"),
    ];
    Case {
        customer: CustomerId(customer),
        subject: format!("loan:{customer}"),
        anchor,
        manager,
        personal: false,
        branch: BranchId(1),
        whom: format!("客户{customer}"),
        number: format!("J{customer:03}"),
        amount: Some(finance::Fen(120_000)),
        facts: [("overdue_days".to_owned(), policy::Value::Integer(1))].into(),
        fields: fields.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
    }
}

/// Everything, for lists.
pub fn everything() -> DataScope {
    DataScope::everything()
}
