//! What each role may do, who holds it, who came when: pages, workbook, scope, trail.

use axum::http::StatusCode;
use platform::access::Scope;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{self, ALL, House};

async fn houses() -> Vec<House> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let roles: [(&str, &[(&str, Scope)]); 3] = [
            ("hr", &[("user.view", Scope::Institution)]),
            ("local_hr", &[("user.view", Scope::Branch)]),
            ("nobody_holds_it", &[("branch.edit", Scope::Team)]),
        ];
        let mut settings = testbed::settings(&roles);
        settings.roles = settings.roles.with(ALL, &[("audit.view", Scope::Institution), ("user.view", Scope::Own)]);
        let people: [(&str, &[&str]); 4] =
            [("boss", &[ALL]), ("wen", &["hr"]), ("local", &["local_hr"]), ("gone", &["hr"])];
        let house = House::with(db, Vec::new(), settings, &people).await;
        let mut tx = house.app.db.write().await.unwrap();
        let branch = "insert into branch (id, name, parent_id, opened_on) values (2, '城东支行', 1, '2026-11-20')";
        tx.execute(branch, args![]).await.unwrap();
        tx.execute("update app_user set branch_id = 2 where login = 'local'", args![]).await.unwrap();
        tx.commit().await.unwrap();
        all.push(house);
    }
    all
}

#[tokio::test]
async fn the_matrix_says_what_each_role_may_do_how_far_and_who_holds_it() {
    //
    for house in houses().await {
        let mut wen = house.user("wen").await;
        for path in ["/permissions?lang=en", "/permissions?roles=all&lang=zh-CN", "/permissions/review"] {
            let page = wen.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
            assert_eq!(missing_in(&page.text), Vec::<String>::new(), "{path}");
        }
        let held = wen.get("/permissions").await.text;
        assert!(held.contains("用户wen、用户gone") || held.contains("用户gone、用户wen"), "{held}");
        assert!(held.contains("本机构") && !held.contains("nobody_holds_it"), "{held}");
        let all = wen.get("/permissions?roles=all").await.text;
        assert!(all.contains("nobody_holds_it") && all.contains("本团队"), "{all}");
        // One person's columns, and of these only what one of them grants.
        let one = wen.get("/permissions?who=BOSS").await.text;
        assert!(one.contains("用户boss") && !one.contains("用户wen、") && !one.contains("用户gone"), "{one}");
        assert!(one.contains("title=\"audit.view\"") && !one.contains("title=\"branch.edit\""), "{one}");
        let nobody = wen.get("/permissions?roles=all&who=%3Cb%3E").await.text;
        assert!(nobody.contains("没有这个名称的角色或人员") && !nobody.contains("<b>\""), "{nobody}");
        let mut local = house.user("local").await;
        let own = local.get("/permissions").await.text;
        assert!(own.contains("用户local") && !own.contains("用户wen"), "a branch sees its own people only");
    }
}

#[tokio::test]
async fn the_review_puts_who_never_came_on_top_and_the_workbook_is_noted() {
    for house in houses().await {
        let mut wen = house.user("wen").await;
        wen.get("/me?lang=zh-CN").await;
        let review = wen.get("/permissions/review").await.text;
        let place = |name: &str| review.find(name).unwrap_or_else(|| panic!("{name} in {review}"));
        assert!(place("用户gone") < place("2026-11-20 16:30"), "{review}");
        assert!(review.contains("从未"));
        let file = wen.get("/permissions/export.xlsx").await;
        assert_eq!(file.status, StatusCode::OK);
        let kept = "select count(*) as n from audit_entry where action = 'user.export'";
        let mut tx = house.app.db.read().await.unwrap();
        assert_eq!(tx.fetch_one(kept, args![]).await.unwrap().get::<i64>("n").unwrap(), 1);
    }
}

#[tokio::test]
async fn the_audit_view_is_taken_away_as_it_is_filtered_and_that_is_noted() {
    for house in houses().await {
        let mut boss = house.user("boss").await;
        let page = boss.get("/audit?action=user.role").await;
        assert!(page.text.contains("/audit/export.xlsx"), "the list offers it");
        let file = boss.get("/audit/export.xlsx?action=user.role").await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.headers["content-type"].to_str().unwrap().contains("spreadsheetml"));
        let mut tx = house.app.db.read().await.unwrap();
        let roles = "select count(*) as n from audit_entry where action like 'user.role%'";
        let roles = tx.fetch_one(roles, args![]).await.unwrap().get::<i64>("n").unwrap();
        let kept = tx
            .fetch_one("select after_json from audit_entry where action = 'audit.export'", args![])
            .await
            .unwrap()
            .get::<String>("after_json")
            .unwrap();
        assert!(roles > 0 && kept.contains(&format!("\"rows\":{roles}")), "{kept} of {roles}");
        let mut wen = house.user("wen").await;
        assert_eq!(wen.get("/audit/export.xlsx").await.status, StatusCode::FORBIDDEN);
    }
}
