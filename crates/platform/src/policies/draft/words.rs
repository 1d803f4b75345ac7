//! Problems in the reader's words, units and titles of articles.

use policy::{Pack, Parameter, ParameterType, Problem};

use crate::duty::pages_parts::english;
use crate::page::Ui;

/// What is wrong and what to do, without the place.
pub(super) fn problem_text(ui: &Ui, problem: &Problem) -> String {
    let fields = problem.fields();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ui.tn(format!("problem-{}", problem.code().replace('_', "-")), &fields)
}

/// The unit of a parameter's whole numbers.
pub(super) fn unit(parameter: &Parameter) -> Option<&'static str> {
    match &parameter.kind {
        ParameterType::One(policy::FactType::Integer { unit, .. }) | ParameterType::Integers(unit) => Some(unit.name()),
        ParameterType::One(_) | ParameterType::Texts => None,
    }
}

/// The article's title.
pub(super) fn article_title(pack: &Pack, id: &str, ui: &Ui) -> String {
    pack.article(id).map_or_else(|| id.to_owned(), |article| article.title.in_language(english(ui)).to_owned())
}
