//! The steps of quality (分档与分类) as the policy in force names them: buckets, classes, which are non-performing.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies;
use platform::work::Work;
use policy::{Evaluation, FactType, Pack, Title, Value};

/// One step of a scale (档): its id in data and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id in data.
    pub id: String,
    /// What people call it.
    pub title: Title,
}

/// By which scale a book is cut (分组口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// 逾期账龄.
    Bucket,
    /// 五级分类.
    Class,
}

impl By {
    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::Class => "class",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Bucket, Self::Class].into_iter().find(|by| by.as_str() == text)
    }
}

/// What the policy says of a class (不良认定).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonPerforming {
    /// The classes that count, best first.
    pub classes: Vec<String>,
    /// The rule.
    pub rule: String,
    /// The articles: id and title.
    pub articles: Vec<(String, Title)>,
    /// The pack with its version.
    pub pack: String,
}

/// The scales of a date (分档与分类表).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grades {
    /// Overdue buckets, from current on.
    pub buckets: Vec<Step>,
    /// Classes, best first.
    pub classes: Vec<Step>,
    /// Which classes are non-performing; `None` before any rule says so: the ratio is then not computed.
    pub npl: Option<NonPerforming>,
}

impl Grades {
    /// The scales of a pack on a date.
    #[must_use]
    pub fn of(pack: &Pack, on: Date) -> Self {
        let classes = scale(pack, "asset_class");
        Self { buckets: scale(pack, "bucket"), npl: non_performing(pack, &classes, on), classes }
    }

    /// The steps of a scale.
    #[must_use]
    pub fn steps(&self, by: By) -> &[Step] {
        match by {
            By::Bucket => &self.buckets,
            By::Class => &self.classes,
        }
    }

    /// The steps of a scale, and after them what the book holds besides (imported classes, an older policy's).
    #[must_use]
    pub fn steps_with<'a>(&self, by: By, found: impl Iterator<Item = &'a str>) -> Vec<Step> {
        let mut steps = self.steps(by).to_vec();
        let mut others: Vec<&str> = found.filter(|id| !steps.iter().any(|step| step.id == *id)).collect();
        others.sort_unstable();
        others.dedup();
        steps.extend(others.into_iter().map(|id| Step { id: id.to_owned(), title: Title::default() }));
        steps
    }
}

/// The values of an output in their order, wherever a table of the pack decides it.
fn scale(pack: &Pack, output: &str) -> Vec<Step> {
    let outputs = pack.tables().flat_map(|(_, table)| &table.outputs);
    let mut scales = outputs.filter(|o| o.name == output).filter_map(|o| match &o.kind {
        FactType::OneOf { values, .. } => Some(values.clone()),
        FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean => None,
    });
    let title = |id: &str| pack.outcome(output, id).map_or_else(|| Title::new(id, id), |known| known.title.clone());
    let ids = scales.next().unwrap_or_default();
    ids.into_iter().map(|id| Step { title: title(&id), id }).collect()
}

/// Asks the policy class by class (rule `dashboard.npl-ratio`, S5.4-05): the code knows no class.
fn non_performing(pack: &Pack, classes: &[Step], on: Date) -> Option<NonPerforming> {
    let edition = pack.on(on);
    let mut worst: Option<Evaluation> = None;
    let mut found = Vec::new();
    for class in classes {
        let facts = BTreeMap::from([("asset_class".to_owned(), Value::Text(class.id.clone()))]);
        let evaluation = edition.decide("npl", &facts).ok()?;
        if evaluation.text("npl") == Some("yes") {
            found.push(class.id.clone());
            worst = Some(evaluation);
        }
    }
    let evaluation = worst?;
    let title = |id: &String| pack.article(id).map_or_else(|| Title::new(id.as_str(), ""), |a| a.title.clone());
    Some(NonPerforming {
        classes: found,
        rule: evaluation.rule.clone(),
        articles: evaluation.articles.iter().map(|id| (id.clone(), title(id))).collect(),
        pack: format!(
            "{} {} · {}",
            evaluation.version.pack,
            evaluation.version.version,
            short(&evaluation.version.digest)
        ),
    })
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// The scales of the policy in force on a date; empty scales where none is in force yet.
///
/// # Errors
/// The store's, and a pack that no longer loads.
pub async fn in_force(work: &mut Work, on: Date) -> Result<Grades, ActionError> {
    if policies::store::version_on(&mut work.tx, on).await?.is_none() {
        return Ok(Grades::default());
    }
    Ok(Grades::of(policies::in_force(work, on).await?.pack(), on))
}
