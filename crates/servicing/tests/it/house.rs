//! A micro-lender for tests: the shipped pack, the calendar, a few people, and loans as a test wants them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use customers::Customers;
use customers::customer::model::{CustomerKind, NewCustomer};
use finance::{Fen, Method, PenaltyRate, Rate, Terms};
use jiff::SignedDuration;
use jiff::civil::Date;
use platform::access::{Actor, Origin, Scope};
use platform::app::App;
use platform::capability::Capability;
use platform::close::{self, Closed};
use platform::db::Db;
use platform::id::{BranchId, CustomerId, UserId};
use platform::testbed::{self, Answer, Browser, House, packs};
use platform::work::Work;
use servicing::Servicing;
use servicing::loan::actions::{Applied, open};
use servicing::loan::model::{LoanKey, NewLoan, Security};

/// The day the house stands on at first.
pub const TODAY: Date = Date::constant(2026, 11, 20);

/// A role that looks at what is one's own and may take away without limit; nobody holds it at first.
pub const TAKER: &str = "taker";

/// A whole program with customers and loans over a fresh database.
pub struct Lender {
    /// The program and its pages.
    pub house: House,
}

impl Lender {
    /// With users `boss` (everything), `clerk` (everything too), `own` (only what is his) and `prepare` (opens loans of
    /// his own customers and pays none out).
    pub async fn over(db: Db) -> Self {
        Self::with(db, packs()).await
    }

    /// The same under these packs.
    pub async fn with(db: Db, files: BTreeMap<String, String>) -> Self {
        let capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(Customers), Arc::new(Servicing)];
        let platform: Arc<dyn Capability> = Arc::new(platform::house::Platform);
        let actions = capabilities.iter().chain([&platform]).flat_map(|c| c.permissions());
        let all: Vec<(&str, Scope)> = actions.map(|action| (*action, Scope::Institution)).collect();
        let own: &[(&str, Scope)] = &[("loan.view", Scope::Own), ("loan.repay", Scope::Own)];
        let prepare: &[(&str, Scope)] =
            &[("loan.view", Scope::Own), ("loan.open", Scope::Own), ("customer.view", Scope::Own)];
        let taker: &[(&str, Scope)] = &[("loan.view", Scope::Own), ("loan.export", Scope::Institution)];
        let mut settings = testbed::settings(&[("customer_manager", own), ("loan_officer", prepare), (TAKER, taker)]);
        settings.roles = settings.roles.with(testbed::ALL, &all);
        settings.packs = Arc::new(files.clone());
        let users: &[(&str, &[&str])] = &[
            ("boss", &[testbed::ALL]),
            ("clerk", &[testbed::ALL]),
            ("own", &["customer_manager"]),
            ("prepare", &["loan_officer"]),
        ];
        let house = House::with(db, capabilities, settings, users).await;
        let lender = Self { house };
        let mut work = lender.work().await;
        platform::policies::install(&mut work, "microloan").await.unwrap();
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

    /// A customer, managed by `boss`.
    pub async fn customer(&self, name: &str) -> CustomerId {
        self.customer_of(name, "boss").await
    }

    /// A customer, managed by somebody.
    pub async fn customer_of(&self, name: &str, manager: &str) -> CustomerId {
        let manager = self.house.user_id(manager).await;
        let mut work = self.work().await;
        let opened = customers::customer::actions::open(&mut work, &person(name, manager)).await.unwrap();
        work.commit().await.unwrap();
        opened.id
    }

    /// A loan of that customer.
    pub async fn loan(&self, customer: CustomerId, terms: Terms) -> Applied {
        let manager = self.house.user_id("boss").await;
        let mut work = self.work().await;
        let applied = open(&mut work, &new_loan(customer, manager, terms)).await.unwrap();
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

    /// The kept position.
    pub async fn kept(&self, key: LoanKey) -> servicing::position::model::LoanPosition {
        let mut tx = self.app().db.read().await.unwrap();
        servicing::position::store::find(&mut tx, key).await.unwrap().unwrap()
    }
}

/// Sends a form with a file as a browser does: to the page it stands on, with the page's guard.
pub async fn send_file(
    browser: &mut Browser,
    page: &str,
    fields: &[(&str, &str)],
    file: (&str, &str, &[u8]),
) -> Answer {
    let form = browser.get(page).await;
    let guard = ["_csrf", "_once"].map(|name| (name, form.hidden(name).unwrap()));
    let guard = guard.iter().map(|(name, value)| (*name, value.as_str()));
    send_file_as(browser, page, &guard.chain(fields.iter().copied()).collect::<Vec<_>>(), file).await
}

/// Sends exactly these fields and this file: field, name, content.
pub async fn send_file_as(
    browser: &mut Browser,
    page: &str,
    fields: &[(&str, &str)],
    (field, name, content): (&str, &str, &[u8]),
) -> Answer {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    let request = Request::post(page)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

/// A person without papers.
pub fn person(name: &str, manager: UserId) -> NewCustomer {
    NewCustomer {
        kind: CustomerKind::Person,
        name: name.to_owned(),
        aliases: Vec::new(),
        identity: None,
        nationality: None,
        phone: Some("19900000001".to_owned()),
        address: None,
        note: None,
        branch: BranchId(1),
        team: None,
        manager,
        number: None,
    }
}

/// What opening a loan takes.
pub fn new_loan(customer: CustomerId, manager: UserId, terms: Terms) -> NewLoan {
    NewLoan {
        customer,
        number: None,
        contract_number: None,
        product: "business_equal".to_owned(),
        purpose: "进货周转".to_owned(),
        security: Security::Credit,
        signed_on: terms.start_on,
        terms,
        branch: BranchId(1),
        team: None,
        manager,
        note: None,
    }
}

/// 100,000.00 at 12 % over 12 months in equal instalments, penalty half as much again.
pub fn plain(start_on: Date) -> Terms {
    let mut terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), start_on, 12, Rate::per_year(120_000_000));
    terms.overdue.penalty = Some(PenaltyRate::Uplift(500_000));
    terms
}
