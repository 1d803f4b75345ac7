//! Meetings of the management group: one record over several cases, signed by its head, with tasks that become duties.

use axum::http::StatusCode;
use collections::case::model::CaseId;
use collections::case::store;
use collections::group::actions as meetings;
use collections::group::model::{NewMeeting, NewResolution};
use jiff::civil::{Date, date};
use platform::error::ActionError;
use platform::id::{BranchId, UserId};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// The first instalments fell due on 2026-11-20.
const TODAY: Date = date(2026, 11, 25);
const LIST: &str = "/collections/meetings";

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

/// A case in each of these branches, with its number.
async fn cases(lender: &Lender, debtors: [(&str, BranchId); 2]) -> Vec<(CaseId, String)> {
    let mut customers = Vec::new();
    for (name, branch) in debtors {
        let customer = lender.customer_in(name, branch).await;
        lender.loan_in(customer, plain(date(2026, 10, 20), 12), branch).await;
        customers.push(customer);
    }
    lender.close_until(TODAY).await;
    let mut tx = lender.app().db.read().await.unwrap();
    let mut found = Vec::new();
    for customer in customers {
        let case = store::open_of(&mut tx, customer).await.unwrap().unwrap();
        found.push((case.key.case, case.number));
    }
    found
}

fn resolved(case: &str, words: &str, task: Option<(UserId, Date)>) -> NewResolution {
    let (person, due_on) = task.unzip();
    let task = if person.is_some() { "约谈并核实应收账款" } else { "" };
    NewResolution { case: case.to_owned(), resolution: words.to_owned(), task: task.to_owned(), person, due_on }
}

// S4-02. Rules `group-meeting.complete`, `group-meeting.resolution`, `group-meeting.signed`, `group-meeting.task`, `duty.group_task`:
// one record over several cases binds when its head has signed, who did not write it; its tasks are duties with a day.
#[tokio::test]
async fn a_meeting_over_several_cases_is_signed_by_its_head_and_its_tasks_are_duties() {
    for lender in Lender::everywhere().await {
        let cases = cases(&lender, [("程一诺", BranchId(1)), ("魏二", BranchId(1))]).await;
        let (boss, clerk) = (lender.house.user_id("boss").await, lender.house.user_id("clerk").await);
        let collector = lender.house.user_id("collector").await;
        let due_on = date(2026, 12, 4);
        let new = NewMeeting { held_on: TODAY, head: boss, members: vec![clerk, collector], words: String::new() };
        let mut work = lender.at("clerk").await;
        let late = NewMeeting { held_on: date(2026, 11, 26), ..new.clone() };
        assert_eq!(code(meetings::record(&mut work, &late).await), "meeting-future");
        let own = NewMeeting { head: clerk, members: vec![collector], ..new.clone() };
        assert_eq!(code(meetings::record(&mut work, &own).await), "meeting-own-head");
        let unable = NewMeeting { head: collector, members: vec![clerk], ..new.clone() };
        assert_eq!(code(meetings::record(&mut work, &unable).await), "meeting-head-signs");
        let alone = NewMeeting { members: Vec::new(), ..new.clone() };
        assert_eq!(code(meetings::record(&mut work, &alone).await), "meeting-members");
        let id = meetings::record(&mut work, &new).await.unwrap().to_string();
        work.commit().await.unwrap();
        let mut work = lender.at("boss").await;
        assert_eq!(code(meetings::sign(&mut work, &id).await), "meeting-empty");
        drop(work);
        let mut work = lender.at("clerk").await;
        assert_eq!(code(meetings::resolve(&mut work, &id, &resolved("没有", "先谈后诉", None)).await), "meeting-case");
        drop(work);
        let mut work = lender.at("clerk").await;
        let task = Some((collector, due_on));
        meetings::resolve(&mut work, &id, &resolved(&cases[0].1, "移交诉讼", None)).await.unwrap();
        meetings::resolve(&mut work, &id, &resolved(&cases[1].1, "同意分期", None)).await.unwrap();
        meetings::resolve(&mut work, &id, &resolved(&cases[0].1, "先谈后诉", task)).await.unwrap();
        work.commit().await.unwrap();
        let duties = "select count(*) as n from duty where kind = 'group_task'";
        let open =
            "select count(*) as n from duty where kind = 'group_task' and state = 'open' and due_on = '2026-12-04'";
        assert_eq!(lender.count(duties).await, 0, "nothing binds before the signature");
        let mut browser = lender.house.user("clerk").await;
        let page = format!("{LIST}/{id}");
        for path in [LIST, &format!("{LIST}/new"), &page, &format!("{page}/resolutions")] {
            in_both_languages(&mut browser, path).await;
        }
        let case = format!("/collections/cases/{}", cases[0].0);
        assert!(!browser.get(&case).await.text.contains("先谈后诉"), "not signed");
        let mut work = lender.at("clerk").await;
        assert_eq!(code(meetings::sign(&mut work, &id).await), "meeting-not-head");
        drop(work);
        let mut head = lender.house.user("boss").await;
        let signed = head.post_from(&page, &format!("{page}/sign"), &[]).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        assert_eq!((lender.count(duties).await, lender.count(open).await), (1, 1), "of a case the newest stands");
        let mut work = lender.at("boss").await;
        assert_eq!(code(meetings::sign(&mut work, &id).await), "meeting-signed");
        drop(work);
        let mut work = lender.at("clerk").await;
        let more = resolved(&cases[1].1, "改为起诉", None);
        assert_eq!(code(meetings::resolve(&mut work, &id, &more).await), "meeting-signed");
        drop(work);
        for ((case, _), words) in cases.iter().zip(["先谈后诉", "同意分期"]) {
            let shown = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
            assert!(shown.text.contains(words) && !shown.text.contains("移交诉讼"), "{}", shown.text);
        }
        let (status, file) = browser.file(&format!("{page}/minutes.pdf")).await;
        assert!(status == StatusCode::OK && file.starts_with(b"%PDF"), "{status}");
        let mut program = lender.house.program("boss", &["case.view"]).await;
        let told = program.get(&page).await.json();
        assert_eq!(told["resolutions"].as_array().unwrap().len(), 2, "{told}");
        assert_eq!(
            (&told["signed_by"], &told["resolutions"][0]["resolution"]),
            (&boss.to_string().into(), &"先谈后诉".into())
        );
        let task = format!("/collections/group-tasks/{}", told["resolutions"][0]["id"].as_str().unwrap());

        // Who has the task says what came of it, once; nobody else without the right to give cases to people.
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get(&task).await.status, StatusCode::NOT_FOUND);
        assert_eq!(viewer.post(&format!("{page}/sign"), &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(viewer.get(&format!("{LIST}/new")).await.status, StatusCode::FORBIDDEN);
        let mut doer = lender.house.user("collector").await;
        assert_eq!(doer.get(&page).await.status, StatusCode::NOT_FOUND, "a meeting is of a whole branch");
        in_both_languages(&mut doer, &task).await;
        let empty = doer.post_from(&task, &task, &[("meeting_outcome", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text);
        let done = doer.post_from(&task, &task, &[("meeting_outcome", "已约谈，<b>下周</b>付款")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lender.count(open).await, 0);
        assert_eq!(doer.post(&task, &[("meeting_outcome", "又一次")]).await.status, StatusCode::CONFLICT);
        let shown = in_both_languages(&mut browser, &case).await;
        assert!(shown.text.contains("已约谈") && !shown.text.contains("<b>下周"), "{}", shown.text);
    }
}

// S4-02. Rule `group-meeting.scope`: a meeting is of a branch, about its open cases, and seen by who sees all of it.
#[tokio::test]
async fn a_meeting_is_of_a_branch_and_about_its_cases() {
    for lender in Lender::with_near_everywhere().await {
        let cases = cases(&lender, [("程一诺", BranchId(1)), ("魏二", BranchId(2))]).await;
        let (boss, clerk) = (lender.house.user_id("boss").await, lender.house.user_id("clerk").await);
        let mut work = lender.at("clerk").await;
        let new = NewMeeting { held_on: TODAY, head: boss, members: vec![clerk], words: "全行情况".to_owned() };
        let whole = meetings::record(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        let mut near = lender.house.user("near").await;
        assert_eq!(near.get(&format!("{LIST}/{whole}")).await.status, StatusCode::NOT_FOUND);
        let (head, member) = (boss.to_string(), clerk.to_string());
        let fields =
            [("meeting_held", "2026-11-25"), ("meeting_head", head.as_str()), ("meeting_members", member.as_str())];
        let form = format!("{LIST}/new");
        let late = [("meeting_held", "2027-01-01"), fields[1], fields[2]];
        let bad = near.post_from(&form, &form, &late).await;
        let ticked = format!("name=\"meeting_members\" value=\"{member}\" checked");
        assert!(bad.text.contains(&ticked) && bad.text.matches(" checked>").count() == 1, "{}", bad.text);
        let bad = near.post_from(&form, &form, &fields[..2]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
        let made = near.post_from(&form, &form, &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let resolve = format!("{}/resolutions", made.location().split('?').next().unwrap());
        for ((_, number), status) in cases.iter().zip([StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]) {
            let fields = [("meeting_case", number.as_str()), ("meeting_resolution", "先谈后诉")];
            let told = near.post_from(&resolve, &resolve, &fields).await;
            assert_eq!(told.status, status, "{number}: {}", told.text);
        }
    }
}
