//! A micro-lender for tests: the shipped pack, the calendar, a few people, and loans as a test wants them.

use std::collections::BTreeMap;
use std::sync::Arc;

use customers::customer::model::{CustomerKind, NewCustomer};
use finance::{Fen, Method, PenaltyRate, Rate, Terms};
use jiff::SignedDuration;
use jiff::civil::Date;
use platform::access::{Actor, Origin, Scope};
use platform::app::App;
use platform::capability::Capability;
use platform::close::{self, Closed};
use platform::db::Db;
use platform::id::{BranchId, CustomerId};
use platform::testbed::{self, House, packs};
use platform::work::Work;
use servicing::loan::actions::{Applied, open};
use servicing::loan::model::{NewLoan, Security};

/// A whole program with customers, loans and collections over a fresh database.
pub struct Lender {
    /// The program and its pages.
    pub house: House,
}

impl Lender {
    /// With users `boss` and `clerk` (everything), `viewer` (sees loans and cases, records nothing), `collector`, and `agent`
    /// (staff of an agency).
    pub async fn over(db: Db) -> Self {
        Self::with_packs(db, packs()).await
    }

    /// With these texts of packs instead of the shipped ones.
    pub async fn with_packs(db: Db, texts: BTreeMap<String, String>) -> Self {
        Self::made(db, texts, None, &[]).await
    }

    /// On every database, with one user more: `near` may do everything in the first branch, and nothing in another.
    pub async fn with_near_everywhere() -> Vec<Self> {
        let mut all = Vec::new();
        for db in testbed::databases().await {
            all.push(Self::made(db, packs(), None, &[("near", &["near"])]).await);
        }
        all
    }

    /// With a folder for messages that are files.
    pub async fn with_outbox(db: Db, folder: &std::path::Path) -> Self {
        Self::made(db, packs(), Some(folder.to_owned()), &[]).await
    }

    async fn made(
        db: Db,
        texts: BTreeMap<String, String>,
        outbox: Option<std::path::PathBuf>,
        more: &[(&str, &[&str])],
    ) -> Self {
        let capabilities: Vec<Arc<dyn Capability>> =
            vec![Arc::new(customers::Customers), Arc::new(servicing::Servicing), Arc::new(collections::Collections)];
        let platform: Arc<dyn Capability> = Arc::new(platform::house::Platform);
        let actions = capabilities.iter().chain([&platform]).flat_map(|c| c.permissions());
        let all: Vec<(&str, Scope)> = actions.map(|action| (*action, Scope::Institution)).collect();
        let viewer: &[(&str, Scope)] = &[("loan.view", Scope::Institution), ("case.view", Scope::Institution)];
        // As the shipped packs have it: a collector works his own cases of customers whom somebody else manages.
        let collector: Vec<(&str, Scope)> = ["customer.view", "contact.record", "contact.reveal"]
            .map(|action| (action, Scope::Branch))
            .into_iter()
            .chain(["case.view", "case.work", "stop_flag.set"].map(|action| (action, Scope::Own)))
            .collect();
        // Who works for an agency: the cases placed with that person, and nothing else.
        let provider = ["customer.view", "loan.view", "case.view", "case.work", "contact.record", "contact.reveal"]
            .map(|action| (action, Scope::Own));
        let mut settings =
            testbed::settings(&[("viewer", viewer), ("collection_officer", &collector), ("provider_user", &provider)]);
        let near: Vec<(&str, Scope)> = all.iter().map(|(action, _)| (*action, Scope::Branch)).collect();
        settings.roles = settings.roles.with(testbed::ALL, &all);
        if !more.is_empty() {
            settings.roles = settings.roles.with("near", &near);
        }
        settings.packs = Arc::new(texts);
        settings.outbox_folder = outbox;
        let users: &[(&str, &[&str])] = &[
            ("boss", &[testbed::ALL]),
            ("clerk", &[testbed::ALL]),
            ("viewer", &["viewer"]),
            ("collector", &["collection_officer"]),
            ("agent", &["provider_user"]),
        ];
        let users = [users, more].concat();
        let lender = Self { house: House::with(db, capabilities, settings, &users).await };
        let mut work = lender.work().await;
        platform::policies::install(&mut work, "microloan").await.unwrap();
        let files = packs();
        platform::calendar::import_days(&mut work, &files["calendar/holidays.csv"], "test").await.unwrap();
        platform::calendar::import_lpr(&mut work, &files["calendar/lpr.csv"]).await.unwrap();
        work.commit().await.unwrap();
        lender
    }

    /// On every database.
    pub async fn everywhere() -> Vec<Self> {
        let mut all = Vec::new();
        for db in testbed::databases().await {
            all.push(Self::over(db).await);
        }
        all
    }

    /// The program.
    pub fn app(&self) -> &App {
        &self.house.app
    }

    /// A transaction of the system.
    pub async fn work(&self) -> Work {
        Work::begin(self.app(), Actor::system(Origin::Setup)).await.unwrap()
    }

    /// A transaction of a person at the screen who may do everything, by log-in or, for people without one, by key.
    pub async fn desk(&self, user: platform::id::UserId) -> Work {
        let grants = self.app().settings.roles.grants([testbed::ALL]);
        let origin = Origin::Screen { address: "192.0.2.1".to_owned() };
        Work::begin(self.app(), Actor { user: Some(user), grants, ..Actor::system(origin) }).await.unwrap()
    }

    /// The same, by log-in.
    pub async fn at(&self, login: &str) -> Work {
        self.desk(self.house.user_id(login).await).await
    }

    /// How many rows a query counts.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.app().db.read().await.unwrap();
        tx.fetch_one(sql, Vec::new()).await.unwrap().get("n").unwrap()
    }

    /// A customer, managed by `boss`.
    pub async fn customer(&self, name: &str) -> CustomerId {
        self.customer_in(name, BranchId(1)).await
    }

    /// The same in another branch.
    pub async fn customer_in(&self, name: &str, branch: BranchId) -> CustomerId {
        let manager = self.house.user_id("boss").await;
        let mut work = self.work().await;
        let new = NewCustomer {
            kind: CustomerKind::Person,
            name: name.to_owned(),
            aliases: Vec::new(),
            identity: None,
            nationality: None,
            phone: Some("19900000001".to_owned()),
            address: None,
            note: None,
            branch,
            team: None,
            manager,
            number: None,
        };
        let opened = customers::customer::actions::open(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        opened.id
    }

    /// A loan of that customer.
    pub async fn loan(&self, customer: CustomerId, terms: Terms) -> Applied {
        self.loan_in(customer, terms, BranchId(1)).await
    }

    /// The same in another branch.
    pub async fn loan_in(&self, customer: CustomerId, terms: Terms, branch: BranchId) -> Applied {
        let manager = self.house.user_id("boss").await;
        let mut work = self.work().await;
        let new = NewLoan {
            customer,
            number: None,
            contract_number: None,
            product: "business_equal".to_owned(),
            purpose: "进货周转".to_owned(),
            security: Security::Credit,
            signed_on: terms.start_on,
            terms,
            branch,
            team: None,
            manager,
            note: None,
        };
        let applied = open(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        applied
    }

    /// Closes days until the business date is `until`; the clock goes along.
    pub async fn close_until(&self, until: Date) -> Closed {
        let last = until.yesterday().unwrap();
        let moment = platform::clock::civil_moment(until.at(9, 0, 0, 0)).unwrap();
        self.app().clock.set(moment);
        self.app().clock.advance(SignedDuration::from_secs(1));
        close::run(self.app(), last, 0, &mut |_| {}).await.unwrap()
    }
}

/// 100,000.00 at 12 % over some months in equal instalments, penalty half as much again.
pub fn plain(start_on: Date, months: u32) -> Terms {
    let mut terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), start_on, months, Rate::per_year(120_000_000));
    terms.overdue.penalty = Some(PenaltyRate::Uplift(500_000));
    terms
}
