//! How far repayments are under control. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;

use super::model::{Control, Controlled, Part};

/// What an instalment is judged by (受控判断依据).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// 未还.
    pub unpaid: Fen,
    /// Whether the house paid it to the bank.
    pub advanced: bool,
    /// When its card was last looked up.
    pub checked_on: Option<Date>,
    /// When the borrower was last called.
    pub called_on: Option<Date>,
}

/// How far an instalment is under control on a day (rule `control.state`): paid; else advanced; else followed where its card was
/// looked up or the borrower called on this very day; else open.
#[must_use]
pub fn control(known: &Known, today: Date) -> Control {
    if !known.unpaid.is_positive() {
        Control::Paid
    } else if known.advanced {
        Control::Advanced
    } else if known.checked_on == Some(today) || known.called_on == Some(today) {
        Control::Followed
    } else {
        Control::Open
    }
}

impl Controlled {
    /// Those of one kind.
    #[must_use]
    pub fn part(&self, control: Control) -> Part {
        self.0.iter().find(|(one, _)| *one == control).map(|(_, part)| *part).unwrap_or_default()
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> Part {
        let sum = |of: fn(&Part) -> Fen| Fen::checked_sum(self.0.iter().map(|(_, part)| of(part))).unwrap_or_default();
        Part {
            count: self.0.iter().map(|(_, part)| part.count).sum(),
            due: sum(|part| part.due),
            unpaid: sum(|part| part.unpaid),
        }
    }

    /// What of the money due is under control: all but the open ones.
    #[must_use]
    pub fn held(&self) -> Fen {
        self.all().due.checked_sub(self.part(Control::Open).due).unwrap_or_default()
    }

    /// The share of the money due that is under control, in thousandths, rounded down (rule `control.share`); `None` where
    /// nothing is due.
    #[must_use]
    pub fn permille(&self) -> Option<u32> {
        let all = i128::from(self.all().due.0);
        if all <= 0 {
            return None;
        }
        u32::try_from(i128::from(self.held().0) * 1_000 / all).ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S2.19-10. Rule control.state
    #[test]
    fn an_instalment_is_under_control_when_it_is_paid_advanced_or_followed_on_the_day() {
        let today = date(2026, 11, 20);
        let open = Known { unpaid: Fen(100), advanced: false, checked_on: None, called_on: None };
        let yesterday = Some(date(2026, 11, 19));
        for (known, is) in [
            (open, Control::Open),
            (Known { checked_on: yesterday, called_on: yesterday, ..open }, Control::Open),
            (Known { checked_on: Some(today), ..open }, Control::Followed),
            (Known { called_on: Some(today), ..open }, Control::Followed),
            (Known { advanced: true, called_on: Some(today), ..open }, Control::Advanced),
            (Known { unpaid: Fen::ZERO, advanced: true, ..open }, Control::Paid),
        ] {
            assert_eq!(control(&known, today), is, "{known:?}");
        }
    }

    // S2.19-10. Rule control.share
    #[test]
    fn the_share_under_control_is_of_the_money_due_and_rounded_down() {
        let part = |due, unpaid| Part { count: 1, due: Fen(due), unpaid: Fen(unpaid) };
        let all = Controlled(vec![
            (Control::Paid, part(500, 0)),
            (Control::Advanced, part(100, 100)),
            (Control::Followed, part(100, 50)),
            (Control::Open, part(301, 301)),
        ]);
        assert_eq!((all.held(), all.all()), (Fen(700), Part { count: 4, due: Fen(1_001), unpaid: Fen(451) }));
        assert_eq!(all.permille(), Some(699));
        assert_eq!(Controlled::default().permille(), None, "nothing is due");
        assert_eq!(Controlled(vec![(Control::Open, part(5, 5))]).permille(), Some(0));
    }
}
