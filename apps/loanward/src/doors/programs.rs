//! Programs at the doors (接口权限走查): another branch, the gate of approvals, maker and checker, numbers in clear.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use platform::api::operation::Answer;
use platform::args;
use platform::db::AssertSqlSafe;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::page::list::FilterKind;
use platform::testbed::Program;
use platform::web::twins;
use serde_json::{Value as Json, json};

use super::{EVERYTHING, Walk};

/// A program for somebody with this role in this branch, with everything that the role grants.
pub(super) async fn program(walk: &Walk, login: &str, role: &str, branch: i64) -> Program {
    drop(walk.hire(login, role, branch, Lang::En).await);
    let grants = walk.house.app.settings.roles.grants([role]);
    let scopes: Vec<&str> = grants.keys().map(String::as_str).chain(["self"]).collect();
    walk.house.program(login, &scopes).await
}

fn place(answer: &Json) -> String {
    answer["location"].as_str().unwrap_or_default().trim_start_matches("/api/v1").to_owned()
}

#[tokio::test]
async fn a_program_finds_nothing_of_another_branch_and_writes_nothing_there() {
    //
    let walk = Walk::begin().await;
    let mut inside = program(&walk, "inside", EVERYTHING, 1).await;
    let mut far = program(&walk, "far", "credit_supervisor", walk.elsewhere).await;
    let about = ["/customers/{id}", "/loans/{id}", "/duties/{customer}/{id}", "/approvals/{customer}/{id}"];
    let about = twins(&walk.house.app)
        .into_iter()
        .map(|twin| twin.route)
        .filter(|route| about.iter().any(|beginning| route.path.starts_with(beginning)));
    let about: Vec<_> = about.collect();
    let mut looked = 0;
    for route in about.iter().filter(|route| route.method == Method::GET) {
        looked += usize::from(inside.get(&walk.fill(route.path)).await.status == StatusCode::OK);
    }
    let before = walk.rows().await;
    for route in &about {
        let path = walk.fill(route.path);
        let answer = match route.method {
            Method::GET => far.get(&path).await,
            _ => far.post(&path, &json!({})).await,
        };
        assert!(answer.status.is_client_error(), "{} {path}: {} {}", route.method, answer.status, answer.text);
        let gone = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
        assert!(gone || route.method != Method::GET, "{path}: {} {}", answer.status, answer.text);
        assert!(!answer.text.contains(&walk.secret), "{path} names the customer");
    }
    let sent = about.len() - about.iter().filter(|route| route.method == Method::GET).count();
    assert!(looked > 5 && sent > 20, "{looked} looked at, {sent} sent");
    assert_eq!(walk.rows().await, before, "nothing was written");
}

/// A loan with penalty owed: its path and how much settles it.
async fn loan_with_penalty(program: &mut Program) -> (String, i64) {
    let rows = program.get("/loans?view=overdue&size=100").await.json();
    for row in rows["rows"].as_array().unwrap() {
        let path = place(row);
        let quote = program.get(&format!("{path}/quote")).await.json();
        if quote["amounts"]["penalty_fen"].as_i64().unwrap_or(0) > 0 {
            return (path, quote["total_fen"].as_i64().unwrap());
        }
    }
    panic!("no overdue loan of the demo owes penalty: {rows}");
}

#[tokio::test]
async fn through_the_interface_nothing_waits_for_approval_is_done_and_who_asked_does_not_agree() {
    //
    let walk = Walk::begin().await;
    let mut maker = program(&walk, "maker", EVERYTHING, 1).await;
    let (loan, owed) = loan_with_penalty(&mut maker).await;
    let wish = json!({"head": "penalty", "amount": "0.01", "reason": "系统对账差额，经办核对后申请减免"});
    let asked = maker.post(&format!("{loan}/waivers"), &wish).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let mine = maker.get("/approvals?view=mine").await.json();
    let approval = place(&mine["rows"][0]);
    let shown = maker.get(&approval).await.json();
    assert_eq!((&shown["kind"], &shown["state"], &shown["step"]), (&json!("waiver"), &json!("pending"), &json!(0)));
    let quote = format!("{loan}/quote");
    assert_eq!(maker.get(&quote).await.json()["total_fen"], owed, "nothing is waived before somebody agreed");
    let agree = json!({"verdict": "approve", "seen": shown["version"], "opinion": "同意"});
    let own = maker.post(&approval, &agree).await;
    assert_eq!(
        (own.status, own.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("approval-own")),
        "{}",
        own.text
    );
    assert_eq!(own.json()["rule"], "approval.maker_checker");
    assert_eq!(maker.get(&quote).await.json()["total_fen"], owed);
    // Somebody of the role whose turn it is.
    let role = shown["chain"][0][0].as_str().unwrap().to_owned();
    let branch: i64 = shown["branch"].as_str().unwrap().parse().unwrap();
    let mut checker = program(&walk, "checker", &role, branch).await;
    let agreed = checker.post(&approval, &agree).await;
    assert_eq!(agreed.status, StatusCode::OK, "{}", agreed.text);
    assert_eq!(checker.get(&approval).await.json()["opinions"][0]["verdict"], "approve");
    assert_eq!(maker.get(&quote).await.json()["total_fen"], owed - 1);
}

#[tokio::test]
async fn a_number_in_clear_needs_a_reason_and_leaves_its_trace() {
    let walk = Walk::begin().await;
    let mut program = program(&walk, "reader", EVERYTHING, 1).await;
    let customer = walk.fill("/customers/{id}");
    let masked = program.get(&customer).await.json()["identity_masked"].as_str().unwrap().to_owned();
    assert!(masked.contains('*'), "{masked}");
    let before = walk.rows().await["audit_entry"];
    let silent = program.post(&format!("{customer}/reveal"), &json!({"reason": ""})).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.text);
    assert_eq!(walk.rows().await["audit_entry"], before);
    let clear = program.post(&format!("{customer}/reveal"), &json!({"reason": "核对合同上的证件号码"})).await;
    assert_eq!(clear.status, StatusCode::OK, "{}", clear.text);
    let ends = masked.chars().rev().take_while(|c| *c != '*').count();
    let end: String = masked.chars().skip(masked.chars().count() - ends).collect();
    assert!(clear.text.contains(&end) && !clear.text.contains('*'), "{}", clear.text);
    assert!(walk.rows().await["audit_entry"] > before, "who saw it stands in the trail");
}

#[tokio::test]
async fn what_a_page_explains_a_program_reads() {
    let walk = Walk::begin().await;
    let mut program = program(&walk, "reader", EVERYTHING, 1).await;
    let (loan, _) = loan_with_penalty(&mut program).await;
    let why = program.get(&format!("{loan}/why/overdue")).await.json();
    assert!(why["amount_fen"].as_i64().unwrap() > 0, "{why}");
    for part in ["facts", "rules", "steps"] {
        assert!(!why[part].as_array().unwrap().is_empty(), "{part}: {why}");
    }
    let case = program.get("/collections/cases").await.json();
    let case = program.get(&place(&case["rows"][0])).await.json();
    assert!(case["days_overdue"].as_i64().unwrap() > 0 && !case["loans"].as_array().unwrap().is_empty(), "{case}");
    let article = case["articles"][0].as_str().unwrap();
    let article = program.get(&format!("/policies/articles/{article}")).await.json();
    assert!(!article["gist_zh"].as_str().unwrap().is_empty(), "{article}");
    let duty = program.get(&walk.fill("/duties/{customer}/{id}")).await.json();
    assert!(["open", "done", "excused", "cancelled"].contains(&duty["state"].as_str().unwrap()), "{duty}");
    assert_eq!(program.get(&format!("{loan}/why/moon")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_dashboard_of_a_program_has_the_figures_of_the_page_and_every_overview_answers() {
    let walk = Walk::begin().await;
    let mut program = program(&walk, "reader", EVERYTHING, 1).await;
    let dashboard = program.get("/dashboard").await.json();
    let principal = dashboard["book"]["principal_fen"].as_i64().unwrap();
    let rows = program.get("/dashboard/rows?of=book&size=50").await.json();
    assert_eq!(rows["totals"]["money_fen"], principal, "{rows}");
    assert_eq!(rows["count"], dashboard["book"]["loans"]);
    for scale in ["buckets", "classes"] {
        let steps = dashboard[scale].as_array().unwrap().iter();
        let sum: i64 = steps.map(|step| step["principal_fen"].as_i64().unwrap()).sum();
        assert_eq!(sum, principal, "{scale}");
    }
    let why = program.get("/dashboard/why/book").await.json();
    assert_eq!(why["amount_fen"], principal, "{why}");
    let overviews = [
        "/backups",
        "/book",
        "/branches",
        "/calendar",
        "/collections/lines",
        "/collections/outcomes",
        "/dashboard/migration",
        "/delegations",
        "/import",
        "/institution",
        "/permissions",
        "/policies",
        "/policies/switches",
        "/repayments/batches",
        "/repayments/calendar",
        "/users/grants",
    ];
    for path in overviews {
        let answer = program.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert!(answer.json().is_object() || answer.json().is_array(), "{path}: {}", answer.text);
    }
    for part in ["clocks", "legal", "letters", "what-if?kind=prepay&amount=100&mode=reduce&on=2026-11-30"] {
        let answer = program.get(&walk.fill(&format!("/loans/{{id}}/{part}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{part}: {}", answer.text);
    }
    let version = program.get("/policies").await.json()["versions"][0]["id"].as_str().unwrap().to_owned();
    let version = program.get(&format!("/policies/versions/{version}")).await.json();
    let table = version["tables"][0]["id"].as_str().unwrap();
    let table = program.get(&format!("/policies/tables/{table}")).await.json();
    assert!(!table["own"]["rows"].as_array().unwrap().is_empty(), "{table}");
}

// Rule `export.no-text-in-trail`
#[tokio::test]
async fn what_is_typed_into_a_filter_stands_in_no_trail_of_an_export() {
    //
    const TYPED: &str = "zhangsan13900001111";
    let walk = Walk::begin().await;
    let app = walk.house.app.clone();
    let mut program = program(&walk, "reader", EVERYTHING, 1).await;
    let ui = Ui::new(Locale::new(app.catalogue.clone(), Lang::En), jiff::civil::date(2026, 11, 20));
    let exports = app.capabilities.iter().flat_map(|one| one.list_exports());
    let exported: BTreeSet<&str> = exports.map(|export| export.list()).collect();
    let mut taken = 0;
    for twin in twins(&app) {
        let Answer::Rows(spec) = twin.operation.answer else { continue };
        let (spec, list) = (spec(&ui), twin.route.path);
        let export = match &spec.export {
            Some(export) => export.clone(),
            None if exported.contains(list) => format!("{list}/export.xlsx"),
            None => continue,
        };
        for filter in spec.filters.iter().filter(|filter| matches!(filter.kind, FilterKind::Text)) {
            let answer = program.get(&format!("{export}?{}={TYPED}", filter.id)).await;
            // A filter that reads the text, such as a date, refuses it.
            assert!(!answer.status.is_server_error(), "{export}: {}", answer.text);
            taken += i64::from(answer.status == StatusCode::OK);
        }
    }
    assert!(taken >= 5, "{taken} exports with a filter for text");
    let mut tx = app.db.read().await.unwrap();
    let trail = "audit_entry";
    let noted = AssertSqlSafe(format!("select count(*) as n from {trail} where action like '%.export'"));
    let noted: i64 = tx.fetch_one(noted, args![]).await.unwrap().get("n").unwrap();
    assert!(noted >= taken, "{noted} of {taken} noted");
    let kept = "where after_json like '%' || $1 || '%' or subject like '%' || $1 || '%'";
    let kept = AssertSqlSafe(format!("select count(*) as n from {trail} {kept}"));
    let kept: i64 = tx.fetch_one(kept, args![TYPED]).await.unwrap().get("n").unwrap();
    assert_eq!(kept, 0, "typed text stands in the trail");
}
