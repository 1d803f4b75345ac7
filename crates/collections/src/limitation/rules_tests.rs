//! The clocks on both sides of every edge.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::limitation::model::Signer;

fn periods() -> Periods {
    Periods { limitation_years: 3, absolute_years: 20, guarantee_months: 6, warn_days: vec![180, 90, 30, 7] }
}

fn event(kind: EventKind, on: Date) -> LegalEvent {
    LegalEvent::new("limitation_event:1", kind, on)
}

fn signed(on: Date, signer: Signer) -> LegalEvent {
    LegalEvent { signer: Some(signer), ..event(EventKind::DemandSigned, on) }
}

const DUE: Date = date(2024, 3, 15);

// S2.3-10, S2.3-29: rule `limitation.runs`
#[test]
fn it_runs_three_years_from_the_last_due_date() {
    let on = |today| limitation(DUE, &[], &periods(), today).state;
    assert_eq!(on(date(2024, 3, 15)), ClockState::NotBegun);
    assert_eq!(on(date(2024, 3, 16)), ClockState::Running { until: date(2027, 3, 15) });
    assert_eq!(on(date(2027, 3, 15)), ClockState::Running { until: date(2027, 3, 15) });
    assert_eq!(on(date(2027, 3, 16)), ClockState::Expired { on: date(2027, 3, 15) });
}

#[test]
fn a_leap_day_ends_on_the_last_of_february() {
    let clock = limitation(date(2024, 2, 29), &[], &periods(), date(2024, 3, 1));
    assert_eq!(clock.state, ClockState::Running { until: date(2027, 2, 28) });
}

// S2.3-10: each kind of interruption starts it anew, once
#[test]
fn every_kind_that_needs_no_proceeding_restarts_it() {
    let on = date(2025, 6, 1);
    for kind in EventKind::ALL.into_iter().filter(|kind| !kind.is_proceeding()) {
        let happened = LegalEvent { signer: Some(Signer::Debtor), missing: true, ..event(kind, on) };
        let clock = limitation(DUE, &[happened], &periods(), date(2025, 6, 2));
        assert_eq!(clock.state, ClockState::Running { until: date(2028, 6, 1) }, "{kind:?}");
        assert_eq!(clock.steps[0].1, Effect::Restarted(date(2028, 6, 1)), "{kind:?}");
    }
}

// rule `limitation.form`
#[test]
fn a_signature_that_does_not_bind_changes_nothing() {
    let before = ClockState::Running { until: date(2027, 3, 15) };
    let today = date(2025, 7, 1);
    for signer in Signer::ALL {
        let clock = limitation(DUE, &[signed(date(2025, 6, 1), signer)], &periods(), today);
        assert_eq!(clock.state == before, !signer.binds(), "{signer:?}");
    }
    let unsigned = limitation(DUE, &[event(EventKind::DemandSigned, date(2025, 6, 1))], &periods(), today);
    assert_eq!((unsigned.state, unsigned.steps[0].1), (before, Effect::SignerDoesNotBind));
}

// rule `limitation.form`
#[test]
fn a_public_notice_counts_only_for_a_missing_debtor() {
    let notice = event(EventKind::PublicNotice, date(2025, 6, 1));
    let found = limitation(DUE, std::slice::from_ref(&notice), &periods(), date(2025, 7, 1));
    assert_eq!(found.steps[0].1, Effect::NotMissing);
    let missing = LegalEvent { missing: true, ..notice };
    let gone = limitation(DUE, &[missing], &periods(), date(2025, 7, 1));
    assert_eq!(gone.state, ClockState::Running { until: date(2028, 6, 1) });
}

#[test]
fn a_suit_holds_it_until_its_end() {
    let suit = event(EventKind::Suit, date(2026, 1, 10));
    let open = limitation(DUE, std::slice::from_ref(&suit), &periods(), date(2030, 1, 1));
    assert_eq!(open.state, ClockState::Held { since: date(2026, 1, 10) });
    let over = LegalEvent { ended_on: Some(date(2027, 5, 20)), ..suit };
    let state = |today| limitation(DUE, std::slice::from_ref(&over), &periods(), today).state;
    assert_eq!(state(date(2027, 5, 19)), ClockState::Held { since: date(2026, 1, 10) });
    assert_eq!(state(date(2027, 5, 20)), ClockState::Running { until: date(2030, 5, 20) });
}

#[test]
fn of_two_proceedings_the_later_end_counts() {
    let suit = LegalEvent { ended_on: Some(date(2026, 9, 1)), ..event(EventKind::Suit, date(2026, 1, 10)) };
    let enforcement = event(EventKind::Enforcement, date(2026, 8, 1));
    let both = [suit, enforcement];
    let open = limitation(DUE, &both, &periods(), date(2028, 1, 1));
    assert_eq!(open.state, ClockState::Held { since: date(2026, 1, 10) });
    let [suit, enforcement] = both;
    let ended = [suit, LegalEvent { ended_on: Some(date(2027, 2, 1)), ..enforcement }];
    let over = limitation(DUE, &ended, &periods(), date(2028, 1, 1));
    assert_eq!(over.state, ClockState::Running { until: date(2030, 2, 1) });
}

// rule `limitation.revival`
#[test]
fn after_the_end_only_an_agreement_to_pay_counts() {
    let late = date(2027, 3, 16);
    let today = date(2027, 4, 1);
    let demand = signed(late, Signer::Debtor);
    let plain = limitation(DUE, std::slice::from_ref(&demand), &periods(), today);
    assert_eq!((plain.state, plain.steps[0].1), (ClockState::Expired { on: date(2027, 3, 15) }, Effect::AfterExpiry));
    let agreed = limitation(DUE, &[LegalEvent { agrees: true, ..demand }], &periods(), today);
    assert_eq!(agreed.state, ClockState::Running { until: date(2030, 3, 16) });
    let last = limitation(DUE, &[signed(date(2027, 3, 15), Signer::Debtor)], &periods(), today);
    assert_eq!(last.state, ClockState::Running { until: date(2030, 3, 15) });
}

#[test]
fn nothing_reaches_beyond_twenty_years() {
    let demands: Vec<LegalEvent> = (0..9).map(|i| signed(date(2026 + 2 * i, 1, 1), Signer::Debtor)).collect();
    let clock = limitation(DUE, &demands, &periods(), date(2043, 1, 1));
    assert_eq!(clock.absolute, date(2044, 3, 15));
    assert_eq!(clock.state, ClockState::Running { until: date(2044, 3, 15) });
}

fn joint<'a>(agreed: Option<Date>, own: &'a [LegalEvent]) -> Guarantee<'a> {
    Guarantee { kind: GuaranteeKind::Joint, agreed, due: DUE, own, main: &[] }
}

// S2.3-29: rule `guarantee.period`
#[test]
fn without_a_clear_agreement_it_lasts_six_months_from_the_due_date() {
    for agreed in [None, Some(DUE), Some(date(2024, 1, 1))] {
        let period = guarantee(&joint(agreed, &[]), &periods(), date(2024, 3, 16));
        assert_eq!((period.until, period.agreed), (date(2024, 9, 15), false));
        assert_eq!(period.state, GuaranteeState::Running { until: date(2024, 9, 15) });
    }
    let agreed = guarantee(&joint(Some(date(2026, 3, 15)), &[]), &periods(), date(2024, 3, 16));
    assert_eq!((agreed.until, agreed.agreed), (date(2026, 3, 15), true));
}

// S2.3-29: rule `guarantee.kept`
#[test]
fn a_joint_guarantor_is_kept_by_a_demand_in_time_and_lost_without() {
    let last = date(2024, 9, 15);
    let in_time = [signed(last, Signer::Debtor)];
    let state = guarantee(&joint(None, &in_time), &periods(), date(2024, 10, 1)).state;
    let limitation = Some(ClockState::Running { until: date(2027, 9, 15) });
    assert_eq!(state, GuaranteeState::Kept { on: last, limitation });
    let late = [LegalEvent { agrees: true, ..signed(date(2024, 9, 16), Signer::Debtor) }];
    let state = guarantee(&joint(None, &late), &periods(), date(2024, 10, 1)).state;
    assert_eq!(state, GuaranteeState::Lost { on: last });
}

// S2.3-04, S2.3-29: rule `guarantee.kept`
#[test]
fn a_general_guarantor_is_kept_only_by_suing_the_debtor() {
    let demand = [signed(date(2024, 5, 1), Signer::Debtor)];
    let suit = [event(EventKind::Suit, date(2024, 8, 1))];
    let of = |own, main| Guarantee { kind: GuaranteeKind::General, agreed: None, due: DUE, own, main };
    let today = date(2024, 10, 1);
    assert_eq!(guarantee(&of(&demand, &[]), &periods(), today).state, GuaranteeState::Lost { on: date(2024, 9, 15) });
    let kept = guarantee(&of(&[], &suit), &periods(), today).state;
    assert_eq!(kept, GuaranteeState::Kept { on: date(2024, 8, 1), limitation: None });
}

// rule `guarantee.limitation`
#[test]
fn the_limitation_of_a_general_guarantee_begins_when_enforcement_ended() {
    let enforced = LegalEvent { ended_on: Some(date(2026, 2, 1)), ..event(EventKind::Enforcement, date(2025, 6, 1)) };
    let main = [event(EventKind::Suit, date(2024, 8, 1)), enforced];
    let of = Guarantee { kind: GuaranteeKind::General, agreed: None, due: DUE, own: &[], main: &main };
    let state = guarantee(&of, &periods(), date(2026, 3, 1)).state;
    let limitation = Some(ClockState::Running { until: date(2029, 2, 1) });
    assert_eq!(state, GuaranteeState::Kept { on: date(2024, 8, 1), limitation });
}

// S2.3-10: rule `limitation.warning`
#[test]
fn it_warns_on_each_day_that_the_policy_names() {
    let until = date(2027, 3, 15);
    let before = |days: i32| until.checked_sub(days.days()).unwrap();
    for (today, standing, next) in [
        (before(181), None, Some(before(180))),
        (before(180), Some(180), Some(before(90))),
        (before(91), Some(180), Some(before(90))),
        (before(90), Some(90), Some(before(30))),
        (before(7), Some(7), until.tomorrow().ok()),
        (until, Some(7), until.tomorrow().ok()),
        (until.tomorrow().unwrap(), None, None),
    ] {
        assert_eq!(warning(until, &periods(), today), standing, "{today}");
        assert_eq!(next_look(until, &periods(), today), next, "{today}");
    }
}

proptest! {
    /// More time never comes from nowhere: the end is never later than the last event's and never before the first.
    #[test]
    fn the_end_is_that_of_the_due_date_or_of_an_event(
        days in proptest::collection::vec((1_i32..4_000, 0_usize..15, any::<bool>()), 0..8),
        look in 1_i32..9_000,
    ) {
        let at = |days: i32| DUE.checked_add(days.days()).unwrap();
        let events: Vec<LegalEvent> = days.iter().map(|(on, kind, agrees)| LegalEvent {
            signer: Some(Signer::Debtor),
            agrees: *agrees,
            ended_on: Some(at(on + 100)),
            ..event(EventKind::ALL[*kind], at(*on))
        }).collect();
        let today = at(look);
        let clock = limitation(DUE, &events, &periods(), today);
        let ends: Vec<Date> = std::iter::once(DUE)
            .chain(events.iter().flat_map(|e| [Some(e.on), e.ended_on]).flatten())
            .map(|from| periods().limitation_from(from).min(clock.absolute))
            .collect();
        match clock.state {
            ClockState::Running { until } => prop_assert!(until >= today && ends.contains(&until)),
            ClockState::Expired { on } => prop_assert!(on < today && ends.contains(&on)),
            ClockState::Held { since } => prop_assert!(events.iter().any(|e| e.on == since && e.kind.is_proceeding())),
            ClockState::NotBegun => prop_assert!(today <= DUE),
        }
        prop_assert_eq!(clock.steps.len(), events.iter().filter(|e| e.on <= today).count());
    }
}
