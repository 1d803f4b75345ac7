//! Duties with their dates, texts with their mandatory fields.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, date};
use policy::{Facts, TemplateError, Value};

use crate::shipped;

fn weekdays(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

// S4-09, DT-S4, rule `duty.early_reminder`: overdue since Friday, open from Monday, due by Wednesday's end.
#[test]
fn the_early_reminder_is_due_by_the_third_working_day() {
    let pack = shipped::pack("microloan");
    let edition = pack.on(date(2026, 3, 13));
    let facts: Facts = BTreeMap::from([("overdue_days".to_owned(), Value::Integer(1))]);
    let rules: Vec<_> = edition.duties_for("loan.overdue").filter(|duty| duty.applies(&facts).unwrap()).collect();
    assert_eq!(rules.len(), 1);
    let rule = rules[0];
    assert_eq!((rule.kind.as_str(), rule.owner_role.as_str(), rule.bulk), ("early_reminder", "credit_dept", true));
    assert_eq!(rule.evidence, ["contact", "repayment"]);
    let dates = rule.dates(date(2026, 3, 13), &weekdays).unwrap();
    assert_eq!(dates.len(), 1);
    assert_eq!(dates[0].opens_on, date(2026, 3, 16));
    assert_eq!(dates[0].due_on, date(2026, 3, 18));
    assert_eq!(dates[0].escalates_on, Some(date(2026, 3, 19)));
    assert!(pack.article(&rule.article).is_some());
}

#[test]
fn a_condition_that_does_not_hold_opens_no_duty() {
    let pack = shipped::pack("microloan");
    let rule = pack.on(date(2026, 3, 13)).duties_for("loan.overdue").next().unwrap();
    let facts = |days: i64| BTreeMap::from([("overdue_days".to_owned(), Value::Integer(days))]);
    assert_eq!(rule.applies(&facts(0)), Ok(false));
    assert_eq!(rule.applies(&facts(1)), Ok(true));
    assert_eq!(rule.applies(&Facts::new()).map_err(|error| error.code()), Err("formula"));
}

// S1-35, rule `duty.repayment_reminder`: 7, 3 and 1 days before the due date.
#[test]
fn repayment_reminders_lead_by_seven_three_and_one_days() {
    let pack = shipped::pack("microloan");
    let edition = pack.on(date(2026, 8, 1));
    assert_eq!(edition.integers("repayment_reminder_days"), Ok(vec![7, 3, 1]));
    let rule = edition.duties_for("instalment.upcoming").next().unwrap();
    let dates = rule.dates(date(2026, 8, 20), &weekdays).unwrap();
    let due: Vec<Date> = dates.iter().map(|dates| dates.due_on).collect();
    assert_eq!(due, [date(2026, 8, 13), date(2026, 8, 17), date(2026, 8, 19)]);
    assert!(dates.iter().all(|dates| dates.opens_on == dates.due_on));
    assert_eq!(rule.owner_role, "customer_manager");
}

// S2.2-02, rule `duty.maturity_notice`: the customer department notices each maturing loan, 20 days before.
#[test]
fn a_maturing_loan_is_noticed_by_the_customer_department() {
    for id in ["microloan", "bank-personal"] {
        let pack = shipped::pack(id);
        let rule = pack.on(date(2026, 8, 1)).duties_for("loan.maturing").next().unwrap();
        let dates = rule.dates(date(2026, 8, 31), &weekdays).unwrap();
        assert_eq!(dates.iter().map(|dates| dates.due_on).collect::<Vec<_>>(), [date(2026, 8, 11)]);
        assert_eq!(rule.owner_role, "customer_dept");
        assert!(pack.template("maturity_notice").is_some());
    }
}

// S1-36, S1-37, DT-S4: contacts rise with the days overdue, from a reminder over a dedicated person and a formal letter to
// the means of the law; whoever refuses is talked with and sued.
#[test]
fn the_ladder_asks_for_more_contacts_and_stronger_measures_with_every_step() {
    for id in shipped::INSTITUTIONS {
        let pack = shipped::pack(id);
        let edition = pack.on(date(2026, 8, 1));
        let rung = |days: i64| {
            let facts = BTreeMap::from([("overdue_days".to_owned(), Value::Integer(days))]);
            let found = edition.decide("overdue_action", &facts).unwrap();
            let a_week = match found.integer("contacts_per_day") {
                Some(a_day) if a_day > 0 => a_day * 7,
                Some(_) | None => found.integer("contacts_per_week").unwrap_or(0),
            };
            (found.text("action").unwrap().to_owned(), a_week)
        };
        let steps = [0, 1, 31, 61, 91].map(rung);
        assert_eq!(steps.clone().map(|one| one.0), ["none", "remind", "assess", "formal_letter", "clear"], "{id}");
        // C-05: car loans are called daily from the first day; their ladder is steep at once and climbs from the second month on.
        let from = if *id == *"auto-finance" { 2 } else { 0 };
        assert!(steps[from..].windows(2).all(|pair| pair[0].1 < pair[1].1), "{id}: {steps:?}");
        let refuses = BTreeMap::from([("default_cause".to_owned(), Value::Text("c9".to_owned()))]);
        let measures = edition.decide("default_measure", &refuses).unwrap();
        let named: Vec<&str> = measures.rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(named, ["C9.1", "C9.2"], "{id}: the full talk, then the suit");
    }
}

// S4-02, S4-03, S4-04, S4-05, S4-06, S2.2-01. Rule post.tasks: a task that the pack names is one that the post may do.
#[test]
fn every_post_holds_the_permission_of_every_task_that_the_text_gives_it() {
    for id in shipped::INSTITUTIONS {
        let pack = shipped::pack(id);
        let facts = BTreeMap::from([("customer_kind".to_owned(), Value::Text("person".to_owned()))]);
        let found = pack.on(date(2026, 8, 1)).decide("post_task", &facts).unwrap();
        let mut posts = std::collections::BTreeSet::new();
        for row in &found.outputs {
            let text = |name: &str| {
                let value = row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref());
                value.map(Value::to_text).unwrap_or_default()
            };
            let (role, permission) = (text("post_role"), text("post_permission"));
            let held = pack.role(&role).and_then(|role| role.scope_of(&permission));
            assert!(held.is_some(), "{id}: {role} may not {permission}");
            // S2.2-01: the collector begins an extension, whose approval is others'.
            assert_eq!(text("post_task") == "extension", permission == "extension.request", "{id}");
            posts.insert(role);
        }
        let all = ["collection_officer", "credit_dept", "legal", "overdue_group", "risk_dept"];
        assert_eq!(posts.iter().map(String::as_str).collect::<Vec<_>>(), all, "{id}");
    }
}

// S2.19-02, rule `duty.unpaid_list`: the list of the day is worked the same day, every day.
#[test]
fn the_unpaid_list_is_a_duty_of_the_day() {
    let pack = shipped::pack("microloan");
    let rule = pack.on(date(2026, 8, 1)).duties_for("instalment.unpaid").next().unwrap();
    let dates = rule.dates(date(2026, 8, 2), &weekdays).unwrap();
    assert_eq!((dates[0].opens_on, dates[0].due_on), (date(2026, 8, 2), date(2026, 8, 2)));
    assert!(rule.bulk);
}

// S2.19-01, S2.19-03, C-04: rules `duty.first_call`, `duty.card_check`, `duty.schedule_mail`, `duty.slip_entry`,
// `duty.advance_list` and `duty.advance_pay`: the desk of car loans calls on the day after the due date; other lenders have no desk.
#[test]
fn the_desk_of_car_loans_has_its_duties_and_no_other_lender_has_them() {
    let pack = shipped::pack("auto-finance");
    let edition = pack.on(date(2026, 8, 1));
    // A Saturday, on which nobody of the others is asked to call.
    let first = date(2026, 8, 1);
    let call = edition.duties_for("loan.overdue").next().unwrap();
    assert_eq!((call.kind.as_str(), call.owner_role.as_str()), ("early_reminder", "finance_clerk"));
    let dates = call.dates(first, &weekdays).unwrap();
    assert_eq!((dates[0].opens_on, dates[0].due_on), (first, first));
    let desk = [
        ("instalment.due", "card_check", "finance_clerk"),
        ("schedule.due", "schedule_mail", "finance_clerk"),
        ("slip.due", "slip_entry", "finance_clerk"),
        ("advance.month", "advance_list", "finance_clerk"),
        ("advance.signed", "advance_pay", "cashier"),
    ];
    let other = shipped::pack("microloan");
    for (trigger, kind, owner) in desk {
        let rule = edition.duties_for(trigger).next().unwrap();
        assert_eq!((rule.kind.as_str(), rule.owner_role.as_str()), (kind, owner), "{trigger}");
        assert!(pack.article(&rule.article).is_some(), "{trigger}");
        assert!(other.on(date(2026, 8, 1)).duties_for(trigger).next().is_none(), "{trigger}");
    }
    // The three work groups of the post hold what their work needs, and none of them checks or pays.
    for (role, action) in
        [("desk_dunning", "contact.record"), ("desk_details", "desk.record"), ("desk_settlement", "advance_list.draw")]
    {
        let role = pack.role(role).unwrap();
        assert!(role.scope_of(action).is_some() && role.scope_of("desk.view").is_some(), "{action}");
        assert_eq!((role.scope_of("advance_list.check"), role.scope_of("advance_list.pay")), (None, None), "{action}");
    }
    assert_eq!(pack.role("cashier").unwrap().scope_of("advance_list.draw"), None);
    assert_eq!(pack.role("finance_checker").unwrap().scope_of("advance_list.draw"), None);
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

// S4-10, rules `template.early_reminder` and `template.no_empty_field`: amount, time, deadline and contact, or the text does not go out.
#[test]
fn the_early_reminder_is_refused_when_a_mandatory_field_is_empty() {
    let pack = shipped::pack("microloan");
    let template = pack.template("early_reminder").unwrap();
    assert_eq!(template.mandatory, ["overdue_amount", "overdue_since", "repayment_deadline", "company_contact"]);
    let mut filled = values(&[
        ("company_name", "示例小贷"),
        ("customer_name", "张三"),
        ("loan_no", "J0012026000001"),
        ("overdue_since", "2026-03-12"),
        ("overdue_days", "1"),
        ("overdue_amount", "8,884.88"),
        ("repayment_deadline", "2026-03-18"),
        ("company_contact", "0571-00000000"),
    ]);
    let text = template.fill(&filled).unwrap();
    assert!(text.contains("逾期金额8,884.88元，请于2026-03-18前归还") && !text.contains('{'), "{text}");
    for field in &template.mandatory {
        let mut lacking = filled.clone();
        lacking.insert(field.clone(), "  ".to_owned());
        let expected =
            TemplateError::EmptyFields { template: "early_reminder".to_owned(), fields: vec![field.clone()] };
        assert_eq!(template.fill(&lacking), Err(expected));
    }
    filled.clear();
    let TemplateError::EmptyFields { fields, .. } = template.fill(&filled).unwrap_err();
    assert_eq!(fields.len(), 8, "all that is missing at once");
}

// Rules `template.repayment_reminder`, `template.promise_confirmation` and `template.maturity_notice`.
#[test]
fn every_shipped_text_fills_without_a_hole() {
    let pack = shipped::pack("microloan");
    for template in pack.templates() {
        let values = template.fields.iter().map(|field| (field.clone(), format!("<{field}>"))).collect();
        let text = template.fill(&values).unwrap();
        assert!(!text.contains(['{', '}']), "{}", template.id);
        for field in &template.mandatory {
            assert!(text.contains(&format!("<{field}>")), "{} lacks {field}", template.id);
        }
    }
    assert_eq!(pack.templates().count(), 17);
}
