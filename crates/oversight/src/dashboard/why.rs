//! The answer to "why" of a figure of the dashboard (指标推导): facts, rule, article, arithmetic.

use finance::Fen;
use platform::page::{Derivation, FactLine, Html, RuleLine, StepLine, Ui};

use super::model::{Overview, Part};
use super::rules;
use super::tiles::Links;
use crate::grade::{By, Grades};
use crate::grid::percent;
use crate::rows::pages::{as_of_text, step_name};

/// The figures that can be asked about.
pub(super) const FIGURES: [&str; 5] = ["book", "overdue-rate", "npl-ratio", "collected", "new-overdue"];

/// The derivation of a figure; `None` when there is no such figure.
pub(super) fn derivation(
    ui: &Ui,
    figure: &str,
    it: &Overview,
    grades: &Grades,
    links: &Links<'_>,
) -> Option<Derivation> {
    let asker = Asker { ui, it, grades, links };
    let derivation = match figure {
        "book" => asker.book(),
        "overdue-rate" => asker.overdue_rate(),
        "npl-ratio" => asker.npl_ratio(),
        "collected" => asker.collected(),
        "new-overdue" => asker.new_overdue(),
        _ => return None,
    };
    Some(Derivation {
        title: ui.t1("why-title", "what", ui.t(format!("why-{figure}"))),
        subtitle: as_of_text(ui, links.at),
        ..derivation
    })
}

struct Asker<'a> {
    ui: &'a Ui,
    it: &'a Overview,
    grades: &'a Grades,
    links: &'a Links<'a>,
}

impl Asker<'_> {
    fn book(&self) -> Derivation {
        let whole = self.it.book.whole();
        let steps = self.grades.steps_with(By::Class, self.it.book.ids(By::Class));
        Derivation {
            figure: self.ui.money(whole.principal),
            figure_note: self.loans(whole),
            facts: steps
                .iter()
                .map(|step| {
                    self.part(step_name(self.ui, step), self.it.book.step(By::Class, &step.id), &[("class", &step.id)])
                })
                .collect(),
            rules: vec![self.rule(rules::BOOK, "why-book-rule")],
            result: Some((self.ui.t("why-book"), self.ui.yuan(whole.principal))),
            ..Derivation::default()
        }
    }

    /// Overdue principal of the open book (rule `dashboard.overdue-rate`).
    fn overdue_rate(&self) -> Derivation {
        let overdue = self.it.book.overdue();
        let fact = self.part(self.ui.t("why-overdue-part"), overdue, &[("overdue", "yes")]);
        self.share(rules::OVERDUE_RATE, "why-overdue-rule", overdue, vec![fact])
    }

    /// S5.4-05: (次级 + 可疑 + 损失) ÷ 全部贷款; which classes count, and by which article, the policy says.
    fn npl_ratio(&self) -> Derivation {
        let Some(npl) = &self.grades.npl else {
            return Derivation {
                figure: self.ui.dash(),
                figure_note: self.ui.t("why-npl-no-rule"),
                ..Derivation::default()
            };
        };
        let name = |id: &String| {
            let step = self.grades.classes.iter().find(|step| step.id == *id);
            step.map_or_else(|| id.clone(), |step| step_name(self.ui, step))
        };
        let facts =
            npl.classes.iter().map(|id| self.part(name(id), self.it.book.step(By::Class, id), &[("class", id)]));
        let part = rules::non_performing(&self.it.book, &npl.classes);
        let mut derivation = self.share(rules::NPL_RATIO, "why-npl-rule", part, facts.collect());
        let english = self.ui.lang() == platform::locale::Lang::En;
        let articles = npl.articles.iter().map(|(_, title)| (String::new(), title.in_language(english).to_owned()));
        derivation.rules.push(RuleLine {
            text: self.ui.t("why-npl-classes"),
            value: npl.classes.iter().map(name).collect::<Vec<_>>().join(&self.ui.t("list-comma")),
            id: npl.rule.clone(),
            articles: articles.collect(),
        });
        derivation.pack.clone_from(&npl.pack);
        derivation
    }

    fn collected(&self) -> Derivation {
        let month = self.it.collected.last();
        let (count, sum) = month.map_or((0, Fen::ZERO), |point| (point.count, point.sum));
        let first = self.links.at.as_of.first_of_month();
        Derivation {
            figure: self.ui.money(sum),
            figure_note: self.ui.t1("count-items", "count", self.ui.count(count)),
            facts: vec![FactLine {
                text: self.ui.t2("why-collected-fact", "from", first, "to", self.links.at.as_of),
                value: self.ui.yuan(sum),
                href: self.links.days("collected", first, self.links.at.as_of),
            }],
            rules: vec![self.rule(rules::COLLECTED, "why-collected-rule")],
            result: Some((self.ui.t("why-collected"), self.ui.yuan(sum))),
            ..Derivation::default()
        }
    }

    fn new_overdue(&self) -> Derivation {
        let (monday, _) = rules::week(self.links.at.as_of);
        let days: Vec<_> = self.it.became_overdue.iter().filter(|point| point.on >= monday).collect();
        let loans = days.iter().map(|point| point.count).fold(0, i64::saturating_add);
        let fact = |point: &&super::model::Point| FactLine {
            text: point.on.to_string(),
            value: self.ui.t1("count-loans", "count", self.ui.count(point.count)),
            href: self.links.days("new-overdue", point.on, point.on),
        };
        Derivation {
            figure: Html::of_text(self.ui.count(loans)),
            figure_note: self.ui.t("dashboard-new-overdue-week"),
            facts: days.iter().map(fact).collect(),
            rules: vec![self.rule(rules::BECAME_OVERDUE, "why-new-overdue-rule")],
            result: Some((self.ui.t("dashboard-new-overdue-week"), self.ui.count(loans))),
            ..Derivation::default()
        }
    }

    /// A share of the whole book with its division shown to nine places.
    fn share(&self, rule: &str, text: &str, part: Part, mut facts: Vec<FactLine>) -> Derivation {
        let ui = self.ui;
        let whole = self.it.book.whole();
        facts.push(self.part(ui.t("why-book"), whole, &[]));
        let share = rules::share(part.principal, whole.principal);
        let exact =
            share.map_or_else(|| "—".to_owned(), |e9| format!("{}.{:09}", e9 / 1_000_000_000, e9 % 1_000_000_000));
        let rounded = share.map_or_else(|| "—".to_owned(), |e9| format!("{}%", percent(e9)));
        Derivation {
            figure: Html::of_text(&rounded),
            figure_note: self.loans(part),
            facts,
            rules: vec![self.rule(rule, text)],
            steps: vec![StepLine {
                text: ui.t("why-share-step"),
                product: format!("{} ÷ {} = {exact}", ui.yuan(part.principal), ui.yuan(whole.principal)),
                value: exact.clone(),
            }],
            result: Some((ui.t("why-share-result"), rounded)),
            ..Derivation::default()
        }
    }

    fn part(&self, text: String, part: Part, filters: &[(&str, &str)]) -> FactLine {
        FactLine {
            text: format!("{text} · {}", self.loans(part)),
            value: self.ui.yuan(part.principal),
            href: self.links.book(filters),
        }
    }

    fn loans(&self, part: Part) -> String {
        self.ui.t1("count-loans", "count", self.ui.count(part.loans))
    }

    fn rule(&self, id: &str, text: &str) -> RuleLine {
        RuleLine { text: self.ui.t(text), id: id.to_owned(), ..RuleLine::default() }
    }
}
