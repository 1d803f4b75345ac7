//! Duties from opening to evidence, on both databases.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use platform::duty::seen::{self, Eye, Filter, Window};
use platform::duty::store;
use platform::duty::{self, Channel, Duty, DutyState, Evidence, Member, NewContact};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed::{self, House};
use platform::work::Work;
use platform::{args, calendar};

use crate::institution::{Lending, by, case, everything, over, system};

const FRIDAY: Date = date(2026, 11, 20);

async fn open_duties(work: &mut Work) -> Vec<Duty> {
    let eye = Eye::of(&work.actor, everything());
    let filter = Filter { window: Window::Open, mine: false, kind: None, text: None };
    seen::list(&mut work.tx, &eye, &filter, FRIDAY, 100, 0).await.unwrap()
}

async fn only_duty(work: &mut Work) -> (Duty, Vec<Member>) {
    let duties = open_duties(work).await;
    assert_eq!(duties.len(), 1, "{duties:?}");
    let members = store::members(&mut work.tx, duties[0].key, 100, 0).await.unwrap();
    (duties[0].clone(), members)
}

fn call(now: Timestamp) -> NewContact {
    NewContact {
        at: Some(now),
        channel: Some(Channel::Phone),
        contacted: "本人".to_owned(),
        reached: Some(true),
        response: "明天还".to_owned(),
    }
}

fn code(error: ActionError) -> String {
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

/// Moves the business date as the close does, without closing.
async fn live_on(house: &House, to: Date) {
    let mut tx = house.app.db.write().await.unwrap();
    let from = calendar::business_date(&mut tx).await.unwrap();
    calendar::move_business_date(&mut tx, from, to, Timestamp::UNIX_EPOCH).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn overdue_on_friday_the_reminder_runs_from_monday_to_wednesday_in_one_duty() {
    // S4-09, X-08, rule `duty.opens`
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        let cases = [case(11, FRIDAY, None), case(12, FRIDAY, None)];
        let opened = duty::open(&mut work, "loan.overdue", &cases).await.unwrap();
        assert_eq!((opened.duties, opened.members), (1, 2));
        let again = duty::open(&mut work, "loan.overdue", &cases).await.unwrap();
        assert_eq!((again.duties, again.members), (0, 0), "opening again changes nothing");
        let (it, members) = only_duty(&mut work).await;
        assert_eq!((it.opens_on, it.due_on), (date(2026, 11, 23), date(2026, 11, 25)));
        assert_eq!(it.escalation, Some((date(2026, 11, 26), "credit_supervisor".to_owned())));
        assert_eq!((it.article.as_str(), it.owner_role.as_str()), ("overdue.early-reminder", "credit_dept"));
        assert_eq!((it.members, it.amount, it.provisional), ((2, 2), Some(finance::Fen(240_000)), false));
        assert_eq!(members.len(), 2);
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_contact_entered_by_hand_closes_its_case_and_the_last_one_the_duty() {
    // duty.closed_by_evidence
    // S4-09, S4-14
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "loan.overdue", &[case(11, FRIDAY, None), case(12, FRIDAY, None)]).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&house, "credit").await;
        let now = work.now;
        let (it, members) = only_duty(&mut work).await;
        let early = duty::record_contact(&mut work, &it, &members[0], &call(now)).await.unwrap_err();
        assert_eq!(code(early), "duty-not-yet", "the window opens on working day 1");
        drop(work);
        live_on(&house, date(2026, 11, 23)).await;
        let mut work = by(&house, "credit").await;
        let form = NewContact { response: String::new(), reached: None, ..call(work.now) };
        assert_eq!(code(duty::record_contact(&mut work, &it, &members[0], &form).await.unwrap_err()), "form-invalid");
        duty::record_contact(&mut work, &it, &members[0], &call(now)).await.unwrap();
        let (standing, left) = only_duty(&mut work).await;
        assert_eq!(standing.members, (2, 1));
        let open = left.iter().find(|member| member.state == DutyState::Open).unwrap().clone();
        let id = duty::record_contact(&mut work, &it, &open, &call(now)).await.unwrap();
        assert!(open_duties(&mut work).await.is_empty());
        let done = store::load(&mut work.tx, it.key).await.unwrap().unwrap();
        assert_eq!(done.state, DutyState::Done { evidence: "members".to_owned(), on: date(2026, 11, 23) });
        let member = store::member(&mut work.tx, it.key, open.customer, &open.subject).await.unwrap().unwrap();
        assert_eq!(member.state, DutyState::Done { evidence: format!("contact:{id}"), on: date(2026, 11, 23) });
        let twice = duty::record_contact(&mut work, &it, &member, &call(now)).await.unwrap_err();
        assert_eq!(code(twice), "duty-closed");
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_written_reminder_with_an_empty_field_is_blocked_by_name() {
    // S4-10
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "loan.overdue", &[case(11, FRIDAY, None)]).await.unwrap();
        work.commit().await.unwrap();
        live_on(&house, date(2026, 11, 23)).await;
        let mut work = by(&house, "credit").await;
        let (it, members) = only_duty(&mut work).await;
        let sms = NewContact { channel: Some(Channel::Sms), ..call(work.now) };
        let refused = duty::record_contact(&mut work, &it, &members[0], &sms).await.unwrap_err();
        let refused = refused.refusal().unwrap().clone();
        assert_eq!(refused.code, "contact-empty-fields");
        assert_eq!(refused.details, [("fields", "company_contact".to_owned())]);
        assert_eq!(refused.article.as_deref(), Some("overdue.early-reminder"));
        work.tx
            .execute("insert into setting (name, value) values ('institution.contact', $1)", args!["0571-0000"])
            .await
            .unwrap();
        let text = duty::text_for(&mut work, &it, members[0].customer, "loan:11", &members[0].fields).await.unwrap();
        let text = text.unwrap();
        for part in ["1,200.00", "2026-11-20", "2026-11-25", "0571-0000"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        duty::record_contact(&mut work, &it, &members[0], &sms).await.unwrap();
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn repayment_reminders_go_to_the_manager_seven_three_and_one_days_before() {
    // S1-35, S2.2-02: one duty per manager and date, with a row for each loan
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let manager = house.user_id("manager").await;
        let other = house.user_id("credit").await;
        let mut work = system(&house.app).await;
        let cases = [
            case(11, date(2026, 11, 27), Some(manager)),
            case(12, date(2026, 11, 27), Some(manager)),
            case(13, date(2026, 11, 27), Some(other)),
        ];
        duty::open(&mut work, "instalment.upcoming", &cases).await.unwrap();
        let duties = open_duties(&mut work).await;
        let mut found: Vec<(i64, Date, (i64, i64))> = duties.iter().map(|d| (d.owner, d.due_on, d.members)).collect();
        found.sort_unstable();
        let days = [date(2026, 11, 20), date(2026, 11, 24), date(2026, 11, 26)];
        let mut expected: Vec<(i64, Date, (i64, i64))> =
            days.iter().flat_map(|day| [(0, *day, (1, 1)), (manager.0, *day, (2, 2))]).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "who does not hold the role is not the owner");
        // S2.2-02: the maturity notice belongs to the customer department, 20 days before.
        duty::open(&mut work, "loan.maturing", &[case(14, date(2026, 12, 15), None)]).await.unwrap();
        let notice = open_duties(&mut work).await.into_iter().find(|d| d.kind == "maturity_notice").unwrap();
        assert_eq!((notice.due_on, notice.owner_role.as_str()), (date(2026, 11, 25), "customer_dept"));
        let alone = duty::Case { personal: true, ..case(15, date(2026, 12, 15), Some(other)) };
        duty::open(&mut work, "loan.maturing", &[alone]).await.unwrap();
        let own = open_duties(&mut work).await.into_iter().filter(|d| d.owner == other.0).count();
        assert_eq!(own, 1, "what is for one person goes to that person, whatever the role");
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_contact_today_leaves_the_later_reminders_and_a_payment_ends_them_all() {
    // S1-35
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "instalment.upcoming", &[case(11, date(2026, 11, 27), None)]).await.unwrap();
        let contact = Evidence { kind: "contact", fact: "contact:1".to_owned(), settles: false };
        assert_eq!(duty::close_by(&mut work, CustomerId(11), "loan:11", &contact).await.unwrap(), 1);
        let letter = Evidence { kind: "letter", fact: "letter:1".to_owned(), settles: false };
        assert_eq!(duty::close_by(&mut work, CustomerId(11), "loan:11", &letter).await.unwrap(), 0);
        let paid = Evidence { kind: "repayment", fact: "transaction:1".to_owned(), settles: true };
        assert_eq!(duty::close_by(&mut work, CustomerId(11), "loan:11", &paid).await.unwrap(), 2);
        assert!(open_duties(&mut work).await.is_empty());
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_unpaid_list_of_the_day_is_a_duty_of_the_finance_clerk() {
    // S2.19-02
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "instalment.unpaid", &[case(11, FRIDAY, None), case(12, FRIDAY, None)]).await.unwrap();
        let (it, _) = only_duty(&mut work).await;
        assert_eq!((it.kind.as_str(), it.owner_role.as_str(), it.due_on), ("unpaid_list", "finance_clerk", FRIDAY));
        assert_eq!(it.members, (2, 2));
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn counts_open_exactly_their_rows_and_others_see_nothing() {
    //
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let manager = house.user_id("manager").await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "instalment.upcoming", &[case(11, date(2026, 11, 27), Some(manager))]).await.unwrap();
        duty::open(&mut work, "loan.overdue", &[case(12, FRIDAY, None)]).await.unwrap();
        work.commit().await.unwrap();
        for (login, today, week, open) in [("manager", 1, 2, 3), ("credit", 0, 1, 1), ("risk", 0, 0, 0)] {
            let mut work = by(&house, login).await;
            let eye = Eye::of(&work.actor, everything());
            let counts = duty::counts::counts(&mut work.tx, &eye, FRIDAY).await.unwrap();
            assert_eq!((counts.late, counts.today, counts.week, counts.open), (0, today, week, open), "{login}");
            for (window, count) in [(Window::Today, today), (Window::Week, week), (Window::Open, open)] {
                let rows = seen::list(&mut work.tx, &eye, &Filter::mine(window), FRIDAY, 100, 0).await.unwrap();
                assert_eq!(rows.len() as i64, count, "{login} {window:?}");
            }
            let late = duty::counts::counts(&mut work.tx, &eye, date(2026, 12, 1)).await.unwrap();
            assert_eq!((late.late, late.open), (open, open), "{login}");
        }
    }
}

#[tokio::test]
async fn a_duty_is_excused_with_a_reason_and_a_rule_only() {
    //
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "loan.overdue", &[case(11, FRIDAY, None)]).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&house, "credit").await;
        let (it, _) = only_duty(&mut work).await;
        assert_eq!(code(duty::excuse(&mut work, it.key, "停催", "X-10").await.unwrap_err()), "denied");
        drop(work);
        let mut work = by(&house, "head").await;
        assert_eq!(code(duty::excuse(&mut work, it.key, " ", "X-10").await.unwrap_err()), "duty-reason");
        duty::excuse(&mut work, it.key, "停催", "X-10").await.unwrap();
        let state = store::load(&mut work.tx, it.key).await.unwrap().unwrap().state;
        assert!(matches!(state, DutyState::Excused { ref rule, .. } if rule == "X-10"), "{state:?}");
        let wrong = duty::assign(&mut work, it.key, house.user_id("credit").await, "credit").await.unwrap_err();
        assert_eq!(code(wrong), "duty-closed");
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_year_without_a_list_gives_provisional_dates() {
    // S4-09: 2027 has no list in the shipped file
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        live_on(&house, date(2026, 12, 30)).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "loan.overdue", &[case(11, date(2026, 12, 30), None)]).await.unwrap();
        let (it, _) = only_duty(&mut work).await;
        assert_eq!(
            (it.due_on, it.provisional),
            (date(2027, 1, 4), true),
            "New Year counts as a working day until listed"
        );
        let published = calendar::published(&mut work).await.unwrap();
        assert_eq!(published.missing_year(work.business_date), Some(2027));
        let list = "date,kind,name\n2027-01-01,holiday,元旦\n";
        assert_eq!(calendar::import_days(&mut work, list, "test").await.unwrap(), [2027]);
        let published = calendar::published(&mut work).await.unwrap();
        assert!(!published.is_working_day(date(2027, 1, 1)), "an import is seen at once");
        assert_eq!(published.missing_year(work.business_date), None);
        drop(work);
        let mut work = system(&house.app).await;
        let published = calendar::published(&mut work).await.unwrap();
        assert!(published.is_working_day(date(2027, 1, 1)), "what was rolled back is forgotten");
    }
}
