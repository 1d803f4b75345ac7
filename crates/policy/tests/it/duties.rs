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

// S2.19-02, rule `duty.unpaid_list`: the list of the day is worked the same day, every day.
#[test]
fn the_unpaid_list_is_a_duty_of_the_day() {
    let pack = shipped::pack("microloan");
    let rule = pack.on(date(2026, 8, 1)).duties_for("instalment.unpaid").next().unwrap();
    let dates = rule.dates(date(2026, 8, 2), &weekdays).unwrap();
    assert_eq!((dates[0].opens_on, dates[0].due_on), (date(2026, 8, 2), date(2026, 8, 2)));
    assert!(rule.bulk);
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
    assert_eq!(pack.templates().count(), 15);
}
