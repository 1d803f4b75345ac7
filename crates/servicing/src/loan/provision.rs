//! The special provision of a loan (专项准备) by the policy's rate for its class.

use finance::{Fen, Rounding};
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Derivation, Html, RuleLine, StepLine, Ui};
use platform::policies;

use super::ceiling::percent;
use super::pages::Looked;
use super::why::{fact, subtitle};
use crate::ledger::pages::class_of;

/// What a loan asks to be set aside (专项准备).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// The balance that it is taken of.
    pub balance: Fen,
    /// The rate of its class, parts per million.
    pub rate_ppm: i64,
    /// The amount.
    pub amount: Fen,
    /// The row of the policy that answered.
    pub rule: String,
    /// Its articles.
    pub articles: Vec<String>,
}

/// The provision of a loan as it is looked at; `None` where no class or no rate is in force, or nothing is on the books.
///
/// Rule `loan.provision` (S5.4-05).
pub fn of(looked: &Looked, policy: &policies::InForce) -> Result<Option<Provision>, ActionError> {
    let balance = looked.position.outstanding.principal;
    let class = policy::Value::Text(looked.kept.grade.class.clone());
    let facts = policy::Facts::from([("asset_class".to_owned(), class)]);
    let found = match policy.edition(looked.as_of).decide("provision_rate", &facts) {
        Ok(found) => found,
        Err(policy::EvalError::NoRule { .. } | policy::EvalError::UnknownDecision { .. }) => return Ok(None),
        Err(broken) => return Err(ActionError::Internal(broken.to_string())),
    };
    let Some(rate_ppm) = found.integer("provision_ppm").filter(|_| balance.is_positive()) else { return Ok(None) };
    let amount = balance.share_ppm(rate_ppm, Rounding::HalfUp).unwrap_or_default();
    Ok(Some(Provision { balance, rate_ppm, amount, rule: found.rule.clone(), articles: found.articles.clone() }))
}

/// Why so much: class, balance, rate and the article that sets it.
pub fn derivation(
    ui: &Ui,
    looked: &Looked,
    policy: &policies::InForce,
    pack: String,
) -> Result<Derivation, ActionError> {
    let english = ui.lang() == Lang::En;
    let class =
        class_of(&looked.kept.grade.class).map_or_else(|| ui.t("class-unclassified"), |class| ui.t(class.message()));
    let mut derivation = Derivation {
        title: ui.t("why-provision"),
        subtitle: subtitle(ui, looked),
        facts: vec![
            fact(ui.t("loan-class"), class, None),
            fact(ui.t("loan-balance"), ui.yuan(looked.position.outstanding.principal), None),
        ],
        pack,
        ..Derivation::default()
    };
    let Some(provision) = of(looked, policy)? else {
        derivation.figure = Html::of_text(ui.t("provision-none"));
        return Ok(derivation);
    };
    let rate = format!("{} %", percent(provision.rate_ppm));
    derivation.rules.push(RuleLine {
        text: ui.t("provision-rate"),
        value: rate.clone(),
        id: provision.rule,
        articles: provision
            .articles
            .iter()
            .map(|id| (policies::article_address(id), policy.article_title(id, english)))
            .collect(),
    });
    let (balance, amount) = (ui.yuan(provision.balance), ui.yuan(provision.amount));
    derivation.steps.push(StepLine {
        text: ui.t("provision-step"),
        product: format!("{balance} × {rate}"),
        value: amount.clone(),
    });
    derivation.figure = ui.money(provision.amount);
    derivation.figure_note = ui.t("yuan");
    derivation.result = Some((ui.t("why-result"), amount));
    Ok(derivation)
}
