//! What must be true of a lead, and when it may be contacted and must be erased. Pure.

use jiff::civil::Date;
use platform::error::FieldError;
use platform::id::CustomerId;

use super::model::{Channel, ContactGround, Lead, LeadId, LeadState, Needs, NewLead, Origin};
use crate::customer::rules::check_name;
use crate::identity::normalise_phone;

/// The longest text about a lead.
const MAX_TEXT: usize = 500;

/// A text that must be there, or may be missing, and is not absurdly long.
#[must_use]
pub fn check_words(field: &'static str, text: &str, needed: bool) -> Option<FieldError> {
    let found = text.trim().chars().count();
    match found {
        0 if needed => Some(FieldError::new(field, "field-empty")),
        0..=MAX_TEXT => None,
        _ => Some(FieldError::new(field, "text-too-long").with("most", MAX_TEXT).with("found", found)),
    }
}

/// What is wrong with where somebody came from (rule `lead.channel`, S1-03): a channel of the policy, and what this
/// channel needs to be named beside it; nobody refers oneself, with any of the own files.
#[must_use]
pub fn check_origin(origin: &Origin, channels: &[Channel], own: &[CustomerId]) -> Vec<FieldError> {
    let Some(channel) = channels.iter().find(|one| one.name == origin.channel) else {
        return vec![FieldError::choice("channel", &origin.channel)];
    };
    let lacking = match channel.needs {
        Needs::Nothing => None,
        Needs::Campaign => origin.campaign.is_none().then_some("campaign"),
        Needs::Partner => origin.partner.is_none().then_some("partner"),
        Needs::Referrer => origin.referrer.is_none().then_some("referrer"),
        Needs::Colleague => origin.colleague.is_none().then_some("colleague"),
    };
    let mut wrong: Vec<FieldError> =
        lacking.map(|field| FieldError::new(field, "lead-channel-needs")).into_iter().collect();
    if refers_itself(origin, own) {
        wrong.push(FieldError::new("referrer", "lead-refers-itself"));
    }
    wrong
}

/// Whether the one who referred is the person itself, by any of its own files (rule `lead.channel`).
#[must_use]
pub fn refers_itself(origin: &Origin, own: &[CustomerId]) -> bool {
    origin.referrer.is_some_and(|referrer| own.contains(&referrer))
}

/// All that is wrong with a new lead, each with its field.
///
/// Rule `lead.take`: a name, a channel of the policy with what it needs, a ground of the policy and how it came about,
/// a telephone number that is one. `own` are the files of the person.
#[must_use]
pub fn check(new: &NewLead, channels: &[Channel], grounds: &[ContactGround], own: &[CustomerId]) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = check_name("name", &new.name).into_iter().collect();
    if new.phone.as_deref().is_some_and(|phone| normalise_phone(phone).is_none()) {
        wrong.push(FieldError::new("phone", "phone-invalid"));
    }
    wrong.extend(check_origin(&new.origin, channels, own));
    match grounds.iter().find(|one| one.name == new.ground) {
        None => wrong.push(FieldError::choice("ground", &new.ground)),
        // A contract is a customer's: without one the ground would open any list of numbers.
        Some(ground) if ground.needs_customer && new.customer.is_none() => {
            wrong.push(FieldError::new("customer", "lead-ground-needs"));
        }
        Some(_) => {}
    }
    wrong.extend(check_words("ground_note", &new.ground_note, true));
    wrong.extend(check_words("interest", &new.interest, false));
    wrong
}

/// A refusal that another lead with the same number holds, or this one (拒绝记录).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The day.
    pub on: Date,
    /// Its key: whatever was recorded later has a higher one.
    pub key: i64,
    /// Whether this very lead refused.
    pub own: bool,
}

/// The refusal that stands against contacting a lead (rule `lead.refusal`): one's own always; that of an earlier lead
/// with the same number unless the person came of its own accord since.
///
/// Source: 个人信息保护法 第十五条: consent can be withdrawn, and what is withdrawn is respected.
#[must_use]
pub fn standing_refusal(refusals: &[Refusal], renews: bool, lead: LeadId) -> Option<Date> {
    let stands = |one: &&Refusal| one.own || !renews || one.key > lead.0;
    refusals.iter().filter(stands).map(|one| one.on).max()
}

/// The last day on which an idle lead is kept (rule `lead.retention`).
#[must_use]
pub fn kept_until(lead: &Lead, months: i64) -> Option<Date> {
    let idle = lead.erased_on.is_none() && lead.state != LeadState::Customer;
    let seen = lead.next_on.filter(|_| lead.state.lives()).map_or(lead.seen_on, |next| next.max(lead.seen_on));
    idle.then(|| crate::evaluation::rules::months_later(seen, months))
}

/// What is wrong with the day of the next contact: it lies after today (rule `lead.next`), and not further ahead than a
/// lead is kept: an appointment is no way to keep somebody for ever (rule `lead.retention`).
#[must_use]
pub fn check_next(next: Option<Date>, today: Date, months: i64) -> Option<FieldError> {
    let latest = crate::evaluation::rules::months_later(today, months);
    let next = next?;
    if next <= today {
        return Some(FieldError::new("next_on", "lead-next-past"));
    }
    (next > latest).then(|| FieldError::new("next_on", "lead-next-far").with("date", latest))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::UserId;

    use super::*;
    use crate::customer::model::CustomerKind;
    use crate::lead::model::StepKind;

    fn channels() -> Vec<Channel> {
        let one = |name: &str, needs| Channel { name: name.to_owned(), needs };
        vec![one("walk_in", Needs::Nothing), one("word_of_mouth", Needs::Referrer), one("partner", Needs::Partner)]
    }

    fn new(channel: &str) -> NewLead {
        NewLead {
            kind: CustomerKind::Person,
            name: "梁文".to_owned(),
            phone: None,
            origin: Origin { channel: channel.to_owned(), ..Origin::default() },
            ground: "own_request".to_owned(),
            ground_note: "本人到店咨询".to_owned(),
            interest: String::new(),
            customer: None,
            owner: UserId(1),
        }
    }

    fn grounds() -> Vec<ContactGround> {
        let ground = |name: &str, needs_customer: bool| ContactGround {
            name: name.to_owned(),
            may_contact: true,
            renews: !needs_customer,
            needs_customer,
            article: "a".to_owned(),
        };
        vec![ground("own_request", false), ground("existing_contract", true)]
    }

    // Rules lead.take, lead.channel. S1-03.
    #[test]
    fn a_channel_needs_what_the_policy_says_and_every_complaint_names_its_field() {
        let fields = |new: &NewLead| -> Vec<&str> {
            check(new, &channels(), &grounds(), &[CustomerId(7), CustomerId(8)])
                .iter()
                .map(|wrong| wrong.field)
                .collect()
        };
        assert_eq!(fields(&new("walk_in")), Vec::<&str>::new());
        assert_eq!(fields(&new("word_of_mouth")), ["referrer"]);
        assert_eq!(fields(&new("partner")), ["partner"]);
        let mut referred = new("word_of_mouth");
        referred.origin.referrer = Some(CustomerId(3));
        assert_eq!(fields(&referred), Vec::<&str>::new());
        referred.origin.referrer = Some(CustomerId(8));
        assert_eq!(fields(&referred), ["referrer"], "nobody refers oneself");
        let mut contract = new("walk_in");
        contract.ground = "existing_contract".to_owned();
        assert_eq!(fields(&contract), ["customer"], "whose contract");
        contract.customer = Some(CustomerId(3));
        assert_eq!(fields(&contract), Vec::<&str>::new());
        let bad = NewLead {
            name: " ".to_owned(),
            phone: Some("12".to_owned()),
            ground: "poem".to_owned(),
            ground_note: String::new(),
            interest: "长".repeat(501),
            ..new("poem")
        };
        assert_eq!(fields(&bad), ["name", "phone", "channel", "ground", "ground_note", "interest"]);
    }

    // Rule lead.steps
    #[test]
    fn steps_lead_forward_and_a_customer_is_no_lead_any_more() {
        use LeadState as S;
        for (step, from, to) in [
            (StepKind::Contacted, S::New, Some(S::Contacted)),
            (StepKind::Contacted, S::Visited, Some(S::Visited)),
            (StepKind::Visited, S::New, Some(S::Visited)),
            (StepKind::Visited, S::Applied, Some(S::Applied)),
            (StepKind::Applied, S::Contacted, Some(S::Applied)),
            (StepKind::Converted, S::New, Some(S::Customer)),
            (StepKind::Converted, S::Lost, None),
            (StepKind::Lost, S::Applied, Some(S::Lost)),
            (StepKind::Refused, S::Lost, Some(S::Lost)),
            (StepKind::Refused, S::Customer, Some(S::Customer)),
            (StepKind::Reopened, S::Lost, Some(S::New)),
            (StepKind::Reopened, S::New, None),
            (StepKind::Contacted, S::Lost, None),
            (StepKind::Assigned, S::Customer, None),
            (StepKind::Erased, S::Customer, None),
            (StepKind::Erased, S::Lost, Some(S::Lost)),
            (StepKind::Taken, S::New, None),
        ] {
            assert_eq!(step.leads(from), to, "{step:?} from {from:?}");
        }
    }

    // Rules lead.next, lead.retention
    #[test]
    fn the_next_contact_lies_after_today_and_within_the_months_of_keeping() {
        let code = |next| check_next(Some(next), date(2026, 11, 20), 12).map(|wrong| wrong.code);
        assert_eq!(check_next(None, date(2026, 11, 20), 12), None);
        assert_eq!(code(date(2026, 11, 20)), Some("lead-next-past"));
        assert_eq!(code(date(2027, 11, 20)), None);
        assert_eq!(code(date(2027, 11, 21)), Some("lead-next-far"));
    }

    // Rule lead.refusal
    #[test]
    fn a_refusal_stands_until_the_person_comes_of_its_own_accord() {
        let refusal = |own, key| Refusal { on: date(2026, 11, 2), key, own };
        let on = Some(date(2026, 11, 2));
        assert_eq!(standing_refusal(&[], false, LeadId(5)), None);
        assert_eq!(standing_refusal(&[refusal(false, 1)], false, LeadId(5)), on, "another ground does not renew");
        assert_eq!(standing_refusal(&[refusal(false, 1)], true, LeadId(5)), None, "came of its own accord since");
        assert_eq!(standing_refusal(&[refusal(false, 9)], true, LeadId(5)), on, "said no again");
        assert_eq!(standing_refusal(&[refusal(true, 1)], true, LeadId(5)), on, "one's own always stands");
    }
}
