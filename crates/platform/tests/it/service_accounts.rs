//! Service accounts: made by one, given their roles by two, opened by tokens only, never the second person.

use axum::http::StatusCode;
use platform::access::{Scope, store};
use platform::testbed::{self, House, PASSWORD};
use serde_json::json;

const MAKER: &[(&str, Scope)] = &[
    ("user.view", Scope::Institution),
    ("user.edit", Scope::Institution),
    ("token.own", Scope::Institution),
    ("token.manage", Scope::Institution),
];
const CHECKER: &[(&str, Scope)] = &[("user.view", Scope::Institution), ("user.confirm", Scope::Institution)];

/// The hidden or shown token on the page that shows it once.
fn token_on(page: &str) -> String {
    let start = page.find("lw_").unwrap();
    page[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

#[tokio::test]
async fn a_service_account_has_no_door_its_roles_need_two_and_its_token_confirms_nothing() {
    // rule `service.no-second-person`
    for db in testbed::databases().await {
        let roles = [("maker", MAKER), ("checker", CHECKER)];
        let users: [(&str, &[&str]); 3] = [("mei", &["maker"]), ("chen", &["checker"]), ("lin", &[])];
        let house = House::with(db, Vec::new(), testbed::settings(&roles), &users).await;
        let (mut mei, mut chen) = (house.user("mei").await, house.user("chen").await);
        let new = [("login", "ledger"), ("name", "总账接口"), ("kind", "service"), ("place", "1")];
        let made = mei.post("/users/new", &new).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "no password is shown: {}", made.text);
        let id = house.user_id("ledger").await;
        let page = mei.get(&format!("/users/{id}")).await.text;
        assert!(page.contains("Service account") && !page.contains("/password\""), "{page}");

        // Nobody logs in as it, whatever they type, and no password can be given to it.
        for password in ["!", PASSWORD] {
            let answer = house.browser().log_in("ledger", password).await;
            assert_ne!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        }
        let reset = mei.post(&format!("/users/{id}/password"), &[]).await;
        assert_eq!(reset.status, StatusCode::FORBIDDEN, "{}", reset.text);

        // Its role takes effect when a second person confirms it; before that no token can name the action.
        mei.post(&format!("/users/{id}/roles"), &[("role", "checker")]).await;
        let (whose, scopes) = (id.to_string(), [("scope", "user.view"), ("scope", "user.confirm"), ("scope", "self")]);
        let mut wish = vec![("name", "总账"), ("days", "30"), ("for", whose.as_str())];
        wish.extend(scopes);
        let early = mei.post_from(&format!("/tokens/new?for={id}"), "/tokens/new", &wish).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
        let mut tx = house.app.db.read().await.unwrap();
        let grant = store::open_grants(&mut tx, id.0).await.unwrap().pop().unwrap().id;
        drop(tx);
        let confirmed = chen.post(&format!("/users/grants/{grant}/confirm"), &[]).await;
        assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.text);
        let made = mei.post_from(&format!("/tokens/new?for={id}"), "/tokens/new", &wish).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let mut program = house.bearing(&token_on(&made.text));
        let seen = program.get(&format!("/users/{id}")).await;
        assert_eq!(seen.json()["kind"], "service", "{}", seen.text);

        // It is no second person, and nobody counts it as one.
        let lin = house.user_id("lin").await;
        mei.post(&format!("/users/{lin}/roles"), &[("role", "checker")]).await;
        let grants = program.get("/users/grants").await.json();
        let grant = grants[0]["id"].as_str().unwrap().to_owned();
        let refused = program.post(&format!("/users/grants/{grant}/confirm"), &json!({})).await;
        assert_eq!(
            (refused.status, refused.json()["rule"].as_str()),
            (StatusCode::FORBIDDEN, Some("service.no-second-person")),
            "{}",
            refused.text
        );
        let mut tx = house.app.db.read().await.unwrap();
        let holders = store::holders(&mut tx, "checker").await.unwrap();
        assert!(holders.iter().all(|(user, _)| *user != id), "no duty goes to it: {holders:?}");
        drop(tx);

        // It stands in the review of access with the moment of its last request.
        let review = mei.get("/permissions/review").await.text;
        assert!(review.contains("总账接口") && review.contains("Service account"), "{review}");
        // A token for another person is made by nobody.
        let lin = lin.to_string();
        let other = [("name", "x"), ("days", "30"), ("for", lin.as_str()), ("scope", "self")];
        let denied = mei.post_from("/tokens/new", "/tokens/new", &other).await;
        assert_eq!(denied.status, StatusCode::NOT_FOUND, "{}", denied.text);
    }
}
