//! A small file room to look at in a browser: `cargo run -p customers --example file_room`, log in as `lin`.
//!
//! The password is the one of the tests (`platform::testbed::PASSWORD`). The database is a fresh file in the temporary
//! folder; nothing in it is about real people.

#![expect(clippy::unwrap_used, reason = "an example that cannot start has nothing to say")]

use std::sync::Arc;

use customers::contact_point::model::{ContactKind, NewContactPoint, SourceRoute};
use customers::identity::{IdentityKind, IdentityNo};
use customers::relation::model::{NewRelation, RelationKind};
use customers::{CustomerKind, Customers, NewCustomer};
use platform::access::{AccessRules, Actor, Hashing, Origin, Roles, Scope};
use platform::app::Settings;
use platform::capability::Capability;
use platform::id::BranchId;
use platform::policies;
use platform::testbed::{self, House};
use platform::vault::Vault;
use platform::work::Work;

const ACTIONS: [&str; 5] = ["customer.view", "customer.edit", "customer.export", "personal.reveal", "contact.reveal"];
const ADDRESS: &str = "127.0.0.1:4417";

#[tokio::main]
async fn main() {
    let settings = Settings {
        roles: Roles::default().with("officer", &ACTIONS.map(|action| (action, Scope::Institution))),
        access: AccessRules { hashing: Hashing::weak_for_tests(), ..AccessRules::default() },
        vault: Some(Vault::for_tests(7)),
        packs: Arc::new(testbed::packs()),
        ..Settings::default()
    };
    let house = House::with(
        testbed::sqlite().await,
        vec![Arc::new(Lending), Arc::new(Customers)],
        settings,
        &[("lin", &["officer"])],
    )
    .await;
    fill(&house).await;
    println!("http://{ADDRESS}/customers  lin / {}", testbed::PASSWORD);
    let listener = tokio::net::TcpListener::bind(ADDRESS).await.unwrap();
    axum::serve(listener, house.router.clone()).await.unwrap();
}

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
    fn policy_facts(&self) -> &'static str {
        "name,type,title_zh,title_en\noverdue_days,days 0..,逾期天数,Days overdue\n\
         all_in_rate_ppm,ppm 0..,综合融资成本,All-in rate\nlpr_1y_ppm,ppm 0..,一年期LPR,One-year LPR\n"
    }
}

async fn fill(house: &House) {
    let manager = house.user_id("lin").await;
    let mut work = Work::begin(&house.app, Actor::system(Origin::Setup)).await.unwrap();
    policies::install(&mut work, "consumer-finance").await.unwrap();
    let new = |serial: usize, name: &str, identity: &str| NewCustomer {
        kind: CustomerKind::Person,
        name: name.to_owned(),
        aliases: Vec::new(),
        identity: (!identity.is_empty()).then(|| IdentityNo::parse(IdentityKind::ResidentId, identity).unwrap()),
        nationality: Some("CN".to_owned()),
        phone: Some(format!("139{serial:08}")),
        address: Some("衡川市东湖路十二号院".to_owned()),
        note: None,
        branch: BranchId(1),
        team: None,
        manager,
        number: Some(format!("C{serial:08}")),
    };
    let names = ["梁文博", "何雨晴", "马国强", "单雄信", "曾解", "区晓兰", "John Smith"];
    let mut news: Vec<NewCustomer> = (0..60).map(|at| new(at + 2, names[at % names.len()], "")).collect();
    news.push(new(1, "梁文博", "990000199003070021"));
    let opened = customers::open_many(&mut work, "import.run", &news).await.unwrap();
    let first = opened.last().unwrap().id;
    let kinds = [
        (RelationKind::Spouse, "何雨晴", None),
        (RelationKind::CoBorrower, "何雨晴", None),
        (RelationKind::Controller, "衡川博远五金制品有限公司", Some(820_000)),
        (RelationKind::Guarantor, "马国强", None),
        (RelationKind::Mortgagor, "马国强", None),
        (RelationKind::ListedContact, "区晓兰", None),
    ];
    for (kind, name, share_ppm) in kinds {
        let since = work.business_date;
        let new =
            NewRelation { kind, name: name.into(), identity: None, share_ppm, since, consented_on: None, note: None };
        customers::relation::actions::add(&mut work, first, &new).await.unwrap();
    }
    let email = NewContactPoint {
        relation: None,
        kind: ContactKind::Email,
        value: "liang@example.test".into(),
        route: SourceRoute::Papers,
        consented: true,
        main: false,
    };
    customers::contact_point::actions::add(&mut work, first, &email).await.unwrap();
    work.commit().await.unwrap();
}
