//! Why a loan owes what it owes (为什么): facts, rules and arithmetic of any figure, from the engine's own steps.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use finance::{Debt, DerivationLine, Fen, Head, InstalmentPosition, Target};
use platform::error::{ActionError, RefusalKind, Refused};
use platform::locale::Lang;
use platform::page::{Articles, Derivation, FactLine, Html, Page, RuleLine, StepLine, Tone, Ui};
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::pages::{Asked, Looked, look};
use super::provision;
use super::view::{Figures, target_message};
use crate::ledger::pages::class_of;

/// The line of the drawer about the legal ceiling.
type Ceiling = (Tone, String, Articles);

/// The question that an address asks (问题).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Everything overdue.
    Overdue,
    /// The principal still owed.
    Principal,
    /// Penalty and compound interest of all instalments, or of one.
    Penalty(Option<u32>),
    /// Interest of one instalment.
    Interest(u32),
    /// The class.
    Class,
    /// The special provision.
    Provision,
}

impl Question {
    /// Reads `overdue`, `principal`, `penalty`, `penalty-7`, `interest-7`, `class`, `provision`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('-') {
            None => match text {
                "overdue" => Some(Self::Overdue),
                "principal" => Some(Self::Principal),
                "penalty" => Some(Self::Penalty(None)),
                "class" => Some(Self::Class),
                "provision" => Some(Self::Provision),
                _ => None,
            },
            Some(("penalty", no)) => no.parse().ok().map(|no| Self::Penalty(Some(no))),
            Some(("interest", no)) => no.parse().ok().map(Self::Interest),
            Some(_) => None,
        }
    }
}

/// The derivation as a fragment for the drawer, or as a page without scripts.
pub async fn show(
    visit: Visit,
    Path((id, what)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &asked).await?;
    let question = Question::parse(&what)
        .ok_or_else(|| ActionError::from(Refused::new(RefusalKind::NotFound, "no-such-figure").with("what", &what)))?;
    let (derivation, _) = answer(&mut work, &ui, &looked, question).await?;
    let html = ui.derivation(&derivation);
    if visit.request.fragment() {
        return Ok(axum::response::Html(html.to_string()).into_response());
    }
    let page = Page::new(looked.file.loan.number.clone(), "loans").drawer(html);
    visit.page_of(&page, &Html::new())
}

/// Answers a question about a loan with the engine's derivation, for the drawer and line by line for print.
pub async fn answer(
    work: &mut Work,
    ui: &Ui,
    looked: &Looked,
    question: Question,
) -> Result<(Derivation, Vec<DerivationLine>), ActionError> {
    let policy = policies::in_force(work, looked.as_of).await?;
    let pack = pack_line(ui, &policy);
    if question == Question::Class {
        return Ok((class(ui, looked, &policy, pack)?, Vec::new()));
    }
    if question == Question::Provision {
        return Ok((provision::derivation(ui, looked, &policy, pack)?, Vec::new()));
    }
    let mut facts = looked.file.facts(looked.known_at);
    facts.retain(|fact| fact.on <= looked.as_of);
    let (_, lines) = finance::explain_replay(&looked.file.terms, &looked.engine.context(), &facts, looked.as_of)
        .map_err(crate::error::ServicingError::from)?;
    let chosen: Vec<&DerivationLine> = lines.iter().filter(|line| concerns(question, looked, line)).collect();
    let (title, amount) = title(ui, looked, question);
    let ceiling = ceiling(ui, looked, &policy)?;
    let id = looked.file.loan.key.loan;
    let query = looked.query(ui.business_date);
    let joint = if query.is_empty() { "?" } else { "&" };
    let derivation = Derivation {
        title,
        subtitle: subtitle(ui, looked),
        figure: ui.money(amount),
        figure_note: ui.t("yuan"),
        facts: fact_lines(ui, looked, question),
        rules: rule_lines(ui, &chosen),
        missed: Vec::new(),
        steps: steps_with_rest(ui, looked, question, &chosen, amount),
        result: Some((ui.t("why-result"), ui.yuan(amount))),
        ceiling,
        pack,
        print: Some(format!("/loans/{id}/derivation.pdf{query}{joint}tab={}", name(question))),
    };
    let lines = chosen.into_iter().cloned().collect();
    Ok((derivation, lines))
}

/// What the loan costs a year against the cap of the day it was signed; nothing where no cap was set.
fn ceiling(ui: &Ui, looked: &Looked, policy: &policies::InForce) -> Result<Option<Ceiling>, ActionError> {
    let (terms, context) = (&looked.file.terms, looked.engine.context());
    let Some(all_in) = super::ceiling::all_in_ppm(terms, &context) else { return Ok(None) };
    let found = super::ceiling::check(policy.edition(terms.start_on), all_in, &context, terms.start_on)?;
    Ok(found.map(|ceiling| {
        let (tone, _, text, articles) = crate::opening::view::ceiling_line(ui, policy, &ceiling);
        (tone, text, articles)
    }))
}

/// The question as its address calls it.
pub fn name(question: Question) -> String {
    match question {
        Question::Overdue => "overdue".to_owned(),
        Question::Principal => "principal".to_owned(),
        Question::Penalty(None) => "penalty".to_owned(),
        Question::Penalty(Some(no)) => format!("penalty-{no}"),
        Question::Interest(no) => format!("interest-{no}"),
        Question::Class => "class".to_owned(),
        Question::Provision => "provision".to_owned(),
    }
}

/// Whether a line of the engine made a part of the figure asked for.
fn concerns(question: Question, looked: &Looked, line: &DerivationLine) -> bool {
    let overdue = |no: u32| {
        looked.position.instalments.iter().any(|i| i.no == no && i.due_on < looked.as_of && i.cleared_on.is_none())
    };
    let punitive = matches!(line.head, Head::Penalty | Head::Compound);
    match question {
        Question::Overdue => overdue(line.instalment),
        Question::Principal => line.head == Head::Principal,
        Question::Penalty(None) => punitive,
        Question::Penalty(Some(no)) => punitive && line.instalment == no,
        Question::Interest(no) => line.head == Head::Interest && line.instalment == no,
        Question::Class | Question::Provision => false,
    }
}

/// The question in words, and the figure.
pub fn title(ui: &Ui, looked: &Looked, question: Question) -> (String, Fen) {
    let p = &looked.position;
    let of = |no: u32| p.instalments.iter().find(|i| i.no == no);
    match question {
        Question::Overdue => (ui.t("why-overdue"), p.overdue.total().unwrap_or_default()),
        Question::Principal => (ui.t("why-principal"), p.outstanding.principal),
        Question::Penalty(None) => {
            let sum = p.outstanding.penalty.checked_add(p.outstanding.compound).unwrap_or_default();
            (ui.t("why-penalty"), sum)
        }
        Question::Penalty(Some(no)) => {
            (ui.t1("why-penalty-of", "no", no), of(no).map_or(Fen::ZERO, |i| Figures::of(i).penalty))
        }
        Question::Interest(no) => (ui.t1("why-interest-of", "no", no), of(no).map_or(Fen::ZERO, |i| i.interest.due)),
        Question::Class => (ui.t("why-class"), Fen::ZERO),
        Question::Provision => (ui.t("why-provision"), Fen::ZERO),
    }
}

/// The arithmetic, and behind it what it leaves out, so that it foots.
fn steps_with_rest(
    ui: &Ui,
    looked: &Looked,
    question: Question,
    chosen: &[&DerivationLine],
    amount: Fen,
) -> Vec<StepLine> {
    let mut steps = step_lines(ui, chosen);
    let sum = Fen::checked_sum(chosen.iter().filter_map(|line| line.amount)).unwrap_or_default();
    for (message, rest) in rest(looked, question, sum, amount) {
        steps.push(StepLine { text: ui.t(message), product: String::new(), value: ui.yuan(rest) });
    }
    steps
}

/// What stands between the sum of the lines and the figure, each with its message: paid, waived, moved by an
/// extension, fees that no instalment bears, and what is not yet due or was paid in advance.
pub(super) fn rest(looked: &Looked, question: Question, sum: Fen, amount: Fen) -> Vec<(&'static str, Fen)> {
    let overdue = |i: &InstalmentPosition| i.due_on < looked.as_of && i.cleared_on.is_none();
    let debts: Vec<Debt> = looked
        .position
        .instalments
        .iter()
        .flat_map(|i| match question {
            Question::Overdue if overdue(i) => vec![i.principal, i.interest, i.penalty, i.compound],
            Question::Principal => vec![i.principal],
            Question::Penalty(None) => vec![i.penalty, i.compound],
            Question::Overdue
            | Question::Penalty(Some(_))
            | Question::Interest(_)
            | Question::Class
            | Question::Provision => Vec::new(),
        })
        .collect();
    let less = |of: fn(&Debt) -> Fen| Fen(debts.iter().map(|debt| of(debt).0).fold(0, i64::saturating_sub));
    let fees = match question {
        Question::Overdue => [looked.position.overdue.fee, looked.position.overdue.cost],
        Question::Principal | Question::Penalty(_) | Question::Interest(_) | Question::Class | Question::Provision => {
            [Fen::ZERO; 2]
        }
    };
    let mut all = vec![
        ("why-rest-paid", less(|debt| debt.paid)),
        ("why-rest-waived", less(|debt| debt.waived)),
        ("why-rest-moved", less(|debt| debt.moved)),
        ("why-rest-fees", Fen::checked_sum(fees).unwrap_or_default()),
    ];
    let known = Fen::checked_sum(all.iter().map(|(_, fen)| *fen).chain([sum])).unwrap_or_default();
    all.push(("why-rest-not-due", amount.checked_sub(known).unwrap_or_default()));
    all.retain(|(_, fen)| !fen.is_zero());
    all
}

pub(super) fn subtitle(ui: &Ui, looked: &Looked) -> String {
    let known = looked.known_at.map_or_else(|| ui.t("known-now"), platform::clock::civil_minute);
    ui.tn(
        "why-subtitle",
        &[("number", looked.file.loan.number.clone()), ("on", looked.as_of.to_string()), ("known", known)],
    )
}

/// The instalments that the figure is about, and what was paid on them.
fn fact_lines(ui: &Ui, looked: &Looked, question: Question) -> Vec<FactLine> {
    let id = looked.file.loan.key.loan;
    let mut facts = Vec::new();
    let about = |no: u32| match question {
        Question::Overdue | Question::Penalty(None) => {
            looked.position.instalments.iter().any(|i| i.no == no && i.due_on < looked.as_of && i.cleared_on.is_none())
        }
        Question::Penalty(Some(asked)) | Question::Interest(asked) => asked == no,
        Question::Principal | Question::Class | Question::Provision => false,
    };
    if question == Question::Principal {
        facts.push(fact(ui.t("why-fact-drawn"), ui.yuan(looked.position.disbursed), None));
    }
    for i in looked.position.instalments.iter().filter(|i| about(i.no)) {
        let figures = Figures::of(i);
        let text = ui.tn("why-fact-due", &[("no", i.no.to_string()), ("on", i.due_on.to_string())]);
        let owed = figures.principal.checked_add(figures.interest).unwrap_or_default();
        facts.push(fact(text, ui.yuan(owed), Some(format!("/loans/{id}#schedule"))));
    }
    for a in &looked.position.allocations {
        let counts = match question {
            Question::Principal => a.target == Target::Principal,
            Question::Overdue | Question::Penalty(_) | Question::Interest(_) => a.instalment.is_some_and(about),
            Question::Class | Question::Provision => false,
        };
        if counts {
            let (on, what) = (a.on.to_string(), ui.t(target_message(a.target)));
            let text = ui.tn("why-fact-paid", &[("on", on), ("what", what)]);
            facts.push(fact(text, ui.yuan(a.amount), Some(format!("/loans/{id}?tab=transactions"))));
        }
    }
    facts
}

pub(super) fn fact(text: String, value: String, href: Option<String>) -> FactLine {
    FactLine { text, value, href }
}

/// The rules of the lines, each once, in their words and with their source.
fn rule_lines(ui: &Ui, lines: &[&DerivationLine]) -> Vec<RuleLine> {
    let mut seen: Vec<&str> = Vec::new();
    let mut rules = Vec::new();
    for line in lines {
        if seen.contains(&line.rule.as_str()) {
            continue;
        }
        seen.push(&line.rule);
        if let Some(rule) = finance::rule(&line.rule) {
            let text = if ui.lang() == Lang::En { rule.en } else { rule.zh };
            rules.push(RuleLine {
                text: text.to_owned(),
                value: if line.yearly_e9 > 0 { percent(line.yearly_e9) } else { String::new() },
                id: rule.id.to_owned(),
                articles: vec![(String::new(), rule.source.to_owned())],
            });
        }
    }
    rules
}

pub(super) fn percent(yearly_e9: i64) -> String {
    format!("{}%", platform::locale::rate_percent(yearly_e9))
}

/// The arithmetic line by line, with the unrounded product.
fn step_lines(ui: &Ui, lines: &[&DerivationLine]) -> Vec<StepLine> {
    lines
        .iter()
        .map(|line| {
            let head = ui.t(head_message(line.head));
            let mut text = ui.tn(
                "why-step",
                &[
                    ("no", line.instalment.to_string()),
                    ("head", head),
                    ("from", line.from_on.to_string()),
                    ("to", line.to_on.to_string()),
                ],
            );
            if line.days > 0 {
                text.push_str(&ui.t1("why-step-days", "days", line.days));
            }
            StepLine {
                text,
                product: product(ui, line),
                value: line.amount.map_or_else(|| "↓".to_owned(), |a| ui.yuan(a)),
            }
        })
        .collect()
}

/// `25,109.88 × 18.00% × 8/360 = 100.43952`, with what was carried.
pub fn product(ui: &Ui, line: &DerivationLine) -> String {
    let carried = carried(line);
    if !bears_interest(line) {
        return format!("= {}{carried}", line.product);
    }
    format!("{} × {} × {} = {}{carried}", ui.yuan(line.balance), percent(line.yearly_e9), line.basis, line.product)
}

/// Whether a line is balance × rate × time; principal is what a sum leaves after interest.
pub(super) fn bears_interest(line: &DerivationLine) -> bool {
    line.yearly_e9 != 0 && !line.basis.starts_with("0/")
}

/// What earlier lines left, with its sign.
pub(super) fn carried(line: &DerivationLine) -> String {
    match line.carried.strip_prefix('-') {
        _ if line.carried.is_empty() => String::new(),
        Some(less) => format!(" − {less}"),
        None => format!(" + {}", line.carried),
    }
}

/// The message of a head.
pub fn head_message(head: Head) -> &'static str {
    match head {
        Head::Cost => "head-cost",
        Head::Fee => "head-fee",
        Head::Penalty => "head-penalty",
        Head::Compound => "head-compound",
        Head::Interest => "head-interest",
        Head::Principal => "head-principal",
    }
}

/// Which pack answered: name, version, fingerprint.
fn pack_line(ui: &Ui, policy: &policies::InForce) -> String {
    let pack = policy.pack();
    let version = pack.version();
    let print: String = version.digest.chars().take(8).collect();
    let title = pack.title().in_language(ui.lang() == Lang::En).to_owned();
    ui.tn("why-pack", &[("title", title), ("version", version.version.clone()), ("print", print)])
}

/// Why the class is what it is: the policy's own explanation (S5.4-02).
fn class(ui: &Ui, looked: &Looked, policy: &policies::InForce, pack: String) -> Result<Derivation, ActionError> {
    let english = ui.lang() == Lang::En;
    let days = looked.position.days_overdue;
    let case = policy::Facts::from([("overdue_days".to_owned(), policy::Value::Integer(i64::from(days)))]);
    let edition = policy.edition(looked.as_of);
    let oldest = looked.position.oldest_unpaid_due_on.map_or_else(|| "—".to_owned(), |on| on.to_string());
    let mut derivation = Derivation {
        title: ui.t("why-class"),
        subtitle: subtitle(ui, looked),
        facts: vec![
            fact(ui.t("loan-oldest-due"), oldest, None),
            fact(ui.t("loan-days"), ui.t1("terms-days", "count", days), None),
        ],
        pack,
        ..Derivation::default()
    };
    for decision in ["asset_class", "overdue_bucket"] {
        let found = match edition.decide(decision, &case) {
            Ok(found) => found,
            Err(policy::EvalError::NoRule { .. }) => continue,
            Err(broken) => return Err(ActionError::Internal(broken.to_string())),
        };
        let articles =
            found.articles.iter().map(|a| (policies::article_address(a), policy.article_title(a, english))).collect();
        let value =
            found.text(decision.trim_start_matches("overdue_")).or_else(|| found.text(decision)).unwrap_or_default();
        derivation.missed.extend(found.missed.iter().map(|row| policies::missed_text(ui, policy.pack(), row)));
        derivation.rules.push(RuleLine {
            text: ui.t(format!("why-decision-{}", decision.replace('_', "-"))),
            value: value.to_owned(),
            id: found.rule.clone(),
            articles,
        });
    }
    let judged = looked.file.judged_on(looked.as_of, looked.known_at);
    if let Some(judged) = judged.filter(|judged| looked.kept.grade.class == *judged) {
        let value = class_of(judged).map_or_else(|| judged.to_owned(), |class| ui.t(class.message()));
        let article = |id: &str| (policies::article_address(id), policy.article_title(id, english));
        derivation.rules.push(RuleLine {
            text: ui.t("why-class-judged"),
            value,
            id: "classification.stands".to_owned(),
            articles: vec![article("house.classification")],
        });
    }
    derivation.figure = class_of(&looked.kept.grade.class)
        .map_or_else(|| Html::of_text(ui.t("class-unclassified")), |class| ui.class_badge(class));
    Ok(derivation)
}
