//! The guard's rules, row by row and by property.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use platform::contact_gate::{Channel, Purpose};
use policy::{FactDictionary, Pack};
use proptest::prelude::*;

use super::model::{
    Cap, Crew, Ground, Ledgers, Limits, Line, NumberLedger, Owes, Party, PersonLedger, Request, Rule, Verdict, Words,
    week_of,
};
use super::rules::{check, civil_day};
use crate::conduct::words;
use crate::stop_flag::model::{StopKind, StopKinds};

const TODAY: Date = date(2026, 11, 20);

/// The facts that the lending capabilities offer to the packs.
const FACTS: &str = concat!(
    "name,type,title_zh,title_en\noverdue_days,days 0..,逾期天数,Days overdue\n",
    "all_in_rate_ppm,ppm 0..,综合融资成本,All-in rate\nlpr_1y_ppm,ppm 0..,一年期LPR,One-year LPR\n",
    "limitation_days_left,days 0..,时效剩余天数,Days left of a limitation\n",
);

pub(super) fn pack() -> Pack {
    let facts = FactDictionary::from_csv("test", FACTS).unwrap();
    Pack::load(&platform::testbed::packs(), "microloan", &facts).unwrap()
}

pub(super) fn limits() -> Limits {
    Limits::of(pack().on(TODAY))
}

fn china() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn at(text: &str, zone: &TimeZone) -> Timestamp {
    text.parse::<DateTime>().unwrap().to_zoned(zone.clone()).unwrap().timestamp()
}

/// A call to the debtor about what is overdue, at a civil time.
pub(super) fn call(text: &str, zone: &'static TimeZone) -> Request<'static> {
    Request {
        at: at(text, zone),
        zone,
        channel: Channel::Phone,
        purpose: Purpose::Collect,
        owes: Owes::Overdue,
        party: Party::Debtor,
        own_flags: StopKinds::NONE,
        debt_flags: StopKinds::NONE,
        agreed_hours: None,
        also_in: None,
        line: Line::Registered,
        crew: None,
        words: Words::Unwritten,
    }
}

fn zone(name: &str) -> &'static TimeZone {
    Box::leak(Box::new(TimeZone::get(name).unwrap()))
}

fn shanghai() -> &'static TimeZone {
    zone("Asia/Shanghai")
}

fn noon() -> Request<'static> {
    call("2026-11-20T12:00", shanghai())
}

fn empty() -> Ledgers {
    Ledgers::empty(TODAY)
}

/// `allowed`, or the rule's id.
fn said(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed { .. } => "allowed",
        Verdict::Refused { rule, .. } => rule.id(),
    }
}

/// The answer as one line: what, and until or from which civil minute.
fn line(verdict: &Verdict, zone: &TimeZone) -> String {
    let civil = |at: &Timestamp| at.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string();
    match verdict {
        Verdict::Allowed { until } => format!("allowed until {}", civil(until)),
        Verdict::Refused { rule, next_lawful: None, .. } => format!("{} never", rule.id()),
        Verdict::Refused { rule, next_lawful: Some(at), .. } => format!("{} {}", rule.id(), civil(at)),
    }
}

#[test]
fn quiet_hours_end_at_eight_and_begin_at_ten_to_the_minute() {
    // X-05, rule `contact.quiet-hours`
    let limits = limits();
    for (time, expected) in [
        ("2026-11-20T07:59", "contact.quiet-hours 11-20 08:00"),
        ("2026-11-20T08:00", "allowed until 11-20 22:00"),
        ("2026-11-20T21:59", "allowed until 11-20 22:00"),
        ("2026-11-20T22:00", "contact.quiet-hours 11-21 08:00"),
        ("2026-11-20T23:59", "contact.quiet-hours 11-21 08:00"),
        ("2026-11-20T00:00", "contact.quiet-hours 11-20 08:00"),
    ] {
        for channel in [Channel::Phone, Channel::Sms, Channel::Message, Channel::Email] {
            let request = Request { channel, ..call(time, shanghai()) };
            assert_eq!(line(&check(&limits, &request, &empty()), &china()), expected, "{time} {channel:?}");
        }
        let letter = Request { channel: Channel::Letter, ..call(time, shanghai()) };
        assert!(check(&limits, &letter, &empty()).is_allowed(), "a letter wakes nobody: {time}");
    }
}

#[test]
fn a_day_is_the_debtors_own_wherever_the_caller_sits_and_whatever_the_clock_does() {
    // 08:30 in Shanghai is the night before in New York, and a clock that leaps moves no limit.
    let limits = limits();
    let new_york = zone("America/New_York");
    for (utc, name, expected) in [
        ("2026-11-20T00:30:00Z", "Asia/Shanghai", "allowed until 11-20 22:00"),
        ("2026-11-20T00:30:00Z", "Asia/Urumqi", "contact.quiet-hours 11-20 08:00"),
        ("2026-11-20T00:30:00Z", "America/New_York", "allowed until 11-19 22:00"),
        // The nights of the change to summer time and back.
        ("2026-03-08T04:30:00Z", "America/New_York", "contact.quiet-hours 03-08 08:00"),
        ("2026-03-08T12:00:00Z", "America/New_York", "allowed until 03-08 22:00"),
        ("2026-11-01T05:30:00Z", "America/New_York", "contact.quiet-hours 11-01 08:00"),
        ("2026-11-01T12:59:00Z", "America/New_York", "contact.quiet-hours 11-01 08:00"),
    ] {
        let zone = zone(name);
        let at: Timestamp = utc.parse().unwrap();
        let request = Request { at, zone, ..noon() };
        let verdict = check(&limits, &request, &Ledgers::empty(civil_day(at, zone)));
        assert_eq!(line(&verdict, zone), expected, "{utc} {name}");
    }
    let spring = at("2026-03-08T01:30", new_york);
    let fall = at("2026-11-01T01:30", new_york);
    assert_eq!((civil_day(spring, new_york), civil_day(fall, new_york)), (date(2026, 3, 8), date(2026, 11, 1)));
}

#[test]
fn hours_that_the_debtor_agreed_to_open_only_where_the_policy_says_so() {
    //
    let mut limits = limits();
    let request = Request { agreed_hours: Some((1_320, 1_380)), ..call("2026-11-20T22:30", shanghai()) };
    assert_eq!(said(&check(&limits, &request, &empty())), "contact.quiet-hours", "off by default");
    limits.agreed_hours_open = true;
    assert_eq!(line(&check(&limits, &request, &empty()), &china()), "allowed until 11-20 23:00");
    let apart = Request { agreed_hours: Some((360, 420)), ..call("2026-11-20T05:00", shanghai()) };
    assert_eq!(line(&check(&limits, &apart, &empty()), &china()), "contact.quiet-hours 11-20 06:00");
}

#[test]
fn the_fourth_effective_call_of_a_day_waits_for_the_next() {
    // X-05 C-05 C-45, rule `contact.calls-per-day`
    let limits = limits();
    for (calls_day, expected) in [
        (2, "allowed until 11-20 22:00"),
        (3, "contact.calls-per-day 11-21 08:00"),
        (9, "contact.calls-per-day 11-21 08:00"),
    ] {
        let person = PersonLedger { calls_day, calls_week: calls_day, ..PersonLedger::default() };
        let ledgers = Ledgers { person, ..empty() };
        assert_eq!(line(&check(&limits, &noon(), &ledgers), &china()), expected);
        let message = Request { channel: Channel::Sms, ..noon() };
        assert!(check(&limits, &message, &ledgers).is_allowed(), "calls are no messages");
    }
    let verdict =
        check(&limits, &noon(), &Ledgers { person: PersonLedger { calls_day: 3, ..<_>::default() }, ..empty() });
    let Verdict::Refused { article, .. } = verdict else { panic!("refused") };
    assert_eq!(&*article, "gbt-45251-2025");
}

#[test]
fn the_seventh_unanswered_dial_of_a_number_waits_for_the_next_day() {
    // X-05 C-46, rule `contact.dials-per-day`
    let limits = limits();
    for (dials_day, expected) in [(5, "allowed until 11-20 22:00"), (6, "contact.dials-per-day 11-21 08:00")] {
        let number = NumberLedger { dials_day, dials_week: dials_day };
        let verdict = check(&limits, &noon(), &Ledgers { number, ..empty() });
        assert_eq!(line(&verdict, &china()), expected);
    }
}

#[test]
fn a_weekly_limit_without_value_limits_nothing_and_with_one_waits_for_monday() {
    // X-05, rules `contact.calls-per-week`, `contact.dials-per-week`, `contact.messages-per-week`, `contact.messages-per-day`
    let mut limits = limits();
    let person = PersonLedger { calls_week: 50, messages_day: 50, messages_week: 50, ..<_>::default() };
    let ledgers = Ledgers { person, number: NumberLedger { dials_day: 0, dials_week: 50 }, ..empty() };
    let message = Request { channel: Channel::Message, ..noon() };
    assert!(check(&limits, &noon(), &ledgers).is_allowed() && check(&limits, &message, &ledgers).is_allowed());
    limits.calls_week = Some(Cap::new(10, "test"));
    assert_eq!(line(&check(&limits, &noon(), &ledgers), &china()), "contact.calls-per-week 11-23 08:00");
    limits.calls_week = None;
    limits.dials_week = Some(Cap::new(10, "test"));
    assert_eq!(line(&check(&limits, &noon(), &ledgers), &china()), "contact.dials-per-week 11-23 08:00");
    limits.messages_day = Some(Cap::new(2, "test"));
    assert_eq!(line(&check(&limits, &message, &ledgers), &china()), "contact.messages-per-day 11-21 08:00");
    limits.messages_week = Some(Cap::new(10, "test"));
    assert_eq!(line(&check(&limits, &message, &ledgers), &china()), "contact.messages-per-week 11-23 08:00");
    assert_eq!(week_of(TODAY), date(2026, 11, 16));
}

#[test]
fn what_was_begun_needs_its_outcome_before_the_next() {
    // Rule `contact.outcome-first`
    let person = PersonLedger { outcome_missing: true, ..PersonLedger::default() };
    let verdict = check(&limits(), &noon(), &Ledgers { person, ..empty() });
    assert_eq!(line(&verdict, &china()), "contact.outcome-first never");
}

#[test]
fn third_parties_are_left_alone_but_for_a_neutral_message_on_a_logged_ground() {
    // X-06 C-31 S2.5-08 S2.5-14 S2.5-15 S2.5-16 S2.5-20 S2.5-21, rules `contact.third-party`, `contact.objection`, `contact.neutral`
    // Colleagues, superiors, friends, the debtor's own debtors are `Other`, whoever asks and whatever for.
    let limits = limits();
    let clean = Words::Clean { neutral: true };
    for (party, channel, words, expected) in [
        (Party::Debtor, Channel::Phone, Words::Unwritten, "allowed"),
        (Party::CoObligor, Channel::Phone, Words::Unwritten, "allowed"),
        (Party::Guarantor, Channel::Phone, Words::Unwritten, "allowed"),
        (Party::Other, Channel::Phone, Words::Unwritten, "contact.third-party"),
        (Party::Other, Channel::Letter, Words::Unwritten, "contact.third-party"),
        (Party::Objected, Channel::Phone, Words::Unwritten, "contact.objection"),
        (Party::Consented(None), Channel::Phone, Words::Unwritten, "contact.third-party"),
        (Party::Consented(Some(Ground::Unreachable)), Channel::Phone, Words::Unwritten, "allowed"),
        (Party::Consented(Some(Ground::Unreachable)), Channel::Sms, Words::Unwritten, "contact.neutral"),
        (Party::Consented(Some(Ground::Unreachable)), Channel::Sms, Words::Clean { neutral: false }, "contact.neutral"),
        (Party::Consented(Some(Ground::Unreachable)), Channel::Sms, clean, "allowed"),
    ] {
        for purpose in [Purpose::Verify, Purpose::Care, Purpose::Collect] {
            let request = Request { party, channel, words, purpose, ..noon() };
            assert_eq!(said(&check(&limits, &request, &empty())), expected, "{party:?} {channel:?} {purpose:?}");
        }
    }
    let without = Limits { targets: None, ..limits };
    assert_eq!(said(&check(&without, &noon(), &empty())), "contact.third-party", "no list allows nobody");
}

#[test]
fn a_consented_contact_is_contacted_once_for_each_ground() {
    // X-06 S2.5-18, rule `contact.third-party-once`
    let request = Request { party: Party::Consented(Some(Ground::Unreachable)), ..noon() };
    let person = PersonLedger { consented: 1, ..PersonLedger::default() };
    let verdict = check(&limits(), &request, &Ledgers { person, ..empty() });
    assert_eq!(line(&verdict, &china()), "contact.third-party-once never");
}

#[test]
fn while_a_stop_flag_stands_nobody_is_pressed() {
    // X-10 C-45, rule `contact.stop-flag`
    let limits = limits();
    let stop = "contact.stop-flag";
    for (kind, debtor, guarantor) in [
        (StopKind::Agreement, stop, stop),
        (StopKind::Dispute, stop, stop),
        (StopKind::Death, stop, "allowed"),
        (StopKind::Minor, stop, "allowed"),
        (StopKind::Incapacity, stop, "allowed"),
        (StopKind::Illness, stop, "allowed"),
        (StopKind::Bankruptcy, stop, "allowed"),
    ] {
        let flags = StopKinds::NONE.with(kind);
        for channel in [Channel::Phone, Channel::Sms, Channel::Visit, Channel::Letter] {
            let crew = Some(Crew { people: 2, credentials: true });
            let asked = |party, own_flags| Request { party, own_flags, debt_flags: flags, channel, crew, ..noon() };
            let of = |request: &Request<'_>| said(&check(&limits, request, &empty()));
            assert_eq!(of(&asked(Party::Debtor, flags)), debtor, "{kind:?} {channel:?}");
            assert_eq!(of(&asked(Party::Guarantor, StopKinds::NONE)), guarantor, "{kind:?} {channel:?}");
            assert_eq!(of(&asked(Party::Guarantor, flags)), stop, "the guarantor's own flag: {kind:?}");
        }
    }
    let dead = StopKinds::NONE.with(StopKind::Death);
    for (ground, expected) in [(Ground::Dead, "allowed"), (Ground::Unreachable, "contact.stop-flag")] {
        let request = Request { party: Party::Consented(Some(ground)), debt_flags: dead, ..noon() };
        assert_eq!(said(&check(&limits, &request, &empty())), expected);
    }
    let answer = Request {
        channel: Channel::Letter,
        purpose: Purpose::Care,
        debt_flags: StopKinds::NONE.with(StopKind::Dispute),
        ..noon()
    };
    assert!(check(&limits, &answer, &empty()).is_allowed(), "a complaint is answered in writing");
}

#[test]
fn a_visit_takes_two_people_with_credentials_in_the_lawful_hours() {
    // S4-16, rule `contact.visit-crew`
    let limits = limits();
    for (crew, time, expected) in [
        (None, "2026-11-20T10:00", "contact.visit-crew"),
        (Some((1, true)), "2026-11-20T10:00", "contact.visit-crew"),
        (Some((2, false)), "2026-11-20T10:00", "contact.visit-crew"),
        (Some((2, true)), "2026-11-20T10:00", "allowed"),
        (Some((2, true)), "2026-11-20T07:00", "contact.quiet-hours"),
    ] {
        let crew = crew.map(|(people, credentials)| Crew { people, credentials });
        let request = Request { channel: Channel::Visit, crew, ..call(time, shanghai()) };
        assert_eq!(said(&check(&limits, &request, &empty())), expected, "{crew:?} {time}");
    }
}

#[test]
fn a_hidden_or_private_number_never_calls() {
    // S2.4-10, rule `contact.registered-line`
    let mut limits = limits();
    let of = |limits: &Limits, line| said(&check(limits, &Request { line, ..noon() }, &empty()));
    assert_eq!(of(&limits, Line::Unregistered), "contact.registered-line");
    assert_eq!((of(&limits, Line::Registered), of(&limits, Line::Unnamed)), ("allowed", "allowed"));
    limits.line_named = Some(Cap::new(1, "test"));
    assert_eq!(of(&limits, Line::Unnamed), "contact.registered-line");
}

#[test]
fn who_owes_nothing_overdue_is_asked_or_cared_for_by_day_and_never_collected_from() {
    // X-05, rule `contact.nothing-overdue`
    let limits = limits();
    let full = PersonLedger { calls_day: 9, outcome_missing: true, ..PersonLedger::default() };
    for (purpose, party, time, expected) in [
        (Purpose::Verify, Party::Debtor, "2026-11-20T12:00", "allowed"),
        (Purpose::Care, Party::Other, "2026-11-20T12:00", "allowed"),
        (Purpose::Care, Party::Objected, "2026-11-20T12:00", "contact.objection"),
        (Purpose::Verify, Party::Debtor, "2026-11-20T23:00", "contact.quiet-hours"),
        (Purpose::Collect, Party::Debtor, "2026-11-20T12:00", "contact.nothing-overdue"),
    ] {
        let request = Request { owes: Owes::Nothing, purpose, party, ..call(time, shanghai()) };
        assert_eq!(said(&check(&limits, &request, &Ledgers { person: full, ..empty() })), expected, "{purpose:?}");
    }
}

#[test]
fn messages_are_read_before_they_go_and_the_forbidden_ones_stay() {
    // X-07 S2.5-03 S2.5-14 S2.5-18 S2.5-19 S2.5-20 S2.5-22, rule `contact.words`
    let pack = pack();
    let (edition, limits) = (pack.on(TODAY), limits());
    for (text, class) in [
        ("再不还就通知你同事和你单位领导", "exposure"),
        ("警察会上门找你", "impersonation"),
        ("等着坐 牢 吧", "misstatement"),
        ("警方会加重罪名", "misstatement"),
        ("罚息还不够多，先不起诉", "misstatement"),
        ("后果·自负", "threat"),
        ("把欠条张贴在小区门口", "public"),
        ("先再借一笔把这笔还上", "extra"),
        ("今晚去堵门", "entry"),
        ("你的快递到了，请报一下地址", "pretext"),
        ("查一下护照信息", "pretext"),
        ("对该户极限施压", "pretext"),
    ] {
        assert_eq!(words::forbidden(edition, text).first().map(|hit| hit.class), Some(class), "{text}");
        let request = Request { channel: Channel::Sms, words: words::of_text(edition, Some(text)), ..noon() };
        assert_eq!(said(&check(&limits, &request, &empty())), "contact.words", "{text}");
    }
    let true_words = "您的贷款已逾期39天，继续逾期将产生罚息、如实报送征信，我公司可依法提起诉讼。";
    assert_eq!(
        words::of_text(edition, Some(true_words)),
        Words::Clean { neutral: false },
        "true consequences may be told"
    );
    let neutral = "您好，请转告梁先生回电：400-000-0000，谢谢。";
    assert_eq!(words::of_text(edition, Some(neutral)), Words::Clean { neutral: true });
    assert_eq!(words::of_text(edition, None), Words::Unwritten);
}

#[test]
fn no_shipped_text_teaches_pressure() {
    // S2.5-03 S2.5-17 S2.5-21 X-07: the phrase library of the packs passes its own filter.
    let pack = pack();
    let edition = pack.on(TODAY);
    for template in pack.templates() {
        assert_eq!(words::forbidden(edition, &format!("{template:?}")), Vec::new(), "{}", template.id);
    }
}

#[test]
fn a_pack_may_tighten_the_guard_and_never_loosen_it() {
    // X-05 C-05: the check at load knows every limit of the guard.
    let facts = FactDictionary::from_csv("test", FACTS).unwrap();
    for (row, loads) in [
        ("effective_calls_per_debtor_day,count 0..,2,,,house.collection-law,house,,上限,Calls", true),
        ("effective_calls_per_debtor_day,count 0..,4,,,house.collection-law,house,,上限,Calls", false),
        ("quiet_hours_start,minutes 0..1440,1260,,,house.collection-law,house,,起,Start", true),
        ("quiet_hours_start,minutes 0..1440,1380,,,house.collection-law,house,,起,Start", false),
        ("contact_targets,texts,debtor,,,house.collection-law,house,,对象,Targets", true),
        ("contact_targets,texts,debtor|friend,,,house.collection-law,house,,对象,Targets", false),
        ("consented_contact_contacts,count 0..,2,,,house.collection-law,house,,次数,Contacts", false),
        ("contact_stop_flags,texts,dispute,,,house.collection-law,house,,情形,Flags", false),
    ] {
        let mut files = platform::testbed::packs();
        files.get_mut("microloan/parameters.csv").unwrap().push_str(&format!("{row}\n"));
        let loaded = Pack::load(&files, "microloan", &facts);
        assert_eq!(loaded.is_ok(), loads, "{row}");
        if let Ok(pack) = loaded {
            let (house, law) = (Limits::of(pack.on(TODAY)), Limits::within_law(&pack, TODAY));
            assert_eq!(law.calls_day.unwrap().value, 3, "what a supervisor may open to is the law's");
            assert!(house.calls_day.unwrap().value <= 3);
            assert_eq!(house.targets, law.targets, "whom one may contact is never opened");
        }
    }
}

#[test]
fn every_rule_has_its_id_and_its_place() {
    for (place, rule) in Rule::ALL.into_iter().enumerate() {
        assert_eq!(Rule::parse(rule.id()), Some(rule));
        assert_eq!(Rule::ALL.iter().position(|other| other.id() == rule.id()), Some(place));
    }
}

/// One act of a sequence: who, which number, how long after the one before, and what comes of it.
#[derive(Debug, Clone, Copy)]
struct Act {
    person: usize,
    number: usize,
    minutes: i64,
    purpose: Purpose,
    answered: bool,
    /// Whether the outcome is entered at all.
    settled: bool,
}

/// What was let through: person, number, day, whether it was answered, whether that was entered.
type Through = (usize, usize, Date, bool, bool);

fn act() -> impl Strategy<Value = Act> {
    let purpose = prop_oneof![Just(Purpose::Verify), Just(Purpose::Care), Just(Purpose::Collect)];
    (0..3_usize, 0..2_usize, 0..300_i64, purpose, any::<bool>(), prop::bool::weighted(0.8)).prop_map(
        |(person, number, minutes, purpose, answered, settled)| Act {
            person,
            number,
            minutes,
            purpose,
            answered,
            settled,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_sequence_of_requests_gets_more_contacts_through_than_the_rule_permits(acts in prop::collection::vec(act(), 1..120)) {
        // X-05 S2.5-21
        let (limits, zone) = (limits_once(), shanghai_once());
        let mut now = at("2026-11-20T06:00", zone);
        let mut through: Vec<Through> = Vec::new();
        for act in acts {
            now = now.checked_add(jiff::SignedDuration::from_mins(act.minutes)).unwrap();
            let day = civil_day(now, zone);
            let count = |of: &dyn Fn(&Through) -> bool| {
                i64::try_from(through.iter().filter(|row| of(row)).count()).unwrap()
            };
            let person = PersonLedger {
                calls_day: count(&|row| row.0 == act.person && row.2 == day && (row.3 || !row.4)),
                ..PersonLedger::default()
            };
            let number = NumberLedger {
                dials_day: count(&|row| row.1 == act.number && row.2 == day && !(row.3 && row.4)),
                dials_week: 0,
            };
            let request = Request { at: now, zone, purpose: act.purpose, ..noon() };
            let verdict = check(limits, &request, &Ledgers { on: day, person, number });
            if let Verdict::Refused { next_lawful: Some(next), .. } = &verdict {
                prop_assert!(*next > now);
                let later = Request { at: *next, ..request.clone() };
                let then = Ledgers { on: day, person, number }.on_day(civil_day(*next, zone));
                prop_assert!(check(limits, &later, &then).is_allowed(), "the next lawful moment is lawful");
            }
            if verdict.is_allowed() {
                through.push((act.person, act.number, day, act.answered, act.settled));
                let local = now.to_zoned(zone.clone());
                prop_assert!((8..22).contains(&local.hour()), "{local}");
            }
        }
        for (person, number, day, ..) in &through {
            let calls = through.iter().filter(|row| row.0 == *person && row.2 == *day && row.3).count();
            prop_assert!(calls <= 3, "{calls} effective calls");
            let dials = through.iter().filter(|row| row.1 == *number && row.2 == *day && !row.3).count();
            prop_assert!(dials <= 6, "{dials} unanswered dials");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_hours_and_zones_are_stated_a_contact_is_lawful_where_the_debtor_lives_and_where_he_is_said_to(
        minutes in 0..40_000_i64,
        place in 0..4_usize,
        agreed in prop::option::of((0..1_380_i64, 10..60_i64)),
        visit in any::<bool>(),
    ) {
        // X-05, rule `contact.hours-confirmed`
        let limits = Limits { agreed_hours_open: true, ..limits_once().clone() };
        let zone = shanghai_once();
        let said = ["Asia/Urumqi", "America/New_York", "Europe/London", "Asia/Shanghai"][place];
        let there = TimeZone::get(said).unwrap();
        let now = at("2026-11-20T00:00", zone).checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
        let agreed = agreed.map(|(from, long)| (from, from + long));
        let channel = if visit { Channel::Visit } else { Channel::Phone };
        let crew = visit.then_some(Crew { people: 2, credentials: true });
        let request =
            Request { at: now, zone, channel, crew, agreed_hours: agreed, also_in: Some(&there), ..noon() };
        let ledgers = |at| Ledgers::empty(civil_day(at, zone));
        let lawful = |at: Timestamp| {
            [zone, &there].into_iter().all(|zone| {
                let local = at.to_zoned(zone.clone());
                let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
                (480..1_320).contains(&minute) || agreed.is_some_and(|(from, until)| (from..until).contains(&minute))
            })
        };
        match check(&limits, &request, &ledgers(now)) {
            Verdict::Allowed { until } => {
                prop_assert!(lawful(now) && until > now);
                let last = until.checked_sub(jiff::SignedDuration::from_mins(1)).unwrap();
                prop_assert!(lawful(last.max(now)), "until the first of the two closes");
            }
            Verdict::Refused { next_lawful, .. } => {
                prop_assert!(!lawful(now));
                if let Some(next) = next_lawful {
                    prop_assert!(next > now && lawful(next), "{next}");
                }
            }
        }
    }
}

fn limits_once() -> &'static Limits {
    static LIMITS: std::sync::OnceLock<Limits> = std::sync::OnceLock::new();
    LIMITS.get_or_init(limits)
}

fn shanghai_once() -> &'static TimeZone {
    static ZONE: std::sync::OnceLock<TimeZone> = std::sync::OnceLock::new();
    ZONE.get_or_init(china)
}
