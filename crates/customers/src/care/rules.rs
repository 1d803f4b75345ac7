//! What is asked for whom, and when (客户维护规则). Pure.

use jiff::civil::Date;

use super::model::{Item, Plan, PlanKind, PlanState, Said, Served};

/// Where a customer stands: axis and outcome.
pub type Stood = [(String, String)];

/// Whether a plan of this kind may be made for a customer who stands so (rule `care.plans`).
#[must_use]
pub fn offered<'a>(kinds: &'a [PlanKind], name: &str, stood: &Stood) -> Option<&'a PlanKind> {
    let named = || kinds.iter().filter(|kind| kind.name == name);
    named()
        .find(|kind| kind.of.as_ref().is_some_and(|of| stood.contains(of)))
        .or_else(|| named().find(|kind| kind.of.is_none()))
}

/// The names of the kinds that may be made, each once.
#[must_use]
pub fn names(kinds: &[PlanKind], stood: &Stood) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for kind in kinds {
        if !names.contains(&kind.name) && offered(kinds, &kind.name, stood).is_some() {
            names.push(kind.name.clone());
        }
    }
    names
}

/// Whether a plan is lacking that the policy asks for where the customer stands (rule `care.plans`): none is worked by and
/// none waits.
#[must_use]
pub fn lacking(kinds: &[PlanKind], stood: &Stood, plans: &[Plan]) -> bool {
    let held = |name: &str| plans.iter().any(|plan| plan.kind == name && (plan.is_current() || waits(plan)));
    kinds.iter().any(|kind| kind.of.as_ref().is_some_and(|of| stood.contains(of)) && !held(&kind.name))
}

fn waits(plan: &Plan) -> bool {
    plan.state == PlanState::Submitted
}

/// The items of one part of which nothing is said (rule `care.items`).
#[must_use]
pub fn unsaid<'a>(items: &'a [Item], review: bool, said: &[Said]) -> Vec<&'a Item> {
    let silent = |item: &&Item| !said.iter().any(|one| one.item == item.name && !one.text.trim().is_empty());
    items.iter().filter(|item| item.review == review).filter(silent).collect()
}

/// When the next contact is due (rule `care.contacts`): the days of the plan after the last contact, or after the plan was
/// agreed to; the soonest of all plans that are worked by.
#[must_use]
pub fn contact_due(plans: &[Plan], last: Option<Date>) -> Option<Date> {
    let due = |plan: &Plan| {
        let from = last.max(plan.approved_on)?;
        from.checked_add(jiff::Span::new().try_days(plan.contact_days?).ok()?).ok()
    };
    plans.iter().filter(|plan| plan.is_current()).filter_map(due).min()
}

/// When a contact is due by the service standards that a customer has (rule `care.rhythm`): the days of each after the last
/// contact, or after the customer came to stand there; the soonest of all. A standard of no days asks for none.
#[must_use]
pub fn service_due(served: &[Served], last: Option<Date>) -> Option<Date> {
    let due = |one: &Served| {
        let from = last.map_or(one.since, |last| last.max(one.since));
        from.checked_add(jiff::Span::new().try_days(one.rhythm.days).ok()?).ok()
    };
    served.iter().filter(|one| one.rhythm.days > 0).filter_map(due).min()
}

/// When the next contact is due: as the plans say that are worked by, else as the service standards do (rules
/// `care.contacts`, `care.rhythm`).
#[must_use]
pub fn next_contact(plans: &[Plan], served: &[Served], last: Option<Date>) -> Option<Date> {
    let rhythm = contact_due(plans, last).or_else(|| service_due(served, last));
    [rhythm, step_due(plans)].into_iter().flatten().min()
}

/// When the next step of the plans that are worked by is due (rule `care.steps`, S5.8-11): the soonest that no contact closed.
#[must_use]
pub fn step_due(plans: &[Plan]) -> Option<Date> {
    let current = plans.iter().filter(|plan| plan.is_current());
    current.flat_map(Plan::open_steps).map(|(_, step)| step.due_on).min()
}

/// When the next review is due.
#[must_use]
pub fn review_due(plans: &[Plan]) -> Option<Date> {
    plans.iter().filter(|plan| plan.is_current()).filter_map(|plan| plan.review_on).min()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::{CustomerId, UserId};

    use super::super::model::{Content, PlanId, Rhythm, Step};
    use super::*;

    fn kind(name: &str, of: Option<(&str, &str)>) -> PlanKind {
        PlanKind {
            name: name.to_owned(),
            of: of.map(|(axis, outcome)| (axis.to_owned(), outcome.to_owned())),
            review_months: 12,
            article: "house.care".to_owned(),
        }
    }

    fn plan(kind: &str) -> Plan {
        Plan {
            customer: CustomerId(1),
            id: PlanId(1),
            number: "KH1".to_owned(),
            kind: kind.to_owned(),
            content: Content::default(),
            done: Vec::new(),
            contact_days: Some(30),
            state: PlanState::Approved,
            approval: None,
            approved_on: Some(date(2026, 1, 31)),
            review_on: Some(date(2027, 1, 31)),
            reviewed: None,
            superseded_by: None,
            made_on: date(2026, 1, 30),
            maker: UserId(1),
            version: 1,
        }
    }

    // S2.14-03. Rule care.plans
    #[test]
    fn a_key_account_lacks_its_file_and_its_plan_and_nobody_else_may_have_one() {
        let key = Some(("key_priority", "key"));
        let kinds = [kind("key_file", key), kind("key_plan", key), kind("service", None)];
        let stood = [("key_priority".to_owned(), "key".to_owned())];
        assert!(lacking(&kinds, &stood, &[plan("key_file")]), "the yearly plan");
        assert!(!lacking(&kinds, &stood, &[plan("key_file"), plan("key_plan")]));
        let waiting = Plan { state: PlanState::Submitted, ..plan("key_plan") };
        assert!(!lacking(&kinds, &stood, &[plan("key_file"), waiting]), "one waits");
        let over = Plan { reviewed: Some((date(2027, 1, 31), UserId(1), Vec::new())), ..plan("key_plan") };
        assert!(lacking(&kinds, &stood, &[plan("key_file"), over]), "its year is over");
        assert!(!lacking(&kinds, &[], &[]), "nothing is asked for others");
        assert!(offered(&kinds, "key_plan", &[]).is_none());
        assert_eq!(names(&kinds, &[]), ["service"], "a service plan may be made for anybody");
        assert_eq!(names(&kinds, &stood), ["key_file", "key_plan", "service"]);
    }

    // Rule care.items
    #[test]
    fn every_item_of_the_part_needs_a_word() {
        let item = |name: &str, review| Item { name: name.to_owned(), review, half: "whole".to_owned() };
        let items = [item("goals", false), item("team", false), item("results", true)];
        let said = [("goals", "增加授信"), ("team", "  ")];
        let said = said.map(|(item, text)| Said { item: item.to_owned(), text: text.to_owned() });
        let lacking = |review| unsaid(&items, review, &said).iter().map(|item| item.name.clone()).collect::<Vec<_>>();
        assert_eq!(lacking(false), ["team"]);
        assert_eq!(lacking(true), ["results"]);
    }

    // Rule care.contacts
    #[test]
    fn the_next_contact_counts_from_the_last_one_or_from_the_agreement() {
        assert_eq!(contact_due(&[plan("service")], None), Some(date(2026, 3, 2)));
        assert_eq!(contact_due(&[plan("service")], Some(date(2026, 3, 1))), Some(date(2026, 3, 31)));
        assert_eq!(contact_due(&[plan("service")], Some(date(2025, 12, 1))), Some(date(2026, 3, 2)), "before it");
        assert_eq!(contact_due(&[Plan { contact_days: None, ..plan("service") }], None), None, "no rhythm");
        let refused = Plan { state: PlanState::Refused, approved_on: None, ..plan("service") };
        assert_eq!((contact_due(std::slice::from_ref(&refused), None), review_due(&[refused])), (None, None));
        assert_eq!(review_due(&[plan("service")]), Some(date(2027, 1, 31)));
    }

    // S5.8-11. Rule care.steps
    #[test]
    fn the_soonest_step_without_a_contact_is_due_whatever_the_rhythm() {
        let step = |what: &str, due_on| Step { what: what.to_owned(), due_on };
        let steps = vec![step("上门", date(2026, 2, 10)), step("送产品资料", date(2026, 2, 20))];
        let content = Content { steps, ..Content::default() };
        let planned = Plan { content, ..plan("service") };
        assert_eq!(next_contact(std::slice::from_ref(&planned), &[], None), Some(date(2026, 2, 10)));
        let first = Plan { done: vec![0], ..planned.clone() };
        assert_eq!(step_due(std::slice::from_ref(&first)), Some(date(2026, 2, 20)));
        let both = Plan { done: vec![0, 1], ..planned.clone() };
        assert_eq!(next_contact(&[both], &[], None), Some(date(2026, 3, 2)), "the rhythm of the plan");
        let waiting = Plan { state: PlanState::Submitted, ..planned };
        assert_eq!(step_due(&[waiting]), None, "nobody agreed yet");
    }

    fn served(days: i64, since: Date) -> Served {
        let of = ("customer_layer".to_owned(), "general".to_owned());
        let article = "house.care".to_owned();
        Served { rhythm: Rhythm { level: "routine".to_owned(), of, days, article }, since }
    }

    // S5.1-04, S5.3-02. Rule care.rhythm
    #[test]
    fn a_service_standard_asks_for_a_contact_after_its_days_and_a_plan_goes_first() {
        let since = date(2026, 1, 1);
        assert_eq!(service_due(&[], None), None, "nobody asks");
        assert_eq!(service_due(&[served(0, since)], None), None, "a standard without a rhythm");
        assert_eq!(service_due(&[served(90, since)], None), Some(date(2026, 4, 1)));
        assert_eq!(service_due(&[served(90, since)], Some(date(2026, 2, 1))), Some(date(2026, 5, 2)));
        assert_eq!(service_due(&[served(90, since)], Some(date(2025, 6, 1))), Some(date(2026, 4, 1)), "before it");
        let both = [served(90, since), served(30, date(2026, 2, 1))];
        assert_eq!(service_due(&both, None), Some(date(2026, 3, 3)), "the soonest");
        assert_eq!(next_contact(&[plan("service")], &both, None), Some(date(2026, 3, 2)), "the plan goes first");
        let silent = Plan { contact_days: None, ..plan("service") };
        assert_eq!(
            next_contact(&[silent], &both, None),
            Some(date(2026, 3, 3)),
            "a plan without a rhythm says nothing"
        );
    }
}
