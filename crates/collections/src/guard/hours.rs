//! Hours and time zone that a debtor agreed to (约定联系时段): what was stated, what of it a second person confirmed, and what of
//! it opens anything. Pure.
//!
//! Rule `contact.hours-confirmed`: what is stated takes away at once and opens nothing; it opens only once another person
//! than who recorded it has confirmed it.

/// Minutes of the day, from the first on and before the last.
pub type Minutes = (i64, i64);

/// What one record states (约定记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The time zone; none takes that of the policy.
    pub zone: Option<String>,
    /// Other hours.
    pub agreed: Option<Minutes>,
    /// Whether a second person confirmed it.
    pub confirmed: bool,
}

/// How it stands after all records (约定现状).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoursNow {
    /// The time zone that was confirmed last; none takes that of the policy.
    pub zone: Option<String>,
    /// A time zone that is stated and not confirmed: a contact is lawful in both or not at all.
    pub pending_zone: Option<Option<String>>,
    /// The hours that open something.
    pub agreed: Option<Minutes>,
    /// The hours as stated last, confirmed or not: whom to call first follows them, what is lawful does not.
    pub stated: Option<Minutes>,
    /// Whether the last record waits for its second person.
    pub waits: bool,
}

impl HoursNow {
    /// How it stands after these records, the oldest first (rule `contact.hours-confirmed`).
    #[must_use]
    pub fn after<'a>(records: impl IntoIterator<Item = &'a Stated>) -> Self {
        records.into_iter().fold(Self::default(), |now, next| now.and_then(next))
    }

    fn and_then(self, next: &Stated) -> Self {
        let stated = next.agreed;
        if next.confirmed {
            let (zone, agreed) = (next.zone.clone(), next.agreed);
            return Self { zone, pending_zone: None, agreed, stated, waits: false };
        }
        let pending_zone = (next.zone != self.zone).then(|| next.zone.clone());
        // Of what was open before only that stays which the debtor still states.
        let agreed = self.agreed.zip(next.agreed).and_then(|(open, stated)| common(open, stated));
        Self { zone: self.zone, pending_zone, agreed, stated, waits: true }
    }

    /// The time zone as stated last.
    #[must_use]
    pub fn stated_zone(&self) -> Option<&str> {
        self.pending_zone.as_ref().unwrap_or(&self.zone).as_deref()
    }
}

/// The minutes that two spans have in common.
fn common(one: Minutes, other: Minutes) -> Option<Minutes> {
    let (from, until) = (one.0.max(other.0), one.1.min(other.1));
    (from < until).then_some((from, until))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stated(zone: Option<&str>, agreed: Option<Minutes>, confirmed: bool) -> Stated {
        Stated { zone: zone.map(str::to_owned), agreed, confirmed }
    }

    // Rule contact.hours-confirmed
    #[test]
    fn what_is_stated_takes_away_at_once_and_opens_nothing_before_it_is_confirmed() {
        let night = Some((1_320, 1_380));
        let first = stated(None, night, false);
        assert_eq!(HoursNow::after([&first]).agreed, None);
        assert_eq!(HoursNow::after([&first]).stated, night);
        let confirmed = stated(None, night, true);
        assert_eq!(HoursNow::after([&confirmed]).agreed, night);
        // Less than before holds at once, more does not, nothing is nothing.
        let less = stated(None, Some((1_320, 1_350)), false);
        let more = stated(None, Some((1_300, 1_440)), false);
        let none = stated(None, None, false);
        assert_eq!(HoursNow::after([&confirmed, &less]).agreed, Some((1_320, 1_350)));
        assert_eq!(HoursNow::after([&confirmed, &more]).agreed, night);
        assert_eq!(HoursNow::after([&confirmed, &none]).agreed, None);
        assert_eq!(HoursNow::after([&confirmed, &none, &first]).agreed, None, "what was taken back stays so");
        let abroad = stated(Some("Europe/London"), None, false);
        let now = HoursNow::after([&confirmed, &abroad]);
        assert_eq!((now.zone, now.pending_zone), (None, Some(Some("Europe/London".to_owned()))));
        let back = HoursNow::after([&confirmed, &abroad, &none]);
        assert_eq!((back.zone.clone(), back.pending_zone.clone(), back.waits), (None, None, true));
    }

    fn record() -> impl Strategy<Value = Stated> {
        let zone = prop::option::of(prop_oneof![Just("Asia/Urumqi".to_owned()), Just("Europe/London".to_owned())]);
        let span = (0..1_440_i64, 1..600_i64).prop_map(|(from, long)| (from, (from + long).min(1_440)));
        let span = span.prop_filter("no minute", |(from, until)| from < until);
        (zone, prop::option::of(span), any::<bool>()).prop_map(|(zone, agreed, confirmed)| Stated {
            zone,
            agreed,
            confirmed,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn no_sequence_of_records_opens_a_minute_that_nobody_confirmed(records in prop::collection::vec(record(), 1..12)) {
            //
            let now = HoursNow::after(&records);
            let last = records.last().unwrap();
            let confirmed = records.iter().rev().find(|one| one.confirmed);
            if let Some((from, until)) = now.agreed {
                let within = |span: Option<Minutes>| span.is_some_and(|(first, end)| first <= from && until <= end);
                prop_assert!(within(last.agreed), "the debtor still states it");
                prop_assert!(within(confirmed.and_then(|one| one.agreed)), "and somebody confirmed it");
            }
            prop_assert_eq!(&now.zone, &confirmed.and_then(|one| one.zone.clone()));
            prop_assert_eq!(now.stated_zone(), last.zone.as_deref());
            prop_assert_eq!(now.waits, !last.confirmed);
        }
    }
}
