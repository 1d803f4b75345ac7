//! A lender for tests: two branches, a team, people with every scope, the shipped micro-loan pack.

use std::collections::BTreeMap;
use std::sync::Arc;

use customers::identity::{IdentityKind, IdentityNo};
use customers::{CustomerKind, Customers, NewCustomer};
use platform::access::{AccessRules, Actor, Hashing, Origin, Roles, Scope, store};
use platform::app::Settings;
use platform::capability::Capability;
use platform::db::Db;
use platform::id::{BranchId, TeamId, UserId};
use platform::lending::{self, Spell, TellLending};
use platform::policies;
use platform::testbed::{self, Browser, House};
use platform::vault::Vault;
use platform::work::Work;

/// The facts that the lending capabilities offer to the pack.
struct Lending;

impl Capability for Lending {
    fn name(&self) -> &'static str {
        "lending"
    }
    fn migrations(&self) -> &'static [platform::db::Migration] {
        &[]
    }
    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }
    fn customer_facts(&self) -> Vec<platform::policies::CustomerFacts> {
        vec![loans_in_the_note]
    }
    fn lending(&self) -> Option<TellLending> {
        Some(lending_in_the_note)
    }
    fn policy_facts(&self) -> &'static str {
        "name,type,title_zh,title_en\noverdue_days,days 0..,逾期天数,Days overdue\n\
         all_in_rate_ppm,ppm 0..,综合融资成本,All-in rate\nlpr_1y_ppm,ppm 0..,一年期LPR,One-year LPR\n"
    }
}

/// A book of loans for tests: the note of a file `贷款 逾期12天 违约` says what the book would tell of its borrower.
fn loans_in_the_note<'a>(
    work: &'a mut Work,
    customer: platform::id::CustomerId,
    _: jiff::civil::Date,
) -> platform::event::BoxFuture<'a, Result<policy::Facts, platform::error::ActionError>> {
    Box::pin(async move {
        let file = customers::load(&mut work.tx, customer).await?;
        let note = file.and_then(|file| file.note).unwrap_or_default();
        let mut facts = policy::Facts::new();
        if note.starts_with("贷款") {
            // Only what stands before the amounts tells the days.
            let days: String =
                note.split("余额").next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            facts.insert("overdue_days".to_owned(), policy::Value::Integer(days.parse().unwrap_or(0)));
            facts.insert("default_exists".to_owned(), policy::Value::Boolean(note.contains("违约")));
        }
        Ok(facts)
    })
}

/// The same book over a period: `余额5000元 利息80元 准备10元` besides, and overdue since so many days up to today.
fn lending_in_the_note<'a>(
    work: &'a mut Work,
    customers: &'a [platform::id::CustomerId],
    _: (jiff::civil::Date, jiff::civil::Date),
) -> platform::event::BoxFuture<
    'a,
    Result<BTreeMap<platform::id::CustomerId, lending::Lending>, platform::error::ActionError>,
> {
    Box::pin(async move {
        let mut told = BTreeMap::new();
        for customer in customers {
            let file = customers::load(&mut work.tx, *customer).await?;
            let note = file.and_then(|file| file.note).unwrap_or_default();
            if !note.starts_with("贷款") {
                continue;
            }
            let number = |word: &str| -> i64 {
                let rest = note.split_once(word).map_or("", |(_, rest)| rest);
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                digits.parse().unwrap_or(0)
            };
            let days = number("逾期");
            let from = work.business_date.checked_sub(jiff::Span::new().days(days - 1)).unwrap();
            let overdue = if days > 0 { vec![Spell { from, to: None }] } else { Vec::new() };
            let yuan = |word: &str| finance::Fen(number(word) * 100);
            let one = lending::Lending {
                outstanding: yuan("余额"),
                interest: yuan("利息"),
                provision: yuan("准备"),
                overdue,
            };
            told.insert(*customer, one);
        }
        Ok(told)
    })
}

const ACTIONS: [&str; 22] = [
    "admission.begin",
    "care.record",
    "complaint.record",
    "complaint.handle",
    "customer.merge",
    "customer.view",
    "customer.edit",
    "document.view",
    "customer.export",
    "import.run",
    "personal.reveal",
    "contact.reveal",
    "sorting.work",
    "survey.record",
    "lead.view",
    "lead.record",
    "lead.work",
    "lead.assign",
    "campaign.plan",
    "partner.edit",
    "premium.record",
    "referral_reward.request",
];

/// The second branch, and a team of the first.
pub const BRANCH: BranchId = BranchId(2);
pub const TEAM: TeamId = TeamId(7);

/// A lender (测试机构).
pub struct Lender {
    pub house: House,
}

/// One lender on every database.
pub async fn lenders() -> Vec<Lender> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        all.push(Lender::over(db).await);
    }
    all
}

impl Lender {
    pub async fn over(db: Db) -> Self {
        Self::under(db, "microloan").await
    }

    /// Under the rules of another shipped pack.
    pub async fn under(db: Db, pack: &str) -> Self {
        Self::with(db, pack, testbed::packs()).await
    }

    /// Under rules of one's own.
    pub async fn with(db: Db, pack: &str, files: BTreeMap<String, String>) -> Self {
        let grants = |scope| ACTIONS.map(|action| (action, scope));
        let checks = [
            "customer.view",
            "evaluation.approve",
            "admission.approve",
            "level_adjustment.approve",
            "customer_merge.approve",
            "sorting_plan.approve",
            "sorting_report.approve",
            "referral_reward.approve",
            "care_plan.approve",
            "premium_enterprise.approve",
            "asset_proof.approve",
        ];
        let checks = checks.map(|action| (action, Scope::Institution));
        let roles = Roles::default()
            .with("chief", &grants(Scope::Institution))
            .with("head", &grants(Scope::Branch))
            .with("leader", &grants(Scope::Team))
            .with("officer", &grants(Scope::Own))
            .with("reader", &[("customer.view", Scope::Institution)])
            .with(
                "assessor",
                &["customer.view", "evaluation.record", "admission.assess"].map(|action| (action, Scope::Branch)),
            )
            .with(
                "planner",
                &["customer.view", "sorting.plan", "sorting.work"].map(|action| (action, Scope::Institution)),
            )
            .with("supervisor", &[("customer.view", Scope::Branch), ("sorting.review", Scope::Branch)])
            .with("risk_dept", &checks)
            .with("general_manager", &checks)
            .with("lobby", &["lead.view", "lead.record"].map(|action| (action, Scope::Own)))
            .with("finance", &["customer.view", "referral_reward.pay"].map(|action| (action, Scope::Institution)))
            .with("drafter", &[("policy.view", Scope::Institution), ("policy.draft", Scope::Institution)]);
        let settings = Settings {
            roles,
            access: AccessRules { hashing: Hashing::weak_for_tests(), ..AccessRules::default() },
            vault: Some(Vault::for_tests(7)),
            packs: Arc::new(files),
            ..Settings::default()
        };
        let people: [(&str, &[&str]); 16] = [
            ("chief", &["chief"]),
            ("head", &["head"]),
            ("leader", &["leader"]),
            ("lin", &["officer"]),
            ("qian", &["officer"]),
            ("far", &["head"]),
            ("reader", &["reader"]),
            ("ping", &["assessor"]),
            ("feng", &["risk_dept"]),
            ("zong", &["general_manager"]),
            ("drafter", &["drafter"]),
            ("gui", &["planner"]),
            ("shen", &["supervisor"]),
            ("tang", &["lobby"]),
            ("cai", &["finance"]),
            ("kuai", &["finance"]),
        ];
        let house = House::with(db, vec![Arc::new(Lending), Arc::new(Customers)], settings, &people).await;
        let lender = Self { house };
        let mut work = lender.system().await;
        policies::install(&mut work, pack).await.unwrap();
        let args = || platform::args![BRANCH, work.business_date];
        let (sql, values) =
            ("insert into branch (id, name, parent_id, opened_on) values ($1, '城东支行', 1, $2)", args());
        work.tx.execute(sql, values).await.unwrap();
        let sql = "insert into team (id, branch_id, name) values ($1, 1, '一组')";
        work.tx.execute(sql, platform::args![TEAM]).await.unwrap();
        let sql = "update app_user set team_id = $1 where login in ('leader', 'lin')";
        work.tx.execute(sql, platform::args![TEAM]).await.unwrap();
        let sql = "update app_user set branch_id = $1 where login = 'far'";
        work.tx.execute(sql, platform::args![BRANCH]).await.unwrap();
        work.commit().await.unwrap();
        lender
    }

    /// A writing transaction of the system.
    pub async fn system(&self) -> Work {
        Work::begin(&self.house.app, Actor::system(Origin::Setup)).await.unwrap()
    }

    /// A writing transaction of a person at the screen.
    pub async fn work(&self, login: &str) -> Work {
        let id = self.house.user_id(login).await;
        let mut tx = self.house.app.db.read().await.unwrap();
        let user = store::user(&mut tx, id).await.unwrap().unwrap();
        drop(tx);
        let actor = Actor {
            user: Some(id),
            name: user.name,
            grants: self.house.app.settings.roles.grants(user.roles.iter().map(String::as_str)),
            roles: user.roles,
            branch: user.branch,
            team: user.team,
            origin: Origin::Screen { address: "192.0.2.1".to_owned() },
            service: false,
            stands_for: None,
        };
        Work::begin(&self.house.app, actor).await.unwrap()
    }

    /// The key of a person.
    pub async fn user(&self, login: &str) -> UserId {
        self.house.user_id(login).await
    }

    /// A browser in Chinese in which this person is logged in.
    pub async fn browser(&self, login: &str) -> Browser {
        let mut browser = self.house.user(login).await;
        assert!(browser.get("/me?lang=zh-CN").await.status.is_success());
        browser
    }

    /// A person as a customer of this manager.
    pub async fn person(&self, name: &str, identity: Option<&str>, phone: Option<&str>, manager: &str) -> NewCustomer {
        let manager = self.user(manager).await;
        let mut tx = self.house.app.db.read().await.unwrap();
        let user = store::user(&mut tx, manager).await.unwrap().unwrap();
        NewCustomer {
            kind: CustomerKind::Person,
            name: name.to_owned(),
            aliases: Vec::new(),
            identity: identity.map(|number| IdentityNo::parse(IdentityKind::ResidentId, number).unwrap()),
            nationality: None,
            phone: phone.map(str::to_owned),
            address: None,
            note: None,
            branch: user.branch,
            team: user.team,
            manager,
            number: None,
        }
    }

    /// How many rows a query counts.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.house.app.db.read().await.unwrap();
        tx.fetch_one(sql, Vec::new()).await.unwrap().get("n").unwrap()
    }
}

/// A valid resident number of an impossible division, by its serial.
pub fn identity(serial: u32) -> String {
    let base = format!("99{:04}19900307{:03}", serial / 1000, serial % 1000);
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = base.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    base + &"10X98765432"[(sum % 11) as usize..=(sum % 11) as usize]
}
