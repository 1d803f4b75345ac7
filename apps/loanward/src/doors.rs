//! Every door of the whole program (权限走查): each route that any capability registers is tried by every shipped role,
//! by people of another branch, by nobody, and with hostile texts. The list is the router's own: a new page is walked
//! without being named here.

#![cfg(test)]

mod examples;
mod forms;
mod programs;
mod traces;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jiff::civil::date;
use platform::access::actions::{FirstUser, add_first_user};
use platform::access::{Actor, Hashing, Origin, Scope};
use platform::app::{App, Settings};
use platform::args;
use platform::clock::{Clock, civil_moment};
use platform::db::{AssertSqlSafe, Db, Tx};
use platform::id::BranchId;
use platform::locale::Lang;
use platform::page::query_escape;
use platform::testbed::{self, Browser, House, PASSWORD};
use platform::vault::Vault;
use platform::web::{Entry, RouteRecord, records};
use platform::work::Work;
use policy::Pack;

use crate::{demo, house, policies, shipped};

/// Holds every action of every capability in the whole institution.
const EVERYTHING: &str = "everything";
/// Texts that people or programs send to break a page.
const HOSTILE: [&str; 8] = [
    "<script>alert(7)</script>",
    "' or 1=1 --\"`;",
    "-1",
    "-9223372036854775808",
    "99999999999999999999999",
    "😀\u{202e}\u{5d0}\u{5d1}",
    "../../../etc/passwd\u{0}",
    "{{7*7}}%s%n",
];
/// What hostile markup looks like when somebody forgot to escape it.
const MARKUP: &str = "<script>alert(7)";
/// What an address is asked with.
const QUESTIONS: [&str; 18] = [
    "q", "view", "tab", "page", "size", "sort", "as_of", "known_at", "of", "level", "from", "show", "by", "table",
    "day", "month", "columns", "roles",
];

/// The whole program over a small demo book.
struct Walk {
    house: House,
    /// What stands for each parameter of a path, by the beginning of the path.
    things: BTreeMap<&'static str, String>,
    /// A name that nobody outside its branch may read.
    secret: String,
    /// A branch in which the things do not lie.
    elsewhere: i64,
}

impl Walk {
    async fn begin() -> Self {
        Self::over(testbed::sqlite().await).await
    }

    async fn over(db: Db) -> Self {
        let files = shipped::packs();
        let pack = Pack::load(&files, "microloan", &policies::dictionary().unwrap()).unwrap();
        let settings = Settings { packs: Arc::new(files), vault: Some(Vault::for_tests(7)), ..Settings::default() };
        let mut settings = settings.under_pack(&pack, date(2026, 11, 20)).unwrap();
        settings.access.hashing = Hashing::weak_for_tests();
        let all: Vec<(&str, Scope)> = house::capabilities_with_platform()
            .iter()
            .flat_map(|one| one.permissions())
            .map(|action| (*action, Scope::Institution))
            .collect();
        settings.roles = settings.roles.with(EVERYTHING, &all);
        let clock = Clock::simulated(civil_moment(date(2026, 8, 3).at(8, 0, 0, 0)).unwrap());
        let app = App::assemble_with(db, clock, 1, house::capabilities(), settings).await.unwrap();
        demo::small(&app).await.unwrap();
        let branches = branches(&app).await;
        let (things, secret) = things(&app, branches[1]).await;
        let house = House { router: platform::web::router(&app), app };
        Self { house, things, secret, elsewhere: branches[2] }
    }

    /// Lets somebody in with this role, in this branch.
    async fn hire(&self, login: &str, role: &str, branch: i64, lang: Lang) -> Browser {
        let mut work = Work::begin(&self.house.app, Actor::system(Origin::Setup)).await.unwrap();
        let first = FirstUser {
            login: login.to_owned(),
            name: format!("走查{login}"),
            roles: vec![role.to_owned()],
            password: Some(PASSWORD.to_owned()),
            must_change: false,
            lang,
        };
        add_first_user(&mut work, &first, (BranchId(branch), None)).await.unwrap();
        work.commit().await.unwrap();
        self.house.user(login).await
    }

    /// The path with things that exist in place of its parameters.
    fn fill(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        for (beginning, thing) in &self.things {
            if let Some(rest) = path.strip_prefix(beginning) {
                filled = format!("{thing}{rest}");
            }
        }
        params(&filled).into_iter().fold(filled.clone(), |path, param| {
            let thing = self.things.get(param).map_or("1", String::as_str);
            path.replace(&format!("{{{param}}}"), thing)
        })
    }

    /// How many rows every table holds but those of who is here.
    async fn rows(&self) -> BTreeMap<String, i64> {
        let mut tx = self.house.app.db.read().await.unwrap();
        let names = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
                     and name not in ('session', 'idempotency_key') order by name";
        let mut rows = BTreeMap::new();
        for row in tx.fetch_all(names, args![]).await.unwrap() {
            let name: String = row.get("name").unwrap();
            let count = AssertSqlSafe(format!("select count(*) as n from {name}"));
            rows.insert(name, tx.fetch_one(count, args![]).await.unwrap().get("n").unwrap());
        }
        rows
    }
}

/// The keys of the branches: head office first, the others in order of their founding.
async fn branches(app: &App) -> Vec<i64> {
    let mut tx = app.db.read().await.unwrap();
    let rows = tx.fetch_all("select id from branch order by id", args![]).await.unwrap();
    rows.iter().map(|row| row.get("id").unwrap()).collect()
}

/// A customer of a branch with a loan, and what hangs on them; the customer's name.
async fn things(app: &App, branch: i64) -> (BTreeMap<&'static str, String>, String) {
    let mut tx = app.db.read().await.unwrap();
    let mut found = BTreeMap::new();
    let loan = tx
        .fetch_one(
            "select l.customer_id, l.id, c.name from loan l join customer c on c.customer_id = l.customer_id \
             where l.branch_id = $1 and exists (select 1 from loan_transaction t where t.loan_id = l.id \
             and t.kind = 'repay') order by l.id limit 1",
            args![branch],
        )
        .await
        .unwrap();
    let (customer, id): (i64, i64) = (loan.get("customer_id").unwrap(), loan.get("id").unwrap());
    found.insert("/customers/{id}", format!("/customers/{customer}"));
    found.insert("/loans/{id}", format!("/loans/{id}"));
    for (param, sql) in [
        ("transaction", "select max(id) as id from loan_transaction where customer_id = $1 and kind = 'repay'"),
        ("contact", "select max(id) as id from contact_point where customer_id = $1"),
        ("relation", "select max(id) as id from relation where customer_id = $1"),
        ("document", "select max(id) as id from customer_document where customer_id = $1"),
        ("complaint", "select max(id) as id from complaint where customer_id = $1"),
        ("guarantee", "select max(id) as id from guarantee_entry where customer_id = $1"),
    ] {
        let key: Option<i64> = tx.fetch_one(sql, args![customer]).await.unwrap().get("id").unwrap();
        found.insert(param, key.unwrap_or(1).to_string());
    }
    for (beginning, place, sql) in [
        (
            "/duties/{customer}/{id}",
            "/duties",
            "select customer_id, id from duty where branch_id = $1 order by customer_id desc, id limit 1",
        ),
        (
            "/approvals/{customer}/{id}",
            "/approvals",
            "select customer_id, id from approval where branch_id = $1 order by id limit 1",
        ),
    ] {
        if let Some(row) = tx.fetch_optional(sql, args![branch]).await.unwrap() {
            let (customer, id): (i64, i64) = (row.get("customer_id").unwrap(), row.get("id").unwrap());
            found.insert(beginning, format!("{place}/{customer}/{id}"));
        }
    }
    won(&mut tx, branch, &mut found).await;
    let user = "select id from app_user where branch_id = $1 order by id limit 1";
    let user: i64 = tx.fetch_one(user, args![branch]).await.unwrap().get("id").unwrap();
    found.insert("/users/{id}", format!("/users/{user}"));
    found.insert("figure", "book".to_owned());
    found.insert("what", "principal".to_owned());
    found.insert("tag", "zh-CN".to_owned());
    found.insert("group", "credit".to_owned());
    found.insert("item", "credit_record".to_owned());
    found.insert("axis", "credit_grade".to_owned());
    found.insert("day", "2026-11-19".to_owned());
    (found, loan.get("name").unwrap())
}

/// How customers of a branch were won: a lead, a campaign with a cost, a partner with an agreement, a reward.
async fn won(tx: &mut Tx, branch: i64, found: &mut BTreeMap<&'static str, String>) {
    for (param, sql) in [
        ("lead", "select max(id) as id from lead where branch_id = $1"),
        ("reward", "select max(id) as id from referral_reward where branch_id = $1"),
        ("advance", "select max(id) as id from advance_list where branch_id = $1"),
        ("classification", "select max(id) as id from classification_run where branch_id = $1"),
        ("slip", "select max(id) as id from disbursement_slip where branch_id = $1"),
        ("statement", "select max(id) as id from settlement_statement where branch_id = $1"),
        (
            "plan",
            "select max(e.id) as id from care_plan e join customer c on c.customer_id = e.customer_id \
            where c.branch_id = $1",
        ),
        ("campaign", "select max(id) as id from campaign where branch_id is null or branch_id = $1"),
        ("enterprise", "select max(id) as id from premium_enterprise where branch_id = $1"),
        ("partner", "select max(id) as id from partner where branch_id is null or branch_id = $1"),
        (
            "agreement",
            "select max(a.id) as id from partner_agreement a join partner p on p.id = a.partner_id \
            where p.branch_id is null or p.branch_id = $1",
        ),
        (
            "cost",
            "select max(e.id) as id from campaign_cost e join campaign c on c.id = e.campaign_id \
            where c.branch_id is null or c.branch_id = $1",
        ),
    ] {
        let key: Option<i64> = tx.fetch_one(sql, args![branch]).await.unwrap().get("id").unwrap();
        found.insert(param, key.unwrap_or(1).to_string());
    }
}

/// The names of the parameters of a path.
fn params(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

async fn knock(browser: &mut Browser, method: &Method, path: &str) -> testbed::Answer {
    match *method {
        Method::GET => browser.get(path).await,
        _ => browser.post(path, &[]).await,
    }
}

/// What ends the walker's own session.
fn ends_session(record: &RouteRecord) -> bool {
    ["/logout", "/login", "/password"].contains(&record.path) || record.path.starts_with("/me/")
}

#[tokio::test]
async fn who_lacks_the_permission_is_refused_at_every_door_in_the_own_language_and_nothing_is_written() {
    //
    let walk = Walk::begin().await;
    let roles: Vec<String> = walk.house.app.roles().iter().map(|(id, _)| id.to_owned()).collect();
    let mut people = Vec::new();
    for (n, role) in roles.iter().enumerate() {
        let lang = if n % 2 == 0 { Lang::ZhCn } else { Lang::En };
        people.push((role, lang, walk.hire(&format!("door{n}"), role, 1, lang).await));
    }
    let before = walk.rows().await;
    let (mut refused, mut opened) = (0, 0);
    for (role, lang, browser) in &mut people {
        let grants = walk.house.app.roles().grants([role.as_str()]);
        for record in records(&walk.house.app) {
            let Entry::Action(action) = record.entry else { continue };
            if grants.contains_key(action) {
                opened += usize::from(record.method == Method::GET);
                continue;
            }
            let path = walk.fill(record.path);
            let answer = knock(browser, &record.method, &path).await;
            let words = if *lang == Lang::En { "Your roles do not include" } else { "您的角色不含" };
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {} {path}: {}", record.method, answer.text);
            assert!(answer.text.contains(words), "{role} {path} in {}: {}", lang.tag(), answer.text);
            assert!(!answer.text.contains(&walk.secret), "{role} {path} names the customer");
            refused += 1;
        }
    }
    assert_eq!(walk.rows().await, before, "a refusal writes nothing");
    assert!(refused > 1_000 && opened > 500, "{refused} refused, {opened} open");
    let mut stranger = walk.house.browser();
    for record in records(&walk.house.app).into_iter().filter(|record| record.entry != Entry::Public) {
        let path = walk.fill(record.path);
        let answer = match record.method {
            Method::GET => stranger.get(&path).await,
            _ => stranger.post_raw(&path, &[("name", "x")]).await,
        };
        assert!(answer.location().starts_with("/login"), "{} {path}: {}", record.method, answer.status);
    }
}

#[tokio::test]
async fn what_lies_in_another_branch_does_not_exist_for_whoever_works_in_this_one() {
    //
    let walk = Walk::begin().await;
    let mut inside = walk.hire("inside", EVERYTHING, 1, Lang::ZhCn).await;
    let things: Vec<&String> = walk.things.values().filter(|thing| thing.contains('/')).collect();
    let pages = forms::links(&mut inside, &own_pages(&walk), &things).await;
    assert!(pages.len() > 20, "{pages:?}");
    let mut forms = forms::harvest(&mut inside, &own_pages(&walk)).await;
    forms.retain(|form| things.iter().any(|thing| form.action.starts_with(*thing)));
    assert!(forms.len() > 12, "{forms:?}");
    let roles = walk.house.app.roles().clone();
    let narrow = roles
        .iter()
        .filter(|(_, role)| !role.grants.is_empty() && role.grants.values().all(|scope| *scope != Scope::Institution));
    let narrow: Vec<String> = narrow.map(|(id, _)| id.to_owned()).collect();
    assert!(narrow.len() > 8, "{narrow:?}");
    for (n, role) in narrow.iter().enumerate() {
        let mut far = walk.hire(&format!("far{n}"), role, walk.elsewhere, Lang::ZhCn).await;
        let before = walk.rows().await;
        for path in &pages {
            let answer = far.get(path).await;
            let gone = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
            assert!(gone, "{role} opens {path}: {} {}", answer.status, answer.text);
            assert!(!answer.text.contains(&walk.secret), "{role} {path} names the customer");
        }
        for form in &forms {
            let answer = far.post(&form.action, &form.pairs(None)).await;
            assert!(answer.status.is_client_error(), "{role} sends {}: {}", form.action, answer.status);
            assert!(!answer.text.contains(&walk.secret), "{role} {} names the customer", form.action);
        }
        assert_eq!(walk.rows().await, before, "{role} wrote something in another branch");
    }
}

/// The pages about one customer, loan, duty or approval, with things that exist.
fn own_pages(walk: &Walk) -> Vec<String> {
    let about = ["/customers/{id}", "/loans/{id}", "/duties/{customer}/{id}", "/approvals/{customer}/{id}"];
    let pages = records(&walk.house.app).into_iter().filter(|record| {
        record.method == Method::GET && about.iter().any(|beginning| record.path.starts_with(beginning))
    });
    pages.map(|record| walk.fill(record.path)).collect()
}

#[tokio::test]
async fn hostile_texts_break_no_page_and_are_never_markup() {
    let walk = Walk::begin().await;
    let mut browser = walk.hire("hostile", EVERYTHING, 1, Lang::ZhCn).await;
    let long = "x".repeat(10_000);
    let texts: Vec<&str> = HOSTILE.iter().copied().chain([long.as_str()]).collect();
    let mut pages = BTreeSet::new();
    let mut turn = 0;
    for record in records(&walk.house.app).into_iter().filter(|record| !ends_session(record)) {
        let filled = walk.fill(record.path);
        if record.method == Method::GET {
            for question in QUESTIONS {
                turn += 1;
                let asked = format!("{filled}?{question}={}", query_escape(texts[turn % texts.len()]));
                let answer = browser.get(&asked).await;
                whole(&answer, &asked);
            }
            pages.insert(filled.clone());
        }
        for param in params(record.path) {
            for text in &texts {
                let path = record.path.replace(&format!("{{{param}}}"), &query_escape(text));
                let path = walk.fill(&path);
                let answer = knock(&mut browser, &record.method, &path).await;
                whole(&answer, &path);
                assert!(!answer.status.is_success() || record.method == Method::GET, "{path}: {}", answer.status);
            }
        }
    }
    let pages: Vec<String> = pages.into_iter().collect();
    let forms = forms::harvest(&mut browser, &pages).await;
    assert!(forms.len() > 25, "{}", forms.len());
    for form in forms.iter().filter(|form| form.is_harmless()) {
        for field in &form.fields {
            turn += 1;
            for text in [texts[turn % texts.len()], HOSTILE[0]] {
                let answer = browser.post(&form.action, &form.pairs(Some((&field.0, text)))).await;
                whole(&answer, &format!("{} {}={text}", form.action, field.0));
            }
        }
    }
    // What was stored is drawn again: by every page that draws anything.
    for page in &pages {
        let answer = browser.get(page).await;
        whole(&answer, page);
        assert!(!answer.location().starts_with("/login"), "{page}: the walker was thrown out");
    }
}

/// Why somebody must not be contacted is told to nobody outside.
const KEPT_BACK: [&str; 2] = ["stop_flag_set", "stop_flag_lifted"];

// Rule `webhook.no-personal-data`
#[tokio::test]
async fn every_kind_of_event_is_offered_to_other_systems_or_kept_back_and_names_nobody() {
    let walk = Walk::begin().await;
    let app = &walk.house.app;
    let offered: BTreeSet<&str> = app.capabilities.iter().flat_map(|one| one.events()).copied().collect();
    let mut tx = app.db.read().await.unwrap();
    let kinds = tx.fetch_all("select distinct kind from event order by kind", args![]).await.unwrap();
    let kinds: Vec<String> = kinds.iter().map(|row| row.get("kind").unwrap()).collect();
    let lost: Vec<&String> =
        kinds.iter().filter(|kind| !offered.contains(kind.as_str()) && !KEPT_BACK.contains(&kind.as_str())).collect();
    assert!(lost.is_empty(), "name them in `Capability::events`, or above: {lost:?}");
    assert!(kinds.iter().filter(|kind| offered.contains(kind.as_str())).count() > 6, "{kinds:?}");
    let named = "select count(*) as n from event e join customer c on c.customer_id = e.customer_id \
                 where e.payload_json like '%' || c.name || '%'";
    assert_eq!(tx.fetch_one(named, args![]).await.unwrap().get::<i64>("n").unwrap(), 0);
    for lang in [Lang::ZhCn, Lang::En] {
        let locale = platform::locale::Locale::new(app.catalogue.clone(), lang);
        for kind in &offered {
            assert!(locale.find(&format!("event-{}", kind.replace('_', "-"))).is_some(), "{kind} in {}", lang.tag());
        }
    }
}

/// No failure of ours, and no markup of theirs.
fn whole(answer: &testbed::Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.text);
    assert!(!answer.text.contains(MARKUP), "{what} comes back as markup");
}
