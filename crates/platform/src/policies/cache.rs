//! Compiled rules in memory (制度缓存), by the key of their version: a version's content never changes.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use policy::{Edition, FactDictionary, Pack, Problem};

use super::{PolicyError, store};
use crate::capability::Capability;
use crate::error::ActionError;
use crate::work::Work;

/// The rules of one version, compiled (现行制度).
#[derive(Debug)]
pub struct InForce {
    /// The key of the version.
    pub version: i64,
    pack: Pack,
}

impl InForce {
    /// The rules of a date.
    #[must_use]
    pub fn edition(&self, on: Date) -> &Edition {
        self.pack.on(on)
    }

    /// The whole pack.
    #[must_use]
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// Pack and version, as people name it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.pack.id(), self.pack.version().version)
    }

    /// The title of an article in a language; its id when the pack has none.
    #[must_use]
    pub fn article_title(&self, id: &str, english: bool) -> String {
        self.pack.article(id).map_or_else(|| id.to_owned(), |article| article.title.in_language(english).to_owned())
    }
}

/// A draft as the check found it: its rules, or its problems.
pub(super) type Found = (Option<Arc<Pack>>, Vec<Problem>);

/// Drafts kept at a time: those that people work on now.
const DRAFTS: usize = 8;

/// What is compiled already.
#[derive(Debug, Default)]
pub struct Cache {
    versions: Mutex<HashMap<i64, Arc<InForce>>>,
    /// Drafts by the digest of their texts, the latest last.
    drafts: Mutex<Vec<(String, Found)>>,
}

impl Cache {
    /// What the check found of a draft with these texts.
    pub(super) fn draft(&self, name: &str) -> Option<Found> {
        let drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.iter().find(|(known, _)| known == name).map(|(_, found)| found.clone())
    }

    /// Keeps what the check found; the oldest falls out.
    pub(super) fn keep_draft(&self, name: String, found: Found) {
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        if drafts.len() >= DRAFTS {
            drafts.remove(0);
        }
        drafts.push((name, found));
    }

    fn get(&self, version: i64) -> Option<Arc<InForce>> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner).get(&version).cloned()
    }

    fn keep(&self, rules: &Arc<InForce>) {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner).insert(rules.version, Arc::clone(rules));
    }
}

/// The rules in force on a date.
///
/// # Errors
/// [`PolicyError::NoneInForce`], [`PolicyError::Broken`]; the store's.
pub async fn in_force(work: &mut Work, on: Date) -> Result<Arc<InForce>, ActionError> {
    let version = store::version_on(&mut work.tx, on).await?.ok_or(PolicyError::NoneInForce { on })?;
    of_version(work, version).await
}

/// The rules in force today; none before any were agreed to. For pages that may be opened before the set-up.
///
/// # Errors
/// The store's.
pub async fn ruling(work: &mut Work) -> Result<Option<Arc<InForce>>, ActionError> {
    let today = work.business_date;
    match in_force(work, today).await {
        Ok(rules) => Ok(Some(rules)),
        Err(ActionError::Refused(_)) => Ok(None),
        Err(broken) => Err(broken),
    }
}

/// The rules of every day, by the first day of each (制度时间线): every version approved so far, those to come
/// included, and within a version every date on which some rule changes. The first also stands for all days before it.
///
/// # Errors
/// [`PolicyError::Broken`]; the store's.
pub async fn timeline(work: &mut Work) -> Result<Vec<(Date, Arc<InForce>)>, ActionError> {
    let spans = store::approved_spans(&mut work.tx).await?;
    let mut rules = Vec::with_capacity(spans.len());
    for span in &spans {
        rules.push(of_version(work, span.id).await?);
    }
    let mut days: BTreeSet<Date> = BTreeSet::new();
    for (span, rules) in spans.iter().zip(&rules) {
        days.insert(span.from);
        days.extend(span.to.and_then(|to| to.tomorrow().ok()));
        days.extend(rules.pack.change_dates().filter(|on| span.covers(*on)));
    }
    let ruling = |on: Date| {
        let covering = spans.iter().zip(&rules).filter(|(span, _)| span.covers(on));
        covering.max_by_key(|(span, _)| (span.from, span.id)).map(|(_, rules)| (on, Arc::clone(rules)))
    };
    Ok(days.into_iter().filter_map(ruling).collect())
}

/// The rules of one version, compiled.
pub(super) async fn of_version(work: &mut Work, version: i64) -> Result<Arc<InForce>, ActionError> {
    if let Some(kept) = work.app.policies.get(version) {
        return Ok(kept);
    }
    let row = store::version(&mut work.tx, version).await?.ok_or(PolicyError::Unknown)?;
    let files = store::files(&mut work.tx, version).await?;
    let facts = dictionary(&work.app.capabilities)?;
    let pack = Pack::load(&files, &row.pack, &facts).map_err(|problems| PolicyError::broken(&row.pack, &problems))?;
    let rules = Arc::new(InForce { version, pack });
    work.app.policies.keep(&rules);
    Ok(rules)
}

/// What policies can look at: the facts of all capabilities.
///
/// # Errors
/// [`PolicyError::Facts`] when a list cannot be read or two capabilities disagree on a fact.
pub fn dictionary(capabilities: &[Arc<dyn Capability>]) -> Result<FactDictionary, PolicyError> {
    let mut all = FactDictionary::new();
    for capability in capabilities {
        let text = capability.policy_facts();
        if text.is_empty() {
            continue;
        }
        let own = FactDictionary::from_csv(capability.name(), text)
            .map_err(|problems| PolicyError::broken(capability.name(), &problems))?;
        for fact in own.iter() {
            match all.get(&fact.name) {
                Some(known) if known == fact => {}
                Some(_) | None => all.add(fact.clone()).map_err(PolicyError::Facts)?,
            }
        }
    }
    Ok(all)
}
