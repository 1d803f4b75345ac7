//! Law outranks the institution: what a pack may and may not put in the place of the law layer's parameters.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::layer::{Layer, PackKind};
use crate::parameter::Parameter;
use crate::problem::{Problem, ProblemKind};

/// The parameters in force on a date, each from the highest layer that has it; every one that is looser than the
/// law, or overrides what the law fixes, is a problem.
///
/// Rule `policy.only_tighten`: a pack may be stricter than the law layer, never looser; without a direction it may not
/// speak of the parameter at all.
pub(crate) fn parameters<'a>(
    layers: &'a [Layer],
    institution: &str,
    on: Date,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'a str, &'a Parameter> {
    let mut in_force: BTreeMap<&str, &Parameter> = BTreeMap::new();
    let mut law: BTreeMap<&str, &Parameter> = BTreeMap::new();
    for layer in layers {
        for parameter in layer.parameters.iter().filter(|parameter| parameter.applies(institution, on)) {
            if layer.manifest.kind == PackKind::Law {
                law.insert(&parameter.name, parameter);
            } else if let Some(law) = law.get(parameter.name.as_str()) {
                refuse_looser(parameter, law, on, problems);
            }
            in_force.insert(&parameter.name, parameter);
        }
    }
    in_force
}

fn refuse_looser(own: &Parameter, law: &Parameter, on: Date, problems: &mut Vec<Problem>) {
    let Some(direction) = law.direction else {
        let kind = ProblemKind::NotOverridable {
            name: own.name.clone(),
            value: own.value.to_text(),
            law: law.value.to_text(),
            article: law.article.clone(),
        };
        problems.push(Problem::new(own.place.clone(), kind));
        return;
    };
    // The same number of another unit is another value: 90 months are not stricter than 91 days.
    if own.kind != law.kind {
        let kind = ProblemKind::WrongType { expected: format!("{:?}", law.kind), found: format!("{:?}", own.kind) };
        problems.push(Problem::new(own.place.clone(), kind));
        return;
    }
    if !direction.allows(&own.value, &law.value) {
        let kind = ProblemKind::LooserThanLaw {
            name: own.name.clone(),
            value: own.value.to_text(),
            law: law.value.to_text(),
            direction: direction.name().to_owned(),
            article: law.article.clone(),
            on: on.to_string(),
        };
        problems.push(Problem::new(own.place.clone(), kind));
    }
}
