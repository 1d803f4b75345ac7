//! Every page that offers something offers it to programs too (接口与页面一致): the router is asked, not a list of hopes.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use platform::access::Scope;
use platform::api::open_api::describe;
use platform::app::{App, Settings};
use platform::clock::Clock;
use platform::testbed;
use platform::web::{Entry, records, twins};

use crate::house;

mod examples;

/// Why a page has no twin (无接口的理由).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The way in, the password, the own devices: a program comes with its token.
    Door,
    /// A form on the screen: what it sends is in the interface.
    Form,
    /// A part or an overview for the eye, whose rows or facts are in the interface under another path.
    Eye,
    /// For machines that watch the program, without a token.
    Watch,
    /// For providers that sign what they report, in place of a token.
    Signed,
}

/// The pages without a twin; each beginning stands for what lies under it when it ends in `*`.
const WITHOUT: &[(&str, Why)] = &[
    ("GET /login*", Why::Door),
    ("POST /login*", Why::Door),
    ("POST /logout", Why::Door),
    ("GET /password", Why::Door),
    ("POST /password", Why::Door),
    ("GET /me", Why::Door),
    ("GET /me/*", Why::Door),
    ("POST /me/*", Why::Door),
    ("GET /language/{tag}", Why::Door),
    ("GET /setup", Why::Door),
    ("POST /setup*", Why::Door),
    ("GET /kept", Why::Door),
    ("POST /kept*", Why::Door),
    ("POST /delegations/{id}/act", Why::Door),
    ("GET /tokens*", Why::Door),
    ("POST /tokens*", Why::Door),
    ("GET /api/docs", Why::Eye),
    ("GET /api/openapi.json", Why::Watch),
    ("GET /healthz", Why::Watch),
    ("GET /readyz", Why::Watch),
    ("GET /metrics", Why::Watch),
    ("POST /gateway/receipts", Why::Signed),
    ("POST /loans/preview", Why::Eye),
    ("GET /", Why::Eye),
    ("GET /search", Why::Eye),
];

/// The pages to look at that have none: forms, parts.
const SCREENS: &[(&str, Why)] = &[
    ("GET /customers/new", Why::Form),
    ("GET /customers/{id}/accounts*", Why::Form),
    ("GET /customers/{id}/contacts*", Why::Form),
    ("GET /customers/{id}/data/{group}/new", Why::Form),
    ("GET /customers/{id}/data/{group}/verify", Why::Form),
    ("GET /customers/{id}/credit/new", Why::Form),
    ("GET /customers/{id}/credit/{query}/adjust", Why::Form),
    ("GET /customers/{id}/documents/new", Why::Form),
    ("GET /customers/{id}/documents/{document}/replace", Why::Form),
    ("GET /customers/{id}/documents/{document}/reveal", Why::Form),
    ("GET /customers/{id}/documents/{document}/withdraw", Why::Form),
    ("GET /customers/{id}/calls/{allowance}", Why::Form),
    ("GET /collections/calls/{call}", Why::Form),
    ("GET /collections/calls/{call}/dismiss", Why::Form),
    ("GET /customers/{id}/apart", Why::Form),
    ("GET /customers/{id}/edit", Why::Form),
    ("GET /customers/{id}/merge", Why::Form),
    ("GET /customers/{id}/unmerge", Why::Form),
    ("GET /customers/{id}/items/{item}/withdraw", Why::Form),
    ("GET /customers/{id}/admissions/new", Why::Form),
    ("GET /customers/{id}/asset-proofs/new", Why::Form),
    ("GET /customers/{id}/asset-proofs/{proof}/verify", Why::Form),
    ("GET /customers/{id}/asset-proofs/{proof}/withdraw", Why::Form),
    ("GET /customers/{id}/evaluations/new", Why::Form),
    ("GET /customers/{id}/ground", Why::Form),
    ("GET /customers/{id}/hours", Why::Form),
    ("GET /customers/{id}/hours/confirm", Why::Form),
    ("GET /customers/{id}/outcomes*", Why::Form),
    ("GET /customers/{id}/outside-contact", Why::Form),
    ("GET /customers/{id}/reach*", Why::Form),
    ("GET /customers/{id}/relations/new", Why::Form),
    ("GET /customers/{id}/relations/{relation}", Why::Form),
    ("GET /customers/{id}/relations/{relation}/reveal", Why::Form),
    ("GET /customers/{id}/reveal", Why::Form),
    ("GET /customers/{id}/statements/import", Why::Form),
    ("GET /customers/{id}/statements/new", Why::Form),
    ("GET /customers/{id}/early-starts/*", Why::Form),
    ("GET /customers/{id}/stop-flags*", Why::Form),
    ("GET /customers/{id}/watch/*", Why::Form),
    ("GET /customers/{id}/source/new", Why::Form),
    ("GET /leads/new", Why::Form),
    ("GET /leads/{lead}/convert", Why::Form),
    ("GET /leads/{lead}/phone", Why::Form),
    ("GET /leads/{lead}/steps/{step}", Why::Form),
    ("GET /leads/{lead}/erase", Why::Form),
    ("GET /campaigns/new", Why::Form),
    ("GET /campaigns/{campaign}/costs/new", Why::Form),
    ("GET /campaigns/{campaign}/costs/{cost}/back", Why::Form),
    ("GET /campaigns/{campaign}/review", Why::Form),
    ("GET /partners/new", Why::Form),
    ("GET /partners/{partner}/agreements/new", Why::Form),
    ("GET /premium-enterprises/new", Why::Form),
    ("GET /premium-enterprises/import", Why::Form),
    ("GET /premium-enterprises/{enterprise}/edit", Why::Form),
    ("GET /premium-enterprises/{enterprise}/end", Why::Form),
    ("GET /partners/{partner}/end", Why::Form),
    ("GET /rewards/{reward}/request", Why::Form),
    ("GET /rewards/{reward}/drop", Why::Form),
    ("GET /rewards/{reward}/pay", Why::Form),
    ("GET /rewards/{reward}/recover", Why::Form),
    ("GET /exams/new", Why::Form),
    ("GET /exams/{exam}/correct", Why::Form),
    ("GET /exam-questions/new", Why::Form),
    ("GET /exam-questions/import", Why::Form),
    ("GET /exam-questions/{question}/retire", Why::Form),
    ("GET /trainings/new", Why::Form),
    ("GET /trainings/{training}/back", Why::Form),
    ("GET /customers/{id}/complaints/*", Why::Form),
    ("GET /customers/{id}/guarantees/*", Why::Form),
    ("GET /customers/{id}/care/new", Why::Form),
    ("GET /customers/{id}/care/contact", Why::Form),
    ("GET /care-plans/{plan}/edit", Why::Form),
    ("GET /care-plans/{plan}/review", Why::Form),
    ("GET /duties/{customer}/{id}/contact", Why::Form),
    ("GET /admissions/{id}/assess", Why::Form),
    ("GET /admissions/{id}/edit", Why::Form),
    ("GET /admissions/{id}/return", Why::Form),
    ("GET /evaluations/{id}/edit", Why::Form),
    ("GET /import/{id}/undo", Why::Form),
    ("GET /loans/new", Why::Form),
    ("GET /scorecards/fits/new", Why::Form),
    ("GET /loans/{id}/changes", Why::Form),
    ("GET /loans/{id}/drawdowns/new", Why::Form),
    ("GET /loans/{id}/repayments/new", Why::Form),
    ("GET /loans/{id}/account-pledges/new", Why::Form),
    ("GET /loans/{id}/securities/new", Why::Form),
    ("GET /loans/{id}/card-checks/new", Why::Form),
    ("GET /loans/{id}/mailing/*", Why::Form),
    ("GET /loans/{id}/vehicle", Why::Form),
    ("GET /loans/{id}/settlement", Why::Form),
    ("GET /loans/{id}/slips/new", Why::Form),
    ("GET /slips/{slip}/check", Why::Form),
    ("GET /advances/new", Why::Form),
    ("GET /advances/{advance}/check", Why::Form),
    ("GET /advances/{advance}/submit", Why::Form),
    ("GET /advances/{advance}/pay", Why::Form),
    ("GET /advances/{advance}/drop", Why::Form),
    ("GET /advances/{advance}/rows/{row}", Why::Form),
    ("GET /classifications/new", Why::Form),
    ("GET /classifications/{classification}/propose", Why::Form),
    ("GET /classifications/{classification}/review", Why::Form),
    ("GET /classifications/{classification}/drop", Why::Form),
    ("GET /classifications/{classification}/loans/{loan}/judge", Why::Form),
    ("GET /classifications/{classification}/loans/{loan}/rejudge", Why::Form),
    ("GET /classifications/{classification}/loans/{loan}/suggest", Why::Form),
    ("GET /sorting/new", Why::Form),
    ("GET /sorting/industries/new", Why::Form),
    ("GET /sorting/items/{item}/verify", Why::Form),
    ("GET /sorting/items/{item}/review", Why::Form),
    ("GET /sorting/items/{item}/problems/new", Why::Form),
    ("GET /sorting/problems/{problem}/rectify", Why::Form),
    ("GET /sorting/problems/{problem}/confirm", Why::Form),
    ("GET /sorting/{id}/edit", Why::Form),
    ("GET /sorting/{id}/exposure/answer", Why::Form),
    ("GET /customers/{id}/surveys/{survey}/answer", Why::Form),
    ("GET /customers/{id}/survey-tasks/{task}/done", Why::Form),
    ("GET /customers/{id}/warning-sheets/new", Why::Form),
    ("GET /data-updates/reports/{report}/answer", Why::Form),
    ("GET /sorting/{id}/report", Why::Form),
    ("GET /sorting/{id}/steps/{step}", Why::Form),
    ("GET /sorting/{id}/stop", Why::Form),
    ("GET /sorting/{id}/surveys/new", Why::Form),
    ("GET /sorting/{id}/trainings/new", Why::Form),
    ("GET /users/new", Why::Form),
    ("GET /exports/new", Why::Form),
    ("GET /exports/{id}/progress", Why::Eye),
    ("GET /batches/{id}/progress", Why::Eye),
    ("GET /webhooks/new", Why::Form),
    ("GET /gateways/{channel}/edit", Why::Form),
    ("GET /gateways/{channel}/test", Why::Form),
    ("GET /loans/{id}/messages/new", Why::Form),
    ("GET /webhooks/{id}/edit", Why::Form),
    ("GET /collections/conduct/{customer}/{finding}", Why::Form),
    ("GET /collections/cases/{id}/agreements/new", Why::Form),
    ("GET /collections/cases/{id}/dossier/{part}/new", Why::Form),
    ("GET /collections/cases/{id}/costs/new", Why::Form),
    ("GET /collections/costs/{cost}/check", Why::Form),
    ("GET /collections/costs/{cost}/correct", Why::Form),
    ("GET /collections/agencies/new", Why::Form),
    ("GET /collections/agencies/{id}/contracts/new", Why::Form),
    ("GET /collections/agencies/{id}/publish", Why::Form),
    ("GET /collections/agencies/{id}/staff/new", Why::Form),
    ("GET /collections/agencies/{id}/lines/new", Why::Form),
    ("GET /collections/agencies/{id}/evaluations/new", Why::Form),
    ("GET /collections/agencies/{id}/commissions/new", Why::Form),
    ("GET /collections/agency-contracts/{id}/end", Why::Form),
    ("GET /collections/cases/{id}/placements/new", Why::Form),
    ("GET /collections/placements/{id}/recall", Why::Form),
    ("GET /collections/merits/new", Why::Form),
    ("GET /collections/merits/{id}/done", Why::Form),
    ("GET /collections/meetings/new", Why::Form),
    ("GET /collections/meetings/{id}/resolutions", Why::Form),
    ("GET /collections/group-tasks/{id}", Why::Form),
    ("GET /collections/progress/new", Why::Form),
    ("GET /collections/progress/{id}/see", Why::Form),
    ("GET /collections/cases/{id}/visits/new", Why::Form),
    ("GET /collections/cases/{id}/lost/take-back", Why::Form),
    ("GET /visits/{id}/call-off", Why::Form),
    ("GET /visits/{id}/record", Why::Form),
    ("GET /lost/{id}/quality", Why::Form),
    ("GET /close/progress", Why::Eye),
    ("GET /close/history", Why::Eye),
    ("GET /import/{id}/progress", Why::Eye),
    ("GET /collections/work", Why::Eye),
    ("GET /notices/{id}", Why::Eye),
    ("GET /book/runs/{id}/progress", Why::Eye),
    ("GET /policies/comparisons/{id}/progress", Why::Eye),
    ("GET /policies/drafts/{id}/articles/new", Why::Form),
    ("GET /policies/drafts/{id}/parameters/{name}", Why::Form),
];

fn fits(pattern: &str, route: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => route.starts_with(beginning),
        None => route == pattern,
    }
}

async fn app() -> App {
    let actions: Vec<(&str, Scope)> = house::capabilities_with_platform()
        .iter()
        .flat_map(|one| one.permissions())
        .map(|action| (*action, Scope::Institution))
        .collect();
    let mut settings: Settings = testbed::settings(&[]);
    settings.roles = settings.roles.with(testbed::ALL, &actions);
    settings.packs = std::sync::Arc::new(crate::shipped::packs());
    let clock = Clock::simulated("2026-11-20T08:30:00Z".parse().unwrap());
    App::assemble_with(testbed::sqlite().await, clock, 1, house::capabilities(), settings).await.unwrap()
}

#[tokio::test]
async fn every_route_has_its_twin_in_the_interface_or_a_reason() {
    let app = app().await;
    let name = |method: &Method, path: &str| format!("{method} {path}");
    let twins: BTreeSet<String> = twins(&app).iter().map(|twin| name(&twin.route.method, twin.route.path)).collect();
    let routes: BTreeSet<String> = records(&app).iter().map(|route| name(&route.method, route.path)).collect();
    let why =
        |route: &str| WITHOUT.iter().chain(SCREENS).find(|(pattern, _)| fits(pattern, route)).map(|(_, why)| *why);
    let missing: Vec<&String> = routes.iter().filter(|route| !twins.contains(*route) && why(route).is_none()).collect();
    assert!(missing.is_empty(), "without a twin and without a reason: {missing:#?}");
    let both: Vec<&String> = twins.iter().filter(|route| why(route).is_some()).collect();
    assert!(both.is_empty(), "with a twin and with a reason against it: {both:#?}");
    let stale: Vec<&str> = WITHOUT
        .iter()
        .chain(SCREENS)
        .map(|(pattern, _)| *pattern)
        .filter(|pattern| !routes.iter().any(|route| fits(pattern, route)))
        .collect();
    assert!(stale.is_empty(), "reasons for pages that are no more: {stale:?}");
    // Nothing that writes is left to the screen but doors and trials.
    let writes = routes.iter().filter(|route| route.starts_with("POST ") && !twins.contains(*route));
    let writes: Vec<_> =
        writes.filter(|route| !matches!(why(route), Some(Why::Door | Why::Eye | Why::Signed))).collect();
    assert!(writes.is_empty(), "{writes:?}");
}

#[tokio::test]
async fn every_step_of_the_close_has_its_title_in_both_languages() {
    let app = app().await;
    let names: Vec<&str> = app.capabilities.iter().flat_map(|one| one.close_steps()).map(|step| step.name()).collect();
    assert!(names.len() > 5, "{names:?}");
    for lang in [platform::locale::Lang::ZhCn, platform::locale::Lang::En] {
        let locale = platform::locale::Locale::new(app.catalogue.clone(), lang);
        for name in &names {
            assert!(locale.find(&format!("close-step-{name}")).is_some(), "{name} in {}", lang.tag());
        }
    }
}

#[tokio::test]
async fn the_description_names_every_twin_with_its_scope_fields_and_answer() {
    let app = app().await;
    let document = describe(&app);
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeMap::new();
    for twin in twins(&app) {
        let path = format!("/api/v1{}", twin.route.path);
        let operation = &document["paths"][&path][twin.route.method.as_str().to_lowercase()];
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{path} is not described"));
        if let Some(other) = names.insert(id.to_owned(), path.clone()) {
            panic!("{id} is {path} and {other}");
        }
        if let Entry::Action(action) = twin.route.entry {
            assert_eq!(operation["x-scope"], action);
        }
        assert!(operation["responses"]["200"]["content"].is_object(), "{path}");
        let parameters = operation["parameters"].as_array().unwrap();
        for named in twin.route.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            assert!(parameters.iter().any(|one| one["in"] == "path" && one["name"] == named), "{path} {named}");
        }
    }
    assert!(names.len() > 100, "{}", names.len());
    let repay = &document["paths"]["/api/v1/loans/{id}/repayments"]["post"];
    let fields = &repay["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(fields["additionalProperties"], false);
    for field in ["amount", "on", "mode", "channel", "note", "version"] {
        assert!(fields["properties"][field].is_object(), "{field}");
    }
    let rows = &document["paths"]["/api/v1/loans"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    let columns = rows["properties"]["rows"]["items"]["properties"].as_object().unwrap();
    assert!(columns.keys().any(|name| name.ends_with("_fen")), "{rows}");
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
    }
}

/// Where something in the description lacks a sentence: parameters, answers, and every property of every schema.
fn undescribed(at: &str, node: &serde_json::Value, lacking: &mut BTreeSet<String>) {
    let said = |node: &serde_json::Value| {
        node["$ref"].is_string() || node["description"].as_str().is_some_and(|text| !text.trim().is_empty())
    };
    match node {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let inside = format!("{at}/{name}");
                if matches!(name.as_str(), "properties" | "responses")
                    && let Some(named) = value.as_object()
                {
                    lacking
                        .extend(named.iter().filter(|(_, one)| !said(one)).map(|(name, _)| format!("{inside}/{name}")));
                }
                if name == "parameters" {
                    let all = value.as_array().into_iter().flatten();
                    lacking.extend(all.filter(|one| !said(one)).map(|one| format!("{inside}/{}", one["name"])));
                }
                undescribed(&inside, value, lacking);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| undescribed(at, value, lacking)),
        _ => {}
    }
}

#[tokio::test]
async fn every_field_parameter_and_answer_is_described() {
    let document = describe(&app().await);
    let mut lacking = BTreeSet::new();
    undescribed("", &document, &mut lacking);
    assert!(lacking.is_empty(), "{} without a description: {lacking:#?}", lacking.len());
}
