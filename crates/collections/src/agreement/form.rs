//! The form that proposes an agreement (协议申请表): what each kind asks for, read into a wish.

use finance::{ExtensionScope, Fen, Head, Rate};
use jiff::civil::Date;
use platform::error::FieldError;
use platform::page::{Choice, Field, Input, Ui};
use serde::Deserialize;
use servicing::change::pages::{read_rate, read_reason};
use servicing::extension::model::ExtensionWish;
use servicing::loan::model::{LoanId, LoanKey};
use servicing::restructuring::model::{NewMethod, Restructuring};

use super::capacity::{Carries, Proposed};
use super::list::kind_word;
use super::model::{AgreementKind, Every, Parts, Payment, Plan, Split, Way, Wish};
use crate::case::model::CaseKey;

/// The heads that can be given up, with the field of each.
const WAIVED: [(Head, &str); 6] = [
    (Head::Penalty, "waive_penalty"),
    (Head::Compound, "waive_compound"),
    (Head::Interest, "waive_interest"),
    (Head::Fee, "waive_fee"),
    (Head::Cost, "waive_cost"),
    (Head::Principal, "waive_principal"),
];

const METHODS: [(&str, NewMethod); 4] = [
    ("equal-instalment", NewMethod::EqualInstalment),
    ("equal-principal", NewMethod::EqualPrincipal),
    ("interest-only", NewMethod::InterestOnly),
    ("bullet", NewMethod::Bullet),
];

const SCOPES: [(&str, ExtensionScope); 2] =
    [("last-instalment", ExtensionScope::LastInstalment), ("remaining", ExtensionScope::Remaining)];

/// What becomes of unpaid interest: stays due, or becomes principal.
const UNPAID: [(&str, bool); 2] = [("due", false), ("capitalised", true)];

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AgreementForm {
    pub(super) kind: String,
    pub(super) loan: String,
    others: String,
    signer: String,
    total: String,
    count: String,
    first_on: String,
    every: String,
    pay_on: String,
    payments: String,
    waive_penalty: String,
    waive_compound: String,
    waive_interest: String,
    waive_fee: String,
    waive_cost: String,
    waive_principal: String,
    until: String,
    scope: String,
    method: String,
    periods: String,
    first_due_on: String,
    rate: String,
    unpaid: String,
    way: String,
    reason: String,
    pub(super) step: String,
}

impl AgreementForm {
    /// Before anything was typed.
    pub(super) fn blank(kind: AgreementKind, loan: String) -> Self {
        Self {
            kind: kind.as_str().to_owned(),
            loan,
            every: Every::Month.as_str().to_owned(),
            scope: SCOPES[0].0.to_owned(),
            method: METHODS[0].0.to_owned(),
            unpaid: UNPAID[0].0.to_owned(),
            way: Way::Transfer.as_str().to_owned(),
            ..Self::default()
        }
    }

    /// Filled from what a capacity carries (rule `agreement.capacity`); the writer may say otherwise.
    pub(super) fn by_capacity(self, one: &Proposed, reason: String) -> Self {
        let kind = one.carries.kind().map_or_else(|| self.kind.clone(), |kind| kind.as_str().to_owned());
        let filled = Self { kind, loan: one.loan.to_string(), reason, ..self };
        match one.carries {
            Carries::Arrears { months } => Self {
                total: one.burden.overdue.to_string(),
                count: months.to_string(),
                first_on: one.first_on.to_string(),
                ..filled
            },
            Carries::Smaller { months } => Self { periods: months.to_string(), ..filled },
            Carries::Nothing => filled,
        }
    }

    /// Whether it covers every overdue loan of the case.
    pub(super) fn covers_all(&self) -> bool {
        !self.others.trim().is_empty()
    }

    /// The kind; instalments where none is named.
    pub(super) fn chosen(&self) -> AgreementKind {
        AgreementKind::parse(&self.kind).unwrap_or(AgreementKind::Instalments)
    }

    fn waived(&self, head: Head) -> &str {
        match head {
            Head::Penalty => &self.waive_penalty,
            Head::Compound => &self.waive_compound,
            Head::Interest => &self.waive_interest,
            Head::Fee => &self.waive_fee,
            Head::Cost => &self.waive_cost,
            Head::Principal => &self.waive_principal,
        }
    }

    /// Reads what the kind asks for, or says everything that is wrong at once (S4-12: amount, term and method explicit).
    pub(super) fn read(&self, case: CaseKey) -> Result<Wish, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let kind = AgreementKind::parse(&self.kind);
        if kind.is_none() {
            wrong.push(FieldError::new("kind", "choice-unknown").with("text", &self.kind));
        }
        let loan = self.loan.parse().ok().map(|loan| LoanKey { customer: case.customer, loan: LoanId(loan) });
        if loan.is_none() {
            wrong.push(FieldError::new("loan", "choice-unknown").with("text", &self.loan));
        }
        let way = Way::parse(&self.way);
        if way.is_none() {
            wrong.push(FieldError::new("way", "choice-unknown").with("text", &self.way));
        }
        let reason = read_reason(&self.reason, &mut wrong);
        let plan = kind.and_then(|kind| self.plan(kind, &reason, &mut wrong));
        match (loan, plan, way) {
            (Some(loan), Some(plan), Some(way)) if wrong.is_empty() => {
                let signer = self.signer.trim();
                let relation = signer.parse().ok();
                if relation.is_none() && !signer.is_empty() {
                    return Err(vec![FieldError::new("signer", "choice-unknown").with("text", signer)]);
                }
                Ok(Wish { loan, also: Vec::new(), plan, way, signer: relation, reason })
            }
            _ => Err(wrong),
        }
    }

    fn plan(&self, kind: AgreementKind, reason: &str, wrong: &mut Vec<FieldError>) -> Option<Plan> {
        match kind {
            AgreementKind::Instalments => Some(Plan::Instalments(self.parts(wrong)?)),
            AgreementKind::Reduction => {
                let (parts, waived) = (self.parts(wrong), self.read_waived(wrong)?);
                Some(Plan::Reduction(parts?, waived))
            }
            AgreementKind::Settlement => {
                let (on, before) = (read_day("pay_on", &self.pay_on, wrong), self.stated(wrong));
                let waived = self.read_waived(wrong)?;
                Some(Plan::Settlement(before?, on?, waived))
            }
            AgreementKind::Extension => {
                let scope = SCOPES.iter().find(|(name, _)| *name == self.scope).map(|(_, scope)| *scope);
                if scope.is_none() {
                    wrong.push(FieldError::new("scope", "choice-unknown").with("text", &self.scope));
                }
                let (until, rate) = (read_day("until", &self.until, wrong), read_rate(&self.rate, wrong));
                Some(Plan::Extension(ExtensionWish { until: until?, scope: scope?, rate, reason: reason.to_owned() }))
            }
            AgreementKind::Restructuring => self.restructuring(reason, wrong).map(Plan::Restructuring),
        }
    }

    /// Payments one by one, a line each: the day, then the amount.
    fn stated(&self, wrong: &mut Vec<FieldError>) -> Option<Vec<Payment>> {
        let before = wrong.len();
        let mut all = Vec::new();
        for line in self.payments.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split([' ', '\t', '　']).filter(|word| !word.is_empty());
            let day = words.next().and_then(|day| day.parse().ok());
            let amount = words.next().and_then(|amount| amount.parse::<Fen>().ok());
            match (day, amount, words.next()) {
                (Some(due_on), Some(amount), None) => all.push(Payment { due_on, amount }),
                _ => wrong.push(FieldError::new("payments", "agreement-payment-line").with("line", line)),
            }
        }
        (wrong.len() == before).then_some(all)
    }

    fn parts(&self, wrong: &mut Vec<FieldError>) -> Option<Parts> {
        if !self.payments.trim().is_empty() {
            return self.stated(wrong).map(Parts::Stated);
        }
        let total = read_amount("total", &self.total, wrong);
        let count = self.count.trim().parse().ok();
        if count.is_none() {
            wrong.push(FieldError::new("count", "periods-unreadable").with("text", &self.count));
        }
        let every = Every::parse(&self.every);
        if every.is_none() {
            wrong.push(FieldError::new("every", "choice-unknown").with("text", &self.every));
        }
        let first_on = read_day("first_on", &self.first_on, wrong);
        Some(Parts::Equal(Split { total: total?, count: count?, first_on: first_on?, every: every? }))
    }

    /// What is given up; at least something is.
    fn read_waived(&self, wrong: &mut Vec<FieldError>) -> Option<Vec<(Head, Fen)>> {
        let before = wrong.len();
        let mut found = Vec::new();
        for (head, field) in WAIVED {
            let typed = self.waived(head);
            if !typed.trim().is_empty()
                && let Some(amount) = read_amount(field, typed, wrong)
            {
                found.push((head, amount));
            }
        }
        if found.is_empty() && wrong.len() == before {
            wrong.push(FieldError::new(WAIVED[0].1, "agreement-nothing-waived"));
        }
        (wrong.len() == before).then_some(found)
    }

    fn restructuring(&self, reason: &str, wrong: &mut Vec<FieldError>) -> Option<Restructuring> {
        let method = METHODS.iter().find(|(name, _)| *name == self.method).map(|(_, method)| *method);
        if method.is_none() {
            wrong.push(FieldError::new("method", "choice-unknown").with("text", &self.method));
        }
        let periods = self.periods.trim().parse::<u32>().ok().filter(|periods| *periods > 0);
        if periods.is_none() {
            wrong.push(FieldError::new("periods", "periods-unreadable").with("text", &self.periods));
        }
        let unpaid = UNPAID.iter().find(|(name, _)| *name == self.unpaid).map(|(_, capitalise)| *capitalise);
        if unpaid.is_none() {
            wrong.push(FieldError::new("unpaid", "choice-unknown").with("text", &self.unpaid));
        }
        let first_due_on = match self.first_due_on.trim() {
            "" => None,
            text => read_day("first_due_on", text, wrong),
        };
        let rate: Option<Rate> = read_rate(&self.rate, wrong);
        let reason = reason.to_owned();
        Some(Restructuring { method: method?, periods: periods?, first_due_on, rate, capitalise: unpaid?, reason })
    }

    /// The fields of the kind, in the order of a negotiation: what is given up, what is paid when, how, why.
    pub(super) fn fields(&self, ui: &Ui, loans: Vec<Choice>, signers: Vec<Choice>, heads: &[Head]) -> Vec<Field> {
        let kind = self.chosen();
        let several = loans.len() > 1;
        let mut fields =
            vec![Field::new("loan", ui.t("loan-number"), Input::Select(loans)).value(&self.loan).required()];
        if several {
            let hint = ui.t("agreement-others-hint");
            fields.push(Field::new("others", ui.t("agreement-others"), Input::Check).value(&self.others).hint(hint));
        }
        if !signers.is_empty() {
            let own = Choice::new("", ui.t("agreement-signer-own"));
            let choices = std::iter::once(own).chain(signers).collect();
            let hint = ui.t("agreement-signer-hint");
            fields.push(
                Field::new("signer", ui.t("agreement-signer"), Input::Select(choices)).value(&self.signer).hint(hint),
            );
        }
        if kind.waives() {
            let kept = WAIVED.into_iter().filter(|(head, _)| heads.contains(head));
            fields.extend(kept.map(|(head, name)| {
                let label = ui.t(format!("agreement-{}", name.replace('_', "-")));
                Field::new(name, label, Input::Number).value(self.waived(head))
            }));
        }
        fields.extend(match kind {
            AgreementKind::Instalments | AgreementKind::Reduction => self.part_fields(ui),
            AgreementKind::Settlement => vec![
                Field::new("pay_on", ui.t("agreement-pay-on"), Input::Date)
                    .value(&self.pay_on)
                    .required()
                    .hint(ui.t("agreement-pay-on-hint")),
                self.stated_field(ui, "agreement-stated-before"),
            ],
            AgreementKind::Extension => self.extension_fields(ui),
            AgreementKind::Restructuring => self.restructuring_fields(ui),
        });
        let ways = Way::ALL.map(|way| Choice::new(way.as_str(), ui.t(format!("agreement-way-{}", way.as_str()))));
        fields.push(Field::new("way", ui.t("agreement-way"), Input::Radio(ways.to_vec())).value(&self.way).required());
        fields.push(Field::new("reason", ui.t("agreement-reason"), Input::Area).value(&self.reason).required());
        fields
    }

    fn part_fields(&self, ui: &Ui) -> Vec<Field> {
        let every = Every::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("agreement-every-{}", one.as_str()))));
        vec![
            Field::new("total", ui.t("agreement-total"), Input::Number)
                .value(&self.total)
                .hint(ui.t("agreement-total-hint")),
            Field::new("count", ui.t("agreement-count"), Input::Number).value(&self.count),
            Field::new("first_on", ui.t("agreement-first-on"), Input::Date).value(&self.first_on),
            Field::new("every", ui.t("agreement-every"), Input::Select(every.to_vec())).value(&self.every),
            self.stated_field(ui, "agreement-stated"),
        ]
    }

    fn stated_field(&self, ui: &Ui, label: &'static str) -> Field {
        let hint = ui.t(format!("{label}-hint"));
        Field::new("payments", ui.t(label), Input::Area).value(&self.payments).hint(hint)
    }

    fn extension_fields(&self, ui: &Ui) -> Vec<Field> {
        let scopes = SCOPES.map(|(name, _)| Choice::new(name, ui.t(format!("extension-scope-{name}"))));
        vec![
            Field::new("until", ui.t("extension-until"), Input::Date).value(&self.until).required(),
            Field::new("scope", ui.t("extension-scope"), Input::Radio(scopes.to_vec())).value(&self.scope).required(),
            self.rate_field(ui),
        ]
    }

    fn restructuring_fields(&self, ui: &Ui) -> Vec<Field> {
        let methods = METHODS.map(|(name, _)| Choice::new(name, ui.t(format!("method-{name}"))));
        let unpaid = UNPAID.map(|(name, _)| Choice::new(name, ui.t(format!("restructuring-unpaid-{name}"))));
        vec![
            Field::new("method", ui.t("restructuring-method"), Input::Select(methods.to_vec()))
                .value(&self.method)
                .required(),
            Field::new("periods", ui.t("restructuring-periods"), Input::Number).value(&self.periods).required(),
            Field::new("first_due_on", ui.t("restructuring-first-due-on"), Input::Date)
                .value(&self.first_due_on)
                .hint(ui.t("restructuring-first-due-hint")),
            self.rate_field(ui),
            Field::new("unpaid", ui.t("restructuring-unpaid"), Input::Radio(unpaid.to_vec()))
                .value(&self.unpaid)
                .required(),
        ]
    }

    fn rate_field(&self, ui: &Ui) -> Field {
        Field::new("rate", ui.t("extension-rate"), Input::Number).value(&self.rate).hint(ui.t("agreement-rate-hint"))
    }
}

/// The kinds as tabs.
pub(super) fn kind_tabs(ui: &Ui, address: &str, chosen: AgreementKind, loan: &str) -> Vec<platform::page::Tab> {
    AgreementKind::ALL
        .map(|kind| platform::page::Tab {
            text: kind_word(ui, kind),
            href: format!("{address}?kind={}&loan={loan}", kind.as_str()),
            active: kind == chosen,
            ..platform::page::Tab::default()
        })
        .to_vec()
}

/// The field that a refusal of the loan's own changes is about, where it is about one.
pub(super) fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "extension-not-later" | "extension-beyond-limit" => Some("until"),
        "first-due-not-later" => Some("first_due_on"),
        "rate-above-cap" | "terms.rate-out-of-range" => Some("rate"),
        "terms.too-many-periods" => Some("periods"),
        _ => None,
    }
}

fn read_day(field: &'static str, text: &str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let on = text.trim().parse().ok();
    if on.is_none() {
        wrong.push(FieldError::new(field, "date-unreadable").with("text", text));
    }
    on
}

fn read_amount(field: &'static str, text: &str, wrong: &mut Vec<FieldError>) -> Option<Fen> {
    match text.trim().parse::<Fen>() {
        Ok(amount) if amount.is_positive() => Some(amount),
        Ok(amount) => {
            wrong.push(FieldError::new(field, "amount-not-positive").with("amount", amount));
            None
        }
        Err(_) => {
            wrong.push(FieldError::new(field, "amount-unreadable").with("text", text));
            None
        }
    }
}
